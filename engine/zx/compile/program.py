"""A compiled rule set: what the planner is given. Nothing here knows syntax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from zx.catalog.fieldtypes import Type
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.runtime.values import Context
from zx.values.dataclass import dataclass


class Owner(StrEnum):
    """Who owns a field after the first send (starter rules 2.6)."""

    BOTH = "both"
    PEOPLE = "on create"
    RULE = "always"


class Scope(StrEnum):
    """How a record was judged: in scope, out of scope (``only when``), or stopped by ``skip``, ``cancel`` or
    ``fail``."""

    IN = "in"
    OUT = "out"
    SKIP = "skip"
    CANCEL = "cancel"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The one rule that sets one target field.

    ``target`` is the path in the target (``DueDate``, ``Addresses[POBOX].City``; within a line, ``TaxType``);
    ``rule`` its place;
    ``reads`` the source paths it reads, in order.
    """

    target: str
    type: Type
    rule: str
    owner: Owner = Owner.BOTH
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A ``lines of`` or ``line`` section: what makes rows of ``target`` (``LineItems``). ``source`` is the list it
    walks, if any."""

    name: str
    target: str
    rule: str
    source: str | None
    fields: Mapping[str, FieldRule]


NO_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
"""No table rows were noted."""


@dataclass(slots=True)
class Line:
    """One desired row: the section that made it, the index of its source row (None for a ``line`` section), its fields.
    A value like the others here; it is not frozen because making a frozen one takes four times as long.

    ``rows`` (only from ``trace``) names the table rows that decided each field.
    """

    section: int
    source_index: int | None
    fields: Mapping[str, Any]
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Key:
    """One key of a rung: the target field and the value it should have; a missing value never matches. Not frozen
    for the reason that a ``Line`` is not."""

    target: str
    value: Any


@dataclass(frozen=True, slots=True)
class Never:
    """A policy that holds for this record. ``verb`` is ``create``, ``update`` or ``delete``."""

    verb: str
    reason: str
    rule: str
    conditional: bool


@dataclass(frozen=True, slots=True)
class Total:
    """``total must be``: the amount, how a gap may be closed (``rounding``, ``override``, None), up to what, on
    which account."""

    amount: Decimal | None
    method: str | None
    limit: Decimal | None
    account: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Spread:
    amount: Decimal
    rule: str


@dataclass(slots=True)
class Evaluated:
    """One record judged by one map. Not frozen for the reason that a ``Line`` is not.

    ``fields`` maps target paths to values in the form of ``zx.model.record`` (references are TargetRef or codes,
    ``CLEAR`` asks for a
    blank); what is missing is absent. ``problems`` holds every failure of the record (``error``) and every warning.
    ``match`` and
    ``never`` are filled whatever the scope, unless the record is out of scope. ``rows`` (only from ``trace``) names,
    for each
    header field, the table rows that decided it (``rules/tax.zx:5``).
    """

    scope: Scope
    reason: str = ""
    rule: str = ""
    problems: tuple[Problem, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    match: tuple[tuple[Key, ...], ...] = ()
    never: tuple[Never, ...] = ()
    total: Total | None = None
    spreads: tuple[Spread, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MapProgram:
    """One map, specialised for one sync. ``evaluate`` is the fast form, ``trace`` the same with ``rows`` filled.

    ``needed``: the map has ``only when needed``, alone or beside other conditions; ``evaluate`` judges a record that is
    asked for. ``unasked`` judges by ``only when`` alone whether a record is in scope though nobody asks for it; None
    where none is. ``via`` lists the maps it asks, so they go first. A map whose guards are constant and false for this
    sync is not in the program.
    """

    name: str
    source: Kind
    target: Kind
    rule: str
    fields: Mapping[str, FieldRule]
    sections: tuple[Section, ...]
    needed: bool
    via: tuple[str, ...]
    evaluate: Callable[[Record, Context], Evaluated]
    trace: Callable[[Record, Context], Evaluated]
    states_total: bool = False
    unasked: Callable[[Record, Context], Evaluated] | None = None


@dataclass(frozen=True, slots=True)
class SummaryProgram:
    """One summary, specialised for one sync (starter rules 2.7).

    ``document`` makes of a record of ``source`` what the map ``over`` would send, as far as the summary reads it; None
    where raw records are summed up. ``member`` judges that document (or record): its fields are the ``keys`` and the
    values (``$Total``) that are aggregated, its sections the lines, with keys (``line_keys``) and values of their
    own. ``group`` makes the posted document of a record that holds the keys, ``$count``, ``$sequence``, ``$members``
    and ``$lines0``…. ``added`` are the values that are added up. ``date`` is the key that says the day. ``active``:
    whether new records may enter at all.
    """

    name: str
    rule: str
    over: str | None
    source: Kind
    target: Kind
    active: bool
    date: str
    keys: tuple[str, ...]
    line_keys: tuple[tuple[str, ...], ...]
    added: frozenset[str]
    document: MapProgram | None
    member: MapProgram
    group: MapProgram


@dataclass(frozen=True, slots=True)
class Program:
    """All maps of one sync, asked maps before asking ones. ``reads`` are the kinds that must be in the snapshot.

    ``digest`` changes when anything changes that could change a result; ``sources`` are the rule files with their
    texts; ``declared`` names every map, those that the settings switch off too.
    """

    maps: Mapping[str, MapProgram]
    reads: frozenset[Kind]
    digest: str
    settings: Mapping[str, Any]
    sources: Mapping[str, str]
    declared: tuple[str, ...] = ()
    summaries: Mapping[str, SummaryProgram] = field(default_factory=dict)

    def fields(self) -> dict[str, frozenset[str]]:
        """What each declared map sets, its lists of rows included; nothing for one that is switched off."""
        known = dict.fromkeys(self.declared, frozenset[str]())
        for name, made in self.maps.items():
            known[name] = frozenset((*made.fields, *(section.target for section in made.sections)))
        return known
