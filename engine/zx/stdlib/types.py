"""The types of expressions: those of the catalogue, and what only exists while a rule is evaluated."""

from __future__ import annotations

from zx.catalog.fieldtypes import (
    Address,
    Bool,
    Date,
    DateTime,
    Enum,
    Keyed,
    Many,
    Money,
    Nested,
    Number,
    OneOf,
    Ref,
    SetOf,
    Text,
    Type,
)
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Nothing:
    """The type of ``missing`` and ``clear``: fits every other."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The type of something that was reported already: fits everything, so that one mistake is one message."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows of one shape."""

    system: str
    shape: str


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """Rows told apart by a key, at run time a dict from key to row."""

    system: str
    shape: str
    keys: tuple[str, ...]
    group: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Object:
    """An object inside a record, at run time a dict."""

    system: str
    shape: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """One field of all rows of a list, at run time a list."""

    item: ScalarType


ScalarType = Text | Number | Money | Date | DateTime | Bool | OneOf | Enum | Ref | Address | SetOf
ExprType = ScalarType | Nothing | Reported | Rows | KeyedRows | Object | ListOf


def expression_type(system: str, field_type: Type, group: tuple[tuple[str, str], ...] = ()) -> ExprType:
    """The type an expression has that reads a field of ``system``."""
    if isinstance(field_type, Many):
        return Rows(system, field_type.shape)
    if isinstance(field_type, Nested):
        return Object(system, field_type.shape)
    if isinstance(field_type, Keyed):
        return KeyedRows(system, field_type.shape, field_type.keys, group)
    return field_type


def is_textual(type: ExprType) -> bool:
    """Whether the value is a text at run time without conversion (references to organisation lists aside)."""
    return isinstance(type, Text | OneOf | Enum)


_PLURALS: dict[object, str] = {
    DateTime: "dates with time",
    Bool: "yes and no",
    Address: "addresses",
    SetOf: "sets",
    OneOf: "texts",
    Enum: "texts",
}


def describe(type: ExprType) -> str:
    """``a text``, ``an amount``: how messages name a type."""
    if isinstance(type, OneOf):
        return f"one of ({', '.join(type.values)})"
    if isinstance(type, Enum):
        return f"a {type.system.capitalize()} value ({type.name})"
    if isinstance(type, Ref):
        return f"a {type.system.capitalize()} {type.name} reference"
    if isinstance(type, SetOf):
        return "a set of taxes" if type.name == "Tax" else "a set of values"
    if isinstance(type, ListOf):
        one = describe(type.item).split(" ", 1)[-1]
        return f"a list of {_PLURALS.get(type.item.__class__, f'{one}s')}"
    names: dict[object, str] = {
        Text: "a text",
        Number: "a number",
        Money: "an amount",
        Date: "a date",
        DateTime: "a date with time",
        Bool: "yes or no",
        Address: "an address",
        Rows: "a list of rows",
        KeyedRows: "a list of rows",
        Object: "an object",
        Nothing: "nothing",
        Reported: "something",
    }
    return names[type.__class__]
