"""One push: what goes out, in what portions, and how each kind of answer ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from apply_world import (
    CONTACT,
    INVOICE,
    INVOICES,
    PEOPLE,
    SETTLE_S,
    XERO,
    FakeXero,
    World,
    contact,
    create,
    half_answered,
    invoice,
    lost_answer,
    lost_request,
    plan_of,
)

from zx.apply.results import PushEvent
from zx.model.link import Link
from zx.model.record import Kind
from zx.plan.action import Action, After, Outcome, Subject
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, RemoteError, Result, Unknown, Verdict


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def raising(error: RemoteError) -> Any:
    def fault(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
        raise error

    return fault


def saying(*results: Result) -> Any:
    return lambda remote, kind, bodies, key: list(results)


def change(source_id: str, target_id: str, payload: Mapping[str, Any], version: str | None = "1") -> Action:
    return Action(
        id=f"people:{source_id}",
        outcome=Outcome.UPDATE,
        map="people",
        entity=PEOPLE,
        source=Subject("zoho.demo", Kind("zoho", "Contacts"), source_id, source_id),
        target=Subject(XERO, CONTACT, target_id, source_id),
        payload={"ContactID": target_id, **payload},
        base={"Name": "fedcba9876543210"},
        prior=Link(target_id, 3),
        observed_version=version,
    )


def test_ids_made_by_one_action_reach_those_that_wait_for_it(world: World) -> None:
    result = world.push(plan_of(contact("p1"), invoice("i1", "p1")))
    assert {item.outcome for item in result.actions.values()} == {"done"}
    (_, bodies) = world.xero.sent[1]
    assert bodies[0]["Contact"] == {"ContactID": "c1"}
    assert world.state().link(INVOICES, "i1") == Link("i1", 1, {"Name": "0123456789abcdef"})
    assert result.calls == {XERO: 2}
    assert world.open()[0].unsaved() == []


def test_the_base_of_a_link_holds_ids_that_the_push_brought(world: World) -> None:
    after = replace(invoice("i1", "p1"), base={}, base_after={"Contact": After("people:p1")})
    world.push(plan_of(contact("p1"), after), digest=lambda value: str(value).encode().hex().zfill(16))
    assert world.state().link(INVOICES, "i1") == Link("i1", 1, {"Contact": "0000000000006331"})


def test_creates_the_target_would_take_twice_go_in_tens(world: World) -> None:
    world.push(plan_of(*[contact(f"p{at}") for at in range(23)]))
    assert [len(bodies) for _, bodies in world.xero.sent] == [10, 10, 3]


def test_enforced_creates_go_in_batches_of_what_the_writer_takes(world: World) -> None:
    world.xero.batch = 60
    world.push(plan_of(*[invoice(f"i{at}", "p", "c9") for at in range(60)]))
    assert [len(bodies) for _, bodies in world.xero.sent] == [50, 10]


def test_state_is_saved_every_two_hundred_operations(world: World) -> None:
    world.push(plan_of(*[invoice(f"i{at}", "p", "c9") for at in range(450)]))
    saves = [event for event in world.effects.trace if event[0] == "save"]
    assert [count for _, count in saves] == [200, 200, 50]
    assert world.state().serial == 3


def test_a_rejected_record_stops_only_what_needs_it(world: World) -> None:
    world.xero.faults[1] = lambda remote, kind, bodies, key: [
        Result(Verdict.REJECTED, messages=("Email is not valid",)),
        remote.apply(kind, bodies[1]),
    ]
    plan = plan_of(contact("p1"), contact("p2"), invoice("i1", "p1"), invoice("i2", "p2"))
    result = world.push(plan)
    assert result.actions["people:p1"].outcome == "rejected"
    assert result.actions["people:p1"].messages == ("Email is not valid",)
    assert result.actions["invoices:i1"].outcome == "not_attempted"
    assert result.actions["invoices:i1"].messages == ("waits for zx-p1",)
    assert result.actions["invoices:i2"].outcome == "done"
    assert result.stopped is None


def test_only_a_part_of_the_plan(world: World) -> None:
    result = world.push(plan_of(contact("p1"), invoice("i1", "p1"), contact("p2")), only={"people:p2", "invoices:i1"})
    assert result.actions["people:p1"].outcome == "not_attempted"
    assert result.actions["people:p2"].outcome == "done"
    assert result.actions["invoices:i1"].outcome == "not_attempted"
    assert len(world.xero.sent) == 1


@pytest.mark.parametrize(
    "error",
    [
        NotReached(XERO, "no route"),
        Limited(XERO, "1,000 calls a day", retry_after_s=40000),
        NotAllowed(XERO, "expired"),
    ],
)
def test_a_certain_no_stops_the_push_and_leaves_no_doubt(world: World, error: RemoteError) -> None:
    world.xero.faults[1] = raising(error)
    result = world.push(plan_of(contact("p1"), invoice("i9", "p1"), invoice("i1", "p2", "c9")))
    assert {item.outcome for item in result.actions.values()} == {"not_attempted"}
    assert result.stopped == f"{XERO}: {error.message}" and result.failure is error
    assert world.open()[0].doubts() == []
    assert world.xero.requests == 1


def test_a_minute_limit_is_waited_for(world: World) -> None:
    world.xero.faults[1] = raising(Limited(XERO, "60 calls a minute", retry_after_s=20))
    result = world.push(plan_of(contact("p1")))
    assert result.actions["people:p1"].outcome == "done"
    assert result.stopped is None and len(set(world.xero.keys)) == 2


def test_a_refusal_that_names_no_element_is_halved_until_it_does(world: World) -> None:
    def picky(kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        if any(body["InvoiceNumber"] == "INV-i3" for body in bodies):
            raise Refused(XERO, "A validation exception occurred")
        return [world.xero.apply(kind, body) for body in bodies]

    world.xero.create = picky  # type: ignore[method-assign]
    result = world.push(plan_of(*[invoice(f"i{at}", "p", "c9") for at in range(1, 6)]))
    assert result.actions["invoices:i3"].outcome == "rejected"
    assert result.count("done") == 4
    assert world.open()[0].doubts() == []


def test_an_enforced_create_without_an_answer_is_looked_up_at_once(world: World) -> None:
    world.xero.faults[1] = lost_answer
    result = world.push(plan_of(invoice("i1", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "adopted"
    assert world.clock.seconds == 1000.0 and world.xero.requests == 1
    world.xero.faults[2] = lost_request
    result = world.push(plan_of(invoice("i2", "p", "c9")))
    assert result.actions["invoices:i2"].outcome == "done"
    assert world.clock.seconds == 1000.0 and world.xero.requests == 3


def test_any_other_create_without_an_answer_waits_for_the_end_and_settling(world: World) -> None:
    world.xero.faults[1] = lost_request
    events: list[PushEvent] = []
    plan = plan_of(contact("p1"), invoice("i1", "p1"), invoice("i2", "p", "c9"))
    result = world.push(plan, on_event=events.append)
    assert {item.outcome for item in result.actions.values()} == {"done"}
    assert [kind for kind, _ in world.xero.sent] == [CONTACT, INVOICE, CONTACT, INVOICE]
    assert world.clock.seconds >= 1000.0 + SETTLE_S
    (waiting,) = [event for event in events if event.kind == "waiting"]
    assert waiting.seconds == SETTLE_S
    assert events[-1].done == events[-1].total == 3


def test_a_second_silence_leaves_it_in_doubt_and_the_next_push_holds_it_back(world: World) -> None:
    world.xero.faults = {1: lost_request, 2: lost_request}
    result = world.push(plan_of(invoice("i1", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "in_doubt"
    assert len(world.open()[0].doubts()) == 1
    again = world.push(plan_of(invoice("i1", "p", "c9"), invoice("i2", "p", "c9")))
    assert again.actions["invoices:i1"].outcome == "in_doubt"
    assert again.actions["invoices:i2"].outcome == "done"
    assert [len(bodies) for _, bodies in world.xero.sent] == [1, 1, 1]


def test_elements_without_a_verdict_are_in_doubt_alone(world: World) -> None:
    world.xero.faults[1] = half_answered
    result = world.push(plan_of(invoice("i1", "p", "c9"), invoice("i2", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "done"
    assert result.actions["invoices:i2"].outcome == "adopted"
    assert world.xero.requests == 1


def test_success_without_an_id_is_no_success(world: World) -> None:
    world.xero.faults[1] = saying(Result(Verdict.DONE, None))
    result = world.push(plan_of(invoice("i1", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "done"
    assert world.xero.requests == 2


def test_a_number_taken_by_our_own_record_is_adopted(world: World) -> None:
    ours = world.xero.add(INVOICE, {"InvoiceNumber": "INV-i1", "Total": Decimal("10.00")})
    result = world.push(plan_of(invoice("i1", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "adopted"
    assert result.actions["invoices:i1"].target_id == ours.id


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"Total": Decimal("99.00")}, "whose total is 99.00, not 10.00"),
        ({"Total": Decimal("10.00"), "Status": "VOIDED"}, "which was voided"),
    ],
)
def test_a_number_taken_by_a_stranger_is_rejected(world: World, values: dict[str, Any], why: str) -> None:
    world.xero.add(INVOICE, {"InvoiceNumber": "INV-i1", **values})
    result = world.push(plan_of(invoice("i1", "p", "c9")))
    assert result.actions["invoices:i1"].outcome == "rejected"
    assert any(why in message for message in result.actions["invoices:i1"].messages)
    assert world.state().link(INVOICES, "i1") is None
    assert world.open()[0].doubts() == []


def test_a_record_linked_to_another_is_never_adopted(world: World) -> None:
    world.push(plan_of(invoice("i1", "p", "c9")))
    twin = create(
        "invoices",
        "i7",
        INVOICES,
        INVOICE,
        {"InvoiceNumber": "INV-i1"},
        marker=("InvoiceNumber", "INV-i1"),
        enforced=True,
    )
    result = world.push(plan_of(twin))
    assert result.actions["invoices:i7"].outcome == "rejected"
    assert "linked to another record" in result.actions["invoices:i7"].messages[-1]


def test_a_total_that_differs_from_the_preview_is_said(world: World) -> None:
    action = invoice("i1", "p", "c9")
    action = replace(action, payload={**action.payload, "_total": Decimal("10.01")})
    result = world.push(plan_of(action)).actions["invoices:i1"]
    assert (result.outcome, result.mismatch, result.total) == ("done", True, Decimal("10.01"))
    assert result.messages == (f"{XERO} computed 10.01 where the preview said 10.00 AUD",)


def test_an_adoption_writes_only_state(world: World) -> None:
    action = replace(contact("p1"), outcome=Outcome.ADOPT, target=Subject(XERO, CONTACT, "c77", "Name p1"), payload={})
    result = world.push(plan_of(action, invoice("i1", "p1")))
    assert result.actions["people:p1"].outcome == "adopted"
    assert world.state().link(PEOPLE, "p1") == Link("c77", 1, {"Name": "0123456789abcdef"})
    assert world.xero.sent[0][1][0]["Contact"] == {"ContactID": "c77"}


def test_an_update_is_sent_only_to_what_was_seen(world: World) -> None:
    seen = world.xero.add(CONTACT, {"Name": "Old"})
    moved = world.xero.add(CONTACT, {"Name": "Old"}, version="2")
    result = world.push(
        plan_of(
            change("p1", seen.id, {"Name": "New"}),
            change("p2", moved.id, {"Name": "New"}),
            change("p3", "c404", {"Name": "New"}),
        )
    )
    assert [result.actions[f"people:p{at}"].outcome for at in (1, 2, 3)] == ["done", "conflict", "conflict"]
    assert world.xero.records[CONTACT][moved.id].values["Name"] == "Old"
    assert world.state().link(PEOPLE, "p1") == Link(seen.id, 4, {"Name": "fedcba9876543210"})
    assert world.effects.trace[0] == ("read",)


@pytest.mark.parametrize(
    ("applied", "human", "outcome"), [(True, False, "adopted"), (False, False, "done"), (False, True, "conflict")]
)
def test_an_update_without_an_answer_is_read_again(world: World, applied: bool, human: bool, outcome: str) -> None:
    seen = world.xero.add(CONTACT, {"Name": "Old"})

    def fault(remote: FakeXero, kind: Kind, bodies: list[dict[str, Any]], key: str) -> list[Result]:
        if applied:
            remote.change(kind, bodies[0])
        if human:
            remote.change(kind, {"ContactID": seen.id, "Name": "By hand"})
        raise Unknown(XERO, "reset")

    world.xero.faults[1] = fault
    result = world.push(plan_of(change("p1", seen.id, {"Name": "New"})))
    assert result.actions["people:p1"].outcome == outcome
    assert world.clock.seconds >= 1000.0 + SETTLE_S
    assert world.xero.records[CONTACT][seen.id].values["Name"] == ("By hand" if human else "New")
    assert world.open()[0].doubts() == []


def test_a_stop_on_request_finishes_the_request_and_sends_no_other(world: World) -> None:
    plan = plan_of(contact("p1"), invoice("i1", "p1"))
    result = world.push(plan, stop_requested=lambda: world.xero.requests >= 1)
    assert result.actions["people:p1"].outcome == "done"
    assert result.actions["invoices:i1"].outcome == "not_attempted"
    assert result.stopped == "stopped on request"
    assert world.state().link(PEOPLE, "p1") is not None


def test_a_plan_that_changes_a_record_without_its_id_is_refused_before_anything_is_sent(world: World) -> None:
    bad = replace(change("p2", "c1", {}), payload={"Name": "New"})
    with pytest.raises(ValueError, match="people:p2"):
        world.push(plan_of(contact("p1"), bad))
    assert world.xero.requests == 0


def test_a_state_that_cannot_be_saved_ends_the_push_and_loses_nothing(world: World) -> None:
    world.push(plan_of(contact("p1")))
    journal, store = world.open()
    state = store.load()
    (shard,) = (world.folder / "state").rglob("links/*/*.toml")
    head = world.folder / "state" / "demo--demo" / "zx.toml"
    head.write_text(head.read_text() + "# edited meanwhile\n")

    from zx.apply.executor import push

    result = push(
        plan_of(contact("p2")),
        writers={XERO: world.xero},
        journal=journal,
        store=store,
        state=state,
        clock=world.clock,
        settle_s=SETTLE_S,
        run="run",
        digest=str,
    )
    journal.release()
    assert result.actions["people:p2"].outcome == "done"
    assert result.stopped is not None and "changed on disk" in result.stopped
    assert world.state().link(PEOPLE, "p2") is None
    world.life()
    link = world.state().link(PEOPLE, "p2")
    assert link is not None and link.target_id == result.actions["people:p2"].target_id
    assert shard.exists()
