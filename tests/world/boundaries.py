"""One push of a scenario, ended at a given effect: whatever it was, plain pushes lead to the undisturbed end (T2)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from tests.world.effects import Effects
from tests.world.people import Deed, do
from tests.world.story import books, calm
from tests.world.world import World

_EDITS = (Deed("due date", "1002", "2026-06-30"), Deed("quantity", "1003", 9), Deed("cancel", "1004", None))


def _sent_and_edited(world: World) -> None:
    calm(world)
    for deed in _EDITS:
        do(world, deed)


SCENARIOS: dict[str, tuple[str, Callable[[World], None]]] = {
    "first push": ("", lambda world: None),
    "numbers by Xero": ("auto_number = true\n", lambda world: None),
    "updates and a cancellation": ("", _sent_and_edited),
}
"""Settings, and what has happened before the push that is disturbed."""


def effects_of(scenario: str, folder: Path) -> list[str]:
    """The effects of the undisturbed push, in order."""
    world = _ready(scenario, folder)
    try:
        return world.push().effects.names
    finally:
        world.close()
        shutil.rmtree(folder)


def ends_like_undisturbed(scenario: str, folder: Path, stops: Sequence[int]) -> list[str]:
    """What is wrong after lives that ended at ``stops``, the machine losing power every other time."""
    world = _ready(scenario, folder)
    try:
        for life, stop in enumerate(stops):
            world.push(effects=Effects(stop), chance=Random(stop), power=(stop + life) % 2 == 0)
        wrong = calm(world)
        if not wrong and books(world) != _undisturbed(scenario, folder.parent):
            wrong.append("the books differ from those of an undisturbed push")
        return wrong + world.unannounced
    finally:
        world.close()
        shutil.rmtree(folder)


def _ready(scenario: str, folder: Path) -> World:
    settings, before = SCENARIOS[scenario]
    world = World(folder, settings)
    before(world)
    return world


@cache
def _undisturbed(scenario: str, parent: Path) -> object:
    world = _ready(scenario, parent / "undisturbed")
    try:
        calm(world)
        return books(world)
    finally:
        world.close()
        shutil.rmtree(parent / "undisturbed")
