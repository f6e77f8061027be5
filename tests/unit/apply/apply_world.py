"""A small world for the write protocol: two remotes in memory, a clock, crashes at any effect.

Journal and state are the real ones on a temporary folder; every effect of the engine passes ``Effects.step``, which
raises ``Crash`` at the one the test chose. A crash is a BaseException: nothing in the engine may catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from zx.apply.executor import push
from zx.apply.recover import recover
from zx.apply.results import PushResult, Recovery
from zx.model.link import Entity, Link, SyncState
from zx.model.posting import Posting
from zx.model.record import Kind, Record
from zx.plan.action import Action, After, Outcome, Plan, Subject, Totals
from zx.ports.journal import Close, Intent
from zx.ports.remote import Result, Unknown, Verdict
from zx.state.journal import FileJournal
from zx.state.store import TomlStateStore

CONTACT = Kind("xero", "Contact")
INVOICE = Kind("xero", "Invoice")
PEOPLE = Entity("Contacts", "Contact")
INVOICES = Entity("Invoices", "Invoice")
XERO = "xero.demo"
SETTLE_S = 600.0


class Crash(BaseException):
    """The process is gone."""


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> datetime:
        return datetime(2026, 3, 31, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 20.0)  # coarse, so that ten minutes are few steps
        for entry in [entry for entry in self.due if entry[0] <= self.seconds]:
            self.due.remove(entry)
            entry[1]()


@dataclass
class Effects:
    """Counts effects; ``crash_at`` is the number of the one that never returns."""

    crash_at: int | None = None
    count: int = 0
    trace: list[tuple[Any, ...]] = field(default_factory=list)

    def step(self) -> None:
        self.count += 1
        if self.count == self.crash_at:
            raise Crash


class TracedJournal(FileJournal):
    effects: Effects

    def intend(self, intents: Sequence[Intent]) -> None:
        self.effects.step()
        super().intend(intents)
        self.effects.trace.append(("intend", tuple((item.entity, item.source_id, item.key) for item in intents)))
        self.effects.step()

    def close(self, closes: Sequence[Close]) -> None:
        if not closes:
            return
        self.effects.step()
        super().close(closes)
        self.effects.trace.append(("close", tuple(item.op for item in closes)))
        self.effects.step()

    def checkpoint(self, serial: int) -> None:
        self.effects.step()
        super().checkpoint(serial)
        self.effects.trace.append(("checkpoint", serial))


class TracedStore(TomlStateStore):
    effects: Effects

    def save(self, changes: Mapping[tuple[Entity, str], Link | None], postings: Sequence[Posting] = ()) -> SyncState:
        self.effects.step()
        state = super().save(changes, postings)
        self.effects.trace.append(("save", len(changes)))
        self.effects.step()
        return state


Fault = Callable[["FakeXero", Kind, list[dict[str, Any]], str], list[Result]]


class FakeXero:
    """Refuses a second invoice number; takes any number of contacts with one ContactNumber. Ids are minted."""

    batch = 50

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.effects = Effects()
        self.records: dict[Kind, dict[str, Record]] = {CONTACT: {}, INVOICE: {}}
        self.faults: dict[int, Fault] = {}
        self.requests = 0
        self.finds = 0
        self.keys: list[str] = []
        self.sent: list[tuple[Kind, list[dict[str, Any]]]] = []

    def add(self, kind: Kind, values: dict[str, Any], version: str = "1") -> Record:
        made = f"{kind.name[0].lower()}{len(self.records[kind]) + 1}"
        record = Record(kind, made, version, {f"{kind.name}ID": made, **values})
        self.records[kind][made] = record
        return record

    def apply(self, kind: Kind, body: Mapping[str, Any]) -> Result:
        number = body.get("InvoiceNumber")
        if number and any(item.values.get("InvoiceNumber") == number for item in self.records[INVOICE].values()):
            return Result(Verdict.EXISTS, messages=("Invoice # must be unique.",))
        values = dict(body)
        if kind == INVOICE:
            values["Total"] = body.get("_total", Decimal("10.00"))
        record = self.add(kind, values)
        return Result(Verdict.DONE, record.id, record)

    def create(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        self.requests += 1
        self.effects.trace.append(("send", key))
        self.keys.append(key)
        self.sent.append((kind, [dict(body) for body in bodies]))
        self.effects.step()
        fault = self.faults.pop(self.requests, None)
        copies = [dict(body) for body in bodies]
        try:
            results = fault(self, kind, copies, key) if fault else [self.apply(kind, body) for body in copies]
        except Unknown:
            self.effects.step()
            raise
        self.effects.trace.append(("answered", key))
        self.effects.step()
        return results

    def update(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        self.requests += 1
        self.effects.trace.append(("send", key))
        self.keys.append(key)
        self.sent.append((kind, [dict(body) for body in bodies]))
        fault = self.faults.pop(self.requests, None)
        if fault:
            return fault(self, kind, [dict(body) for body in bodies], key)
        return [self.change(kind, body) for body in bodies]

    def change(self, kind: Kind, body: Mapping[str, Any]) -> Result:
        old = self.records[kind][body[f"{kind.name}ID"]]
        record = Record(kind, old.id, str(int(old.version) + 1), {**old.values, **body})
        self.records[kind][old.id] = record
        return Result(Verdict.DONE, record.id, record)

    def read(self, kind: Kind, ids: Iterable[str]) -> list[Record]:
        self.effects.trace.append(("read",))
        return [self.records[kind][item] for item in ids if item in self.records[kind]]

    def find(self, kind: Kind, field: str, values: Sequence[str]) -> list[Record]:
        self.finds += 1
        self.effects.trace.append(("find",))
        self.effects.step()
        return [record for record in self.records[kind].values() if record.values.get(field) in values]


def lost_request(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
    raise Unknown(XERO, "no answer within 30 s")


def lost_answer(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
    for body in bodies:
        remote.apply(kind, body)
    raise Unknown(XERO, "the connection was reset")


def late(seconds: float) -> Fault:
    """Applied ``seconds`` after the sender gave up (reliability A1)."""

    def fault(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
        def arrive() -> None:
            for body in bodies:
                remote.apply(kind, body)

        remote.clock.due.append((remote.clock.seconds + seconds, arrive))
        raise Unknown(XERO, "no answer within 30 s")

    return fault


def half_answered(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
    """All applied; every second element comes back without a verdict."""
    results = [remote.apply(kind, body) for body in bodies]
    return [result if at % 2 == 0 else Result(Verdict.UNKNOWN) for at, result in enumerate(results)]


def create(
    name: str,
    source_id: str,
    entity: Entity,
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    marker: tuple[str, str] | None,
    enforced: bool,
    after: tuple[str, ...] = (),
    total: str | None = None,
) -> Action:
    return Action(
        id=f"{name}:{source_id}",
        outcome=Outcome.CREATE,
        map=name,
        entity=entity,
        source=Subject("zoho.demo", Kind("zoho", entity.source), source_id, source_id),
        target=Subject(XERO, kind, None, marker[1] if marker else source_id),
        after=after,
        payload=payload,
        totals=Totals("AUD", Decimal(total), Decimal(total)) if total else None,
        marker=marker,
        enforced=enforced,
        base={"Name": "0123456789abcdef"},
    )


def contact(source_id: str) -> Action:
    number = f"zx-{source_id}"
    payload = {"Name": f"Name {source_id}", "ContactNumber": number}
    return create("people", source_id, PEOPLE, CONTACT, payload, marker=("ContactNumber", number), enforced=False)


def invoice(source_id: str, person: str, contact_id: str | None = None, total: str = "10.00") -> Action:
    number = f"INV-{source_id}"
    needed = f"people:{person}"
    payload = {
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact_id or After(needed)},
        "LineItems": [{"LineAmount": Decimal(total)}],
    }
    after = () if contact_id else (needed,)
    return create(
        "invoices",
        source_id,
        INVOICES,
        INVOICE,
        payload,
        marker=("InvoiceNumber", number),
        enforced=True,
        after=after,
        total=total,
    )


def plan_of(*actions: Action, state: SyncState | None = None) -> Plan:
    counts = {outcome.value: sum(action.outcome is outcome for action in actions) for outcome in Outcome}
    return Plan(
        sync="demo",
        zoho="zoho.demo",
        xero=XERO,
        digest="d" * 32,
        rules_digest="r",
        snapshot_digest="s",
        read_at={},
        state_serial=state.serial if state else 0,
        state_lineage=state.lineage if state else "",
        actions=actions,
        findings=(),
        totals=(),
        by_map={},
        counts=counts,
    )


class World:
    """One disk, one Xero; ``life`` is one process: recover, plan what is missing, push."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.xero = FakeXero(self.clock)
        self.effects = Effects()
        self.lives = 0
        self.recoveries: list[Recovery] = []

    def open(self) -> tuple[TracedJournal, TracedStore]:
        self.xero.effects = self.effects
        journal = TracedJournal(self.folder / "private" / "journal")
        journal.effects = self.effects
        store = TracedStore(
            self.folder / "state", pair="demo--demo", tenants=("org", "tenant"), new_lineage=lambda: "lineage"
        )
        store.effects = self.effects
        return journal, store

    def push(self, plan: Plan, **options: Any) -> PushResult:
        """A push in one process, without recovery."""
        journal, store = self.open()
        try:
            return push(
                plan,
                writers={XERO: self.xero},
                journal=journal,
                store=store,
                state=store.load(),
                clock=self.clock,
                settle_s=SETTLE_S,
                run="run",
                **{"digest": str, **options},
            )
        finally:
            journal.release()

    def state(self) -> SyncState:
        return self.open()[1].load()

    def life(self, crash_at: int | None = None) -> PushResult | None:
        self.effects = Effects(crash_at)
        self.lives += 1
        journal, store = self.open()
        try:
            self.recoveries.append(
                recover(
                    journal=journal,
                    writers={XERO: self.xero},
                    store=store,
                    state=store.load(),
                    clock=self.clock,
                    settle_s=SETTLE_S,
                )
            )
            state = store.load()
            return push(
                self.wanted(state),
                writers={XERO: self.xero},
                journal=journal,
                store=store,
                state=state,
                clock=self.clock,
                settle_s=SETTLE_S,
                run=f"run-{self.lives}",
                digest=str,
            )
        except Crash:
            return None
        finally:
            journal.release()
            check_order(self.effects.trace)

    def wanted(self, state: SyncState) -> Plan:
        """Three people and five invoices; only what has no link yet is made, as the planner would."""
        people = {}
        actions: list[Action] = []
        for source_id in ("p1", "p2", "p3"):
            link = state.link(PEOPLE, source_id)
            people[source_id] = link.target_id if link else None
            if link is None:
                actions.append(contact(source_id))
        for at in range(1, 6):
            person = f"p{(at - 1) % 3 + 1}"
            if state.link(INVOICES, f"i{at}") is None:
                actions.append(invoice(f"i{at}", person, people[person]))
        return plan_of(*actions, state=state)

    def check_complete(self) -> None:
        """No duplicate, nothing missing, every link true."""
        state = self.state()
        for kind, field_name, entity, wanted in (
            (CONTACT, "ContactNumber", PEOPLE, {f"zx-p{at}": f"p{at}" for at in (1, 2, 3)}),
            (INVOICE, "InvoiceNumber", INVOICES, {f"INV-i{at}": f"i{at}" for at in range(1, 6)}),
        ):
            found = [record.values[field_name] for record in self.xero.records[kind].values()]
            assert sorted(found) == sorted(wanted), f"{kind}: {found}"
            for record in self.xero.records[kind].values():
                link = state.link(entity, wanted[record.values[field_name]])
                assert link is not None and link.target_id == record.id
                assert link.base == {"Name": "0123456789abcdef"}


def check_order(trace: list[tuple[Any, ...]]) -> None:
    """Every request has a synced intent under its key, and its outcome is noted before anything else is sent or saved;
    no checkpoint without a save before it."""
    open_keys: dict[str, str] = {}
    saved = True
    for at, event in enumerate(trace):
        if event[0] == "intend":
            open_keys.update({f"{entity}/{source}": key for entity, source, key in event[1]})
        elif event[0] == "send":
            assert event[1] in open_keys.values(), f"sent without an intent: {event}"
        elif event[0] == "answered":
            # Nothing comes between an answer and its note, but a question where an element had no verdict.
            assert at + 1 == len(trace) or trace[at + 1][0] in ("close", "find"), trace[at : at + 2]
        elif event[0] == "close":
            saved = False
        elif event[0] == "save":
            saved = True
        elif event[0] == "checkpoint":
            assert saved, "a checkpoint speaks for ends that no state holds"
