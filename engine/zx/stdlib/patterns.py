"""Functions that take a pattern (RE2: no backtracking, so the time to search a text grows only with its length).

Patterns stand in the rules as literals and are compiled by ``zx check``, so they never fail while records are judged.
A pattern finds its text anywhere; ``^`` and ``$`` tie it to the ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol, cast

import re2

from zx.catalog.fieldtypes import Bool, Text
from zx.stdlib.signature import Argument, Function, Parameter, always
from zx.stdlib.types import ExprType


class Match(Protocol):
    """What a pattern found. Group 0 is the whole, a group that took no part is None."""

    def group(self, group: int = 0) -> str | None: ...


class Pattern(Protocol):
    """A compiled pattern; ``groups`` counts its parentheses."""

    @property
    def groups(self) -> int: ...

    def search(self, text: str) -> Match | None: ...

    def sub(self, replacement: Callable[[Match], str], text: str) -> str: ...


class PatternError(ValueError):
    """The text is no RE2 pattern. The message is RE2's own."""


@cache
def compiled(pattern: str) -> Pattern:
    """``pattern`` ready for use. Raises PatternError."""
    options = re2.Options()
    options.log_errors = False
    try:
        return cast(Pattern, re2.compile(pattern, options))
    except re2.error as error:
        said = error.args[0] if error.args else error
        raise PatternError(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None


def matches(text: str, pattern: str) -> bool:
    return compiled(pattern).search(text) is not None


def extract(text: str, pattern: str) -> str | None:
    """The first group, the whole match of a pattern without groups; None when nothing was found."""
    known = compiled(pattern)
    found = known.search(text)
    return None if found is None else found.group(1 if known.groups else 0) or None


def replace_all(text: str, pattern: str, new: str) -> str:
    """``new`` is a plain text: nothing in it refers to groups."""
    return compiled(pattern).sub(lambda found: new, text)


_TEXT = Parameter("text", "text")
_PATTERN = Parameter("pattern", "pattern")


def _same_length(arguments: Sequence[Argument]) -> ExprType:
    kind = arguments[0].type
    return Text(kind.length if isinstance(kind, Text) else None)


PATTERNS: tuple[Function, ...] = (
    Function(
        "matches",
        (_TEXT, _PATTERN),
        lambda arguments: Bool(),
        matches,
        "Whether the pattern finds something in the text.",
        ('matches("AU-1001", "^[A-Z]{{2}-[0-9]+$")', "yes"),
    ),
    Function(
        "extract",
        (_TEXT, _PATTERN),
        _same_length,
        extract,
        "What the first parentheses of the pattern find, or the whole pattern without any; missing when nothing.",
        ('extract("Order PO-77, urgent", "PO-([0-9]+)")', "77"),
        may_miss=always,
    ),
    Function(
        "replace_all",
        (_TEXT, _PATTERN, Parameter("new", "text")),
        lambda arguments: Text(),
        replace_all,
        "Everything the pattern finds as `new`.",
        ('replace_all("03 9000-1111", "[^0-9]+", "")', "0390001111"),
    ),
)
