"""E0502: two maps that would send one record. Their guards are made into conditions on single values and combined.

What cannot be taken apart counts as a question of its own with the answers yes and no, so two maps are only found
apart when the same question is answered differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from decimal import Decimal
from itertools import combinations, product

from zx.check import ir
from zx.check.scope import World
from zx.check.typed import TypedLet, TypedMap, TypedSummary
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind
from zx.resolve.ruleset import RuleSet
from zx.stdlib.signature import Function
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.jsontext import digest
from zx.values.money import plain

_MOST = 200
"""Alternatives looked at for one map; with more of them nothing is said."""


@dataclass(frozen=True, slots=True)
class _Literal:
    """What a guard asks of one value: ``in`` or ``out`` of ``values`` (None among them: missing), or an order."""

    key: object
    path: str
    kind: str
    values: frozenset[object]


_Way = tuple[_Literal, ...]


def report_overlaps(world: World, rules: RuleSet, maps: Iterable[TypedMap]) -> None:
    """Reports each pair of maps that may create a record of one kind from the same record."""
    sending = [made for made in maps if (not made.needed or made.alone is not None) and not _never_creates(made)]
    for first, second in combinations(sending, 2):
        if (first.source, first.target) != (second.source, second.target):
            continue
        example = _common(first, second)
        if example is None:
            continue
        shape = world.catalogue.shape(first.source.system, first.source.name)
        names = _name(rules, first.name), _name(rules, second.name)
        later, earlier = sorted(names, key=lambda name: name.span, reverse=True)
        world.reporter.error(
            "E0502",
            f"two {'maps' if shape else 'summaries'} would send the same {shape.noun if shape else first.source.name}",
            later.span,
            f"also in scope of `{earlier.text}` ({earlier.span.place})",
            note=f"for example with {' and '.join(example)}" if example else None,
            help="guards must exclude each other: an `only when` in one, its opposite in the other",
        )


def sent_from(summary: TypedSummary) -> TypedMap:
    """What a summary takes, to be compared with others: a document of its map, which goes only to summaries, or a
    record as maps send it."""
    if summary.over is None:
        return summary.member
    return replace(summary.member, source=Kind(summary.source.system, f"document of `{summary.over}`"))


def _name(rules: RuleSet, name: str) -> ast.Name:
    return rules.maps[name].node.name if name in rules.maps else rules.summaries[name].node.name


def _never_creates(made: TypedMap) -> bool:
    return any(never.verb == "create" and never.condition is None for never in made.nevers)


def _common(first: TypedMap, second: TypedMap) -> list[str] | None:
    """Values with which both maps send a record, in words; None when there are none."""
    try:
        ways = [list(_ways(made)) for made in (first, second)]
    except _TooMany:
        return None
    for one, other in product(*ways):
        answers = _Answers()
        if all(answers.add(literal) for literal in (*one, *other)):
            return answers.words()
    return None


def _ways(made: TypedMap) -> Iterator[_Way]:
    """The conditions under which ``made`` sends a record that nobody asks for, as alternatives."""
    guards = [guard for guard in made.body.guards if guard.outcome != "warn"]
    if made.alone is not None:
        guards = [*made.alone, *(guard for guard in guards if guard.outcome != "only")]
    wanted: list[tuple[ir.Node, bool]] = [(guard.condition, guard.outcome == "only") for guard in guards]
    policies = [never.condition for never in made.nevers if never.verb == "create"]
    wanted += [(condition, False) for condition in policies if condition is not None]
    reader = _Reader(made.body.lets)
    ways: list[_Way] = [()]
    for condition, holds in wanted:
        ways = _few((*way, *more) for way in ways for more in reader.read(condition, holds))
    return iter(ways)


class _TooMany(Exception):
    """There are more alternatives than are looked at."""


def _few(ways: Iterable[_Way]) -> list[_Way]:
    found: list[_Way] = []
    for way in ways:
        found.append(tuple(dict.fromkeys(way)))
        if len(found) > _MOST or len(found[-1]) > _MOST:
            raise _TooMany
    return found


class _Reader:
    """Conditions of one map as alternatives of literals."""

    def __init__(self, lets: Sequence[TypedLet]) -> None:
        self._lets = lets
        self._read: dict[tuple[int, bool], list[_Way]] = {}
        self._shapes: dict[int, str] = {}

    def read(self, node: ir.Node, holds: bool) -> list[_Way]:
        match node:
            case ir.Const():
                return [()] if (node.value is True) == holds else []
            case ir.LetRef():
                known = self._read.get((node.index, holds))
                if known is None:
                    known = self._read[node.index, holds] = self.read(self._lets[node.index].node, holds)
                return known
            case ir.Not():
                return self.read(node.operand, not holds)
            case ir.Logic():
                sides = self.read(node.left, holds), self.read(node.right, holds)
                if holds == (node.operator == "and"):
                    return _few((*one, *other) for one, other in product(*sides))
                return _few((*sides[0], *sides[1]))
            case ir.Choose():
                chosen = product(self.read(node.condition, True), self.read(node.then, holds))
                others = product(self.read(node.condition, False), self.read(node.otherwise, holds))
                return _few((*one, *other) for one, other in (*chosen, *others))
            case ir.Presence():
                return self._literal(node.operand, node.missing == holds, frozenset((None,)))
            case ir.Equal() | ir.OneOfThese():
                return self._among(node, holds)
            case ir.Compare():
                return self._order(node, holds)
        return self._literal(node, holds, frozenset((True,)))

    def _among(self, node: ir.Equal | ir.OneOfThese, holds: bool) -> list[_Way]:
        asked = node.left if isinstance(node, ir.Equal) else node.operand
        offered = (node.right,) if isinstance(node, ir.Equal) else node.values
        if isinstance(node, ir.Equal) and isinstance(asked, ir.Const):
            asked, offered = node.right, (asked,)
        values = [value.value for value in offered if isinstance(value, ir.Const)]
        if node.form == "set" or len(values) != len(offered):
            return self._literal(_positive(node), holds != node.negated, frozenset((True,)))
        return self._literal(asked, holds != node.negated, frozenset(values))

    def _order(self, node: ir.Compare, holds: bool) -> list[_Way]:
        asked, bound = node.left, node.right
        operator: str = node.operator
        if isinstance(asked, ir.Const):
            operator = _MIRRORED[operator]
            asked, bound = bound, asked
        if not isinstance(bound, ir.Const):
            return self._literal(node, holds, frozenset((True,)))
        kind = operator if holds else _OPPOSITE[operator]
        key, path = self._key(asked)
        return [(_Literal(key, path, kind, frozenset((bound.value,))),)]

    def _literal(self, node: ir.Node, holds: bool, values: frozenset[object]) -> list[_Way]:
        key, path = self._key(node)
        return [(_Literal(key, path, "in" if holds else "out", values),)]

    def _key(self, node: ir.Node) -> tuple[object, str]:
        """What tells one value from another, and the path it is read by, if it is simply read."""
        while isinstance(node, ir.LetRef):
            node = self._lets[node.index].node
        path = node.path if isinstance(node, ir.Member | ir.Follow) else ""
        return self._shape(node), path

    def _shape(self, value: object) -> object:
        """Equal for expressions that are written alike, lets put in; short however often a let is used."""
        if isinstance(value, ir.LetRef):
            if value.index not in self._shapes:
                self._shapes[value.index] = str(self._shape(self._lets[value.index].node))
            return self._shapes[value.index]
        if isinstance(value, tuple):
            return tuple(self._shape(item) for item in value)
        if isinstance(value, Function):
            return value.name
        if isinstance(value, Span):
            return None
        if isinstance(value, ir.NODES):
            parts = [str(self._shape(getattr(value, part.name))) for part in fields(value)]
            return digest([value.__class__.__name__, *parts])
        return repr(value)


_MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _positive(node: ir.Equal | ir.OneOfThese) -> ir.Node:
    if isinstance(node, ir.Equal):
        return ir.Equal(node.span, node.left, node.right, False, node.form)
    return ir.OneOfThese(node.span, node.operand, node.values, False, node.form)


@dataclass(slots=True)
class _Asked:
    """All that is asked of one value."""

    path: str
    among: frozenset[object] | None = None
    outside: set[object] = field(default_factory=set)
    orders: list[tuple[str, object]] = field(default_factory=list)

    def possible(self) -> bool:
        if self.among is not None:
            return any(self._fits(value) for value in self.among)
        if {True, False} <= self.outside:
            return False
        lower = [(bound, op == ">") for op, bound in self.orders if op in (">", ">=")]
        upper = [(bound, op == "<") for op, bound in self.orders if op in ("<", "<=")]
        for (low, above), (high, below) in product(lower, upper):
            sign = _sign(low, high)
            if sign is None or sign > 0 or (sign == 0 and (above or below)):
                return False
        return True

    def _fits(self, value: object) -> bool:
        if value in self.outside:
            return False
        for op, bound in self.orders:
            sign = _sign(value, bound)
            if sign is None or not {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]:
                return False
        return True

    def words(self) -> str:
        if self.among is not None:
            value = sorted((item for item in self.among if self._fits(item)), key=str)[0]
            return f"`{self.path}` missing" if value is None else f"`{self.path}` {_shown(value)}"
        if self.orders:
            return f"`{self.path}` {' and '.join(f'{op} {_shown(bound)}' for op, bound in dict.fromkeys(self.orders))}"
        return f"`{self.path}` present" if None in self.outside and len(self.outside) == 1 else ""


def _sign(left: object, right: object) -> int | None:
    """-1, 0 or 1; None for values without an order."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return None


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else f'"{value}"' if isinstance(value, str) else str(value)


class _Answers:
    """Literals together, by value."""

    def __init__(self) -> None:
        self._asked: dict[object, _Asked] = {}

    def add(self, literal: _Literal) -> bool:
        """Whether a record can still be as all literals say."""
        asked = self._asked.setdefault(literal.key, _Asked(literal.path))
        if literal.kind == "in":
            asked.among = literal.values if asked.among is None else asked.among & literal.values
        elif literal.kind == "out":
            asked.outside |= literal.values
        else:
            asked.outside.add(None)
            (bound,) = literal.values
            asked.orders.append((literal.kind, bound))
        return asked.possible()

    def words(self) -> list[str]:
        return [said for asked in self._asked.values() if asked.path and (said := asked.words())][:3]
