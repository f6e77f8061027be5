"""What a plan would do, without the rules that say so: two rule sets of one effect have equal digests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.plan.action import Action, After, Outcome, Plan
from zx.values.jsontext import canonical, digest

_PLACE = re.compile(r"[^\s\"'()]+\.(?:zx|csv):\d+")
"""A place in the rules within a message: where a rule stands is no effect of it."""


class Effects:
    """The effects of one plan. ``digest`` is that of all of them, whatever the order."""

    def __init__(self, plan: Plan) -> None:
        self._records = {action.id: f"{action.entity}:{action.source.id}" for action in plan.actions}
        self._plan = plan

    @property
    def digest(self) -> str:
        return digest(sorted(canonical(found) for action in self._plan.actions if (found := self.of(action))))

    def of(self, action: Action | None) -> list[Any]:
        """Everything that a push would write for one record, and everything it would say of it; empty when nothing."""
        if action is None or (_quiet(action) and not action.problems):
            return []
        return [
            str(action.entity),
            action.source.id,
            action.outcome.value,
            action.target.id,
            self.plain(action.payload),
            _placeless(action.reason or ""),
            [[problem.code, problem.severity, _placeless(problem.message)] for problem in action.problems],
            None if action.totals is None else [action.totals.currency, action.totals.source, action.totals.target],
        ]

    def plain(self, value: Any) -> Any:
        """``value`` as JSON data; the id that another action brings is named by that action's record."""
        if isinstance(value, After):
            return {"after": self._records.get(value.action, value.action)}
        if isinstance(value, Mapping):
            return {str(key): self.plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item) for item in value]
        return value if isinstance(value, Decimal | str | bool | int) or value is None else str(value)


def _quiet(action: Action) -> bool:
    """Nothing is written and nothing is left out: it is in step, or none of these rules' business."""
    return action.outcome is Outcome.UNCHANGED or (action.outcome is Outcome.SKIP and not action.in_scope)


def _placeless(text: str) -> str:
    return _PLACE.sub("…", text)
