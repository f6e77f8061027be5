from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zx.workspace.clock import BadNow, SystemClock, command_clock
from zx.workspace.config import load
from zx.workspace.environment import Environment
from zx.workspace.paths import Paths

Make = Callable[[str], Path]


def test_zx_now_sets_where_the_clock_starts(tmp_path: Path) -> None:
    clock = command_clock(Environment(tmp_path, now="2026-03-31T09:00:00+11:00"))
    first = clock.now()
    clock.sleep(0.002)
    assert first >= datetime(2026, 3, 30, 22, 0, tzinfo=UTC)
    assert 0.002 <= (clock.now() - first).total_seconds() < 60


def test_without_it_the_clock_is_the_machines(tmp_path: Path) -> None:
    assert isinstance(command_clock(Environment(tmp_path)), SystemClock)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-03-31", "2026-03-31T09:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"]
)
def test_what_is_no_usable_instant_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadNow):
        command_clock(Environment(tmp_path, now=text))


def test_only_embedded_pairs_keep_their_journal_inside(workspace: Make, good: str, tmp_path: Path) -> None:
    root = workspace(good + '[sync.demo]\nzoho = "demo"\nxero = "demo"\nrules = ["r.zx"]\ntimezone = "UTC"\n')
    loaded = load(root)
    paths = Paths(loaded.root, Environment(tmp_path / "home"))
    pair = "0a1b2c"
    assert paths.guarded(loaded.syncs["demo"], pair) == root / ".zx" / "pairs" / pair
    assert paths.guarded(loaded.syncs["au"], pair) == tmp_path / "home" / "zx" / pair
