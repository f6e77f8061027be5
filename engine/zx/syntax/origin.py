"""Where a parsed stretch of text stands in its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zx.diagnostics.diagnostic import Span

if TYPE_CHECKING:
    from lark import Token
    from lark.tree import Meta

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Origin:
    """``text`` begins ``lines`` lines below the top of ``file`` and, in its first line, ``columns`` to the right."""

    file: str
    text: str
    lines: int = 0
    columns: int = 0

    def span(self, first: Meta | Token, last: Meta | Token | None = None) -> Span:
        """From the start of ``first`` to the end of ``last`` (default: of ``first``), in the file."""
        end = first if last is None else last
        line, column, end_line, end_column = first.line, first.column, end.end_line, end.end_column
        assert line is not None and column is not None and end_line is not None and end_column is not None
        return self.at(line, column, end_line, end_column)

    def at(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """The span of a place in ``text``; lines and columns count from 1."""
        return Span(
            self.file,
            line + self.lines,
            column + (self.columns if line == 1 else 0),
            end_line + self.lines,
            end_column + (self.columns if end_line == 1 else 0),
        )

    def operator(self, left: Meta, right: Meta) -> Span:
        """The words between two operands, without blanks, line ends and comments around them."""
        # An operand in brackets keeps its inner place; its container is what takes room.
        start: int = getattr(left, "container_end_pos", left.end_pos)
        stop: int = getattr(right, "container_start_pos", right.start_pos)
        line: int = getattr(left, "container_end_line", left.end_line)
        column: int = getattr(left, "container_end_column", left.end_column)
        match = _BLANK.match(self.text, start, stop)
        begin = match.end() if match else start
        newlines = self.text.count("\n", start, begin)
        if newlines:
            line += newlines
            column = begin - self.text.rfind("\n", start, begin)
        else:
            column += begin - start
        return self.at(line, column, line, column + len(self.text[begin:stop].rstrip()))
