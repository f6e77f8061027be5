"""The reference: what a careful Python developer writes by hand, money in Decimal."""

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CODEC = "json"
TABLES = json.loads(Path(__file__).resolve().parents[1].joinpath("tables.json").read_text("utf-8"))


class UnknownTax(Exception):
    pass


def decimal(number):
    return Decimal(str(number))


def round_to(value, places):
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def tax_type(item):
    if not item["Line_Tax"]:
        return "NONE"
    name = item["Line_Tax"][0]["name"]
    if name not in TABLES["tax"]:
        raise UnknownTax(f"unknown tax: {name}")
    return TABLES["tax"][name]


def account_code(item):
    prefix = (item["Product_Name"]["Product_Code"] or "").partition("-")[0]
    return TABLES["accounts"].get(prefix, "200")


def discount_rate(item):
    discount = decimal(item["Discount"])
    if not discount:
        return Decimal(0)
    return round_to(100 * discount / (decimal(item["Quantity"]) * decimal(item["List_Price"])), 2)


def due_date(invoice):
    if invoice["Due_Date"]:
        return invoice["Due_Date"]
    return (date.fromisoformat(invoice["Invoice_Date"]) + timedelta(days=30)).isoformat()


def map_invoice(invoice):
    line_items = []
    total = Decimal(0)
    for item in invoice["Invoiced_Items"]:
        unit_amount = round_to(decimal(item["List_Price"]), 4)
        total += round_to(decimal(item["Quantity"]) * unit_amount - decimal(item["Discount"]), 2)
        line_items.append(
            {
                "Description": item["Description"] or item["Product_Name"]["name"],
                "Quantity": item["Quantity"],
                "UnitAmount": float(unit_amount),
                "DiscountRate": float(discount_rate(item)),
                "ItemCode": item["Product_Name"]["Product_Code"],
                "TaxType": tax_type(item),
                "AccountCode": account_code(item),
            }
        )
    total += decimal(invoice["Tax"]) + decimal(invoice["Adjustment"]) - decimal(invoice["Discount"])
    expected = round_to(total, 2)
    contact = invoice["Account_Name"] or invoice["Contact_Name"]
    return {
        "Type": "ACCREC",
        "InvoiceNumber": f"Z-{invoice['Invoice_Number']}",
        "Contact": {"Name": contact["name"]},
        "Date": invoice["Invoice_Date"],
        "DueDate": due_date(invoice),
        "Reference": invoice["Purchase_Order"],
        "CurrencyCode": invoice["Currency"],
        "Status": TABLES["status"].get(invoice["Status"], "DRAFT"),
        "LineAmountTypes": "Exclusive",
        "LineItems": line_items,
        "ExpectedTotal": float(expected),
        "TotalMatches": expected == decimal(invoice["Grand_Total"]),
    }


def map_one(invoice):
    if invoice["Status"] == "Cancelled" or invoice["Invoice_Date"] < "2026-01-01":
        return None
    try:
        return map_invoice(invoice)
    except UnknownTax as e:
        return {"id": invoice["id"], "error": str(e)}
