"""The reference, adding up the lines' own totals from the document as the rules do: the same work, line for line."""

from decimal import Decimal

from py_idiomatic import (
    TABLES,
    UnknownTax,
    account_code,
    decimal,
    discount_rate,
    due_date,
    round_to,
    tax_type,
)


def map_invoice(invoice):
    line_items = []
    total = Decimal(0)
    for item in invoice["Invoiced_Items"]:
        unit_amount = round_to(decimal(item["List_Price"]), 4)
        total += decimal(item["Total_After_Discount"])
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
