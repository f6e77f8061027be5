"""Deterministic Zoho-CRM-shaped invoices as JSON lines: make_invoices.py N OUT [--seed S]"""

import argparse
import json
import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from pathlib import Path

TABLES = json.loads(Path(__file__).with_name("tables.json").read_text("utf-8"))
COMPANIES = [
    "Müller & Söhne GmbH",
    "Société Générale d'Éclairage",
    "株式会社山田製作所",
    "Ångström AB",
    "Łódź Tekstylia Sp. z o.o.",
    "Ελληνικά Τρόφιμα ΑΕ",
    "Café São Paulo Ltda",
    'Acme "Rocket" Ltd',
    "O'Brien \\ Partners",
    "مؤسسة النور",
    "Smith & Co",
    "Northwind Traders",
    "Fabrikam Inc",
    "Contoso",
]
PEOPLE = ["José Núñez", "Anna Kowalska", "Zoë Smith", "李小龍", "Bjørn Ødegård", "Aoife Ní Bhriain", "John Doe"]
CITIES = [
    ("Köln", "NRW", "50667", "Germany"),
    ("London", "", "EC1A 1BB", "United Kingdom"),
    ("Kraków", "Małopolska", "30-001", "Poland"),
    ("東京", "東京都", "100-0001", "Japan"),
    ("Wellington", "", "6011", "New Zealand"),
    ("Montréal", "QC", "H2X 1Y4", "Canada"),
]
PRODUCTS = [
    "Steel bracket 40 mm",
    "Consulting, senior (hour)",
    "Größe L – Arbeitshandschuh",
    "Câble réseau 2 m",
    "Cloud hosting — API calls",
    "ノートパソコン",
    "Training day",
    "Freight ✈ express",
    'Licence "Pro"',
]
NOTES = [
    "Net 30. Late payment interest per § 288 BGB.",
    "Thank you for your business! 🙏",
    None,
    "Goods remain our property until paid in full.\nReturns within 14 days.",
]


def money(x, places="0.01"):
    return D(x).quantize(D(places), ROUND_HALF_UP)


def number(x):
    """JSON number as Zoho sends it: an integer where integral, else a double."""
    return int(x) if x == int(x) else float(x)


def record_id(r, digits):
    return f"5725767{r.randrange(10 ** (digits - 7)):0{digits - 7}d}"


def line(r, n):
    quantity = D(r.randint(1, 20)) if r.random() < 0.8 else D(r.choice(["0.5", "1.25", "2.75", "37.5", "7.33"]))
    kind = r.random()
    if kind < 0.85:
        price = money(r.uniform(1, 900))
    elif kind < 0.9:
        price = money(r.uniform(0.1, 90), "0.0001")
    else:  # usage pricing: 5 places, every second one an exact tie at the 4th place
        price = money(r.uniform(0.1, 9), "0.0001") + D(r.choice(["0.00005", "0.00003"]))
    gross = quantity * price
    discount = money(gross * D(r.choice(["0.05", "0.1", "0.125", "0.15", "0.3333"]))) if r.random() < 0.3 else D(0)
    names = list(TABLES["tax"])
    tax_name = "Luxury Levy 3%" if r.random() < 0.001 else r.choice(names)
    percentage = D(r.choice([0, 5, 7, 10, 19, 20]))
    tax = money((gross - discount) * percentage / 100)
    prefix = r.choice(list(TABLES["accounts"])) if r.random() < 0.95 else "ZZ99"
    code = f"{prefix}-{r.randrange(100000):05d}" if r.random() < 0.98 else None
    total = money(quantity * money(price, "0.0001") - discount)
    return (
        total,
        tax,
        {
            "id": record_id(r, 19),
            "Sequence_Number": n,
            "Product_Name": {"Product_Code": code, "name": r.choice(PRODUCTS), "id": record_id(r, 19)},
            "Quantity": number(quantity),
            "List_Price": number(price),
            "Discount": number(discount),
            "Total": number(money(gross)),
            "Total_After_Discount": number(total),
            "Line_Tax": []
            if r.random() < 0.1
            else [{"percentage": number(percentage), "name": tax_name, "id": record_id(r, 19), "value": number(tax)}],
            "Description": r.choice(
                [
                    None,
                    "",
                    "As per quote Q-1009",
                    "Lieferung frei Haus – Stück",
                    "Serial no. 4711\nWarranty 24 months",
                    "2月分 📦",
                ]
            ),
            "Net_Total": number(total + tax),
        },
    )


def address(r, kind):
    city, state, code, country = r.choice(CITIES)
    return {
        f"{kind}_Street": f"{r.randint(1, 250)} {r.choice(['High Street', 'Hauptstraße', 'Rue de l’Église'])}",
        f"{kind}_City": city,
        f"{kind}_State": state or None,
        f"{kind}_Code": code,
        f"{kind}_Country": country,
    }


def invoice(r, n):
    lines = [line(r, i + 1) for i in range(r.choice([1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 12]))]
    sub_total = sum(t for t, _, _ in lines)
    tax = sum(t for _, t, _ in lines)
    discount = money(sub_total / 50) if r.random() < 0.1 else D(0)
    adjustment = money(r.uniform(-0.5, 0.5)) if r.random() < 0.1 else D(0)
    grand = sub_total - discount + tax + adjustment
    if r.random() < 0.01:
        grand += D("0.5")  # someone edited the total
    issued = date(2025, 11, 1) + timedelta(r.randrange(400))
    owner = {"name": r.choice(PEOPLE), "id": record_id(r, 18), "email": "billing@example.com"}
    stamp = f"{issued}T{r.randrange(24):02d}:{r.randrange(60):02d}:00+01:00"
    return {
        "id": record_id(r, r.choice([18, 19])),
        "Invoice_Number": f"{n:06d}",
        "Subject": f"{r.choice(PRODUCTS)} / {r.choice(COMPANIES)}",
        "Status": r.choices(["Created", "Approved", "Delivered", "Paid", "Cancelled", "On Hold"], [3, 4, 3, 3, 1, 0.5])[
            0
        ],
        "Invoice_Date": str(issued),
        "Due_Date": str(issued + timedelta(r.choice([7, 14, 30, 60]))) if r.random() < 0.7 else None,
        "Account_Name": {"name": r.choice(COMPANIES), "id": record_id(r, 19)} if r.random() < 0.9 else None,
        "Contact_Name": {"name": r.choice(PEOPLE), "id": record_id(r, 19)},
        "Sales_Order": None,
        "Owner": owner,
        "Currency": r.choice(["GBP", "EUR", "USD", "NZD", "JPY"]),
        "Exchange_Rate": number(money(r.uniform(0.5, 2), "0.0001")),
        **address(r, "Billing"),
        **address(r, "Shipping"),
        "Purchase_Order": f"PO/{r.randrange(10000)}" if r.random() < 0.6 else None,
        "Terms_and_Conditions": r.choice(NOTES),
        "Sub_Total": number(sub_total),
        "Discount": number(discount),
        "Tax": number(tax),
        "Adjustment": number(adjustment),
        "Grand_Total": number(grand),
        "Created_By": owner,
        "Created_Time": stamp,
        "Modified_By": owner,
        "Modified_Time": stamp,
        "$currency_symbol": "£",
        "$editable": True,
        "$approval_state": "approved",
        "Tag": [],
        "Invoiced_Items": [record for _, _, record in lines],
    }


if __name__ == "__main__":
    args = argparse.ArgumentParser()
    args.add_argument("n", type=int)
    args.add_argument("out")
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    r = random.Random(args.seed)
    with Path(args.out).open("w", encoding="utf-8") as f:
        for n in range(args.n):
            f.write(json.dumps(invoice(r, n + 1), ensure_ascii=False) + "\n")
