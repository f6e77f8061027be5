"""The first look at a text, line by line: what is wrong before any grammar is asked.

Lines that can be mended are mended for the parser without moving a column, so that one mistake makes one message.
The others are named as damaged; the parser leaves the items they belong to out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import field

from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.diagnostics.visible import visible
from zx.syntax.layout import is_row
from zx.syntax.lookalikes import BIDI, is_mixed, latin
from zx.syntax.rows import Piece, split_row
from zx.values.dataclass import dataclass

MAX_LINE = 400
MAX_BRACKETS = 32

_PIECES = re.compile(r'(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<comment>#.*)|(?P<open>")|(?P<code>[^"#]+)')
_MARKER = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?")
_CURLY = re.compile("[“”„‟«»‘’‚]")
_CURLY_CELL = re.compile("(?:(?:fail|skip|cancel|warn)[ \t]*)?(?P<quote>[“”„‟«»])")
_SINGLE_CELL = re.compile("(?:fail|skip|cancel|warn)[ \t]*(?P<quote>')")
_FOREIGN = re.compile(r"==|!=|<>|&&|\|\||//")
_STRANGE_CELL = re.compile("['=<>]")  # in a row of plain letters: without one of these there is nothing to find
# Code without signs from elsewhere, in which every text is closed, and a comment behind it.
_QUIET_CODE = re.compile(
    r"""(?:[^"'#=!<&|/]++|"[^"\\]*+"|=(?!=)|!(?!=)|<(?!>)|&(?!&)|\|(?!\|)|/(?!/))*+(?:\#.*)?""",
)
_FOREIGN_WORDS = {"==": "is", "!=": "is not", "<>": "is not", "&&": "and", "||": "or"}
_WORD = re.compile(r"\w+")
MAX_CELLS = 50


@dataclass(slots=True)
class Scanned:
    """``lines`` are those for the parser, one for each line of the file; ``damaged`` counts lines from 0."""

    lines: list[str]
    damaged: set[int] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def scan(lines: list[str], file: str) -> Scanned:
    """Looks at every line of a file once."""
    scanned = Scanned(list(lines))
    hidden = _conflicts(lines, file, scanned)
    for index, line in enumerate(lines):
        if index not in hidden and not _is_quiet(line):
            _Line(file, index, line, scanned).look()
    return scanned


def _is_quiet(line: str) -> bool:
    """Whether a glance tells that there is nothing to say about ``line``; most lines are such."""
    if not line or line.isspace():
        return True
    if len(line) > MAX_LINE or not (line.isascii() and line.isprintable()):
        return False
    if is_row(line):
        return '"' not in line and _STRANGE_CELL.search(line) is None
    return _QUIET_CODE.fullmatch(line) is not None and line.count("(") <= MAX_BRACKETS


def _conflicts(lines: list[str], file: str, scanned: Scanned) -> set[int]:
    """Reports each conflict once; its first side is read on, the markers and the other sides are taken out."""
    hidden: set[int] = set()
    markers: list[int] = []
    for index, line in enumerate(lines):
        match = _MARKER.fullmatch(line)
        sign = match[1][0] if match else ""
        opens = sign == "<" or (sign in ("=", ">") and not markers)
        if opens and markers:
            scanned.diagnostics.append(_conflict(lines, file, markers))
            markers = []
        if opens or (sign and markers):
            markers.append(index)
        if markers and (sign or len(markers) > 1):
            hidden.add(index)
            scanned.lines[index] = ""
        if sign == ">" and markers:
            scanned.diagnostics.append(_conflict(lines, file, markers))
            markers = []
    if markers:
        # A marker without its end: the lines below it are taken as they stand.
        scanned.diagnostics.append(_conflict(lines, file, markers))
        for index in sorted(hidden):
            if index > markers[0] and index not in markers:
                hidden.discard(index)
                scanned.lines[index] = lines[index]
    return hidden


def _conflict(lines: list[str], file: str, markers: list[int]) -> Diagnostic:
    first = markers[0]
    numbers = ", ".join(str(marker + 1) for marker in markers)
    count = {1: "the marker line", 2: "the two marker lines", 3: "the three marker lines"}.get(
        len(markers), "the marker lines"
    )
    word = lines[first].split(" ", 1)[0]
    return Diagnostic(
        "E0101",
        "this file still has git conflict markers",
        Span(file, first + 1, 1, first + 1, 1 + len(word)),
        f"keep one side, then delete {count} ({numbers})",
    )


class _Line:
    """One line; every kind of mistake is reported once for it."""

    def __init__(self, file: str, index: int, line: str, scanned: Scanned) -> None:
        self._file = file
        self._index = index
        self._line = line
        self._scanned = scanned
        self._row = is_row(line)

    def look(self) -> None:
        line = self._line
        if len(line) > MAX_LINE:
            self._report(
                "E0111",
                f"this line has {len(line)} characters, {MAX_LINE} are allowed",
                MAX_LINE,
                len(line),
                "what is here is over",
                help="go on in the next line, indented and beginning with `otherwise`, `and`, `or`, `then` or `else`",
            )
            if len(line) > 10 * MAX_LINE:
                # Nobody wrote this line: what it holds is not looked at.
                self._scanned.damaged.add(self._index)
                self._mend(line[:MAX_LINE])
                return
        if line.isascii() and line.isprintable():
            self._plain_look()
            return
        self._look_alikes()
        self._hidden()
        if self._row and "\t" in line:
            self._tab()
        self._plain_look()

    def _plain_look(self) -> None:
        """The mistakes that plain ASCII can have too; a line is given up at the first of them."""
        if self._row:
            self._look_at_row()
            return
        for kind, begin, end in self._pieces(self._line, 0):
            if kind == "open":
                self._unclosed(begin)
            elif kind == "code" and self._foreign(begin, end):
                pass
            else:
                continue
            self._scanned.damaged.add(self._index)
            return
        self._brackets()

    def _look_at_row(self) -> None:
        begin = self._line.index("|")
        text = self._line[begin:]
        if text.count("|") > MAX_CELLS + 1 and '"' not in text:
            self._report(
                "E0105",
                f"this row has {text.count('|') - 1} cells, {MAX_CELLS} are allowed",
                begin,
                len(self._line),
                "too many columns for people to read",
                help="make several tables of it",
            )
            self._scanned.damaged.add(self._index)
            return
        if '"' in text and text.replace("\\\\", "").replace('\\"', "").count('"') % 2:
            self._unclosed(self._line.rindex('"'))
            self._scanned.damaged.add(self._index)
            return
        if text.isascii() and not _STRANGE_CELL.search(text):
            return
        cells, _rest = split_row(text)
        for cell in cells:
            match = _CURLY_CELL.match(cell.text)
            formula = cell.text.startswith(("=", "<", ">"))
            if match:
                self._curly(begin + cell.start + match.start("quote"))
            elif single := _SINGLE_CELL.match(cell.text):
                self._single(begin + cell.start + single.start("quote"))
            elif not (formula and self._foreign_in_formula(begin, cell)):
                continue
            self._scanned.damaged.add(self._index)
            return

    def _foreign_in_formula(self, begin: int, cell: Piece) -> bool:
        return any(
            kind == "code" and self._foreign(start, end)
            for kind, start, end in self._pieces(cell.text[1:], begin + cell.start + 1)
        )

    def _pieces(self, text: str, begin: int) -> Iterator[tuple[str, int, int]]:
        for match in _PIECES.finditer(text):
            yield str(match.lastgroup), begin + match.start(), begin + match.end()

    def _foreign(self, begin: int, end: int) -> bool:
        """Quotes and signs that come from elsewhere."""
        code = self._line[begin:end]
        if match := _CURLY.search(code):
            self._curly(begin + match.start())
            return True
        if "'" in code:
            self._single(begin + code.index("'"))
            return True
        if match := _FOREIGN.search(code):
            self._sign(begin + match.start(), match[0])
            return True
        return False

    # --- the single mistakes ---

    def _report(
        self,
        code: str,
        message: str,
        begin: int,
        end: int,
        label: str,
        *,
        fix: str | None = None,
        help: str | None = None,
    ) -> None:
        number = self._index + 1
        severity = Severity.WARNING if code.startswith("W") else Severity.ERROR
        span = Span(self._file, number, begin + 1, number, end + 1)
        self._scanned.diagnostics.append(Diagnostic(code, message, span, label, severity, fix=fix, help=help))

    def _sign(self, begin: int, sign: str) -> None:
        end = begin + len(sign)
        if sign == "//":
            mended = f"{self._line[:begin]}#{self._line[end:]}".strip()
            self._report("E0103", "`//` is not used here", begin, end, "a comment begins with `#`", fix=mended)
            return
        word = _FOREIGN_WORDS[sign]
        left, right = self._line[:begin].rstrip(), self._line[end:].lstrip()
        verb = "compare" if word.startswith("is") else "join conditions"
        self._report(
            "E0103",
            f"`{sign}` is not used here",
            begin,
            end,
            f"{verb} with `{word}`",
            fix=f"{left} {word} {right}".strip(),
        )

    def _unclosed(self, begin: int) -> None:
        rest = self._line[begin + 1 :]
        if _CURLY.search(rest):
            self._curly(begin + 1 + next(_CURLY.finditer(rest)).start())
            return
        self._report(
            "E0104",
            "this text is not closed",
            begin,
            begin + 1,
            "a quote opens here and the line ends",
            fix=self._closed(begin),
            help=None if self._closed(begin) else 'a quote inside a text is written `\\"`',
        )

    def _closed(self, begin: int) -> str | None:
        """The line with the missing quote where it most likely belongs, or None when that is anyone's guess."""
        before, after = self._line[:begin], self._line[begin + 1 :]
        word = re.search(r'(?:^|[\s(,=])(?P<word>[^\s"(,=]+)$', before)
        if not after.strip() and word:
            at = word.start("word")
            return f'{before[:at]}"{before[at:]}"'.strip()
        if self._row or not after.strip():
            return None
        return f'{self._line.rstrip()}"'.strip()

    def _curly(self, begin: int) -> None:
        sign = self._line[begin]
        mended = _CURLY.sub('"', self._line).strip()
        self._report(
            "E0107",
            f"`{sign}` is not a quote of the rules",
            begin,
            begin + 1,
            'texts stand between plain quotes: "…"',
            fix=mended if mended.count('"') % 2 == 0 else None,
        )

    def _single(self, begin: int) -> None:
        line = self._line
        whole = re.compile(r"'([^'\"]*)'").match(line, begin)
        fix = f'{line[:begin]}"{whole[1]}"{line[whole.end() :]}'.strip() if whole else None
        self._report(
            "E0107",
            "texts stand between double quotes",
            begin,
            whole.end() if whole else begin + 1,
            'write "…"',
            fix=fix,
        )

    def _tab(self) -> None:
        begin = self._line.index("\t", self._line.index("|")) if "\t" in self._line.lstrip(" \t") else -1
        if begin >= 0:
            mended = self._line.replace("\t", " ").strip()
            self._report("E0108", "there is a tab in this row", begin, begin + 1, "use blanks", fix=mended)
        self._mend(self._scanned.lines[self._index].replace("\t", " "))

    def _brackets(self) -> None:
        depth = 0
        for kind, begin, end in self._pieces(self._line, 0):
            if kind != "code":
                continue
            if "(" not in self._line[begin:end] and ")" not in self._line[begin:end]:
                continue
            for index in range(begin, end):
                depth += {"(": 1, ")": -1}.get(self._line[index], 0)
                if depth > MAX_BRACKETS:
                    self._report(
                        "E0109",
                        f"brackets are nested over {MAX_BRACKETS} deep",
                        index,
                        index + 1,
                        "one bracket too many",
                        help="give parts of it a name with `let`, or make it a table",
                    )
                    self._scanned.damaged.add(self._index)
                    return

    def _hidden(self) -> None:
        """Characters nobody sees: an error where they break the grammar, a warning where they turn text around."""
        for kind, begin, end in self._kinds():
            for index in range(begin, end):
                character = self._line[index]
                category = unicodedata.category(character)
                if character == "\t" or (kind == "comment" and character not in BIDI and category != "Cc"):
                    continue
                if character in BIDI and kind != "code":
                    label = f"{visible(character)} changes the direction of the text"
                    self._report("W0110", "a hidden mark stands in this line", index, index + 1, label)
                    return
                if category in ("Cc", "Zl", "Zp", "Cs") or (
                    kind == "code" and category in ("Cf", "Zs") and character != " "
                ):
                    self._report(
                        "E0116",
                        "this line holds a character that cannot be seen",
                        index,
                        index + 1,
                        f"{visible(character)} here" if category != "Zs" else "not a plain blank",
                        help="delete it" if category != "Zs" else "type the blank anew",
                    )
                    self._scanned.damaged.add(self._index)
                    return

    def _kinds(self) -> Iterator[tuple[str, int, int]]:
        if self._row:
            yield "cell", 0, len(self._line)
        else:
            yield from self._pieces(self._line, 0)

    def _look_alikes(self) -> None:
        for kind, begin, end in list(self._kinds()):
            if kind == "comment":
                continue
            for match in _WORD.finditer(self._line, begin, end):
                mended = latin(match[0]) if kind == "code" else None
                if mended is None and (kind == "code" or not is_mixed(match[0])):
                    continue
                at = next(index for index, character in enumerate(match[0]) if not character.isascii())
                name = unicodedata.name(match[0][at], "another letter").capitalize()
                self._report(
                    "W0110",
                    f"`{match[0]}` mixes alphabets"
                    if is_mixed(match[0])
                    else f"`{match[0]}` only looks like Latin letters",
                    match.start(),
                    match.end(),
                    f"letter {at + 1} is a {name}",
                    fix=mended,
                )
                if mended is not None:
                    line = self._scanned.lines[self._index]
                    self._mend(line[: match.start()] + mended + line[match.end() :])

    def _mend(self, line: str) -> None:
        self._scanned.lines[self._index] = line
