"""Xero's arithmetic, by the worked values of reference/xero 4.2."""

from decimal import Decimal as D

import pytest

from zx.plan.totals import predict

RATES = {"OUTPUT": D(10), "OUTPUT2": D(15), "VAT": D(20), "TAX001": D("9.5"), "CPD": D("10.24")}


def line(amount: str, tax: str, quantity: str = "1") -> dict[str, object]:
    return {"Quantity": D(quantity), "UnitAmount": D(amount), "TaxType": tax}


def test_tax_is_rounded_per_line_then_summed() -> None:
    totals = predict([line(a, "OUTPUT2") for a in ("25.06", "25.61", "25.63")], "Exclusive", RATES)
    assert (totals.subtotal, totals.tax, totals.total) == (D("76.30"), D("11.44"), D("87.74"))


def test_half_a_cent_goes_up() -> None:
    assert predict([line("10.45", "OUTPUT")], "Exclusive", RATES).tax == D("1.05")
    assert predict([line("-10.45", "OUTPUT")], "Exclusive", RATES).tax == D("-1.05")


@pytest.mark.parametrize(
    ("amount", "tax_type", "tax"),
    [
        ("20.00", "TAX001", "1.74"),
        ("100.00", "OUTPUT2", "13.04"),
        ("2500.00", "VAT", "416.67"),
        ("10000.00", "CPD", "928.88"),
    ],
)
def test_inclusive_amounts_carry_their_tax_inside(amount: str, tax_type: str, tax: str) -> None:
    totals = predict([line(amount, tax_type)], "Inclusive", RATES)
    assert (totals.tax, totals.total) == (D(tax), D(amount))


def test_discount_amount_is_for_the_whole_line() -> None:
    discounted = {**line("19.95", "OUTPUT2"), "DiscountAmount": D("1.99")}
    totals = predict([discounted], "Exclusive", RATES)
    assert (totals.subtotal, totals.tax, totals.total) == (D("17.96"), D("2.69"), D("20.65"))


def test_an_overridden_tax_and_a_text_line() -> None:
    totals = predict([{**line("10", "OUTPUT"), "TaxAmount": D("1.01")}, {"Description": "hello"}], "Exclusive", RATES)
    assert (totals.total, totals.lines[1].amount) == (D("11.01"), 0)


def test_no_tax_documents_have_none() -> None:
    assert predict([line("10", "OUTPUT")], "NoTax", RATES).total == D(10)
