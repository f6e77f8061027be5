"""Push: the writing actions of a plan, in its order, each once.

The order intent → send → outcome → state holds in every path; see docs/state-format.md and reliability 1.5. What the
plan says is what is sent: no body is computed here, only ids that the push itself brings are put in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping

from zx.apply.book import Book
from zx.apply.ledger import Ledger
from zx.apply.results import ActionResult, PushEvent, PushResult
from zx.apply.sender import IN_DOUBT, Sender
from zx.files.disk import DiskError
from zx.model.link import SyncState
from zx.plan.action import Action, Outcome, Plan
from zx.ports.clock import Clock
from zx.ports.journal import Journal
from zx.ports.remote import Writer
from zx.ports.state_store import StateDamaged, StateStore


def _never() -> bool:
    return False


def push(
    plan: Plan,
    *,
    writers: Mapping[str, Writer],
    journal: Journal,
    store: StateStore,
    state: SyncState,
    clock: Clock,
    settle_s: float,
    run: str,
    digest: Callable[[object], str],
    only: Collection[str] | None = None,
    on_event: Callable[[PushEvent], None] | None = None,
    stop_requested: Callable[[], bool] = _never,
    tenants: Mapping[str, str] | None = None,
) -> PushResult:
    """Carries out ``plan``, or the actions named in ``only``.

    ``writers`` and ``tenants`` (organisation ids, for the keys) go by connection name (``xero.books``). ``run`` names
    this push in the journal; ``digest`` is the keyed digest of a field's value, as the plan used it. The caller holds
    the pair's lock and has called ``recover`` before making the plan. Remote, disk and state
    errors end up in the result; only bugs raise.
    """
    return _Push(
        plan,
        Book(plan, only, on_event),
        writers=writers,
        journal=journal,
        ledger=Ledger(store, journal, state),
        clock=clock,
        settle_s=settle_s,
        run=run,
        stop_requested=stop_requested,
        digest=digest,
        tenants=tenants or {},
    ).carry_out()


class _Push:
    def __init__(
        self,
        plan: Plan,
        book: Book,
        *,
        writers: Mapping[str, Writer],
        journal: Journal,
        ledger: Ledger,
        clock: Clock,
        settle_s: float,
        run: str,
        stop_requested: Callable[[], bool],
        digest: Callable[[object], str],
        tenants: Mapping[str, str],
    ) -> None:
        self._book = book
        self._journal = journal
        self._ledger = ledger
        self._clock = clock
        self._started = clock.monotonic()
        self._waiting: list[Action] = []
        self._sender = Sender(
            writers, tenants, journal, ledger, clock, settle_s, run, plan.digest, book, stop_requested, digest
        )
        for action in book.chosen:
            _check(action, writers)

    def carry_out(self) -> PushResult:
        try:
            self._ledger.fold()
            self._work()
        except (DiskError, StateDamaged) as error:
            self._fail(error)
        try:
            if not isinstance(self._sender.failure, DiskError | StateDamaged):
                self._ledger.flush()
        except (DiskError, StateDamaged) as error:
            self._fail(error)
        self._finish()
        return PushResult(
            actions=dict(self._book.results),
            stopped=self._sender.stopped,
            seconds=self._clock.monotonic() - self._started,
            calls=dict(self._sender.calls),
            failure=self._sender.failure,
            state_serial=self._ledger.state.serial,
        )

    def _work(self) -> None:
        held = {(doubt.entity, doubt.source_id) for doubt in self._journal.doubts()}
        todo = []
        for action in self._book.chosen:
            # L4: no operation on a record while an older one on it is in doubt.
            if (str(action.entity), action.source.id) in held:
                self._book.end(action, "in_doubt", (f"an earlier request for it is in doubt: {IN_DOUBT}",))
            else:
                todo.append(action)
        self._pass(todo)
        while not self._sender.halted():
            ready = [action for action in self._waiting if self._book.missing(action) is None]
            if ready:
                going = {action.id for action in ready}
                self._waiting = [action for action in self._waiting if action.id not in going]
                self._pass(ready)
            elif self._sender.doubts:
                self._sender.settle()
            else:
                break

    def _pass(self, actions: list[Action]) -> None:
        queue = deque(actions)
        while queue and not self._sender.halted():
            if chunk := self._next_chunk(queue):
                self._sender.carry_out(chunk)
        self._waiting += queue

    def _next_chunk(self, queue: deque[Action]) -> list[Action]:
        """The next actions that may share a request; those that cannot go yet move to the waiting ones."""
        chunk: list[Action] = []
        while queue:
            action = queue[0]
            if chunk and not self._fits(chunk, action):
                break
            missing = self._book.missing(action)
            if missing is None:
                chunk.append(queue.popleft())
            elif any(missing is other for other in chunk):
                break
            else:
                self._waiting.append(queue.popleft())
        return chunk

    def _fits(self, chunk: list[Action], action: Action) -> bool:
        first = chunk[0]
        alike = (
            first.map == action.map
            and first.outcome is action.outcome
            and first.target.connection == action.target.connection
            and first.target.kind == action.target.kind
            and first.enforced == action.enforced
        )
        if not alike or (
            action.outcome is not Outcome.ADOPT and len(chunk) >= min(map(self._sender.batch, (first, action)))
        ):
            return False
        records = {(other.entity, other.source.id) for other in chunk}
        targets = {other.target.id for other in chunk if other.target.id is not None}
        return (action.entity, action.source.id) not in records and action.target.id not in targets

    def _fail(self, error: DiskError | StateDamaged) -> None:
        """The disk or the state refused: nothing more is sent. What was sent stands in the journal."""
        self._sender.stopped = f"{error}. {error.advice}"
        self._sender.failure = error

    def _finish(self) -> None:
        """Gives every action that has none yet its end."""
        doubted = {(doubt.entity, doubt.source_id) for doubt in self._journal.doubts()}
        for action in self._book.chosen:
            if action.id in self._book.results:
                continue
            if (str(action.entity), action.source.id) in doubted:
                self._book.end(action, "in_doubt", (IN_DOUBT,))
                continue
            missing = self._book.missing(action)
            if missing is None or (self._sender.stopped and not self._has_end(missing)):
                message = f"not sent, because the push ended early: {self._sender.stopped or 'unfinished'}"
            else:
                message = f"waits for {missing if isinstance(missing, str) else missing.target.label or missing.id}"
            self._book.end(action, "not_attempted", (message,))

    def _has_end(self, missing: Action | str) -> bool:
        result: ActionResult | None = None if isinstance(missing, str) else self._book.results.get(missing.id)
        return result is not None and result.outcome != "not_attempted"


def _check(action: Action, writers: Mapping[str, Writer]) -> None:
    """Raises ValueError for a plan that no planner should make, before anything is sent."""
    if action.source.id is None:
        raise ValueError(f"action {action.id} writes for a source record without an id")
    if action.outcome is not Outcome.ADOPT and action.target.connection not in writers:
        raise ValueError(f"action {action.id} writes to {action.target.connection}, for which there is no writer")
    if action.outcome is Outcome.CREATE:
        return
    if action.target.id is None:
        raise ValueError(f"action {action.id} is a {action.outcome} without the id of its target")
    if action.outcome is not Outcome.ADOPT and action.target.id not in action.payload.values():
        raise ValueError(f"the body of {action.id} does not carry the id of the record it changes")
