"""What was read from both systems, frozen for one plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from zx.model.record import Kind, Record
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation behind one connection.

    ``settle_s`` is how long, at most, a request may be applied after its sender gave up on it (reliability A1): 600 for
    a real service, what the sandbox states for a simulator.
    """

    connection: str
    id: str
    name: str
    base_currency: str
    timezone: str
    simulated: bool
    settle_s: float


class Snapshot(Protocol):
    """Both systems as they were read. Records come in the order of their ids, so no plan depends on arrival."""

    @property
    def digest(self) -> str:
        """Equal snapshots have equal digests, whenever and in whatever steps they were read."""

    @property
    def zoho(self) -> Organisation: ...

    @property
    def xero(self) -> Organisation: ...

    @property
    def read_at(self) -> dict[str, str]:
        """When each connection was last read: ``{"zoho.demo": "2026-03-31T04:05:06+00:00", …}``."""

    def records(self, kind: Kind) -> Iterable[Record]: ...

    def get(self, kind: Kind, id: str) -> Record | None: ...
