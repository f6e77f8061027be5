"""The name a person most likely meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate equal to ``word`` but for case, else the nearest within a third of the word's length, else None.

    Near is counted in letters added, left out, changed or swapped with their neighbour. Of equally near candidates the
    alphabetically first is given, so that the answer never depends on the order of ``candidates``.
    """
    known = sorted(set(candidates))
    folded = word.casefold()
    for candidate in known:
        if candidate.casefold() == folded:
            return candidate
    allowed = len(word) // 3
    best: str | None = None
    for candidate in known:
        if abs(len(candidate) - len(word)) > allowed:
            continue
        apart = distance(folded, candidate.casefold())
        if apart <= allowed:
            # Only a nearer one replaces what was found.
            best, allowed = candidate, apart - 1
    return best


def distance(first: str, second: str) -> int:
    """How many letters must be added, left out, changed or swapped with their neighbour to make ``second``."""
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, start=1):
        current = [row]
        for column, other in enumerate(second, start=1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]
