"""The clock of a command: the system's, or one that starts at ZX_NOW (design 4, Times)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from zx.ports.clock import Clock
from zx.values.dates import instant
from zx.workspace.environment import Environment

_EARLIEST, _LATEST = 1971, 9000
"""Years with room on both sides for time zones, overlaps and lives of tokens."""


class BadNow(ValueError):
    """ZX_NOW is no instant."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class StartedClock:
    """Shows ``start`` when it is made and goes on with the monotonic clock; waiting is real waiting."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._made = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._made)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def command_clock(environment: Environment) -> Clock:
    """The clock for one command. Raises BadNow when ZX_NOW is set and is no instant with an offset."""
    if not environment.now:
        return SystemClock()
    try:
        start = instant(environment.now)
    except (ValueError, OverflowError) as error:
        raise BadNow(
            f"ZX_NOW is {environment.now!r}, which is no instant; write it like 2026-03-31T09:00:00+11:00"
        ) from error
    if not _EARLIEST <= start.year <= _LATEST:
        raise BadNow(f"ZX_NOW is {environment.now!r}; zx works with instants of the years {_EARLIEST} to {_LATEST}")
    return StartedClock(start)
