"""Waiting by the monotonic clock, in slices, so that a person can stop it."""

from __future__ import annotations

from collections.abc import Callable

from zx.ports.clock import Clock

_SLICE_S = 0.5
_LEAST_S = 0.001
"""A shorter wait can be lost in the rounding of a clock that has run for long, and would then never end."""


def wait_until(clock: Clock, deadline: float, stop_requested: Callable[[], bool]) -> bool:
    """True at ``deadline`` (monotonic seconds), False as soon as a stop was requested."""
    while (left := deadline - clock.monotonic()) > 0:
        if stop_requested():
            return False
        clock.sleep(min(max(left, _LEAST_S), _SLICE_S))
    return True
