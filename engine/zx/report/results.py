"""The result of a push as reports read it. Structural: the executor's own classes fit without knowing this module."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

PUSH_OUTCOMES = ("done", "adopted", "rejected", "in_doubt", "conflict", "not_attempted")
"""What can become of an action that writes (design 4)."""

GOOD = frozenset({"done", "adopted"})


class ActionOutcome(Protocol):
    """What became of one action. ``target_id``, ``label`` and ``total`` are what the target answered, None or
    blank where it said nothing; ``mismatch`` says that this total is not the one the plan promised."""

    @property
    def outcome(self) -> str: ...
    @property
    def target_id(self) -> str | None: ...
    @property
    def label(self) -> str: ...
    @property
    def total(self) -> Decimal | None: ...
    @property
    def messages(self) -> tuple[str, ...]: ...
    @property
    def mismatch(self) -> bool: ...


class PushOutcome(Protocol):
    """``actions`` by action id; ``stopped`` why the push ended early (falsy: it did not); ``calls`` used, by
    connection."""

    @property
    def actions(self) -> Mapping[str, ActionOutcome]: ...
    @property
    def stopped(self) -> object: ...
    @property
    def seconds(self) -> float: ...
    @property
    def calls(self) -> Mapping[str, int]: ...
