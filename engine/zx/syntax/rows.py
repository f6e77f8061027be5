"""Rows of tables: split by hand at ``|`` outside quotes, cells parsed one by one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, cast

from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.syntax import grammar
from zx.syntax.ast import (
    AnyCell,
    Cell,
    CellValue,
    CompareCell,
    FormulaCell,
    HeaderCell,
    MissingCell,
    OutcomeCell,
    Row,
    Rows,
    ValuesCell,
)
from zx.syntax.damage import Damage
from zx.syntax.expressions import Expressions
from zx.syntax.lalr import Refused
from zx.syntax.literals import plain_text
from zx.syntax.mistakes import explain
from zx.syntax.origin import Origin
from zx.values.dataclass import dataclass

if TYPE_CHECKING:
    from zx.syntax.tree import Token

QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_BAR = re.compile(rf"{QUOTED}|(?P<cut>\|)")
_DASHES = re.compile(r":?-{2,}:?")
_COMMA = re.compile(rf"{QUOTED}|(?P<cut>,)")
_PLUS = re.compile(rf"{QUOTED}|(?P<cut> \+ )")
# A cell that is one value as it stands, in plain letters.
_PLAIN_CELL = re.compile(r'(?!(?:missing|present)\Z)[^*"=<>,+\x80-\U0010ffff]+')
GRAMMAR_CELL = re.compile(r'[=<>]|(?:fail|skip|cancel|warn)[ \t]*"')
_QUOTED = re.compile(QUOTED)


@dataclass(slots=True)
class Piece:
    """A stretch of one line: its trimmed text and where that begins, counted from 0. Never changed."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def split(text: str, cutter: re.Pattern[str], sign: str) -> list[Piece]:
    """The trimmed pieces of ``text`` between the cuts of ``cutter``, which finds every ``sign`` outside quotes."""
    pieces: list[Piece] = []
    begin = 0
    if '"' not in text:
        for part in text.split(sign):
            stripped = part.strip(" \t")
            pieces.append(Piece(stripped, begin + part.index(stripped)) if stripped else _piece(part, begin))
            begin += len(part) + len(sign)
        return pieces
    for match in cutter.finditer(text):
        if match["cut"]:
            pieces.append(_piece(text[begin : match.start()], begin))
            begin = match.end()
    pieces.append(_piece(text[begin:], begin))
    return pieces


def split_row(text: str) -> tuple[list[Piece], Piece]:
    """The cells of a row text that begins with ``|``, and what stands behind the last ``|``."""
    _before, *cells = split(text, _BAR, "|")
    return cells[:-1], cells[-1]


def split_values(cell: Piece) -> list[Piece]:
    """The alternatives of a value cell."""
    return split(cell.text, _COMMA, ",")


def _piece(raw: str, begin: int) -> Piece:
    stripped = raw.strip(" \t")
    return Piece(stripped, begin + (raw.index(stripped) if stripped else min(1, len(raw))))


def read_value(text: str, span: Span) -> CellValue | Diagnostic:
    """A value that stands outside of a rule file (a cell of a CSV file at ``span``), in the words of a table cell."""
    if " + " not in text and '"' not in text:
        return CellValue(span, text, False)
    try:
        return _Reader(Origin(span.file, ""), [], False).value(Piece(text, 0), span)
    except Damage as damage:
        return damage.diagnostic


def read_rows(tokens: list[Token], origin: Origin, diagnostics: list[Diagnostic], *, blank_is_missing: bool) -> Rows:
    """The rows of ``tokens``, the first being the header. Rows with mistakes are reported and left out."""
    reader = _Reader(origin, diagnostics, blank_is_missing)
    header = reader.header(tokens[0])
    head_span = origin.span(tokens[0])
    rows: list[Row] = []
    counts = {_cells(token) for token in tokens[1:]}
    if len(tokens) > 2 and len(counts) == 1 and len(header) not in counts:
        # All rows agree with each other, so it is the header that differs.
        diagnostics.append(_wrong_header(len(header), counts.pop(), len(tokens) - 1, _visible(head_span, tokens[0])))
        return Rows(head_span, header, ())
    for token in tokens[1:]:
        try:
            rows.append(reader.row(token, header, head_span))
        except Damage as damage:
            diagnostics.append(damage.diagnostic)
    last = origin.span(tokens[-1])
    span = Span(head_span.file, head_span.line, head_span.column, last.end_line, last.end_column)
    return Rows(span, header, tuple(rows))


class _Reader:
    def __init__(self, origin: Origin, diagnostics: list[Diagnostic], blank_is_missing: bool) -> None:
        self._origin = origin
        self._diagnostics = diagnostics
        self._blank_is_missing = blank_is_missing

    def header(self, token: Token) -> tuple[HeaderCell, ...]:
        whole = self._origin.span(token)
        try:
            pieces = self._pieces(token, whole)
        except Damage as damage:
            self._diagnostics.append(damage.diagnostic)
            pieces, rest = split_row(token)
            pieces.append(rest)
        return tuple(HeaderCell(_at(whole, piece), unicodedata.normalize("NFC", piece.text)) for piece in pieces)

    def row(self, token: Token, header: tuple[HeaderCell, ...], head_span: Span) -> Row:
        whole = self._origin.span(token)
        pieces = self._pieces(token, whole)
        if ("--" in token or not pieces) and all(_DASHES.fullmatch(piece.text) for piece in pieces):
            raise Damage(
                Diagnostic(
                    "E0105",
                    "a row of dashes is not used here",
                    _visible(whole, token),
                    "the first row is the header, the next one counts",
                    help="delete it",
                )
            )
        if len(pieces) != len(header):
            raise Damage(_wrong_count(len(pieces), header, _visible(whole, token), head_span))
        cells = tuple([self._cell(piece, whole, head) for piece, head in zip(pieces, header, strict=True)])
        return Row(_visible(whole, token), cells)

    def _pieces(self, token: Token, whole: Span) -> list[Piece]:
        pieces, rest = split_row(token)
        if rest.text and not rest.text.startswith("#"):
            place = _at(whole, rest)
            raise Damage(
                Diagnostic(
                    "E0105",
                    "this row does not end with `|`",
                    place,
                    "a `|` closes the last cell",
                    fix=f"{token.rstrip()} |",
                )
            )
        return pieces

    def _cell(self, piece: Piece, row: Span, head: HeaderCell) -> Cell:
        text, span = piece.text, _at(row, piece)
        if _PLAIN_CELL.fullmatch(text):
            return ValuesCell(span, (CellValue(span, text, False),))
        if text == "*":
            return AnyCell(span)
        if text in ("missing", "present"):
            return MissingCell(span, text == "present")
        if not text:
            if self._blank_is_missing:
                return MissingCell(span, False)
            raise Damage(_empty(span, head))
        if GRAMMAR_CELL.match(text):
            return self._grammar_cell(text, span)
        return ValuesCell(span, tuple(self.value(part, span) for part in self._parts(piece, span, _COMMA, ",")))

    def _parts(self, piece: Piece, span: Span, cutter: re.Pattern[str], sign: str) -> list[Piece]:
        if sign not in piece.text and piece.text:
            return [Piece(piece.text, 0)]
        parts = split(piece.text, cutter, sign)
        for part in parts:
            if not part.text:
                raise Damage(
                    Diagnostic(
                        "E0102",
                        f"a value is missing beside `{sign}`",
                        span,
                        f"`{sign}` stands between two values",
                        help=f'a value that holds `{sign}` is written in quotes: "A{sign}B"',
                    )
                )
        return parts

    def value(self, part: Piece, cell: Span) -> CellValue:
        span = Span(cell.file, cell.line, cell.column + part.start, cell.line, cell.column + part.end)
        text, quoted = _unquoted(part.text, span)
        members = self._parts(part, span, _PLUS, " + ")
        if len(members) == 1:
            return CellValue(span, text, quoted)
        made = []
        for member in members:
            place = Span(cell.file, cell.line, span.column + member.start, cell.line, span.column + member.end)
            made.append(CellValue(place, *_unquoted(member.text, place)))
        return CellValue(span, text, quoted, tuple(made))

    def _grammar_cell(self, text: str, span: Span) -> Cell:
        origin = Origin(span.file, text, span.line - 1, span.column - 1)
        try:
            tree = grammar.parser().parse(text, "cell")
        except Refused:
            error = grammar.refusal(text, "cell")
            raise Damage(explain(error, origin)) from None
        expressions = Expressions(origin)
        kind = str(tree.data)
        if kind == "formula":
            return FormulaCell(span, expressions.expression(tree.children[0]))
        if kind == "cmp_cell":
            sign, value = tree.children
            return CompareCell(span, cast("Literal['<', '<=', '>', '>=']", str(sign)), expressions.expression(value))
        if kind == "warn_then":
            return OutcomeCell(span, expressions.warn_then(tree))
        return OutcomeCell(span, expressions.stop(tree))


def _unquoted(text: str, span: Span) -> tuple[str, bool]:
    """The value written as ``text`` and whether any of it was quoted: ``"A + B" 3%`` is the value ``A + B 3%``."""
    if '"' not in text:
        return (text if text.isascii() else unicodedata.normalize("NFC", text)), False
    made: list[str] = []
    begin = 0
    for match in _QUOTED.finditer(text):
        made.append(text[begin : match.start()])
        place = Span(span.file, span.line, span.column + match.start(), span.line, span.column + match.end())
        made.append(plain_text(match[0], place))
        begin = match.end()
    made.append(text[begin:])
    return unicodedata.normalize("NFC", "".join(made)), begin > 0


def _at(row: Span, piece: Piece) -> Span:
    column = row.column + piece.start
    return Span(row.file, row.line, column, row.line, column + len(piece.text))


def _cells(row: str) -> int:
    return row.count("|") - 1 if '"' not in row else len(split_row(row)[0])


def _visible(row: Span, token: Token) -> Span:
    end = row.column + len(token.rstrip())
    return row if end == row.end_column else Span(row.file, row.line, row.column, row.line, end)


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _wrong_count(count: int, header: tuple[HeaderCell, ...], row: Span, head: Span) -> Diagnostic:
    cells = "1 cell" if count == 1 else f"{count} cells"
    if count < len(header):
        open_names = [f'"{cell.text}"' for cell in header[count:]]
        label = (
            f"the column {open_names[0]} is not filled"
            if len(open_names) == 1
            else (f"the columns {', '.join(open_names[:-1])} and {open_names[-1]} are not filled")
        )
        advice = "write `*` where the column does not matter"
    else:
        label = f"{_columns(count - len(header))} too many"
        advice = "a value that holds `|` is written in quotes"
    return Diagnostic(
        "E0105",
        f"this row has {cells}, the header has {len(header)}",
        row,
        label,
        others=(Label(head, _columns(len(header))),),
        help=advice,
    )


def _wrong_header(count: int, cells: int, rows: int, head: Span) -> Diagnostic:
    return Diagnostic(
        "E0105",
        f"this header has {_columns(count)}, its {rows} rows have {cells} cells",
        head,
        f"{abs(count - cells)} too {'many' if count > cells else 'few'}",
        help="every row has a cell for each column; write `*` where the column does not matter",
    )


def _empty(span: Span, head: HeaderCell) -> Diagnostic:
    return Diagnostic(
        "E0105",
        f'the cell under "{head.text}" is empty',
        Span(span.file, span.line, span.column, span.line, span.column + 1),
        "something belongs here",
        help="write `*` where the column does not matter, `missing` where there is no value",
    )
