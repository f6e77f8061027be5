"""A payment in Xero for what Zoho says is paid: whole, once, after its invoice."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

from tests.e2e.shop import Json, Shop, invoice, line, shop

PAYING = {"payments": True, "payment_account": "090"}


def action(place: Shop) -> Json:
    found = [one for one in place.preview()["actions"] if one["map"] == "payments"]
    assert len(found) == 1, found
    return found[0]


def outcomes(report: Json) -> list[tuple[str, str]]:
    return [(one["map"], one["outcome"]) for one in report["actions"] if one.get("outcome")]


def paid(path: Path, **more: Any) -> Shop:
    document = invoice("1", [line("100.00")], Status="Paid", Modified_Time="2026-03-12T09:00:00+11:00")
    return shop(path, document, settings={**PAYING, **more})


def test_a_paid_invoice_is_paid_once(tmp_path: Path) -> None:
    place = paid(tmp_path)
    assert action(place)["reason"] == "its invoice is not sent"
    place.push()
    planned = action(place)
    assert (planned["action"], planned["target"]["label"]) == ("create", "1")
    assert {key: planned["payload"][key] for key in ("Account", "Amount", "Date", "Reference")} == {
        "Account": {"Code": "090"}, "Amount": "110.00", "Date": "2026-03-12", "Reference": "zx-61",
    }  # fmt: skip
    assert outcomes(place.push()) == [("payments", "done")]
    there = place.dump()
    assert [(one["Amount"], one["Account"]["Code"]) for one in there["Payments"]] == [(D("110.00"), "090")]
    assert [(one["Status"], one["AmountDue"]) for one in there["Invoices"]] == [("PAID", D("0.00"))]
    assert outcomes(place.push()) == [] and place.dump() == there
    last = place.preview()
    assert action(place)["reason"] == "already paid in Xero" and not last["findings"] and last["verdict"] == "unchanged"


def test_an_invoice_paid_later_is_approved_and_paid_in_one_push(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("20.00")]), settings=PAYING)
    place.push()
    place.edit("zoho", "Invoices", "61", Status="Paid")
    planned = action(place)
    assert planned["after"] == ["invoices:61"]
    assert outcomes(place.push()) == [("invoices", "done"), ("payments", "done")]
    assert [one["Status"] for one in place.dump()["Invoices"]] == ["PAID"]
    assert outcomes(place.push()) == []


def test_no_account_no_payment(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("20.00")], Status="Paid"), settings={"payments": True})
    place.push()
    planned = action(place)
    assert (planned["action"], planned["reason"]) == ("block", "set payment_account in zx.toml")
    assert outcomes(place.push()) == [] and not place.dump()["Payments"]


def test_an_account_that_takes_no_payments(tmp_path: Path) -> None:
    place = paid(tmp_path, payment_account="200")
    place.push()
    planned = action(place)
    assert planned["action"] == "block" and planned["reason"] == 'the account 200 "Sales" takes no payments in Xero'
    assert "payment_account" in planned["problems"][0]["help"]


def test_part_payments_are_a_persons_to_sort_out(tmp_path: Path) -> None:
    place = paid(tmp_path)
    place.push()
    made = place.dump()["Invoices"][0]
    part = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-03-11", "Amount": 50}
    place.edit("xero", "Payments", "new", **part)
    planned = action(place)
    assert planned["action"] == "conflict"
    assert planned["reason"] == (
        "1 has 60.00 due in Xero, Zoho says 110.00 was paid: 50.00 of it is settled in Xero already"
    )
    assert outcomes(place.push()) == []


def test_a_payment_entered_by_hand_is_no_reason_for_another(tmp_path: Path) -> None:
    place = paid(tmp_path)
    place.push()
    made = place.dump()["Invoices"][0]
    whole = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": D("110.00")}
    place.edit("xero", "Payments", "new", **whole, Date="2026-03-11")
    assert action(place)["reason"] == "already paid in Xero"
    assert outcomes(place.push()) == []


def test_a_payment_removed_in_xero_is_not_made_again(tmp_path: Path) -> None:
    place = paid(tmp_path)
    place.push()
    place.push()
    place.edit("xero", "Payments", place.dump()["Payments"][0]["PaymentID"], Status="DELETED")
    planned = action(place)
    assert planned["action"] == "conflict" and "deleted in Xero, but Zoho still has it" in planned["reason"]
    assert outcomes(place.push()) == []


def test_a_lost_state_finds_the_payment(tmp_path: Path) -> None:
    place = paid(tmp_path)
    place.push()
    place.push()
    there = place.dump()
    for file in (tmp_path / "state").rglob("*.toml"):
        file.unlink()
    place.push()
    place.push()
    assert place.dump() == there


def test_drafts_take_no_payments(tmp_path: Path) -> None:
    place = paid(tmp_path, paid_status="DRAFT")
    place.push()
    assert action(place)["reason"] == "Xero takes payments on authorised invoices only"
