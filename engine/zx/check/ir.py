"""Typed rules, specialised for one sync: what code is generated from.

``maybe`` of a node says whether its value can be missing (None) whatever the guards of the section say: narrowing is
for messages, the generated code never relies on it. Settings are constants here, and what they switch off is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Literal

from zx.diagnostics.diagnostic import Span
from zx.stdlib.signature import Function
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Const:
    """A constant in its run-time form; None is missing."""

    span: Span
    value: object

    @property
    def maybe(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Clear:
    """``clear``: an explicit blank."""

    span: Span
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """The record (or row) itself, or with ``parent`` the document a row belongs to."""

    span: Span
    parent: bool
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A key of a record, row or object; ``path`` is how the rules name it, ``typed`` what stands there."""

    span: Span
    base: Node
    key: str
    path: str
    typed: str
    maybe: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all rows of a list; never missing, perhaps empty."""

    span: Span
    base: Node
    key: str
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """A field of the record a reference points to."""

    span: Span
    base: Node
    system: str
    kind: str
    key: str
    embedded: bool
    target: bool
    path: str
    maybe: bool


@dataclass(frozen=True, slots=True)
class AddressOf:
    """An address from the fields or members of ``base`` that hold its parts."""

    span: Span
    base: Node
    parts: tuple[tuple[str, str], ...]
    path: str
    maybe: bool = True


@dataclass(frozen=True, slots=True)
class LetRef:
    span: Span
    index: int
    maybe: bool


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a table, or a subject of a ``pick``."""

    span: Span
    name: str
    maybe: bool


@dataclass(frozen=True, slots=True)
class Apply:
    """A built-in function."""

    span: Span
    function: Function
    arguments: tuple[Node, ...]
    maybe: bool


@dataclass(frozen=True, slots=True)
class TableCall:
    """``table`` is the key of a specialised table; ``settled`` marks the arguments that must be present."""

    span: Span
    table: str
    arguments: tuple[Node, ...]
    settled: tuple[bool, ...]
    maybe: bool


@dataclass(frozen=True, slots=True)
class Not:
    span: Span
    operand: Node

    @property
    def maybe(self) -> bool:
        return self.operand.maybe


@dataclass(frozen=True, slots=True)
class Negative:
    span: Span
    operand: Node

    @property
    def maybe(self) -> bool:
        return self.operand.maybe


@dataclass(frozen=True, slots=True)
class Presence:
    """``is present``, or with ``missing`` its opposite."""

    span: Span
    operand: Node
    missing: bool
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Logic:
    span: Span
    operator: Literal["and", "or"]
    left: Node
    right: Node
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    span: Span
    operator: Literal["<", "<=", ">", ">="]
    left: Node
    right: Node

    @property
    def maybe(self) -> bool:
        return self.left.maybe or self.right.maybe


Form = Literal["plain", "set", "reference"]


@dataclass(frozen=True, slots=True)
class Equal:
    """``is``; total: missing equals only missing. ``form`` says how the values are compared."""

    span: Span
    left: Node
    right: Node
    negated: bool
    form: Form
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class OneOfThese:
    """``in (…)``."""

    span: Span
    operand: Node
    values: tuple[Node, ...]
    negated: bool
    form: Form
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class TextTest:
    span: Span
    operator: Literal["starts with", "contains"]
    left: Node
    right: Node

    @property
    def maybe(self) -> bool:
        return self.left.maybe or self.right.maybe


@dataclass(frozen=True, slots=True)
class Joined:
    """``a & b``: each part a text already; missing is contagious."""

    span: Span
    parts: tuple[Node, ...]

    @property
    def maybe(self) -> bool:
        return any(part.maybe for part in self.parts)


@dataclass(frozen=True, slots=True)
class AsCode:
    """A reference as its code; a number as its digits where ``number``."""

    span: Span
    operand: Node
    number: bool
    maybe: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A text for people with values in it; never missing."""

    span: Span
    parts: tuple[str | Node, ...]
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with values in it, as a value: missing when one of them is."""

    span: Span
    message: Message
    maybe: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    span: Span
    operator: Literal["+", "-", "*", "/"]
    left: Node
    right: Node

    @property
    def maybe(self) -> bool:
        return self.left.maybe or self.right.maybe


@dataclass(frozen=True, slots=True)
class Shift:
    """A date plus or minus whole days, weeks, months or years."""

    span: Span
    date: Node
    amount: Node
    unit: str
    sign: int

    @property
    def maybe(self) -> bool:
        return self.date.maybe or self.amount.maybe


@dataclass(frozen=True, slots=True)
class Otherwise:
    span: Span
    left: Node
    right: Node

    @property
    def maybe(self) -> bool:
        return self.right.maybe


@dataclass(frozen=True, slots=True)
class Choose:
    span: Span
    condition: Node
    then: Node
    otherwise: Node

    @property
    def maybe(self) -> bool:
        return self.then.maybe or self.otherwise.maybe


@dataclass(frozen=True, slots=True)
class Halt:
    """``fail "…"`` in an expression. In a row of a table (``table`` and ``subjects`` given) the cure is a row;
    ``choices`` are the results it may have, where the rules list them."""

    span: Span
    outcome: Literal["fail", "skip", "cancel"]
    message: Message
    table: str = ""
    subjects: tuple[Node, ...] = ()
    choices: tuple[str, ...] = ()
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """``warn "…" then x``."""

    span: Span
    message: Message
    then: Node

    @property
    def maybe(self) -> bool:
        return self.then.maybe


@dataclass(frozen=True, slots=True)
class ViaMap:
    span: Span
    operand: Node
    map: str
    own: bool
    maybe: bool


@dataclass(frozen=True, slots=True)
class FindOne:
    span: Span
    system: str
    kind: str
    field: str
    value: Node
    or_create: bool
    maybe: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """``needed``: answered by the planner, never by generated code."""

    span: Span
    maybe: bool = False


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """One cell: subject ``column`` is one of ``values`` (``None`` among them: missing), or compares with ``bound``."""

    span: Span
    column: int
    kind: Literal["values", "missing", "present", "compare", "formula"]
    values: tuple[object, ...] = ()
    operator: str = ""
    bound: Node | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: all its tests hold, then ``result``. A ``*`` makes no test."""

    span: Span
    tests: tuple[Test, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Pick:
    """``pick``: subjects, how each is compared, rows in order."""

    span: Span
    subjects: tuple[Node, ...]
    forms: tuple[Form, ...]
    rows: tuple[TableRow, ...]
    maybe: bool


@dataclass(frozen=True, slots=True, eq=False)
class CsvRows:
    """The rows of a CSV file by key (a tuple of several, None for missing ones): results, and the lines they stand
    in."""

    file: str
    values: Mapping[object, object]
    lines: Mapping[object, int]


@dataclass(frozen=True, slots=True)
class TableCode:
    """A table as one call needs it: rows that constant arguments rule out are gone. With ``csv`` there are none."""

    key: str
    name: str
    span: Span
    parameters: tuple[str, ...]
    forms: tuple[Form, ...]
    rows: tuple[TableRow, ...]
    maybe: bool
    csv: CsvRows | None = None


Node = (
    Const
    | Clear
    | Root
    | Member
    | Column
    | Follow
    | AddressOf
    | LetRef
    | Param
    | Apply
    | TableCall
    | Not
    | Negative
    | Presence
    | Logic
    | Compare
    | Equal
    | OneOfThese
    | TextTest
    | Joined
    | AsCode
    | Message
    | Filled
    | Arithmetic
    | Shift
    | Otherwise
    | Choose
    | Halt
    | Notice
    | ViaMap
    | FindOne
    | Needed
    | Pick
)


def children(node: Node | TableRow | Test) -> Iterator[Node | TableRow | Test]:
    """The nodes directly below ``node``, in the order of the text."""
    for name in fields(node):
        value = getattr(node, name.name)
        if isinstance(value, NODES):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, NODES):
                    yield item


def walk(node: Node | TableRow | Test) -> Iterator[Node | TableRow | Test]:
    """``node`` and all nodes below it; tables that it calls are not entered."""
    yield node
    for child in children(node):
        yield from walk(child)


NODES = (*Node.__args__, TableRow, Test)
