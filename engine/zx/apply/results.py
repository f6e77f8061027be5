"""What became of the actions of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from zx.model.record import Kind
from zx.values.dataclass import dataclass

ActionOutcome = Literal["done", "adopted", "rejected", "in_doubt", "conflict", "not_attempted"]
SettledOutcome = Literal["adopted", "absent", "conflict", "open"]


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The end of one action. ``total`` is what the target computed, where it came back; ``mismatch`` says that it is
    not the total the plan promised."""

    outcome: ActionOutcome
    target_id: str | None = None
    label: str = ""
    total: Decimal | None = None
    messages: tuple[str, ...] = ()
    mismatch: bool = False


@dataclass(frozen=True, slots=True)
class PushEvent:
    """Something to show while a push runs. ``done`` of ``total`` actions have an end.

    ``sending``: a request with ``count`` records goes out now. ``waiting``: nothing is sent for ``seconds``, until it
    is certain that an unanswered request will not be applied any more.
    """

    kind: Literal["sending", "waiting", "result", "saved"]
    done: int
    total: int
    connection: str = ""
    target: Kind | None = None
    count: int = 0
    label: str = ""
    outcome: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PushResult:
    """One entry in ``actions`` for every writing action of the plan, by action id.

    ``stopped`` says why the push ended early (None: it did not); ``failure`` is the error behind it where an exit code
    depends on its class: a RemoteError, DiskError or StateDamaged. ``seconds`` is wall time by the monotonic clock,
    ``calls`` the requests of this push per connection, reads included.
    """

    actions: Mapping[str, ActionResult]
    stopped: str | None
    seconds: float
    calls: Mapping[str, int] = field(default_factory=dict)
    failure: Exception | None = None
    state_serial: int = 0

    def count(self, outcome: ActionOutcome) -> int:
        return sum(result.outcome == outcome for result in self.actions.values())


@dataclass(frozen=True, slots=True)
class Settled:
    """One doubt of an earlier life and its end: ``adopted``, ``absent``, ``conflict`` or ``open``."""

    entity: str
    operation: str
    source_id: str
    target_kind: str
    outcome: SettledOutcome
    target_id: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the start of a push found in the journal. ``folded`` ends of an earlier life went into state."""

    folded: int
    settled: tuple[Settled, ...]
    state_serial: int
    waited_s: float
    failure: Exception | None = None

    @property
    def open(self) -> int:
        """Doubts that are left: no operation on these records is sent until they end."""
        return sum(item.outcome == "open" for item in self.settled)
