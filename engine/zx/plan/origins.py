"""Which records came from the other side, so that nothing is sent back to where it was made (starter rules 2.5).

Three things tell: a link, the marker that zx left on the record, and what this same plan has found out so far.
"""

from __future__ import annotations

from collections.abc import Iterator

from zx.catalog.schema import Catalogue
from zx.model.link import SyncState
from zx.model.record import Kind, Record, System
from zx.model.snapshot import Snapshot
from zx.plan.labels import label_of, noun_of
from zx.plan.names import XERO_ID
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record came from. ``kind`` and ``id`` name the record of the other side, ``id`` is None where only a
    marker tells; ``words`` say it."""

    kind: Kind | None
    id: str | None
    words: str


class Origins:
    """Answers from state and snapshot; ``found`` adds what a plan finds on its way."""

    def __init__(self, state: SyncState, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self._snapshot = snapshot
        self._catalogue = catalogue
        self._by_target: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._found: dict[tuple[Kind, str], tuple[Kind, str]] = {}
        for entity, links in state.links.items():
            for source_id, link in links.items():
                self._by_target.setdefault((entity.target, link.target_id), []).append((entity.source, source_id))

    def found(self, source: Record, target: Record) -> None:
        """``target`` turned out to be what ``source`` is on the other side, before any link says so."""
        self._found.setdefault((target.kind, target.id), (source.kind, source.id))

    def owner(self, target: Kind, id: str) -> str:
        """The words for who a target record belongs to by a link: ``Zoho account 301``; empty for nobody."""
        for kind, source_id in self._linked(target, id):
            return source_id if kind is None else f"{noun_of(self._catalogue, kind)} {self._label(kind, source_id)}"
        return ""

    def of(self, record: Record, wanted: Kind) -> Origin | None:
        """Where ``record`` came from; a record of kind ``wanted``, if there is one, before others."""
        others = list(self._linked(record.kind, record.id))
        known = self._found.get((record.kind, record.id))
        if known is not None:
            others.append(known)
        marked = record.values.get(XERO_ID) if record.kind.system == "zoho" else None
        if isinstance(marked, str) and wanted.system == "xero" and self._snapshot.get(wanted, marked) is not None:
            others.append((wanted, marked))
        others.sort(key=lambda other: other[0] != wanted)
        for kind, id in others:
            return Origin(kind, id if kind is not None else None, self._words(kind, id))
        if str(record.values.get("ContactNumber", "")).startswith("zx-") and record.kind == Kind("xero", "Contact"):
            return Origin(None, None, "it came from Zoho")
        return None

    def _linked(self, target: Kind, id: str) -> Iterator[tuple[Kind | None, str]]:
        for name, source_id in self._by_target.get((target.name, id), ()):
            yield self._kind(name, target), source_id

    def _kind(self, name: str, target: Kind) -> Kind | None:
        """The kind of a link's source: of the other system than its target; None for what rules or settings made."""
        system: System = "xero" if target.system == "zoho" else "zoho"
        return Kind(system, name) if self._catalogue.shape(system, name) is not None else None

    def _words(self, kind: Kind | None, id: str) -> str:
        if kind is None:
            return "zx made it for the rules"
        return f"it came from {noun_of(self._catalogue, kind)} {self._label(kind, id)}"

    def _label(self, kind: Kind, id: str) -> str:
        shape, record = self._catalogue.shape(kind.system, kind.name), self._snapshot.get(kind, id)
        return id if shape is None or record is None else label_of(shape, record)
