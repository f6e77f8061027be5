"""The effects of one life of zx, in order: each may be its last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Crash(BaseException):
    """The process is gone. Not an Exception, so that no handler of zx can turn it into something else."""


@dataclass(slots=True)
class Effects:
    """Counts what a life does to disk and wire, and ends it at number ``stop_at`` (counted from 1; None: never).

    After the end nothing more happens: code that still runs on the way out (``finally``) has no effect any longer.
    """

    stop_at: int | None = None
    number: int = 0
    dead: bool = False
    names: list[str] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)

    def point(self, name: str) -> None:
        """One moment at which the process may stop."""
        if self.dead:
            raise Crash(name)
        self.number += 1
        self.names.append(name)
        if self.number == self.stop_at:
            self.die(name)

    def die(self, name: str) -> None:
        self.dead = True
        self.injected["crash"] += 1
        raise Crash(name)
