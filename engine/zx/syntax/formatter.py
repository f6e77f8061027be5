"""One layout for every rule file. The layout of a line never depends on its neighbours, so an edit stays one line.

Rows are the one thing wider than a line: each cell is padded to the width its *header* cell has in the file; a longer
cell overflows on its own line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.visible import width
from zx.syntax.layout import Group, Kind, Unit, groups, is_row, is_step, is_trivia
from zx.syntax.parser import parse
from zx.syntax.rows import GRAMMAR_CELL, Piece, split_row, split_values
from zx.syntax.shape import same_shape

ITEM_INDENT = 2
ROW_INDENT = 4

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\\n]|\\.)*") | (?P<comment>\#.*) | (?P<blank>[ \t]+)
      | (?P<number>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+(?:\.[0-9]+)?%?) | (?P<word>[$\w]+) | (?P<sign>->|<=|>=|[^\s\w])""",
    re.VERBOSE,
)
_TABLE_NAME = re.compile(r"^\s*table\s+([$\w]+)")
# A bracket after one of these words groups; after any other word it belongs to a call or a type.
_BEFORE_GROUP = frozenset(("in", "of", "and", "or", "not", "when", "if", "then", "else", "otherwise", "is", "with"))
_BEFORE_GROUP |= {"contains", "on", "to", "be", "spread", "pick"}
_TIGHT_BEFORE = frozenset((",", ")", "]", ":", "?", ".", "["))
_TIGHT_AFTER = frozenset(("(", "[", "."))
_CLOSING = frozenset((")", "]", "?"))


def format_text(text: str, file: str) -> tuple[str | None, list[Diagnostic]]:
    """``text`` in the house layout, and its diagnostics. None when it has errors: only readable text is touched.

    The result means the same and stays the same when formatted again; were it not so, the text would be refused
    (E0117).
    """
    module, diagnostics = parse(text, file)
    if any(found.is_error for found in diagnostics):
        return None, diagnostics
    formatted = _format(text)
    if formatted == text:
        return text, diagnostics
    again, mistakes = parse(formatted, file)
    safe = not any(found.is_error for found in mistakes) and same_shape(again, module)
    if not safe or _format(formatted) != formatted or _comments(formatted) != _comments(text):
        return None, [*diagnostics, _refusal(file, mistakes)]
    return formatted, diagnostics


def retabled(text: str, name: str) -> str | None:
    """``text`` with the header of the table ``name`` as wide as what stands below it; None when there is no such table
    or its rows do not fit its header."""
    lines = _lines(text)
    for group in groups(lines):
        header = group.header
        if header is None or header.word != "table" or _TABLE_NAME.findall(lines[header.first])[:1] != [name]:
            continue
        rows = [unit.first for unit in group.units if unit.kind is Kind.ROW]
        cells = [[_cell(cell) for cell in split_row(lines[row].strip(" \t"))[0]] for row in rows]
        if not cells or len({len(row) for row in cells}) != 1:
            return None
        widths = [max(width(text) for text in column) for column in zip(*cells, strict=True)]
        rest = split_row(lines[rows[0]].strip(" \t"))[1].text
        wide = [f"{cell}{' ' * (wide - width(cell))}" for cell, wide in zip(cells[0], widths, strict=True)]
        lines[rows[0]] = f"| {' | '.join(wide)} |" + (f"  {rest}" if rest else "")
        return "\n".join(lines)
    return None


def _refusal(file: str, mistakes: Sequence[Diagnostic]) -> Diagnostic:
    place = next((found.span for found in mistakes if found.is_error), Span(file, 1, 1, 1, 1))
    return Diagnostic(
        "E0117",
        "this file was left as it is: in the house layout it would not read the same",
        place,
        "a line from here on",
        help="shorten long lines; if that is not it, please report the file",
    )


def _lines(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return plain.split("\n")


def _format(text: str) -> str:
    lines = _lines(text)
    made = [_comment(line) if is_trivia(line) else line for line in lines]
    for group in groups(lines):
        _format_group(group, lines, made)
    kept: list[str] = []
    for line in made:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join((*kept, "")) if kept else ""


def _comments(text: str) -> list[str]:
    """All comments in order, so that none can be lost."""
    found: list[str] = []
    for line in _lines(text):
        if "#" not in line:
            continue
        if is_row(line):
            _cells, rest = split_row(line.strip(" \t"))
            comment = rest.text
        else:
            comment = next((match[0] for match in _TOKEN.finditer(line) if match.lastgroup == "comment"), "")
        if comment:
            found.append(comment.rstrip())
    return found


def _comment(line: str) -> str:
    """A line without items: blank, or a comment at the edge, below items or below rows, by its own indentation."""
    stripped = line.strip(" \t")
    if not stripped:
        return ""
    indent = len(line.expandtabs(ROW_INDENT)) - len(line.expandtabs(ROW_INDENT).lstrip())
    steps = 0 if indent == 0 else ITEM_INDENT if indent < ROW_INDENT else ROW_INDENT
    return " " * steps + stripped.rstrip()


def _format_group(group: Group, lines: list[str], made: list[str]) -> None:
    word = group.header.word if group.header else ""
    if group.header is not None:
        _format_item(group.header, 0, lines, made)
    row_indent = 0 if word == "table" else ROW_INDENT
    header: list[int] = []
    for unit in group.units:
        if unit.kind is Kind.ROW:
            if not header:
                header = _header_widths(lines[unit.first])
            made[unit.first] = " " * row_indent + _row(lines[unit.first], header)
            continue
        header, row_indent = [], ROW_INDENT
        is_binding = word == "test" and not is_step(lines[unit.first])
        _format_item(unit, ROW_INDENT if is_binding else ITEM_INDENT, lines, made)


def _format_item(unit: Unit, indent: int, lines: list[str], made: list[str]) -> None:
    for number in range(unit.first, unit.last):
        step = indent if number == unit.first else max(indent, ITEM_INDENT) + ITEM_INDENT
        made[number] = " " * step + spaced(lines[number])


def spaced(code: str) -> str:
    """One line of code with single blanks where they belong; a comment behind it keeps two blanks before."""
    parts: list[str] = []
    before, unary = "", False
    for match in _TOKEN.finditer(code):
        kind, token = str(match.lastgroup), match[0]
        if kind == "blank":
            continue
        if kind == "comment":
            parts.append(f"  {token.rstrip()}" if parts else token.rstrip())
            break
        if parts and not unary and _apart(before, token):
            parts.append(" ")
        parts.append(token)
        unary = token == "-" and _wants_value(before)
        before = token
    return "".join(parts)


def _apart(before: str, token: str) -> bool:
    """Whether a blank stands between two tokens."""
    if token in _TIGHT_BEFORE or before in _TIGHT_AFTER:
        return False
    if token == "(":
        return not _is_word(before) or before in _BEFORE_GROUP
    return True


def _wants_value(before: str) -> bool:
    """Whether a minus after ``before`` is a sign and not a subtraction."""
    if not before:
        return True
    if _is_word(before):
        return before in _BEFORE_GROUP
    return before[0] not in '"0123456789' and before not in _CLOSING


def _is_word(token: str) -> bool:
    return bool(token) and (token[0].isalpha() or token[0] in "_$")


# --- rows ---


def _header_widths(line: str) -> list[int]:
    """How wide the cells of a header row stand in the file, without the one blank on each side."""
    text = line.strip(" \t")
    cells, _rest = split_row(text)
    widths: list[int] = []
    for cell in cells:
        bar = text.index("|", cell.end)
        padded = text[cell.start : bar] if cell.text else ""
        widths.append(width(padded.removesuffix(" ")))
    return widths


def _row(line: str, header: list[int]) -> str:
    cells, rest = split_row(line.strip(" \t"))
    parts = ["|"]
    for cell, wide in zip(cells, header, strict=True):
        text = _cell(cell)
        parts.append(f" {text}{' ' * (wide - width(text))} |")
    if rest.text:
        parts.append(f"  {rest.text}")
    return "".join(parts)


def _cell(cell: Piece) -> str:
    if GRAMMAR_CELL.match(cell.text):
        return spaced(cell.text)
    return ", ".join(piece.text for piece in split_values(cell))
