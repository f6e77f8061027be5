"""Links on disk, in git."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from zx.model.link import Entity, Link, SyncState
from zx.model.posting import Posting


class StateStore(Protocol):
    def load(self) -> SyncState:
        """Raises ``StateDamaged`` naming file and line when a file cannot be read; nothing is repaired in passing."""

    def save(self, changes: Mapping[tuple[Entity, str], Link | None], postings: Sequence[Posting] = ()) -> SyncState:
        """Links set (or removed, None) and summaries set, atomically, file by file; equal content writes nothing and
        keeps the serial."""


class StateDamaged(Exception):
    """A state file that cannot be trusted. ``place`` is file and line; ``advice`` the next command."""

    def __init__(self, place: str, message: str, advice: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message
        self.advice = advice


class OtherPair(StateDamaged):
    """Sound state, but of another pair of organisations: links of one ledger are never used for another."""
