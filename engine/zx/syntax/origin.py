"""Where a parsed stretch of text stands in its file."""

from __future__ import annotations

import re

from zx.diagnostics.diagnostic import Span
from zx.syntax.tree import Token, Tree
from zx.values.dataclass import dataclass

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Origin:
    """``text`` begins ``lines`` lines below the top of ``file`` and, in its first line, ``columns`` to the right."""

    file: str
    text: str
    lines: int = 0
    columns: int = 0

    def span(self, first: Token | Tree, last: Token | Tree | None = None) -> Span:
        """From the start of ``first`` to the end of ``last`` (default: of ``first``), in the file."""
        if last is None:
            last = first
        begin = first.begin if isinstance(first, Tree) else first
        end = last.end if isinstance(last, Tree) else last
        if self.columns:
            return self.at(begin.line, begin.column, end.line, end.end_column)
        return Span(self.file, begin.line + self.lines, begin.column, end.line + self.lines, end.column + len(end))

    def line(self, node: Tree) -> int:
        """The line of the file in which ``node`` begins."""
        return node.begin.line + self.lines

    def at(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """The span of a place in ``text``; lines and columns count from 1."""
        return Span(
            self.file,
            line + self.lines,
            column + (self.columns if line == 1 else 0),
            end_line + self.lines,
            end_column + (self.columns if end_line == 1 else 0),
        )

    def operator(self, left: Tree, right: Tree) -> Span:
        """The words between two operands, without blanks, line ends and comments around them."""
        # An operand in brackets keeps its inner place; its container is what takes room.
        assert left.outer_last is not None and right.outer_first is not None
        start, stop = left.outer_last.end_pos, right.outer_first.start_pos
        line, column = left.outer_last.line, left.outer_last.end_column
        match = _BLANK.match(self.text, start, stop)
        begin = match.end() if match else start
        newlines = self.text.count("\n", start, begin)
        if newlines:
            line += newlines
            column = begin - self.text.rfind("\n", start, begin)
        else:
            column += begin - start
        return self.at(line, column, line, column + len(self.text[begin:stop].rstrip()))
