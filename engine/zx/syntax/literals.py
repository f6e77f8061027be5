"""Quoted texts: escapes and ``{path}`` pieces."""

from __future__ import annotations

import re
import unicodedata

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax.ast import Path, TextLiteral
from zx.syntax.damage import Damage

_PIECE = re.compile(
    r"""\\u\{(?P<code>[0-9A-Fa-f]{1,6})\} | \\(?P<escape>["\\n]) | (?P<brace>\{\{) | \{(?P<path>[^{}"\\]*)\}
      | (?P<plain>[^\\{]+) | (?P<wrong>[\\{])""",
    re.VERBOSE,
)
_PATH = re.compile(r"[ \t]*(\$?[A-Za-z_]\w*)(?:\[(\w+)\])?((?:\.\$?[A-Za-z_]\w*)*)[ \t]*", re.ASCII)
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n"}


def text_literal(quoted: str, span: Span) -> TextLiteral:
    """The literal written as ``quoted`` (with its quotes) at ``span``, which lies in one line."""
    return TextLiteral(span, tuple(_joined(_pieces(quoted, span, interpolate=True))))


def plain_text(quoted: str, span: Span) -> str:
    """A quoted text in which braces mean nothing: file names, titles, ids, table cells."""
    return "".join(piece for piece in _pieces(quoted, span, interpolate=False) if isinstance(piece, str))


def path_from(text: str, span: Span) -> Path | None:
    """The path written in ``text``, or None."""
    match = _PATH.fullmatch(text)
    if match is None:
        return None
    head, selector, rest = match.groups()
    return Path(span, head, selector, tuple(rest.split(".")[1:]))


def _joined(pieces: list[str | Path]) -> list[str | Path]:
    result: list[str | Path] = []
    for piece in pieces:
        if isinstance(piece, str) and result and isinstance(result[-1], str):
            result[-1] += piece
        else:
            result.append(piece)
    return [unicodedata.normalize("NFC", piece) if isinstance(piece, str) else piece for piece in result]


def _pieces(quoted: str, span: Span, *, interpolate: bool) -> list[str | Path]:
    pieces: list[str | Path] = []
    for match in _PIECE.finditer(quoted, 1, len(quoted) - 1):
        place = _inside(span, match.start(), match.end())
        kind = match.lastgroup
        if kind == "code":
            pieces.append(_character(match["code"], place))
        elif kind == "escape":
            pieces.append(_ESCAPES[match["escape"]])
        elif kind == "plain" or (kind in ("brace", "path") and not interpolate):
            pieces.append(match[0])
        elif kind == "brace":
            pieces.append("{")
        elif kind == "path":
            path = path_from(match["path"], _inside(span, match.start() + 1, match.end() - 1))
            if path is None:
                raise Damage(_no_field(place))
            pieces.append(path)
        elif match[0] == "{":
            if interpolate:
                raise Damage(_no_field(place))
            pieces.append("{")
        else:
            raise Damage(
                _no_escape(quoted[match.start() : match.start() + 2], _inside(span, match.start(), match.start() + 2))
            )
    return pieces


def _inside(span: Span, start: int, end: int) -> Span:
    return Span(span.file, span.line, span.column + start, span.line, span.column + end)


def _character(code: str, place: Span) -> str:
    number = int(code, 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF or number == 0:
        raise Damage(Diagnostic("E0113", f"there is no character {code.upper()}", place, "not a Unicode character"))
    return chr(number)


def _no_escape(written: str, place: Span) -> Diagnostic:
    return Diagnostic(
        "E0113",
        f"`{written}` stands for nothing",
        place,
        'a backslash comes before `"`, `\\`, `n` or `u{…}`',
        help="a backslash itself is written `\\\\`",
    )


def _no_field(place: Span) -> Diagnostic:
    return Diagnostic(
        "E0114",
        "only the name of a field may stand between braces in a text",
        place,
        "for example {Invoice_Number}",
        help="a brace itself is written `{{`; join a calculated value with `&`",
    )
