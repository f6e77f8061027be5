"""What the checker hands to the compiler: maps, sections and tables as typed nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from zx.catalog.fieldtypes import Type
from zx.check.ir import Message, Node, TableCode
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class TypedLet:
    name: str
    span: Span
    node: Node


@dataclass(frozen=True, slots=True)
class TypedGuard:
    outcome: Literal["only", "skip", "cancel", "fail", "warn"]
    span: Span
    condition: Node
    message: Message | None


@dataclass(frozen=True, slots=True)
class TypedField:
    target: str
    type: Type
    span: Span
    node: Node
    owner: str | None


@dataclass(frozen=True, slots=True)
class TypedKey:
    """A key of a rung; without ``node`` its value is that of the field of the same name."""

    target: str
    node: Node | None


@dataclass(frozen=True, slots=True)
class TypedMatch:
    span: Span
    keys: tuple[TypedKey, ...]


@dataclass(frozen=True, slots=True)
class TypedNever:
    verb: str
    span: Span
    condition: Node | None
    reason: Message


@dataclass(frozen=True, slots=True)
class TypedTotal:
    span: Span
    amount: Node
    method: Node | None
    limit: Node | None
    account: Node | None


@dataclass(frozen=True, slots=True)
class TypedSpread:
    span: Span
    amount: Node
    condition: Node | None


@dataclass(frozen=True, slots=True)
class TypedBody:
    """Guards in the order they are judged (only, skip, cancel, fail, warn)."""

    lets: tuple[TypedLet, ...]
    guards: tuple[TypedGuard, ...]
    fields: tuple[TypedField, ...]


@dataclass(frozen=True, slots=True)
class TypedSection:
    """Lines. ``source`` gives the rows it walks (None: one line per document)."""

    name: str
    span: Span
    source: str | None
    target: str
    body: TypedBody


@dataclass(frozen=True, slots=True)
class TypedMap:
    """``needed``: the body's guards are those of a record that is asked for; ``alone`` are the ``only when`` of one
    that nobody asks for, None where it is out of scope in any case. ``choice``: beside ``needed`` the rules name a
    condition of their own, so that settings may switch the map off."""

    name: str
    span: Span
    source: Kind
    target: Kind
    body: TypedBody
    matches: tuple[TypedMatch, ...]
    nevers: tuple[TypedNever, ...]
    total: TypedTotal | None
    spreads: tuple[TypedSpread, ...]
    sections: tuple[TypedSection, ...]
    needed: bool
    alone: tuple[TypedGuard, ...] | None = None
    choice: bool = False


@dataclass(frozen=True, slots=True)
class TypedSummary:
    """A summary as two maps: ``member`` judges one document of the map ``over`` (or, None, one raw record of
    ``source``), ``group`` the keys and values of many. ``date`` is the key that says the day; ``keys`` and
    ``line_keys`` (for each list of lines) name the keys; ``added`` are the values of members that are added up.
    ``active`` is false where settings alone keep every new member out.
    """

    name: str
    span: Span
    over: str | None
    source: Kind
    target: Kind
    active: bool
    date: str
    keys: tuple[str, ...]
    line_keys: tuple[tuple[str, ...], ...]
    added: frozenset[str]
    member: TypedMap
    group: TypedMap


@dataclass(frozen=True, slots=True)
class TypedRules:
    """Every map that this sync can use; a map whose guards are constant and false is not among them."""

    maps: Mapping[str, TypedMap]
    tables: Mapping[str, TableCode]
    settings: Mapping[str, object]
    summaries: Mapping[str, TypedSummary] = field(default_factory=dict)
