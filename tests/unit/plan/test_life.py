"""Documents after their first send: what changed where decides, and no figure is claimed that Xero will not show."""

from decimal import Decimal as D
from typing import Any

from tests.unit.plan.test_planner import action, change, sent
from tests.unit.plan.world import CONTACT_ENTITY, INVOICE, INVOICE_ENTITY, INVOICES, World, add_invoice, catalogue, shop
from zx.plan.action import Outcome
from zx.plan.planner import make_plan

A = {"Description": "Apples", "Quantity": D(1), "LineAmount": D("10.00")}
B = {"Description": "Bread", "Quantity": D(1), "LineAmount": D("20.00")}
C = {"Description": "Cheese", "Quantity": D(1), "LineAmount": D("30.00")}


def of_lines(*lines: dict[str, Any], total: str) -> World:
    """One invoice of these lines, sent."""
    world = sent(add_invoice(shop(0), "101", lines=list(lines), Grand_Total=D(total)))
    return change(world, INVOICE, "x-101", Total=D(total))


def in_xero(world: World, total: str) -> World:
    """A person changed the price of the first line in Xero."""
    lines = [dict(line) for line in world.records[INVOICE]["x-101"].values["LineItems"]]
    lines[0]["UnitAmount"] = D("99.00")
    return change(world, INVOICE, "x-101", LineItems=lines, Total=D(total))


def test_a_line_that_goes_takes_its_own_id_with_it() -> None:
    world = change(of_lines(A, B, C, total="66.00"), INVOICES, "101", lines=[B, C], Grand_Total=D("55.00"))
    update = action(make_plan(world.inputs()), "invoices:101")
    assert [line["LineItemID"] for line in update.payload["LineItems"]] == ["l1", "l2"]
    assert [(one.field, one.before, one.after) for one in update.changes] == [("LineItems[0]", "Apples", None)]


def test_a_line_that_comes_in_the_middle_moves_no_other() -> None:
    world = change(of_lines(A, C, total="44.00"), INVOICES, "101", lines=[A, B, C], Grand_Total=D("66.00"))
    update = action(make_plan(world.inputs()), "invoices:101")
    assert [line.get("LineItemID") for line in update.payload["LineItems"]] == ["l0", None, "l1"]
    assert {one.field.partition(".")[0] for one in update.changes} == {"LineItems[1]"}
    assert all(one.before is None for one in update.changes)


def test_kept_lines_of_another_total_are_said_and_do_not_reconcile() -> None:
    plan = make_plan(in_xero(of_lines(A, B, total="33.00"), "130.90").inputs())
    kept = action(plan, "invoices:101")
    assert (kept.outcome, kept.problems[0].code) == (Outcome.UNCHANGED, "R910")
    assert "130.90 there, 33.00 in Zoho" in kept.problems[0].message
    assert plan.verdict == "blocked" and not plan.totals[0].reconciles


def test_nothing_is_written_on_lines_of_another_total() -> None:
    world = change(in_xero(of_lines(A, B, total="33.00"), "130.90"), INVOICES, "101", Purchase_Order="PO 7")
    clash = action(make_plan(world.inputs()), "invoices:101")
    assert (clash.outcome, clash.problems[0].code, clash.payload) == (Outcome.CONFLICT, "R909", {})
    assert "130.90" in clash.problems[0].message and "Reference" in clash.problems[0].message


def test_a_total_overridden_in_xero_is_said() -> None:
    world = change(of_lines(A, B, total="33.00"), INVOICE, "x-101", Total=D("33.05"))
    plan = make_plan(world.inputs())
    assert "33.05 there" in action(plan, "invoices:101").problems[0].message
    assert [finding.code for finding in plan.findings] == ["R910"]


def test_a_document_without_lines_is_blocked_before_xero_refuses_it() -> None:
    fresh = add_invoice(shop(0), "101", lines=[], Grand_Total=D("0.00"))
    emptied = change(of_lines(A, total="11.00"), INVOICES, "101", lines=[], Grand_Total=D("0.00"))
    for world in (fresh, emptied):
        blocked = action(make_plan(world.inputs()), "invoices:101")
        assert (blocked.outcome, blocked.problems[0].code) == (Outcome.BLOCK, "R916")


def test_what_is_cancelled_on_both_sides_is_money_left_out() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Status="VOIDED")
    change(world, INVOICES, "101", scope="cancel", reason="cancelled in Zoho")
    (totals,) = make_plan(world.inputs()).totals
    assert (totals.in_scope, totals.skipped, totals.ready, totals.reconciles) == (D("110.00"), D("110.00"), 0, True)


def test_what_stands_unchanged_is_not_asked_for_its_fitness_again() -> None:
    world = sent(shop())
    world.catalogue = catalogue()
    del world.catalogue.lists["xero.Account"]["200"]  # type: ignore[attr-defined]
    assert action(make_plan(world.inputs()), "invoices:101").outcome is Outcome.UNCHANGED
    change(world, INVOICES, "101", Purchase_Order="PO 7")
    assert action(make_plan(world.inputs()), "invoices:101").problems[0].code == "R911"


def test_a_document_deleted_in_the_source_is_said_and_left_alone() -> None:
    world = sent(shop(2))
    del world.records[INVOICES]["102"]
    plan = make_plan(world.inputs())
    (finding,) = plan.findings
    assert (finding.code, finding.documents, finding.amounts) == ("R917", 1, {"AUD": D("110.00")})
    assert finding.examples == ("Z-102",) and finding.rule == "rules/i.zx:3"
    assert not any(act.writes for act in plan.actions) and plan.verdict == "unchanged"
    change(world, INVOICE, "x-102", Status="VOIDED")
    assert make_plan(world.inputs()).findings == ()


def test_drifts_of_one_record_are_one_finding() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Date="2026-03-09", CurrencyCode="NZD")
    (finding,) = make_plan(world.inputs()).findings
    assert 'Date "2026-03-09" there, "2026-03-01" by the rules' in finding.message
    assert "CurrencyCode" in finding.message


def test_a_value_that_was_never_agreed_on_differs_and_was_not_changed() -> None:
    world = sent(shop())
    world.links[INVOICE_ENTITY] = {}
    change(world, INVOICE, "x-101", Date="2026-03-09")
    adopted = action(make_plan(world.inputs()), "invoices:101")
    assert adopted.outcome is Outcome.ADOPT and "Date differs in Xero" in adopted.problems[0].message
    assert CONTACT_ENTITY in world.links


def test_a_share_of_a_discount_carries_the_line_of_its_policy() -> None:
    world = add_invoice(shop(0), "101", lines=[A, B], Discount=D("3.00"), Grand_Total=D("30.00"))
    create = action(make_plan(world.inputs()), "invoices:101")
    places = {one.field: one.rule for one in create.changes}
    assert places["LineItems[0].UnitAmount"] == places["LineItems[1].UnitAmount"] == "rules/d.zx:5"
    assert places["LineItems[0].Quantity"] == "rules/i.zx:31"


def test_a_field_that_the_rules_set_from_today_on_fills_what_is_blank() -> None:
    world = sent(shop())
    link = world.links[INVOICE_ENTITY]["101"]
    base = {name: text for name, text in link.base.items() if name != "Reference"}
    world.link(INVOICE_ENTITY, "101", "x-101", base)
    change(world, INVOICES, "101", Purchase_Order="PO 7")
    update = action(make_plan(world.inputs()), "invoices:101")
    assert update.payload == {"InvoiceID": "x-101", "Reference": "PO 7"}
    change(world, INVOICE, "x-101", Reference="the bookkeeper's")
    assert action(make_plan(world.inputs()), "invoices:101").problems[0].code == "R910"


def test_an_adopted_difference_stays_and_a_later_change_asks() -> None:
    world = sent(shop())
    world.links[INVOICE_ENTITY] = {}
    change(world, INVOICE, "x-101", Date="2026-03-09")
    adopted = action(make_plan(world.inputs()), "invoices:101")
    world.link(INVOICE_ENTITY, "101", "x-101", adopted.base)
    assert action(make_plan(world.inputs()), "invoices:101").outcome is Outcome.UNCHANGED
    change(world, INVOICES, "101", Invoice_Date="2026-03-05")
    assert action(make_plan(world.inputs()), "invoices:101").outcome is Outcome.CONFLICT


def test_rules_that_add_a_line_or_drop_a_tax_override_meet_no_conflict() -> None:
    text = {"Description": "Customer: Quay", "Quantity": None, "LineAmount": None}
    rounded = sent(add_invoice(shop(0), "101", Grand_Total=D("110.02")))
    change(rounded, INVOICE, "x-101", Total=D("110.02"))
    line = rounded.records[INVOICES]["101"].values["lines"][0]
    change(rounded, INVOICES, "101", lines=[line, {k: v for k, v in text.items() if v is not None}])
    assert action(make_plan(rounded.inputs()), "invoices:101").outcome is Outcome.UPDATE
    taxed = sent(add_invoice(shop(0), "101", Grand_Total=D("109.98"), method="override"))
    change(taxed, INVOICE, "x-101", Total=D("109.98"))
    change(taxed, INVOICES, "101", method="rounding")
    assert action(make_plan(taxed.inputs()), "invoices:101").outcome is Outcome.UPDATE


def test_one_cause_of_many_records_is_said_once_and_of_none_in_particular() -> None:
    world = sent(shop(2))
    for number in ("101", "102"):
        change(world, INVOICES, number, scope="out")
    (finding,) = make_plan(world.inputs()).findings
    assert (finding.message, finding.documents) == ("no longer in scope, still in Xero", 2)
