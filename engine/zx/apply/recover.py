"""The start of every push: what an earlier life left open is answered before anything new is planned.

Order (reliability 1.12): ends the journal holds go into state; then doubts. An enforced create (R2) is asked for at
once. Any other create (R3) and every update wait until ``settle_s`` after this process began, since requests of
the dead process may be applied until then. Only then is absence believed (lemma L3). Read the systems *after* this,
so that what it adopted is in the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from zx.apply.ledger import Ledger, entity_of, link_of
from zx.apply.markers import Presence, Sighting, judge
from zx.apply.results import Recovery, Settled, SettledOutcome
from zx.apply.waiting import wait_until
from zx.files.disk import DiskError
from zx.model.link import SyncState
from zx.model.record import Kind, Record
from zx.ports.clock import Clock
from zx.ports.journal import Close, Intent, Journal
from zx.ports.remote import RemoteError, Writer
from zx.ports.state_store import StateDamaged, StateStore

_AT_ONCE = 40
"""Markers in one question (reliability 1.5)."""

_WAITS = "no answer yet; nothing is sent for this record until there is one"
_NO_MARKER = "it carries nothing to find it by; look it up in the target and decide by hand"


def recover(
    *,
    journal: Journal,
    writers: Mapping[str, Writer],
    store: StateStore,
    state: SyncState,
    clock: Clock,
    settle_s: float,
    started: float | None = None,
    stop_requested: Callable[[], bool] = lambda: False,
    on_wait: Callable[[float, int], None] | None = None,
) -> Recovery:
    """Answers the doubts of earlier lives. Sends nothing but questions.

    ``writers`` by connection name; the journal belongs to one pair, so a kind tells which. ``started`` is the monotonic
    time at which this process began, now when it is not given. ``on_wait`` is told how many seconds are waited for how
    many records. Remote, disk and state errors end up in ``failure``; unanswered doubts stay open.
    """
    ledger = Ledger(store, journal, state)
    begun = clock.monotonic()
    settled: list[Settled] = []
    failure: Exception | None = None
    folded = 0
    try:
        folded = ledger.fold()
        doubts = journal.doubts()
        # A create without a marker is in neither list: no waiting answers it, it stays open for a person.
        creates = [item for item in doubts if item.operation == "create" and item.marker]
        quick = [item for item in creates if item.enforced]
        slow = [item for item in doubts if item.operation != "create"] + [item for item in creates if not item.enforced]
        failure = _ask(quick, writers, journal, ledger, settled)
        if slow and not stop_requested():
            deadline = (begun if started is None else started) + settle_s
            if on_wait is not None and deadline > clock.monotonic():
                on_wait(deadline - clock.monotonic(), len(slow))
            if wait_until(clock, deadline, stop_requested):
                failure = _after_settling(slow, writers, journal, ledger, settled) or failure
        ledger.flush()
    except (DiskError, StateDamaged) as error:
        failure = error
    told = {(item.entity, item.source_id, item.operation) for item in settled}
    for intent in journal.doubts():
        if (intent.entity, intent.source_id, intent.operation) not in told:
            settled.append(_settled(intent, "open", _WAITS if intent.marker or intent.target_id else _NO_MARKER))
    return Recovery(folded, tuple(settled), ledger.state.serial, clock.monotonic() - begun, failure)


def _after_settling(
    doubts: Sequence[Intent],
    writers: Mapping[str, Writer],
    journal: Journal,
    ledger: Ledger,
    settled: list[Settled],
) -> RemoteError | None:
    """Creates are asked for. Updates need no question: whatever became of them can no longer change, and the next plan
    compares the record as it is with what both sides last agreed on."""
    updates = [intent for intent in doubts if intent.operation != "create"]
    journal.close([Close(intent.op, "absent") for intent in updates])
    settled += [_settled(intent, "absent", "the next plan reads it as it is now") for intent in updates]
    creates = [intent for intent in doubts if intent.operation == "create"]
    return _ask(creates, writers, journal, ledger, settled)


def _ask(
    doubts: Sequence[Intent],
    writers: Mapping[str, Writer],
    journal: Journal,
    ledger: Ledger,
    settled: list[Settled],
) -> RemoteError | None:
    """Looks for the markers and closes what has an answer; the error when a question failed."""
    failure: RemoteError | None = None
    for kind, name, group in _questions(doubts):
        try:
            found = _writer(writers, kind).find(kind, name, [intent.marker[1] for intent in group if intent.marker])
        except RemoteError as error:
            failure = error
            settled += [_settled(intent, "open", error.message) for intent in group]
            continue
        for intent in group:
            settled.append(_judged(intent, found, journal, ledger))
    return failure


def _judged(intent: Intent, found: Iterable[Record], journal: Journal, ledger: Ledger) -> Settled:
    assert intent.marker is not None
    entity = entity_of(intent.entity)
    sighting: Sighting = judge(found, intent.marker, entity, intent.source_id, ledger)
    name, value = intent.marker
    if sighting.presence is Presence.OURS and sighting.record is not None:
        close = Close(intent.op, "adopted", sighting.record.id)
        journal.close([close])
        if link := link_of(intent, close):
            ledger.set(entity, intent.source_id, link)
        return _settled(intent, "adopted", f"found by {name} {value}", sighting.record.id)
    if sighting.presence is Presence.NONE:
        journal.close([Close(intent.op, "absent")])
        return _settled(intent, "absent", "not there; the next plan makes it")
    if sighting.presence is Presence.TAKEN:
        journal.close([Close(intent.op, "conflict")])
        message = f"{name} {value} stands on {sighting.ids[0]}, which is linked to another record"
        return _settled(intent, "conflict", message, sighting.ids[0])
    # Stays open: a third one could be made otherwise.
    message = f"{len(sighting.ids)} records have {name} {value} ({', '.join(sighting.ids)}); remove all but one"
    return _settled(intent, "open", message)


def _questions(doubts: Iterable[Intent]) -> list[tuple[Kind, str, list[Intent]]]:
    """Doubts that one query can answer: same kind, same marker field, not too many."""
    groups: dict[tuple[str, str], list[Intent]] = {}
    for intent in doubts:
        if intent.marker is not None:
            groups.setdefault((intent.target_kind, intent.marker[0]), []).append(intent)
    return [
        (_kind(kind), name, group[at : at + _AT_ONCE])
        for (kind, name), group in groups.items()
        for at in range(0, len(group), _AT_ONCE)
    ]


def _kind(text: str) -> Kind:
    system, _, name = text.partition(".")
    return Kind("zoho" if system == "zoho" else "xero", name)


def _writer(writers: Mapping[str, Writer], kind: Kind) -> Writer:
    for name, writer in writers.items():
        if name.partition(".")[0] == kind.system:
            return writer
    raise ValueError(f"the journal has an open {kind}, for which there is no writer")


def _settled(intent: Intent, outcome: SettledOutcome, message: str, target_id: str | None = None) -> Settled:
    return Settled(intent.entity, intent.operation, intent.source_id, intent.target_kind, outcome, target_id, message)
