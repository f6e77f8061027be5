"""The worked values of reference/xero 4.2, sent through the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .conftest import CONTACT, Client


def draft(lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"Type": "ACCREC", "Contact": {"ContactID": CONTACT}, "Date": "2026-03-02", "LineItems": lines, **more}


def line(amount: str, tax: str = "OUTPUT", **more: Any) -> dict[str, Any]:
    return {
        "Description": "x",
        "Quantity": 1,
        "UnitAmount": Decimal(amount),
        "AccountCode": "200",
        "TaxType": tax,
        **more,
    }


def sent(xero: Client, body: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = xero.json("PUT", f"/Invoices{query}", body)["Invoices"][0]
    return answer


@pytest.mark.parametrize(
    ("lines", "mode", "sub_total", "tax", "total"),
    [
        ([line(a, "OUTPUT15") for a in ("25.06", "25.61", "25.63")], "Exclusive", "76.30", "11.44", "87.74"),
        ([line("19.95", "OUTPUT15", DiscountRate=10)], "Exclusive", "17.96", "2.69", "20.65"),
        ([line("10.45")], "Exclusive", "10.45", "1.05", "11.50"),
        ([line("-10.45")], "Exclusive", "-10.45", "-1.05", "-11.50"),
        ([line("20.00", "CUSTOM95")], "Inclusive", "18.26", "1.74", "20.00"),
        ([line("100.00", "OUTPUT15")], "Inclusive", "86.96", "13.04", "100.00"),
        ([line("2500.00", "OUTPUT20")], "Inclusive", "2083.33", "416.67", "2500.00"),
        ([line("10000.00", "COMPOUND")], "Inclusive", "9071.12", "928.88", "10000.00"),
        ([line("7.7454")], "NoTax", "7.75", "0.00", "7.75"),
    ],
)
def test_worked_values(
    xero: Client, lines: list[dict[str, Any]], mode: str, sub_total: str, tax: str, total: str
) -> None:
    invoice = sent(xero, draft(lines, LineAmountTypes=mode))
    assert [str(invoice[name]) for name in ("SubTotal", "TotalTax", "Total")] == [sub_total, tax, total]
    assert str(invoice["AmountDue"]) == total


def test_the_total_discount_is_what_the_lines_lost(xero: Client) -> None:
    assert sent(xero, draft([line("19.95", "OUTPUT15", DiscountRate=10)]))["TotalDiscount"] == Decimal("1.99")


def test_a_line_amount_that_does_not_fit_is_refused(xero: Client) -> None:
    body = draft([line("49.99", Quantity=4, LineAmount=Decimal("199.97"))])
    refused = xero.json("PUT", "/Invoices", body, status=400)
    message = refused["Elements"][0]["ValidationErrors"][0]["Message"]
    assert message == "The line total 199.97 does not match the expected line total 199.96"


def test_unitdp_keeps_four_decimals_on_write_and_read(xero: Client) -> None:
    body = draft([line("7.7454", Quantity=100)])
    invoice = sent(xero, body, "?unitdp=4")
    assert (str(invoice["LineItems"][0]["UnitAmount"]), str(invoice["SubTotal"])) == ("7.7454", "774.54")
    plain = xero.json("GET", f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]
    assert str(plain["LineItems"][0]["UnitAmount"]) == "7.75"
    assert plain["SubTotal"] == Decimal("774.54")


def test_the_round_trip_trap_of_a_discount_amount(xero: Client) -> None:
    made = sent(xero, draft([line("1573.33", DiscountAmount=Decimal("73.33"))]))
    echoed = made["LineItems"][0]
    assert echoed["LineAmount"] == Decimal("1500.00")
    back = {"InvoiceID": made["InvoiceID"], "LineItems": [echoed]}
    refused = xero.json("POST", "/Invoices", back, status=400)
    assert "does not match the expected line total" in refused["Elements"][0]["ValidationErrors"][0]["Message"]
    echoed = {key: value for key, value in echoed.items() if key not in ("LineAmount", "DiscountRate", "TaxAmount")}
    again = xero.json("POST", "/Invoices", {"InvoiceID": made["InvoiceID"], "LineItems": [echoed]})["Invoices"][0]
    assert again["SubTotal"] == Decimal("1500.00")


def test_a_tax_amount_may_be_overridden(xero: Client) -> None:
    invoice = sent(xero, draft([line("10.45", TaxAmount=Decimal("1.04"))]))
    assert (invoice["TotalTax"], invoice["Total"]) == (Decimal("1.04"), Decimal("11.49"))
