"""What the rules of a sync read and why, and how much work one record is at most: `zx check --reads` and `--cost`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zx.catalog.schema import Catalogue
from zx.check import ir
from zx.check.typed import TypedBody, TypedMap, TypedRules
from zx.compile.reads import roots
from zx.model.record import Kind
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of record that is read, and why: a reason and the place of the rule, each reason once."""

    kind: Kind
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """The most steps one record takes: in its own fields and guards, and for each row of its lists.

    A step is one operation, one cell compared or one field read; the look-up in a CSV table is one, whatever its size.
    """

    map: str
    place: str
    record: int
    lines: tuple[tuple[str, int], ...]


def wanted(rules: TypedRules, catalogue: Catalogue) -> tuple[Wanted, ...]:
    """The kinds that are read for these rules, Zoho's first, by name."""
    reasons: dict[Kind, dict[str, str]] = {}
    for made in rules.maps.values():
        place = made.span.place
        reasons.setdefault(made.source, {}).setdefault(f"sent by `{made.name}`", place)
        reasons.setdefault(made.target, {}).setdefault(
            f"written by `{made.name}`, and compared with what is there", place
        )
        for node in _all(made, rules):
            kind = _other_kind(node, catalogue)
            if kind is not None:
                how = "looked for" if isinstance(node, ir.FindOne) else f"for `{getattr(node, 'path', '')}`"
                reasons.setdefault(kind, {}).setdefault(f"{how} in `{made.name}`", node.span.place)
    ordered = sorted(reasons.items(), key=lambda item: (item[0].system != "zoho", item[0].name))
    return tuple(Wanted(kind, tuple(why.items())) for kind, why in ordered)


def _other_kind(node: ir.Node | ir.TableRow | ir.Test, catalogue: Catalogue) -> Kind | None:
    """The kind of record beside its own that evaluating ``node`` asks for."""
    asks = (isinstance(node, ir.Follow) and not node.embedded and not node.target) or isinstance(node, ir.FindOne)
    if not asks or not isinstance(node, ir.Follow | ir.FindOne) or catalogue.is_list(node.system, node.kind):
        return None
    return Kind("xero" if node.system == "xero" else "zoho", node.kind)


def _all(made: TypedMap, rules: TypedRules) -> Iterator[ir.Node | ir.TableRow | ir.Test]:
    """Every node of a map, those of its lets and tables included, tables once."""
    tables: set[str] = set()
    todo: list[ir.Node | ir.TableRow] = [node for node, _ in roots(made)]
    for body in (made.body, *(section.body for section in made.sections)):
        todo += [let.node for let in body.lets]
    while todo:
        for node in ir.walk(todo.pop()):
            yield node
            if isinstance(node, ir.TableCall) and node.table not in tables:
                tables.add(node.table)
                todo += rules.tables[node.table].rows


def costs(rules: TypedRules) -> tuple[Cost, ...]:
    """What each map costs at most, in the order of the rules."""
    count = _Steps(rules.tables)
    made = []
    for one in rules.maps.values():
        own = sum(count.of(node) for node, body in roots(one) if body is one.body)
        own += sum(count.of(let.node) for let in one.body.lets)
        lines = tuple((section.name, count.body(section.body)) for section in one.sections)
        made.append(Cost(one.name, one.span.place, own, lines))
    return tuple(made)


class _Steps:
    """Counts steps; a table counts with all its rows, since the last one may decide."""

    def __init__(self, tables: Mapping[str, ir.TableCode]) -> None:
        self._tables = tables
        self._known: dict[str, int] = {}

    def body(self, body: TypedBody) -> int:
        nodes = [*(guard.condition for guard in body.guards), *(field.node for field in body.fields)]
        return sum(self.of(node) for node in (*nodes, *(let.node for let in body.lets)))

    def of(self, node: ir.Node | ir.TableRow) -> int:
        steps = 0
        for part in ir.walk(node):
            steps += not isinstance(part, ir.Const | ir.TableRow)
            if isinstance(part, ir.TableCall):
                steps += self._table(part.table)
        return steps

    def _table(self, key: str) -> int:
        if key not in self._known:
            code = self._tables[key]
            tests = sum(len(row.tests) for row in code.rows)
            self._known[key] = 1 + tests + max((self.of(row.result) for row in code.rows), default=0)
        return self._known[key]
