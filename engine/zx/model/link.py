"""What zx remembers between runs: which record is which, and what both sides last agreed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from zx.model.record import Kind
from zx.values.dataclass import dataclass

if TYPE_CHECKING:
    from zx.model.posting import Posting


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """What links are kept for: a kind of source record sent as a kind of target record (``Invoices-Invoice``).

    Named by kinds, not by map, so that a map can be renamed without losing its links.
    """

    source: str
    target: str

    @classmethod
    def of(cls, source: Kind, target: Kind) -> Entity:
        return cls(source.name, target.name)

    def __str__(self) -> str:
        return f"{self.source}-{self.target}"


@dataclass(frozen=True, slots=True)
class Link:
    """Source record ↔ target record.

    ``generation`` grows with every confirmed write. ``base`` holds a keyed digest (16 hexadecimal digits) for each
    owned field as both sides last agreed; a field without an entry has no known base.
    """

    target_id: str
    generation: int = 1
    base: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncState:
    """All links of one pair of connections, as loaded, and the summaries by number. ``serial`` counts saved changes,
    ``lineage`` names the history."""

    lineage: str
    serial: int
    links: Mapping[Entity, Mapping[str, Link]]
    postings: Mapping[str, Posting] = field(default_factory=dict)

    def link(self, entity: Entity, source_id: str) -> Link | None:
        return self.links.get(entity, {}).get(source_id)
