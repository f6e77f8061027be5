"""The Zoho half of the demo data: records as the API returns them one by one (reference/zoho 2, 4.14, 4.15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import demo_business as business
from demo_business import Customer, Line, Order, Product
from demo_json import Dice, cents, local

USER = {"name": business.OWNER, "id": "612000000000027001", "email": f"imogen@{business.DOMAIN}"}
ORDINARY_RATE = Decimal("0.6612")
HELD = frozenset({62, 66, 68, 69, 70, 71})
WEIGHTS = ("0.125", "0.25", "0.75", "1.5", "2.25", "3.4", "7.125", "12.5")


def record_id(family: int, number: int) -> str:
    """An 18-digit id: ids of one kind stand together."""
    return f"6120000000{family:02d}{number * 7 + 1001:06d}"


def number(amount: Decimal) -> Decimal:
    """Zoho writes no needless zeros: 1020, 412.5."""
    return Decimal(format(amount.normalize(), "f"))


def product_key(product: Product) -> str:
    return product.code or product.name


PRODUCTS = {product_key(product): (index, product) for index, product in enumerate(business.PRODUCTS)}
CUSTOMERS = {customer.name: (index, customer) for index, customer in enumerate(business.CUSTOMERS)}
TAX_IDS = {name: record_id(31, index) for index, name in enumerate(business.TAXES)}


def tax_label(name: str) -> str:
    return f"{name} - {business.TAXES[name]:.1f} %"


def system_fields(created: str, modified: str, symbol: str = "$") -> dict[str, Any]:
    """Keys that stand on every record read by its id (reference/zoho 2.3)."""
    return {
        "Tag": [],
        "Created_By": USER,
        "Modified_By": USER,
        "Created_Time": created,
        "Modified_Time": modified,
        "Last_Activity_Time": modified,
        "Layout": {"name": "Standard", "display_label": "Standard", "id": "612000000000000161"},
        "Locked__s": False,
        "Record_Status__s": "Available",
        "$currency_symbol": symbol,
        "$approval_state": "approved",
        "$approved": True,
        "$editable": True,
        "$state": "save",
        "$process_flow": False,
        "$in_merge": False,
        "$orchestration": False,
        "$review": None,
        "$approval": {"delegate": False, "approve": False, "reject": False, "resubmit": False},
    }


def symbol(currency: str) -> str:
    return "US$" if currency == "USD" else "$"


def rate_of(currency: str) -> Decimal:
    return ORDINARY_RATE if currency == "USD" else Decimal(1)


def address(prefix: str, customer: Customer, *, code: str = "Code") -> dict[str, str | None]:
    return {
        f"{prefix}_Street": customer.street,
        f"{prefix}_City": customer.city,
        f"{prefix}_State": customer.state,
        f"{prefix}_{code}": customer.code,
        f"{prefix}_Country": customer.country,
    }


def no_address(prefix: str, *, code: str = "Code") -> dict[str, None]:
    return {f"{prefix}_{part}": None for part in ("Street", "City", "State", code, "Country")}


def accounts() -> list[dict[str, Any]]:
    records = []
    for index, customer in enumerate(business.CUSTOMERS):
        day = date(2023, 2, 6) + timedelta(days=index * 23)
        records.append(
            {
                "id": record_id(39, index),
                "Owner": USER,
                "Account_Name": customer.name,
                "Account_Number": None,
                "Account_Site": None,
                "Account_Type": "Customer",
                "Industry": None,
                "Ownership": None,
                "Rating": None,
                "Parent_Account": None,
                "Phone": customer.phone,
                "Fax": None,
                "Website": f"www.{customer.domain}",
                "Employees": None,
                "Annual_Revenue": None,
                "SIC_Code": None,
                "Ticker_Symbol": None,
                **address("Billing", customer),
                **(no_address("Shipping") if index % 4 else address("Shipping", customer)),
                "Description": None,
                "Currency": customer.currency,
                "Exchange_Rate": rate_of(customer.currency),
                **system_fields(local(day, 9, 12), local(day + timedelta(days=40), 15, 30), symbol(customer.currency)),
            }
        )
    return records


def contacts() -> list[dict[str, Any]]:
    people: list[tuple[Customer | None, tuple[str, str]]] = [
        (customer, customer.person) for customer in business.CUSTOMERS if customer.person
    ]
    people.append((None, business.WALK_IN))
    records = []
    for index, (customer, (first, last)) in enumerate(people):
        day = date(2023, 2, 7) + timedelta(days=index * 23)
        mailbox = (
            f"{'accounts' if customer and customer.basket == 'office' else 'orders'}@{customer.domain}"
            if (customer)
            else "lachlan@brightwater.example"
        )
        currency = customer.currency if customer else "AUD"
        home = Customer("", "4 Quail Court", "Enmore", "NSW", "2042", None, "retail", None)
        records.append(
            {
                "id": record_id(40, index),
                "Owner": USER,
                "Salutation": None,
                "First_Name": first,
                "Last_Name": last,
                "Full_Name": f"{first} {last}",
                "Account_Name": account_lookup(customer.name) if customer else None,
                "Vendor_Name": None,
                "Title": None,
                "Department": None,
                "Email": mailbox,
                "Secondary_Email": None,
                "Phone": customer.phone if customer else None,
                "Mobile": f"0491 57{index // 10} {110 + index:03d}" if currency == "AUD" else None,
                "Home_Phone": None,
                "Other_Phone": None,
                "Fax": None,
                "Date_of_Birth": None,
                **address("Mailing", customer or home, code="Zip"),
                **no_address("Other", code="Zip"),
                "Lead_Source": None,
                "Reporting_To": None,
                "Email_Opt_Out": False,
                "Description": None,
                "Currency": currency,
                "Exchange_Rate": rate_of(currency),
                **system_fields(local(day, 10, 5), local(day + timedelta(days=40), 15, 31), symbol(currency)),
            }
        )
    return records


def products() -> list[dict[str, Any]]:
    records = []
    for index, product in enumerate(business.PRODUCTS):
        day = date(2023, 1, 16) + timedelta(days=index * 11)
        taxes = [{"value": tax_label(product.tax), "id": TAX_IDS[product.tax]}] if product.tax else []
        records.append(
            {
                "id": record_id(37, index),
                "Owner": USER,
                "Product_Name": product.name,
                "Product_Code": product.code,
                "Product_Active": True,
                "Product_Category": product.category,
                "Manufacturer": None,
                "Vendor_Name": None,
                "Unit_Price": number(Decimal(product.price)),
                "Tax": taxes,
                "Taxable": bool(taxes),
                "Commission_Rate": None,
                "Usage_Unit": product.unit,
                "Qty_in_Stock": None,
                "Qty_in_Demand": None,
                "Qty_Ordered": None,
                "Reorder_Level": None,
                "Handler": None,
                "Sales_Start_Date": None,
                "Sales_End_Date": None,
                "Support_Start_Date": None,
                "Support_Expiry_Date": None,
                "Description": product.description,
                "Currency": "AUD",
                "Exchange_Rate": Decimal(1),
                **system_fields(local(day, 8, 40), local(day + timedelta(days=200), 11, 2)),
            }
        )
    return records


def account_lookup(name: str) -> dict[str, str]:
    return {"name": name, "id": record_id(39, CUSTOMERS[name][0])}


def person_lookup(person: tuple[str, str] | None) -> dict[str, str] | None:
    if person is None:
        return None
    people = [customer.person for customer in business.CUSTOMERS if customer.person] + [business.WALK_IN]
    return {"name": " ".join(person), "id": record_id(40, people.index(person))}


def tax_entry(name: str, base: Decimal) -> dict[str, Any]:
    rate = business.TAXES[name]
    return {"percentage": number(rate), "name": name, "id": TAX_IDS[name], "value": number(cents(base * rate / 100))}


def row(
    line: Line, position: int, *, id: str, parent: Mapping[str, str], currency: str, when: tuple[str, str]
) -> dict[str, Any]:
    """One line with Zoho's own arithmetic (reference/zoho 3.1): total, less its discount, plus each tax."""
    index, product = PRODUCTS[line.product]
    quantity, price = Decimal(line.quantity), Decimal(line.price or product.price)
    total = cents(quantity * price)
    left = total - Decimal(line.discount)
    name = product.tax if line.tax is None else line.tax
    taxes = [{**tax_entry(name, left), "display_name": tax_label(name)}] if name else []
    tax = sum((entry["value"] for entry in taxes), Decimal(0))
    return {
        "id": id,
        "Product_Name": {
            "Product_Code": product.code,
            "Currency": currency,
            "name": product.name,
            "id": record_id(37, index),
        },
        "Quantity": number(quantity),
        "List_Price": number(price),
        "Total": number(total),
        "Discount": number(Decimal(line.discount)),
        "Total_After_Discount": number(left),
        "Tax": number(tax),
        "Line_Tax": taxes,
        "Net_Total": number(left + tax),
        "Description": line.description,
        "Price_Book_Name": None,
        "Sequence_Number": position,
        "Parent_Id": dict(parent),
        "Created_Time": when[0],
        "Modified_Time": when[1],
    }


def totals(rows: list[dict[str, Any]], order: Order) -> dict[str, Any]:
    """The document's own figures: discount after taxes on lines and before a tax on the total (reference/zoho 3.1)."""
    sub_total = sum((line["Net_Total"] for line in rows), Decimal(0))
    discount, adjustment = Decimal(order.discount), Decimal(order.adjustment)
    entries = [tax_entry(order.record_tax, sub_total - discount)] if order.record_tax else []
    tax = sum((entry["value"] for entry in entries), Decimal(0))
    grand = sub_total - discount + tax + adjustment + Decimal(order.off_by)
    return {
        "Sub_Total": number(sub_total),
        "Discount": number(discount),
        "Tax": number(tax),
        "Adjustment": number(adjustment),
        "Grand_Total": number(grand),
        "$line_tax": entries,
    }


def ordinary_line(key: str, dice: Dice) -> Line:
    product = PRODUCTS[key][1]
    if product.unit == "kg":
        quantity = dice.pick(WEIGHTS)
    elif product.category == "Cups and papers" and product.unit == "Each":
        quantity = str(dice.between(1, 8) * (50 if key == "TRAY-4" else 500))
    else:
        quantity = "1" if product.category in ("Equipment", "Service") else str(dice.between(1, 14))
    discount = "0"
    total = cents(Decimal(quantity) * Decimal(product.price))
    if dice.happens(0.18) and total > 20:
        discount = format(cents(total * dice.pick((3, 5, 8)) / 100), "f")
    return Line(key, quantity, discount=discount)


def ordinary_lines(basket: str, dice: Dice) -> tuple[Line, ...]:
    offered = list(business.BASKETS[basket])
    chosen: list[str] = []
    for _ in range(dice.between(1, 5)):
        chosen.append(offered.pop(int(dice.between(0, len(offered) - 1))))
    tax = business.FREE if basket == "export" else None
    lines = [ordinary_line(key, dice) for key in chosen]
    return tuple(Line(line.product, line.quantity, discount=line.discount, tax=tax) for line in lines)


def orders() -> list[Order]:
    """All invoices of the year in the order of their days."""
    dice = Dice(20250701)
    regulars = [
        customer.name
        for customer in business.CUSTOMERS
        if customer.currency == "AUD" and customer.name not in ("Harbour Street Deli", "Bellbird Tea Rooms")
    ]
    result = []
    for place in range(business.INVOICES):
        order = business.SPECIALS.get(place, Order(regulars[place * 5 % len(regulars)]))
        customer = CUSTOMERS[order.customer][1] if order.customer else None
        day = date.fromisoformat(order.day) if order.day else date(2025, 7, 30) + timedelta(days=place * 47 // 10)
        day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        if place in HELD:
            status = "Created"
        elif place == business.CLASH:
            status = "Approved"
        else:
            status = order.status or (
                "Paid" if place < 48 and dice.happens(0.7) else dice.pick(("Approved", "Delivered"))
            )
        lines = order.lines or ordinary_lines(customer.basket if customer else "retail", dice)
        result.append(
            Order(
                order.customer, lines, status, day.isoformat(), due_day(order.due, day, customer), order.discount,
                order.adjustment, order.record_tax, order.off_by, order.subject,
                order.order_number or (f"PO-{dice.between(1000, 9999)}" if dice.happens(0.25) else None), order.rate,
                order.person or (customer.person if customer else None),
            )
        )  # fmt: skip
    return result


def due_day(due: str | None, day: date, customer: Customer | None) -> str | None:
    """ "" follows from the customer: offices pay in 30 days, the others in 14. None: Zoho has no due date."""
    if due is None:
        return None
    if due == "early":
        return (day - timedelta(days=3)).isoformat()
    return (day + timedelta(days=30 if customer and customer.basket in ("office", "export") else 14)).isoformat()


def invoices() -> list[dict[str, Any]]:
    records = []
    for place, order in enumerate(orders()):
        day = date.fromisoformat(order.day or "")
        created = local(day, 9 + place % 8, place * 13 % 60)
        modified = local(day + timedelta(days=16 if order.status == "Paid" else 1), 10 + place % 7, place * 7 % 60)
        customer = CUSTOMERS[order.customer][1] if order.customer else None
        currency = customer.currency if customer else "AUD"
        who = customer.name if customer else " ".join(business.WALK_IN)
        subject = order.subject or f"{who}, {day:%B %Y}"
        parent = {"name": subject, "id": record_id(41, place * 3)}
        rows = [
            row(line, i, id=record_id(43, place * 20 + i), parent=parent, currency=currency, when=(created, modified))
            for i, line in enumerate(order.lines, 1)
        ]
        records.append(
            {
                "id": parent["id"],
                "Subject": subject,
                "Invoice_Number": str(1001 + place),
                "Owner": USER,
                "Account_Name": account_lookup(customer.name) if customer else None,
                "Contact_Name": person_lookup(order.person),
                "Deal_Name__s": None,
                "Sales_Order": None,
                "Purchase_Order": order.order_number,
                "Invoice_Date": order.day,
                "Due_Date": order.due,
                "Status": order.status,
                "Delivery_Run": "Courier" if currency == "USD" or place % 3 == 0 else ("North", "South")[place % 2],
                "Currency": currency,
                "Exchange_Rate": Decimal(order.rate) if order.rate else Decimal(1),
                "Excise_Duty": None,
                "Sales_Commission": None,
                **(address("Billing", customer) if customer else no_address("Billing")),
                **no_address("Shipping"),
                "Invoiced_Items": rows,
                **totals(rows, order),
                "Terms_and_Conditions": None,
                "Description": None,
                **system_fields(created, modified, symbol(currency)),
                "$has_more": {"Invoiced_Items": False},
            }
        )
    return records


def quotes() -> list[dict[str, Any]]:
    records = []
    for place, (stage, name, lines) in enumerate(business.QUOTES):
        day = date(2025, 9, 3) + timedelta(days=place * 22)
        created, modified = local(day, 14, place), local(day + timedelta(days=5), 9, place)
        customer = CUSTOMERS[name][1]
        subject = f"Offer for {name}"
        parent = {"name": subject, "id": record_id(42, place * 3)}
        rows = [
            row(
                line,
                i,
                id=record_id(44, place * 20 + i),
                parent=parent,
                currency=customer.currency,
                when=(created, modified),
            )
            for i, line in enumerate(lines, 1)
        ]
        records.append(
            {
                "id": parent["id"],
                "Subject": subject,
                "Quote_Number": f"{501 + place}",
                "Owner": USER,
                "Account_Name": account_lookup(name),
                "Contact_Name": person_lookup(customer.person),
                "Deal_Name": None,
                "Quote_Stage": stage,
                "Valid_Till": (day + timedelta(days=45)).isoformat(),
                "Carrier": None,
                "Team": None,
                "Currency": customer.currency,
                "Exchange_Rate": rate_of(customer.currency),
                **address("Billing", customer),
                **no_address("Shipping"),
                "Quoted_Items": rows,
                **totals(rows, Order(name)),
                "Terms_and_Conditions": None,
                "Description": None,
                **system_fields(created, modified, symbol(customer.currency)),
                "$has_more": {"Quoted_Items": False},
            }
        )
    return records


def taxes() -> list[dict[str, Any]]:
    return [
        {"id": TAX_IDS[name], "name": name, "display_label": name, "value": number(rate), "sequence_number": index}
        for index, (name, rate) in enumerate(business.TAXES.items(), 1)
    ]


def organisation() -> list[dict[str, Any]]:
    return [
        {
            "id": "612000000000000301",
            "zgid": "71000612",
            "company_name": business.COMPANY,
            "alias": None,
            "primary_email": USER["email"],
            "primary_zuid": "71000613",
            "phone": "(02) 5550 0100",
            "website": f"www.{business.DOMAIN}",
            "street": "40 Wattlebird Lane",
            "city": "Marrickville",
            "state": "NSW",
            "zip": "2204",
            "country": "Australia",
            "country_code": "AU",
            "time_zone": business.ZONE,
            "iso_code": "AUD",
            "currency": "Australian Dollar - AUD",
            "currency_symbol": "$",
            "currency_locale": "en_AU",
            "mc_status": True,
            "gapps_enabled": False,
            "privacy_settings": False,
            "type": "production",
            "max_per_page": 200,
            "license_details": {
                "paid": True,
                "paid_type": "enterprise",
                "users_license_purchased": 3,
                "paid_expiry": "2027-06-30T00:00:00+10:00",
                "trial_type": None,
                "trial_expiry": None,
                "trial_action": None,
            },
        }
    ]


def currencies() -> list[dict[str, Any]]:
    listed = (("AUD", "Australian Dollar - AUD", "$", True, "1.000000000"),
              ("USD", "US Dollar - USD", "US$", False, "0.661200000"))  # fmt: skip
    when = local(date(2023, 1, 9), 9)
    return [
        {
            "id": record_id(33, index),
            "iso_code": code,
            "name": name,
            "symbol": sign,
            "prefix_symbol": True,
            "is_base": base,
            "is_active": True,
            "exchange_rate": rate,
            "format": {"decimal_separator": "Period", "thousand_separator": "Comma", "decimal_places": "2"},
            "created_by": {"name": USER["name"], "id": USER["id"]},
            "created_time": when,
            "modified_by": {"name": USER["name"], "id": USER["id"]},
            "modified_time": when,
        }
        for index, (code, name, sign, base, rate) in enumerate(listed)
    ]


def picklist(name: str, label: str, values: tuple[str, ...], number_: int, *, custom: bool = False) -> dict[str, Any]:
    """A picklist as the field-metadata endpoint gives it (reference/zoho 4.15)."""
    return {
        "id": record_id(26, number_ * 20),
        "api_name": name,
        "field_label": label,
        "display_label": label,
        "data_type": "picklist",
        "json_type": "string",
        "length": 120,
        "decimal_place": None,
        "system_mandatory": False,
        "read_only": False,
        "field_read_only": False,
        "custom_field": custom,
        "visible": True,
        "operation_type": {"web_create": True, "web_update": True, "api_create": True, "api_update": True},
        "view_type": {"view": True, "edit": True, "create": True, "quick_create": False},
        "pick_list_values": [
            {
                "display_value": value,
                "actual_value": value,
                "reference_value": value,
                "sequence_number": index,
                "id": record_id(26, number_ * 20 + index),
                "type": "used",
            }
            for index, value in enumerate(values, 1)
        ],
    }


def fields() -> dict[str, list[dict[str, Any]]]:
    statuses = ("Created", "Approved", "Delivered", "Paid", "On Hold", "Cancelled")
    stages = ("Draft", "Negotiation", "Delivered", "On Hold", "Confirmed", "Closed Won", "Closed Lost")
    units = ("Each", "Box", "Pack", "Hours", "kg")
    return {
        "Invoices": [
            picklist("Status", "Status", statuses, 0),
            picklist("Delivery_Run", "Delivery Run", ("North", "South", "Courier"), 1, custom=True),
        ],
        "Quotes": [picklist("Quote_Stage", "Quote Stage", stages, 2)],
        "Products": [
            picklist("Product_Category", "Product Category", business.CATEGORIES, 3),
            picklist("Usage_Unit", "Usage Unit", units, 4),
        ],
    }
