"""What rules read: source paths for provenance, kinds of record for the snapshot, maps for the order of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from zx.catalog.schema import Catalogue
from zx.check import ir
from zx.check.typed import TypedBody, TypedMap
from zx.compile.evaluator import Read
from zx.model.record import Kind
from zx.values.dataclass import dataclass


def paths(node: ir.Node, body: TypedBody) -> tuple[Read, ...]:
    """The source paths that ``node`` reads, lets looked into, in order, each once."""
    found: dict[str, Read] = {}
    for read in _paths(node, body, set()):
        found.setdefault(read.path, read)
    return tuple(found.values())


def _paths(node: ir.Node | ir.TableRow | ir.Test, body: TypedBody, seen: set[int]) -> Iterator[Read]:
    if isinstance(node, ir.LetRef):
        if node.index not in seen:
            seen.add(node.index)
            yield from _paths(body.lets[node.index].node, body, seen)
        return
    if isinstance(node, ir.Member | ir.Follow | ir.AddressOf | ir.Column) and _rooted(node):
        yield _read(node)
        return
    for child in ir.children(node):
        yield from _paths(child, body, seen)


def _rooted(node: ir.Node) -> bool:
    if isinstance(node, ir.Root):
        return True
    if isinstance(node, ir.Follow):
        return not node.target and _rooted(node.base)
    return isinstance(node, ir.Member | ir.AddressOf | ir.Column) and _rooted(node.base)


def _read(node: ir.Member | ir.Follow | ir.AddressOf | ir.Column) -> Read:
    keys: list[str] = []
    current: ir.Node = node
    while isinstance(current, ir.Member):
        keys.insert(0, current.key)
        current = current.base
    parent = isinstance(current, ir.Root) and current.parent
    if isinstance(node, ir.Column):
        base = _read(node.base) if isinstance(node.base, ir.Member) else None
        return Read(f"{base.path}.{node.key}" if base else node.key, "list", (), parent, False)
    if not isinstance(node, ir.Member) or not isinstance(current, ir.Root):
        return Read(node.path, "", (), parent, True)
    return Read(node.path, node.typed, tuple(keys), parent, node.maybe)


@dataclass(slots=True)
class Reach:
    """What a map reaches: kinds it reads beside its own, maps it asks."""

    kinds: set[Kind] = field(default_factory=set)
    maps: list[str] = field(default_factory=list)


def reach(typed: TypedMap, tables: Mapping[str, ir.TableCode], catalogue: Catalogue) -> Reach:
    """Kinds and maps that evaluating ``typed`` may ask for, through lets and tables."""
    found = Reach({typed.source, typed.target})
    done: set[object] = set()
    for node, body in roots(typed):
        _visit(node, body, tables, catalogue, found, done)
    found.maps = [name for name in dict.fromkeys(found.maps) if name != typed.name]
    return found


def roots(typed: TypedMap) -> Iterator[tuple[ir.Node, TypedBody]]:
    """Everything a map evaluates but its lets, with the body whose lets it uses."""
    for body in (typed.body, *(section.body for section in typed.sections)):
        for guard in body.guards:
            yield guard.condition, body
            if guard.message is not None:
                yield guard.message, body
        for item in body.fields:
            yield item.node, body
    for guard in typed.alone or ():
        yield guard.condition, typed.body
    for match in typed.matches:
        for key in match.keys:
            if key.node is not None:
                yield key.node, typed.body
    for never in typed.nevers:
        if never.condition is not None:
            yield never.condition, typed.body
        yield never.reason, typed.body
    if typed.total is not None:
        for part in (typed.total.amount, typed.total.method, typed.total.limit, typed.total.account):
            if part is not None:
                yield part, typed.body
    for spread in typed.spreads:
        yield spread.amount, typed.body
        if spread.condition is not None:
            yield spread.condition, typed.body


def _visit(
    start: ir.Node | ir.TableRow,
    body: TypedBody,
    tables: Mapping[str, ir.TableCode],
    catalogue: Catalogue,
    found: Reach,
    done: set[object],
) -> None:
    for node in ir.walk(start):
        if isinstance(node, ir.LetRef) and (id(body), node.index) not in done:
            done.add((id(body), node.index))
            _visit(body.lets[node.index].node, body, tables, catalogue, found, done)
        elif isinstance(node, ir.TableCall) and node.table not in done:
            done.add(node.table)
            for row in tables[node.table].rows:
                _visit(row, body, tables, catalogue, found, done)
        elif (isinstance(node, ir.Follow) and not node.embedded and not node.target) or isinstance(node, ir.FindOne):
            _add_kind(found, catalogue, node.system, node.kind)
        elif isinstance(node, ir.ViaMap) and not node.own:
            found.maps.append(node.map)


def _add_kind(found: Reach, catalogue: Catalogue, system: str, name: str) -> None:
    if not catalogue.is_list(system, name):
        found.kinds.add(Kind("xero" if system == "xero" else "zoho", name))
