"""Every record gets one outcome; nothing is guessed, nothing of a person's is overwritten."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from tests.unit.plan.world import (
    ACCOUNTS,
    CONTACT,
    CONTACT_ENTITY,
    INVOICE,
    INVOICE_ENTITY,
    INVOICES,
    World,
    add_invoice,
    catalogue,
    shop,
)
from zx.compile.program import Never
from zx.plan.action import Action, After, Outcome, Plan
from zx.plan.planner import make_plan


def action(plan: Plan, id: str) -> Action:
    return next(action for action in plan.actions if action.id == id)


def sent(world: World) -> World:
    """The world after its plan was carried out to the letter."""
    for act in make_plan(world.inputs()).actions:
        if act.outcome is not Outcome.CREATE:
            continue
        target = f"x-{act.source.id}"
        base = {**act.base}
        payload: dict[str, Any] = dict(act.payload)
        if act.map == "invoices":
            contact = payload["Contact"]["ContactID"]
            if isinstance(contact, After):
                contact = "x-" + contact.action.split(":")[1]
                base["Contact"] = world.inputs().digest(contact)
            lines = [{"LineItemID": f"l{n}", **line} for n, line in enumerate(payload["LineItems"])]
            payload = {**payload, "Contact": {"ContactID": contact}, "LineItems": lines, "Total": D("110.00")}
            world.add(INVOICE, target, InvoiceID=target, **payload).link(
                INVOICE_ENTITY, str(act.source.id), target, base
            )
        else:
            world.add(CONTACT, target, ContactID=target, ContactStatus="ACTIVE", **payload)
            world.link(CONTACT_ENTITY, str(act.source.id), target, base)
    return world


def change(world: World, kind: Any, id: str, **values: Any) -> World:
    record = world.records[kind][id]
    world.records[kind][id] = replace(record, values={**record.values, **values})
    return world


def test_contacts_go_first_and_only_needed_ones() -> None:
    world = shop(2).add(ACCOUNTS, "9", id="9", Account_Name="Nobody asks")
    plan = make_plan(world.inputs())
    assert [act.id for act in plan.actions if act.writes] == ["organisations:1", "invoices:101", "invoices:102"]
    assert action(plan, "invoices:101").after == ("organisations:1",)
    assert action(plan, "invoices:101").payload["Contact"] == {"ContactID": After("organisations:1")}
    assert action(plan, "organisations:9").reason == "not needed"
    assert plan.counts["create"] == 3 and plan.counts["skip"] == 1 and plan.verdict == "ready"


def test_each_record_read_is_counted_once() -> None:
    plan = make_plan(shop(3).inputs())
    for counts in plan.by_map.values():
        assert counts["read"] == sum(count for outcome, count in counts.items() if outcome != "read")
    assert sum(plan.counts.values()) == 4


def test_every_change_names_its_rule_and_totals_are_equal() -> None:
    create = action(make_plan(shop().inputs()), "invoices:101")
    assert create.totals is not None and create.totals.difference == 0
    assert {change.field: change.rule for change in create.changes}["LineItems[0].UnitAmount"] == "rules/i.zx:32"
    assert all(change.rule for change in create.changes)


def test_the_plan_does_not_depend_on_the_order_of_reading() -> None:
    world = shop(3)
    turned = World(records={kind: dict(reversed(rows.items())) for kind, rows in world.records.items()})
    assert make_plan(world.inputs()).digest == make_plan(turned.inputs()).digest


def test_after_sending_all_is_unchanged() -> None:
    plan = make_plan(sent(shop(2)).inputs())
    assert {act.outcome for act in plan.actions} == {Outcome.UNCHANGED}
    assert plan.verdict == "unchanged" and plan.totals[0].reconciles


def test_two_contacts_of_one_name_are_a_question_that_blocks_the_invoice() -> None:
    world = shop(2)
    for id, name in (("c1", "Quay"), ("c2", "QUAY ")):
        world.add(CONTACT, id, ContactID=id, Name=name, ContactStatus="ACTIVE")
    plan = make_plan(world.inputs())
    assert {act.outcome for act in plan.actions} == {Outcome.BLOCK}
    (finding,) = plan.findings
    assert (finding.code, finding.documents, finding.amounts) == ("R907", 2, {"AUD": D("220.00")})
    assert plan.verdict == "blocked"


def test_an_archived_contact_is_a_question() -> None:
    world = shop().add(CONTACT, "c1", ContactID="c1", Name="Quay", ContactStatus="ARCHIVED")
    assert action(make_plan(world.inputs()), "organisations:1").problems[0].code == "R907"


def test_one_contact_that_agrees_is_adopted_and_used() -> None:
    world = shop().add(CONTACT, "c1", ContactID="c1", Name=" quay", ContactStatus="ACTIVE")
    plan = make_plan(world.inputs())
    assert action(plan, "organisations:1").outcome is Outcome.ADOPT
    assert action(plan, "invoices:101").payload["Contact"] == {"ContactID": "c1"}


def test_a_contact_that_may_not_be_made_blocks_who_needs_it() -> None:
    world = shop()
    world.contact_never = (Never("create", "contacts are kept in Xero", "rules/c.zx:5", False),)
    plan = make_plan(world.inputs())
    assert action(plan, "invoices:101").outcome is Outcome.BLOCK
    assert "contacts are kept in Xero" in action(plan, "invoices:101").problems[0].message


def test_two_invoices_of_one_number_are_never_both_sent() -> None:
    world = add_invoice(shop(), "205", Invoice_Number="101")
    plan = make_plan(world.inputs())
    assert action(plan, "invoices:101").outcome is Outcome.CREATE
    assert action(plan, "invoices:205").problems[0].code == "R908"


def test_a_number_that_belongs_to_somebody_else_blocks() -> None:
    world = shop().add(CONTACT, "c1", ContactID="c1", Name="Quay", ContactStatus="ACTIVE")
    taken = {"InvoiceID": "i1", "InvoiceNumber": "Z-101", "Status": "AUTHORISED", "Total": D("99.00")}
    world.add(INVOICE, "i1", Contact={"ContactID": "c9", "Name": "Other"}, **taken)
    blocked = action(make_plan(world.inputs()), "invoices:101")
    assert (blocked.outcome, blocked.problems[0].code) == (Outcome.BLOCK, "R908")


def test_our_invoice_without_a_link_is_adopted_not_doubled() -> None:
    world = sent(shop())
    world.links.clear()
    plan = make_plan(world.inputs())
    assert [act.outcome for act in plan.actions] == [Outcome.ADOPT, Outcome.ADOPT]


def test_a_change_in_zoho_is_sent_with_line_ids() -> None:
    world = change(sent(shop()), INVOICES, "101", Purchase_Order="PO 7", lines=[
        {"Description": "Widget", "Quantity": D(4), "LineAmount": D("100.00")}])  # fmt: skip
    update = action(make_plan(world.inputs()), "invoices:101")
    assert update.outcome is Outcome.UPDATE
    assert update.payload["InvoiceID"] == "x-101" and update.payload["LineItems"][0]["LineItemID"] == "l0"
    assert {change.field for change in update.changes} == {
        "Reference",
        "LineItems[0].Quantity",
        "LineItems[0].UnitAmount",
    }
    assert update.payload["Reference"] == "PO 7"


def test_a_change_in_xero_is_reported_and_kept() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Date="2026-03-09")
    kept = action(make_plan(world.inputs()), "invoices:101")
    assert (kept.outcome, kept.problems[0].code) == (Outcome.UNCHANGED, "R910")


def test_a_change_on_both_sides_is_a_conflict() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Date="2026-03-09")
    clash = action(make_plan(change(world, INVOICES, "101", Invoice_Date="2026-03-05").inputs()), "invoices:101")
    assert (clash.outcome, clash.problems[0].code) == (Outcome.CONFLICT, "R909")


def test_approving_in_xero_is_no_drift() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Status="AUTHORISED")
    quiet = action(make_plan(world.inputs()), "invoices:101")
    assert (quiet.outcome, quiet.problems) == (Outcome.UNCHANGED, ())


def test_cancelling_deletes_drafts_voids_approved_and_stops_at_payments() -> None:
    for status, paid, outcome in (
        ("DRAFT", 0, Outcome.DELETE),
        ("AUTHORISED", 0, Outcome.VOID),
        ("AUTHORISED", 5, Outcome.CONFLICT),
        ("VOIDED", 0, Outcome.UNCHANGED),
    ):
        world = change(sent(shop()), INVOICE, "x-101", Status=status, AmountPaid=D(paid))
        change(world, INVOICES, "101", scope="cancel", reason="cancelled in Zoho")
        assert action(make_plan(world.inputs()), "invoices:101").outcome is outcome
    never_sent = change(shop(), INVOICES, "101", scope="cancel", reason="cancelled in Zoho")
    assert action(make_plan(never_sent.inputs()), "invoices:101").outcome is Outcome.SKIP


def test_a_voided_invoice_is_not_made_again() -> None:
    world = change(sent(shop()), INVOICE, "x-101", Status="VOIDED")
    assert action(make_plan(world.inputs()), "invoices:101").problems[0].code == "R915"


def test_a_lock_date_blocks_before_sending() -> None:
    world = shop()
    world.catalogue = catalogue(PeriodLockDate="2026-03-31")
    assert action(make_plan(world.inputs()), "invoices:101").problems[0].code == "R912"


def test_an_archived_account_and_a_foreign_currency_block() -> None:
    world = add_invoice(World().add(ACCOUNTS, "1", id="1", Account_Name="Quay"), "101", Currency="USD")
    assert "USD" in action(make_plan(world.inputs()), "invoices:101").problems[0].message
    line = {"Description": "x", "LineAmount": D(100), "AccountCode": "299"}
    world = add_invoice(shop(), "102", lines=[line])
    assert "archived its account 299" in action(make_plan(world.inputs()), "invoices:102").problems[0].message


def test_a_gap_is_closed_by_a_rounding_line_with_its_reason() -> None:
    world = add_invoice(shop(0), "101", Grand_Total=D("110.02"))
    create = action(make_plan(world.inputs()), "invoices:101")
    assert create.payload["LineItems"][-1] == {
        "Description": "Rounding", "Quantity": D(1), "UnitAmount": D("0.02"), "AccountCode": "860", "TaxType": "NONE",
    }  # fmt: skip
    assert create.changes[-1].rule == "rules/d.zx:4"
    assert create.totals is not None and create.totals.difference == 0


def test_a_gap_may_go_on_the_tax_instead() -> None:
    world = add_invoice(shop(0), "101", Grand_Total=D("109.98"), method="override")
    create = action(make_plan(world.inputs()), "invoices:101")
    assert create.payload["LineItems"][0]["TaxAmount"] == D("9.98")


def test_a_gap_beyond_the_limit_blocks() -> None:
    blocked = action(make_plan(add_invoice(shop(0), "101", Grand_Total=D("111.00")).inputs()), "invoices:101")
    assert (blocked.outcome, blocked.problems[0].code) == (Outcome.BLOCK, "R905")
    assert "Xero would make it 110.00, Zoho says 111.00: 1.00 apart" in blocked.problems[0].message


def test_leaving_scope_is_said_and_nothing_undone() -> None:
    world = change(sent(shop()), INVOICES, "101", scope="out")
    left = action(make_plan(world.inputs()), "invoices:101")
    assert (left.outcome, left.reason) == (Outcome.SKIP, "no longer in scope, still in Xero as Z-101")
    assert left.problems[0].code == "R913"
