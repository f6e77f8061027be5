"""The rules of one test file, ready to be run: checked and compiled once for each map and each set of settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from posixpath import dirname, join, normpath

from zx.catalog.fieldtypes import Bool, Date, Money, Number, OneOf
from zx.catalog.schema import Catalogue
from zx.check.checker import SyncRules, check_map, check_summary, check_table
from zx.check.ir import Const
from zx.check.reporter import Reporter
from zx.check.settings import SettingValue, constant_value
from zx.check.typed import TypedMap
from zx.check.typenames import written_type
from zx.compile.assemble import assemble_map, assemble_summary
from zx.compile.evaluator import MapCode
from zx.compile.program import MapProgram, SummaryProgram
from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.diagnostics.suggest import nearest
from zx.resolve.resolver import resolve
from zx.resolve.ruleset import MapRules, RuleSet, SummaryRules
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.money import amount_text
from zx.verify.cases import Case
from zx.verify.summed import as_map

_SYNC = "this test"
_WHOLE = frozenset({"E0501", "E0504", "E0508"})
"""What `zx check` says of a whole sync; the files of one test may be a part of it."""

SettingTexts = Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True)
class Ready:
    """A map that can be run, or the group of a ``summary``, whose ``members`` are judged first. ``settled`` are the
    places of rules that the settings alone decide."""

    typed: TypedMap
    program: MapProgram
    code: MapCode
    rules: MapRules
    values: Mapping[str, object]
    settled: frozenset[str]
    summary: SummaryProgram | None = None
    members: MapCode | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """``ready`` is None when an error stands in the way. ``errors`` are all codes with their places, whole-sync ones
    too: what tells whether a change made something worse."""

    ready: Ready | None
    diagnostics: tuple[Diagnostic, ...]
    errors: frozenset[tuple[str, str]]


class Bench:
    """``modules`` are the parsed files a test file uses, itself included; ``sources`` their texts."""

    def __init__(
        self,
        file: str,
        modules: Mapping[str, ast.Module],
        sources: Mapping[str, str],
        catalogue: Catalogue,
        timezone: str,
    ) -> None:
        self.file = file
        self.modules = modules
        self.sources = sources
        self.catalogue = catalogue
        self.timezone = timezone
        self.rules, found = resolve(modules)
        self.diagnostics = tuple(diagnostic for diagnostic in found if not _of_others(diagnostic, file))
        self._read: dict[str, frozenset[str]] = {}
        self._attempts: dict[tuple[str, tuple[tuple[str, object], ...]], Attempt] = {}

    def changed(self, module: ast.Module) -> Bench:
        """The same with one file replaced."""
        modules = {**self.modules, module.file: module}
        made = Bench(self.file, modules, self.sources, self.catalogue, self.timezone)
        made._read = dict(self._read)
        return made

    def attempt(self, name: str, settings: SettingTexts, place: Span) -> Attempt:
        """The map ``name`` under ``settings`` on top of the declared defaults; settings without a value that the map
        reads are E0702."""
        key = (name, tuple(sorted((name, repr(value.value)) for name, value in settings.items())))
        known = self._attempts.get(key)
        if known is None:
            known = self._make(name, settings, place)
            self._attempts[key] = known
        return known

    def table_errors(self, name: str) -> frozenset[tuple[str, str]]:
        """What is wrong with a table as a whole; nothing when these files have no such table."""
        if name not in self.rules.tables:
            return frozenset()
        found = check_table(self.rules, self.catalogue, self.sources, name)
        return frozenset((diagnostic.code, diagnostic.span.place) for diagnostic in found if diagnostic.is_error)

    def maps_with(self, item: object) -> list[str]:
        """The maps and summaries of which ``item`` is a part."""
        every: dict[str, MapRules | SummaryRules] = {**self.rules.maps, **self.rules.summaries}
        return [
            name
            for name, rules in every.items()
            if any(item is other for other in (*rules.items, *(one for part in rules.sections for one in part.items)))
        ]

    def _make(self, name: str, settings: SettingTexts, place: Span) -> Attempt:
        given = dict(settings)
        absent = self._absent(name, given, place)
        for setting, node in self.rules.settings.items():
            if setting not in given and node.default is None and not node.type.optional:
                given[setting] = self._stand_in(node, place)
        sync = SyncRules(_SYNC, given, self.timezone, place)
        if name in self.rules.summaries:
            return self._make_summary(name, sync, absent)
        checked = check_map(self.rules, self.catalogue, sync, self.sources, name)
        errors = frozenset((found.code, found.span.place) for found in checked.diagnostics if found.is_error)
        found = tuple(
            _for_a_test(diagnostic)
            for diagnostic in checked.diagnostics
            if diagnostic.is_error and diagnostic.code not in _WHOLE
        )
        if found or absent or checked.map is None:
            return Attempt(None, (*absent, *found), errors)
        program, code = assemble_map(checked.map, checked.tables, self.catalogue)
        rules = self.rules.maps[name]
        values = {word: setting.value for word, setting in checked.settings.items()}
        ready = Ready(checked.map, program, code, rules, values, _settled(rules, checked.map))
        return Attempt(ready, (), errors)

    def _make_summary(self, name: str, sync: SyncRules, absent: tuple[Diagnostic, ...]) -> Attempt:
        checked = check_summary(self.rules, self.catalogue, sync, self.sources, name)
        errors = frozenset((found.code, found.span.place) for found in checked.diagnostics if found.is_error)
        found = tuple(
            _for_a_test(diagnostic)
            for diagnostic in checked.diagnostics
            if diagnostic.is_error and diagnostic.code not in _WHOLE
        )
        if found or absent or checked.summary is None:
            return Attempt(None, (*absent, *found), errors)
        summary, members, code = assemble_summary(checked.summary, checked.tables, self.catalogue)
        rules = as_map(self.rules.summaries[name])
        values = {word: setting.value for word, setting in checked.settings.items()}
        asked = {guard.span.place for guard in checked.summary.member.body.guards}
        settled = {item.span.place for item in rules.items if isinstance(item, ast.Guard)} - asked
        typed = checked.summary.group
        ready = Ready(typed, summary.group, code, rules, values, frozenset(settled), summary, members)
        return Attempt(ready, (), errors)

    def _absent(self, name: str, given: SettingTexts, place: Span) -> tuple[Diagnostic, ...]:
        read = self.settings_read(name)
        return tuple(
            Diagnostic(
                "E0702",
                f"the test does not say what the setting `{setting}` is",
                place,
                f"it has no default ({node.name.span.place}), and the map `{name}` reads it",
                fix=f"with settings {setting} = {self.sample(node)}",
            )
            for setting, node in self.rules.settings.items()
            if node.default is None and not node.type.optional and setting not in given and setting in read
        )

    def _stand_in(self, node: ast.Setting, place: Span) -> SettingValue:
        """A value for a setting that nothing of the test reads."""
        kind = written_type(node.type, self.catalogue, Reporter()).type
        if isinstance(kind, Date):
            return SettingValue("2000-01-01", place)
        if isinstance(kind, Number | Money):
            return SettingValue(Decimal(1), place)
        if isinstance(kind, Bool):
            return SettingValue(False, place)
        return SettingValue(kind.values[0] if isinstance(kind, OneOf) else "x", place)

    def sample(self, node: ast.Setting) -> str:
        """A value that would do for a setting, as a test writes it."""
        value = self._stand_in(node, node.span).value
        kind = written_type(node.type, self.catalogue, Reporter()).type
        if isinstance(kind, Date):
            return "2026-01-01"
        if isinstance(value, bool):
            return "no"
        return f'"{value}"' if isinstance(value, str) else amount_text(value)

    def settings_read(self, name: str) -> frozenset[str]:
        """Settings that the map ``name`` mentions, through the tables it calls."""
        known = self._read.get(name)
        if known is not None:
            return known
        found: set[str] = set()
        done: set[str] = set()
        rules = self.rules.maps.get(name) or self.rules.summaries.get(name)
        todo: list[object] = [] if rules is None else [rules.items, rules.sections]
        while todo:
            for node in nodes(todo.pop()):
                if isinstance(node, ast.Path) and node.head == "settings" and node.rest:
                    found.add(node.rest[0])
                elif isinstance(node, ast.Call) and node.name in self.rules.tables and node.name not in done:
                    done.add(node.name)
                    todo.append(self.rules.tables[node.name].rows)
        self._read[name] = frozenset(found)
        return self._read[name]


def settings_of(bindings: Sequence[ast.Binding], rules: RuleSet) -> tuple[dict[str, SettingValue], list[Diagnostic]]:
    """The values after ``with settings``, plain ones only; their types are judged with the rules."""
    made: dict[str, SettingValue] = {}
    diagnostics: list[Diagnostic] = []
    for binding in bindings:
        name = binding.target.text
        found, value = constant_value(binding.value)
        node = rules.settings.get(name)
        if node is None:
            near = nearest(name, list(rules.settings))
            diagnostics.append(
                Diagnostic(
                    "E0603",
                    f"no rule declares a setting `{name}`",
                    binding.target.span,
                    f"did you mean `{near}`?" if near else "no file that this test uses has it",
                    fix=near,
                )
            )
        elif value is None and found and node.default is None and node.type.optional:
            continue
        elif isinstance(value, str | Decimal | bool):
            made[name] = SettingValue(value, binding.value.span)
        else:
            diagnostics.append(
                Diagnostic(
                    "E0601",
                    f"the setting `{name}` needs a plain value here",
                    binding.value.span,
                    "it has a default, so it is never missing" if found else "a text, number, date, yes or no",
                )
            )
    return made, diagnostics


def uses(file: str, modules: Mapping[str, ast.Module]) -> dict[str, ast.Module]:
    """``file`` and what it uses, directly or through others."""
    found: dict[str, ast.Module] = {}
    todo = [file]
    while todo:
        current = todo.pop()
        module = modules.get(current)
        if module is None or current in found:
            continue
        found[current] = module
        todo += [
            normpath(join(dirname(current), section.path))
            for section in module.sections
            if isinstance(section, ast.Use)
        ]
    return found


def make_bench(
    case: Case, modules: Mapping[str, ast.Module], sources: Mapping[str, str], catalogue: Catalogue, timezone: str
) -> Bench:
    """The bench for the tests of one file."""
    used = uses(case.file, modules)
    texts = {name: text for name, text in sources.items() if name in used or name.endswith(".csv")}
    return Bench(case.file, used, texts, catalogue, timezone)


def nodes(value: object) -> Iterator[object]:
    """Every tree node at or below ``value``."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from nodes(item)
    elif is_dataclass(value) and not isinstance(value, Span | type):
        yield value
        for item in fields(value):
            yield from nodes(getattr(value, item.name))


def _of_others(diagnostic: Diagnostic, file: str) -> bool:
    """Sections of rule files may name maps that this test does not use; warnings are `zx check`'s."""
    return diagnostic.severity is Severity.WARNING or (diagnostic.code == "E0201" and diagnostic.span.file != file)


def _for_a_test(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, label=diagnostic.label.removeprefix(f"sync {_SYNC}; "))


def _settled(rules: MapRules, typed: TypedMap) -> frozenset[str]:
    """Guards, policies and lets that are decided without a record."""
    bodies = [typed.body, *(section.body for section in typed.sections)]
    asked = {guard.span.place for body in bodies for guard in body.guards}
    asked |= {never.span.place for never in typed.nevers} | {spread.span.place for spread in typed.spreads}
    fixed = {let.span.place for body in bodies for let in body.lets if isinstance(let.node, Const)}
    live = {typed.span.place, *(section.span.place for section in typed.sections)}
    found = {
        item.span.place
        for item in rules.items
        if isinstance(item, ast.Guard | ast.Policy | ast.SpreadItem) and item.span.place not in asked
    }
    for section in rules.sections:
        guards = [item for item in section.items if isinstance(item, ast.Guard)]
        if section.span.place in live:
            found |= {guard.span.place for guard in guards if guard.span.place not in asked}
        else:
            found |= {guard.span.place for guard in guards}
    return frozenset(found | fixed)
