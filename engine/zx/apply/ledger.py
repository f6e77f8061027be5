"""Links of this run on their way from the journal into state."""

from __future__ import annotations

from collections.abc import Sequence

from zx.model.link import Entity, Link, SyncState
from zx.model.posting import Posting
from zx.ports.journal import Close, Intent, Journal
from zx.ports.state_store import StateStore

SAVE_EVERY = 200
"""Operations between two saves of state (reliability 1.5). In between, the journal alone holds the links."""


def entity_of(text: str) -> Entity:
    source, _, target = text.partition("-")
    return Entity(source, target)


def link_of(intent: Intent, close: Close) -> Link | None:
    """The link that ``close`` brings, None when it brings none."""
    if close.outcome not in ("done", "adopted"):
        return None
    target_id = close.target_id or intent.target_id
    return Link(target_id, intent.generation, dict(intent.base)) if target_id else None


class Ledger:
    """Collects links whose outcome is in the journal, saves them, then checkpoints: always in that order."""

    def __init__(self, store: StateStore, journal: Journal, state: SyncState) -> None:
        self._store = store
        self._journal = journal
        self.state = state
        self._pending: dict[tuple[Entity, str], Link | None] = {}
        self._noted = 0
        self._owners: dict[tuple[str, str], set[tuple[Entity, str]]] = {}
        for entity, links in state.links.items():
            for source_id, link in links.items():
                self._owners.setdefault((entity.target, link.target_id), set()).add((entity, source_id))

    def fold(self) -> int:
        """Puts ends that an earlier life did not save into state; how many there were."""
        ends = self._journal.unsaved()
        for intent, close in ends:
            if link := link_of(intent, close):
                self.set(entity_of(intent.entity), intent.source_id, link)
        if ends:
            self.flush()
        return len(ends)

    def set(self, entity: Entity, source_id: str, link: Link) -> None:
        self._pending[(entity, source_id)] = link
        self._owners.setdefault((entity.target, link.target_id), set()).add((entity, source_id))

    def reserve(self, postings: Sequence[Posting]) -> None:
        """Summaries on disk before they are sent: whom they hold and under which number is fixed from then on."""
        self.state = self._store.save({}, postings)

    def taken(self, entity: Entity, source_id: str, target_id: str) -> bool:
        """Whether the target record is linked to another source record."""
        owners = self._owners.get((entity.target, target_id), set())
        return any(owner != (entity, source_id) for owner in owners)

    def noted(self, count: int) -> bool:
        """Counts ``count`` operations; whether it is time to save."""
        self._noted += count
        return self._noted >= SAVE_EVERY

    def flush(self) -> None:
        """State on disk, then the checkpoint that says so. Raises StateDamaged, DiskError; the links stay pending."""
        if self._pending or self._noted or self._journal.unsaved():
            self.state = self._store.save(self._pending)
            self._journal.checkpoint(self.state.serial)
            self._pending = {}
            self._noted = 0
