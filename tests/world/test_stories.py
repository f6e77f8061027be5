"""The fault programme, small: seeded stories, and every effect of one push as its last (reliability 1.14 T1, T2).

``make faults`` tells thousands of stories; one of them again: ``make faults SEED=17``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.world.boundaries import SCENARIOS, effects_of, ends_like_undisturbed
from tests.world.story import tell

STORIES = 45
_PART = 15
_EACH = 24
"""One of so many effects; `make faults` ends a push at every one."""


@pytest.mark.parametrize("first", range(0, STORIES, _PART))
def test_whatever_happens_everything_stands_there_once(tmp_path: Path, first: int) -> None:
    wrong = {}
    for seed in range(first, first + _PART):
        told = tell(seed, tmp_path / str(seed))
        if told.wrong:
            wrong[f"make faults SEED={seed}"] = told.wrong
    assert wrong == {}


def test_the_stories_are_full_of_faults(tmp_path: Path) -> None:
    injected: Counter[str] = Counter()
    for seed in range(20):
        injected += tell(seed, tmp_path / str(seed)).injected
    assert injected["crash"] >= 10
    assert len(injected) >= 10, injected


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_a_push_may_end_at_any_effect(tmp_path: Path, scenario: str) -> None:
    names = effects_of(scenario, tmp_path / "whole")
    wrong = {}
    for number in range(len(names) % _EACH + 1, len(names) + 1, _EACH):
        found = ends_like_undisturbed(scenario, tmp_path / str(number), [number])
        if found:
            wrong[f"{number} {names[number - 1]}"] = found
    assert wrong == {}
