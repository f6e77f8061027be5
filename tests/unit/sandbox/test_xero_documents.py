"""Xero: status moves, batches, uniqueness, payments, contacts, items and what edits may do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zx.sandbox.app import Sandbox

from .conftest import ARCHIVED, CONTACT, Client

ZERO_ID = "00000000-0000-0000-0000-000000000000"


def body(number: str | None = None, status: str = "DRAFT", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Type": "ACCREC",
        "Contact": {"ContactID": CONTACT},
        "Date": "2026-03-02",
        "DueDate": "2026-03-16",
        "Status": status,
        "LineItems": [{"Description": "Work", "Quantity": 2, "UnitAmount": 50, "AccountCode": "200"}],
        **more,
    }
    if number is not None:
        made["InvoiceNumber"] = number
    return made


def put(xero: Client, element: dict[str, Any], kind: str = "Invoices") -> dict[str, Any]:
    made: dict[str, Any] = xero.json("PUT", f"/{kind}", {kind: [element]})[kind][0]
    return made


def post(xero: Client, kind: str = "Invoices", **element: Any) -> dict[str, Any]:
    made: dict[str, Any] = xero.json("POST", f"/{kind}", {kind: [element]})[kind][0]
    return made


def refusal(xero: Client, method: str, element: dict[str, Any], kind: str = "Invoices") -> str:
    refused = xero.json(method, f"/{kind}", {kind: [element]}, status=400)
    assert refused["ErrorNumber"] == 10
    message: str = refused["Elements"][0]["ValidationErrors"][0]["Message"]
    return message


def bank(amount: Any, invoice: dict[str, Any]) -> dict[str, Any]:
    return {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-03-05",
        "Amount": amount,
    }


def test_a_new_draft_takes_its_tax_from_the_account(xero: Client) -> None:
    made = put(xero, body("A-1"))
    assert (made["Status"], made["LineItems"][0]["TaxType"], made["Total"]) == ("DRAFT", "OUTPUT", Decimal("110.00"))
    assert (made["DateString"], made["Date"]) == ("2026-03-02T00:00:00", "/Date(1772409600000+0000)/")
    assert made["Contact"]["Addresses"][1]["AddressType"] == "POBOX"
    assert xero.json("GET", "/Invoices/A-1")["Invoices"][0]["InvoiceID"] == made["InvoiceID"]


def test_a_partly_bad_batch_keeps_the_good_ones(xero: Client) -> None:
    elements = [body("B-1"), body("B-2", LineItems=[]), body("B-3")]
    refused = xero.json("PUT", "/Invoices", {"Invoices": elements}, status=400)
    assert [element["InvoiceNumber"] for element in refused["Elements"]] == ["B-2"]
    assert refused["Elements"][0]["InvoiceID"] == ZERO_ID
    listed = xero.json("GET", "/Invoices?InvoiceNumbers=B-1,B-2,B-3")["Invoices"]
    assert sorted(entry["InvoiceNumber"] for entry in listed) == ["B-1", "B-3"]


def test_without_summarised_errors_every_element_answers_in_order(xero: Client) -> None:
    elements = [body("C-1"), body("C-1"), body("C-2")]
    answer = xero.json("PUT", "/Invoices?summarizeErrors=false", {"Invoices": elements})["Invoices"]
    assert [entry["StatusAttributeString"] for entry in answer] == ["OK", "ERROR", "OK"]
    assert (answer[1]["InvoiceID"], answer[1]["HasErrors"]) == (ZERO_ID, True)
    assert answer[1]["ValidationErrors"] == [{"Message": "Invoice # must be unique."}]


def test_the_number_of_a_dead_invoice_stays_taken(xero: Client) -> None:
    made = put(xero, body("D-1"))
    assert post(xero, InvoiceID=made["InvoiceID"], Status="DELETED")["Status"] == "DELETED"
    assert refusal(xero, "PUT", body("d-1")) == "Invoice # must be unique."
    assert refusal(xero, "POST", body("D-1")) == "Invoice not of valid status for modification"


def test_a_bills_number_is_free(xero: Client) -> None:
    for _ in range(2):
        put(xero, body("BILL-1", Type="ACCPAY", LineItems=[{"Description": "x", "UnitAmount": 1}]))


@pytest.mark.parametrize(
    ("first", "then", "allowed"),
    [
        ("DRAFT", "AUTHORISED", True),
        ("DRAFT", "VOIDED", False),
        ("SUBMITTED", "DRAFT", True),
        ("AUTHORISED", "VOIDED", True),
        ("AUTHORISED", "DRAFT", False),
        ("AUTHORISED", "DELETED", False),
        ("AUTHORISED", "PAID", False),
    ],
)
def test_status_moves(xero: Client, first: str, then: str, allowed: bool) -> None:
    made = put(xero, body(status=first))
    answer = xero.call("POST", f"/Invoices/{made['InvoiceID']}", {"Status": then})
    assert answer.status_code == (200 if allowed else 400)
    assert allowed or "not of valid status for modification" in answer.text


@pytest.mark.parametrize("status", ["PAID", "VOIDED", "DELETED", "VOID"])
def test_no_invoice_starts_at_the_end(xero: Client, status: str) -> None:
    assert refusal(xero, "PUT", body(status=status)) == "Invoice not of valid status for creation"


def test_a_draft_is_lenient_and_an_approved_invoice_is_not(xero: Client) -> None:
    bare = [{"Description": "x", "UnitAmount": 1}]
    assert put(xero, body(LineItems=bare))["Status"] == "DRAFT"
    assert "Account code" in refusal(xero, "PUT", body(status="AUTHORISED", LineItems=bare))
    no_day = body(status="AUTHORISED")
    del no_day["DueDate"]
    assert "Due Date" in refusal(xero, "PUT", no_day)
    post(xero, "Contacts", ContactID=CONTACT, PaymentTerms={"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}})
    assert put(xero, no_day)["DueDateString"] == "2026-04-20T00:00:00"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"AccountCode": "999"}, "Account code '999' is not a valid code for this document."),
        ({"AccountCode": "260"}, "Account code '260' is not a valid code for this document."),
        ({"AccountCode": "090"}, "Account code '090' is not a valid code for this document."),
        ({"TaxType": "GST"}, "The TaxType code 'GST' does not exist or cannot be used with this type of transaction."),
        ({"TaxType": "INPUT"}, "The TaxType code 'INPUT' cannot be used with account code '200'."),
        ({"ItemCode": "NONE"}, "Item code 'NONE' is not valid"),
    ],
)
def test_references_are_checked(xero: Client, line: dict[str, Any], message: str) -> None:
    lines = [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200", **line}]
    assert refusal(xero, "PUT", body(LineItems=lines)) == message


def test_an_item_fills_what_the_line_leaves_out(xero: Client) -> None:
    made = put(xero, body(LineItems=[{"ItemCode": "WID-1", "Quantity": 3, "DiscountRate": 5}]))
    line = made["LineItems"][0]
    assert (line["Description"], line["AccountCode"], line["TaxType"]) == ("A widget", "200", "OUTPUT")
    assert [str(made[key]) for key in ("SubTotal", "TotalTax", "Total", "TotalDiscount")] == [
        *("29.78", "2.98", "32.76", "1.57")
    ]


def test_stock_must_be_there(xero: Client) -> None:
    lines = [{"ItemCode": "STK", "Quantity": 4}]
    assert put(xero, body(LineItems=lines))["Status"] == "DRAFT"
    assert "STK" in refusal(xero, "PUT", body(status="AUTHORISED", LineItems=lines))
    sold = put(xero, body(status="AUTHORISED", LineItems=[{"ItemCode": "STK", "Quantity": 3}]))
    assert xero.json("GET", "/Items/STK")["Items"][0]["QuantityOnHand"] == 0
    post(xero, InvoiceID=sold["InvoiceID"], Status="VOIDED")
    assert xero.json("GET", "/Items/STK")["Items"][0]["QuantityOnHand"] == 3


def test_currency_lock_date_and_contact_are_checked(xero: Client) -> None:
    assert refusal(xero, "PUT", body(CurrencyCode="EUR")) == "Organisation is not subscribed to currency EUR"
    assert put(xero, body(CurrencyCode="USD"))["CurrencyRate"] == Decimal("0.65")
    locked = refusal(xero, "PUT", body(status="AUTHORISED", Date="2025-12-31"))
    assert locked == "The document date cannot be before the period lock date, currently set at 2025-12-31"
    assert "archived" in refusal(xero, "PUT", body(Contact={"ContactID": ARCHIVED}))
    assert "must contain at least 1" in refusal(xero, "PUT", body(Contact={"FirstName": "A"}))
    assert "must be specified" in refusal(xero, "PUT", body(Contact={}))


def test_lines_are_merged_by_their_ids(xero: Client) -> None:
    two = [{"Description": name, "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"} for name in ("one", "two")]
    made = put(xero, body(LineItems=two))
    kept = made["LineItems"][1]["LineItemID"]
    lines = [{"LineItemID": kept, "Quantity": 3}, {"Description": "three", "UnitAmount": 1}]
    changed = post(xero, InvoiceID=made["InvoiceID"], LineItems=lines)
    assert [line["Description"] for line in changed["LineItems"]] == ["two", "three"]
    assert changed["LineItems"][0]["LineItemID"] == kept
    assert changed["SubTotal"] == 31
    assert post(xero, InvoiceID=made["InvoiceID"], Reference="r")["LineItems"] == changed["LineItems"]


def test_payments_move_the_amounts_and_the_status(xero: Client) -> None:
    invoice = put(xero, body("P-1", "AUTHORISED"))
    assert "outstanding" in refusal(xero, "PUT", bank(111, invoice), "Payments")
    first = put(xero, bank(10, invoice), "Payments")
    after = xero.json("GET", "/Invoices/P-1")["Invoices"][0]
    assert (after["AmountDue"], after["AmountPaid"], after["Status"]) == (100, 10, "AUTHORISED")
    assert after["Payments"][0]["PaymentID"] == first["PaymentID"]
    put(xero, bank(100, invoice), "Payments")
    paid = xero.json("GET", "/Invoices/P-1")["Invoices"][0]
    assert (paid["Status"], paid["FullyPaidOnDate"]) == ("PAID", "/Date(1772668800000+0000)/")
    assert paid["UpdatedDateUTC"] > after["UpdatedDateUTC"]
    assert "allocated" in refusal(xero, "POST", {"InvoiceID": paid["InvoiceID"], "Date": "2026-03-03"})
    line = {"LineItemID": paid["LineItems"][0]["LineItemID"], "Description": "Better words"}
    change = {"InvoiceID": paid["InvoiceID"], "Reference": "late", "LineItems": [line]}
    assert post(xero, **change)["Status"] == "PAID"
    line["Quantity"] = 3
    assert "allocated" in refusal(xero, "POST", change)
    xero.json("POST", f"/Payments/{first['PaymentID']}", {"Status": "DELETED"})
    back = xero.json("GET", "/Invoices/P-1")["Invoices"][0]
    assert (back["Status"], back["AmountDue"], "FullyPaidOnDate" in back) == ("AUTHORISED", 10, False)
    assert "allocated" in refusal(xero, "POST", {"InvoiceID": back["InvoiceID"], "Status": "VOIDED"})


def test_a_credit_note_is_allocated(xero: Client) -> None:
    invoice = put(xero, body("CN-INV", "AUTHORISED"))
    note = body(None, "AUTHORISED", Type="ACCRECCREDIT", CreditNoteNumber="CR-1")
    made = put(xero, note, "CreditNotes")
    assert (made["RemainingCredit"], made["CreditNoteNumber"]) == (110, "CR-1")
    allocation = {"Allocations": [{"Amount": 60, "Invoice": {"InvoiceID": invoice["InvoiceID"]}}]}
    xero.json("PUT", f"/CreditNotes/{made['CreditNoteID']}/Allocations", allocation)
    after = xero.json("GET", "/Invoices/CN-INV")["Invoices"][0]
    assert (after["AmountDue"], after["AmountCredited"]) == (50, 60)
    assert xero.json("GET", "/CreditNotes/CR-1")["CreditNotes"][0]["RemainingCredit"] == 50


def test_a_free_invoice_is_paid_at_once(xero: Client) -> None:
    lines = [{"Description": "x", "Quantity": 1, "UnitAmount": 0, "AccountCode": "200"}]
    assert put(xero, body(status="AUTHORISED", LineItems=lines))["Status"] == "PAID"


def test_contact_names_numbers_and_partial_updates(xero: Client) -> None:
    assert "already assigned" in refusal(xero, "PUT", {"Name": "ACME pty ltd"}, "Contacts")
    assert put(xero, {"Name": "old friends", "ContactNumber": "z-1"}, "Contacts")["ContactStatus"] == "ACTIVE"
    assert refusal(xero, "PUT", {"Name": "X", "EmailAddress": "jürgen@x.example"}, "Contacts") == (
        "Email address must be valid."
    )
    same = post(xero, "Contacts", ContactNumber="Z-1", Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "5550"}])
    assert same["Name"] == "old friends"
    assert [phone["PhoneNumber"] for phone in same["Phones"]] == ["", "", "", "5550"]
    assert post(xero, "Contacts", Name="Acme Pty Ltd", FirstName="Ann")["EmailAddress"] == "ap@acme.example"
    reactivate = {"ContactID": ARCHIVED, "ContactStatus": "ACTIVE"}
    assert "already assigned" in refusal(xero, "POST", reactivate, "Contacts")


def test_an_invoice_makes_and_changes_contacts(xero: Client) -> None:
    made = put(xero, body(Contact={"Name": "Fresh Co", "EmailAddress": "a@fresh.example"}))
    again = put(xero, body(Contact={"Name": "fresh co"}))
    assert made["Contact"]["ContactID"] == again["Contact"]["ContactID"]
    assert again["Contact"]["Name"] == "Fresh Co"
    put(xero, body(Contact={"ContactID": made["Contact"]["ContactID"], "Name": "Renamed"}))
    contact = xero.json("GET", f"/Contacts/{made['Contact']['ContactID']}")["Contacts"][0]
    assert (contact["Name"], contact["IsCustomer"]) == ("Renamed", True)


def test_a_refused_invoice_leaves_no_contact_behind(xero: Client) -> None:
    refusal(xero, "PUT", body(Contact={"Name": "Ghost"}, CurrencyCode="EUR"))
    assert xero.json("GET", '/Contacts?where=Name=="Ghost"')["Contacts"] == []


def test_items(xero: Client) -> None:
    assert refusal(xero, "PUT", {"Code": "wid-1"}, "Items") == "Price List Item with Code 'wid-1' already exists"
    assert "maximum length of 30" in refusal(xero, "PUT", {"Code": "x" * 31}, "Items")
    changed = post(xero, "Items", Code="WID-1", Name="Better")
    assert (changed["Name"], changed["SalesDetails"]["UnitPrice"]) == ("Better", Decimal("10.45"))
    assert xero.call("DELETE", "/Items/WID-1").status_code == 204
    assert xero.call("GET", "/Items/WID-1").status_code == 404


def test_quotes(xero: Client) -> None:
    lines = [{"Description": "Work", "Quantity": 1, "UnitAmount": Decimal("10.4567"), "AccountCode": "200"}]
    quote = {
        "Contact": {"ContactID": CONTACT},
        "Date": "2026-03-02",
        "LineAmountTypes": "EXCLUSIVE",
        "LineItems": lines,
    }
    made = put(xero, quote, "Quotes")
    assert (made["TotalTax"], str(made["LineItems"][0]["UnitAmount"])) == (0, "10.4567")
    assert made["QuoteNumber"] == "QU-0001"
    assert "Exclusive" in refusal(xero, "PUT", {**quote, "LineAmountTypes": "Exclusive"}, "Quotes")
    needed = {"QuoteID": made["QuoteID"], "Contact": quote["Contact"], "Date": quote["Date"]}
    assert "status" in refusal(xero, "POST", {**needed, "Status": "ACCEPTED"}, "Quotes")
    assert "Date" in refusal(xero, "POST", {"QuoteID": made["QuoteID"], "Contact": quote["Contact"]}, "Quotes")
    for status in ("SENT", "ACCEPTED", "INVOICED"):
        assert post(xero, "Quotes", **needed, Status=status)["Status"] == status
    closed = {**needed, "LineItems": [{"Description": "More", "Quantity": 1, "UnitAmount": 1}]}
    assert "status" in refusal(xero, "POST", closed, "Quotes")


def test_an_edit_by_a_person(xero: Client, xero_app: Sandbox) -> None:
    made = put(xero, body("E-1", "AUTHORISED"))
    line = {"LineItemID": made["LineItems"][0]["LineItemID"], "Quantity": 3}
    edited = xero_app.edit("Invoices", made["InvoiceID"], {"LineItems": [line], "Reference": "by hand"})
    assert (edited["Total"], edited["AmountDue"], edited["Reference"]) == (165, 165, "by hand")
    assert edited["UpdatedDateUTC"] > made["UpdatedDateUTC"]
    assert xero.json("GET", "/Invoices/E-1?unitdp=4")["Invoices"][0] == edited
    assert xero_app.edit("Contacts", "new", {"Name": "Acme Pty Ltd"})["Name"] == "Acme Pty Ltd"
    assert xero_app.edit("Organisation", xero_app.credentials["tenant"], {"PeriodLockDate": "2026-03-31"})
    assert "lock date" in refusal(xero, "POST", {"InvoiceID": made["InvoiceID"], "Reference": "no"})
