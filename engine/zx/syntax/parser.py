"""The door of the room: a text to its tree and everything that is wrong with it."""

from __future__ import annotations

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax.ast import Module
from zx.syntax.lost import lost_parts, words_of
from zx.syntax.recovery import Reader
from zx.syntax.scan import scan

MAX_BYTES = 1024 * 1024
MAX_LINES = 20_000
MAX_MISTAKES = 100


def parse(text: str, file: str) -> tuple[Module, list[Diagnostic]]:
    """The tree of ``text`` and every mistake in it, in the order of lines.

    Never raises. What could not be read is left out of the tree; a section with an unreadable header is left out whole.
    ``file`` is the name people see; its last part decides what may stand in it (``decisions.zx`` holds answers only).
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Module(file, (), words_of(text)), [_too_large(file, "is larger than 1 MiB")]
    if text.count("\n") > MAX_LINES:
        return Module(file, (), words_of(text)), [_too_large(file, f"has more than {MAX_LINES:,} lines")]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    scanned = scan(lines, file)
    reader = Reader(file, scanned, MAX_MISTAKES)
    sections = reader.read()
    diagnostics = sorted(reader.diagnostics, key=lambda found: (found.span.line, found.span.column))
    return Module(file, tuple(sections), *lost_parts(scanned.lines, diagnostics)), _first(diagnostics, file)


def _too_large(file: str, how: str) -> Diagnostic:
    return Diagnostic(
        "E0112",
        f"this file {how}",
        Span(file, 1, 1, 1, 1),
        "nothing of it was read",
        help="move sections to another file, or the rows of a long table to a CSV file",
    )


def _first(diagnostics: list[Diagnostic], file: str) -> list[Diagnostic]:
    if len(diagnostics) <= MAX_MISTAKES:
        return diagnostics
    kept = diagnostics[:MAX_MISTAKES]
    more = Diagnostic(
        "E0100",
        f"{len(diagnostics) - MAX_MISTAKES} more mistakes are not shown",
        kept[-1].span,
        "the last one shown",
        help="correct the first ones and check again",
    )
    # Whether a file can be used must not depend on what is shown.
    return [*kept, more]
