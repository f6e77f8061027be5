"""The test that is missing: found by trying records on the rules and on the mutant until the two part, and proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice, product
from operator import methodcaller
from typing import Any

from zx.catalog.fieldtypes import Bool, Date, DateTime, Many, Money, Number, Type
from zx.catalog.schema import Shape
from zx.runtime.values import TargetRef
from zx.syntax import ast
from zx.syntax.parser import parse
from zx.verify.bench import Bench, Ready, SettingTexts, nodes, settings_of
from zx.verify.candidates import Candidates, Edit
from zx.verify.cases import cases_of
from zx.verify.drafts import Draft, Grid, aligned, draft_of, laid_out, quoted
from zx.verify.mutants import Mutant
from zx.verify.mutation import Mutated
from zx.verify.prepare import Fixtures, Prepared, prepare
from zx.verify.run import Runner, Seen, shown
from zx.verify.suite import Item

_BASES = 4
_FILE = "missing_test.zx"


class MissingTests:
    """Writes missing tests. ``expired`` ends a search."""

    def __init__(self, sources: Mapping[str, str], fixtures: Fixtures, expired: Callable[[], bool]) -> None:
        self._sources = sources
        self._fixtures = fixtures
        self._expired = expired

    def write(self, mutant: Mutant, items: Sequence[Item], mutated: Mutated, depth: int) -> tuple[str, str, int]:
        """The test, the file it belongs to, and the number of records tried, ``depth`` at most. ``items``: tests to
        start from, the likeliest first."""
        tries = 0
        for item, base in islice(self._bases(mutant, items), _BASES):
            search = _Search(mutant, item, base, mutated, self._fixtures)
            for draft in islice(search.drafts(), depth // 2):
                tries += 1
                if self._expired() or tries > depth:
                    return "", "", tries
                text = search.tried(draft)
                if text:
                    return text, item.case.file, tries
        return "", "", tries

    def _bases(self, mutant: Mutant, items: Sequence[Item]) -> Iterator[tuple[Item, Draft]]:
        """Tests to start from, of different settings first; a blank one for a map that no test runs."""
        touching = [item for item in items if _touches(item.bench, item.case.map, mutant)]
        known: set[tuple[str, ...]] = set()
        later: list[tuple[Item, Draft]] = []
        for item in touching:
            base = draft_of(item.case, self._sources.get(item.case.file, ""))
            key = (item.case.map, *sorted(item.settings))
            if base is not None and key not in known:
                known.add(key)
                yield item, base
            elif base is not None:
                later.append((item, base))
        yield from later
        for item in items[:1] if not touching else ():
            for name in item.bench.rules.maps:
                if _touches(item.bench, name, mutant):
                    yield item, _blank(item.bench, name)


def _blank(bench: Bench, name: str) -> Draft:
    """A test of the map ``name`` that says what every record has, and the settings that have no default."""
    source = bench.rules.maps[name].node.source
    shape = bench.catalogue.shape(source.system, source.name)
    fields = {} if shape is None else shape.fields
    given = {
        field: _sample(item.type)
        for field, item in fields.items()
        if not item.optional and shape is not None and field != shape.id_field and not isinstance(item.type, Many)
    }
    rows = {field: Grid(("Quantity",), (("1",),)) for field, item in fields.items() if isinstance(item.type, Many)}
    settings = {
        setting: bench.sample(node)
        for setting, node in bench.rules.settings.items()
        if node.default is None and not node.type.optional and setting in bench.settings_read(name)
    }
    return Draft(name, settings, given, rows)


def _touches(bench: Bench, name: str, mutant: Mutant) -> bool:
    """Whether the map ``name`` has anything to do with the mutant."""
    if mutant.item is not None:
        return name in bench.maps_with(mutant.item)
    if mutant.setting:
        return mutant.setting in bench.settings_read(name)
    return mutant.table in _tables_of(bench, name)


def _tables_of(bench: Bench, name: str) -> set[str]:
    found: set[str] = set()
    rules = bench.rules.maps.get(name)
    todo: list[object] = [] if rules is None else [rules.items, rules.sections]
    while todo:
        for node in nodes(todo.pop()):
            if isinstance(node, ast.Call) and node.name in bench.rules.tables and node.name not in found:
                found.add(node.name)
                todo.append(bench.rules.tables[node.name].rows)
    return found


class _Search:
    """Tries drafts on the rules and on one mutant."""

    def __init__(self, mutant: Mutant, item: Item, base: Draft, mutated: Mutated, fixtures: Fixtures) -> None:
        self._mutant = mutant
        self._base = base
        self._bench = item.bench
        self._changed = mutated.bench(item.bench)
        self._runner: Runner = item.runner
        self._fixtures = fixtures
        source = item.bench.rules.maps[base.map].node.source
        shape = item.bench.catalogue.shape(source.system, source.name)
        assert shape is not None
        self._shape: Shape = shape
        blank = base.map != item.case.map
        ready = self._ready(base.text("t", '  expect fail ""')) if blank else None
        self._candidates = Candidates(item.bench, ready[1] if ready else item.ready, shape)

    # --- what is tried ----------------------------------------------------------------------------------------------

    def drafts(self) -> Iterator[Draft]:
        """The base, each single edit of it, then pairs; what the mutated rule reads comes first."""
        base = self._base
        yield base
        yield from self._existing(base)
        near, far = self._edits(base)
        near.sort(key=lambda edit: edit.kind == "setting")  # a setting has both rule sets compiled again
        far = [edit for edit in far if edit.kind != "setting"]
        for edit in (*near, *far):
            yield edit.applied(base)
        switches = [edit for edit in near if edit.kind == "setting"]
        for first, second in product(switches or near[:20], near):
            if (first.kind, first.name, first.list) != (second.kind, second.name, second.list):
                yield second.applied(first.applied(base))
        for first, second in product(near, far):
            yield second.applied(first.applied(base))

    def _existing(self, base: Draft) -> Iterator[Draft]:
        """The base with a record in the target that the rules take for its own."""
        ready = self._ready(base.text("t", '  expect fail ""'))
        if ready is None or not isinstance(self._mutant.item, ast.Policy | ast.Match):
            return
        prepared, before, _ = ready
        seen = self._runner.see(prepared, before)
        for match in before.typed.matches:
            names = tuple(key.target for key in match.keys)
            values = tuple(_written(seen.fields.get(name)) for name in names)
            if "missing" not in values:
                kind = before.program.target
                draft = base.with_grid(str(kind), Grid(names, (values,)))
                yield draft
                for edit in self._edits(base)[0]:
                    if edit.kind == "setting":
                        yield edit.applied(draft)

    def _edits(self, base: Draft) -> tuple[list[Edit], list[Edit]]:
        words = self._words()
        settings = self._candidates.settings(self._bench.settings_read(self._base.map))
        every = [*settings, *self._candidates.fields(base)]
        near = [edit for edit in every if _spoken_of(edit, words)]
        return near, [edit for edit in every if edit not in near]

    def _words(self) -> set[str]:
        """Names in the mutated rule, and in the lets and table calls it leads to."""
        start: object = self._mutant.item if self._mutant.item is not None else self._mutant.old
        words: set[str] = {self._mutant.setting} - {""}
        todo: list[object] = [start]
        rules = self._bench.rules.maps[self._base.map]
        items = [*rules.items, *(item for section in rules.sections for item in section.items)]
        lets = {item.name: item.value for item in items if isinstance(item, ast.Let)}
        for section in rules.sections:
            if any(item is self._mutant.item for item in section.items):
                todo += [item for item in section.items if isinstance(item, ast.Guard)]
        if self._mutant.table or self._mutant.setting:
            names = {self._mutant.table}
            for item in items:
                mentions = {node.name for node in nodes(item) if isinstance(node, ast.Call)}
                paths = {node.rest[0] for node in nodes(item) if isinstance(node, ast.Path) and node.rest}
                if mentions & names or self._mutant.setting in paths:
                    todo.append(item)
        while todo:
            for node in nodes(todo.pop()):
                if isinstance(node, ast.Path):
                    name = node.rest[0] if node.head in ("settings", "parent") and node.rest else node.head
                    if name not in words:
                        words.add(name)
                        todo.append(lets.get(name, ()))
        return words

    # --- trying -----------------------------------------------------------------------------------------------------

    def tried(self, draft: Draft) -> str:
        """The missing test when ``draft`` tells the two apart, else nothing."""
        made = self._run(draft)
        if made is None:
            return ""
        expected = _expected(*made)
        if not expected:
            return ""
        title = f"{self._base.map}: {self._mutant.span.place}, {self._mutant.what}"
        for wanted in expected:
            full = self._completed(draft, title, wanted)
            if full is not None:
                return laid_out(self._least(full, title, wanted).text(title, wanted))
        return ""

    def _run(self, draft: Draft) -> tuple[Seen, Seen] | None:
        ready = self._ready(draft.text("t", '  expect fail ""'))
        if ready is None:
            return None
        prepared, before, after = ready
        first, second = self._runner.see(prepared, before), self._runner.see(prepared, after)
        return None if _same(first, second) else (first, second)

    def _ready(self, text: str) -> tuple[Prepared, Ready, Ready] | None:
        module, wrong = parse(text, _FILE)
        cases, _ = cases_of({_FILE: module})
        if wrong or len(cases) != 1:
            return None
        prepared, found = prepare(cases[0], self._bench, self._fixtures)
        settings, unfit = settings_of(cases[0].settings, self._bench.rules)
        if prepared is None or found or unfit:
            return None
        return self._attempts(prepared, settings)

    def _attempts(self, prepared: Prepared, settings: SettingTexts) -> tuple[Prepared, Ready, Ready] | None:
        case = prepared.case
        before = self._bench.attempt(case.map, settings, case.span).ready
        after = self._changed.attempt(case.map, settings, case.span).ready
        return None if before is None or after is None else (prepared, before, after)

    def _completed(self, draft: Draft, title: str, expected: str) -> Draft | None:
        """The draft with every field said that the test needs, when it passes on the rules and fails on the mutant."""
        for _ in range(8):
            ready = self._ready(draft.text(title, expected))
            if ready is None:
                return None
            prepared, before, after = ready
            result = self._runner.run(prepared, before)
            if result.unsaid is None:
                kills = result.passed and not self._runner.run(prepared, after).passed
                return draft if kills else None
            name = result.unsaid.message.partition("`")[2].partition("`")[0]
            if name not in self._shape.fields or name in draft.fields:
                return None
            draft = draft.with_field(name, _sample(self._shape.fields[name].type))
        return None

    def _kills(self, draft: Draft, title: str, expected: str) -> bool:
        ready = self._ready(draft.text(title, expected))
        if ready is None:
            return False
        prepared, before, after = ready
        return self._runner.run(prepared, before).passed and not self._runner.run(prepared, after).passed

    def _least(self, draft: Draft, title: str, expected: str) -> Draft:
        """The draft without everything that the test does not need."""
        for smaller in _smaller(draft):
            made = smaller(draft)
            if self._kills(made, title, expected):
                draft = made
        return draft


def _spoken_of(edit: Edit, words: set[str]) -> bool:
    return edit.name.partition(".")[0].partition("[")[0] in words


def _sample(kind: Type) -> str:
    """A value of this type, as a test writes it."""
    match kind:
        case DateTime():
            return '"2026-01-01T10:00:00+00:00"'
        case Date():
            return "2026-01-01"
        case Number() | Money():
            return "10.00"
        case Bool():
            return "yes"
    return '"1001"'


def _smaller(draft: Draft) -> Iterator[Callable[[Draft], Draft]]:
    for name in draft.settings:
        yield methodcaller("with_setting", name, None)
    for name in draft.fields:
        yield methodcaller("with_field", name, None)
    for name, grid in draft.grids.items():
        yield methodcaller("with_grid", name, None)
        for row in reversed(range(len(grid.rows))):
            yield partial(_less, name=name, change=methodcaller("without_row", row))
        for column in grid.header:
            yield partial(_less, name=name, change=methodcaller("without_column", column))


def _less(draft: Draft, name: str, change: Callable[[Grid], Grid]) -> Draft:
    grid = draft.grids.get(name)
    if grid is None:
        return draft
    try:
        return draft.with_grid(name, change(grid))
    except (ValueError, IndexError):
        return draft


# --- what is expected -------------------------------------------------------------------------------------------------


def _same(one: Seen, other: Seen) -> bool:
    same: bool = _picture(one) == _picture(other)
    return same


def _picture(seen: Seen) -> Any:
    """What a test could see: of a failed record too, since a slice leaves out what fails."""
    if seen.outcome in ("skip", "cancel"):
        return seen.outcome, seen.reasons
    lines = [{name: shown(value) for name, value in line.fields.items()} for line in seen.lines]
    fields = {name: shown(value) for name, value in seen.fields.items()}
    return seen.outcome, seen.reasons, fields, lines, seen.totals, seen.warnings


def _expected(before: Seen, after: Seen) -> list[str]:
    """What a test may expect that is true of the rules and not of the mutant, the plainest first."""
    if before.outcome != "in":
        gone = [reason for reason in before.reasons if reason not in after.reasons or before.outcome != after.outcome]
        if gone or before.outcome != "fail":
            return [f"  expect {before.outcome} {quoted(reason)}" for reason in gone[:2]]
    made = []
    if before.outcome != after.outcome or before.reasons != after.reasons:
        names = [name for name, value in before.fields.items() if _writable(value)]
        made += [f"  expect\n    {name} = {_written(before.fields[name])}" for name in names[:3]]
        return made
    fields = [
        name
        for name in dict.fromkeys((*before.fields, *after.fields))
        if shown(before.fields.get(name)) != shown(after.fields.get(name)) and _writable(before.fields.get(name))
    ]
    if fields:
        made.append("  expect\n" + "\n".join(f"    {name} = {_written(before.fields.get(name))}" for name in fields))
    made += _expected_rows(before, after)
    totals = [name for name in before.totals if before.totals[name] != after.totals.get(name)]
    made += [f"  expect\n    {name} = {_written(before.totals[name])}" for name in totals[:1]]
    gone = [text for text in before.warnings if text not in after.warnings]
    made += [f"  expect warn {quoted(text)}" for text in gone[:1]]
    return made


def _expected_rows(before: Seen, after: Seen) -> list[str]:
    names = list(dict.fromkeys(name for line in (*before.lines, *after.lines) for name in line.fields))
    pairs = list(zip(before.lines, after.lines, strict=False))
    differing = [
        name
        for name in names
        if any(shown(one.fields.get(name)) != shown(other.fields.get(name)) for one, other in pairs)
    ]
    if len(before.lines) != len(after.lines):
        differing = (
            ["Description", *differing] if "Description" not in differing and "Description" in names else differing
        )
        differing = differing or names[:1]
    if not differing or not before.lines:
        return []
    rows = tuple(tuple(_written(line.fields.get(name)) for name in differing) for line in before.lines)
    grid = aligned(Grid(tuple(differing), rows))
    text = "\n".join(f"    | {' | '.join(cells)} |" for cells in grid)
    return [f"  expect {before.list}\n{text}"]


def _writable(value: object) -> bool:
    return value is None or isinstance(value, str | Decimal | bool | TargetRef)


def _written(value: object) -> str:
    if isinstance(value, TargetRef):
        return quoted(value.code or "")
    if isinstance(value, str):
        text = shown(value)
        return text if not text.startswith('"') else quoted(value)
    return shown(value)
