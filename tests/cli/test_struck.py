"""``zx push`` killed, or refused by the disk, at its effects: the next plain push ends with everything once.

One effect of each kind by default; ``make faults`` strikes at every one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Zx
from tests.cli.small import ROOT, SENT, counted, small_workspace

API = "/api.xro/2.0"
EVERY = bool(os.environ.get("ZX_FAULTS"))


def struck(place: Path, number: int, how: str, **env: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.struck", str(number), how, "push", "--yes"],
        cwd=place,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workspace(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def effects(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all effects of a push, in order."""
    place, log = tmp_path_factory.mktemp("whole") / "work", tmp_path_factory.mktemp("log") / "effects"
    shutil.copytree(fresh, place)
    assert struck(place, 0, "before", STRUCK_LOG=str(log)).code == 0
    return log.read_text(encoding="utf-8").splitlines()


def chosen(effects: list[str], *only: str) -> list[int]:
    """Numbers of the effects to strike at: the last of each name in ``only``, every one for `make faults`."""
    if EVERY:
        return list(range(1, len(effects) + 1))
    numbers = {name: number for number, name in enumerate(effects, 1)}
    assert set(only) <= numbers.keys(), "this push did not do what is to be struck"
    return sorted(numbers[name] for name in only)


def ends_well(fresh: Path, place: Path, zx: Zx, number: int, how: str, codes: tuple[int, ...]) -> str | None:
    """Strikes once, then pushes: what went wrong, if anything did."""
    for old in list(place.iterdir()):  # the folder itself stays: commands run in it
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(fresh, place, dirs_exist_ok=True)
    first = struck(place, number, how)
    if first.code not in codes or "Traceback" in first.err or "internal error" in first.err:
        return f"struck: {first.code} {first.err}"
    second = zx("push", "--yes")
    if second.code != 0:
        return f"push again: {second.code} {second.err}"
    if counted(json.loads(zx("sandbox", "dump", "xero.demo").out)) != SENT:
        return "not everything is there once"
    third = zx("push", "--yes")
    if "Nothing to send" not in third.err:
        return f"still something to send: {third.err}"
    left = [path.name for path in (place / "state").rglob(".*zx-tmp")]
    return f"left behind: {left}" if left else None


def test_killed_at_any_effect_a_plain_push_sends_the_rest(fresh: Path, effects: list[str], home: Path, zx: Zx) -> None:
    faults = {}
    # What was received and not answered, what was written in half, and what was renamed and not yet synced.
    wire = (f"PUT {API}/Contacts", f"PUT {API}/Items", f"PUT {API}/Invoices")
    disk = ("write journal", "fdatasync journal", "write state", "replace state", "fsync state")
    for number in chosen(effects, *wire, *disk):
        for how in ("before", "after") if EVERY else ("after",):
            fault = ends_well(fresh, home, zx, number, how, (-9,))
            if fault is not None:
                faults[f"{how} {number} {effects[number - 1]}"] = fault
    assert faults == {}


@pytest.mark.parametrize(("how", "codes"), [("EIO", (74, 0)), ("ENOSPC", (75, 0))])
def test_refused_by_the_disk_it_stops_with_the_right_code(
    fresh: Path, effects: list[str], home: Path, zx: Zx, how: str, codes: tuple[int, ...]
) -> None:
    faults = {}
    for number in chosen(effects, "fdatasync journal", "write journal", "replace state"):
        fault = ends_well(fresh, home, zx, number, how, codes)
        if fault is not None:
            faults[f"{how} {number} {effects[number - 1]}"] = fault
    assert faults == {}
