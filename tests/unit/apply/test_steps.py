"""Actions of several writes: one after the other, and never lost in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from apply_world import INVOICE, INVOICES, XERO, FakeXero, World, invoice, lost_answer, lost_request, plan_of

from zx.model.link import SyncState
from zx.model.record import Kind
from zx.plan.action import Action, After, Outcome, Plan, Step
from zx.ports.remote import NotReached, Result, Unknown, Verdict


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def mark(word: str) -> str:
    """Stands for the digest of a word."""
    return word.lower().encode().hex().ljust(16, "0")[:16]


def walking(source_id: str) -> Action:
    """Made as a draft, then sent, then accepted."""
    action = replace(invoice(source_id, "p", "c1"), base={"Status": mark("draft")})
    who = {"InvoiceID": After(action.id)}
    steps = tuple(Step({**who, "Status": status}, {"Status": mark(status)}) for status in ("SENT", "ACCEPTED"))
    return replace(action, payload={**action.payload, "Status": "DRAFT"}, then=steps)


def status(world: World, source_id: str) -> tuple[object, str | None]:
    """What stands there, and what the link says it is."""
    found = list(world.xero.records[INVOICE].values())
    (record,) = [one for one in found if one.values["InvoiceNumber"] == f"INV-{source_id}"]
    link = world.state().link(INVOICES, source_id)
    said = {mark(word): word for word in ("draft", "sent", "accepted")}
    return record.values["Status"], None if link is None else said[link.base["Status"]]


def test_steps_follow_one_after_the_other_for_many_at_once(world: World) -> None:
    result = world.push(plan_of(walking("1"), walking("2"), invoice("3", "p", "c1")))
    assert [len(bodies) for _, bodies in world.xero.sent] == [3, 2, 2]
    assert result.count("done") == 3 and status(world, "1") == status(world, "2") == ("ACCEPTED", "accepted")
    link = world.state().link(INVOICES, "1")
    assert link is not None and link.generation == 3
    assert result.actions["invoices:1"].total is not None


def test_an_allocation_goes_alone(world: World) -> None:
    def noted(source_id: str) -> Action:
        action = invoice(source_id, "p", "c1")
        return replace(
            action, then=(Step({"InvoiceID": After(action.id), "Allocations": []}, {"Allocations": mark("x")}),)
        )

    world.push(plan_of(noted("1"), noted("2")))
    assert [len(bodies) for _, bodies in world.xero.sent] == [2, 1, 1]


def test_a_refused_step_leaves_the_link_where_the_record_stands(world: World) -> None:
    world.xero.faults = {3: lambda remote, kind, bodies, key: [Result(Verdict.REJECTED, messages=("Not now",))]}
    result = world.push(plan_of(walking("1")))
    ended = result.actions["invoices:1"]
    assert (ended.outcome, ended.messages) == (
        "rejected",
        ("it stands there, but a further step was refused", "Not now"),
    )
    assert ended.target_id == "i1" and status(world, "1") == ("SENT", "sent")


def test_a_push_that_ends_between_steps_says_so(world: World) -> None:
    def away(remote: FakeXero, kind: Kind, bodies: list[dict[str, object]], key: str) -> list[Result]:
        raise NotReached(XERO, "no route")

    world.xero.faults = {2: away}
    result = world.push(plan_of(walking("1")))
    assert result.actions["invoices:1"].outcome == "done" and "next push" in result.actions["invoices:1"].messages[0]
    assert status(world, "1") == ("DRAFT", "draft")


@pytest.mark.parametrize("request_number", [2, 3])
def test_a_step_without_an_answer_is_read_again(world: World, request_number: int) -> None:
    def unanswered(remote: FakeXero, kind: Kind, bodies: list[dict[str, object]], key: str) -> list[Result]:
        for body in bodies:
            remote.change(kind, body)
        raise Unknown(XERO, "the connection was reset")

    world.xero.faults = {request_number: unanswered}
    world.push(plan_of(walking("1")))
    stands, said = status(world, "1")
    assert str(stands).lower() == said and said in ("sent", "accepted")


@pytest.mark.parametrize("fault", [lost_request, lost_answer])
def test_a_first_write_without_an_answer_is_made_once(world: World, fault: object) -> None:
    world.xero.faults = {1: fault}  # type: ignore[dict-item]
    world.push(plan_of(walking("1")))
    stands, said = status(world, "1")
    assert str(stands).lower() == said


class Walks(World):
    """Plans as the planner would: the quote is made, or taken on from where it stands."""

    def wanted(self, state: SyncState) -> Plan:
        link = state.link(INVOICES, "1")
        if link is None:
            return plan_of(walking("1"), state=state)
        (record,) = self.xero.records[INVOICE].values()
        way = ("DRAFT", "SENT", "ACCEPTED")
        left = way[way.index(str(record.values["Status"])) + 1 :]
        if not left:
            return plan_of(state=state)
        first, *rest = (Step({"InvoiceID": record.id, "Status": one}, {"Status": mark(one)}) for one in left)
        action = replace(walking("1"), outcome=Outcome.UPDATE, payload=first.payload, base=dict(first.base))
        target = replace(action.target, id=record.id)
        return plan_of(replace(action, target=target, prior=link, then=tuple(rest), marker=None), state=state)


def test_a_crash_between_steps_is_taken_on_by_the_next_push(tmp_path: Path) -> None:
    crashes = 0
    for crash_at in range(1, 60):
        world = Walks(tmp_path / str(crash_at))
        if world.life(crash_at) is not None:
            break
        crashes += 1
        assert world.life() is not None
        assert status(world, "1")[0] == "ACCEPTED" and len(world.xero.records[INVOICE]) == 1
        final = world.life()
        assert final is not None and not final.actions
    assert crashes > 12
