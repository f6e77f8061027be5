"""Which terminal comes next: one pattern for each set of terminals that a parser may meet and each character.

Most terminals begin with one certain character, so that a pattern made for the character ahead has few alternatives
left: a capital cannot begin a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Matcher = Callable[[str, int], re.Match[str] | None]

_ALTERNATIVE = re.compile(r"\|(?=\(\?P<\w+>)")
_BODY = re.compile(r"\(\?P<\w+>(.*)\)", re.DOTALL)
# A character or a class of them that a terminal begins with whatever follows: no part of a choice, not optional.
_HEAD = re.compile(r"(?P<head>\\[^a-zA-Z0-9]|[^\\()\[\]{}.?*+|^$]|\[[^\]\\^]+\])(?![?*{|])", re.DOTALL)


class Terminals:
    """The patterns of ``scanners``, each a choice of named groups; compiled when first asked for."""

    def __init__(self, scanners: Sequence[str]) -> None:
        self._alternatives = [_ALTERNATIVE.split(scanner) for scanner in scanners]
        self._compiled: dict[str, Matcher] = {}
        self._heads: dict[str, re.Pattern[str] | None] = {}

    def matcher(self, scanner: int, character: str) -> Matcher:
        """What finds the next terminal of ``scanner`` where ``character`` is ahead, in the order of the scanner."""
        chosen = "|".join(part for part in self._alternatives[scanner] if self._may_begin(part, character))
        if chosen not in self._compiled:
            self._compiled[chosen] = re.compile(chosen or "(?!)").match
        return self._compiled[chosen]

    def _may_begin(self, alternative: str, character: str) -> bool:
        if alternative not in self._heads:
            self._heads[alternative] = _head(alternative)
        head = self._heads[alternative]
        return head is None or head.match(character) is not None


def _head(alternative: str) -> re.Pattern[str] | None:
    """What ``alternative`` begins with, None where that is not plain to see."""
    body = _BODY.fullmatch(alternative)
    head = _HEAD.match(body[1]) if body and not _is_choice(body[1]) else None
    return re.compile(head["head"]) if head else None


def _is_choice(pattern: str) -> bool:
    """Whether ``pattern`` is a choice as a whole, with a bar outside of brackets."""
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", pattern, flags=re.DOTALL)
    depth = 0
    for sign in bare:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and not depth:
            return True
    return False
