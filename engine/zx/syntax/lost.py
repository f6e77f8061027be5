"""What the reader of a file lost: the words and lines that never reached the tree.

Whoever misses a name later asks here first: a name that stands in an unreadable line is not reported a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from zx.diagnostics.diagnostic import Diagnostic
from zx.syntax.layout import Group, Kind, Unit, groups, is_trivia

_WORD = re.compile(r"\$?[^\W\d]\w*")


def words_of(text: str) -> frozenset[str]:
    """Every name and keyword in ``text``."""
    return frozenset(_WORD.findall(text))


def lost_parts(lines: Sequence[str], diagnostics: Iterable[Diagnostic]) -> tuple[frozenset[str], frozenset[int]]:
    """The words and the numbers (from 1) of the lines that were left out because of the errors in ``diagnostics``."""
    faults = {found.span.line - 1: found.code for found in diagnostics if found.is_error}
    if not faults:
        return frozenset(), frozenset()
    lost: set[int] = set()
    named: set[int] = set()
    for group in groups(lines):
        _group(group, lines, faults, lost, named)
    # A comment that went wrong hides what stands behind it.
    lost.update(line for line in faults if line < len(lines) and is_trivia(lines[line]))
    words = frozenset(word for line in lost | named for word in words_of(lines[line]))
    return words, frozenset(line + 1 for line in lost)


def _group(group: Group, lines: Sequence[str], faults: dict[int, str], lost: set[int], named: set[int]) -> None:
    """Adds the lost lines of one section; ``named`` lines are read, but what they define may be incomplete."""
    header = group.header
    rest = header is None or bool(_faults_in(header, faults))
    if header is not None and rest:
        lost.update(range(header.first, header.last))
    above = header
    for unit in group.units:
        found = _faults_in(unit, faults)
        if found and unit.kind is Kind.ITEM and "E0106" in found and not lines[unit.first].startswith((" ", "\t")):
            # The header of a section nobody knows: what follows belongs to it.
            rest = True
        if found or rest:
            lost.update(range(unit.first, unit.last))
            if unit.kind is Kind.ROW and above is not None:
                named.update(range(above.first, above.last))
        if unit.kind is not Kind.ROW:
            above = unit


def _faults_in(unit: Unit, faults: dict[int, str]) -> set[str]:
    return {faults[line] for line in range(unit.first, unit.last) if line in faults}
