"""The results of a push as they come in, and which actions they let go on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal

from zx.apply.markers import total_of
from zx.apply.payload import awaited
from zx.apply.results import ActionOutcome, ActionResult, PushEvent
from zx.model.record import Record
from zx.plan.action import Action, Outcome, Plan

_SUCCEEDED = ("done", "adopted")


class Book:
    """Results by action id, and the ids that ``After`` stands for."""

    def __init__(self, plan: Plan, only: Collection[str] | None, on_event: Callable[[PushEvent], None] | None) -> None:
        self._on_event = on_event
        self._actions = {action.id: action for action in plan.actions}
        self.results: dict[str, ActionResult] = {}
        self.ids = {
            action.id: action.target.id
            for action in plan.actions
            if action.target.id is not None and action.outcome is not Outcome.CREATE
        }
        writing = [action for action in plan.actions if action.writes]
        self.chosen = [action for action in writing if only is None or action.id in only]
        self._total = len(self.chosen)
        for action in writing:
            if only is not None and action.id not in only:
                message = "not part of this push; it stays in the plan"
                self.results[action.id] = ActionResult(
                    "not_attempted", action.target.id, action.target.label, None, (message,)
                )
        self._left_out = len(self.results)

    def end(
        self,
        action: Action,
        outcome: ActionOutcome,
        messages: tuple[str, ...] = (),
        *,
        target_id: str | None = None,
        record: Record | None = None,
    ) -> None:
        """Notes the end of ``action``. ``record`` is what the target said it became: its total is compared with the
        plan's (the echo check)."""
        total = total_of(record)
        mismatch = False
        if outcome in _SUCCEEDED:
            if target_id is not None:
                self.ids[action.id] = target_id
            mismatch = _differs(action, total)
            if mismatch and action.totals is not None:
                promised = f"{action.totals.target} {action.totals.currency}"
                messages += (f"{action.target.connection} computed {total} where the preview said {promised}",)
        result = ActionResult(outcome, target_id or action.target.id, action.target.label, total, messages, mismatch)
        self.results[action.id] = result
        self.tell(PushEvent("result", *self.progress(), action.target.connection, action.target.kind, 1,
                            action.target.label, outcome))  # fmt: skip

    def missing(self, action: Action) -> Action | str | None:
        """What ``action`` still waits for: an action of the plan, the id of one the plan does not have, or None."""
        for needed in dict.fromkeys((*action.after, *awaited(action.payload))):
            other = self._actions.get(needed)
            if other is None:
                return needed
            if other.writes:
                result = self.results.get(needed)
                if result is None or result.outcome not in _SUCCEEDED:
                    return other
            elif needed not in self.ids and other.outcome is not Outcome.UNCHANGED:
                return other
        return None

    def progress(self) -> tuple[int, int]:
        return len(self.results) - self._left_out, self._total

    def tell(self, event: PushEvent) -> None:
        if self._on_event is not None:
            self._on_event(event)


def _differs(action: Action, total: Decimal | None) -> bool:
    promised = action.totals.target if action.totals else None
    return promised is not None and total is not None and total != promised
