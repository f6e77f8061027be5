"""State in git beside what this machine remembers of it, so that an older tree never forgets a link (F36).

A checkout of an old branch, a revert, a restored backup or an empty clone puts a state there that is older than what
was sent. It is kept once more in the pair's private folder, with a note of which state it goes with. While the note
fits, the tracked state is taken as it is (people may edit it). When it does not, links and summaries that the tracked
state lacks, or has from before a later confirmed write, are taken from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zx.model.link import Entity, Link, SyncState
from zx.model.posting import Posting
from zx.ports.state_store import StateStore
from zx.state.memory import LinkMemory

_Links = dict[tuple[Entity, str], Link]


class RememberingStore:
    """A StateStore: ``tracked`` in the workspace beside ``memory``. ``say`` hears once that something was taken from
    memory."""

    def __init__(self, tracked: StateStore, memory: LinkMemory, say: Callable[[str], None]) -> None:
        self._tracked = tracked
        self._memory = memory
        self._say = say
        self._restored: _Links = {}
        """What the tracked state lost."""
        self._restored_postings: list[Posting] = []
        self._unknown: _Links = {}
        """What the memory lacks: it came by git, or before there was a memory."""
        self._unknown_postings: list[Posting] = []
        self._told = False

    def load(self) -> SyncState:
        """As StateStore says, with what the memory has and the tracked state has not. Writes nothing."""
        state = self._tracked.load()
        self._settled()
        if self._memory.goes_with() == (state.lineage, state.serial):
            return state
        links, postings = self._memory.recall()
        self._compare(state, links, postings)
        if not self._restored and not self._restored_postings:
            return state
        number = len(self._restored) + len(self._restored_postings)
        if not self._told:
            self._say(
                f"Note: state/ is older than what was sent from here; this machine remembers {number:,} "
                f"{'record' if number == 1 else 'records'} that it does not have. The next push writes them back."
            )
        self._told = True
        return self._joined(state)

    def agree(self) -> None:
        """Writes to either what it lacks. Only for a holder of the pair's lock, after ``load``."""
        if self._restored or self._restored_postings or self._unknown or self._unknown_postings:
            self.save({})

    def save(self, changes: Mapping[tuple[Entity, str], Link | None], postings: Sequence[Posting] = ()) -> SyncState:
        """As StateStore says; the memory afterwards, so that it never knows more than was confirmed."""
        state = self._tracked.save({**self._restored, **changes}, [*self._restored_postings, *postings])
        if self._memory.goes_with() != (state.lineage, state.serial):
            self._memory.keep(
                {**self._unknown, **changes},
                [*self._unknown_postings, *postings],
                (state.lineage, state.serial),
            )
        self._settled()
        return state

    def _settled(self) -> None:
        """Both know the same."""
        self._restored, self._restored_postings = {}, []
        self._unknown, self._unknown_postings = {}, []

    def _compare(
        self, state: SyncState, links: Mapping[Entity, Mapping[str, Link]], postings: Mapping[str, Posting]
    ) -> None:
        """What either has that the other has not; of two links of one record the later one counts."""
        for entity in sorted(state.links.keys() | links.keys()):
            here, there = state.links.get(entity, {}), links.get(entity, {})
            for source_id in sorted(here.keys() | there.keys()):
                ours, theirs = here.get(source_id), there.get(source_id)
                if theirs is not None and (ours is None or ours.generation < theirs.generation):
                    self._restored[entity, source_id] = theirs
                elif ours is not None and ours != theirs:
                    self._unknown[entity, source_id] = ours
        self._restored_postings = _missing(postings, state.postings)
        self._unknown_postings = _missing(state.postings, postings)

    def _joined(self, state: SyncState) -> SyncState:
        links = {entity: dict(known) for entity, known in state.links.items()}
        for (entity, source_id), link in self._restored.items():
            links.setdefault(entity, {})[source_id] = link
        postings = {**state.postings, **{posting.number: posting for posting in self._restored_postings}}
        return SyncState(state.lineage, state.serial, links, postings)


def _missing(known: Mapping[str, Posting], other: Mapping[str, Posting]) -> list[Posting]:
    return [posting for number, posting in sorted(known.items()) if number not in other]
