"""Time that passes only when somebody waits: the services' true clock, and what one life of zx sees of it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.world.effects import Effects


class TrueClock:
    """The services' clock. What was put off until an instant happens when time gets there."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self.seconds = 0.0
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.pass_time(seconds)

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._later, (self.seconds + seconds, next(self._order), act))

    def pass_time(self, seconds: float) -> None:
        until = self.seconds + max(seconds, 0.0)
        while self._later and self._later[0][0] <= until:
            due, _, act = heapq.heappop(self._later)
            self.seconds = max(self.seconds, due)
            act()
        self.seconds = until


class LifeClock:
    """The clock of one process: the wall clock may be wrong by any amount and jumps; the monotonic one begins anywhere
    and only grows (reliability A7)."""

    def __init__(self, true: TrueClock, effects: Effects, skew: timedelta, began: float) -> None:
        self._true = true
        self._effects = effects
        self.skew = skew
        self._began = true.seconds - began

    def now(self) -> datetime:
        return self._true.now() + self.skew

    def monotonic(self) -> float:
        return self._true.seconds - self._began

    def sleep(self, seconds: float) -> None:
        self._effects.point("sleep")
        self._true.pass_time(seconds)
