"""Time, handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, with a zone. May be wrong, may jump: never used to order events of two systems."""

    def monotonic(self) -> float:
        """Seconds that only grow, meaningful within one process life."""

    def sleep(self, seconds: float) -> None: ...
