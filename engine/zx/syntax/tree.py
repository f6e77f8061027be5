"""What a parser makes of a text: trees of tokens that know where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


class Token(str):
    """A word of a text. ``type`` is its terminal; ``starts`` are the positions at which the lines of the text begin."""

    __slots__ = ("end_pos", "start_pos", "starts", "type")

    type: str
    start_pos: int
    end_pos: int
    starts: Sequence[int]

    @property
    def begin(self) -> Token:
        return self

    @property
    def end(self) -> Token:
        return self

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its first character, counted from 1."""
        line = bisect_right(self.starts, self.start_pos)
        return line, self.start_pos - self.starts[line - 1] + 1

    @property
    def end_place(self) -> tuple[int, int]:
        """Line and column behind its last character."""
        line = bisect_right(self.starts, self.end_pos)
        return line, self.end_pos - self.starts[line - 1] + 1


class Tree:
    """A node: the name of its rule, and its children (None for an optional one that is not there).

    ``first`` and ``last`` are its outermost tokens; ``outer_first`` and ``outer_last`` those of the brackets or words
    around it that the tree leaves out. A node without any token has no place.
    """

    __slots__ = ("children", "data", "first", "last", "outer_first", "outer_last")

    def __init__(self, data: str, children: list[Node], first: Token | None, last: Token | None) -> None:
        self.data = data
        self.children = children
        self.first = self.outer_first = first
        self.last = self.outer_last = last

    @property
    def begin(self) -> Token:
        assert self.first is not None
        return self.first

    @property
    def end(self) -> Token:
        assert self.last is not None
        return self.last


Node = Token | Tree | None
