"""What the checker knows at one place: the record, its names, what is known to be present."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from zx.catalog.schema import Catalogue, Shape
from zx.check.census import Census
from zx.check.ir import Const, Node
from zx.check.reporter import Reporter
from zx.check.settings import Settings
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind
from zx.resolve.ruleset import RuleSet, Unseen
from zx.stdlib.types import ExprType
from zx.syntax import ast
from zx.values.dataclass import dataclass

# A UTC instant; the rest of a minute is of no interest to a reader.
_INSTANT = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\S*(?:Z|\+00:00)$")

Fact = tuple[str, str, int | tuple[str, ...]]
"""``("present", "Due_Date", 0)``, ``("length", "Product_Code", 30)``, ``("among", "Status", ("Approved", "Paid"))``:
one of these; ``("besides", "Status", ("Created",))``: none of these."""

Facts = frozenset[Fact]
NO_FACTS: Facts = frozenset()


def present(key: str) -> Fact:
    return ("present", key, 0)


@dataclass(frozen=True, slots=True)
class Value:
    """A checked expression. ``maybe`` is whether it can be missing here, guards considered; ``node.maybe`` is not.

    ``key`` is the path it was read by, for narrowing; ``embedded`` the keys that come with a lookup; ``target``: a
    reference to a record of the target system as ``via`` and ``find`` give it; ``money_of`` the record in whose
    currency an amount is ("" the record itself, else the lookup that leads there), None where any would do.
    """

    node: Node
    type: ExprType
    maybe: bool
    span: Span
    key: str | None = None
    embedded: tuple[str, ...] = ()
    target: bool = False
    money_of: str | None = None

    @property
    def is_constant(self) -> bool:
        return isinstance(self.node, Const)

    @property
    def constant(self) -> object:
        """The value of a constant, None when it is missing or none."""
        return self.node.value if isinstance(self.node, Const) else None


@dataclass(slots=True)
class World:
    """What does not change from place to place, except ``live``: off inside what a switch folds away."""

    catalogue: Catalogue
    rules: RuleSet
    settings: Settings
    reporter: Reporter
    sources: Mapping[str, str]
    live_maps: frozenset[str] = frozenset()
    live: bool = True
    unseen: list[Unseen] = field(default_factory=list)
    census: Census = field(default_factory=dict)

    def not_used_here(self, what: str, span: Span, owner: Span) -> None:
        """Keeps a name of a file that the rule's file does not use, for E0207."""
        self.unseen.append(Unseen(what, span, owner))

    def is_lost(self, name: str) -> bool:
        """Whether ``name`` stands in a line that could not be read: what it means may be said there."""
        return name in self.rules.lost

    def is_value(self, word: str) -> bool:
        """Whether some list of values has ``word``: a closed list of the rules, or one of a system."""
        if any(word in enumeration.values for enumeration in self.catalogue.enumerations.values()):
            return True
        tables = self.rules.tables.values()
        types = [setting.type for setting in self.rules.settings.values()]
        types += [kind for table in tables for kind in (table.result, *(part.type for part in table.parameters))]
        return any(word in kind.values for kind in types)

    def text(self, span: Span) -> str:
        """The rule text at ``span``; blanks and line ends inside become one blank."""
        lines = self.sources.get(span.file, "").split("\n")
        if span.end_line > len(lines):
            return ""
        if span.line == span.end_line:
            return lines[span.line - 1][span.column - 1 : span.end_column - 1]
        parts = [lines[span.line - 1][span.column - 1 :], *lines[span.line : span.end_line - 1]]
        parts.append(lines[span.end_line - 1][: span.end_column - 1])
        return " ".join(" ".join(parts).split())

    def line(self, span: Span) -> str:
        """The whole line where ``span`` begins, without blanks at its ends."""
        lines = self.sources.get(span.file, "").split("\n")
        return lines[span.line - 1].strip() if span.line <= len(lines) else ""

    def read_at(self, system: str) -> str:
        """When the live catalogue of ``system`` was read, for messages; empty when it never was."""
        when = next((when for name, when in self.catalogue.read_at.items() if name.startswith(system)), "")
        return _INSTANT.sub(r"\1 \2 UTC", when)


@dataclass(slots=True)
class LetEntry:
    """A ``let`` of a section: its place among the lets, and what is known of it under some facts."""

    node: ast.Let
    index: int
    values: dict[tuple[Facts, bool], Value] = field(default_factory=dict)
    busy: bool = False
    facts: dict[bool, Facts] = field(default_factory=dict)
    """What follows from it being true, and being false, once that was asked."""


@dataclass(slots=True)
class Scope:
    """The names of one section, or of one table (``parameters`` given, no record)."""

    kind: Kind | None
    shape: Shape | None
    target: Kind | None
    parent: Shape | None = None
    lets: dict[str, LetEntry] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    in_only: bool = False
