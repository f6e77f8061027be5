"""Tables whose rows come from a CSV file: the file found, its header and every cell checked, keys unique.

The rows stay data: they are handed to the generated code as one dictionary and are never compiled. A blank cell is
missing; every other cell is a plain value, so `*` or `missing` in such a file are just texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from decimal import Decimal

from zx.catalog.fieldtypes import Address, SetOf, Text
from zx.check.cells import WRONG, cell_value, percentage_of
from zx.check.ir import CsvRows
from zx.check.rates import Rates
from zx.check.reporter import Reporter
from zx.check.scope import World
from zx.check.typenames import NamedType
from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import ExprType, describe
from zx.syntax import ast
from zx.syntax.csvtext import CsvLine, CsvText, csv_name, read_csv
from zx.syntax.rows import read_value
from zx.values.dataclass import dataclass

_MOST = 20
"""Mistakes shown of one file: a column of another kind would be one for each line."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The rows of a table with everything that is wrong with them; ``longest`` is the most characters of a result."""

    rows: CsvRows
    found: tuple[Diagnostic, ...]
    longest: int | None


class CsvTables:
    """The CSV tables of one world, each judged once while live and once while not."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, bool], CsvTable] = {}

    def table(self, table: ast.Table, parameters: Sequence[NamedType], result: NamedType) -> CsvTable:
        """The rows of ``table``; what is wrong with them is reported."""
        key = (table.name.text, self._world.live)
        known = self._known.get(key) or self._known.get((table.name.text, True))
        if known is None:
            judge = _Judge(replace(self._world, reporter=Reporter()), table, parameters, result)
            known = self._known[key] = judge.run()
        self._world.reporter.take(known.found)
        return known


@dataclass(slots=True)
class _Judge:
    """One file judged, in a world whose reporter is its own."""

    world: World
    table: ast.Table
    parameters: Sequence[NamedType]
    result: NamedType
    values: dict[object, object] = field(default_factory=dict)
    lines: dict[object, int] = field(default_factory=dict)

    def run(self) -> CsvTable:
        text = self._text()
        if text is not None:
            columns = self._columns(text)
            if columns is not None:
                self._rows(text, columns)
        file = "" if text is None else text.file
        texts = [value for value in self.values.values() if isinstance(value, str)]
        longest = max(map(len, texts), default=None)
        return CsvTable(CsvRows(file, self.values, self.lines), self.world.reporter.diagnostics, longest)

    # --- the file -------------------------------------------------------------------------------------------------

    def _text(self) -> CsvText | None:
        csv = self.table.csv
        assert csv is not None
        name = csv_name(csv.span.file, csv.path)
        if name is None:
            self._unusable(
                csv.path,
                f'"{csv.path}" is no CSV file of this workspace',
                "a file that ends in .csv, beside the rule file or below it",
            )
            return None
        source = self.world.sources.get(name)
        if source is None:
            near = nearest(name, [file for file in self.world.sources if file.endswith(".csv")])
            self._unusable(
                csv.path,
                f"there is no file {name}",
                f"did you mean {near}?" if near else "it is looked for beside the rule file",
            )
            return None
        read = read_csv(source, name)
        if isinstance(read, Diagnostic):
            self.world.reporter.take([read])
            return None
        return read

    def _unusable(self, written: str, message: str, label: str, *, help: str | None = None) -> None:
        """``written`` is the text in quotes that is at fault."""
        assert self.table.csv is not None
        span = self.table.csv.span
        start = self.world.text(span).rfind(f'"{written}"')
        if start >= 0:
            begin = span.column + start
            span = replace(span, column=begin, end_column=begin + len(written) + 2)
        self.world.reporter.error("E0412", message, span, label, help=help)

    def _columns(self, text: CsvText) -> list[int] | None:
        """Where the keys and, last, the value stand; None when that was reported."""
        csv = self.table.csv
        assert csv is not None
        if len(csv.keys) != len(self.parameters):
            self.world.reporter.error(
                "E0405",
                f"table `{self.table.name.text}` needs {_counted(len(self.parameters))}, "
                f"here {'is' if len(csv.keys) == 1 else 'are'} {len(csv.keys)}",
                csv.span,
                "one for each value it is asked with",
                help='several are written: key "A", "B"',
            )
            return None
        header = text.header.cells
        if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
            self.world.reporter.error(
                "E0412",
                f"the columns of {text.file} are not separated by commas",
                text.place(text.header),
                "this is one column",
                help="export it again as CSV with commas",
            )
            return None
        found: list[int] = []
        for name in (*csv.keys, csv.value):
            places = [index for index, cell in enumerate(header) if cell == name]
            if len(places) == 1:
                found.append(places[0])
            elif places:
                self.world.reporter.error(
                    "E0412",
                    f'two columns of {text.file} are called "{name}"',
                    text.place(text.header, places[1]),
                    "the second one",
                    others=(Label(csv.span, "named here"),),
                    help="rename one of them",
                )
            else:
                self._no_column(text, name)
        return found if len(found) == len(csv.keys) + 1 else None

    def _no_column(self, text: CsvText, name: str) -> None:
        header = text.header.cells
        near = nearest(name, header)
        help = f'did you mean "{near}"?' if near else None
        shown = ", ".join(f'"{cell}"' for cell in header[:8])
        self._unusable(name, f'{text.file} has no column "{name}"', f"its columns: {shown}", help=help)

    # --- the rows -------------------------------------------------------------------------------------------------

    def _rows(self, text: CsvText, columns: Sequence[int]) -> None:
        kinds = [named.type for named in self.parameters]
        for named, parameter in zip(self.parameters, self.table.parameters, strict=True):
            if isinstance(named.type, Address):
                self.world.reporter.error(
                    "E0301", f"{describe(named.type)} cannot be looked up", parameter.span, "a key is a single value"
                )
                return
        rates = Rates(self.world).known(self.parameters, self.result)
        width = len(text.header.cells)
        known: dict[tuple[int, str], object] = {}
        for line in text.records:
            if len(self.world.reporter.diagnostics) >= _MOST:
                return
            if len(line.cells) != width and not (len(line.cells) > width and not any(line.cells[width:])):
                self._width(text, line, width)
                continue
            values = [
                self._value(text, line, column, kind, matching, known)
                for column, kind, matching in zip(
                    columns, (*kinds, self.result.type), (True,) * len(kinds) + (False,), strict=True
                )
            ]
            if WRONG in values:
                continue
            *keys, value = values
            if self._blank(text, line, columns, keys):
                continue
            key = keys[0] if len(keys) == 1 else tuple(keys)
            first = self.lines.setdefault(key, line.number)
            if first != line.number:
                self._twice(text, line, first, columns)
                continue
            self.values[key] = value
            if rates is not None and isinstance(value, str):
                taxes = Decimal(0) if key is None else percentage_of(key)
                Rates(self.world).compare(rates, value, taxes, text.place(line, columns[-1]))

    def _value(
        self,
        text: CsvText,
        line: CsvLine,
        column: int,
        kind: ExprType,
        matching: bool,
        known: dict[tuple[int, str], object],
    ) -> object:
        """The value of a cell, None where it is blank. Good values are judged once for each text of a column."""
        cell = line.cells[column]
        if not cell:
            return None
        if isinstance(kind, Text):
            if kind.length is not None and len(cell) > kind.length:
                self._long(text.place(line, column), kind.length, len(cell))
            return cell
        if (column, cell) in known:
            return known[column, cell]
        place = text.place(line, column)
        written = read_value(cell, place) if isinstance(kind, SetOf) else ast.CellValue(place, cell, False)
        if isinstance(written, Diagnostic):
            self.world.reporter.take([written])
            return WRONG
        value = cell_value(self.world, written, kind, matching=matching)
        if value is not WRONG:
            known[column, cell] = value
        return value

    def _width(self, text: CsvText, line: CsvLine, width: int) -> None:
        count = len(line.cells)
        self.world.reporter.error(
            "E0405",
            f"this line has {count} cell{'' if count == 1 else 's'}, the header has {width}",
            text.place(line),
            "one for each column",
            help="a value that holds a comma stands in double quotes" if count > width else None,
        )

    def _long(self, span: Span, most: int, length: int) -> None:
        self.world.reporter.error(
            "E0301", f"this text has {length} characters, {most} are allowed", span, f"the table promises text({most})"
        )

    def _blank(self, text: CsvText, line: CsvLine, columns: Sequence[int], keys: Sequence[object]) -> bool:
        """Whether the line can never be found, because a key that is never missing is blank in it."""
        for named, column, key in zip(self.parameters, columns, keys, strict=False):
            if key is None and not named.optional:
                self.world.reporter.warning(
                    "W0403",
                    f'this line is never found: its "{text.header.cells[column]}" is blank',
                    text.place(line),
                    "no value is asked for by a blank key",
                    help="fill it in, or delete the line",
                )
                return True
        return False

    def _twice(self, text: CsvText, line: CsvLine, first: int, columns: Sequence[int]) -> None:
        names = " and ".join(f'{text.header.cells[column]} "{line.cells[column]}"' for column in columns[:-1])
        earlier = next(record for record in text.records if record.number == first)
        self.world.reporter.error(
            "E0404",
            f"{names} stands in two lines of {text.file}",
            text.place(line),
            f"line {first} has the same key",
            others=(Label(text.place(earlier), "the first one"),),
            help="delete one of them",
        )


def _counted(count: int) -> str:
    return "1 key column" if count == 1 else f"{count} key columns"
