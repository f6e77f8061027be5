"""The start of a push: what an earlier life left open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apply_world import CONTACT, INVOICE, INVOICES, PEOPLE, SETTLE_S, XERO, World

from zx.apply.recover import recover
from zx.apply.results import Recovery
from zx.model.link import Link
from zx.ports.journal import Close, Intent
from zx.ports.remote import NotReached


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def intent(source_id: str, **changes: Any) -> Intent:
    values: dict[str, Any] = {
        "op": f"op-{source_id}",
        "entity": "Invoices-Invoice",
        "operation": "create",
        "source_id": source_id,
        "target_id": None,
        "target_kind": "xero.Invoice",
        "attempt": 1,
        "key": "k",
        "body_digest": "d",
        "marker": ("InvoiceNumber", f"INV-{source_id}"),
        "enforced": True,
        "base": {"Name": "0123456789abcdef"},
        "generation": 1,
        "run": "r",
        "plan": "p",
    }
    return Intent(**{**values, **changes})


def person(source_id: str) -> Intent:
    marker = ("ContactNumber", f"zx-{source_id}")
    return intent(source_id, entity="Contacts-Contact", target_kind="xero.Contact", marker=marker, enforced=False)


def leave(world: World, *intents: Intent, closes: tuple[Close, ...] = ()) -> None:
    journal, _ = world.open()
    journal.intend(intents)
    journal.close(closes)
    journal.release()


def start(world: World, **options: Any) -> Recovery:
    journal, store = world.open()
    try:
        return recover(
            journal=journal,
            writers={"zoho.demo": world.xero, XERO: world.xero},
            store=store,
            state=store.load(),
            clock=world.clock,
            settle_s=SETTLE_S,
            **options,
        )
    finally:
        journal.release()


def test_ends_that_were_not_saved_go_into_state(world: World) -> None:
    leave(world, intent("i1"), intent("i2"), closes=(Close("op-i1", "done", "x1"), Close("op-i2", "rejected")))
    recovery = start(world)
    assert (recovery.folded, recovery.settled) == (2, ())
    assert world.state().links == {INVOICES: {"i1": Link("x1", 1, {"Name": "0123456789abcdef"})}}
    assert world.open()[0].unsaved() == []
    assert start(world).folded == 0 and world.state().serial == 1


def test_enforced_creates_are_asked_for_at_once_in_one_question(world: World) -> None:
    there = world.xero.add(INVOICE, {"InvoiceNumber": "INV-i1"})
    leave(world, intent("i1"), intent("i2"))
    recovery = start(world)
    assert [(item.source_id, item.outcome) for item in recovery.settled] == [("i1", "adopted"), ("i2", "absent")]
    assert recovery.waited_s == 0 and world.xero.finds == 1
    link = world.state().link(INVOICES, "i1")
    assert link is not None and link.target_id == there.id
    assert world.open()[0].attempts("Invoices-Invoice", "i2") == 1


def test_other_creates_wait_until_nothing_can_be_on_its_way(world: World) -> None:
    leave(world, person("p1"))
    waits: list[tuple[float, int]] = []
    arrival = world.clock.seconds + SETTLE_S - 60
    world.clock.due.append((arrival, lambda: world.xero.add(CONTACT, {"ContactNumber": "zx-p1"}) and None))
    recovery = start(world, on_wait=lambda seconds, count: waits.append((seconds, count)))
    assert waits == [(SETTLE_S, 1)] and recovery.waited_s >= SETTLE_S
    assert [item.outcome for item in recovery.settled] == ["adopted"]
    assert world.state().link(PEOPLE, "p1") is not None


def test_a_process_that_began_long_ago_does_not_wait_again(world: World) -> None:
    leave(world, person("p1"))
    assert start(world, started=world.clock.seconds - SETTLE_S).waited_s == 0


def test_waiting_can_be_stopped_and_leaves_the_doubt(world: World) -> None:
    leave(world, person("p1"))
    recovery = start(world, stop_requested=lambda: world.clock.seconds > 1100)
    assert recovery.open == 1 and world.xero.finds == 0
    assert len(world.open()[0].doubts()) == 1


def test_an_update_in_doubt_is_left_to_the_next_plan_after_settling(world: World) -> None:
    leave(world, intent("i1", operation="update", target_id="x1", marker=None))
    recovery = start(world)
    assert [item.outcome for item in recovery.settled] == ["absent"] and recovery.waited_s >= SETTLE_S
    assert world.open()[0].doubts() == [] and world.state().links == {}


def test_two_records_under_one_marker_hold_the_record_until_one_is_gone(world: World) -> None:
    for _ in range(2):
        world.xero.add(CONTACT, {"ContactNumber": "zx-p1", "ContactStatus": "ACTIVE"})
    leave(world, person("p1"))
    recovery = start(world)
    assert recovery.open == 1 and "remove all but one" in recovery.settled[0].message
    second = world.xero.records[CONTACT]["c2"]
    world.xero.change(CONTACT, {"ContactID": second.id, "ContactStatus": "ARCHIVED"})
    assert [item.target_id for item in start(world).settled] == ["c1"]


def test_a_record_linked_elsewhere_is_not_taken(world: World) -> None:
    there = world.xero.add(INVOICE, {"InvoiceNumber": "INV-i1"})
    world.open()[1].save({(INVOICES, "i0"): Link(there.id)})
    leave(world, intent("i1"))
    assert [item.outcome for item in start(world).settled] == ["conflict"]
    assert world.state().link(INVOICES, "i1") is None


def test_a_create_without_a_marker_is_for_a_person_and_nobody_waits_for_it(world: World) -> None:
    leave(world, intent("i1", marker=None, enforced=False))
    recovery = start(world)
    assert recovery.open == 1 and recovery.waited_s == 0 and "by hand" in recovery.settled[0].message


def test_a_question_that_fails_leaves_the_doubt_open(world: World) -> None:
    def unreachable(*_: Any) -> Any:
        raise NotReached(XERO, "no route")

    leave(world, intent("i1"))
    world.xero.find = unreachable  # type: ignore[method-assign]
    recovery = start(world)
    assert recovery.open == 1 and isinstance(recovery.failure, NotReached)
    assert len(world.open()[0].doubts()) == 1
