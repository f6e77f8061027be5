"""A parser that runs on finished tables: what Lark works out from the grammar, without Lark.

It makes the trees that Lark would make. Texts that are not in the language are refused without a word of why; Lark says
that (``zx.syntax.grammar``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from zx.syntax.tree import Node, Token, Tree
from zx.values.dataclass import dataclass

END = "$END"
LINE_END = "_NL"


class Refused(Exception):
    """The text is not in the language."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to make ``origin`` of ``size`` parts. ``include`` are the parts that become children: how many empty
    ones before it, which, and whether its children stand for it; ``nones`` empty ones follow.

    ``name`` names the node; ``only`` lets a single child stand for it; ``passes`` says that nothing is made at all.
    """

    origin: str
    size: int
    name: str
    only: bool
    include: Sequence[tuple[int, int, bool]]
    nones: int

    @property
    def passes(self) -> bool:
        return self.only and self.size == 1 and tuple(self.include) == ((0, 0, False),) and not self.nones


@dataclass(frozen=True, slots=True)
class Tables:
    """``actions`` by state: the next state for a terminal that is taken or a rule that is done, or below 0 the rule
    that is done (-1 the first). ``patterns`` by state: which of ``scanners`` finds the next terminal."""

    actions: Sequence[Mapping[str, int]]
    rules: Sequence[Rule]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    scanners: Sequence[str]
    patterns: Sequence[int]
    ignored: frozenset[str]


class Parser:
    """Parses by ``tables``; the patterns of a state are compiled when it is first reached."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rules = [(rule, rule.passes) for rule in tables.rules]
        self._matchers: dict[int, Callable[[str, int], re.Match[str] | None]] = {}
        self._by_pattern: dict[int, Callable[[str, int], re.Match[str] | None]] = {}

    def parse(self, text: str, start: str) -> Tree:
        """The tree of ``text``. Raises Refused."""
        tables, rules, matchers, ignored = self._tables, self._rules, self._matchers, self._tables.ignored
        actions, final = tables.actions, tables.ends[start]
        starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        states = [tables.starts[start]]
        values: list[Node] = []
        position, length = 0, len(text)
        while True:
            state = states[-1]
            token: Token | None = None
            kind = END
            while position < length:
                match = (matchers.get(state) or self._matcher(state))(text, position)
                if match is None or match.lastgroup is None or match.end() == position:
                    raise Refused
                begin, position, kind = position, match.end(), match.lastgroup
                if kind not in ignored:
                    token = Token(match.group())
                    token.type, token.start_pos, token.end_pos, token.starts = kind, begin, position, starts
                    break
                kind = END
            while True:
                action = actions[state].get(kind)
                if action is None:
                    raise Refused
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    break
                rule, passes = rules[-1 - action]
                if not passes:
                    size = rule.size
                    parts = values[-size:] if size else []
                    if size:
                        del states[-size:], values[-size:]
                    values.append(_made(rule, parts))
                else:
                    states.pop()
                state = actions[states[-1]][rule.origin]
                states.append(state)
                if token is None and state == final:
                    result = values[-1]
                    assert isinstance(result, Tree)
                    return result

    def _matcher(self, state: int) -> Callable[[str, int], re.Match[str] | None]:
        pattern = self._tables.patterns[state]
        if pattern not in self._by_pattern:
            self._by_pattern[pattern] = re.compile(self._tables.scanners[pattern]).match
        found = self._matchers[state] = self._by_pattern[pattern]
        return found


_NEWLINE = re.compile("\n")


def _made(rule: Rule, parts: list[Node]) -> Node:
    """The node that ``rule`` makes of ``parts``."""
    children: list[Node] = []
    for nones, index, expands in rule.include:
        if nones:
            children += [None] * nones
        part = parts[index]
        if expands and isinstance(part, Tree):
            children = children + part.children if children else part.children
        else:
            children.append(part)
    if rule.nones:
        children += [None] * rule.nones
    first = last = None
    for part in parts:
        first = _edge(part, True)
        if first is not None:
            break
    for part in reversed(parts):
        last = _edge(part, False)
        if last is not None:
            break
    if rule.only and len(children) == 1:
        only = children[0]
        if isinstance(only, Tree) and first is not None:
            if only.first is None:
                only.first, only.last = first, last
            only.outer_first, only.outer_last = first, last
        return only
    return Tree(rule.name, children, first, last)


def _edge(part: Node, first: bool) -> Token | None:
    """The first or last token that takes room in ``part``: a line end belongs to no node."""
    if isinstance(part, Tree):
        return part.outer_first if first else part.outer_last
    return part if part is not None and part.type != LINE_END else None
