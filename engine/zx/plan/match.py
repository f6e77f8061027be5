"""Which record of the target is this record of the source? (product F06, starter rules 2.5)

The stored link and the marker are asked before anything here. Then the rungs of ``match on``, in order: one living
record that agrees on every key of a rung is certain; anything else that looks like it is a question, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from zx.catalog.schema import Catalogue, Shape
from zx.compile.program import Key
from zx.model.record import Kind, Record
from zx.model.snapshot import Snapshot
from zx.plan.paths import read_path
from zx.runtime.values import TargetRef
from zx.values.dataclass import dataclass
from zx.values.text import digits, normalised, squeezed

_DEAD = {"ARCHIVED", "GDPRREQUEST", "VOIDED", "DELETED"}


@dataclass(frozen=True, slots=True)
class Match:
    """``record`` when it is certain; else ``question`` says why a person must answer, and ``candidates`` whom it is
    about.

    Neither: there is none, a new one may be made.
    """

    record: Record | None = None
    question: str = ""
    candidates: tuple[Record, ...] = ()


def is_dead(record: Record) -> bool:
    """Archived, voided or deleted: its name or number may be taken, but nothing can be written to it."""
    status = record.values.get("ContactStatus", record.values.get("Status"))
    return status in _DEAD


@dataclass(slots=True)
class TargetIndex:
    """The records of one target kind, found by the compared form of a field. Indexes are made on first use."""

    shape: Shape
    records: Sequence[Record]
    _by_field: dict[str, dict[str, list[Record]]] = field(default_factory=dict)

    def hits(self, path: str, value: Any) -> list[Record]:
        """Records whose field agrees with ``value`` in compared form; none for a missing value."""
        wanted = compared(path, value)
        if wanted is None:
            return []
        index = self._by_field.get(path)
        if index is None:
            index = {}
            for record in self.records:
                for form in _forms(record, path):
                    index.setdefault(form, []).append(record)
            self._by_field[path] = index
        return index.get(wanted, [])

    def is_code(self, path: str) -> bool:
        """Codes and numbers are told apart by case, names are not."""
        return path in (self.shape.number_field, "Code")


class Indexes:
    """Of every kind its shape and the index of its records, each made once for a plan."""

    def __init__(self, catalogue: Catalogue, snapshot: Snapshot) -> None:
        self._catalogue = catalogue
        self._snapshot = snapshot
        self._by_kind: dict[Kind, TargetIndex] = {}

    def shape(self, kind: Kind) -> Shape:
        shape = self._catalogue.shape(kind.system, kind.name)
        if shape is None:
            raise LookupError(f"the catalogue has no {kind}")
        return shape

    def index(self, kind: Kind) -> TargetIndex:
        index = self._by_kind.get(kind)
        if index is None:
            index = TargetIndex(self.shape(kind), list(self._snapshot.records(kind)))
            self._by_kind[kind] = index
        return index


def compared(path: str, value: Any) -> str | None:
    """``value`` in the form in which keys are compared; None when it is missing."""
    if isinstance(value, TargetRef):
        return value.id
    if isinstance(value, Mapping):
        inner = next((value[name] for name in value if name.endswith("ID")), None)
        return None if inner is None else str(inner)
    if value is None or value == "":
        return None
    text = str(value)
    if path.startswith("Phones") or path in ("Phone", "Mobile"):
        return digits(text) or None
    return normalised(text) or None


def _forms(record: Record, path: str) -> set[str]:
    """The compared forms of a field. A telephone number agrees with and without its area code (a field of its own in
    Xero), and with both its codes."""
    form = compared(path, read_path(record.values, path))
    if form is None:
        return set()
    phone, _, last = path.rpartition(".")
    if last != "PhoneNumber":
        return {form}
    area = digits(str(read_path(record.values, f"{phone}.PhoneAreaCode") or ""))
    country = digits(str(read_path(record.values, f"{phone}.PhoneCountryCode") or ""))
    return {form, area + form, country + area.lstrip("0") + form}


def find_match(index: TargetIndex, rungs: Iterable[tuple[Key, ...]], kind: Any = None) -> Match:
    """The answer of the first rung that has one; then questions, weakest evidence last. ``kind``: the ``Type`` that a
    record of the target must have, where the rules state one: a bill is no sales invoice, whatever its number."""
    possible: Match | None = None
    for rung in rungs:
        full = [record for record in _agreeing(index, rung) if _is_kind(record, kind)]
        living = [record for record in full if not is_dead(record)]
        if len(living) == 1:
            differs = _case_only(index, rung, living[0])
            if differs:
                return Match(
                    question=f"it differs from {differs} only in upper and lower case", candidates=(living[0],)
                )
            return Match(record=living[0])
        if len(living) > 1:
            return Match(question=f"{len(living)} of them agree on {_names(rung)}", candidates=tuple(living))
        if full and possible is None:
            possible = Match(question="the one that agrees is archived", candidates=tuple(full))
        elif len(rung) > 1 and possible is None:
            hits = index.hits(rung[0].target, rung[0].value)
            near = [record for record in hits if not is_dead(record) and _is_kind(record, kind)]
            if near:
                others = " and ".join(key.target for key in rung[1:])
                question = f"one agrees on {rung[0].target}, but not on {others}"
                possible = Match(question=question, candidates=tuple(near))
    return possible or Match()


def _is_kind(record: Record, kind: Any) -> bool:
    return kind is None or record.values.get("Type", kind) == kind


def _agreeing(index: TargetIndex, rung: tuple[Key, ...]) -> list[Record]:
    found: list[Record] | None = None
    for key in rung:
        hits = index.hits(key.target, key.value)
        ids = {record.id for record in hits}
        found = list(hits) if found is None else [record for record in found if record.id in ids]
    return found or []


def _case_only(index: TargetIndex, rung: tuple[Key, ...], record: Record) -> str:
    for key in rung:
        if index.is_code(key.target):
            theirs = str(read_path(record.values, key.target))
            if squeezed(theirs) != squeezed(str(key.value)):
                return f'"{theirs}"'
    return ""


def _names(rung: tuple[Key, ...]) -> str:
    return " and ".join(key.target for key in rung)
