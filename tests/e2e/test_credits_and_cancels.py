"""Credit notes, and what becomes of documents that are cancelled in Zoho: from settings and data to what stands in
Xero."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import FREE, Json, Shop, check, invoice, line, shop

D = Decimal
APPROVED = {"unpaid_status": "AUTHORISED"}


def action(plan: Json, number: str, name: str = "invoices") -> Json:
    found = [one for one in plan["actions"] if one["map"] == name and one["source"]["label"] == number]
    return found[0] if found else {"action": "", "reason": None, "problems": []}


def notes(place: Shop) -> dict[str, Json]:
    return {one["CreditNoteNumber"]: one for one in place.dump()["CreditNotes"]}


def invoices(place: Shop) -> dict[str, Json]:
    return {one["InvoiceNumber"]: one for one in place.dump()["Invoices"]}


def paid(place: Shop, number: str, amount: str) -> None:
    """A person records a payment in Xero."""
    payment = {
        "Invoice": {"InvoiceID": invoices(place)[number]["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-03-20",
        "Amount": D(amount),
    }
    place.edit("xero", "Payments", "new", **payment)


def in_xero(place: Shop, number: str, **fields: Any) -> None:
    place.edit("xero", "Invoices", invoices(place)[number]["InvoiceID"], **fields)


def cancelled(place: Shop, id: str = "61001") -> Json:
    place.edit("zoho", "Invoices", id, Status="Cancelled")
    plan = place.preview()
    check(plan)
    return plan


def test_an_invoice_below_zero_is_a_credit_note_to_the_cent(tmp_path: Path) -> None:
    back = invoice(
        "1002", [line("-50.00", "-1"), line("-28.00", "-7", FREE), line("3.33", "3")],
        Discount=D("5.00"), Adjustment=D("-0.02"),
    )  # fmt: skip
    assert back["Grand_Total"] == D("-84.36")
    place = shop(tmp_path, invoice("1001", [line("100.00")]), back, settings={**APPROVED, "prefix": "AU-"})
    plan = place.preview()
    check(plan)
    note = action(plan, "1002", "credit_notes")
    assert note["totals"] == {"currency": "AUD", "source": "-84.36", "target": "84.36", "difference": "0.00"}
    assert action(plan, "1002")["reason"] == "below zero: sent as a credit note"
    (total,) = plan["totals"]
    assert (total["in_scope"], total["ready"], total["skipped"]) == ("25.64", "25.64", "0.00")
    assert plan["counts"]["create"] == 4 and plan["counts"]["skip"] == 0
    sent = place.sent()
    assert set(sent) == {"AU-1001"}
    made = notes(place)["AU-1002"]
    assert (made["Type"], made["Status"], made["Total"]) == ("ACCRECCREDIT", "AUTHORISED", D("84.36"))
    assert made["RemainingCredit"] == D("84.36") and made["Contact"]["Name"] == "Quayside Ceramics"
    assert all(one["Quantity"] > 0 for one in made["LineItems"])


def test_stock_that_comes_back_is_not_asked_for(tmp_path: Path) -> None:
    item = {"ItemID": "11111111-1111-4111-8111-111111111111", "Code": "W-1", "Name": "Widget",
            "IsTrackedAsInventory": True, "InventoryAssetAccountCode": "630", "QuantityOnHand": D("0"),
            "PurchaseDetails": {"COGSAccountCode": "310"}}  # fmt: skip
    place = shop(tmp_path, invoice("1002", [line("-50.00", "-2")]), xero={"Items": [item]}, settings=APPROVED)
    assert action(place.preview(), "1002", "credit_notes")["action"] == "create"


def test_with_credit_notes_off_an_invoice_below_zero_is_blocked(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1002", [line("-50.00")]), settings={"credit_notes": False})
    plan = place.preview()
    assert action(plan, "1002")["reason"] == "an invoice below zero must be a credit note: switch credit_notes on"
    assert "credit_notes" not in plan["by_map"] and plan["counts"]["block"] == 1


def test_a_paid_invoice_that_is_cancelled_is_credited(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings={**APPROVED, "prefix": "AU-"})
    place.push()
    paid(place, "AU-1001", "110.00")
    plan = cancelled(place)
    assert action(plan, "1001")["reason"] == "paid, then cancelled: credited, not voided"
    assert not plan["findings"] and plan["verdict"] == "ready"
    note = action(plan, "1001", "credit_notes")
    assert (note["action"], note["target"]["label"]) == ("create", "CAU-1001") and "then" not in note
    place.sent()
    made, old = notes(place)["CAU-1001"], invoices(place)["AU-1001"]
    assert (made["Status"], made["Total"], made["RemainingCredit"]) == ("AUTHORISED", D("110.00"), D("110.00"))
    assert made["Reference"] == "AU-1001" and made["Contact"] == old["Contact"]
    assert (old["Status"], old["AmountPaid"]) == ("PAID", D("110.00"))


def test_a_part_paid_invoice_is_credited_and_the_rest_set_off(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings=APPROVED)
    place.push()
    paid(place, "1001", "40.00")
    note = action(cancelled(place), "1001", "credit_notes")
    invoice_id = invoices(place)["1001"]["InvoiceID"]
    assert note["then"] == [
        {
            "CreditNoteID": {"after": "credit_notes:61001"},
            "Allocations": [{"Amount": "70.00", "Date": "2026-03-10", "Invoice": {"InvoiceID": invoice_id}}],
        }
    ]
    assert [one["to"] for one in note["changes"] if one["field"] == "Allocations"] == ["70.00 to 1001"]
    place.sent()
    made, old = notes(place)["C1001"], invoices(place)["1001"]
    assert (made["Status"], made["Total"], made["RemainingCredit"]) == ("AUTHORISED", D("110.00"), D("40.00"))
    assert (old["Status"], old["AmountDue"], old["AmountCredited"]) == ("PAID", D("0.00"), D("70.00"))


def test_a_refund_that_waits_for_approval_is_set_off_when_it_is_approved(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings={**APPROVED, "paid_status": "DRAFT"})
    place.push()
    paid(place, "1001", "40.00")
    cancelled(place)
    place.push()
    assert (notes(place)["C1001"]["Status"], invoices(place)["1001"]["AmountDue"]) == ("DRAFT", D("70.00"))
    place.edit("xero", "CreditNotes", notes(place)["C1001"]["CreditNoteID"], Status="AUTHORISED")
    assert action(place.preview(), "1001", "credit_notes")["action"] == "update"
    place.sent()
    assert invoices(place)["1001"]["AmountDue"] == D("0.00")


def test_what_turns_below_zero_after_it_was_sent_is_said(tmp_path: Path) -> None:
    """Both stand in Xero now, and only a person can say what becomes of the first."""
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings=APPROVED)
    place.push()
    rows = [{**place.dump("zoho")["Invoices"][0]["Invoiced_Items"][0], "List_Price": D("-20.00")}]
    place.edit("zoho", "Invoices", "61001", Invoiced_Items=rows)
    plan = place.preview()
    assert action(plan, "1001", "credit_notes")["totals"]["source"] == "-22.00"
    assert action(plan, "1001")["reason"] == "below zero: sent as a credit note, still in Xero as 1001"
    assert [one["code"] for one in plan["findings"]] == ["R913"]


def test_a_credit_note_that_is_cancelled_itself(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1002", [line("-50.00")]), settings=APPROVED)
    place.push()
    assert action(cancelled(place, "61002"), "1002", "credit_notes")["action"] == "void"
    place.sent()
    assert notes(place)["1002"]["Status"] == "VOIDED"


@pytest.mark.parametrize(("status", "outcome", "after"), [
    ("DRAFT", "delete", "DELETED"), ("SUBMITTED", "delete", "DELETED"), ("AUTHORISED", "void", "VOIDED")
])  # fmt: skip
def test_cancelling_undoes_what_nobody_touched(tmp_path: Path, status: str, outcome: str, after: str) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings={"unpaid_status": status})
    place.push()
    found = action(cancelled(place), "1001")
    assert (found["action"], found["reason"]) == (outcome, "cancelled in Zoho")
    place.sent()
    assert invoices(place)["1001"]["Status"] == after
    assert place.preview()["counts"]["unchanged"] >= 1


def test_what_was_never_sent_has_nothing_to_cancel(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")], Status="Cancelled"))
    plan = place.preview()
    assert (action(plan, "1001")["action"], action(plan, "1001")["reason"]) == ("skip", "cancelled in Zoho")
    assert plan["verdict"] == "unchanged"


def test_what_a_person_approved_is_still_cancelled(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]))
    place.push()
    in_xero(place, "1001", Status="AUTHORISED")
    assert action(cancelled(place), "1001")["action"] == "void"
    place.sent()
    assert invoices(place)["1001"]["Status"] == "VOIDED"


def test_what_a_person_changed_is_not_cancelled_behind_them(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")], Purchase_Order="PO 1"), invoice("1002", [line("1.00")]))
    place.push()
    in_xero(place, "1001", Reference="agreed by telephone")
    lines = [{**invoices(place)["1002"]["LineItems"][0], "Description": "Widget, blue"}]
    in_xero(place, "1002", LineItems=lines)
    cancelled(place)
    plan = cancelled(place, "61002")
    for number, field in (("1001", "Reference"), ("1002", "LineItems")):
        found = action(plan, number)
        assert found["action"] == "conflict"
        assert (
            found["reason"]
            == f"cancelled in Zoho, but a person changed {field} of {number} in Xero: it was not deleted"
        )
        assert "leave it as it is" in found["problems"][0]["help"]
    place.push()
    assert {one["Status"] for one in invoices(place).values()} == {"DRAFT"}


def test_without_credit_notes_a_paid_one_is_a_conflict_with_its_answers(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings={**APPROVED, "credit_notes": False})
    place.push()
    paid(place, "1001", "10.00")
    found = action(cancelled(place), "1001")
    assert found["action"] == "conflict"
    assert found["reason"] == "cancelled in Zoho, but 1001 has payments in Xero: it was not voided"
    help = found["problems"][0]["help"]
    assert "take that back in Xero" in help and "credit note" in help and "zx review" in help
    assert found["problems"][0]["fix"] == 'invoices "61001" stays out because "left as it is in Xero"'
    place.push()
    assert invoices(place)["1001"]["Status"] == "AUTHORISED"


def test_behind_a_lock_date_nothing_is_cancelled(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("100.00")]), settings=APPROVED)
    place.push()
    place.edit("xero", "Organisation", place.dump()["Organisation"][0]["OrganisationID"], PeriodLockDate="2026-03-31")
    found = action(cancelled(place), "1001")
    assert (found["action"], found["problems"][0]["code"]) == ("block", "R912")
    assert "move the lock date" in found["problems"][0]["help"]


def test_zero_totals_and_xeros_own_numbers(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1001", [line("0.00")]),
        invoice("1002", [line("5.00"), line("-5.00")]),
        invoice("1003", [line("10.00")]),
        settings={**APPROVED, "zero_total": "skip", "auto_number": True, "prefix": "AU-"},
    )
    plan = place.preview()
    assert [action(plan, number)["reason"] for number in ("1001", "1002", "1003")] == ["nothing to pay"] * 2 + [None]
    assert {number: (one["Reference"], one["Total"]) for number, one in place.sent().items()} == {
        "INV-0001": ("AU-1003", D("11.00"))
    }
    place.set(zero_total="send")
    sent = place.sent()
    assert sorted(one["Total"] for one in sent.values()) == [D("0.00"), D("0.00"), D("11.00")]
    assert sorted(one["Status"] for one in sent.values()) == ["AUTHORISED", "PAID", "PAID"]
    # Cancelled, though "paid": nothing was ever paid.
    assert action(cancelled(place, "61001"), "1001")["action"] == "void"
    place.sent()
