"""What a report says of its run beyond the plan: who, by which rules, when, at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from zx.model.snapshot import Organisation
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """A next step: what it does, in words, and the command as it is typed."""

    words: str
    command: str


@dataclass(frozen=True, slots=True)
class About:
    """``version`` is zx's own; ``generated_at`` an instant as ISO text, handed in so that equal runs give equal bytes.

    ``revision`` is the short git hash of the rules (None: no repository), ``dirty`` whether they differ from it.
    ``calls`` are API calls by connection: ``{"xero.books": {"needed": 4, "left_today": 812}}``; ``left_today`` is
    None where the service does not say. ``run`` is the id of a push, None for a preview. Moments of reading are the
    plan's (``Plan.read_at``).
    """

    version: str
    zoho: Organisation
    xero: Organisation
    generated_at: str
    revision: str | None = None
    dirty: bool = False
    rule_files: int = 0
    calls: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    hints: tuple[Hint, ...] = ()
    run: str | None = None
