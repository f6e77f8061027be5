"""What becomes of a record about which a person has answered in decisions.zx."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from tests.unit.plan.test_planner import action, change, sent
from tests.unit.plan.world import ACCOUNTS, CONTACT, INVOICE, INVOICE_ENTITY, INVOICES, World, add_invoice, shop
from zx.model.decision import Answer, Decisions, Question, Verdict
from zx.plan.action import Action, Outcome
from zx.plan.answered import CARRIED_OUT
from zx.plan.planner import make_plan


def answered(world: World, *answers: Answer) -> World:
    world.decisions = Decisions(answers)
    return world


def says(map: str, record: str, verdict: Verdict, **more: Any) -> Answer:
    return Answer(map, record, verdict, "so it is", place="decisions.zx:2", **more)


def taken(act: Action) -> Question:
    (question,) = act.problems[0].questions
    return question


def choice(act: Action, verdict: Verdict, side: str = "") -> Answer:
    found = [one.answer for one in taken(act).choices if one.answer.verdict is verdict and one.answer.side == side]
    return found[0]


def two_contacts() -> World:
    world = shop(2)
    for id, name in (("c1", "Quay"), ("c2", "QUAY ")):
        world.add(CONTACT, id, ContactID=id, Name=name, ContactStatus="ACTIVE")
    return world


def outcomes(world: World) -> dict[str, Outcome]:
    return {act.id: act.outcome for act in make_plan(world.inputs()).actions}


# --- which record it is -----------------------------------------------------------------------------------------------


def test_a_question_offers_each_answer_as_a_line_and_each_line_settles_it() -> None:
    plan = make_plan(two_contacts().inputs())
    question = taken(action(plan, "organisations:1"))
    lines = [one.answer.line for one in question.choices]
    assert lines == [
        'organisations "1" is "c1" because "it is the same"',
        'organisations "1" is "c2" because "it is the same"',
        'organisations "1" is new as "Quay (2)" because "it is another one"',
    ]
    (finding,) = plan.findings
    assert finding.fix == lines[0] and finding.questions == (question,)
    for one in question.choices:
        plan = make_plan(answered(two_contacts(), one.answer).inputs())
        assert plan.verdict == "ready", one.answer.line


def test_the_record_a_person_named_is_adopted_and_used() -> None:
    world = answered(two_contacts(), says("organisations", "1", Verdict.SAME, target="c2"))
    plan = make_plan(world.inputs())
    adopted = action(plan, "organisations:1")
    assert (adopted.outcome, adopted.target.id) == (Outcome.ADOPT, "c2")
    assert adopted.reason == "the same record: so it is (decisions.zx:2)"
    assert action(plan, "invoices:101").payload["Contact"] == {"ContactID": "c2"}


def test_nobody_else_takes_what_a_person_gave_away() -> None:
    """Zoho account 2 has the very name of the contact that account 1 was said to be."""
    world = shop().add(CONTACT, "c1", ContactID="c1", Name="Harbour", ContactStatus="ACTIVE")
    world.add(ACCOUNTS, "2", id="2", Account_Name="Harbour")
    add_invoice(world, "102", account="2")
    plan = make_plan(answered(world, says("organisations", "1", Verdict.SAME, target="c1")).inputs())
    assert action(plan, "organisations:1").outcome is Outcome.ADOPT
    other = action(plan, "organisations:2")
    assert (other.outcome, other.problems[0].code) == (Outcome.BLOCK, "R908")
    assert other.problems[0].fix == 'organisations "2" is new as "Harbour (2)" because "two of one name"'


def test_an_answer_that_names_nobody_blocks_and_says_where_it_stands() -> None:
    world = answered(two_contacts(), says("organisations", "1", Verdict.SAME, target="c9"))
    plan = make_plan(world.inputs())
    blocked = action(plan, "organisations:1").problems[0]
    assert (blocked.code, blocked.rule) == ("R907", "decisions.zx:2") and "c9, which is not there" in blocked.message
    assert [one.code for one in plan.findings if one.severity == "warning"] == ["W0805"]


def test_two_of_one_name_become_two_contacts() -> None:
    world = add_invoice(shop().add(ACCOUNTS, "2", id="2", Account_Name="Quay"), "102", account="2")
    plan = make_plan(world.inputs())
    answer = choice(action(plan, "organisations:2"), Verdict.NEW)
    assert answer.line == 'organisations "2" is new as "Quay (2)" because "two of one name"'
    plan = make_plan(answered(world, says("organisations", "2", Verdict.NEW, name="Quay North")).inputs())
    made = action(plan, "organisations:2")
    assert (made.outcome, made.payload["Name"]) == (Outcome.CREATE, "Quay North")
    assert {one.field: (one.rule, one.row) for one in made.changes}["Name"] == ("rules/c.zx:4", "decisions.zx:2")
    assert plan.verdict == "ready"
    assert set(outcomes(sent(world)).values()) == {Outcome.UNCHANGED}


def test_a_new_one_whose_name_is_taken_needs_another() -> None:
    plan = make_plan(answered(two_contacts(), says("organisations", "1", Verdict.NEW)).inputs())
    blocked = action(plan, "organisations:1")
    assert 'cannot be called "Quay": Name is taken by another (c1)' in blocked.problems[0].message
    assert taken(blocked).replaces == "decisions.zx:2"


def test_an_archived_contact_is_made_anew_with_a_marker_of_its_own() -> None:
    world = shop().add(CONTACT, "c1", ContactID="c1", Name="Quay", ContactStatus="ARCHIVED", ContactNumber="zx-1")
    answer = choice(action(make_plan(world.inputs()), "organisations:1"), Verdict.NEW)
    made = action(make_plan(answered(world, answer).inputs()), "organisations:1")
    assert (made.outcome, made.marker) == (Outcome.CREATE, ("ContactNumber", "zx-1-2"))
    # Its link lost, the living one is found by its marker, whatever the answer says.
    world.add(CONTACT, "c2", ContactID="c2", Name="Quay", ContactStatus="ACTIVE", ContactNumber="zx-1-2")
    found = action(make_plan(world.inputs()), "organisations:1")
    assert (found.outcome, found.target.id) == (Outcome.ADOPT, "c2")


# --- what is gone -----------------------------------------------------------------------------------------------------


def voided() -> World:
    return change(sent(shop()), INVOICE, "x-101", Status="VOIDED")


def test_an_invoice_voided_in_xero_stays_out_when_told_so() -> None:
    plan = make_plan(voided().inputs())
    gone = action(plan, "invoices:101")
    assert (gone.outcome, gone.problems[0].fix) == (
        Outcome.CONFLICT,
        'invoices "101" stays out because "voided in Xero on purpose"',
    )
    plan = make_plan(answered(voided(), choice(gone, Verdict.OUT)).inputs())
    out = action(plan, "invoices:101")
    assert (out.outcome, out.problems) == (Outcome.SKIP, ())
    assert out.reason == "stays out: voided in Xero on purpose"
    assert plan.verdict == "unchanged" and plan.totals[0].reconciles


def test_an_invoice_voided_in_xero_is_made_anew_once() -> None:
    world = voided()
    again = replace(choice(action(make_plan(world.inputs()), "invoices:101"), Verdict.NEW), place="decisions.zx:2")
    assert again.name == "Z-101-1"
    plan = make_plan(answered(world, again).inputs())
    made = action(plan, "invoices:101")
    assert (made.outcome, made.payload["InvoiceNumber"], made.prior) == (Outcome.CREATE, "Z-101-1", None)
    assert CARRIED_OUT in made.base
    payload = {**made.payload, "Total": D("110.00")}
    world.add(INVOICE, "x-102", **payload).link(INVOICE_ENTITY, "101", "x-102", made.base)
    assert outcomes(world)["invoices:101"] is Outcome.UNCHANGED
    lost = action(make_plan(change(world, INVOICE, "x-102", Status="VOIDED").inputs()), "invoices:101")
    assert lost.outcome is Outcome.CONFLICT and "it replaces decisions.zx:2" in lost.problems[0].help


def test_a_new_invoice_under_a_dead_number_is_not_tried() -> None:
    plan = make_plan(answered(voided(), says("invoices", "101", Verdict.NEW)).inputs())
    blocked = action(plan, "invoices:101")
    assert blocked.problems[0].fix == 'invoices "101" is new as "Z-101-1" because "two of one name"'


def test_what_stays_out_is_never_asked_about() -> None:
    world = answered(two_contacts(), *(says("invoices", id, Verdict.OUT) for id in ("101", "102")))
    plan = make_plan(world.inputs())
    assert plan.findings == () and plan.verdict == "unchanged"
    assert action(plan, "organisations:1").reason == "not needed"


def test_a_living_document_is_not_let_go_by_an_answer() -> None:
    world = sent(shop()).add(INVOICE, "x-9", InvoiceID="x-9", InvoiceNumber="other", Status="DRAFT")
    for answer in (says("invoices", "101", Verdict.SAME, target="x-9"), says("invoices", "101", Verdict.NEW)):
        assert outcomes(answered(world, answer))["invoices:101"] is Outcome.UNCHANGED


# --- whose value counts -----------------------------------------------------------------------------------------------


def clash() -> World:
    world = sent(add_invoice(shop(0), "101", Purchase_Order="PO 1"))
    world = change(world, INVOICES, "101", Purchase_Order="PO 2")
    return change(world, INVOICE, "x-101", Reference="by telephone")


def test_a_clash_shows_both_sides_and_either_may_win() -> None:
    both = action(make_plan(clash().inputs()), "invoices:101")
    question = taken(both)
    assert question.choices[0].sides == (("Reference", '"PO 2"', '"by telephone"'),)
    theirs, ours = choice(both, Verdict.KEEPS, "xero"), choice(both, Verdict.KEEPS, "zoho")
    assert both.problems[0].fix == theirs.line
    kept = action(make_plan(answered(clash(), theirs).inputs()), "invoices:101")
    assert (kept.outcome, kept.problems) == (Outcome.UNCHANGED, ())
    written = action(make_plan(answered(clash(), ours).inputs()), "invoices:101")
    assert (written.outcome, written.payload["Reference"]) == (Outcome.UPDATE, "PO 2")


def test_an_answer_dies_with_the_values_it_was_given_for() -> None:
    theirs = choice(action(make_plan(clash().inputs()), "invoices:101"), Verdict.KEEPS, "xero")
    world = change(answered(clash(), theirs), INVOICES, "101", Purchase_Order="PO 3")
    again = action(make_plan(world.inputs()), "invoices:101")
    assert (again.outcome, [one.code for one in again.problems]) == (Outcome.CONFLICT, ["R909", "W0802"])
    assert 'now "PO 3" in Zoho, "by telephone" in Xero' in again.problems[1].message


def test_a_reported_drift_is_silenced_or_written_back() -> None:
    world = change(sent(add_invoice(shop(0), "101", Purchase_Order="PO 1")), INVOICE, "x-101", Reference="ours")
    drift = action(make_plan(world.inputs()), "invoices:101")
    assert drift.problems[0].code == "R910"
    kept = action(make_plan(answered(world, choice(drift, Verdict.KEEPS, "xero")).inputs()), "invoices:101")
    assert (kept.outcome, kept.problems) == (Outcome.UNCHANGED, ())
    back = action(make_plan(answered(world, choice(drift, Verdict.KEEPS, "zoho")).inputs()), "invoices:101")
    assert (back.outcome, back.payload["Reference"]) == (Outcome.UPDATE, "PO 1")


def test_lines_kept_at_another_total_count_as_skipped() -> None:
    world = sent(shop())
    lines = [{**world.records[INVOICE]["x-101"].values["LineItems"][0], "UnitAmount": D("60.00")}]
    world = change(world, INVOICE, "x-101", LineItems=lines, Total=D("132.00"))
    theirs = choice(action(make_plan(world.inputs()), "invoices:101"), Verdict.KEEPS, "xero")
    plan = make_plan(answered(world, theirs).inputs())
    kept = action(plan, "invoices:101")
    assert kept.outcome is Outcome.SKIP and "132.00 there, 110.00 by the rules" in (kept.reason or "")
    assert plan.verdict == "unchanged" and plan.totals[0].reconciles


# --- what a plan pins -------------------------------------------------------------------------------------------------


def test_a_plan_pins_what_was_answered_whatever_the_order_and_the_reasons() -> None:
    one, other = says("invoices", "8", Verdict.OUT), says("invoices", "9", Verdict.OUT)

    def digest(*answers: Answer) -> str:
        return make_plan(answered(shop(), *answers).inputs()).digest

    assert digest(one, other) == digest(other, one)
    assert digest(one) == digest(Answer("invoices", "8", Verdict.OUT, "another reason"))
    assert digest() != digest(one) != digest(one, other)
