"""One group of actions against one target: read again, note, send once, note, and look where no answer came.

The only place that calls ``create`` and ``update`` of a Writer. Every call is preceded by a synced intent and followed
by a synced outcome of each element before anything else happens (reliability 1.5). Replay classes: an *enforced* create
(R2) in doubt is looked up at once and sent once more when it is not there, since the target refuses a second one. Any
other create (R3) and every update wait for :meth:`Sender.settle`: an unanswered request may still be applied until
``settle_s`` after it was sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from zx.apply.book import Book
from zx.apply.keys import batch_key, item_key
from zx.apply.ledger import Ledger
from zx.apply.markers import Presence, Sighting, dead, judge, stands, total_of
from zx.apply.payload import filled
from zx.apply.results import PushEvent
from zx.apply.waiting import wait_until
from zx.model.link import Link
from zx.model.record import Kind, Record
from zx.plan.action import Action, Outcome
from zx.ports.clock import Clock
from zx.ports.journal import Close, Intent, Journal
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, RemoteError, Result, Verdict, Writer
from zx.values import jsontext
from zx.values.dataclass import dataclass

BATCH = 50
UNENFORCED_BATCH = 10
"""Creates that the target would accept twice go in small batches: one lost answer leaves few doubts (1.11)."""
SHORT_WAIT_S = 65.0
"""A limit that ends within this time is waited for: Xero's minute limit (reference/xero 5)."""
_TRIES = 3

IN_DOUBT = (
    "no answer came to the request, so it may or may not have been applied; "
    "zx looks again at the next push and sends nothing for this record before"
)

_STOPS = (NotReached, Limited, NotAllowed)


@dataclass(frozen=True, slots=True)
class Operation:
    """One element of one request. ``resent``: an earlier request for it stayed without an answer."""

    action: Action
    body: dict[str, Any]
    intent: Intent
    resent: bool = False
    sent_at: float = 0.0


@dataclass(slots=True)
class Sender:
    """``stopped`` is set when nothing more may be sent; ``failure`` holds the error behind it."""

    writers: Mapping[str, Writer]
    tenants: Mapping[str, str]
    journal: Journal
    ledger: Ledger
    clock: Clock
    settle_s: float
    run: str
    plan: str
    book: Book
    stop_requested: Callable[[], bool]
    digest: Callable[[object], str]
    stopped: str | None = None
    failure: Exception | None = None
    doubts: list[Operation] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    _begun: dict[str, Record | None] = field(default_factory=dict)
    """Actions whose first write is done and whose further steps are not, with what came back."""
    _versions: dict[str, str | None] = field(default_factory=dict)

    def batch(self, action: Action) -> int:
        """How many actions like this one go into one request."""
        if _alone(action):
            return 1
        limit = min(self.writers[action.target.connection].batch, BATCH)
        return min(limit, UNENFORCED_BATCH) if action.outcome is Outcome.CREATE and not action.enforced else limit

    def halted(self) -> bool:
        if self.stopped is None and self.stop_requested():
            self.stopped = "stopped on request"
        return self.stopped is not None

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Actions of one map, outcome and target kind; every action they need has succeeded."""
        outcome = actions[0].outcome
        if outcome is Outcome.ADOPT:
            self._adopt_in_state(actions)
        else:
            ready = actions if outcome is Outcome.CREATE else self._unmoved(actions)
            if ready:
                self._send([self._operation(action) for action in ready])
        if self.ledger.noted(0):
            self._save()

    def _save(self) -> None:
        self.ledger.flush()
        self.book.tell(PushEvent("saved", *self.book.progress()))

    def _adopt_in_state(self, actions: Sequence[Action]) -> None:
        """An adoption sends nothing, so it needs no intent: when it is lost, the next plan adopts again."""
        self._reserve(actions)
        for action in actions:
            assert action.target.id is not None
            generation = action.prior.generation if action.prior else 1
            self.ledger.set(action.entity, _source_id(action), Link(action.target.id, generation, dict(action.base)))
            self.book.end(action, "adopted", target_id=action.target.id)
        self.ledger.noted(len(actions))

    def _reserve(self, actions: Iterable[Action]) -> None:
        """What state keeps of summaries stands there first; a key that names a record of this push gets its id."""
        postings = []
        for posting in (action.posting for action in actions if action.posting is not None):
            group = {name: self.book.ids.get(text, text) for name, text in posting.group.items()}
            postings.append(replace(posting, group=group))
        if postings:
            self.ledger.reserve(postings)

    # Before sending

    def _unmoved(self, actions: Sequence[Action]) -> list[Action]:
        """The actions whose target is still as the plan saw it; the others end as conflict (L6)."""
        connection, kind = actions[0].target.connection, actions[0].target.kind
        try:
            found = {record.id: record for record in self._read(connection, kind, _target_ids(actions))}
        except _STOPS as error:
            self._halt(error)
            return []
        except RemoteError as error:
            for action in actions:
                self.book.end(action, "not_attempted", (f"could not be read again before writing: {error.message}",))
            return []
        ready = []
        for action in actions:
            target_id = action.target.id or ""
            record = found.get(target_id)
            expected = self._versions.get(target_id, action.observed_version)
            if record is None:
                message = f"it is no longer in {connection}; nothing was sent"
                self.book.end(action, "conflict", (message,))
            elif expected is not None and record.version != expected:
                message = f"somebody changed it in {connection} since it was read; nothing was sent. Preview again"
                self.book.end(action, "conflict", (message,))
            else:
                self._versions[target_id] = record.version
                ready.append(action)
        return ready

    def _operation(self, action: Action) -> Operation:
        body = filled(action.payload, self.book.ids)
        return self._numbered(action, body, self.journal.attempts(str(action.entity), _source_id(action)) + 1)

    def _numbered(self, action: Action, body: dict[str, Any], attempt: int, *, resent: bool = False) -> Operation:
        connection, source_id, entity = action.target.connection, _source_id(action), str(action.entity)
        operation = str(action.outcome)
        digest = jsontext.digest(body)
        generation = (action.prior.generation if action.prior else 0) + 1
        tenant = self.tenants.get(connection, connection)
        key = item_key(
            tenant=tenant,
            entity=entity,
            operation=operation,
            source_id=source_id,
            generation=generation,
            attempt=attempt,
            body_digest=digest,
        )
        intent = Intent(
            op=key,
            entity=entity,
            operation=operation,
            source_id=source_id,
            target_id=action.target.id,
            target_kind=str(action.target.kind),
            attempt=attempt,
            key=key,
            body_digest=digest,
            marker=action.marker,
            enforced=action.enforced,
            base=self._base(action),
            generation=generation,
            run=self.run,
            plan=self.plan,
        )
        return Operation(action, body, intent, resent)

    def _base(self, action: Action) -> dict[str, str]:
        """What both sides will agree on, with the fields whose value this push brings itself."""
        brought = {name: self.digest(filled(value, self.book.ids)) for name, value in action.base_after.items()}
        return {**action.base, **brought}

    def _again(self, operations: Iterable[Operation], *, resent: bool) -> list[Operation]:
        """The same bodies under the next attempt, hence a new key."""
        return [
            self._numbered(old.action, old.body, old.intent.attempt + 1, resent=resent or old.resent)
            for old in operations
        ]

    # Sending

    def _send(self, operations: list[Operation], tries: int = 1) -> None:
        """Exactly one request for ``operations``, or none when the push was halted."""
        if self.halted():
            self._leave(operations)
            return
        target = operations[0].action.target
        writer, bodies = self.writers[target.connection], [operation.body for operation in operations]
        key = batch_key([operation.intent.op for operation in operations])
        operations = [replace(item, intent=replace(item.intent, key=key)) for item in operations]
        self._reserve([operation.action for operation in operations])
        self.journal.intend([operation.intent for operation in operations])
        self.book.tell(
            PushEvent("sending", *self.book.progress(), target.connection, target.kind, len(bodies), target.label)
        )
        self.calls[target.connection] += 1
        try:
            if operations[0].action.outcome is Outcome.CREATE:
                results = writer.create(target.kind, bodies, key)
            else:
                results = writer.update(target.kind, bodies, key)
        except _STOPS as error:
            self._not_applied(operations)
            if isinstance(error, Limited) and self._waited_for(error, tries):
                self._send(self._again(operations, resent=False), tries + 1)
            else:
                self._halt(error)
                self._leave(operations)
            return
        except Refused as error:
            self._refused(operations, error)
            return
        except RemoteError as error:
            results = [Result(Verdict.UNKNOWN, messages=(error.message,)) for _ in operations]
        if len(results) != len(operations):
            results = [Result(Verdict.UNKNOWN) for _ in operations]
        now = self.clock.monotonic()
        self._note([replace(operation, sent_at=now) for operation in operations], results)

    def _not_applied(self, operations: Iterable[Operation]) -> None:
        self.journal.close([Close(operation.intent.op, "absent") for operation in operations])

    def _waited_for(self, error: Limited, tries: int) -> bool:
        seconds = error.retry_after_s
        if seconds is None or seconds > SHORT_WAIT_S or tries >= _TRIES:
            return False
        return self._wait(self.clock.monotonic() + seconds)

    def _refused(self, operations: list[Operation], error: Refused) -> None:
        """A refusal that names no element: halve until it does. Nothing of the request was applied."""
        if len(operations) == 1:
            self.journal.close([Close(operations[0].intent.op, "rejected")])
            self._reject(operations[0].action, (error.message,))
            self.ledger.noted(1)
            return
        self._not_applied(operations)
        middle = len(operations) // 2
        for half in (operations[:middle], operations[middle:]):
            self._send(self._again(half, resent=False))

    def _note(self, operations: list[Operation], results: list[Result]) -> None:
        """Outcomes into the journal, item by item, before anything else; then links; then the open questions."""
        closes: list[Close] = []
        ended: list[tuple[Operation, Result]] = []
        there: list[tuple[Operation, Result]] = []
        unknown: list[Operation] = []
        for operation, result in zip(operations, results, strict=True):
            expected = operation.intent.target_id
            if result.verdict is Verdict.DONE and result.id and expected in (None, result.id):
                closes.append(Close(operation.intent.op, "done", result.id))
                ended.append((operation, result))
            elif result.verdict is Verdict.REJECTED or (result.verdict is Verdict.EXISTS and expected is not None):
                closes.append(Close(operation.intent.op, "rejected"))
                ended.append((operation, result))
            elif result.verdict is Verdict.EXISTS:
                there.append((operation, result))
            else:
                unknown.append(operation)
        self.journal.close(closes)
        ended = self._with_totals(ended)
        going_on: list[Action] = []
        for operation, result in ended:
            if result.verdict is Verdict.DONE and result.id:
                self._linked(operation, result.id)
                self._versions[result.id] = result.record.version if result.record else None
                further = self._further(operation, result.id, result.record)
                if further is not None:
                    going_on.append(further)
                    continue
                record = result.record or self._begun.get(operation.action.id)
                self.book.end(operation.action, "done", result.messages, target_id=result.id, record=record)
            else:
                self._reject(operation.action, result.messages)
        self.ledger.noted(len(closes))
        if there:
            self._look_at_existing(there)
        if unknown:
            self._doubt(unknown)
        self._go_on(going_on)

    def _with_totals(self, ended: list[tuple[Operation, Result]]) -> list[tuple[Operation, Result]]:
        """Zoho's answer says nothing of a document but its id: what became of it is read, so that its total can be
        compared with the one that was promised (reference/zoho 4.4). The write itself is done whatever this brings."""
        bare = {
            result.id: operation.action.target
            for operation, result in ended
            if result.verdict is Verdict.DONE and result.id and result.record is None and operation.action.totals
        }
        if not bare:
            return ended
        target = next(iter(bare.values()))
        try:
            found = {record.id: record for record in self._read(target.connection, target.kind, list(bare))}
        except RemoteError:
            return ended
        return [
            (operation, replace(result, record=result.record or found.get(result.id or "")))
            for operation, result in ended
        ]

    # Further steps

    def _further(self, operation: Operation, target_id: str, record: Record | None) -> Action | None:
        """The next write of an action that has one: an update of what now stands there."""
        action = operation.action
        if not action.then:
            return None
        step, *rest = action.then
        self._begun[action.id] = record or self._begun.get(action.id)
        return replace(
            action,
            outcome=Outcome.UPDATE,
            target=replace(action.target, id=target_id),
            payload=filled(step.payload, {**self.book.ids, action.id: target_id}),
            base={**operation.intent.base, **step.base},
            base_after={},
            prior=Link(target_id, operation.intent.generation, dict(operation.intent.base)),
            marker=None,
            enforced=False,
            then=tuple(rest),
        )

    def _go_on(self, actions: Sequence[Action]) -> None:
        together = [action for action in actions if not _alone(action)]
        for group in [together, *([action] for action in actions if _alone(action))]:
            if group:
                self._send([self._operation(action) for action in group])

    def _leave(self, operations: Iterable[Operation]) -> None:
        """The push ends here: what is begun stands, and the next plan takes it further from where it is."""
        for operation in operations:
            action = operation.action
            if action.id in self._begun:
                message = "it stands there; what was still to do with it goes with the next push"
                self.book.end(action, "done", (message,), target_id=action.target.id, record=self._begun[action.id])

    def _reject(self, action: Action, messages: tuple[str, ...]) -> None:
        begun = ("it stands there, but a further step was refused",) if action.id in self._begun else ()
        self.book.end(action, "rejected", (*begun, *messages), target_id=action.target.id)

    def _linked(self, operation: Operation, target_id: str) -> None:
        intent = operation.intent
        link = Link(target_id, intent.generation, dict(intent.base))
        self.ledger.set(operation.action.entity, intent.source_id, link)

    # Where the target says it is there already

    def _look_at_existing(self, there: Sequence[tuple[Operation, Result]]) -> None:
        sightings = self._sightings([operation for operation, _ in there])
        for operation, result in there:
            sighting = sightings.get(operation.intent.op)
            if sighting is None:
                self._not_applied([operation])
                message = "a record like it is there already, and it could not be looked up"
                self.book.end(operation.action, "not_attempted", (*result.messages, message))
            elif sighting.presence is Presence.NONE and operation.action.enforced:
                # Said to be there under its marker, yet not found: searching lags behind. Asked again at the end.
                self.doubts.append(replace(operation, resent=True))
            elif sighting.record is not None and (why := _stranger(operation, sighting)) is None:
                self._adopt(operation, sighting.record)
            elif sighting.presence is Presence.SEVERAL:
                self._not_applied([operation])
                self.book.end(operation.action, "conflict", (*result.messages, _several(operation, sighting)))
            else:
                self.journal.close([Close(operation.intent.op, "rejected")])
                why = _stranger(operation, sighting) if sighting.record else None
                messages = (*result.messages, why) if why else result.messages
                self.book.end(operation.action, "rejected", messages)
                self.ledger.noted(1)

    def _adopt(self, operation: Operation, record: Record) -> None:
        self.journal.close([Close(operation.intent.op, "adopted", record.id)])
        self._linked(operation, record.id)
        self._versions[record.id] = record.version
        self.book.end(operation.action, "adopted", target_id=record.id, record=record)
        self.ledger.noted(1)

    # Where no answer came

    def _doubt(self, operations: list[Operation]) -> None:
        now = [item for item in operations if _enforced_create(item) and not item.resent]
        self.doubts += [item for item in operations if item not in now]
        if now:
            self.doubts += self._resolve_creates(now)

    def settle(self) -> None:
        """Waits until the doubts of this push can be answered and answers them.

        What is still without an answer then stays open in the journal. What was sent once more and again stayed without
        an answer is a new doubt: it is asked for in the next round and not sent a third time.
        """
        waiting, self.doubts = self.doubts, []
        slow = [item.sent_at for item in waiting if _answered_by_waiting(item)]
        if slow and not self._wait(max(slow) + self.settle_s):
            return
        if creates := [item for item in waiting if item.action.outcome is Outcome.CREATE and item.intent.marker]:
            self._resolve_creates(creates)
        for group in _by_target(item for item in waiting if item.action.outcome is not Outcome.CREATE):
            self._resolve_updates(group)

    def _resolve_creates(self, operations: list[Operation]) -> list[Operation]:
        """Asks for the markers: what is there is adopted, what is not is sent once more. What stays open."""
        sightings = self._sightings(operations)
        left: list[Operation] = []
        missing: list[Operation] = []
        for operation in operations:
            sighting = sightings.get(operation.intent.op)
            if sighting is None:
                left.append(operation)
            elif sighting.presence is Presence.OURS and sighting.record is not None:
                self._adopt(operation, sighting.record)
            elif sighting.presence is Presence.NONE:
                (left if operation.resent else missing).append(operation)
            elif sighting.presence is Presence.TAKEN:
                self.journal.close([Close(operation.intent.op, "conflict")])
                self.book.end(operation.action, "conflict", (_stranger(operation, sighting) or "",))
                self.ledger.noted(1)
            else:
                # Open in the journal: nothing more is sent for this record until one of them is gone.
                self.book.end(operation.action, "conflict", (_several(operation, sighting),))
        for group in _by_target(missing):
            if self.halted():
                left += group
                continue
            self._not_applied(group)
            self._send(self._again(group, resent=True))
        return left

    def _resolve_updates(self, operations: list[Operation]) -> None:
        """Reads the records again: those that say what we sent are done, unmoved ones are sent once more."""
        target = operations[0].action.target
        try:
            ids = _target_ids([operation.action for operation in operations])
            found = {record.id: record for record in self._read(target.connection, target.kind, ids)}
        except RemoteError as error:
            if isinstance(error, _STOPS):
                self._halt(error)
            return
        unmoved: list[Operation] = []
        for operation in operations:
            target_id = operation.intent.target_id or ""
            record = found.get(target_id)
            if record is not None and stands(operation.body, dict(record.values)):
                self._adopt(operation, record)
            elif record is not None and record.version == self._versions.get(target_id):
                if not operation.resent:
                    unmoved.append(operation)
            else:
                self.journal.close([Close(operation.intent.op, "conflict")])
                message = "no answer came, and it now differs from what zx sent; the next preview shows both"
                self.book.end(operation.action, "conflict", (message,))
                self.ledger.noted(1)
        if unmoved and not self.halted():
            self._not_applied(unmoved)
            self._send(self._again(unmoved, resent=True))

    # Asking and waiting

    def _sightings(self, operations: Sequence[Operation]) -> dict[str, Sighting]:
        """What is there for each operation, by its id; operations whose question failed are missing."""
        sightings: dict[str, Sighting] = {}
        for group in _by_target(operations):
            target = group[0].action.target
            markers = [item.intent.marker for item in group if item.intent.marker]
            for name in dict.fromkeys(marker[0] for marker in markers):
                values = [marker[1] for marker in markers if marker[0] == name]
                self.calls[target.connection] += 1
                try:
                    found = self.writers[target.connection].find(target.kind, name, values)
                except RemoteError as error:
                    if isinstance(error, _STOPS):
                        self._halt(error)
                    continue
                for item in group:
                    marker = item.intent.marker
                    if marker and marker[0] == name:
                        entity, source_id = item.action.entity, item.intent.source_id
                        sightings[item.intent.op] = judge(found, marker, entity, source_id, self.ledger)
        return sightings

    def _read(self, connection: str, kind: Kind, ids: list[str]) -> list[Record]:
        self.calls[connection] += 1
        return self.writers[connection].read(kind, ids)

    def _wait(self, deadline: float) -> bool:
        """False when a person asked to stop meanwhile."""
        seconds = deadline - self.clock.monotonic()
        if seconds > 0:
            self.book.tell(PushEvent("waiting", *self.book.progress(), seconds=seconds))
        return wait_until(self.clock, deadline, self.halted)

    def _halt(self, error: RemoteError) -> None:
        if self.stopped is None:
            self.stopped = f"{error.connection}: {error.message}"
            self.failure = error


def _source_id(action: Action) -> str:
    if action.source.id is None:
        raise ValueError(f"action {action.id} writes for a source record without an id")
    return action.source.id


def _target_ids(actions: Iterable[Action]) -> list[str]:
    return list(dict.fromkeys(action.target.id for action in actions if action.target.id is not None))


def _alone(action: Action) -> bool:
    """An allocation has a request of its own (``Writer.update``)."""
    return "Allocations" in action.payload


def _enforced_create(operation: Operation) -> bool:
    return operation.action.outcome is Outcome.CREATE and operation.action.enforced and bool(operation.intent.marker)


def _answered_by_waiting(operation: Operation) -> bool:
    if operation.action.outcome is Outcome.CREATE:
        return operation.intent.marker is not None and not operation.action.enforced
    return True


def _by_target(operations: Iterable[Operation]) -> list[list[Operation]]:
    """Operations that may share a request: one map, outcome and kind, at most as many as were sent together."""
    groups: dict[tuple[str, ...], list[list[Operation]]] = {}
    for item in operations:
        action = item.action
        limit = UNENFORCED_BATCH if action.outcome is Outcome.CREATE and not action.enforced else BATCH
        key = (
            action.map,
            action.outcome,
            action.target.connection,
            str(action.target.kind),
            str(action.enforced),
            action.id if _alone(action) else "",
        )
        parts = groups.setdefault(key, [[]])
        if len(parts[-1]) >= limit:
            parts.append([])
        parts[-1].append(item)
    return [part for parts in groups.values() for part in parts]


def _stranger(operation: Operation, sighting: Sighting) -> str | None:
    """Why the record found is not the one this operation would make; None when it is."""
    record = sighting.record
    if record is None:
        return None
    field_name, value = operation.intent.marker or ("", "")
    if sighting.presence is Presence.TAKEN:
        return f"{field_name} {value} stands on {record.id}, which is linked to another record"
    if operation.resent:
        return None
    if dead(record):
        return f"{field_name} {value} is taken by {record.id}, which was voided, deleted or archived"
    total = total_of(record)
    promised = operation.action.totals.target if operation.action.totals else None
    if promised is not None and total is not None and total != promised:
        return f"{field_name} {value} is taken by {record.id}, whose total is {total}, not {promised}"
    return None


def _several(operation: Operation, sighting: Sighting) -> str:
    field_name, value = operation.intent.marker or ("", "")
    return (
        f"{len(sighting.ids)} records have {field_name} {value} ({', '.join(sighting.ids)}); nothing more is sent for "
        "this record until a person has removed all but one"
    )
