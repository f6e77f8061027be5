"""The intent journal: what may have been sent, on disk before its first byte (reliability 1.5, 1.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Intent:
    """Durable note that a write may have been sent. Ids and digests only: no names, no amounts.

    ``operation`` is ``create``, ``update``, ``void`` or ``delete``; ``entity`` a link's entity as text; ``marker``
    the field and a value by which the target finds the record again; ``enforced`` whether the target refuses a second
    one. ``base`` and ``generation`` are those of the link once this is done.
    """

    op: str
    entity: str
    operation: str
    source_id: str
    target_id: str | None
    target_kind: str
    attempt: int
    key: str
    body_digest: str
    marker: tuple[str, str] | None
    enforced: bool
    base: Mapping[str, str]
    generation: int
    run: str
    plan: str


@dataclass(frozen=True, slots=True)
class Close:
    """The definite end of an intent: ``done``, ``adopted``, ``rejected``, ``absent`` (settled, asked, not there) or
    ``conflict``."""

    op: str
    outcome: str
    target_id: str | None = None


class Journal(Protocol):
    """Append-only. An exception from any method means: send nothing more in this process life."""

    def intend(self, intents: Sequence[Intent]) -> None:
        """On disk, synced, when it returns."""

    def close(self, closes: Sequence[Close]) -> None:
        """On disk, synced, when it returns."""

    def doubts(self) -> list[Intent]:
        """Intents without an end, oldest first."""

    def unsaved(self) -> list[tuple[Intent, Close]]:
        """Ends that no saved state holds yet, oldest first."""

    def attempts(self, entity: str, source_id: str) -> int:
        """The highest attempt noted for this record, 0 when none: the next key carries one more, so no key repeats."""

    def checkpoint(self, serial: int) -> None:
        """State with ``serial`` is on disk and holds every end so far."""
