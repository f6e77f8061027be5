"""What a parser makes of a text: trees of tokens that know where they stand."""

from __future__ import annotations


class Token(str):
    """A word of a text, in one line of it. ``type`` is its terminal; ``start_pos`` counts characters from 0, ``line``
    and ``column`` count from 1."""

    __slots__ = ("column", "line", "start_pos", "type")

    type: str
    start_pos: int
    line: int
    column: int

    @property
    def begin(self) -> Token:
        return self

    @property
    def end(self) -> Token:
        return self

    @property
    def end_pos(self) -> int:
        return self.start_pos + len(self)

    @property
    def end_column(self) -> int:
        """The column behind its last character."""
        return self.column + len(self)


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
