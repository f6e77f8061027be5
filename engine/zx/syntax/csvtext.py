"""CSV text as cells with places (RFC 4180: commas, cells in double quotes may hold commas, quotes and line ends).

Reading needs neither disk nor parser of the rules: the edge asks which files a rule text names, and the checker reads
the text it is handed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.values.dataclass import dataclass

MAX_ROWS = 100_000
"""Lines below the header that a table may have (language 3.4)."""

_HEADER = re.compile(r'^table\b[^\n"]*?\bfrom[ \t]+"(?P<path>[^"\\\n]+)"[ \t]+key\b', re.MULTILINE)
_QUOTED = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=,|\n|\Z)')
_PLAIN = re.compile(r"[^,\n]*")
_CELL = re.compile(r'[ \t]*"(?:[^"]|"")*(?:"|\Z)[ \t]*(?=,|\Z)|[^,]*')


def named_csv(text: str, file: str) -> Iterator[str]:
    """The workspace-relative names of the CSV files that the tables of the rule ``text`` take their rows from."""
    for found in _HEADER.finditer(text.replace("\r\n", "\n")):
        name = csv_name(file, found["path"])
        if name is not None:
            yield name


def csv_name(file: str, path: str) -> str | None:
    """The workspace-relative name of ``path`` as written in ``file``: beside it; None where it leaves the workspace."""
    made = normpath(join(dirname(file), path))
    outside = path.startswith("/") or made.startswith("../") or "\\" in path or ":" in path
    return None if outside or not made.endswith(".csv") else made


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One record: the number of its first line, and its trimmed cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvText:
    """A file read: the header and the records below it, blank ones left out. ``lines`` are those of the text."""

    file: str
    header: CsvLine
    records: tuple[CsvLine, ...]
    lines: tuple[str, ...]

    def place(self, record: CsvLine, column: int | None = None) -> Span:
        """Where a cell stands, the whole line without ``column``; of a cell over several lines, its first line."""
        text = self.lines[record.number - 1]
        begin = 0
        while column is not None:
            cell = _CELL.match(text, begin)
            assert cell is not None, "the pattern takes an empty cell too"
            if not column or cell.end() >= len(text):
                start = begin + len(cell[0]) - len(cell[0].lstrip())
                return _span(self.file, record.number, start, max(start + 1, begin + len(cell[0].rstrip())))
            begin, column = cell.end() + 1, column - 1
        return _span(self.file, record.number, 0, len(text))


def read_csv(text: str, file: str) -> CsvText | Diagnostic:
    """The cells of ``text``; a diagnostic where it is no CSV table."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = tuple(text.split("\n"))
    records: list[CsvLine] = []
    position, number = 0, 1
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        written = text[position:end]
        if '"' in written:
            cells, position = _record(text, position)
            if cells is None:
                return _open_quote(file, number, lines[number - 1])
        else:
            cells, position = written.split(","), end + 1
        if any(cell and not cell.isspace() for cell in cells):
            records.append(CsvLine(number, tuple(map(_clean, cells))))
        number += text.count("\n", end, position - 1) + 1
        if len(records) > MAX_ROWS + 1:
            return Diagnostic(
                "E0412",
                f"{file} has more than {MAX_ROWS:,} lines".replace(",", " "),
                _span(file, number - 1, 0, len(lines[number - 2])),
                "the first line too many",
                help="split it into several tables",
            )
    if not records:
        return Diagnostic("E0412", f"{file} is empty", _span(file, 1, 0, 1), "a header line belongs here")
    return CsvText(file, records[0], tuple(records[1:]), lines)


def _record(text: str, position: int) -> tuple[list[str] | None, int]:
    """The cells of the record at ``position`` and where the next begins; None where a quote stays open."""
    cells: list[str] = []
    while True:
        found = _QUOTED.match(text, position)
        if found is not None:
            cells.append(found[1].replace('""', '"'))
        else:
            found = _PLAIN.match(text, position)
            assert found is not None
            if found[0].lstrip(" \t").startswith('"'):
                return None, position
            cells.append(found[0])
        position = found.end() + 1
        if found.end() >= len(text) or text[found.end()] == "\n":
            return cells, position


def _clean(cell: str) -> str:
    cell = cell.strip()
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def _open_quote(file: str, number: int, line: str) -> Diagnostic:
    start = next((cell.start() for cell in re.finditer(r'(?:^|(?<=,))[ \t]*"', line)), 0)
    return Diagnostic(
        "E0412",
        "a quote opens this cell and is not closed",
        _span(file, number, start, len(line)),
        'a closing `"` stands before the next comma or at the end of the line',
        help='a `"` inside a quoted cell is written twice: `""`',
    )


def _span(file: str, line: int, start: int, end: int) -> Span:
    return Span(file, line, start + 1, line, max(end, start) + 1)
