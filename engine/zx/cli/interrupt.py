"""Ctrl-C and SIGTERM while something is being sent: the request in flight is finished first (reliability F35)."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self


class Interruption:
    """Until ``finish_first`` was called, a signal interrupts at once. After it, the first signal only asks the work
    to stop between two requests, and a second one interrupts at once, which is safe too: what may have been sent is
    in the journal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._patient = False
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def finish_first(self) -> None:
        self._patient = True

    def asked(self) -> bool:
        return self._asked

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._asked or not self._patient:
            raise KeyboardInterrupt
        self._asked = True
        self._say("Stopping after the request under way. Once more stops at once.")

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
