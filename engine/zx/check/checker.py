"""The door of the checker: a rule set, its settings and the catalogue in, typed rules and diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import field

from zx.catalog.schema import Catalogue
from zx.check.census import Census
from zx.check.combinations import report_combinations
from zx.check.expressions import Expressions
from zx.check.ir import TableCode
from zx.check.leftovers import report_leftovers
from zx.check.maps import Maps
from zx.check.overlaps import report_overlaps, sent_from
from zx.check.reporter import Reporter
from zx.check.roundtrips import report_round_trips
from zx.check.scope import World
from zx.check.settings import Settings, SettingValue, type_settings
from zx.check.summaries import Summaries
from zx.check.tables import Tables
from zx.check.typed import TypedMap, TypedRules, TypedSummary
from zx.check.usage import report_unused
from zx.check.wholemaps import report_cancelling, report_empty_keys
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.resolve.ruleset import RuleSet, SummaryRules
from zx.resolve.unseen import report_unseen
from zx.syntax import ast
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class SyncRules:
    """What one sync adds to the rules. ``place`` is where zx.toml names it; ``census`` counts what was last read."""

    name: str
    settings: Mapping[str, SettingValue]
    timezone: str
    place: Span
    census: Census = field(default_factory=dict)


def check(
    rules: RuleSet,
    modules: Mapping[str, ast.Module],
    catalogue: Catalogue,
    sync: SyncRules,
    sources: Mapping[str, str],
) -> tuple[TypedRules, tuple[Diagnostic, ...]]:
    """Types and specialises ``rules`` for ``sync``. Everything that is wrong is reported, not only the first."""
    reporter = Reporter()
    settings = type_settings(rules.settings, sync.settings, catalogue, reporter, sync.name, sync.place, rules.lost)
    world = World(catalogue, rules, settings, reporter, sources, census=sync.census)
    world.live_maps = _live_maps(world)
    checker, maps = _tools(world)
    known: dict[str, TypedMap] = {}
    for name, map_rules in rules.maps.items():
        with nullcontext() if name in world.live_maps else checker.dead():
            made = maps.check(map_rules)
        if made is not None:
            known[name] = made
    typed = {name: made for name, made in known.items() if name in world.live_maps}
    summaries = _summaries(world, checker, maps, known)
    for table in rules.tables.values():
        checker.tables.check(table)
    for name in typed:
        report_cancelling(world, rules.maps[name])
    if not reporter.is_wrong() and not any(rules.lost_lines.values()):
        # With a mistake left, what looks needless or always missing may be so because of it.
        for name, made in typed.items():
            report_empty_keys(world, rules.maps[name], made)
        report_overlaps(
            world, rules, (*typed.values(), *(sent_from(made) for made in summaries.values() if made.active))
        )
        checker.doubts.report(reporter)
        report_leftovers(world, rules, typed)
        whole = TypedRules(typed, checker.tables.codes, {})
        reporter.take(report_round_trips(whole, catalogue))
        reporter.take(report_combinations(rules, whole, sync.census))
    report_unused(rules, modules, reporter)
    values = {name: setting.value for name, setting in settings.items()}
    unseen = report_unseen((*rules.unseen, *world.unseen), rules.visible)
    working = {name: made for name, made in summaries.items() if made.over is None or made.over in typed}
    return TypedRules(typed, checker.tables.codes, values, working), (*unseen, *reporter.diagnostics)


def _summaries(
    world: World, checker: Expressions, maps: Maps, known: Mapping[str, TypedMap]
) -> dict[str, TypedSummary]:
    """The checked summaries. The shapes of documents and groups are known only while they are checked."""
    catalogue, found = world.catalogue, {}
    for name, rules in world.rules.summaries.items():
        with world.reporter.silence() if _stands_on_mistakes(world, rules) else nullcontext():
            made = Summaries(checker, maps).check(rules, known)
        world.catalogue = catalogue
        if made is not None:
            found[name] = made
    return found


def _stands_on_mistakes(world: World, rules: SummaryRules) -> bool:
    """Whether anything outside of a summary is wrong. It says what becomes of the documents of a map, so whatever is
    wrong there would be reported here once more."""
    node = rules.node
    places = [
        item.span for item in (*rules.items, *rules.sections, *(one for part in rules.sections for one in part.items))
    ]
    own = {(span.file, line) for span in (node.span, *places) for line in range(span.line, span.end_line + 1)}
    lost = {(file, line) for file, lines in world.rules.lost_lines.items() for line in lines}
    wrong = {(one.span.file, one.span.line) for one in world.reporter.diagnostics if one.is_error}
    first, last = node.span.line, max(line for file, line in own if file == node.span.file)
    return any(file != node.span.file or not first <= line <= last + 1 for file, line in (lost | wrong) - own)


@dataclass(frozen=True, slots=True)
class CheckedMap:
    """One map checked by itself: ``map`` is None when its kinds do not exist. ``tables`` are those it calls."""

    map: TypedMap | None
    tables: Mapping[str, TableCode]
    settings: Settings
    diagnostics: tuple[Diagnostic, ...]


def check_map(
    rules: RuleSet,
    catalogue: Catalogue,
    sync: SyncRules,
    sources: Mapping[str, str],
    name: str,
) -> CheckedMap:
    """Types and specialises the map ``name`` alone: what a rule test needs."""
    reporter = Reporter()
    settings = type_settings(rules.settings, sync.settings, catalogue, reporter, sync.name, sync.place)
    world = World(catalogue, rules, settings, reporter, sources)
    world.live_maps = _live_maps(world)
    checker, maps = _tools(world)
    made = maps.check(rules.maps[name])
    return CheckedMap(made, checker.tables.codes, settings, reporter.diagnostics)


@dataclass(frozen=True, slots=True)
class CheckedSummary:
    """One summary checked by itself: ``summary`` is None when it cannot be run."""

    summary: TypedSummary | None
    tables: Mapping[str, TableCode]
    settings: Settings
    diagnostics: tuple[Diagnostic, ...]


def check_summary(
    rules: RuleSet, catalogue: Catalogue, sync: SyncRules, sources: Mapping[str, str], name: str
) -> CheckedSummary:
    """Types and specialises the summary ``name`` alone; of the map that it sums up only what its documents have."""
    reporter = Reporter()
    settings = type_settings(rules.settings, sync.settings, catalogue, reporter, sync.name, sync.place)
    world = World(catalogue, rules, settings, reporter, sources)
    world.live_maps = _live_maps(world)
    checker, maps = _tools(world)
    node = rules.summaries[name].node
    known: dict[str, TypedMap] = {}
    if isinstance(node.source, ast.Name) and node.source.text in rules.maps:
        with reporter.silence():
            made = maps.check(rules.maps[node.source.text])
        known = {} if made is None else {made.name: made}
    summary = Summaries(checker, maps).check(rules.summaries[name], known)
    return CheckedSummary(summary, checker.tables.codes, settings, reporter.diagnostics)


def check_table(rules: RuleSet, catalogue: Catalogue, sources: Mapping[str, str], name: str) -> tuple[Diagnostic, ...]:
    """What is wrong with one table as a whole, whoever calls it and whatever the settings."""
    world = World(
        catalogue,
        rules,
        type_settings(rules.settings, {}, catalogue, Reporter(), "", Span("", 1, 1, 1, 1)),
        Reporter(),
        sources,
    )
    _tools(world)[0].tables.check(rules.tables[name])
    return world.reporter.diagnostics


def expressions(world: World) -> Expressions:
    """A checker of single expressions in ``world``."""
    return _tools(world)[0]


def _tools(world: World) -> tuple[Expressions, Maps]:
    checker = Expressions(world)
    checker.tables = Tables(checker)
    return checker, Maps(checker)


def _live_maps(world: World) -> frozenset[str]:
    """The maps that some record can be in scope of. A map that asks only dead ones may be dead too, so this goes on
    until nothing changes."""
    live = frozenset(world.rules.maps)
    while True:
        world.live_maps = live
        _, maps = _tools(world)
        left = frozenset(name for name in live if not maps.is_dead(world.rules.maps[name]))
        if left == live:
            return live
        live = left
