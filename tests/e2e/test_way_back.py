"""What is born in Xero appears in Zoho, to the cent, once; what came from Zoho never goes back."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.books import bill_of, customer, item, row, uuid
from tests.e2e.shop import Json, Shop, account, invoice, line, person, product

HARBOUR = customer(1, "Harbour Foods", Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "5550 1234"}])


def books(path: Path, *bills: Json, **more: Any) -> Shop:
    settings = {"xero_invoices": True, **more.pop("settings", {})}
    contacts = more.pop("contacts", [HARBOUR])
    zoho = {"Products": [product()], "Accounts": [], "Invoices": [], **more.pop("zoho", {})}
    xero = {"Contacts": contacts, "Items": [item("W-1", "Widget")], "Invoices": list(bills), **more.pop("xero", {})}
    return Shop(path, zoho, xero, settings, **more)


def mirrored(place: Shop) -> dict[str, Json]:
    """Pushes twice, the second time without a write; gives Zoho's invoices by subject."""
    before = place.preview()
    for one in before["actions"]:
        if one["action"] == "create" and one["totals"]:
            assert one["totals"]["difference"] == "0.00", one
    done = place.push()
    assert {one["outcome"] for one in done["actions"] if one.get("outcome")} <= {"done", "adopted"}, done["actions"]
    both = place.dump("zoho"), place.dump("xero")
    again = place.push()
    assert not [one for one in again["actions"] if one.get("outcome")], again["actions"]
    assert (place.dump("zoho"), place.dump("xero")) == both
    return {one["Subject"]: one for one in both[0]["Invoices"]}


def figures(document: Json) -> list[tuple[Any, ...]]:
    """Product, quantity, price, discount, worth and tax of each row."""
    return [
        (
            one["Product_Name"]["name"],
            one["Quantity"],
            one["List_Price"],
            one["Discount"],
            one["Total_After_Discount"],
            one["Tax"],
        )
        for one in document["Invoiced_Items"]
    ]


def test_an_exclusive_invoice(tmp_path: Path) -> None:
    made = mirrored(books(tmp_path, bill_of(1, [row(1, "100.00", "10.00", "4", ItemCode="W-1")], HARBOUR)))
    document = made["Xero INV-0001"]
    assert (document["Grand_Total"], document["Status"], document["Adjustment"]) == (D("110"), "Approved", 0)
    assert (document["Invoice_Date"], document["Due_Date"]) == ("2026-03-05", "2026-04-04")
    assert document["Account_Name"]["name"] == "Harbour Foods"
    assert figures(document) == [("Widget", 4, 25, 0, 100, 10)]


def test_an_inclusive_invoice_becomes_exclusive_lines(tmp_path: Path) -> None:
    made = mirrored(books(tmp_path, bill_of(1, [row(1, "110.00", "10.00", "4", ItemCode="W-1")], HARBOUR, "Inclusive")))
    assert made["Xero INV-0001"]["Grand_Total"] == 110
    assert figures(made["Xero INV-0001"]) == [("Widget", 4, 25, 0, 100, 10)]


def test_amounts_that_do_not_divide(tmp_path: Path) -> None:
    rows = [row(1, "100.00", "10.00", "3"), row(2, "0.01", "0.00", "7"), row(3, "-10.00", "-1.00", "3")]
    made = mirrored(books(tmp_path, bill_of(1, rows, HARBOUR)))
    assert made["Xero INV-0001"]["Grand_Total"] == D("99.01")
    assert figures(made["Xero INV-0001"]) == [
        ("Xero line", 3, D("33.34"), D("0.02"), 100, 10),
        ("Xero line", 7, D("0.01"), D("0.06"), D("0.01"), 0),
        ("Xero line", 3, D("-3.33"), D("0.01"), -10, -1),
    ]


def test_a_cent_of_tax_goes_to_the_adjustment(tmp_path: Path) -> None:
    """Three lines of 3.35 with tax inside: 3.05 each before tax, of which Zoho makes 0.31, Xero 0.30."""
    rows = [row(number, "3.35", "0.30") for number in (1, 2, 3)]
    made = mirrored(books(tmp_path, bill_of(1, rows, HARBOUR, "Inclusive")))
    document = made["Xero INV-0001"]
    assert (document["Sub_Total"], document["Adjustment"], document["Grand_Total"]) == (
        D("10.08"), D("-0.03"), D("10.05"),
    )  # fmt: skip


def test_a_gap_beyond_the_limit_blocks(tmp_path: Path) -> None:
    place = books(tmp_path, bill_of(1, [row(1, "100.00", "9.00")], HARBOUR))
    action = next(one for one in place.preview()["actions"] if one["map"] == "xero_invoices")
    assert action["action"] == "block"
    assert action["reason"] == "Zoho would make it 110.00, Xero says 109.00: 1.00 apart, 0.05 may be closed"
    assert not mirrored(place)


def test_the_placeholder_is_made_once(tmp_path: Path) -> None:
    bills = [bill_of(number, [row(number, "10.00", "1.00")], HARBOUR) for number in (1, 2)]
    place = books(tmp_path, *bills)
    assert len(mirrored(place)) == 2
    place.edit("xero", "Invoices", "new", **bill_of(3, [row(3, "7.00", "0.70")], HARBOUR))
    assert len(mirrored(place)) == 3
    assert [one["Product_Name"] for one in place.dump("zoho")["Products"]] == ["Widget", "Xero line"]


def test_without_a_placeholder_the_line_blocks(tmp_path: Path) -> None:
    bill = bill_of(1, [row(1, "10.00", "1.00")], HARBOUR)
    place = books(tmp_path, bill, settings={"placeholder_product": ""})
    action = next(one for one in place.preview()["actions"] if one["map"] == "xero_invoices")
    assert "set placeholder_product in zx.toml" in action["reason"]


def test_paid_and_voided_later(tmp_path: Path) -> None:
    bills = [bill_of(number, [row(number, "10.00", "1.00")], HARBOUR) for number in (1, 2)]
    place = books(tmp_path, *bills)
    assert [one["Status"] for one in mirrored(place).values()] == ["Approved", "Approved"]
    place.edit("xero", "Invoices", uuid(1, 4), Status="PAID")
    place.edit("xero", "Invoices", uuid(2, 4), Status="VOIDED")
    made = mirrored(place)
    assert [one["Status"] for one in made.values()] == ["Paid", "Cancelled"]
    assert [one["Grand_Total"] for one in made.values()] == [11, 11]


def test_a_person_changed_the_status_in_zoho(tmp_path: Path) -> None:
    place = books(tmp_path, bill_of(1, [row(1, "10.00", "1.00")], HARBOUR))
    document = mirrored(place)["Xero INV-0001"]
    place.edit("zoho", "Invoices", document["id"], Status="Delivered")
    assert mirrored(place)["Xero INV-0001"]["Status"] == "Approved"


def test_changed_lines_follow(tmp_path: Path) -> None:
    rows = [row(1, "10.00", "1.00"), row(2, "20.00", "2.00")]
    place = books(tmp_path, bill_of(1, rows, HARBOUR))
    ids = [one["id"] for one in mirrored(place)["Xero INV-0001"]["Invoiced_Items"]]
    place.edit(
        "xero",
        "Invoices",
        uuid(1, 4),
        LineItems=[row(1, "12.00", "1.20", "5", ItemCode="W-1"), rows[1], row(3, "30.00", "3.00")],
    )
    document = mirrored(place)["Xero INV-0001"]
    assert figures(document) == [
        ("Widget", 5, D("2.4"), 0, 12, D("1.2")),
        ("Xero line", 1, 20, 0, 20, 2),
        ("Xero line", 1, 30, 0, 30, 3),
    ]
    assert [one["id"] for one in document["Invoiced_Items"]][:2] == ids
    assert document["Grand_Total"] == D("68.2")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Status": "VOIDED"}, "void in Xero before it was ever mirrored"),
        ({"Status": "DRAFT"}, "not approved in Xero"),
        ({"Type": "ACCPAY"}, None),
        ({"Date": "2026-02-28", "DateString": "2026-02-28T00:00:00"}, None),
    ],
)
def test_what_is_not_mirrored(tmp_path: Path, fields: Json, reason: str | None) -> None:
    place = books(tmp_path, bill_of(1, [row(1, "10.00", "1.00")], HARBOUR, **fields))
    plan = place.preview()
    assert [one["reason"] for one in plan["actions"] if one["map"] == "xero_invoices"] == ([reason] if reason else [])
    assert plan["by_map"]["xero_invoices"]["skip"] == 1
    assert not mirrored(place)


def test_invoices_sent_from_zoho_do_not_come_back(tmp_path: Path) -> None:
    bill = bill_of(1, [row(1, "100.00", "10.00")], HARBOUR)
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    place = books(tmp_path, bill, zoho=zoho, settings={"xero_contacts": True})
    assert sorted(mirrored(place)) == ["Order 1", "Xero INV-0001"]
    there = place.dump("xero")
    assert sorted(one["InvoiceNumber"] for one in there["Invoices"]) == ["1", "INV-0001"]
    assert sorted(one["Name"] for one in there["Contacts"]) == ["Harbour Foods", "Quayside Ceramics"]
    assert sorted(one["Account_Name"] for one in place.dump("zoho")["Accounts"]) == [
        "Harbour Foods", "Quayside Ceramics",
    ]  # fmt: skip
    skipped = place.preview()["by_map"]
    assert skipped["invoices"]["skip"] == skipped["xero_invoices"]["skip"] == 1


def test_a_daily_summary_takes_nothing_that_came_from_xero_and_stays_there(tmp_path: Path) -> None:
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    bill = bill_of(1, [row(1, "100.00", "10.00")], HARBOUR)
    place = books(tmp_path, bill, zoho=zoho, settings={"posting": "daily", "unpaid_status": "AUTHORISED"})
    assert sorted(mirrored(place)) == ["Order 1", "Xero INV-0001"]
    assert sorted((one["InvoiceNumber"], one["Total"]) for one in place.dump("xero")["Invoices"]) == [
        ("INV-0001", 110), ("S26031000", 110),
    ]  # fmt: skip


def test_an_invoice_of_a_customer_who_came_from_zoho_goes_to_that_account(tmp_path: Path) -> None:
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    place = books(tmp_path, zoho=zoho, contacts=[])
    mirrored(place)
    buyer = place.dump("xero")["Contacts"][0]
    place.edit("xero", "Invoices", "new", **bill_of(7, [row(1, "5.00", "0.50")], buyer))
    made = mirrored(place)["Xero INV-0007"]
    assert made["Account_Name"] == {"id": "301", "name": "Quayside Ceramics"}
    assert len(place.dump("zoho")["Accounts"]) == 1


def test_a_zoho_invoice_of_an_account_that_came_from_xero_bills_that_contact(tmp_path: Path) -> None:
    place = books(tmp_path, bill_of(1, [row(1, "10.00", "1.00")], HARBOUR))
    owner = mirrored(place)["Xero INV-0001"]["Account_Name"]
    place.edit("zoho", "Accounts", owner["id"], Account_Name="Harbour Foods Pty Ltd")
    made = invoice("9", [line("50.00")], Account_Name=owner)
    made["Invoiced_Items"][0].pop("id")
    place.edit("zoho", "Invoices", "new", **{name: value for name, value in made.items() if name != "id"})
    mirrored(place)
    there = place.dump("xero")
    assert [one["Name"] for one in there["Contacts"]] == ["Harbour Foods"]
    assert {one["Contact"]["Name"] for one in there["Invoices"]} == {"Harbour Foods"}


def test_contacts_as_persons_and_companies(tmp_path: Path) -> None:
    contacts = [
        HARBOUR,
        customer(2, "Ada Quill", FirstName="Ada", LastName="Quill", EmailAddress="ada@quill.example"),
        customer(3, "Mill Lane Ltd", FirstName="Bo", LastName="Reed", EmailAddress="bo@mill.example"),
        customer(4, "Old Ltd", ContactStatus="ARCHIVED"),
        customer(5, "Paper Mill", IsCustomer=False, IsSupplier=True),
        customer(6, "Cher", FirstName="Cher"),
    ]
    place = books(tmp_path, contacts=contacts, settings={"xero_invoices": False, "xero_contacts": True})
    mirrored(place)
    there = place.dump("zoho")
    assert [one["Account_Name"] for one in there["Accounts"]] == ["Harbour Foods", "Mill Lane Ltd"]
    assert there["Accounts"][0]["Phone"] == "5550 1234"
    people = {
        one["Last_Name"]: (one["First_Name"], one["Email"], (one["Account_Name"] or {}).get("name"))
        for one in there["Contacts"]
    }
    assert people == {
        "Quill": ("Ada", "ada@quill.example", None),
        "Reed": ("Bo", "bo@mill.example", "Mill Lane Ltd"),
        "Cher": (None, None, None),
    }


def test_contacts_that_are_there_are_linked_and_kept(tmp_path: Path) -> None:
    ada = customer(2, "Ada Quill", FirstName="Ada", LastName="Quill", EmailAddress="ada@quill.example")
    zoho = {
        "Accounts": [account("301", "harbour foods", Phone="1")],
        "Contacts": [person(Email="ADA@quill.example", Phone="2")],
    }
    place = books(tmp_path, contacts=[HARBOUR, ada], zoho=zoho, settings={"xero_contacts": True})
    mirrored(place)
    there = place.dump("zoho")
    assert [(one["Account_Name"], one["Phone"]) for one in there["Accounts"]] == [("harbour foods", "1")]
    assert [(one["Last_Name"], one["Phone"]) for one in there["Contacts"]] == [("Quill", "2")]


def test_two_of_one_name_are_a_question_both_ways(tmp_path: Path) -> None:
    contacts = [customer(1, "Quayside Ceramics"), customer(2, "Quayside  Ceramics")]
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    place = books(tmp_path, contacts=contacts, zoho=zoho, settings={"xero_contacts": True})
    for _ in range(2):
        place.push()
        plan = place.preview()
        assert plan["by_map"]["invoices"]["block"] == 1 and plan["by_map"]["xero_organisations"]["block"] == 2
    assert not place.dump("xero")["Invoices"] and len(place.dump("zoho")["Accounts"]) == 1


def test_the_way_back_survives_a_lost_state(tmp_path: Path) -> None:
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    place = books(tmp_path, bill_of(1, [row(1, "100.00", "10.00")], HARBOUR), zoho=zoho)
    mirrored(place)
    before = place.dump("zoho"), place.dump("xero")
    for file in (tmp_path / "state").rglob("*.toml"):
        file.unlink()
    place.push()
    assert (place.dump("zoho"), place.dump("xero")) == before


def test_a_field_of_its_own_holds_the_xero_id(tmp_path: Path) -> None:
    own = {
        "api_name": "Xero_ID",
        "data_type": "text",
        "length": 50,
        "custom_field": True,
        "unique": {"casesensitive": ""},
    }
    place = books(tmp_path, bill_of(1, [row(1, "10.00", "1.00")], HARBOUR), zoho={"fields": {"Invoices": [own]}})
    assert mirrored(place)["Xero INV-0001"]["Xero_ID"] == uuid(1, 4)


def test_a_map_that_never_creates_follows_the_link(tmp_path: Path) -> None:
    rule = (
        '\nmap statuses_back: xero.Invoice -> zoho.Invoices\n  only when Type is "ACCREC"\n'
        '  never create because "only what came from Zoho"\n'
        "  Status = mirror_state(Status) always\n"
    )
    zoho = {"Accounts": [account()], "Invoices": [invoice("1", [line("100.00")])]}
    place = books(tmp_path, zoho=zoho, contacts=[], settings={"xero_invoices": False, "unpaid_status": "AUTHORISED"})
    place.edits = [("rules/xero_back.zx", "\n## Sales invoices that were born in Xero.", rule + "\n## Born in Xero.")]
    place.push()
    place.push()
    place.edit("xero", "Invoices", place.dump("xero")["Invoices"][0]["InvoiceID"], Status="PAID")
    assert mirrored(place)["Order 1"]["Status"] == "Paid"
