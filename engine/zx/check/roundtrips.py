"""W0503: a value that goes to the other system and comes back as another one, found by composing both maps.

Only a map that never creates follows the link back to the record a value came from; what a creating map takes never
came from the other side (starter-rules 2.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from zx.catalog.fieldtypes import Enum
from zx.catalog.schema import Catalogue
from zx.check import ir
from zx.check.possible import Given, Possible
from zx.check.typed import TypedField, TypedMap, TypedRules
from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.values.dataclass import dataclass

_NOTED = 3


@dataclass(frozen=True, slots=True)
class _Trip:
    """``start`` of one system becomes ``middle`` of the other, which comes back as ``end``."""

    start: str
    middle: str
    end: str
    there: tuple[Span, ...]
    back: tuple[Span, ...]


def report_round_trips(rules: TypedRules, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for there in rules.maps.values():
        for back in rules.maps.values():
            if (there.source, there.target) == (back.target, back.source) and _never_creates(back):
                yield from _of_pair(there, back, rules, catalogue)


def _never_creates(made: TypedMap) -> bool:
    return any(never.verb == "create" and never.condition is None for never in made.nevers)


def _of_pair(there: TypedMap, back: TypedMap, rules: TypedRules, catalogue: Catalogue) -> Iterator[Diagnostic]:
    shape = catalogue.shape(there.source.system, there.source.name)
    for written in back.body.fields:
        field = None if shape is None else shape.fields.get(written.target)
        if field is None or not isinstance(field.type, Enum):
            continue
        known = catalogue.enumeration(field.type.system, field.type.name)
        listed = () if known is None else known.values
        trips = [
            trip
            for sent in there.body.fields
            for value in dict.fromkeys((*listed, *_named(sent.node, written.target, rules)))
            for trip in _trips(value, sent, written, there, back, rules)
        ]
        # A value that comes back as itself on one way is not changed by another way.
        changed = [trip for trip in trips if trip.end != trip.start]
        if changed:
            yield _warning(written, changed, there, back)


def _named(root: ir.Node, field: str, rules: TypedRules) -> Iterator[str]:
    """Values that rows compare with ``field``, whether or not the picklist still offers them."""
    for node in ir.walk(root):
        if isinstance(node, ir.TableCall):
            subjects, rows = node.arguments, rules.tables[node.table].rows
        elif isinstance(node, ir.Pick):
            subjects, rows = node.subjects, node.rows
        else:
            continue
        asked = [isinstance(one, ir.Member) and one.path == field for one in subjects]
        for test in (test for row in rows for test in row.tests if asked[test.column]):
            yield from (value for value in test.values if isinstance(value, str))


def _trips(
    value: str, sent: TypedField, written: TypedField, there: TypedMap, back: TypedMap, rules: TypedRules
) -> Iterator[_Trip]:
    out = Possible({written.target: value}, there.body.lets, rules.tables)
    if _kept_out(out, there):
        return
    for middle in out.of(sent.node):
        if not _is_text(middle) or not middle.rows:
            continue
        home = Possible({sent.target: middle.value}, back.body.lets, rules.tables)
        if _kept_out(home, back):
            continue
        for end in home.of(written.node):
            if _is_text(end) and end.rows:
                yield _Trip(value, str(middle.value), str(end.value), middle.rows, end.rows)


def _is_text(given: Given) -> bool:
    return given.known and not given.stops and isinstance(given.value, str)


def _kept_out(known: Possible, made: TypedMap) -> bool:
    """Whether the guards of the map surely leave such a record out."""
    return any(
        known.verdict(guard.condition) is (guard.outcome != "only")
        for guard in made.body.guards
        if guard.outcome != "warn"
    )


def _warning(written: TypedField, trips: list[_Trip], there: TypedMap, back: TypedMap) -> Diagnostic:
    first = trips[0]
    ours, theirs = there.source.system.capitalize(), there.target.system.capitalize()
    way = f"{ours} {first.start} → {theirs} {first.middle} ({_place(first.there)})"
    also = [f"{trip.start} → {trip.middle} → {trip.end}" for trip in trips[1 : 1 + _NOTED]]
    span = written.span
    place = Span(span.file, span.line, span.column, span.line, span.column + len(written.target))
    return Diagnostic(
        "W0503",
        f'a round trip changes "{first.start}" to "{first.end}"',
        place,
        f"{way} → {ours} {first.end} ({_place(first.back)})",
        Severity.WARNING,
        note=f"also {', '.join(also)}{' …' if len(trips) > 1 + _NOTED else ''}" if also else None,
        help=f"map back only what {theirs} knows better: drop the {first.middle} row",
    )


def _place(rows: tuple[Span, ...]) -> str:
    """The innermost row, as ``common.zx:33``."""
    return rows[-1].place.rpartition("/")[2]
