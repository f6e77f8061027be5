"""A bookkeeper's own figures, worked out by hand, against what stands in Xero: odd currencies and odd combinations."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

from tests.e2e.shop import Json, invoice, line, shop


def base(code: str, *others: str) -> Json:
    """Zoho's currencies."""
    return {
        "currencies": [
            {"id": f"8{one}", "iso_code": one, "name": one, "is_base": one == code, "is_active": True}
            | {"exchange_rate": "1"}
            for one in (code, *others)
        ]
    }


def subscribed(*codes: str) -> Json:
    return {"Currencies": [{"Code": code, "Description": code} for code in codes]}


def untaxed(amount: str, **more: Any) -> Json:
    """A line without tax whose amount may have three decimals."""
    value = D(amount)
    return {**line("1", tax=()), "Total": value, "Total_After_Discount": value, "Net_Total": value, **more}


def test_currencies_of_three_and_of_no_decimals(tmp_path: Path) -> None:
    """Xero keeps two decimals: three that end in 0 fit, any other total is blocked for just that reason."""
    kuwait = {"Currency": "KWD", "Exchange_Rate": D("0.2")}
    japan = {"Currency": "JPY", "Exchange_Rate": D("97.12")}
    documents = [
        invoice("11", [untaxed("10.125")], **kuwait),
        invoice("12", [untaxed("10.120")], **kuwait),
        invoice("13", [untaxed("10.125"), untaxed("10.125")], **kuwait),
        invoice("14", [untaxed("10.00")], Adjustment=D("0.005"), **kuwait),
        invoice("15", [untaxed("-10.125")], **kuwait),
        invoice("21", [untaxed("333", Quantity=D(7))], Discount=D(33), **japan),
    ]
    place = shop(
        tmp_path,
        *documents,
        zoho=base("AUD", "KWD", "JPY"),
        xero=subscribed("AUD", "KWD", "JPY"),
        settings={"currency_rate": "pin"},
    )
    plan = place.preview()
    reasons = {one["source"]["label"]: one["reason"] for one in plan["actions"] if one["action"] == "block"}
    assert reasons == {
        "11": "its total of 10.125 has 3 decimals, Xero keeps 2: no total there can be equal to it",
        "14": "its total of 10.005 has 3 decimals, Xero keeps 2: no total there can be equal to it",
        "15": "its total of 10.125 has 3 decimals, Xero keeps 2: no total there can be equal to it",
    }
    sent = place.sent()
    assert {number: (made["Total"], made["CurrencyCode"], made["CurrencyRate"]) for number, made in sent.items()} == {
        "12": (D("10.12"), "KWD", D("0.2")),
        "13": (D("20.25"), "KWD", D("0.2")),
        "21": (D("300.00"), "JPY", D("97.12")),
    }
    assert [row["LineAmount"] for row in sent["13"]["LineItems"]] == [D("10.13"), D("10.13"), D("-0.01")]
