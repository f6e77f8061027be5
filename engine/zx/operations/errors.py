"""Why an operation did not do its work. Each says what the person can do next."""

from __future__ import annotations

from collections.abc import Mapping

from zx.diagnostics.diagnostic import Diagnostic


class OperationError(Exception):
    """``help`` is the next step, in words or as a command."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class UsageError(OperationError):
    """The command was asked for something that is not there or makes no sense."""


class StalePlan(OperationError):
    """The plan a person approved is not the plan of today's rules, state and data. Nothing was sent."""


class NothingKept(OperationError):
    """There is nothing from an earlier run to show or to work on."""


class Stopped(OperationError):
    """zx refuses to go on: what it found contradicts what it remembers."""


class Broken(Exception):
    """The rules of a sync have mistakes, so nothing was read or sent. ``sources`` are the texts to show them in."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str]) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics
        self.sources = sources
