"""``zx status``: how a sync stands, from what is on disk alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.model.snapshot import Snapshot
from zx.operations.desk import Desk
from zx.operations.offline import last_snapshot
from zx.operations.planning import Memory, memory_of
from zx.operations.reports import summary
from zx.state.journal import FileJournal
from zx.values.dataclass import dataclass
from zx.workspace.workspace import Sync


@dataclass(frozen=True, slots=True)
class Status:
    """``read_at`` by connection, empty before the first pull; ``links`` by entity; ``doubts`` are requests of earlier
    runs without an answer. ``preview`` and ``push`` are the summaries of the last of each."""

    sync: str
    zoho: str
    xero: str
    organisations: Mapping[str, str]
    read_at: Mapping[str, str]
    links: Mapping[str, int]
    doubts: tuple[str, ...]
    preview: Mapping[str, Any] | None
    push: Mapping[str, Any] | None

    @property
    def open(self) -> bool:
        """Whether something waits for a person."""
        latest = max((one for one in (self.preview, self.push) if one), key=lambda one: str(one["at"]), default=None)
        return latest is not None and bool(latest.get("open"))

    def document(self) -> dict[str, Any]:
        return {
            "sync": self.sync,
            "zoho": self.zoho,
            "xero": self.xero,
            "organisations": dict(self.organisations),
            "read_at": dict(self.read_at),
            "links": dict(self.links),
            "doubts": list(self.doubts),
            "open": self.open,
            "preview": None if self.preview is None else dict(self.preview),
            "push": None if self.push is None else dict(self.push),
        }


def status(desk: Desk, sync: Sync) -> Status:
    """Reads what earlier runs left; no network, and nothing is repaired. Raises StateDamaged, DiskError."""
    snapshot = last_snapshot(desk, sync)
    links: dict[str, int] = {}
    doubts: tuple[str, ...] = ()
    if snapshot is not None:
        memory = memory_of(desk, sync, snapshot.zoho, snapshot.xero)
        links = {str(entity): len(found) for entity, found in sorted(memory.store.load().links.items()) if found}
        doubts = _doubts(memory)
    return Status(
        sync=sync.name,
        zoho=sync.zoho.name,
        xero=sync.xero.name,
        organisations=_organisations(snapshot),
        read_at={} if snapshot is None else snapshot.read_at,
        links=links,
        doubts=doubts,
        preview=summary(desk, sync, "preview"),
        push=summary(desk, sync, "push"),
    )


def _doubts(memory: Memory) -> tuple[str, ...]:
    journal = FileJournal(memory.journal, readonly=True)
    return tuple(f"{doubt.operation} of {doubt.target_kind} for {doubt.source_id}" for doubt in journal.doubts())


def _organisations(snapshot: Snapshot | None) -> dict[str, str]:
    if snapshot is None:
        return {}
    return {one.connection: one.name for one in (snapshot.zoho, snapshot.xero)}
