"""All tests of some files: prepared, run, counted. The door of the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zx.catalog.schema import Catalogue
from zx.diagnostics.diagnostic import Diagnostic
from zx.syntax import ast
from zx.syntax.parser import parse
from zx.values.dataclass import dataclass
from zx.verify.bench import Bench, Ready, SettingTexts, make_bench, settings_of
from zx.verify.cases import Case, cases_of
from zx.verify.prepare import Fixtures, Prepared, prepare
from zx.verify.run import Result, Runner
from zx.verify.stage import promised_rates


@dataclass(frozen=True, slots=True)
class Item:
    """A test that can be run: with what, on which bench, under which settings."""

    prepared: Prepared
    bench: Bench
    runner: Runner
    ready: Ready
    settings: SettingTexts

    @property
    def case(self) -> Case:
        return self.prepared.case

    def run(self) -> Result:
        return self.runner.run(self.prepared, self.ready)


@dataclass(frozen=True, slots=True)
class Suite:
    """``items`` are the tests that check, in the order of files and lines; ``modules`` all files of all tests."""

    items: tuple[Item, ...]
    diagnostics: tuple[Diagnostic, ...]
    modules: Mapping[str, ast.Module]
    sources: Mapping[str, str]

    @property
    def broken(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Ran:
    """Every test with its result, and what was wrong with the files."""

    results: tuple[Result, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if not result.passed)


def load_suite(
    sources: Mapping[str, str],
    tests: Sequence[str],
    catalogue: Catalogue,
    timezones: Mapping[str, str],
    fixtures: Fixtures,
    *,
    containing: str = "",
) -> Suite:
    """The tests of the files ``tests``, those whose title has ``containing`` in it. ``sources`` are all rule files;
    ``timezones`` gives the zone of each test file."""
    modules: dict[str, ast.Module] = {}
    diagnostics: list[Diagnostic] = []
    for file, text in sources.items():
        if file.endswith(".csv"):
            continue
        module, found = parse(text, file)
        modules[file] = module
        diagnostics.extend(found)
    cases, found = cases_of({file: modules[file] for file in tests if file in modules})
    diagnostics.extend(found)
    wanted = [case for case in cases if containing.casefold() in case.title.casefold()]
    items = []
    benches: dict[str, tuple[Bench, Runner]] = {}
    plain = Catalogue(catalogue.shapes, catalogue.enumerations)
    used: set[str] = set(tests)
    for case in wanted:
        if case.file not in benches:
            bench = make_bench(case, modules, sources, plain, timezones.get(case.file, "UTC"))
            rates = promised_rates(plain, bench.rules)
            benches[case.file] = (bench, Runner(plain, bench.rules, bench.timezone, rates))
            diagnostics.extend(bench.diagnostics)
            used |= set(bench.modules)
        made = _item(case, *benches[case.file], fixtures, diagnostics)
        if made is not None:
            items.append(made)
    kept = [found for found in diagnostics if found.span.file in used or found.span.file not in sources]
    unique = sorted(dict.fromkeys(kept), key=lambda found: (found.span, found.code))
    return Suite(tuple(items), tuple(unique), {name: modules[name] for name in sorted(used & set(modules))}, sources)


def _item(case: Case, bench: Bench, runner: Runner, fixtures: Fixtures, diagnostics: list[Diagnostic]) -> Item | None:
    prepared, found = prepare(case, bench, fixtures)
    diagnostics.extend(found)
    settings, wrong = settings_of(case.settings, bench.rules)
    diagnostics.extend(wrong)
    if case.map not in bench.rules.maps and case.map not in bench.rules.summaries:
        return None
    attempt = bench.attempt(case.map, settings, case.span)
    diagnostics.extend(attempt.diagnostics)
    if prepared is None or wrong or attempt.ready is None:
        return None
    return Item(prepared, bench, runner, attempt.ready, settings)


def ran(suite: Suite, results: Sequence[Result]) -> Ran:
    """The results with everything that keeps tests from saying what they should."""
    unsaid = [result.unsaid for result in results if result.unsaid is not None]
    return Ran(tuple(results), (*suite.diagnostics, *unsaid))
