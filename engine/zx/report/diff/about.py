"""What a difference says of itself beyond the records: which rules, on which data."""

from __future__ import annotations

from collections.abc import Mapping

from zx.model.snapshot import Organisation
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class RuleSide:
    """The rules of one side: ``name`` as it was asked for, ``commit`` in full (blank: not in git), the digest of their
    plan and their own."""

    name: str
    commit: str
    dirty: bool
    plan: str
    rules: str


@dataclass(frozen=True, slots=True)
class DiffAbout:
    """``redacted``: names and free text of the snapshot are pseudonyms. Moments are ISO text."""

    version: str
    sync: str
    generated_at: str
    zoho: Organisation
    xero: Organisation
    read_at: Mapping[str, str]
    snapshot: str
    redacted: bool
    old: RuleSide
    new: RuleSide
