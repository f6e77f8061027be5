"""Typed maps to generated code and to the program's own description of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from zx.catalog.schema import Catalogue
from zx.check import ir
from zx.check.ir import TableCode
from zx.check.typed import TypedBody, TypedMap, TypedRules, TypedSection, TypedSummary
from zx.compile.bound import Parts
from zx.compile.evaluator import (
    AmountCode,
    BodyCode,
    FieldCode,
    GuardCode,
    LineCode,
    MapCode,
    NeverCode,
    RungCode,
)
from zx.compile.fast import lets_of
from zx.compile.functions import Workshop
from zx.compile.judged import reached, working_order
from zx.compile.members import document_of
from zx.compile.program import FieldRule, MapProgram, Owner, Section, SummaryProgram
from zx.compile.reads import paths, reach
from zx.model.record import Kind
from zx.values.dataclass import dataclass

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The maps in working order with the kinds they read; ``parts`` is what their functions are made of."""

    maps: Mapping[str, MapProgram]
    reads: frozenset[Kind]
    parts: Parts
    summaries: Mapping[str, SummaryProgram]


def assemble(rules: TypedRules, catalogue: Catalogue) -> Assembled:
    """Generates and compiles the code of every map. No map asks itself through others."""
    workshop = Workshop(rules.tables)
    drafts = {name: _MapDraft(typed, workshop, catalogue) for name, typed in rules.maps.items()}
    summed = {name: _SummaryDraft(made, rules, workshop, catalogue) for name, made in rules.summaries.items()}
    parts = workshop.parts()
    functions = workshop.compiled(parts)
    asked = reached(rules, catalogue)
    order, _ = working_order(asked)
    maps = {name: drafts[name].program(functions, tuple(asked[name].maps)) for name in order}
    kinds = frozenset(kind for found in asked.values() for kind in found.kinds)
    kinds |= frozenset(kind for draft in summed.values() for kind in draft.kinds(rules.tables, catalogue))
    summaries = {name: draft.program(functions) for name, draft in summed.items()}
    return Assembled(maps, kinds, parts, summaries)


def assemble_map(typed: TypedMap, tables: Mapping[str, TableCode], catalogue: Catalogue) -> tuple[MapProgram, MapCode]:
    """One map by itself, with its code open to look at, in the careful form only: what a rule test runs."""
    workshop = Workshop(tables, fast=False)
    draft = _MapDraft(typed, workshop, catalogue)
    functions = workshop.compiled(workshop.parts())
    return draft.program(functions, ()), draft.code(functions)


def assemble_summary(
    typed: TypedSummary, tables: Mapping[str, TableCode], catalogue: Catalogue
) -> tuple[SummaryProgram, MapCode, MapCode]:
    """One summary by itself, with the code of its members and of its groups open to look at."""
    workshop = Workshop(tables, fast=False)
    member, group = _MapDraft(typed.member, workshop, catalogue), _MapDraft(typed.group, workshop, catalogue)
    functions = workshop.compiled(workshop.parts())
    program = SummaryProgram(
        typed.name,
        typed.span.place,
        None,
        typed.source,
        typed.target,
        typed.active,
        typed.date,
        typed.keys,
        typed.line_keys,
        typed.added,
        None,
        member.program(functions, ()),
        group.program(functions, ()),
    )
    return program, member.code(functions), group.code(functions)


class _BodyDraft:
    """The functions of one section by name, before they are compiled."""

    def __init__(
        self, body: TypedBody, word: str, workshop: Workshop, elsewhere: Collection[ir.Node | None] = ()
    ) -> None:
        """``elsewhere``: what is worked out beside guards and fields, with the same lets."""
        self.body = body
        self.word = word
        self.workshop = workshop
        self.fast = workshop.lets(body, word, careful=False) if workshop.fast else {}
        self.careful = workshop.lets(body, word, careful=True)
        shared = lets_of([node for node in elsewhere if node is not None], body)
        self._fast = workshop.section(body, word, self.fast, shared) if workshop.fast else []
        self._guards = [
            workshop.message_when(
                guard.condition, guard.message, f"{word}_guard", self.careful, True, guard.span, guard.outcome != "only"
            )
            for guard in body.guards
        ]
        self._fields = [
            workshop.value(field.node, f"{word}_{field.target}", self.careful, True, field.span)
            for field in body.fields
        ]

    def code(self, functions: Functions) -> BodyCode:
        body = self.body
        guards = tuple(
            GuardCode(guard.outcome, guard.span.place, functions[name], paths(guard.condition, body))
            for guard, name in zip(body.guards, self._guards, strict=True)
        )
        fields = tuple(
            FieldCode(field.target, field.span.place, functions[name], paths(field.node, body))
            for field, name in zip(body.fields, self._fields, strict=True)
        )
        lets = tuple(functions[self.careful[f"let {index}"]] for index in range(len(body.lets)))
        return BodyCode(
            lets,
            tuple(functions[name] for name in self._fast),
            guards,
            fields,
        )


class _MapDraft:
    def __init__(self, typed: TypedMap, workshop: Workshop, catalogue: Catalogue) -> None:
        self._typed = typed
        shape = catalogue.shape(typed.source.system, typed.source.name)
        self._noun = shape.noun if shape else str(typed.source)
        self._body = _BodyDraft(typed.body, typed.name, workshop, _beside(typed))
        alone = None if typed.alone is None else TypedBody(typed.body.lets, typed.alone, ())
        self._alone = None if alone is None else _BodyDraft(alone, f"{typed.name}_unasked", workshop)
        self._lines = [_BodyDraft(section.body, f"{typed.name}_{section.name}", workshop) for section in typed.sections]
        self._loops = [
            workshop.loop(section.body, f"{typed.name}_{section.name}_all", draft.fast, index)
            if workshop.fast and section.source is not None
            else None
            for index, (section, draft) in enumerate(zip(typed.sections, self._lines, strict=True))
        ]
        word, body = typed.name, self._body
        forms = ((body.fast, False), (body.careful, True)) if workshop.fast else ((body.careful, True),)
        self._nevers = [
            tuple(
                workshop.message_when(never.condition, never.reason, f"{word}_never", names, careful, never.span)
                for names, careful in forms
            )
            for never in typed.nevers
        ]
        self._rungs = [
            tuple(
                workshop.values([key.node for key in match.keys], f"{word}_match", names, careful, match.span)
                for names, careful in forms
            )
            for match in typed.matches
        ]
        self._total: tuple[str, ...] = ()
        total = typed.total
        if total is not None:
            parts = (total.amount, total.method, total.limit, total.account)
            self._total = tuple(
                workshop.values(parts, f"{word}_total", names, careful, total.span) for names, careful in forms
            )
        self._spreads = [
            tuple(
                workshop.message_when(spread.condition, spread.amount, f"{word}_spread", names, careful, spread.span)
                for names, careful in forms
            )
            for spread in typed.spreads
        ]

    def program(self, functions: Functions, via: tuple[str, ...]) -> MapProgram:
        typed = self._typed
        code = self.code(functions)
        return MapProgram(
            typed.name,
            typed.source,
            typed.target,
            typed.span.place,
            _field_rules(typed.body),
            tuple(_section(section) for section in typed.sections),
            typed.needed,
            via,
            code.evaluate,
            code.trace,
            typed.total is not None,
            None if self._alone is None else self._unasked(self._alone.code(functions)).evaluate,
        )

    def _unasked(self, body: BodyCode) -> MapCode:
        """The code that judges nothing but the scope of a record that nobody asks for."""
        return MapCode(self._noun, self._typed.source.system, body, (), (), (), None, ())

    def code(self, functions: Functions) -> MapCode:
        typed = self._typed
        lines = tuple(
            LineCode(section.name, section.source, draft.code(functions), None if loop is None else functions[loop])
            for section, draft, loop in zip(typed.sections, self._lines, self._loops, strict=True)
        )
        nevers = tuple(
            NeverCode(
                never.verb, never.span.place, never.condition is not None, functions[names[0]], functions[names[-1]]
            )
            for never, names in zip(typed.nevers, self._nevers, strict=True)
        )
        rungs = tuple(
            RungCode(
                tuple(key.target for key in match.keys),
                tuple(key.node is None for key in match.keys),
                functions[names[0]],
                functions[names[-1]],
            )
            for match, names in zip(typed.matches, self._rungs, strict=True)
        )
        total = None
        if typed.total is not None:
            total = AmountCode(typed.total.span.place, functions[self._total[0]], functions[self._total[-1]])
        spreads = tuple(
            AmountCode(spread.span.place, functions[names[0]], functions[names[-1]])
            for spread, names in zip(typed.spreads, self._spreads, strict=True)
        )
        body = self._body.code(functions)
        return MapCode(self._noun, typed.source.system, body, lines, nevers, rungs, total, spreads)


class _SummaryDraft:
    """The maps that a summary is made of."""

    def __init__(self, typed: TypedSummary, rules: TypedRules, workshop: Workshop, catalogue: Catalogue) -> None:
        self._typed = typed
        over = None if typed.over is None else document_of(rules.maps[typed.over], typed)
        self._document = None if over is None else _MapDraft(over, workshop, catalogue)
        self._member = _MapDraft(replace(typed.member, name=f"{typed.name}_member"), workshop, catalogue)
        self._group = _MapDraft(typed.group, workshop, catalogue)

    def kinds(self, tables: Mapping[str, TableCode], catalogue: Catalogue) -> set[Kind]:
        """The kinds that must be read for it; a credit note may have taken the number of a summary."""
        found = {
            kind for part in (self._typed.member, self._typed.group) for kind in reach(part, tables, catalogue).kinds
        }
        known = {kind for kind in found if catalogue.shape(kind.system, kind.name) is not None}
        return known | ({Kind("xero", "CreditNote")} if self._typed.active else set())

    def program(self, functions: Functions) -> SummaryProgram:
        typed = self._typed
        return SummaryProgram(
            typed.name,
            typed.span.place,
            typed.over,
            typed.source,
            typed.target,
            typed.active,
            typed.date,
            typed.keys,
            typed.line_keys,
            typed.added,
            None if self._document is None else self._document.program(functions, ()),
            self._member.program(functions, ()),
            _in_words(self._group.program(functions, ())),
        )


_WORDS = {"$count": "count()", "$sequence": "sequence()"}


def _in_words(group: MapProgram) -> MapProgram:
    """What a group's fields read in the words of the rules: keys, what the members have, what is counted."""
    sections = tuple(replace(section, fields=_read(section.fields)) for section in group.sections)
    return replace(group, fields=_read(group.fields), sections=sections)


def _read(rules: Mapping[str, FieldRule]) -> dict[str, FieldRule]:
    return {
        name: replace(rule, reads=tuple(_WORDS.get(path, path.removeprefix("$members.$")) for path in rule.reads))
        for name, rule in rules.items()
    }


def _beside(typed: TypedMap) -> list[ir.Node | None]:
    """What a map works out beside the guards and fields of its header: keys, policies, amounts."""
    nodes: list[ir.Node | None] = [key.node for match in typed.matches for key in match.keys]
    for never in typed.nevers:
        nodes += [never.condition, never.reason]
    if typed.total is not None:
        nodes += [typed.total.amount, typed.total.method, typed.total.limit, typed.total.account]
    for spread in typed.spreads:
        nodes += [spread.amount, spread.condition]
    return nodes


def _section(section: TypedSection) -> Section:
    return Section(section.name, section.target, section.span.place, section.source, _field_rules(section.body))


def _field_rules(body: TypedBody) -> dict[str, FieldRule]:
    return {
        field.target: FieldRule(
            field.target,
            field.type,
            field.span.place,
            Owner(field.owner) if field.owner else Owner.BOTH,
            tuple(read.path for read in paths(field.node, body)),
        )
        for field in body.fields
    }
