"""What the parser could not take, in words a bookkeeper uses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.suggest import distance, nearest
from zx.diagnostics.visible import visible
from zx.syntax import grammar

if TYPE_CHECKING:
    from lark import Token
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    from zx.syntax.origin import Origin

_WORDS = {
    "NAME": "a name",
    "STRING": 'a text in quotes ("…")',
    "NUMBER": "a number",
    "PERCENT": "a percentage",
    "DATE": "a date",
    "ROW": "a row (`| … |`)",
    "_NL": "the end of the line",
    "CMP": "a comparison",
    "UNIT": "`days`",
    "OWNER": "`on create` or `always`",
    "OR_CREATE": "`or create`",
    "VERB": "`create`, `update` or `delete`",
    "SIDE": "`zoho` or `xero`",
    "STOP": '`fail "…"`',
    "WARN": '`warn "…" then …`',
    "_BECAUSE": '`because "…"`',
    "_IS_PRESENT": "`is present`",
}
# Terminals that only a place for a value takes all at once.
_VALUE_SIGNS = frozenset(("NAME", "NUMBER", "STRING"))
_VALUE = _VALUE_SIGNS | {"PERCENT", "DATE", "LPAR", "MINUS", "STOP", "WARN"}
_VALUE |= {"_YES", "_NO", "_MISSING", "_CLEAR", "_FIND", "_NOT", "_IF"}
_COMPARING = frozenset(("CMP", "_IS", "_IS_NOT", "_IS_MISSING", "_IS_PRESENT", "_IN", "_NOT_IN", "_CONTAINS"))
_OPERATORS = _COMPARING | {"_STARTS_WITH", "_AND", "_OR", "_OTHERWISE", "_VIA", "UNIT", "LPAR"}
_OPERATORS |= {"PLUS", "MINUS", "STAR", "SLASH", "AMPERSAND"}
# A path may always go on; that is never what was forgotten.
_PATH_GOES_ON = frozenset(("DOT", "LSQB"))
_MOST = 4
_ELSEWHERE = {"override": "only in an `extend` section", "drop": "only in an `extend` section"}
_CODE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"#])*')


def explain(error: UnexpectedInput, origin: Origin) -> Diagnostic:
    """One diagnostic for a parse error, at its place in the file."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    if isinstance(error, UnexpectedToken):
        return _Token(error, origin).explained()
    assert isinstance(error, UnexpectedCharacters)
    return _character(error, origin)


def allowed(error: UnexpectedInput) -> frozenset[str]:
    """The terminals that would have been taken instead (lark's ``accepts``; its ``expected`` is too wide)."""
    parser = getattr(error, "interactive_parser", None)
    return frozenset(parser.accepts()) if parser is not None else frozenset()


def keyword_fix(line: str, words: tuple[str, ...]) -> tuple[str, str, str] | None:
    """A misspelled keyword at the start of ``line``: as written, the keyword meant, and the mended line."""
    stripped = line.strip(" \t")
    match = re.match(r"[^\W\d]\w*(?:[ \t]+[^\W\d]\w*){0,2}", stripped)
    if match is None:
        return None
    written = match[0].split()
    best: tuple[int, str, str, str] | None = None
    for count in range(len(written), 0, -1):
        candidate = " ".join(written[:count])
        # `onlywhen` is one word for two, never the other way round.
        meant = nearest(candidate, [word for word in words if len(word.split()) >= count])
        if meant is None or meant == candidate:
            continue
        apart = distance(candidate.casefold(), meant)
        if best is None or apart < best[0]:
            best = apart, candidate, meant, f"{meant}{stripped[_end_of(stripped, count) :]}"
    return best[1:] if best else None


def _end_of(text: str, count: int) -> int:
    match = re.match(rf"(?:[ \t]*\w+){{{count}}}", text)
    return match.end() if match else 0


def _character(error: UnexpectedCharacters, origin: Origin) -> Diagnostic:
    character = origin.text[error.pos_in_stream] if error.pos_in_stream is not None else "?"
    span = origin.at(error.line, error.column, error.line, error.column + 1)
    if character == '"':
        return Diagnostic("E0104", "this text is not closed", span, "a quote opens here and the line ends")
    if character.isalpha():
        return Diagnostic("E0100", f"`{character}` cannot be part of a name", span, "names have the letters A to Z")
    label = _would_fit(allowed(error))
    return Diagnostic("E0100", f"`{visible(character)}` does not fit here", span, label)


class _Token:
    """An error at a token."""

    def __init__(self, error: UnexpectedToken, origin: Origin) -> None:
        from lark import Token

        self._token: Token = error.token
        self._origin = origin
        self._allowed = allowed(error)
        parser = getattr(error, "interactive_parser", None)
        top = parser.parser_state.value_stack[-1] if parser is not None and parser.parser_state.value_stack else None
        self._before = top if isinstance(top, Token) and top.type != "_NL" else None

    def explained(self) -> Diagnostic:
        if self._before is not None and self._allowed >= _VALUE_SIGNS and self._ends():
            return self._no_value(self._before)
        if self._token.type == "EQUAL" and "_IS" in self._allowed:
            return self._equals()
        if self._token.type in ("_NL", "$END"):
            return self._too_short()
        found = self._bare_row() or self._misspelt()
        if found is not None:
            return found
        if self._token.type == "ROW":
            return Diagnostic(
                "E0100", "a row does not fit here", self._place(), self._label("no table begins above it")
            )
        line, start = self._line()
        otherwise = "" if line[:start].strip() else "a line begins with a field or a keyword"
        label = _ELSEWHERE.get(str(self._token)) or self._label(otherwise)
        return Diagnostic("E0100", f"`{self._written()}` does not fit here", self._place(), label, help=self._advice())

    def _advice(self) -> str | None:
        """What people coming from spreadsheets and labels mean, where the text before the mistake shows it."""
        line, start = self._line()
        before, after = line[:start], line[start:]
        if after.startswith("--") and not before.strip():
            return "a comment begins with `#`"
        if after.startswith(",") and before[-1:].isdigit() and after[1:2].isdigit():
            return "numbers have a decimal point and no other sign: 0.05, 1000"
        if before.endswith('"') and self._token.type in ("NAME", "STRING"):
            return 'a quote inside a text is written `\\"`'
        label = re.search(r"(?<![\w.])([A-Z]\w*)[ \t]+$", before)
        if label and self._token.type == "NAME" and after[:1].isupper() and "=" in before:
            return f"a field has a name of one word, not its label: `{label[1]}_{self._written()}`"
        return None

    def _line(self) -> tuple[str, int]:
        """The line of the token, and where in it the token begins."""
        return self._origin.text.split("\n")[(self._token.line or 1) - 1], (self._token.column or 1) - 1

    def _bare_row(self) -> Diagnostic | None:
        """A row that lacks its first `|`."""
        line, start = self._line()
        if self._token.type == "ROW" or line[:start].strip() or not line.rstrip().endswith("|"):
            return None
        return Diagnostic(
            "E0105",
            "this row does not begin with `|`",
            self._place(),
            "a `|` stands in front of the first cell",
            fix=f"| {line.strip()}",
        )

    def _misspelt(self) -> Diagnostic | None:
        """A keyword with a wrong letter: ``becuase``."""
        place = self._place()
        line, start = self._line()
        words = re.match(r"[^\W\d]\w*(?:[ \t]+[^\W\d]\w*){0,2}", line[start:])
        if words is None:
            return None
        for count in range(len(words[0].split()), 0, -1):
            end = _end_of(words[0], count)
            written = words[0][:end]
            phrases = [phrase for phrase in map(_phrase, self._allowed) if phrase and len(phrase.split()) == count]
            meant = nearest(" ".join(written.split()), phrases)
            if meant is None or meant == written:
                continue
            span = Span(place.file, place.line, place.column, place.line, place.column + end)
            fix = f"{line[:start]}{meant}{line[start + end :]}".strip()
            return Diagnostic("E0100", f"`{written}` does not fit here", span, f"did you mean `{meant}`?", fix=fix)
        return None

    def _ends(self) -> bool:
        """Whether the token can follow no sign that wants a value."""
        return self._token.type not in ("NAME", "STRING", "NUMBER", "DATE", "PERCENT")

    def _written(self) -> str:
        return str(self._token).split("\n", 1)[0].strip()

    def _place(self) -> Span:
        """The token itself, in one line; the end of a line is the place behind its last word."""
        token = self._token
        line, column = max(token.line or 1, 1), max(token.column or 1, 1)
        if token.type in ("_NL", "$END"):
            code = _CODE.match(self._origin.text.split("\n")[line - 1])
            column = len(code[0].rstrip()) + 1 if code else column
        return self._origin.at(line, column, line, column + max(1, len(self._written())))

    def _label(self, otherwise: str) -> str:
        return _would_fit(self._allowed) or otherwise

    def _no_value(self, before: Token) -> Diagnostic:
        word = " ".join(str(before).split())
        label = (
            'a field, a value or fail "…" belongs here'
            if "STOP" in self._allowed
            else "a field or a value belongs here"
        )
        place = (before.line, before.column, before.end_line, before.end_column)
        span = self._origin.at(*(number or 1 for number in place))
        return Diagnostic("E0102", f"a value is missing after `{word}`", span, label)

    def _equals(self) -> Diagnostic:
        span = self._place()
        lines = self._origin.text.split("\n")
        line = lines[(self._token.line or 1) - 1]
        column = (self._token.column or 1) - 1
        mended = f"{line[:column].rstrip()} is {line[column + 1 :].lstrip()}".strip()
        return Diagnostic("E0103", "`=` sets a field, it does not compare", span, "compare with `is`", fix=mended)

    def _too_short(self) -> Diagnostic:
        return Diagnostic("E0100", "this line ends too early", self._place(), self._label("something is missing"))


def _would_fit(terminals: frozenset[str]) -> str:
    """``a field or a value would fit here``: the terminals in words, few of them."""
    names = set(terminals) - {"$END"}
    names = names - _PATH_GOES_ON or names
    words: list[str] = []
    if names >= _VALUE_SIGNS:
        words.append("a field or a value")
        names -= _VALUE
    operators = names & _OPERATORS
    if len(operators) > 2:
        names -= _OPERATORS
    words += sorted(_in_words(name) for name in names - {"_NL"})
    if len(operators) > 2:
        words.append("an operator")
    if "_NL" in names:
        words.append(_WORDS["_NL"])
    if not words or len(words) > _MOST:
        return ""
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
    return f"{listed} would fit here"


_PHRASES = {"_IS_PRESENT": "is present", "OR_CREATE": "or create", "OWNER": "on create", "UNIT": "days"}


def _phrase(terminal: str) -> str | None:
    """The word or words of a keyword terminal; None for other terminals."""
    if terminal in _PHRASES:
        return _PHRASES[terminal]
    if not terminal.startswith("_") or terminal == "_NL":
        return None
    return terminal.strip("_").lower().replace("_", " ")


def _in_words(terminal: str) -> str:
    if terminal in _WORDS:
        return _WORDS[terminal]
    sign = _signs().get(terminal)
    if sign is not None:
        return f"`{sign}`"
    return f"`{terminal.strip('_').lower().replace('_', ' ')}`"


@lru_cache(maxsize=1)
def _signs() -> dict[str, str]:
    """The terminals that are written as one sign: ``EQUAL`` is ``=``."""
    from lark.lexer import PatternStr

    return {
        terminal.name: terminal.pattern.value
        for terminal in grammar.shared().terminals
        if isinstance(terminal.pattern, PatternStr)
    }
