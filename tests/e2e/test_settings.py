"""Every setting of the starter rules on small data of one's own, previewed, pushed and read back from Xero."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import FREE, account, find, invoice, line, person, product, shop
from zx.operations.errors import Broken
from zx.workspace.config import ConfigError


@pytest.mark.parametrize(("prefix", "number"), [("", "1001"), ("Z-", "Z-1001"), ("AU-X", "AU-X1001")])
def test_prefix(tmp_path: Path, prefix: str, number: str) -> None:
    sent = shop(tmp_path, invoice("1001", [line("10.00")]), settings={"prefix": prefix}).sent()
    assert list(sent) == [number] and sent[number]["Total"] == D("11.00")


@pytest.mark.parametrize("prefix", ["AU-XY", "A B", "é"])
def test_prefix_that_cannot_be(tmp_path: Path, prefix: str) -> None:
    with pytest.raises((Broken, ConfigError)) as caught:
        shop(tmp_path, invoice("1001", [line("10.00")]), settings={"prefix": prefix}).preview()
    assert any("prefix" in str(one) for one in caught.value.diagnostics)


def test_a_new_prefix_renumbers_nothing(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1001", [line("10.00")]), settings={"prefix": "A"})
    place.sent()
    place.set(prefix="B")
    assert place.preview()["by_map"]["invoices"]["unchanged"] == 1
    place.edit("zoho", "Invoices", "new", **_new("1002"))
    assert set(place.sent()) == {"A1001", "B1002"}


def _new(number: str) -> dict[str, Any]:
    made = invoice(number, [])
    kept = {key: value for key, value in made.items() if key not in ("id", "Created_Time", "Modified_Time")}
    return {**kept, "Invoiced_Items": [{**line("20.00"), "List_Price": 20}]}


@pytest.mark.parametrize("paid", ["DRAFT", "SUBMITTED", "AUTHORISED"])
@pytest.mark.parametrize("unpaid", ["DRAFT", "SUBMITTED", "AUTHORISED"])
def test_status_of_paid_and_unpaid(tmp_path: Path, paid: str, unpaid: str) -> None:
    documents = [
        invoice("1", [line("10.00")], Status="Paid"),
        invoice("2", [line("10.00")], Status="Delivered"),
        invoice("3", [line("10.00")], Status="Created"),
        invoice("4", [line("10.00")], Status="Cancelled"),
        invoice("5", [line("10.00")], Status="Pencilled in"),
        invoice("6", [line("10.00")], Status=None),
    ]
    place = shop(tmp_path, *documents, settings={"paid_status": paid, "unpaid_status": unpaid})
    plan = place.preview()
    assert plan["by_map"]["invoices"] | {"create": 2, "skip": 2, "block": 2, "read": 6} == plan["by_map"]["invoices"]
    assert find(plan, "3")["reason"] == "held by its Zoho status"
    assert find(plan, "4")["reason"] == "cancelled in Zoho"
    assert "Pencilled in" in find(plan, "5")["reason"]
    sent = place.sent()
    assert {number: one["Status"] for number, one in sent.items()} == {"1": paid, "2": unpaid}


def test_an_invoice_that_is_paid_later_moves_forward(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")]))
    place.sent()
    place.edit("zoho", "Invoices", "61", Status="Paid")
    action = find(place.preview(), "1")
    assert action["action"] == "update" and [one["field"] for one in action["changes"]] == ["Status"]
    assert place.sent()["1"]["Status"] == "AUTHORISED"
    place.edit("zoho", "Invoices", "61", Status="Cancelled")
    assert find(place.preview(), "1")["action"] == "void"
    assert place.sent()["1"]["Status"] == "VOIDED"


PEOPLE = {
    "Contacts": [person(Email="Ada@Quill.example", Phone="02 5550 0101")],
    "Accounts": [account()],
}
BOTH = {"Contact_Name": {"id": "401", "name": "Ada Quill"}}
NOBODY: dict[str, Any] = {"Account_Name": None}


def test_customer_original(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], **BOTH),
        invoice("2", [line("10.00")]),
        invoice("3", [line("10.00")], **NOBODY),
        zoho=PEOPLE,
        settings={"customer": "original"},
    )
    plan = place.preview()
    assert not find(plan, "1")["problems"]
    assert [one["message"] for one in find(plan, "2")["problems"]] == ["it names no person: its organisation is billed"]
    assert find(plan, "3")["reason"] == "it names neither a person nor an organisation"
    assert {number: one["Contact"]["Name"] for number, one in place.sent().items()} == {
        "1": "Ada Quill",
        "2": "Quayside Ceramics",
    }


def test_customer_organisation(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], **BOTH),
        invoice("2", [line("10.00")], **BOTH, **NOBODY),
        invoice("3", [line("10.00")], **NOBODY),
        zoho=PEOPLE,
    )
    plan = place.preview()
    assert not find(plan, "1")["problems"]
    assert [one["message"] for one in find(plan, "2")["problems"]] == ["it names no organisation: its person is billed"]
    assert find(plan, "3")["action"] == "block"
    assert {number: one["Contact"]["Name"] for number, one in place.sent().items()} == {
        "1": "Quayside Ceramics",
        "2": "Ada Quill",
    }


@pytest.mark.parametrize("known", [True, False])
def test_customer_single(tmp_path: Path, known: bool) -> None:
    there = {"Contacts": [{"ContactID": "11111111-1111-4111-8111-111111111111", "Name": "web shop"}]} if known else {}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], **BOTH),
        invoice("2", [line("10.00")]),
        invoice("3", [line("10.00")], **NOBODY),
        zoho=PEOPLE,
        xero=there,
        settings={"customer": "single", "single_customer": "Web Shop"},
    )
    sent = place.sent()
    assert {one["Contact"]["Name"].lower() for one in sent.values()} == {"web shop"}
    assert len({one["Contact"]["ContactID"] for one in sent.values()}) == 1
    assert len(place.dump()["Contacts"]) == 1
    assert [row["Description"] for row in sent["1"]["LineItems"]] == [
        "Widget",
        "Customer: Ada Quill, Quayside Ceramics",
    ]
    assert len(sent) == 3


def test_create_items_off(tmp_path: Path) -> None:
    other = {"id": "502", "name": "Ink", "Product_Code": "INK"}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        invoice("2", [line("10.00", product=other)]),
        zoho={"Products": [product(), product("502", "INK", "Ink")]},
        xero={"Items": [{"ItemID": "22222222-2222-4222-8222-222222222222", "Code": "W-1", "Name": "Widget"}]},
        settings={"create_items": False},
    )
    assert "create_items is off" in place.blocked("2")["reason"]
    assert list(place.sent()) == ["1"]
    assert [item["Code"] for item in place.dump()["Items"]] == ["W-1"]


@pytest.mark.parametrize("block", [True, False])
def test_line_without_code(tmp_path: Path, block: bool) -> None:
    odd = {"id": "503", "name": "Delivery"}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00"), line("5.00", product=odd)]),
        zoho={"Products": [product(), product("503", None, "Delivery")]},
        settings={"line_without_code": "block" if block else "description"},
    )
    if block:
        assert place.blocked("1")["reason"] == "line 2: a line without product code"
        return
    row = place.sent()["1"]["LineItems"][1]
    assert "ItemCode" not in row and row["Description"] == "Delivery" and row["AccountCode"] == "200"


@pytest.mark.parametrize(
    ("rule", "days", "day", "due"),
    [
        ("days_after_invoice", 14, "2026-03-20", "2026-04-03"),
        ("days_after_invoice", 0, "2026-03-20", "2026-03-20"),
        ("days_after_month_end", 10, "2026-03-20", "2026-04-10"),
        ("day_of_month", 25, "2026-03-20", "2026-03-25"),
        ("day_of_month", 31, "2026-04-03", "2026-04-30"),
        ("day_of_following_month", 20, "2026-03-31", "2026-04-20"),
        ("day_of_following_month", 31, "2026-03-31", "2026-04-30"),
    ],
)
def test_due_rule(tmp_path: Path, rule: str, days: int, day: str, due: str) -> None:
    document = invoice("1", [line("10.00")], Invoice_Date=day)
    place = shop(tmp_path, document, settings={"due_rule": rule, "due_days": days})
    assert place.sent()["1"]["DueDateString"][:10] == due


def test_due_date_precedence(tmp_path: Path) -> None:
    """Zoho's own date, then the contact's terms in Xero, then the default rule."""
    terms = {"Sales": {"Day": 7, "Type": "DAYSAFTERBILLDATE"}}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Due_Date="2026-05-01"),
        invoice("2", [line("10.00")]),
        invoice("3", [line("10.00")], Account_Name={"id": "302", "name": "Bayside"}),
        invoice("4", [line("10.00")], Due_Date="2026-03-01"),
        zoho={"Accounts": [account(), account("302", "Bayside")]},
        xero={
            "Contacts": [
                {
                    "ContactID": "11111111-1111-4111-8111-111111111111",
                    "Name": "Quayside Ceramics",
                    "ContactStatus": "ACTIVE",
                    "PaymentTerms": terms,
                }
            ]
        },
    )
    warned = find(place.preview(), "4")
    assert [one["message"] for one in warned["problems"]] == ["due before its own date"]
    due = {number: one["DueDateString"][:10] for number, one in place.sent().items()}
    assert due == {"1": "2026-05-01", "2": "2026-03-17", "3": "2026-04-09", "4": "2026-03-01"}


@pytest.mark.parametrize("swap", [True, False])
def test_swap_addresses(tmp_path: Path, swap: bool) -> None:
    addresses = {"Billing_Street": "1 Bill St", "Billing_Code": "2000", "Shipping_Street": "2 Ship St"}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        zoho={"Accounts": [account(**addresses)]},
        settings={"swap_addresses": swap},
    )
    place.sent()
    rows = {row["AddressType"]: row for row in place.dump()["Contacts"][0]["Addresses"]}
    assert rows["STREET" if swap else "POBOX"]["AddressLine1"] == "1 Bill St"
    assert rows["STREET" if swap else "POBOX"]["PostalCode"] == "2000"
    assert rows["POBOX" if swap else "STREET"]["AddressLine1"] == "2 Ship St"


def test_start_date_is_inclusive_and_in_the_zone_of_the_sync(tmp_path: Path) -> None:
    def undated(number: str, created: str) -> dict[str, Any]:
        return invoice(number, [line("10.00")], Invoice_Date=None, Created_Time=created)

    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Invoice_Date="2026-03-01"),
        invoice("2", [line("10.00")], Invoice_Date="2026-02-28"),
        undated("3", "2026-02-28T23:30:00+11:00"),
        undated("4", "2026-02-28T13:30:00Z"),
        undated("5", "2026-03-01T00:30:00+11:00"),
    )
    plan = place.preview()
    assert plan["by_map"]["invoices"]["create"] == 3 and plan["by_map"]["invoices"]["skip"] == 2
    sent = place.sent()
    assert {number: one["DateString"][:10] for number, one in sent.items()} == {
        "1": "2026-03-01",
        "4": "2026-03-01",
        "5": "2026-03-01",
    }


def test_the_zone_moves_the_day(tmp_path: Path) -> None:
    document = invoice("5", [line("10.00")], Invoice_Date=None, Created_Time="2026-03-01T00:30:00+11:00")
    place = shop(tmp_path, document, timezone="Europe/London")
    assert place.preview()["by_map"]["invoices"]["skip"] == 1


def test_auto_number(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Purchase_Order="PO 7"),
        invoice("2", [line("20.00")]),
        settings={"auto_number": True, "prefix": "Z-"},
    )
    sent = place.sent()
    assert {one["Reference"] for one in sent.values()} == {"Z-1", "Z-2"}
    assert all(number.startswith("INV-") for number in sent)


@pytest.mark.parametrize(("switch", "reference"), [(True, "Z-1"), (False, "PO 7")])
def test_purchase_number_is_invoice_number(tmp_path: Path, switch: bool, reference: str) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Purchase_Order="PO 7"),
        settings={"purchase_number_is_invoice_number": switch, "prefix": "Z-"},
    )
    assert place.sent()["Z-1"]["Reference"] == reference


def test_zero_total(tmp_path: Path) -> None:
    documents = [
        invoice("1", [line("0.00")], Status="Paid"),
        invoice("2", [line("0.00")]),
        invoice("3", [line("1.00")]),
    ]
    place = shop(tmp_path / "send", *documents)
    assert {number: one["Status"] for number, one in place.sent().items()} == {"1": "PAID", "2": "DRAFT", "3": "DRAFT"}
    place = shop(tmp_path / "skip", *documents, settings={"zero_total": "skip"})
    assert find(place.preview(), "1")["reason"] == "nothing to pay"
    assert list(place.sent()) == ["3"]


def test_invoices_off(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")]), settings={"invoices": "off"})
    plan = place.preview()
    assert plan["verdict"] == "unchanged" and plan["counts"]["skip"] == 2 and not plan["actions"]
    assert "Every workflow of sync own is switched off" in " ".join(place.heard)
    assert place.sent() == {}


def test_update_contacts(tmp_path: Path) -> None:
    details = {"Phone": "(02) 5550 0101", "Billing_Street": "1 Bill St", "Billing_City": "Sydney"}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        zoho={"Accounts": [account(**details)]},
        settings={"update_contacts": True},
    )
    place.sent()
    place.edit("zoho", "Accounts", "301", Billing_City="Perth", Phone="(08) 5550 0102")
    place.sent()
    contact = place.dump()["Contacts"][0]
    rows = {row["AddressType"]: row for row in contact["Addresses"]}
    assert rows["POBOX"]["City"] == "Perth" and rows["POBOX"]["AddressLine1"] == "1 Bill St"
    assert {row["PhoneNumber"] for row in contact["Phones"]} - {""} == {"(08) 5550 0102"}
    place.set(update_contacts=False)
    place.edit("zoho", "Accounts", "301", Billing_City="Hobart")
    place.sent()
    assert "Hobart" not in str(place.dump()["Contacts"])


STOCK_ROW = ("rules/accounts.zx", "| *            | *        | other |", "| W-1 | * | stock |\n| * | * | other |")
STOCK = {"stock_sales_account": "260", "stock_cogs_account": "310", "stock_asset_account": "630"}


def test_stock_items_wait_for_a_person(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")]), settings=STOCK, edits=[STOCK_ROW])
    assert "opening stock" in place.blocked("1")["reason"]


def test_stock_items_are_made_when_asked(tmp_path: Path) -> None:
    place = shop(
        tmp_path, invoice("1", [line("10.00")]), settings={**STOCK, "create_stock_items": True}, edits=[STOCK_ROW]
    )
    assert place.sent()["1"]["LineItems"][0]["AccountCode"] == "260"
    item = place.dump()["Items"][0]
    assert item["IsTrackedAsInventory"] and item["InventoryAssetAccountCode"] == "630"
    assert item["SalesDetails"]["AccountCode"] == "260" and item["PurchaseDetails"] == {"COGSAccountCode": "310"}


def test_stock_items_need_all_their_accounts(tmp_path: Path) -> None:
    settings = {"stock_sales_account": "260", "create_stock_items": True}
    place = shop(tmp_path, invoice("1", [line("10.00")]), settings=settings, edits=[STOCK_ROW])
    assert "stock items need all of" in place.blocked("1")["reason"]


def test_an_item_keeps_its_accounts_by_settings(tmp_path: Path) -> None:
    long = "A very long name that no Xero item can hold in full, é"
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        zoho={"Products": [product(name=long, Unit_Price=D("10.4512"))]},
        settings={"sales_account": "260", "purchase_account": "400"},
    )
    action = next(one for one in place.preview()["actions"] if one["map"] == "items")
    assert [one["message"] for one in action["problems"]] == ["the item name is cut to 50 characters"]
    place.sent()
    item = place.dump()["Items"][0]
    assert item["Name"] == long[:50] and item["SalesDetails"]["UnitPrice"] == D("10.4512")
    assert (item["SalesDetails"]["AccountCode"], item["PurchaseDetails"]["AccountCode"]) == ("260", "400")


@pytest.mark.parametrize(("rate", "sent"), [("pin", "0.661234"), ("xero", None)])
def test_currency_rate(tmp_path: Path, rate: str, sent: str | None) -> None:
    document = invoice("1", [line("10.00", tax=FREE)], Currency="USD", Exchange_Rate=D("0.661234219"))
    place = shop(tmp_path, document, settings={"currency_rate": rate})
    action = find(place.preview(), "1")
    assert action["totals"]["currency"] == "USD" and action["payload"].get("CurrencyRate") == sent
    made = place.sent()["1"]
    assert made["CurrencyCode"] == "USD" and (sent is None or made["CurrencyRate"] == D(sent))
