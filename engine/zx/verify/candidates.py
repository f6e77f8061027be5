"""What might be tried in a test: values for fields and settings that sit where the rules decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from zx.catalog.fieldtypes import Address, Bool, Date, Enum, Money, Number, OneOf, Ref, SetOf, Text
from zx.catalog.schema import Shape
from zx.check.reporter import Reporter
from zx.check.typenames import written_type
from zx.compile.evaluator import BodyCode
from zx.compile.reads import paths
from zx.stdlib.types import ExprType
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.dates import add_days
from zx.values.money import plain
from zx.verify.bench import Bench, Ready, nodes
from zx.verify.drafts import Draft, quoted
from zx.verify.mutants import LONGEST
from zx.verify.typing import Typing

_HEAD = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a draft: a setting, a field of the record, or a column of the rows ``list``."""

    kind: str
    name: str
    text: str | None
    list: str = ""
    row: int = 0

    def applied(self, draft: Draft) -> Draft:
        if self.kind == "setting":
            return draft.with_setting(self.name, self.text)
        if self.kind == "field":
            return draft.with_field(self.name, self.text)
        grid = draft.grids.get(self.list)
        if grid is None or self.row >= len(grid.rows):
            return draft
        return draft.with_grid(self.list, grid.with_cell(self.row, self.name, self.text or "missing"))


class Candidates:
    """Edits for tests of one map on one bench."""

    def __init__(self, bench: Bench, ready: Ready, source: Shape) -> None:
        self._bench = bench
        self._ready = ready
        self._source = source
        self._numbers = sorted(set(_numbers(bench)))
        self._cells = _cells(bench)

    def settings(self, names: Iterable[str]) -> list[Edit]:
        """Values for the settings ``names``, and none."""
        made = []
        for name in sorted(names):
            node = self._bench.rules.settings.get(name)
            if node is not None:
                kind = written_type(node.type, self._bench.catalogue, Reporter()).type
                made += [Edit("setting", name, text) for text in [*self._values(kind, None), None]]
        return made

    def fields(self, draft: Draft) -> list[Edit]:
        """Values for everything that the map reads of a record and its rows."""
        code, made = self._ready.code, []
        for path in self._read(code.body, [never.condition for never in self._ready.typed.nevers]):
            made += self._edits("field", path, self._source, "", draft)
        for line, section in zip(code.lines, self._ready.typed.sections, strict=True):
            read = self._read(line.body, [])
            if line.source is None:
                for path in read:
                    made += self._edits("field", path, self._source, "", draft)
                continue
            shape = self._row_shape(line.source)
            if shape is None:
                continue
            for path in read:
                if path.startswith("parent."):
                    made += self._edits("field", path.removeprefix("parent."), self._source, "", draft)
                else:
                    made += self._edits("row", path, shape, line.source, draft)
            assert section.source == line.source
        return list(dict.fromkeys(made))

    def _row_shape(self, name: str) -> Shape | None:
        kind = getattr(self._source.fields[name].type, "shape", "")
        return self._bench.catalogue.shape(self._source.system, kind)

    def _read(self, body: BodyCode, conditions: Iterable[object]) -> list[str]:
        found = [read.path for guard in body.guards for read in guard.reads]
        found += [read.path for field in body.fields for read in field.reads]
        for condition in conditions:
            if condition is not None:
                found += [read.path for read in paths(condition, self._ready.typed.body)]  # type: ignore[arg-type]
        total = self._ready.typed.total
        for node in () if total is None else (total.amount,):
            found += [read.path for read in paths(node, self._ready.typed.body)]
        for spread in self._ready.typed.spreads:
            found += [read.path for read in paths(spread.amount, self._ready.typed.body)]
        return list(dict.fromkeys(found))

    def _edits(self, kind: str, path: str, shape: Shape, list_name: str, draft: Draft) -> list[Edit]:
        field = shape.fields.get(path)
        if field is not None and isinstance(field.type, Address):
            parts = [part for part in field.group.values() if part in shape.fields][:2]
            return [Edit(kind, part, '"Somewhere"', list_name) for part in parts]
        typing = Typing(self._bench.catalogue, self._bench.rules, {})
        written = typing.path(ast.HeaderCell(self._ready.typed.span, path))
        slot = None if written is None else typing.slot(written, shape, None)
        if slot is None:
            return []
        texts = [*self._values(slot.type, draft), "missing"]
        return [Edit(kind, path, text, list_name) for text in texts]

    def _values(self, kind: ExprType, draft: Draft | None) -> list[str]:
        match kind:
            case Bool():
                return ["yes", "no"]
            case OneOf(values=values):
                return [quoted(value) for value in values]
            case Enum():
                known = self._bench.catalogue.enumeration(kind.system, kind.name)
                words = [*self._cells.get(str(kind), ()), *(known.values if known else ()), "Other"]
                return [quoted(word) for word in dict.fromkeys(words)]
            case SetOf():
                return [quoted(word) for word in (*self._cells.get(str(kind), ()), "Other 5%")]
            case Number() | Money():
                return [plain(number) for number in self._numbers]
            case Date():
                return _dates(draft)
            case Text():
                return self._texts(kind)
            case Ref():
                lists = self._bench.catalogue.is_list(kind.system, kind.name)
                return ['"998"', '"999"'] if lists else ['"Somebody Else"', '"Q-1"']
        return []

    def _texts(self, kind: Text) -> list[str]:
        lengths = {int(number) for number in self._numbers if number == int(number) and 3 < number <= LONGEST}
        sizes = sorted({size for length in lengths for size in (length, length + 1, length + 2)})
        most = kind.length or LONGEST
        long = [(_HEAD * (size // len(_HEAD) + 1))[:size] for size in sizes if size <= most]
        return [quoted(text) for text in ("X", "A-1", " Two  Words ", "Ann@C.Example", *long)]


def _numbers(bench: Bench) -> Iterable[Decimal]:
    """Numbers around those that the rules name."""
    named = {Decimal(0), Decimal(1), Decimal(10), Decimal("100.04")}
    for module in bench.modules.values():
        for node in nodes([section for section in module.sections if not isinstance(section, ast.TestSection)]):
            if isinstance(node, ast.Constant) and isinstance(node.value, Decimal) and abs(node.value) < 1000:
                named.add(node.value)
    return {number + step for number in named for step in (-1, 0, 1)} | {Decimal("0.01"), Decimal("1234.56")}


def _cells(bench: Bench) -> Mapping[str, tuple[str, ...]]:
    """Values that stand in tables, by the type of their column."""
    found: dict[str, dict[str, None]] = {}
    for table in bench.rules.tables.values():
        for index, parameter in enumerate(table.parameters):
            kind = str(written_type(parameter.type, bench.catalogue, Reporter()).type)
            for row in table.rows.rows if table.rows is not None else ():
                cell = row.cells[index]
                if isinstance(cell, ast.ValuesCell):
                    found.setdefault(kind, {}).update(dict.fromkeys(value.text for value in cell.values))
    return {kind: tuple(texts) for kind, texts in found.items()}


def _dates(draft: Draft | None) -> list[str]:
    known = ["2026-01-31", "2026-02-10"]
    if draft is not None:
        texts = [*draft.settings.values(), *draft.fields.values()]
        days = [text for text in texts if len(text) == 10 and text[:4].isdigit() and text[4] == "-"]
        known += [add_days(day, step) for day in days for step in (-1, 0, 1)]
    return list(dict.fromkeys(known))
