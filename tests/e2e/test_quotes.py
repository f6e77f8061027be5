"""Zoho quotes as Xero quotes, and as draft invoices: from settings and data to what stands in Xero."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e.shop import FREE, GST, Json, check, invoice, line, shop

D = Decimal


def quote(number: str, lines: list[Json], stage: str = "Draft", **more: Any) -> Json:
    made = invoice(number, lines)
    rows, _ = made.pop("Invoiced_Items"), [made.pop(name) for name in ("Invoice_Number", "Status", "Invoice_Date")]
    known = {"id": f"5{made['id']}", "Quote_Number": number, "Quoted_Items": rows, "Quote_Stage": stage}
    return {**made, **known, **more}


def actions(plan: Json, name: str) -> dict[str, Json]:
    return {one["source"]["label"]: one for one in plan["actions"] if one["map"] == name}


def quotes(place: Any) -> dict[str, Json]:
    return {one["QuoteNumber"]: one for one in place.dump()["Quotes"]}


def test_quotes_stand_in_xero_as_their_stage_says(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1001", [line("100.00")]),
        zoho={
            "Quotes": [
                quote("7", [line("100.01", "3"), line("28.00", "7", FREE)], Valid_Till="2026-04-08"),
                quote("8", [line("30.00")], "Delivered"),
                quote("9", [line("40.00")], "Confirmed", Discount=D("4.40"), Grand_Total=D("39.60")),
                quote("10", [line("50.00")], "Closed Lost"),
                quote("11", [line("60.00")], "With legal"),
                quote("12", [line("70.00")], Created_Time="2026-02-28T10:00:00+11:00"),
            ]
        },
        settings={"quotes": "quote", "quote_prefix": "Q-", "prefix": "AU-"},
    )
    plan = place.preview()
    check(plan)
    found = actions(plan, "quotes")
    assert {label: one["action"] for label, one in found.items()} == {
        "7": "create", "8": "create", "9": "create", "10": "skip", "11": "block"
    }  # fmt: skip
    assert found["10"]["reason"] == "lost before it was ever sent"
    assert found["11"]["problems"][0]["fix"].startswith("| With legal |")
    assert plan["by_map"]["quotes"]["read"] == 6 and plan["by_map"]["quotes"]["skip"] == 2
    assert [step["Status"] for step in found["9"]["then"]] == ["ACCEPTED"] and found["9"]["payload"]["Status"] == "SENT"
    report = place.push()
    assert {one["id"] for one in report["actions"] if one.get("outcome") == "done"} >= {f"quotes:5{n}" for n in
                                                                                      ("67", "68", "69")}  # fmt: skip
    there = quotes(place)
    assert {number: (one["Status"], one["Total"]) for number, one in there.items()} == {
        "Q-7": ("DRAFT", D("138.01")), "Q-8": ("SENT", D("33.00")), "Q-9": ("ACCEPTED", D("39.60"))
    }  # fmt: skip
    assert there["Q-7"]["LineItems"][0]["UnitAmount"] == D("33.3367")
    assert there["Q-7"]["ExpiryDateString"].startswith("2026-04-08")
    place.sent()
    assert quotes(place) == there


def test_a_quote_walks_with_its_stage(tmp_path: Path) -> None:
    place = shop(
        tmp_path, zoho={"Quotes": [quote("7", [line("100.00")])]}, settings={"quotes": "quote", "credit_notes": False}
    )

    def moved(stage: str) -> tuple[str, str]:
        place.edit("zoho", "Quotes", "567", Quote_Stage=stage)
        plan = place.preview()
        check(plan)
        place.push()
        again = place.push()
        assert not [one for one in again["actions"] if one.get("outcome")], stage
        return actions(plan, "quotes")["7"]["action"] if actions(plan, "quotes") else "", quotes(place)["7"]["Status"]

    assert moved("Draft") == ("create", "DRAFT")
    assert moved("Confirmed") == ("update", "ACCEPTED")
    assert moved("Closed Lost") == ("update", "DECLINED")
    assert moved("Closed Won") == ("update", "ACCEPTED")
    # Back to talking: a status that is further on stays, as in Xero itself.
    assert moved("Delivered") == ("", "ACCEPTED")
    place.edit("zoho", "Quotes", "567", Quote_Stage="Closed Lost")
    place.push()
    assert moved("Negotiation") == ("conflict", "DECLINED")


def test_an_accepted_quote_is_not_edited(tmp_path: Path) -> None:
    place = shop(tmp_path, zoho={"Quotes": [quote("7", [line("100.00")], "Confirmed")]}, settings={"quotes": "quote"})
    place.push()
    place.edit("zoho", "Quotes", "567", Terms_and_Conditions="Pay soon", Valid_Till="2026-05-01")
    found = actions(place.preview(), "quotes")["7"]
    assert (found["action"], found["problems"][0]["code"]) == ("conflict", "R909")
    assert "7 is accepted in Xero, so ExpiryDate cannot change there" in found["reason"]


def test_a_draft_quote_is_updated_by_its_id(tmp_path: Path) -> None:
    place = shop(tmp_path, zoho={"Quotes": [quote("7", [line("100.00")])]}, settings={"quotes": "quote"})
    place.push()
    place.edit("zoho", "Quotes", "567", Valid_Till="2026-05-01")
    found = actions(place.preview(), "quotes")["7"]
    assert found["action"] == "update" and set(found["payload"]) == {"QuoteID", "Contact", "Date", "ExpiryDate"}
    place.push()
    assert quotes(place)["7"]["ExpiryDateString"].startswith("2026-05-01")
    place.sent()


def test_a_quote_behind_a_lock_date_is_sent(tmp_path: Path) -> None:
    """Quotes are not posted: a closed period holds no quote."""
    organisation = {"Organisation": [{"PeriodLockDate": "2026-03-31", "BaseCurrency": "AUD", "Name": "Books"}]}
    place = shop(
        tmp_path, zoho={"Quotes": [quote("7", [line("1.00")])]}, xero=organisation, settings={"quotes": "quote"}
    )
    assert actions(place.preview(), "quotes")["7"]["action"] == "create"


def test_billing_from_quotes_bills_once(tmp_path: Path) -> None:
    orders = [
        {
            "id": f"80{number}",
            "SO_Number": f"SO-{number}",
            "Subject": "Order",
            "Quote_Name": {"id": f"56{number}", "name": f"Order {number}"},
            "Ordered_Items": [],
        }
        for number in (7, 8)
    ]
    place = shop(
        tmp_path,
        invoice("1001", [line("100.00")], Sales_Order={"id": "807", "name": "Order"}),
        invoice("1002", [line("30.00")], Sales_Order={"id": "808", "name": "Order"}),
        invoice("1003", [line("5.00")]),
        zoho={
            "Quotes": [quote("7", [line("100.00")], "Confirmed"), quote("8", [line("30.00")], "Closed Lost")],
            "Sales_Orders": orders,
        },
        settings={"quotes": "invoice", "quote_prefix": "Q-", "unpaid_status": "AUTHORISED"},
    )
    plan = place.preview()
    check(plan)
    assert actions(plan, "invoices")["1001"]["reason"] == "billed by its quote"
    assert actions(plan, "quote_invoices")["8"]["reason"] == "lost in Zoho"
    sent = place.sent()
    assert {number: (one["Status"], one["Total"], one.get("Reference")) for number, one in sent.items()} == {
        "Q-7": ("DRAFT", D("110.00"), "Q-7"),
        "1002": ("AUTHORISED", D("33.00"), "Q-8"),
        "1003": ("AUTHORISED", D("5.50"), ""),
    }
    # Lost after all: the draft goes, and only then the invoice of the order is sent.
    place.edit("zoho", "Quotes", "567", Quote_Stage="Closed Lost")
    plan = place.preview()
    assert actions(plan, "quote_invoices")["7"]["action"] == "delete"
    assert actions(plan, "invoices")["1001"]["action"] == "create"
    after = place.sent()
    assert after["Q-7"]["Status"] == "DELETED" and after["1001"]["Total"] == D("110.00")


def test_billing_from_quotes_with_xeros_own_numbers(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        zoho={"Quotes": [quote("7", [line("100.00")], "Confirmed")]},
        settings={"quotes": "invoice", "auto_number": True, "quote_prefix": "Q-"},
    )
    assert {number: one["Reference"] for number, one in place.sent().items()} == {"INV-0001": "Q-7"}


def test_a_quote_line_without_a_tax_of_its_own_has_none(tmp_path: Path) -> None:
    """On a quote Xero fills in no tax from account or item (reference/xero 2.3), so none is counted on."""
    place = shop(
        tmp_path,
        zoho={"Quotes": [quote("7", [line("100.00", tax=())])]},
        settings={"quotes": "quote"},
        edits=[("rules/quotes.zx", "  TaxType = tax_rate(Line_Tax otherwise parent.$line_tax)\n", "")],
    )
    place.push()
    assert (quotes(place)["7"]["Total"], quotes(place)["7"]["TotalTax"]) == (D("100.00"), D("0.00"))


def test_a_rule_may_cancel_quotes(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        zoho={"Quotes": [quote("7", [line("1.00")], "Confirmed"), quote("8", [line("1.00")], "Confirmed")]},
        settings={"quotes": "quote"},
        edits=[("rules/quotes.zx", "  match on QuoteNumber\n", "  match on QuoteNumber\n"
                '  cancel when Quote_Stage is "Closed Lost" because "lost"\n')],
    )  # fmt: skip
    place.push()
    place.edit("xero", "Quotes", quotes(place)["8"]["QuoteID"], Status="INVOICED")
    for id in ("567", "568"):
        place.edit("zoho", "Quotes", id, Quote_Stage="Closed Lost")
    found = actions(place.preview(), "quotes")
    assert (found["7"]["action"], set(found["7"]["payload"])) == ("delete", {"QuoteID", "Contact", "Date", "Status"})
    assert (found["8"]["action"], found["8"]["reason"]) == (
        "conflict", "lost, but the quote 8 was billed in Xero: it was not deleted"
    )  # fmt: skip
    place.push()
    assert {number: one["Status"] for number, one in quotes(place).items()} == {"7": "DELETED", "8": "INVOICED"}


def test_off_means_that_no_quote_is_read_for_sending(tmp_path: Path) -> None:
    place = shop(tmp_path, zoho={"Quotes": [quote("7", [line("100.00")])]}, settings={"invoices": "off"})
    plan = place.preview()
    assert plan["verdict"] == "unchanged" and not plan["actions"] and "quotes" not in plan["by_map"]


def test_a_quote_may_carry_a_tax_on_its_total_and_one_customer(tmp_path: Path) -> None:
    made = quote(
        "7", [line("100.00", tax=()), line("50.00", tax=())], Adjustment=D("1.00"), **{"$line_tax": GST},
        Grand_Total=D("166.00"),
    )  # fmt: skip
    place = shop(
        tmp_path, zoho={"Quotes": [made]}, settings={"quotes": "quote", "customer": "single", "discount": "line"}
    )
    place.sent()
    found = quotes(place)["7"]
    assert (found["Total"], found["TotalTax"], found["Contact"]["Name"]) == (D("166.00"), D("15.00"), "Online Sale")
    assert [one["Description"] for one in found["LineItems"]][-2:] == ["Adjustment", "Customer: Quayside Ceramics"]
