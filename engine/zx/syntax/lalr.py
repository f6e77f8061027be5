"""A parser that runs on finished tables: what Lark works out from the grammar, without Lark.

It makes the trees that Lark would make. Texts that are not in the language are refused without a word of why; Lark says
that (``zx.syntax.grammar``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zx.syntax.terminals import Matcher, Terminals
from zx.syntax.tree import Node, Token, Tree
from zx.values.dataclass import dataclass

END = "$END"
LINE_END = "_NL"
BLANKS = " \t"  # ignored wherever they stand, and no terminal begins with one


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
        self._rules = [_Making.of(rule) for rule in tables.rules]
        self._terminals = Terminals(tables.scanners)
        by_pattern: list[dict[str, Matcher]] = [{} for _ in tables.scanners]
        self._matchers = [by_pattern[pattern] for pattern in tables.patterns]
        self._passed: dict[tuple[int, int, str], int] = {}

    @property
    def scanners(self) -> Sequence[str]:
        """The choices of terminals, each a pattern of named groups."""
        return self._tables.scanners

    def parse(self, text: str, start: str) -> Tree:
        """The tree of ``text``. Raises Refused."""
        tables, rules, matchers, passed = self._tables, self._rules, self._matchers, self._passed
        actions, final, ignored = tables.actions, tables.ends[start], tables.ignored
        state = tables.starts[start]
        states = [state]
        values: list[Node] = []
        position, length = 0, len(text)
        line, above = 1, -1  # the line under way, and where the one above it ends
        while True:
            token: Token | None = None
            kind = END
            while position < length:
                ahead = text[position]
                if ahead in BLANKS:
                    position += 1
                    continue
                match = (matchers[state].get(ahead) or self._matcher(state, ahead))(text, position)
                found = match.lastgroup if match else None
                if match is None or found is None:
                    raise Refused
                begin, position = position, match.end()
                if begin == position:
                    raise Refused
                if found not in ignored:
                    token, kind = Token(match[0]), found
                    token.type, token.start_pos, token.line, token.column = kind, begin, line, begin - above
                    if kind != LINE_END:
                        break
                ended = text.count("\n", begin, position)
                if ended:
                    line, above = line + ended, text.rindex("\n", begin, position)
                if token is not None:
                    break
            while True:
                action = actions[state].get(kind)
                if action is None:
                    raise Refused
                if action >= 0:
                    state = action
                    states.append(state)
                    values.append(token)
                    break
                making = rules[-1 - action]
                if making is None:
                    way = states[-2], state, kind
                    known = passed.get(way)
                    state = states[-1] = self._passing(*way) if known is None else known
                else:
                    size = making.size
                    if size:
                        parts = values[-size:]
                        del states[-size:], values[-size:]
                    else:
                        parts = []
                    values.append(making.made(parts))
                    state = actions[states[-1]][making.origin]
                    states.append(state)
                if token is None and state == final:
                    result = values[-1]
                    assert isinstance(result, Tree)
                    return result

    def _passing(self, below: int, state: int, kind: str) -> int:
        """The state on top of ``below`` when ``state``, with ``kind`` ahead, has gone through all rules that make
        nothing: a name alone is a path, a product, a sum, a condition, and none of these leaves a trace."""
        start, actions, rules = state, self._tables.actions, self._tables.rules
        ends = self._tables.ends.values()
        while state not in ends:
            action = actions[state].get(kind, 0)
            if action >= 0 or not rules[-1 - action].passes:
                break
            state = actions[below][rules[-1 - action].origin]
        self._passed[below, start, kind] = state
        return state

    def _matcher(self, state: int, ahead: str) -> Matcher:
        found = self._matchers[state][ahead] = self._terminals.matcher(self._tables.patterns[state], ahead)
        return found


@dataclass(frozen=True, slots=True)
class _Making:
    """What a rule makes of its parts, ready for use. ``picks`` are the parts that become children as they are, None
    for all of them, with -1 for an empty one; parts whose children stand for them are gathered by ``gathers``. A line
    end takes no room in the node."""

    origin: str
    size: int
    name: str
    only: bool
    picks: Sequence[int] | None
    gathers: Rule | None

    @classmethod
    def of(cls, rule: Rule) -> _Making | None:
        """None for a rule that makes nothing."""
        if rule.passes:
            return None
        picks: list[int] = []
        for nones, index, _ in rule.include:
            picks += [-1] * nones
            picks.append(index)
        picks += [-1] * rule.nones
        gathers = any(expands for _, _, expands in rule.include)
        everything = picks == list(range(rule.size))
        return cls(
            rule.origin, rule.size, rule.name, rule.only, None if everything else picks, rule if gathers else None
        )

    def made(self, parts: list[Node]) -> Node:
        """The node that the rule makes of ``parts``."""
        if self.gathers is not None:
            children = _gathered(self.gathers, parts)
        elif self.picks is None:
            children = parts
        else:
            children = [parts[index] if index >= 0 else None for index in self.picks]
        first = last = None
        for part in parts:
            if part is not None:
                first = part.outer_first if isinstance(part, Tree) else part if part.type != LINE_END else None
                if first is not None:
                    break
        for part in reversed(parts):
            if part is not None:
                last = part.outer_last if isinstance(part, Tree) else part if part.type != LINE_END else None
                if last is not None:
                    break
        if self.only and len(children) == 1:
            child = children[0]
            if isinstance(child, Tree) and first is not None:
                if child.first is None:
                    child.first, child.last = first, last
                child.outer_first, child.outer_last = first, last
            return child
        return Tree(self.name, children, first, last)


def _gathered(rule: Rule, parts: list[Node]) -> list[Node]:
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
        children = [*children, *([None] * rule.nones)]
    return children
