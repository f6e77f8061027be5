"""The lines of a file as people see them: sections, and in them items and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from zx.values.dataclass import dataclass

SECTION_WORDS = (
    "use",
    "setting",
    "table",
    "map",
    "lines of",
    "line",
    "summary",
    "extend",
    "test",
    "decisions for",
)
ITEM_WORDS = (
    "only when",
    "skip when",
    "fail when",
    "cancel when",
    "warn when",
    "let",
    "match on",
    "never create",
    "never update",
    "never delete",
    "total must be",
    "spread",
    "override",
    "drop",
)
TEST_WORDS = ("run", "with settings", "given", "expect")

_UNIT = re.compile(
    r"[ \t]*(?:(?P<row>\|)|(?P<trivia>\Z|#)|(?P<section>"
    + "|".join(word.replace(" ", "[ \t]+") for word in SECTION_WORDS)
    + r")(?![\w$]))"
)
_STEP = re.compile("[ \t]*(?:" + "|".join(word.replace(" ", "[ \t]+") for word in TEST_WORDS) + r")(?![\w$])")
_CONTINUES = re.compile(r"[ \t]+(otherwise|and|or|then|else)\b")


class Kind(Enum):
    SECTION = "section"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Unit:
    """One item, row or section header: lines ``first`` to ``last`` (counted from 0, ``last`` not included)."""

    kind: Kind
    first: int
    last: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A section header and the units below it; ``header`` is None above the first section of a file."""

    header: Unit | None
    units: tuple[Unit, ...]


def is_trivia(line: str) -> bool:
    """Whether a line is blank or only a comment."""
    stripped = line.lstrip(" \t")
    return not stripped or stripped.startswith("#")


def is_row(line: str) -> bool:
    return line.lstrip(" \t").startswith("|")


def is_step(line: str) -> bool:
    """Whether a line of a test begins a step, and not a field of the step above it."""
    return _STEP.match(line) is not None


def continues(line: str) -> bool:
    """Whether ``line`` goes on with the line right above it."""
    return _CONTINUES.match(line) is not None


def groups(lines: Sequence[str]) -> list[Group]:
    """All lines of a file but trivia, as sections."""
    found: list[Group] = []
    header: Unit | None = None
    units: list[Unit] = []
    for unit in _units(lines):
        if unit.kind is Kind.SECTION:
            if header is not None or units:
                found.append(Group(header, tuple(units)))
            header, units = unit, []
        else:
            units.append(unit)
    if header is not None or units:
        found.append(Group(header, tuple(units)))
    return found


def _units(lines: Sequence[str]) -> list[Unit]:
    units: list[Unit] = []
    index, count = 0, len(lines)
    while index < count:
        line = lines[index]
        match = _UNIT.match(line)
        kind = match.lastgroup if match else None
        if kind == "trivia":
            index += 1
            continue
        last = index + 1
        while last < count and continues(lines[last]):
            last += 1
        if kind == "row":
            units.append(Unit(Kind.ROW, index, last))
        elif match:
            units.append(Unit(Kind.SECTION, index, last, " ".join(match["section"].split())))
        else:
            units.append(Unit(Kind.ITEM, index, last))
        index = last
    return units
