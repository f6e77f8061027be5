"""``zx push``: one plan, shown, agreed to, and sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Literal

from zx.apply import executor
from zx.apply.recover import recover
from zx.apply.results import ActionResult, PushEvent, PushResult, Recovery
from zx.files.disk import DiskError
from zx.files.lock import Lock
from zx.operations.connections import Pair, open_pair
from zx.operations.desk import Desk
from zx.operations.errors import StalePlan, UsageError
from zx.operations.planning import Ground, Memory, about_plan, inputs_of, memory_of, something_left
from zx.operations.preview import preview_report
from zx.operations.pull import pull
from zx.operations.reports import Report, keep, page_of
from zx.plan.action import Plan
from zx.plan.planner import make_plan
from zx.ports.remote import Writer
from zx.report.compose import push_view
from zx.report.csv_text import actions_csv
from zx.report.document import push_document
from zx.state.journal import FileJournal
from zx.values.dataclass import dataclass
from zx.values.dates import instant_text
from zx.workspace.workspace import Sync

_UNSENT = {
    "declined": "not sent: it was not agreed to",
    "held": "not sent: something is left for a person, and all or nothing was asked for",
}
MIN_PLAN_ID = 8
"""How much of a plan's digest a person must give."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a push is to be done. ``plan`` is the (beginning of the) digest that was approved, ``limit`` how many
    documents at most, ``all_or_nothing`` to send only when nothing is left for a person."""

    plan: str | None = None
    limit: int | None = None
    all_or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Hooks:
    """``agree`` is shown the preview and says whether to send; ``event`` hears what goes on; ``stop`` is asked
    between requests."""

    agree: Callable[[Report], bool]
    event: Callable[[PushEvent], None]
    stop: Callable[[], bool]


End = Literal["sent", "nothing", "declined", "held"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """``end``: ``sent`` (see ``result``), ``nothing`` to send, ``declined`` by the person, ``held`` back as a whole
    because something is left for a person. ``report`` is that of the push; when nothing was sent it is the preview, and
    nothing was written. ``unkept`` says why the report of a push could not be written to ``page``."""

    end: End
    plan: Plan
    report: Report
    page: Path | None
    recovery: Recovery
    result: PushResult | None = None
    unkept: DiskError | None = None

    @property
    def left(self) -> bool:
        """Whether a person has something to do."""
        bad = ("rejected", "conflict", "in_doubt")
        failed = self.result is not None and any(one.outcome in bad for one in self.result.actions.values())
        return something_left(self.plan) or failed


def push(desk: Desk, sync: Sync, wishes: Wishes, hooks: Hooks) -> Pushed:
    """Lock, settle what earlier runs left in doubt, read, plan, ask, send, report.

    Raises what preview raises, and Locked, StalePlan. What goes wrong while sending is in the result.
    """
    _plausible(wishes)
    started = desk.clock.monotonic()
    with open_pair(desk, sync) as pair:
        zoho, xero = pair.zoho.reader.organisation(), pair.xero.reader.organisation()
        memory = memory_of(desk, sync, zoho, xero)
        run = f"{instant_text(desk.clock.now())[:19].replace(':', '')}-{secrets.token_hex(3)}"
        with Lock(memory.lock, run):
            journal = FileJournal(memory.journal)
            try:
                if journal.cut is not None:
                    desk.say(f"Note: {journal.cut}. Nothing that was sent is lost by that.")
                settle_s = _settle(pair, zoho.settle_s, xero.settle_s)
                sender = _Sender(desk, pair, memory, journal, settle_s, run, hooks, started)
                return sender.carry_out(sync, wishes)
            finally:
                journal.release()


def _plausible(wishes: Wishes) -> None:
    if wishes.plan is not None and len(wishes.plan) < MIN_PLAN_ID:
        raise UsageError(f"--plan wants at least {MIN_PLAN_ID} characters of the plan's id", "the preview shows it")


def _settle(pair: Pair, *stated: float) -> float:
    """The longest that a request may still be applied after we gave up on it; zx.toml can only raise it."""
    raised = [float(side.connection.settle_s) for side in pair if side.connection.settle_s is not None]
    return max((*stated, *raised))


@dataclass(frozen=True, slots=True)
class _Sender:
    desk: Desk
    pair: Pair
    memory: Memory
    journal: FileJournal
    settle_s: float
    run: str
    hooks: Hooks
    started: float

    def carry_out(self, sync: Sync, wishes: Wishes) -> Pushed:
        recovery = self._recover()
        if recovery.failure is not None:
            raise recovery.failure
        ground = pull(self.desk, self.pair).ground
        plan = make_plan(inputs_of(self.desk, ground, self.memory))
        if wishes.plan is not None and not plan.digest.startswith(wishes.plan.lower()):
            raise StalePlan(
                f"plan {wishes.plan} is stale: today's rules, state and data give plan {plan.digest[:8]}; "
                "nothing was sent",
                "look at the difference with `zx preview`, then push that plan",
            )
        report = preview_report(plan, about_plan(self.desk, ground, plan, self.pair))
        end = self._before(plan, report, wishes)
        if end is not None:
            return Pushed(end, plan, self._unsent(ground, plan, report, end), None, recovery)
        return self._send(ground, plan, wishes, recovery)

    def _before(self, plan: Plan, report: Report, wishes: Wishes) -> End | None:
        """Why nothing is sent, or None when it may be."""
        if not any(action.writes for action in plan.actions):
            return "nothing"
        if (wishes.all_or_nothing or self.desk.workspace.run.all_or_nothing) and something_left(plan):
            return "held"
        return None if self.hooks.agree(report) else "declined"

    def _unsent(self, ground: Ground, plan: Plan, report: Report, end: End) -> Report:
        """The preview as a push tells it: the same document as after sending, with nothing attempted."""
        why = _UNSENT.get(end, "")
        result = PushResult(
            actions={
                action.id: ActionResult("not_attempted", action.target.id, action.target.label, None, (why,))
                for action in plan.actions
                if action.writes
            },
            stopped=None,
            seconds=self.desk.clock.monotonic() - self.started,
        )
        about = about_plan(self.desk, ground, plan, self.pair, self.run)
        return replace(report, document=push_document(plan, result, about), csv=actions_csv(plan, result))

    def _recover(self) -> Recovery:
        state = self.memory.store.load()
        self.memory.store.agree()

        def waiting(seconds: float, doubts: int) -> None:
            self.desk.say(
                f"An earlier run left {doubts} request{'' if doubts == 1 else 's'} without an answer; waiting "
                f"{seconds:.0f} s until it is certain what became of it. Nothing is sent twice."
            )

        return recover(
            journal=self.journal,
            writers=self._writers(),
            store=self.memory.store,
            state=state,
            clock=self.desk.clock,
            settle_s=self.settle_s,
            started=self.started,
            stop_requested=self.hooks.stop,
            on_wait=waiting,
        )

    def _send(self, ground: Ground, plan: Plan, wishes: Wishes, recovery: Recovery) -> Pushed:
        result = executor.push(
            plan,
            writers=self._writers(),
            journal=self.journal,
            store=self.memory.store,
            state=self.memory.store.load(),
            clock=self.desk.clock,
            settle_s=self.settle_s,
            run=self.run,
            digest=self.memory.digest,
            only=None if wishes.limit is None else first(plan, wishes.limit),
            on_event=self.hooks.event,
            stop_requested=self.hooks.stop,
            tenants={plan.zoho: ground.snapshot.zoho.id, plan.xero: ground.snapshot.xero.id},
        )
        about = about_plan(self.desk, ground, plan, self.pair, self.run)
        report = Report(
            kind="push",
            sync=plan.sync,
            at=about.generated_at,
            view=push_view(plan, result, about),
            document=push_document(plan, result, about),
            csv=actions_csv(plan, result),
            open=something_left(plan),
        )
        return Pushed("sent", plan, report, page_of(self.desk, "push"), recovery, result, self._unkept(report))

    def _unkept(self, report: Report) -> DiskError | None:
        """Writes the report; what the disk said when it could not be written. What was sent is told all the same."""
        try:
            keep(self.desk, report)
        except DiskError as error:
            return error
        return None

    def _writers(self) -> dict[str, Writer]:
        return {side.connection.name: side.writer for side in self.pair}


def first(plan: Plan, limit: int) -> Collection[str]:
    """The ids of the first ``limit`` writing actions that nothing else waits for, with all that they wait for."""
    actions = {action.id: action for action in plan.actions if action.writes}
    waited_for = {name for action in actions.values() for name in action.after}
    todo = [name for name in actions if name not in waited_for][:limit]
    chosen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in actions and name not in chosen:
            chosen.add(name)
            todo += actions[name].after
    return chosen
