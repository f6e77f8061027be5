"""How often something stands in the records that were last read: what makes a finding concrete.

A census knows nothing of rules, so one count serves until the next pull.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from zx.catalog.fieldtypes import Many
from zx.catalog.schema import Catalogue
from zx.model.record import Kind, Record
from zx.runtime.support import set_key
from zx.values.dataclass import dataclass
from zx.values.money import plain

Taxes = tuple[tuple[str, str], ...]
"""A set of Zoho taxes in one order: names, each with its percentage as text."""


@dataclass(slots=True)
class Count:
    """One kind of record: how many there are, in how many of them each field has a value, and the sets of taxes that
    the lines of one list carry (their own, else those of the document) with how many lines carry each."""

    records: int = 0
    present: Counter[str] = field(default_factory=Counter)
    taxes: dict[str, Counter[Taxes]] = field(default_factory=dict)

    def missing(self, name: str) -> int:
        return self.records - self.present[name]


Census = Mapping[Kind, Count]


def count(records: Iterable[Record], kind: Kind, catalogue: Catalogue) -> Count:
    """The count of the ``records`` of one ``kind``."""
    shape = catalogue.shape(kind.system, kind.name)
    lists = [] if shape is None else [one.name for one in shape.fields.values() if isinstance(one.type, Many)]
    made = Count(taxes={name: Counter() for name in lists if kind.system == "zoho"})
    for record in records:
        made.records += 1
        made.present.update(record.values.keys())
        for name, taxes in made.taxes.items():
            for row in record.values.get(name) or ():
                carried = set_key(row.get("Line_Tax")) or set_key(_charged(record))
                if carried:
                    taxes[in_order(carried)] += 1
    return made


def _charged(record: Record) -> list[object]:
    """The taxes on the total; those of 0 % stand there for every tax the organisation has (reference/zoho 2.9)."""
    entries = record.values.get("$line_tax") or ()
    return [entry for entry in entries if not isinstance(entry, Mapping) or entry.get("percentage")]


def in_order(taxes: Iterable[tuple[object, object]]) -> Taxes:
    """A set of taxes as tables compare it, in one order."""
    return tuple(sorted((str(name), plain(rate) if isinstance(rate, Decimal) else "?") for name, rate in taxes))
