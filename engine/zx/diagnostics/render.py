"""Diagnostics as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.diagnostics.visible import visible_text, width

MAX_WIDTH = 160
_CONTEXT = 40

_RED, _YELLOW, _BLUE, _GREEN, _BOLD, _RESET = "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[32m", "\x1b[1m", "\x1b[0m"


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], *, colour: bool = False) -> str:
    """All diagnostics as pictures, a blank line between two, in the order given; "" when there are none.

    ``sources`` maps file names to their texts; a place in a file that is not there is named without its line.
    """
    lines = {file: text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n") for file, text in sources.items()}
    pictures = [_Picture(diagnostic, lines, _Paint(colour)).text() for diagnostic in diagnostics]
    return "\n".join(pictures)


def render_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """One object for each diagnostic; keys without a value are left out."""
    return [_as_object(diagnostic) for diagnostic in diagnostics]


def heading(diagnostic: Diagnostic) -> str:
    """``error[E0201]``, ``warning[W0212]``; an error about one record is a ``problem[R901]``."""
    kind = "problem" if diagnostic.code.startswith("R") and diagnostic.is_error else diagnostic.severity.value
    return f"{kind}[{diagnostic.code}]"


def _as_object(diagnostic: Diagnostic) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_place(diagnostic.span),
    }
    for name in ("label", "note", "help", "fix"):
        value = getattr(diagnostic, name)
        if value:
            made[name] = value
    if diagnostic.others:
        made["others"] = [{**_place(other.span), "text": other.text} for other in diagnostic.others]
    return made


def _place(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


@dataclass(frozen=True, slots=True)
class _Paint:
    on: bool

    def __call__(self, text: str, *codes: str) -> str:
        return f"{''.join(codes)}{text}{_RESET}" if self.on and text else text


@dataclass(frozen=True, slots=True)
class _Mark:
    """One underlined stretch; the main one has carets, others have dashes."""

    span: Span
    text: str
    main: bool


class _Picture:
    """The picture of one diagnostic."""

    def __init__(self, diagnostic: Diagnostic, sources: Mapping[str, list[str]], paint: _Paint) -> None:
        self._diagnostic = diagnostic
        self._sources = sources
        self._paint = paint
        self._severity = _RED if diagnostic.is_error else _YELLOW
        places = [diagnostic.span, *(other.span for other in diagnostic.others)]
        self._gutter = max(len(str(span.line)) for span in places)

    def text(self) -> str:
        diagnostic, paint = self._diagnostic, self._paint
        title = paint(heading(diagnostic), self._severity, _BOLD)
        lines = [f"{title}: {paint(visible_text(diagnostic.message), _BOLD)}"]
        here = [other for other in diagnostic.others if other.span.file == diagnostic.span.file]
        elsewhere = [other for other in diagnostic.others if other.span.file != diagnostic.span.file]
        lines += self._block(
            "-->", diagnostic.span, [_Mark(diagnostic.span, diagnostic.label, True), *map(_other, here)]
        )
        for other in elsewhere:
            lines += self._block(":::", other.span, [_other(other)])
        for word, value in (("note", diagnostic.note), ("fix", diagnostic.fix), ("help", diagnostic.help)):
            if value:
                lines += self._footer(word, value)
        return "\n".join((*lines, ""))

    def _block(self, arrow: str, span: Span, marks: list[_Mark]) -> list[str]:
        """A place and its lines, each shown once, with the marks below it."""
        blank = " " * self._gutter
        lines = [f"{blank} {self._paint(arrow, _BLUE)} {visible_text(span.file)}:{span.line}:{span.column}"]
        source = self._sources.get(span.file)
        if source is None:
            return lines + [line for mark in marks if mark.text for line in self._footer("note", mark.text)]
        lines.append(self._paint(f"{blank} |", _BLUE))
        shown = 0
        for mark in sorted(marks, key=lambda mark: (mark.span.line, not mark.main)):
            written = source[mark.span.line - 1] if 0 < mark.span.line <= len(source) else ""
            text, start, length = _stretch(written, mark.span)
            if shown != mark.span.line:
                shown = mark.span.line
                lines.append(f"{self._paint(f'{shown:>{self._gutter}} |', _BLUE)} {text}".rstrip())
            under = ("^" if mark.main else "-") * length
            label = f"{under} {visible_text(mark.text)}".rstrip()
            colour = self._severity if mark.main else _BLUE
            lines.append(f"{self._paint(f'{blank} |', _BLUE)} {' ' * start}{self._paint(label, colour)}")
        return lines

    def _footer(self, word: str, value: str) -> list[str]:
        """``= fix: …``; further lines of the value stand below its first."""
        lead = f"{' ' * self._gutter} = {word}: "
        first, *rest = [visible_text(line) for line in value.split("\n")]
        painted = lead.replace(f"= {word}:", self._paint(f"= {word}:", _GREEN if word == "fix" else _BLUE))
        return [f"{painted}{first}", *(f"{' ' * len(lead)}{line}" for line in rest)]


def _other(label: Label) -> _Mark:
    return _Mark(label.span, label.text, False)


def _stretch(written: str, span: Span) -> tuple[str, int, int]:
    """The line to show, and in it the first column (from 0) and the length of what is marked, as a terminal counts."""
    begin = min(span.column - 1, len(written))
    end = span.end_column - 1 if span.end_line == span.line else len(written.rstrip())
    end = max(begin, min(end, len(written)))
    before, marked, after = (visible_text(part) for part in (written[:begin], written[begin:end], written[end:]))
    if width(before) + width(marked) + width(after) > MAX_WIDTH:
        if width(before) + width(marked) > MAX_WIDTH - 2 and width(before) > _CONTEXT:
            before = "… " + before[-_CONTEXT:]
        room = max(20, MAX_WIDTH - 2 - width(before))
        if width(marked) > room:
            marked, after = marked[:room], " …"
        elif width(marked) + width(after) > room:
            after = after[: room - width(marked)] + " …"
    return before + marked + after, width(before), max(1, width(marked))
