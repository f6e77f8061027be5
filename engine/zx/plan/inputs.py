"""Everything a plan is made from, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zx.catalog.schema import Catalogue
from zx.compile.program import Program
from zx.model.decision import NO_ANSWERS, Decisions
from zx.model.link import SyncState
from zx.model.snapshot import Snapshot
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """``zoho`` and ``xero`` are full connection names (``zoho.demo``); ``now`` an instant as text; ``digest`` the
    keyed digest of a field's value, as kept in links; ``decisions`` are the answers that people gave."""

    sync: str
    zoho: str
    xero: str
    program: Program
    catalogue: Catalogue
    snapshot: Snapshot
    state: SyncState
    timezone: str
    now: str
    digest: Callable[[Any], str]
    decisions: Decisions = NO_ANSWERS

    def connection(self, system: str) -> str:
        return self.zoho if system == "zoho" else self.xero
