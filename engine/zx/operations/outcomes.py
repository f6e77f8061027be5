"""The executor's result as reports want it: the rooms are strangers, so the words are added here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zx.apply.results import ActionResult, PushResult
from zx.plan.action import Action, Plan
from zx.values.money import amount_text


@dataclass(frozen=True, slots=True)
class ToldAction:
    """One action's end; ``mismatch`` says in words that another total came back than the plan promised."""

    outcome: str
    target_id: str | None
    label: str | None
    total: Decimal | None
    messages: tuple[str, ...]
    mismatch: str | None


@dataclass(frozen=True, slots=True)
class ToldPush:
    actions: Mapping[str, ToldAction]
    stopped: str | None
    seconds: float
    calls: Mapping[str, int]


def told(plan: Plan, result: PushResult) -> ToldPush:
    """``result`` with its words; ``plan`` is what was sent."""
    actions = {action.id: action for action in plan.actions}
    ends = {name: _told(actions.get(name), end) for name, end in result.actions.items()}
    return ToldPush(ends, result.stopped, result.seconds, result.calls)


def _told(action: Action | None, end: ActionResult) -> ToldAction:
    mismatch = None
    if end.mismatch:
        system = "the target" if action is None else action.target.kind.system.capitalize()
        promised = action.totals.target if action is not None and action.totals is not None else None
        came = "another total" if end.total is None else f"a total of {amount_text(end.total)}"
        mismatch = f"{system} computed {came}" + ("" if promised is None else f", {amount_text(promised)} was expected")
    return ToldAction(end.outcome, end.target_id, end.label or None, end.total, end.messages, mismatch)
