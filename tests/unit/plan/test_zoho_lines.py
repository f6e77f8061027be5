"""Prices and totals as Zoho works them out (starter rules 2.1, reference/zoho 3.1)."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zx.plan.zoho_lines import grand_total, zoho_line, zoho_price

GST = [{"name": "GST", "percentage": D(10)}]


@pytest.mark.parametrize(
    ("amount", "quantity", "price", "discount"),
    [
        ("100.00", "4", "25.00", "0.00"),
        ("100.00", "3", "33.34", "0.02"),
        ("0.01", "7", "0.01", "0.06"),
        ("-10.00", "3", "-3.33", "0.01"),
        ("12.34", "0.12345", "99.96", "0.00"),
        ("0.00", "5", "0.00", "0.00"),
    ],
)
def test_a_price_is_rounded_up_and_the_rest_is_discount(amount: str, quantity: str, price: str, discount: str) -> None:
    found = zoho_price(D(amount), D(quantity))
    assert (found.list_price, found.discount, found.single) == (D(price), D(discount), False)


@pytest.mark.parametrize(("amount", "quantity"), [("-0.01", "3"), ("5.00", "0")])
def test_one_piece_stands_for_all_where_no_price_does(amount: str, quantity: str) -> None:
    found = zoho_price(D(amount), D(quantity))
    assert (found.quantity, found.list_price, found.discount, found.single) == (1, D(amount), 0, True)


def test_a_negative_quantity_moves_its_sign_to_the_price() -> None:
    found = zoho_price(D("-10.00"), D(-2))
    assert (found.quantity, found.list_price) == (2, D("-5.00"))


@given(st.decimals("-99999", "99999", places=2), st.decimals("0.0001", "9999", places=4))
def test_every_line_is_worth_its_amount(amount: D, quantity: D) -> None:
    found = zoho_price(amount, quantity)
    line = {"Quantity": found.quantity, "List_Price": found.list_price, "Discount": found.discount, "Line_Tax": GST}
    figures = zoho_line(line)
    assert figures.after_discount == amount
    assert abs(found.discount) <= abs(figures.total)


def test_the_total_is_lines_with_tax_less_discount_with_tax_on_the_total_and_adjustment() -> None:
    lines = [
        {"Quantity": D(1), "List_Price": D("100.00"), "Line_Tax": GST},
        {"Quantity": D(2), "List_Price": D("5.00")},
    ]
    assert grand_total(lines, {}) == D("120.00")
    header = {"Discount": D("20.00"), "$line_tax": GST, "Adjustment": D("-0.05")}
    assert grand_total(lines, header) == D("109.95")
