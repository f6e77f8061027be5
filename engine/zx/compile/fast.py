"""The fast form of a section: one function for its guards and fields, everything worked out once and kept in a local.

What the function does is what the careful form says, item by item; what it gains is inlining (language 4.2): one read
of each source field, lets as locals, no check for missing where the type promises a value. Whatever goes wrong in it
is judged again, carefully, so it may work out a value early, but never what speaks to somebody: a value that warns or
stops, or asks for another record, waits until the rules ask for it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from zx.check import ir
from zx.check.typed import TypedBody
from zx.compile import nodes as py
from zx.compile.emit import Binder, Emitter
from zx.values.dataclass import dataclass

Chain = tuple[object, ...]
"""A read from the record: whether from the document of a row, then the keys."""


def chain(node: ir.Node) -> Chain | None:
    """The keys that lead to ``node`` when all of them stand in the record itself."""
    if isinstance(node, ir.Root):
        return (node.parent,)
    if isinstance(node, ir.Member) or (isinstance(node, ir.Follow) and node.embedded and not node.target and node.key):
        base = chain(node.base)
        return None if base is None else (*base, node.key)
    return None


class Uses:
    """How often the nodes of one function use each let and each read; lets are looked into once."""

    def __init__(self, body: TypedBody, file: str, nodes: Sequence[ir.Node]) -> None:
        self.lets: Counter[int] = Counter()
        self.reads: Counter[Chain] = Counter()
        self._body = body
        self._file = file
        for node in nodes:
            self._count(node)
        for read in sorted(self.reads, key=len, reverse=True):
            if len(read) > 2:
                self.reads[read[:-1]] += 1

    def _count(self, node: ir.Node | ir.TableRow | ir.Test) -> None:
        if isinstance(node, ir.LetRef):
            self.lets[node.index] += 1
            let = self._body.lets[node.index]
            if self.lets[node.index] == 1 and let.span.file == self._file:
                self._count(let.node)
            return
        if isinstance(node, ir.Member | ir.Follow):
            read = chain(node)
            if read is not None:
                self.reads[read] += 1
                return
        for child in ir.children(node):
            self._count(child)


class FastEmitter(Emitter):
    """Expressions of one function of a section in its fast form. ``before`` takes the statements that must stand in
    front of the statement under way; ``deferred`` says whether a let waits until it is asked for."""

    def __init__(
        self,
        binder: Binder,
        names: Mapping[str, str],
        body: TypedBody,
        file: str,
        uses: Uses,
        shared: Collection[int],
        manners: Manners,
    ) -> None:
        """``shared``: lets that other functions of the section use too."""
        super().__init__(binder, False, names)
        self._shared = shared
        self._manners = manners
        self._body = body
        self._file = file
        self._uses = uses
        self._reads: dict[Chain, str] = {}
        self._lets: dict[int, str] = {}
        self._always: frozenset[int] = frozenset()
        self.before: list[ast.stmt] = []
        self.deferred = False

    def statement(self, *nodes: ir.Node) -> None:
        """Begins a statement that works out ``nodes``, all of them."""
        self._always = frozenset(index for node in nodes for index in always(node, self._body))

    def taken(self) -> list[ast.stmt]:
        """What must stand in front of the statement."""
        steps, self.before = self.before, []
        return steps

    def member(self, node: ir.Member) -> ast.expr:
        read = chain(node)
        return super().member(node) if read is None else self._read(node, read)

    def follow(self, node: ir.Follow) -> ast.expr:
        read = chain(node)
        return super().follow(node) if read is None else self._read(node, read)

    def _read(self, node: ir.Member | ir.Follow, read: Chain) -> ast.expr:
        known = self._reads.get(read)
        if known is None and self._uses.reads[read] > 1:
            made = py.at(self._fresh(node), node.span)
            known = self._reads[read] = f"r{len(self._reads)}"
            self.before.append(py.at(py.set_name(known, made), node.span))
        return self._fresh(node) if known is None else py.name(known)

    def _fresh(self, node: ir.Member | ir.Follow) -> ast.expr:
        if not node.maybe:
            # Promised by the catalogue: when it is not there after all, the record is judged carefully.
            return py.entry(self.expr(node.base), node.key)
        base = self.expr(node.base)
        if not node.base.maybe:
            return py.method(base, "get", py.constant(node.key))
        if isinstance(base, ast.Name):
            return py.choose(py.is_none(base), py.constant(None), py.method(base, "get", py.constant(node.key)))
        identifier = self.temporary()
        absent = py.is_none(py.assign(identifier, base))
        return py.choose(absent, py.constant(None), py.method(py.name(identifier), "get", py.constant(node.key)))

    def let(self, node: ir.LetRef) -> ast.expr:
        index, let = node.index, self._body.lets[node.index]
        if index in self._lets:
            return py.name(self._lets[index])
        if let.span.file != self._file:
            return self._deferred(node)
        if self._uses.lets[index] == 1 and index not in self._shared:
            return self.expr(let.node)
        early = index in self._always and not self._manners.warns(let.node, self._body)
        if not (early or self._manners.quiet(let.node, self._body)):
            return self._deferred(node)
        value = self.expr(let.node)
        known = self._lets[index] = f"l{index}"
        self.before.append(py.at(py.set_name(known, value), let.span))
        if index in self._shared:
            self.before.append(py.at(py.set_item("L", index, py.name(known)), let.span))
        return py.name(known)

    def _deferred(self, node: ir.LetRef) -> ast.expr:
        self.deferred = True
        return super().let(node)


def always(node: ir.Node, body: TypedBody) -> Iterator[int]:
    """The lets that ``node`` asks for whatever the record holds (those that are sure; there may be more)."""
    if isinstance(node, ir.LetRef):
        yield node.index
        yield from always(body.lets[node.index].node, body)
        return
    for child in _surely(node):
        yield from always(child, body)


def lets_of(nodes: Sequence[ir.Node], body: TypedBody) -> frozenset[int]:
    """The lets that ``nodes`` use, also through other lets."""
    found: set[int] = set()
    todo = list(nodes)
    while todo:
        for part in ir.walk(todo.pop()):
            if isinstance(part, ir.LetRef) and part.index not in found:
                found.add(part.index)
                todo.append(body.lets[part.index].node)
    return frozenset(found)


def _surely(node: ir.Node) -> Sequence[ir.Node]:
    """The operands of ``node`` that are worked out in any case."""
    operands = [child for child in ir.children(node) if not isinstance(child, ir.TableRow | ir.Test)]
    if isinstance(node, ir.Logic | ir.Otherwise | ir.OneOfThese | ir.Notice | ir.Choose):
        return operands[:1]
    total = isinstance(node, ir.Equal | ir.Message | ir.Halt | ir.Pick)
    if total or (isinstance(node, ir.Apply) and node.function.lenient):
        return operands
    # What may be missing is asked for first; nothing else is worked out when it is.
    missing = [operand for operand in operands if operand.maybe]
    return missing[:1] or operands


@dataclass(frozen=True, slots=True)
class Manners:
    """What asking a table may do beside giving a value: ``warning`` tables warn; ``loud`` ones warn or stop, or ask for
    another record."""

    loud: Collection[str] = ()
    warning: Collection[str] = ()

    def warns(self, node: ir.Node | ir.TableRow, body: TypedBody) -> bool:
        for part in ir.walk(node):
            if isinstance(part, ir.Notice) or (isinstance(part, ir.TableCall) and part.table in self.warning):
                return True
            if isinstance(part, ir.LetRef) and self.warns(body.lets[part.index].node, body):
                return True
        return False

    def quiet(self, node: ir.Node | ir.TableRow, body: TypedBody) -> bool:
        """Whether working out ``node`` early does no harm: it warns, stops and asks nobody, and fails on no record."""
        for part in ir.walk(node):
            if isinstance(part, ir.Halt | ir.Notice | ir.ViaMap | ir.FindOne | ir.Needed):
                return False
            if isinstance(part, ir.Follow) and not part.embedded:
                return False
            if isinstance(part, ir.Arithmetic) and part.operator == "/":
                return False
            if isinstance(part, ir.TableCall) and part.table in self.loud:
                return False
            if isinstance(part, ir.LetRef) and not self.quiet(body.lets[part.index].node, body):
                return False
        return True


def manners(tables: Mapping[str, ir.TableCode]) -> Manners:
    """The manners of ``tables``; those that a table asks count for it."""
    nobody = TypedBody((), (), ())
    known = Manners()
    while True:
        loud = {
            key
            for key, code in tables.items()
            if code.csv is None
            and (all(row.tests for row in code.rows) or not all(known.quiet(row, nobody) for row in code.rows))
        }
        warning = {key for key, code in tables.items() if any(known.warns(row, nobody) for row in code.rows)}
        if len(loud) == len(known.loud) and len(warning) == len(known.warning):
            return known
        known = Manners(frozenset(loud), frozenset(warning))
