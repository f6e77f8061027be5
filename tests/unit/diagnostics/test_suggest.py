from __future__ import annotations

import pytest

from zx.diagnostics.suggest import distance, nearest


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("Due_Dat", ["Due_Date", "Date"], "Due_Date"),
        ("duedate", ["DueDat", "DueDate"], "DueDate"),  # ignoring case comes first
        ("macth", ["map", "match"], "match"),  # two letters swapped are one mistake
        ("Subject", ["Reference"], None),
        ("ab", ["ac"], None),  # a third of two letters is none
        ("abcdef", ["abcdxy", "abcdzz"], "abcdxy"),  # equally near: alphabetically first
        ("x", [], None),
    ],
)
def test_nearest(word: str, candidates: list[str], meant: str | None) -> None:
    assert nearest(word, candidates) == meant
    assert nearest(word, reversed(candidates)) == meant


def test_distance_counts_each_kind_of_mistake_once() -> None:
    assert [distance("abc", other) for other in ("abc", "abcd", "ab", "axc", "acb", "")] == [0, 1, 1, 1, 1, 3]
