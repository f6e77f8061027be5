"""Exact numbers as text: which decimals are amounts, and how each kind is written."""

from __future__ import annotations

from decimal import Decimal

from zx.values.money import amount_text, plain

AMOUNTS = frozenset(
    {
        # Xero (reference/xero 3)
        "Amount", "AmountCredited", "AmountDue", "AmountPaid", "AppliedAmount", "BankAmount", "DiscountAmount",
        "LineAmount", "RemainingCredit", "SubTotal", "TaxAmount", "Total", "TotalDiscount", "TotalTax",
        # Zoho CRM (reference/zoho 3)
        "Adjustment", "Amount_Paid", "Balance", "Discount", "Grand_Total", "Net_Total", "Sub_Total", "Tax",
        "Total_After_Discount",
    }
)  # fmt: skip
"""Fields whose decimals are sums of money. Prices, quantities and rates are plain numbers: they may need four places,
and a quantity of 2 is not 2.00."""


PRICES = frozenset({"List_Price", "UnitAmount", "UnitPrice", "Unit_Price"})
"""People read a price of 520 as 520.00; documents keep it plain."""


def leaf(field: str) -> str:
    """The last name of a path: ``LineItems[0].TaxType`` gives ``TaxType``."""
    return field.rpartition(".")[2].partition("[")[0]


def number_text(number: Decimal, field: str) -> str:
    """``number`` as documents carry it: an amount with two decimals at least, anything else plain."""
    return amount_text(number) if leaf(field) in AMOUNTS else plain(number)


def number_words(number: Decimal, field: str) -> str:
    """``number`` as people read it: amounts and prices with two decimals at least."""
    return amount_text(number) if leaf(field) in PRICES else number_text(number, field)


def money_text(amount: Decimal) -> str:
    """``amount`` for people: ``-918442.1`` gives ``-918,442.10``."""
    whole, _, fraction = amount_text(amount).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}.{fraction}"
