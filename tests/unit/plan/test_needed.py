"""``only when needed or …``: records that are sent though no document asks for them."""

from __future__ import annotations

from tests.unit.plan.world import ACCOUNTS, World, shop
from zx.compile.program import Evaluated, Scope
from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.action import Action, Outcome, Plan
from zx.plan.planner import make_plan
from zx.runtime.values import Context

PROBLEM = Problem("R905", "error", "no row", "rules/c.zx:5", cause="no row")


def alone(record: Record, _context: Context) -> Evaluated:
    """In scope by itself as the record's ``alone`` says; out of scope without."""
    scope = Scope(record.values.get("alone", "out"))
    return Evaluated(scope, "left out", "rules/c.zx:5", (PROBLEM,) if scope is Scope.FAIL else ())


def planned(world: World) -> Plan:
    world.unasked = alone
    return make_plan(world.inputs())


def act(plan: Plan, name: str) -> Action:
    return next(action for action in plan.actions if action.id == name)


def test_a_record_of_its_own_accord_is_sent_and_others_wait_to_be_asked_for() -> None:
    world = shop().add(ACCOUNTS, "8", id="8", Account_Name="Own", alone="in")
    plan = planned(world.add(ACCOUNTS, "9", id="9", Account_Name="Nobody asks"))
    assert act(plan, "organisations:8").outcome is Outcome.CREATE
    assert act(plan, "organisations:1").outcome is Outcome.CREATE
    assert act(plan, "organisations:9").reason == "not needed"
    counts = plan.by_map["organisations"]
    assert (counts["read"], counts["create"], counts["skip"]) == (3, 2, 1)


def test_what_cannot_be_answered_blocks_unless_a_document_asks() -> None:
    world = shop().add(ACCOUNTS, "8", id="8", Account_Name="Own", alone="fail")
    world.add(ACCOUNTS, "1", id="1", Account_Name="Quay", alone="fail")
    plan = planned(world)
    assert act(plan, "organisations:8").problems == (PROBLEM,)
    assert act(plan, "organisations:8").outcome is Outcome.BLOCK
    assert act(plan, "organisations:1").outcome is Outcome.CREATE


def test_a_skip_said_while_asking_keeps_its_reason() -> None:
    plan = planned(shop().add(ACCOUNTS, "8", id="8", Account_Name="Own", alone="skip"))
    assert (act(plan, "organisations:8").outcome, act(plan, "organisations:8").reason) == (Outcome.SKIP, "left out")
