"""Stopped at every effect, started again: never two, nothing missing, every link there (reliability G1 G2 G4)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apply_world import SETTLE_S, Crash, Fault, World, half_answered, late, lost_answer, lost_request

FAULTS: dict[str, dict[int, Fault]] = {
    "calm": {},
    "contacts: request lost": {1: lost_request},
    "contacts: answer lost": {1: lost_answer},
    "contacts: late": {1: late(SETTLE_S - 60)},
    "contacts: half answered": {1: half_answered},
    "invoices: request lost": {2: lost_request},
    "invoices: answer lost": {2: lost_answer},
    "invoices: late": {2: late(SETTLE_S - 60)},
    "invoices: half answered": {2: half_answered},
}


def effects_of_a_whole_run(folder: Path, faults: dict[int, Fault]) -> int:
    world = World(folder)
    world.xero.faults = dict(faults)
    assert world.life() is not None
    return world.effects.count


@pytest.mark.parametrize("name", FAULTS)
def test_without_a_crash_everything_is_there_after_one_or_two_pushes(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    world.xero.faults = dict(FAULTS[name])
    first = world.life()
    assert first is not None and first.stopped is None
    assert first.count("in_doubt") == 0 and first.count("not_attempted") == 0
    world.check_complete()
    again = world.life()
    assert again is not None and not again.actions


@pytest.mark.parametrize("name", FAULTS)
def test_a_crash_at_any_effect_is_repaired_by_the_next_push(tmp_path: Path, name: str) -> None:
    count = effects_of_a_whole_run(tmp_path / "whole", FAULTS[name])
    assert count > 12
    for crash_at in range(1, count + 1):
        world = World(tmp_path / str(crash_at))
        world.xero.faults = dict(FAULTS[name])
        assert world.life(crash_at) is None, f"effect {crash_at} of {count} was not reached"
        last = world.life()
        assert last is not None and last.stopped is None
        world.clock.sleep(SETTLE_S)
        world.check_complete()
        final = world.life()
        assert final is not None and not final.actions


@pytest.mark.parametrize("name", ["calm", "contacts: late", "invoices: answer lost"])
def test_a_crash_during_the_repair_is_repaired_as_well(tmp_path: Path, name: str) -> None:
    count = effects_of_a_whole_run(tmp_path / "whole", FAULTS[name])
    for crash_at in range(2, count + 1, 3):
        second = 0
        while True:
            second += 2
            world = World(tmp_path / f"{crash_at}-{second}")
            world.xero.faults = dict(FAULTS[name])
            world.life(crash_at)
            if world.life(second) is not None:
                break
            world.life()
            world.clock.sleep(SETTLE_S)
            world.check_complete()


@pytest.mark.parametrize("name", ["calm", "invoices: half answered"])
def test_a_crash_at_any_call_of_the_disk_is_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = {call: getattr(os, call) for call in ("open", "write", "fsync", "fdatasync", "replace") if hasattr(os, call)}
    left = -1

    def counted(call: str) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Crash
            return real[call](*arguments, **named)

        return run

    for call in real:
        monkeypatch.setattr(os, call, counted(call))
    stop_at = 0
    while True:
        stop_at += 1
        world = World(tmp_path / str(stop_at))
        world.xero.faults = dict(FAULTS[name])
        left = stop_at
        try:
            finished = world.life() is not None
        except Crash:  # while the disk was being opened
            finished = False
        reached, left = left, -1
        world.life()
        world.check_complete()
        if finished:
            break
    assert reached > 0 and stop_at > 60


def test_no_key_is_ever_sent_twice(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.xero.faults = {1: lost_request, 2: lost_request, 3: lost_request}
    for crash_at in (5, 9, 12, None):
        world.life(crash_at)
    world.check_complete()
    assert len(world.xero.keys) == len(set(world.xero.keys))
    assert all(len(key) == 35 for key in world.xero.keys)


def test_a_late_request_beyond_the_assumption_would_show_what_settling_is_for(tmp_path: Path) -> None:
    """The watchdog of the test itself: with lateness above ``settle_s`` a contact does come twice (assumption A1)."""
    world = World(tmp_path)
    world.xero.faults = {1: late(SETTLE_S + 120)}
    world.life()
    world.clock.sleep(SETTLE_S)
    with pytest.raises(AssertionError, match="Contact"):
        world.check_complete()
