"""Values and signals that generated code shares with the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Protocol

from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class TargetRef:
    """A record of the other system, known or about to be made.

    ``map`` and ``source_id`` say which record makes it (None for one found by ``find`` that exists); ``id`` is its
    own id once it is known; ``code`` its code or name; ``values`` what it holds now, empty before the first send.
    """

    system: str
    kind: str
    id: str | None
    code: str | None = None
    map: str | None = None
    source_id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)


class _Clear:
    def __repr__(self) -> str:
        return "CLEAR"


CLEAR: Final = _Clear()
"""The value of ``otherwise clear``: an explicit blank for the target."""


class Stop(Exception):
    """A rule or a lookup ends the judging of a record: ``outcome`` is ``fail``, ``skip`` or ``cancel``.

    ``rule`` is the place that said so, empty where only the caller knows it. ``code``, ``help``, ``fix`` and
    ``cause`` are those of
    ``zx.model.problem.Problem``.
    """

    def __init__(
        self,
        outcome: str,
        message: str,
        rule: str = "",
        *,
        code: str = "R902",
        help: str = "",
        fix: str = "",
        cause: str = "",
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message
        self.rule = rule
        self.code = code
        self.help = help
        self.fix = fix
        self.cause = cause


class Context(Protocol):
    """What generated code may ask while it judges a record. All answers come from the snapshot."""

    @property
    def run_date(self) -> str:
        """The date of the run in the sync's zone."""

    @property
    def timezone(self) -> str: ...

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        """The linked record of another map for a lookup, a record or an id; None when it is out of scope there.

        Raises Stop when the other record is blocked.
        """

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        """The one record of the organisation whose ``field`` equals ``value``: a TargetRef (of the target system), a
        code (of an
        organisation list) or a lookup (of the source system); None when there is none. Raises Stop when there are
        several."""

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of the record a lookup points to; empty when it was not read."""
