"""What a map as a whole cannot do: cancel what has no such state (E0516), match on what it never has (E0504)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from zx.check import ir
from zx.check.scope import World
from zx.check.typed import TypedLet, TypedMap, TypedMatch
from zx.diagnostics.diagnostic import Span
from zx.resolve.ruleset import MapRules
from zx.syntax import ast

_NO_CANCELLING = frozenset(
    {("xero", "Contact"), ("xero", "Item"), ("zoho", "Accounts"), ("zoho", "Contacts"), ("zoho", "Products")}
)


def report_cancelling(world: World, rules: MapRules) -> None:
    """E0516, for guards and for stops inside of values, those of tables included."""
    target = rules.node.target
    shape = world.catalogue.shape(target.system, target.name)
    if (target.system, target.name) not in _NO_CANCELLING or shape is None:
        return
    for item in rules.items:
        if isinstance(item, ast.Guard) and item.outcome == "cancel":
            places = [item.span]
        else:
            places = list(_stops(world, item, frozenset()))
        for place in places:
            world.reporter.error(
                "E0516",
                f"a {shape.noun} cannot be cancelled",
                place,
                "contacts and items have no such state",
                help="leave the record out with `skip`, or stop it with `fail`",
            )


def _stops(world: World, value: object, seen: frozenset[str]) -> Iterator[Span]:
    """Where ``cancel "…"`` can become of a value; of a table, where it is called."""
    if isinstance(value, ast.Stop) and value.outcome == "cancel":
        yield value.span
    elif isinstance(value, ast.Call) and value.name in world.rules.tables and value.name not in seen:
        table = world.rules.tables[value.name]
        if any(_stops(world, table.rows, seen | {value.name})):
            yield value.span
        yield from _stops(world, value.arguments, seen)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _stops(world, item, seen)
    elif is_dataclass(value) and not isinstance(value, Span | type):
        for part in fields(value):
            yield from _stops(world, getattr(value, part.name), seen)


def report_empty_keys(world: World, rules: MapRules, made: TypedMap) -> None:
    """E0504: every rung has a key that is missing in this sync, whatever the record."""
    creates = not any(never.verb == "create" and never.condition is None for never in made.nevers)
    if not creates or not made.matches or not all(_empty(match, made) for match in made.matches):
        return
    written = next(item for item in rules.items if isinstance(item, ast.Match))
    world.reporter.error(
        "E0504",
        f"`{made.name}` has nothing to match on in this sync: its keys are always missing",
        written.span,
        "a missing key never matches",
        help="match on a field that this sync sends",
    )


def _empty(match: TypedMatch, made: TypedMap) -> bool:
    sent = {field.target: field.node for field in made.body.fields}
    return any(_missing(sent.get(key.target) if key.node is None else key.node, made.body.lets) for key in match.keys)


def _missing(node: ir.Node | None, lets: tuple[TypedLet, ...]) -> bool:
    while isinstance(node, ir.LetRef):
        node = lets[node.index].node
    return isinstance(node, ir.Const) and node.value is None
