"""Each mutant run against the tests that come by it: noticed, refused by the checker, or a test is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Protocol

from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.verify.bench import Attempt, Bench
from zx.verify.mutants import Mutant, mutants_of
from zx.verify.run import Result
from zx.verify.suite import Item, Suite

DEPTHS = (60, 400)
"""Records tried for one mutant: a few for each of them first, then many for those that are left."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test notices. ``test`` is the missing test, ready to paste into ``file``; empty when none was
    found in ``tries`` attempts."""

    mutant: Mutant
    reached: int
    test: str = ""
    file: str = ""
    tries: int = 0


@dataclass(slots=True)
class Mutation:
    """What became of all mutants. ``refused`` are those that `zx check` stops by itself; ``left`` were not run for want
    of time."""

    killed: int = 0
    refused: int = 0
    left: int = 0
    survivors: list[Survivor] = field(default_factory=list)

    @property
    def score(self) -> int:
        """Per cent of the mutants that were run and could be noticed; 100 when there were none."""
        total = self.killed + len(self.survivors)
        return 100 if not total else self.killed * 100 // total


class Writer(Protocol):
    """Finds missing tests."""

    def write(self, mutant: Mutant, items: Sequence[Item], mutated: Mutated, depth: int) -> tuple[str, str, int]:
        """The text of the missing test (empty: none found), the file it belongs to, and how many records were tried,
        ``depth`` at most."""


class Mutated:
    """The rules with one mutant in them, for whichever test file uses them."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self._benches: dict[int, Bench] = {}

    def bench(self, original: Bench) -> Bench:
        known = self._benches.get(id(original))
        if known is None:
            module = original.modules[self.mutant.file]
            known = original.changed(self.mutant.applied(module))
            self._benches[id(original)] = known
        return known

    def attempt(self, item: Item) -> Attempt:
        return self.bench(item.bench).attempt(item.case.map, item.settings, item.case.span)

    def is_refused(self, item: Item, name: str) -> bool:
        """Whether `zx check` says something about the mutant, in the map ``name``, that it did not say before."""
        changed = self.bench(item.bench)
        table = self.mutant.table
        if table and changed.table_errors(table) - item.bench.table_errors(table):
            return True
        before = item.bench.attempt(name, item.settings, item.case.span).errors
        return bool(changed.attempt(name, item.settings, item.case.span).errors - before)


def _unheard(what: str, done: int, total: int | None) -> None:
    """Progress that nobody sees."""


def mutate(
    suite: Suite,
    results: Sequence[Result],
    expired: Callable[[], bool],
    writer: Writer | None = None,
    progress: Callable[[str, int, int | None], None] = _unheard,
) -> Mutation:
    """Runs every mutant of the tested rules, in the order of files and lines, until ``expired``."""
    made = Mutation()
    passing = [(item, result) for item, result in zip(suite.items, results, strict=True) if result.passed]
    unnoticed: list[tuple[Mutant, list[Item], Mutated]] = []
    mutants = mutants_of(suite.modules, suite.sources)
    for number, mutant in enumerate(mutants):
        progress("mutants", number, len(mutants))
        if expired():
            made.left += 1
            continue
        mutated = Mutated(mutant)
        concerned = [item for item, _ in passing if mutant.file in item.bench.modules]
        reaching = _grouped([item for item, result in passing if _reaches(item, result, mutant)])
        verdict = _verdict(mutated, reaching, concerned)
        if verdict == "refused":
            made.refused += 1
        elif verdict == "killed":
            made.killed += 1
        else:
            unnoticed.append((mutant, reaching, mutated))
    found: dict[int, tuple[str, str, int]] = {}
    for depth in DEPTHS if writer is not None else ():
        for number, (mutant, reaching, mutated) in enumerate(unnoticed):
            progress("missing tests", number, len(unnoticed))
            if writer is None or expired() or found.get(number, ("", "", 0))[0]:
                continue
            others = [item for item, _ in passing if mutant.file in item.bench.modules and item not in reaching]
            # Members of a summary are not made up: what is missing there a person writes.
            bases = [item for item in (*reaching, *others) if item.case.map in item.bench.rules.maps]
            if bases:
                found[number] = writer.write(mutant, bases, mutated, depth)
    for number, (mutant, reaching, _) in enumerate(unnoticed):
        made.survivors.append(Survivor(mutant, len(reaching), *found.get(number, ("", "", 0))))
    return made


def _grouped(items: Sequence[Item]) -> list[Item]:
    """Tests of one map and settings together, the largest group first: each group compiles the mutant once."""
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        key = (item.case.map, *(f"{name}={value.value}" for name, value in sorted(item.settings.items())))
        groups.setdefault(key, []).append(item)
    return [item for group in sorted(groups.values(), key=len, reverse=True) for item in group]


def _reaches(item: Item, result: Result, mutant: Mutant) -> bool:
    if mutant.file not in item.bench.modules:
        return False
    if isinstance(mutant.item, ast.Match):
        given = item.prepared.surroundings.records.get(item.ready.program.target)
        return bool(given) and item.case.map in item.bench.maps_with(mutant.item)
    if mutant.setting:
        return mutant.setting not in item.settings and mutant.setting in item.bench.settings_read(item.case.map)
    return any(place in result.seen for place in mutant.places)


def _verdict(mutated: Mutated, reaching: Sequence[Item], concerned: Sequence[Item]) -> str:
    """``killed``, ``refused`` or ``survived``; refused as soon as any map of any test file does not check."""
    mutant = mutated.mutant
    if not reaching:
        for item in concerned[:1]:
            names = item.bench.maps_with(mutant.item) if mutant.item is not None else [item.case.map]
            if any(mutated.is_refused(item, name) for name in names):
                return "refused"
        return "survived"
    if mutated.is_refused(reaching[0], reaching[0].case.map):
        return "refused"
    for item in reaching:
        ready = mutated.attempt(item).ready
        if ready is None:
            return "refused"
        if not item.runner.run(item.prepared, ready).passed:
            return "killed"
    return "survived"
