"""The floor for Python: hand-optimised, still exact. Doubles where they provably round as decimals do, else Decimal."""

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from pathlib import Path

TABLES = json.loads(Path(__file__).resolve().parents[1].joinpath("tables.json").read_text("utf-8"))
STATUS, TAX, ACCOUNTS = TABLES["status"].get, TABLES["tax"], TABLES["accounts"].get
CENT, PLACE4 = Decimal("0.01"), Decimal("0.0001")
plus_30 = {}


def exact(value, quantum):
    return float(value.quantize(quantum, ROUND_HALF_UP))


def decimals(*numbers):
    return [Decimal(repr(n)) for n in numbers]


def map_one(inv):
    status, issued = inv["Status"], inv["Invoice_Date"]
    if status == "Cancelled" or issued < "2026-01-01":
        return None
    lines = []
    cents = 0
    for item in inv["Invoiced_Items"]:
        product, quantity, price, discount = (
            item["Product_Name"],
            item["Quantity"],
            item["List_Price"],
            item["Discount"],
        )
        code = product["Product_Code"]
        tax = item["Line_Tax"]
        if tax:
            name = tax[0]["name"]
            tax = TAX.get(name)
            if tax is None:
                return {"id": inv["id"], "error": "unknown tax: " + name}
        else:
            tax = "NONE"
        unit = round(price, 4)
        if unit != price:
            unit = exact(Decimal(repr(price)), PLACE4)
        # A double within 1e-6 of a tie may lie on the wrong side of it; any other (below 1e9) rounds as the decimal.
        scaled = (quantity * unit - discount) * 100
        whole = floor(scaled + 0.5)
        if abs(abs(whole - scaled) - 0.5) < 1e-6 or scaled > 1e9:
            q, u, d = decimals(quantity, unit, discount)
            whole = round(exact(q * u - d, CENT) * 100)
        cents += whole
        if discount:
            scaled = 10000 * discount / (quantity * price)
            rate = floor(scaled + 0.5)
            if abs(abs(rate - scaled) - 0.5) < 1e-6:
                q, p, d = decimals(quantity, price, discount)
                rate = exact(100 * d / (q * p), CENT) * 100
            rate /= 100
        else:
            rate = 0
        lines.append(
            {
                "Description": item["Description"] or product["name"],
                "Quantity": quantity,
                "UnitAmount": unit,
                "DiscountRate": rate,
                "ItemCode": code,
                "TaxType": tax,
                "AccountCode": ACCOUNTS(code[: code.find("-")], "200") if code else "200",
            }
        )
    due = inv["Due_Date"]
    if not due:
        due = plus_30.get(issued)
        if due is None:
            due = plus_30[issued] = str(date.fromisoformat(issued) + timedelta(30))
    scaled = (inv["Tax"] + inv["Adjustment"] - inv["Discount"]) * 100
    whole = floor(scaled + 0.5)
    if abs(abs(whole - scaled) - 0.5) < 1e-6 or scaled > 1e9:
        tax, adjustment, discount = decimals(inv["Tax"], inv["Adjustment"], inv["Discount"])
        expected = exact(Decimal(cents) / 100 + tax + adjustment - discount, CENT)
    else:
        expected = (cents + whole) / 100
    return {
        "Type": "ACCREC",
        "InvoiceNumber": "Z-" + inv["Invoice_Number"],
        "Contact": {"Name": (inv["Account_Name"] or inv["Contact_Name"])["name"]},
        "Date": issued,
        "DueDate": due,
        "Reference": inv["Purchase_Order"],
        "CurrencyCode": inv["Currency"],
        "Status": STATUS(status, "DRAFT"),
        "LineAmountTypes": "Exclusive",
        "LineItems": lines,
        "ExpectedTotal": expected,
        "TotalMatches": expected == inv["Grand_Total"],
    }
