"""Money, taxes, customers and items on small data of one's own: to the cent in Xero, or blocked with cause and cure."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import FREE, GST, account, find, invoice, line, person, product, shop, taxes


def rows(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["Description"], row.get("Quantity"), row.get("UnitAmount"), row.get("LineAmount"), row.get("TaxType"))
        for row in document["LineItems"]
    ]


def named(name: str, code: str | None = None, id: str = "501") -> dict[str, Any]:
    return {"id": id, "name": name, **({} if code is None else {"Product_Code": code})}


def test_an_approved_invoice_line_by_line(tmp_path: Path) -> None:
    """starter rules 3, invoices_test."""
    document = invoice(
        "1001",
        [line("100.01", "3"), line("28.00", "7", FREE, product=named("Handbook", "BOOK", "502"))],
        Invoice_Date="2026-03-31",
        Grand_Total=D("138.01"),
    )
    place = shop(
        tmp_path,
        document,
        zoho={"Products": [product(), product("502", "BOOK", "Handbook")]},
        settings={"prefix": "AU-", "due_rule": "day_of_following_month", "due_days": 20},
    )
    made = place.sent()["AU-1001"]
    assert (made["Status"], made["DueDateString"][:10], made["Total"]) == ("DRAFT", "2026-04-20", D("138.01"))
    assert rows(made) == [
        ("Widget", 3, D("33.3367"), D("100.01"), "OUTPUT"),
        ("Handbook", 7, D("4.00"), D("28.00"), "EXEMPTOUTPUT"),
    ]


SPREAD = [
    line("1113.75", "3", product=named("Workshop")),
    line("132.93", "7", FREE, product=named("Photos", None, "502")),
    line("241.08", "40", (), product=named("Handbook", None, "503")),
]


THINGS = [product("501", None, "Workshop"), product("502", None, "Photos"), product("503", None, "Handbook")]


def test_a_discount_on_the_document_is_spread(tmp_path: Path) -> None:
    """starter rules 3, invoices_test."""
    document = invoice("1", SPREAD, Discount=D(46), Adjustment=D("-0.02"), Grand_Total=D("1553.12"))
    place = shop(tmp_path, document, zoho={"Products": THINGS})
    made = place.sent()["1"]
    assert made["Total"] == D("1553.12")
    assert rows(made) == [
        ("Workshop", 3, D("360.57"), D("1081.71"), "OUTPUT"),
        ("Photos", 7, D("18.4443"), D("129.11"), "EXEMPTOUTPUT"),
        ("Handbook", 40, D("5.8535"), D("234.14"), "BASEXCLUDED"),
        ("Adjustment", 1, D("-0.02"), D("-0.02"), "BASEXCLUDED"),
        ("Rounding", 1, D("0.01"), D("0.01"), "BASEXCLUDED"),
    ]


def test_a_discount_as_a_line_of_its_own(tmp_path: Path) -> None:
    document = invoice("1", SPREAD, Discount=D(46), Adjustment=D("-0.02"))
    place = shop(
        tmp_path,
        document,
        zoho={"Products": THINGS},
        settings={"discount": "line", "discount_account": "260", "adjustment_account": "400"},
    )
    made = place.sent()["1"]
    assert rows(made)[3:] == [
        ("Adjustment", 1, D("-0.02"), D("-0.02"), "BASEXCLUDED"),
        ("Discount", 1, D("-46.00"), D("-46.00"), "BASEXCLUDED"),
    ]
    assert [row["AccountCode"] for row in made["LineItems"]] == ["200", "200", "200", "400", "260"]


def test_a_gap_beyond_the_limit_is_never_closed(tmp_path: Path) -> None:
    """starter rules 3, invoices_test."""
    place = shop(tmp_path, invoice("1", [line("10.45")], Grand_Total=D("12.50")))
    assert "Xero would make it 11.50, Zoho says 12.50" in place.blocked("1")["reason"]
    assert place.sent() == {}


def test_a_cancelled_invoice(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.45")], Status="Cancelled"))
    action = find(place.preview(), "1")
    assert (action["action"], action["reason"]) == ("skip", "cancelled in Zoho")


@pytest.mark.parametrize("limit", ["0.05", "0.04", "0.00"])
def test_the_limit_is_inclusive(tmp_path: Path, limit: str) -> None:
    documents = [invoice("1", [line("10.00")], Grand_Total=D("11.05")), invoice("2", [line("10.00")])]
    place = shop(tmp_path, *documents, settings={"rounding_limit": float(limit)})
    if limit == "0.05":
        assert rows(place.sent()["1"])[-1] == ("Rounding", 1, D("0.05"), D("0.05"), "BASEXCLUDED")
    else:
        assert f"0.05 apart, {limit} may be closed" in place.blocked("1")["reason"]
        assert list(place.sent()) == ["2"]


def test_override_puts_the_gap_on_the_tax_and_takes_it_back(tmp_path: Path) -> None:
    lines = [line("10.00"), line("20.00")]
    place = shop(tmp_path, invoice("1", lines, Grand_Total=D("32.98")), settings={"total_tax": "override"})
    made = place.sent()["1"]
    assert [row["TaxAmount"] for row in made["LineItems"]] == [D("1.00"), D("1.98")] and made["Total"] == D("32.98")
    place.set(total_tax="rounding")
    made = place.sent()["1"]
    assert [row["TaxAmount"] for row in made["LineItems"]] == [D("1.00"), D("2.00"), D("0.00")]
    assert made["Total"] == D("32.98")


def test_override_needs_a_taxed_line(tmp_path: Path) -> None:
    document = invoice("1", [line("10.00", tax=FREE)], Grand_Total=D("10.01"))
    place = shop(tmp_path, document, settings={"total_tax": "override"})
    assert "no line carries tax" in place.blocked("1")["reason"]


def test_rounding_account_of_ones_own(tmp_path: Path) -> None:
    document = invoice("1", [line("10.00")], Grand_Total=D("11.01"))
    made = shop(tmp_path, document, settings={"rounding_account": "404"}).sent()["1"]
    assert made["LineItems"][1]["AccountCode"] == "404" and made["LineItems"][1]["TaxType"] == "EXEMPTEXPENSES"


def test_no_rounding_account_at_all(tmp_path: Path) -> None:
    accounts = [
        {"AccountID": "33333333-3333-4333-8333-333333333333", "Code": "200", "Name": "Sales", "Type": "REVENUE"},
        {"AccountID": "33333333-3333-4333-8333-333333333334", "Code": "310", "Name": "Costs", "Type": "DIRECTCOSTS"},
    ]
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Grand_Total=D("11.01")),
        invoice("2", [line("10.00")]),
        xero={"Accounts": accounts},
    )
    assert "no rounding account" in place.blocked("1")["reason"]
    assert list(place.sent()) == ["2"]


def test_a_tax_on_the_total(tmp_path: Path) -> None:
    bare = [line("10.45", tax=()), line("10.45", tax=()), line("5.00", tax=())]
    unset = [{**one, "percentage": 0, "value": 0} for one in (*GST, *FREE)]
    place = shop(
        tmp_path,
        invoice("1", bare, **{"$line_tax": [{**GST[0], "value": D("2.59")}]}),
        invoice("2", bare, **{"$line_tax": [{**GST[0], "value": D("2.49")}], "Discount": D("1.00")}),
        invoice("3", bare, **{"$line_tax": unset}),
        invoice("4", [line("10.00"), *bare], **{"$line_tax": GST}),
    )
    assert place.blocked("4")["reason"] == "line 1: taxed twice: on its lines and on its total"
    sent = place.sent()
    assert {number: made["Total"] for number, made in sent.items()} == {
        "1": D("28.49"),
        "2": D("27.39"),
        "3": D("25.90"),
    }
    assert {row["TaxType"] for row in sent["1"]["LineItems"][:3]} == {"OUTPUT"}
    assert {row["TaxType"] for row in sent["3"]["LineItems"]} == {"BASEXCLUDED"}


CANADA = {
    "TaxRates": [
        {"Name": "GST on Income", "TaxType": "OUTPUT", "EffectiveRate": 10, "DisplayTaxRate": 10, "Status": "ACTIVE"},
        {"Name": "Free", "TaxType": "EXEMPTOUTPUT", "EffectiveRate": 0, "DisplayTaxRate": 0, "Status": "ACTIVE"},
        {"Name": "None", "TaxType": "BASEXCLUDED", "EffectiveRate": 0, "DisplayTaxRate": 0, "Status": "ACTIVE"},
        {"Name": "GST and PST", "TaxType": "TAX001", "EffectiveRate": 12, "DisplayTaxRate": 12, "Status": "ACTIVE"},
    ]
}


def test_a_combination_of_taxes_in_any_order(tmp_path: Path) -> None:
    one, two = taxes("GST 5%", "PST 7%"), taxes("PST 7%", "GST 5%")
    edit = ("rules/tax.zx", "| missing     |", "| PST 7% + GST 5% | TAX001 |\n| missing     |")
    place = shop(
        tmp_path,
        invoice("1", [line("10.00", tax=one), line("33.33", tax=two)]),
        invoice("2", [line("10.00", tax=taxes("PST 7%"))]),
        invoice("3", [line("10.00", tax=taxes("GST 5%", "PST 7%", "GST 10%"))]),
        zoho={"taxes": [{"id": f"9{rate}", "name": name, "value": rate} for name, rate in _CANADIAN]},
        xero=CANADA,
        edits=[edit],
    )
    plan = place.preview()
    fixes = {found["fix"] for found in plan["findings"]}
    assert "| PST 7% | … |" in fixes and "| GST 10% + GST 5% + PST 7% | … |" in fixes
    assert find(plan, "2")["action"] == find(plan, "3")["action"] == "block"
    made = place.sent()["1"]
    assert {row["TaxType"] for row in made["LineItems"]} == {"TAX001"} and made["Total"] == D("48.53")


_CANADIAN = (("GST", 5), ("PST", 7), ("GST", 10), ("GST Free", 0))


def test_an_unknown_tax_names_the_row_to_paste(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00", tax=taxes("Levy 2.5%"))]))
    action = place.blocked("1")
    assert action["reason"] == "line 1: the Zoho taxes 'Levy 2.5%' have no Xero tax rate"
    assert place.preview()["findings"][0]["amounts"] == {"AUD": "10.25"}


def test_odd_lines(tmp_path: Path) -> None:
    """Line discounts, negative lines, many decimals, quantity 0, prices that no two decimals hold."""
    odd = [
        line("1.37", "0.12345"),
        line("-20.00", "2"),
        line("-20.00", "-3"),
        line("0.00", "0"),
        line("10.00", "3"),
        line("0.01", "1000"),
        line("99999.99", "7.3333"),
        line("45.00", "5", Discount=D("5.00")),
        line("112.50", "1000"),
        line("0.00", "12"),
        line("500.00", "1"),
    ]
    place = shop(tmp_path, invoice("1", odd, Status="Paid"))
    made = place.sent()["1"]
    assert [row["LineAmount"] for row in made["LineItems"]][: len(odd)] == [one["Total_After_Discount"] for one in odd]
    assert all(row["Quantity"] >= 0 for row in made["LineItems"])
    assert made["LineItems"][0]["Description"] == "Widget (quantity 0.12345)"
    assert rows(made)[2][1:4] == (3, D("-6.6667"), D("-20.00"))


def test_amounts_of_eight_digits(tmp_path: Path) -> None:
    made = shop(tmp_path, invoice("1", [line("12345678.99", "7"), line("0.01")])).sent()["1"]
    assert made["Total"] == D("13580246.90")


def test_a_document_below_zero(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("-10.00")]), settings={"credit_notes": False})
    assert "below zero" in place.blocked("1")["reason"]


@pytest.mark.parametrize("status", ["Approved", "Paid"])
def test_an_invoice_without_lines(tmp_path: Path, status: str) -> None:
    place = shop(tmp_path, invoice("1", [], Status=status), invoice("2", [line("1.00")]))
    assert "no lines" in place.blocked("1")["reason"]
    assert list(place.sent()) == ["2"]


def test_a_total_that_is_missing(tmp_path: Path) -> None:
    document = invoice("1", [line("10.00")], Grand_Total=None)
    plan = shop(tmp_path, document).preview()
    assert find(plan, "1")["action"] == "block"


def test_unicode_stays(tmp_path: Path) -> None:
    thing = product("501", "W-Ü", "Čaj “zelený” 🍵")
    row = line("10.00", product=named(thing["Product_Name"], "W-Ü"))
    place = shop(
        tmp_path,
        invoice("1", [row], Account_Name={"id": "301", "name": "Žofie & synové 株式会社"}),
        invoice("№2", [line("10.00")]),
        zoho={"Products": [thing], "Accounts": [account(name="Žofie & synové 株式会社")]},
    )
    assert "№" in place.blocked("№2")["reason"]
    made = place.sent()["1"]
    assert made["Contact"]["Name"] == "Žofie & synové 株式会社"
    assert (made["LineItems"][0]["Description"], made["LineItems"][0]["ItemCode"]) == ("Čaj “zelený” 🍵", "W-Ü")


def test_codes_of_30_and_31_characters(tmp_path: Path) -> None:
    fits, long = "C" * 30, "C" * 31
    place = shop(
        tmp_path,
        invoice("1", [line("10.00", product=named("Fits", fits, "502"))]),
        invoice("2", [line("10.00", product=named("Long", long, "503"))]),
        zoho={"Products": [product("502", fits, "Fits"), product("503", long, "Long")]},
    )
    assert "30 characters" in place.blocked("2")["reason"]
    assert place.sent()["1"]["LineItems"][0]["ItemCode"] == fits


def test_a_code_that_differs_in_case_is_a_question(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        xero={"Items": [{"ItemID": "22222222-2222-4222-8222-222222222222", "Code": "w-1", "Name": "Widget"}]},
    )
    assert "upper and lower case" in place.blocked("1")["reason"]


@pytest.mark.parametrize("code", ["W-1", "w-1"])
def test_two_products_with_one_code(tmp_path: Path, code: str) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        invoice("2", [line("10.00", product=named("Second", code, "502"))]),
        zoho={"Products": [product(), product("502", code, "Second")]},
    )
    assert "already taken" in place.blocked("2")["reason"]
    assert list(place.sent()) == ["1"]
    assert [item["Code"] for item in place.dump()["Items"]] == ["W-1"]


def test_two_accounts_with_one_name(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        invoice("2", [line("10.00")], Account_Name={"id": "302", "name": "quayside  CERAMICS"}),
        zoho={"Accounts": [account(), account("302", "quayside  CERAMICS")]},
    )
    assert "already taken" in place.blocked("2")["reason"]
    assert list(place.sent()) == ["1"]
    assert len(place.dump()["Contacts"]) == 1


def contact(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "ContactID": f"11111111-1111-4111-8111-11111111111{number}",
        "Name": name,
        "ContactStatus": "ACTIVE",
        **more,
    }


def test_an_archived_contact(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        xero={"Contacts": [contact(1, "Quayside Ceramics", ContactStatus="ARCHIVED")]},
    )
    assert "archived" in place.blocked("1")["reason"]
    assert place.sent() == {}


def test_a_contact_that_is_there_is_used_and_left_alone(tmp_path: Path) -> None:
    there = contact(1, "quayside ceramics", Addresses=[{"AddressType": "POBOX", "AddressLine1": "their own"}])
    place = shop(tmp_path, invoice("1", [line("10.00")]), xero={"Contacts": [there]})
    assert place.sent()["1"]["Contact"]["ContactID"] == there["ContactID"]
    kept = place.dump()["Contacts"]
    assert len(kept) == 1 and kept[0]["Name"] == "quayside ceramics" and "their own" in str(kept)


def test_two_candidates_for_a_contact(tmp_path: Path) -> None:
    """Two active contacts of one name can only come from a merge or an import; zx asks."""
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        xero={"Contacts": [contact(1, "Quayside Ceramics"), contact(2, "QUAYSIDE CERAMICS")]},
    )
    assert "2 of them agree on Name" in place.blocked("1")["reason"]


PEOPLE = [
    person("401", "Ada", "Quill", Email="ada@quill.example"),
    person("402", "Bo", "Reed", Phone="(02) 5550 0102"),
    person("403", "Cy", "Stone", Email="cy@stone.example", Phone="5550 0103"),
    person("404", "Di", "Thorn", Email="di@thorn.example"),
    person("405", "Ed", "Umber"),
]


def test_people_are_matched_by_name_and_address_or_number(tmp_path: Path) -> None:
    phone = [{"PhoneType": "DEFAULT", "PhoneNumber": "5550 0102", "PhoneAreaCode": "02", "PhoneCountryCode": "61"}]
    there = [
        contact(1, "ADA QUILL", EmailAddress="Ada@Quill.Example"),
        contact(2, "Bo Reed", Phones=phone),
        contact(3, "Cy Stone", EmailAddress="other@stone.example"),
        contact(5, "Ed Umber", EmailAddress="ed@umber.example"),
    ]
    documents = [
        invoice(str(number), [line("10.00")], Contact_Name={"id": f"40{number}", "name": "whoever"})
        for number in range(1, 6)
    ]
    place = shop(
        tmp_path, *documents, zoho={"Contacts": PEOPLE}, xero={"Contacts": there}, settings={"customer": "original"}
    )
    assert "agrees on Name, but not on" in place.blocked("3")["reason"]
    assert "agrees on Name, but not on" in place.blocked("5")["reason"]
    sent = place.sent()
    assert sorted(sent) == ["1", "2", "4"]
    ids = {number: made["Contact"]["ContactID"][-1] for number, made in sent.items()}
    assert (ids["1"], ids["2"]) == ("1", "2") and sent["4"]["Contact"]["Name"] == "Di Thorn"


def test_a_deleted_account(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")], Account_Name={"id": "399", "name": "Gone Ltd"}))
    assert '"Gone Ltd" was not read' in place.blocked("1")["reason"]


def test_a_person_without_any_name(tmp_path: Path) -> None:
    nameless = {"id": "401", "Email": "x@y.example", "Modified_Time": "2026-03-01T09:00:00+11:00"}
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Contact_Name={"id": "401", "name": ""}),
        zoho={"Contacts": [nameless]},
        settings={"customer": "original"},
    )
    assert "needs a value for Name" in place.blocked("1")["reason"]


def test_several_currencies(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")]),
        invoice("2", [line("10.00", tax=FREE)], Currency="USD", Exchange_Rate=D("0.66")),
        invoice("3", [line("10.00", tax=FREE)], Currency="CHF", Exchange_Rate=D("0.58")),
    )
    assert "not subscribed to the currency CHF" in place.blocked("3")["reason"]
    plan = place.preview()
    assert {one["currency"]: (one["ready"], one["blocked"]) for one in plan["totals"]} == {
        "AUD": ("11.00", "0.00"),
        "USD": ("10.00", "0.00"),
        "CHF": ("0.00", "10.00"),
    }
    assert {number: made["CurrencyCode"] for number, made in place.sent().items()} == {"1": "AUD", "2": "USD"}


def test_an_organisation_without_multi_currency(tmp_path: Path) -> None:
    document = invoice("1", [line("10.00")])
    del document["Currency"]
    org = {"id": "1", "company_name": "Kiwi", "iso_code": "AUD", "mc_status": False, "time_zone": "Australia/Sydney"}
    place = shop(tmp_path, document, zoho={"org": [org]}, settings={"currency_rate": "pin"})
    assert find(place.preview(), "1")["totals"]["currency"] == "AUD"
    assert place.sent()["1"]["CurrencyCode"] == "AUD"


def test_rates_of_two_base_currencies_are_not_pinned(tmp_path: Path) -> None:
    org = {"id": "1", "company_name": "Kiwi", "iso_code": "NZD", "mc_status": True, "time_zone": "Pacific/Auckland"}
    currencies = [
        {
            "id": f"8{code}",
            "iso_code": code,
            "name": code,
            "is_base": code == "NZD",
            "is_active": True,
            "exchange_rate": "1",
        }
        for code in ("NZD", "AUD", "USD")
    ]
    document = invoice("1", [line("10.00", tax=FREE)], Currency="USD", Exchange_Rate=D("0.6"))
    zoho = {"org": [org], "currencies": currencies}
    place = shop(tmp_path, document, zoho=zoho, settings={"currency_rate": "pin"})
    assert "NZD" in place.blocked("1")["reason"]
    place.set(currency_rate="xero")
    assert place.sent()["1"]["CurrencyCode"] == "USD"


def test_a_bill_of_the_same_number_is_no_obstacle(tmp_path: Path) -> None:
    bill = {
        "InvoiceID": "44444444-4444-4444-8444-444444444444",
        "Type": "ACCPAY",
        "InvoiceNumber": "1",
        "Contact": {"ContactID": contact(1, "")["ContactID"], "Name": "Supplier"},
        "Date": "/Date(1773100800000+0000)/",
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {"Description": "Paper", "Quantity": 1, "UnitAmount": 5, "AccountCode": "400", "TaxType": "INPUT"}
        ],
        "CurrencyCode": "AUD",
    }
    place = shop(
        tmp_path, invoice("1", [line("10.00")]), xero={"Invoices": [bill], "Contacts": [contact(1, "Supplier")]}
    )
    place.sent()
    numbers = [(one["Type"], one["InvoiceNumber"]) for one in place.dump()["Invoices"]]
    assert sorted(numbers) == [("ACCPAY", "1"), ("ACCREC", "1")]


def test_numbers_that_differ_in_case_only(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("a1", [line("10.00")]), invoice("A1", [line("20.00")]))
    assert (
        "already taken" in place.blocked("a1" if find(place.preview(), "a1")["action"] == "block" else "A1")["reason"]
    )
    assert len(place.sent()) == 1


def test_accounts_that_take_no_lines(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")]), settings={"sales_account": "610"})
    assert "takes no lines" in place.blocked("1")["reason"]


def test_a_tax_rate_that_is_not_for_the_account(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("1", [line("10.00")], Adjustment=D("1.00")), settings={"sales_account": "400"})
    assert "cannot be used with the account 400" in place.blocked("1")["reason"]


TRACKED = {
    "ItemID": "22222222-2222-4222-8222-222222222222",
    "Code": "W-1",
    "Name": "Widget",
    "IsTrackedAsInventory": True,
    "InventoryAssetAccountCode": "630",
    "QuantityOnHand": 5,
    "PurchaseDetails": {"COGSAccountCode": "310"},
    "SalesDetails": {"AccountCode": "200"},
}


def test_tracked_stock_is_never_moved_wrongly(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("1.37", "0.12345")]),
        invoice("2", [line("30.00", "3")], Status="Paid"),
        invoice("3", [line("30.00", "3")], Status="Paid"),
        invoice("4", [line("30.00", "3")]),
        xero={"Items": [TRACKED]},
    )
    assert "tracked stock" in place.blocked("1")["reason"]
    assert "3 of W-1 are needed, 2 are in stock" in place.blocked("3")["reason"]
    assert {number: made["Status"] for number, made in place.sent().items()} == {"2": "AUTHORISED", "4": "DRAFT"}
    assert place.dump()["Items"][0]["QuantityOnHand"] == 2


def test_an_edit_in_zoho_replaces_lines_without_mixing_them(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00"), line("20.00", product=named("Second", "S", "502"))]),
        zoho={"Products": [product(), product("502", "S", "Second"), product("503", None, "Delivery")]},
        settings={"customer": "single"},
    )
    place.sent()
    place.edit(
        "zoho",
        "Invoices",
        "61",
        Invoiced_Items=[
            {"Product_Name": named("Delivery", None, "503"), "Quantity": 1, "List_Price": 7, "Line_Tax": GST}
        ],
    )
    action = find(place.preview(), "1")
    assert action["action"] == "update" and action["totals"]["difference"] == "0.00"
    made = place.sent()["1"]
    assert [row["Description"] for row in made["LineItems"]] == ["Delivery", "Customer: Quayside Ceramics"]
    assert "ItemCode" not in made["LineItems"][0] and made["Total"] == D("7.70")


def test_a_line_without_product(tmp_path: Path) -> None:
    row = line("10.00", product=None, Description="Work by the hour")
    made = shop(tmp_path, invoice("1", [row], Status="Paid")).sent()["1"]
    assert rows(made) == [("Work by the hour", 1, D("10.00"), D("10.00"), "OUTPUT")]


def test_minimal_records(tmp_path: Path) -> None:
    """No products file, no names on anything that need not have one."""
    row = {
        "id": "1",
        "Product_Name": {"id": "501", "name": "Widget"},
        "Quantity": 2,
        "List_Price": D("12.25"),
        "Total_After_Discount": D("24.5"),
        "Line_Tax": [{"name": "GST", "percentage": 10}],
    }
    bare = {
        "id": "61",
        "Invoice_Number": "1",
        "Status": "Approved",
        "Invoice_Date": "2026-03-10",
        "Account_Name": {"id": "301", "name": "Quayside Ceramics"},
        "Invoiced_Items": [row],
        "Grand_Total": D("26.95"),
        "Modified_Time": "2026-03-10T09:00:00+11:00",
        "Created_Time": "2026-03-10T09:00:00+11:00",
    }
    bare_product = {"id": "501", "Product_Name": "Widget", "Modified_Time": "2026-03-10T09:00:00+11:00"}
    place = shop(tmp_path, bare, zoho={"Products": [bare_product]})
    assert place.sent()["1"]["Total"] == D("26.95")


def test_an_e_mail_address_that_xero_refuses(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Contact_Name={"id": "401", "name": "Ada Quill"}),
        zoho={"Contacts": [person(Email="ada@quíll.example")]},
        settings={"customer": "original"},
    )
    assert "no e-mail address like" in place.blocked("1")["reason"]


def test_an_invoice_that_is_there_already_is_adopted_even_behind_a_lock_date(tmp_path: Path) -> None:
    there = {
        "InvoiceID": "44444444-4444-4444-8444-444444444444",
        "Type": "ACCREC",
        "InvoiceNumber": "1",
        "Contact": {"ContactID": contact(1, "")["ContactID"], "Name": "Quayside Ceramics"},
        "Date": "/Date(1741564800000+0000)/",
        "DueDate": "/Date(1744156800000+0000)/",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {"Description": "Widget", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200", "TaxType": "OUTPUT"}
        ],
        "CurrencyCode": "AUD",
        "Total": 11,
    }
    place = shop(
        tmp_path,
        invoice("1", [line("10.00")], Invoice_Date="2025-03-10"),
        invoice("2", [line("10.00")], Invoice_Date="2025-03-10"),
        xero={"Invoices": [there], "Contacts": [contact(1, "Quayside Ceramics")]},
        settings={"start_date": "2025-01-01"},
    )
    assert "locked in Xero" in place.blocked("2")["reason"]
    assert find(place.preview(), "1")["action"] == "adopt"
    place.sent()
    assert len(place.dump()["Invoices"]) == 1


def test_a_surcharge_and_a_discount_of_everything(tmp_path: Path) -> None:
    place = shop(
        tmp_path,
        invoice("1", [line("10.00"), line("33.33", "7", FREE)], Discount=D("-5.00")),
        invoice("2", [line("10.00"), line("33.33", "7", FREE)], Discount=D("44.33")),
        invoice("3", [line("10.00")], Discount=D("11.01"), Adjustment=D("0.01")),
    )
    assert "cannot be spread" in place.blocked("3")["reason"]
    assert {number: made["Total"] for number, made in place.sent().items()} == {"1": D("49.33"), "2": D("0.00")}
