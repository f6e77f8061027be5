"""The Xero half of the demo data: an Australian organisation that keeps its books since before zx (reference/xero 2).

Members without a value are left out, texts of addresses and telephones stand blank, dates are ``/Date(ms+0000)/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import demo_business as business
from demo_business import Customer
from demo_json import cents, slash_date, uuid

OPENED = date(2023, 7, 3)
RATES = {
    "OUTPUT": Decimal(10),
    "EXEMPTOUTPUT": Decimal(0),
    "INPUT": Decimal(10),
    "EXEMPTEXPENSES": Decimal(0),
    "BASEXCLUDED": Decimal(0),
}
CUSTOMERS = {customer.name: customer for customer in business.CUSTOMERS}


@dataclass(frozen=True)
class Document:
    """An invoice, bill or credit note of Xero's own; ``paid`` is its last payment's day, ``credited`` what a credit
    note took off."""

    number: str
    contact: str
    day: date
    lines: tuple[tuple[str, str, str, str, str], ...]
    """Description, quantity, unit amount, account, tax type."""
    status: str
    reference: str = ""
    kind: str = "ACCREC"
    paid: date | None = None
    credited: str = "0.00"


DOCUMENTS = (
    Document("INV-0398", "THE PAPERBARK KITCHEN", date(2025, 5, 5),
             (("House Blend, 1 kg", "6", "32.50", "200", "EXEMPTOUTPUT"),
              ("Paper cups", "1000", "0.11", "200", "OUTPUT")), "PAID", "May order", paid=date(2025, 5, 20)),
    Document("INV-0399", "Café Lumière", date(2025, 5, 12),
             (("Night Parrot Dark Roast, 1 kg", "8", "33.80", "200", "EXEMPTOUTPUT"),), "PAID",
             paid=date(2025, 5, 30)),
    Document("INV-0400", "Ironbark Legal Partners", date(2025, 5, 19),
             (("Espresso machine hire, May", "1", "185.00", "260", "OUTPUT"),), "PAID", "Hire", paid=date(2025, 6, 18)),
    Document("INV-0401", "Tallowwood Bakery", date(2025, 6, 2),
             (("House Blend, 1 kg", "14", "32.50", "200", "EXEMPTOUTPUT"),
              ("Delivery", "1", "18.50", "200", "OUTPUT")), "AUTHORISED", "TB/2025/071", credited="65.00"),
    Document("INV-0402", "Market Street Pop-up", date(2025, 6, 9),
             (("Stall sales, week 23", "1", "1184.55", "205", "OUTPUT"),), "VOIDED", "Entered twice"),
    Document("INV-0403", "Blue Gum Veterinary Clinic", date(2025, 6, 23),
             (("English breakfast tea bags", "4", "14.35", "200", "EXEMPTOUTPUT"),), "DRAFT"),
    Document("Z-1032", "Zephyr Signs & Lettering", date(2025, 6, 26),
             (("Share of the shop sign, numbered like their own quote", "1", "640.00", "260", "OUTPUT"),), "AUTHORISED",
             "Counter-invoice to Zephyr"),
    Document("HG-20417", "Highland Green Bean Importers", date(2025, 6, 11),
             (("Green beans, PNG, 10 bags", "10", "412.40", "310", "EXEMPTEXPENSES"),), "PAID", kind="ACCPAY",
             paid=date(2025, 6, 27)),
    Document("88-10233", "Paper Lantern Packaging", date(2025, 6, 24),
             (("Cups 8 oz, 20 sleeves", "20", "54.15", "310", "INPUT"), ("Freight", "1", "39.90", "425", "INPUT")),
             "AUTHORISED", kind="ACCPAY"),
)  # fmt: skip

CREDIT_NOTES = (
    Document("CN-0021", "Tallowwood Bakery", date(2025, 6, 16),
             (("Two bags returned, seal broken", "2", "32.50", "200", "EXEMPTOUTPUT"),), "PAID", "INV-0401",
             kind="ACCRECCREDIT"),
)  # fmt: skip

QUOTES = (
    ("QU-0031", "Café Lumière", date(2025, 6, 4), "SENT", (("Barista course", "2", "165.00", "200", "OUTPUT"),)),
    ("QU-0032", "Ironbark Legal Partners", date(2025, 6, 18), "ACCEPTED",
     (("Espresso machine hire, 12 months", "12", "185.00", "260", "OUTPUT"),)),
)  # fmt: skip

SUPPLIERS = (
    ("Highland Green Bean Importers", "orders@highlandgreenbean.example"),
    ("Paper Lantern Packaging", "sales@paperlantern.example"),
    ("Zephyr Signs & Lettering", "hello@zephyrsigns.example"),
    ("Inner West Courier Co-operative", "bookings@iwcouriers.example"),
    ("Marrickville Power and Gas", "accounts@mpg.example"),
)

ACCOUNTS = (
    ("090", "Business Bank Account", "BANK", "ASSET", "BASEXCLUDED", "", "ACTIVE"),
    ("091", "Business Savings Account", "BANK", "ASSET", "BASEXCLUDED", "", "ACTIVE"),
    ("200", "Sales", "REVENUE", "REVENUE", "OUTPUT", "", "ACTIVE"),
    ("205", "Sales - Market Stall (closed)", "REVENUE", "REVENUE", "OUTPUT", "", "ARCHIVED"),
    ("260", "Other Revenue", "REVENUE", "REVENUE", "OUTPUT", "", "ACTIVE"),
    ("270", "Interest Income", "REVENUE", "REVENUE", "INPUTTAXED", "", "ACTIVE"),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("400", "Advertising", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("404", "Bank Fees", "EXPENSE", "EXPENSE", "EXEMPTEXPENSES", "", "ACTIVE"),
    ("408", "Cleaning", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("412", "Consulting & Accounting", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("425", "Freight & Courier", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("445", "Light, Power, Heating", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("469", "Rent", "EXPENSE", "EXPENSE", "INPUT", "", "ACTIVE"),
    ("477", "Wages and Salaries", "EXPENSE", "EXPENSE", "BASEXCLUDED", "", "ACTIVE"),
    ("497", "Bank Revaluations", "EXPENSE", "EXPENSE", "BASEXCLUDED", "BANKCURRENCYGAIN", "ACTIVE"),
    ("498", "Unrealised Currency Gains", "EXPENSE", "EXPENSE", "BASEXCLUDED", "UNREALISEDCURRENCYGAIN", "ACTIVE"),
    ("499", "Realised Currency Gains", "EXPENSE", "EXPENSE", "BASEXCLUDED", "REALISEDCURRENCYGAIN", "ACTIVE"),
    ("610", "Accounts Receivable", "CURRENT", "ASSET", "BASEXCLUDED", "DEBTORS", "ACTIVE"),
    ("630", "Inventory", "INVENTORY", "ASSET", "BASEXCLUDED", "", "ACTIVE"),
    ("710", "Roasting Equipment", "FIXED", "ASSET", "INPUT", "", "ACTIVE"),
    ("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "BASEXCLUDED", "CREDITORS", "ACTIVE"),
    ("820", "GST", "CURRLIAB", "LIABILITY", "BASEXCLUDED", "GST", "ACTIVE"),
    ("840", "Historical Adjustment", "CURRLIAB", "LIABILITY", "BASEXCLUDED", "HISTORICAL", "ACTIVE"),
    ("860", "Rounding", "CURRLIAB", "LIABILITY", "BASEXCLUDED", "ROUNDING", "ACTIVE"),
    ("877", "Tracking Transfers", "CURRLIAB", "LIABILITY", "BASEXCLUDED", "TRACKINGTRANSFERS", "ACTIVE"),
    ("880", "Owner A Drawings", "EQUITY", "EQUITY", "BASEXCLUDED", "", "ACTIVE"),
    ("960", "Retained Earnings", "EQUITY", "EQUITY", "BASEXCLUDED", "RETAINEDEARNINGS", "ACTIVE"),
)
ACCOUNT_IDS = {code: uuid("account", code) for code, *_ in ACCOUNTS}

SALES, COSTS, BOTH = "AELR", "AEXL", "AEXLR"
"""To what a tax rate can apply: Assets, Equity, eXpenses, Liabilities, Revenue."""
TAX_RATES = (
    ("GST on Income", "OUTPUT", "10", "OUTPUT", SALES),
    ("GST Free Income", "EXEMPTOUTPUT", "0", "EXEMPTOUTPUT", SALES),
    ("GST Free Exports", "EXEMPTEXPORT", "0", "EXEMPTEXPORT", SALES),
    ("GST on Expenses", "INPUT", "10", "INPUT", COSTS),
    ("GST Free Expenses", "EXEMPTEXPENSES", "0", "EXEMPTEXPENSES", COSTS),
    ("GST on Capital", "CAPEXINPUT", "10", "CAPITALEXINPUT", COSTS),
    ("GST on Imports", "GSTONIMPORTS", "0", "GSTONIMPORTS", COSTS),
    ("Input Taxed", "INPUTTAXED", "0", "INPUTTAXED", BOTH),
    ("BAS Excluded", "BASEXCLUDED", "0", "BASEXCLUDED", BOTH),
    ("Wine Equalisation Tax", "TAX001", "29", "OUTPUT", SALES),
)

ITEMS = (
    ("WB-HOUSE-1KG", "House Blend 1 kg", "32.50", "EXEMPTOUTPUT"),
    ("WB-DARK-1KG", "Night Parrot Dark Roast 1 kg", "33.80", "EXEMPTOUTPUT"),
    ("CUP-8OZ", "Paper cup 8 oz", "0.11", "OUTPUT"),
    ("ESP-HIRE", "Espresso machine hire", "185.00", "OUTPUT"),
    ("MACH-SVC", "Machine service, fixed price", "320.00", "OUTPUT"),
    ("STALL-DAY", "Market stall, day rate", "90.00", "OUTPUT"),
)


def organisation() -> list[dict[str, Any]]:
    return [
        {
            "APIKey": "",
            "Name": business.COMPANY,
            "LegalName": business.COMPANY,
            "PaysTax": True,
            "Version": "AU",
            "OrganisationType": "COMPANY",
            "BaseCurrency": "AUD",
            "CountryCode": "AU",
            "IsDemoCompany": False,
            "OrganisationStatus": "ACTIVE",
            "TaxNumber": "",
            "FinancialYearEndDay": 30,
            "FinancialYearEndMonth": 6,
            "SalesTaxBasis": "ACCRUALS",
            "SalesTaxPeriod": "QUARTERLY2",
            "DefaultSalesTax": "Tax Exclusive",
            "DefaultPurchasesTax": "Tax Inclusive",
            "PeriodLockDate": slash_date(date(2025, 3, 31)),
            "CreatedDateUTC": slash_date(OPENED, 1, 15),
            "OrganisationEntityType": "COMPANY",
            "Timezone": "AUSEASTERNSTANDARDTIME",
            "ShortCode": "!wAtT1",
            "OrganisationID": uuid("organisation"),
            "Edition": "BUSINESS",
            "Class": "PREMIUM",
            "LineOfBusiness": "Coffee roasting and wholesale",
            "Addresses": [
                {
                    "AddressType": "POBOX",
                    "AddressLine1": "40 Wattlebird Lane",
                    "City": "Marrickville",
                    "Region": "NSW",
                    "PostalCode": "2204",
                    "Country": "Australia",
                    "AttentionTo": "",
                }
            ],
            "Phones": [
                {"PhoneType": "DEFAULT", "PhoneNumber": "5550 0100", "PhoneAreaCode": "02", "PhoneCountryCode": "61"}
            ],
            "ExternalLinks": [],
            "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
        }
    ]


def accounts() -> list[dict[str, Any]]:
    records = []
    for code, name, kind, account_class, tax, system, status in ACCOUNTS:
        record: dict[str, Any] = {
            "AccountID": ACCOUNT_IDS[code],
            "Code": code,
            "Name": name,
            "Status": status,
            "Type": kind,
            "TaxType": tax,
            "Class": account_class,
            "EnablePaymentsToAccount": code == "880",
            "ShowInExpenseClaims": kind == "EXPENSE" and not system,
            "ReportingCode": account_class[:3],
            "ReportingCodeName": account_class.capitalize(),
            "HasAttachments": False,
            "UpdatedDateUTC": slash_date(OPENED, 1, 20),
            "AddToWatchlist": code in ("090", "200"),
        }
        if kind == "BANK":
            record |= {"BankAccountNumber": f"00000000{code}", "BankAccountType": "BANK", "CurrencyCode": "AUD"}
        if system:
            record["SystemAccount"] = system
        records.append(record)
    return records


def tax_rates() -> list[dict[str, Any]]:
    letters = (("Assets", "A"), ("Equity", "E"), ("Expenses", "X"), ("Liabilities", "L"), ("Revenue", "R"))
    return [
        {
            "Name": name,
            "TaxType": tax_type,
            "ReportTaxType": report,
            **{f"CanApplyTo{word}": letter in where for word, letter in letters},
            "DisplayTaxRate": Decimal(rate).quantize(Decimal("0.0001")),
            "EffectiveRate": Decimal(rate).quantize(Decimal("0.0001")),
            "Status": "ACTIVE",
            "TaxComponents": [
                {
                    "Name": "WET" if tax_type == "TAX001" else "GST",
                    "Rate": Decimal(rate).quantize(Decimal("0.0001")),
                    "IsCompound": False,
                    "IsNonRecoverable": False,
                }
            ],
        }
        for name, tax_type, rate, report, where in TAX_RATES
    ]


def contact(
    name: str,
    *,
    customer: Customer | None = None,
    email: str = "",
    supplier: bool = False,
    archived: bool = False,
    terms: tuple[int, str] | None = None,
    age: int = 0,
) -> dict[str, Any]:
    """A contact with both addresses and all four telephones, blank where unset (reference/xero 2.4)."""
    street = {"AddressType": "STREET", "City": "", "Region": "", "PostalCode": "", "Country": ""}
    box = street | {"AddressType": "POBOX"}
    if customer:
        box |= {
            "AddressLine1": customer.street,
            "City": customer.city,
            "Region": customer.state or "",
            "PostalCode": customer.code,
            "Country": customer.country,
        }
    phones = [
        {"PhoneType": kind, "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
        for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")
    ]
    if customer and customer.phone:
        phones[1]["PhoneNumber"] = customer.phone
    record: dict[str, Any] = {
        "ContactID": uuid("contact", name),
        "ContactStatus": "ARCHIVED" if archived else "ACTIVE",
        "Name": name,
        "FirstName": "",
        "LastName": "",
        "EmailAddress": email,
        "BankAccountDetails": "",
        "Addresses": [street, box],
        "Phones": phones,
        "UpdatedDateUTC": slash_date(OPENED + timedelta(days=30 + age * 9), 2, age),
        "ContactGroups": [],
        "IsSupplier": supplier,
        "IsCustomer": any(document.kind == "ACCREC" and document.contact == name for document in DOCUMENTS),
        "DefaultCurrency": "AUD",
        "ContactPersons": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }
    if terms:
        record["PaymentTerms"] = {"Sales": {"Day": terms[0], "Type": terms[1]}}
    return record


def contacts() -> list[dict[str, Any]]:
    """Customers that Zoho knows too, two spellings of one deli, a customer put away, suppliers, and a stall."""
    known: list[dict[str, Any]] = [
        contact("THE PAPERBARK KITCHEN", customer=CUSTOMERS["The Paperbark Kitchen"]),
        contact("Café Lumière", customer=CUSTOMERS["Café Lumière"], email="orders@cafelumiere.example", age=1),
        contact("Ironbark Legal Partners", customer=CUSTOMERS["Ironbark Legal Partners"], age=2,
                terms=(20, "OFFOLLOWINGMONTH")),
        contact("Tallowwood Bakery", customer=CUSTOMERS["Tallowwood Bakery"], age=3,
                email="orders@tallowwoodbakery.example"),
        contact("Blue Gum Veterinary Clinic", customer=CUSTOMERS["Blue Gum Veterinary Clinic"], age=4),
        contact("Banksia House  Aged Care", customer=CUSTOMERS["Banksia House Aged Care"], age=5,
                terms=(14, "DAYSAFTERBILLDATE")),
        contact("Harbour Street Deli", customer=CUSTOMERS["Harbour Street Deli"], age=6),
        contact("Harbour  Street Deli", email="deli@harbourstreet.example", age=7),
        contact("Bellbird Tea Rooms", customer=CUSTOMERS["Bellbird Tea Rooms"], archived=True, age=8),
        contact("Market Street Pop-up", age=9),
    ]  # fmt: skip
    return known + [
        contact(name, email=email, supplier=True, age=10 + index) for index, (name, email) in enumerate(SUPPLIERS)
    ]


def items() -> list[dict[str, Any]]:
    return [
        {
            "ItemID": uuid("item", code),
            "Code": code,
            "Name": name,
            "Description": name,
            "PurchaseDetails": {},
            "SalesDetails": {"UnitPrice": Decimal(price), "AccountCode": "200", "TaxType": tax},
            "IsTrackedAsInventory": False,
            "IsSold": True,
            "IsPurchased": False,
            "UpdatedDateUTC": slash_date(OPENED + timedelta(days=60 + index), 3, index),
        }
        for index, (code, name, price, tax) in enumerate(ITEMS)
    ]


def line_items(document: str, lines: tuple[tuple[str, str, str, str, str], ...]) -> list[dict[str, Any]]:
    """Lines with Xero's own arithmetic: amount and tax to the cent, line by line (reference/xero 4.1)."""
    result = []
    for index, (description, quantity, unit, account, tax_type) in enumerate(lines):
        amount = cents(Decimal(quantity) * Decimal(unit))
        result.append(
            {
                "Description": description,
                "UnitAmount": Decimal(unit),
                "TaxType": tax_type,
                "TaxAmount": cents(amount * RATES[tax_type] / 100),
                "LineAmount": amount,
                "AccountCode": account,
                "Tracking": [],
                "Quantity": Decimal(quantity).quantize(Decimal("0.0001")),
                "LineItemID": uuid("line", document, str(index)),
                "AccountID": ACCOUNT_IDS[account],
            }
        )
    return result


def sums(lines: list[dict[str, Any]]) -> dict[str, Decimal]:
    sub_total = sum((line["LineAmount"] for line in lines), Decimal("0.00"))
    tax = sum((line["TaxAmount"] for line in lines), Decimal("0.00"))
    return {"SubTotal": sub_total, "TotalTax": tax, "Total": sub_total + tax}


def document_head(document: Document) -> dict[str, Any]:
    return {
        "Contact": {
            "ContactID": uuid("contact", document.contact),
            "Name": document.contact,
            "HasValidationErrors": False,
        },
        "DateString": f"{document.day}T00:00:00",
        "Date": slash_date(document.day),
        "Status": document.status,
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": "AUD",
        "CurrencyRate": Decimal("1.0000000000"),
        "HasAttachments": False,
        "HasErrors": False,
        "UpdatedDateUTC": slash_date(document.paid or document.day, 4, 30),
    }


def invoices() -> list[dict[str, Any]]:
    records = []
    for document in DOCUMENTS:
        lines = line_items(document.number, document.lines)
        figures = sums(lines)
        credited = Decimal(document.credited)
        paid = figures["Total"] - credited if document.paid else Decimal("0.00")
        due = Decimal("0.00") if document.status == "VOIDED" else figures["Total"] - credited - paid
        record: dict[str, Any] = {
            "Type": document.kind,
            "InvoiceID": uuid("invoice", document.number),
            "InvoiceNumber": document.number,
            "Reference": document.reference,
            "Payments": [
                {
                    "PaymentID": uuid("payment", document.number),
                    "Date": slash_date(document.paid),
                    "Amount": paid,
                    "Reference": "",
                    "CurrencyRate": Decimal("1.0000000000"),
                    "HasAccount": False,
                    "HasValidationErrors": False,
                }
            ]
            if document.paid
            else [],
            "CreditNotes": [
                {
                    "CreditNoteID": uuid("credit note", note.number),
                    "CreditNoteNumber": note.number,
                    "Date": slash_date(note.day),
                    "Total": credited,
                    "AppliedAmount": credited,
                    "HasErrors": False,
                }
                for note in CREDIT_NOTES
                if note.reference == document.number
            ],
            "Prepayments": [],
            "Overpayments": [],
            "AmountDue": due,
            "AmountPaid": paid,
            "AmountCredited": credited,
            "SentToContact": False,
            "IsDiscounted": False,
            **document_head(document),
            "DueDateString": f"{document.day + timedelta(days=30)}T00:00:00",
            "DueDate": slash_date(document.day + timedelta(days=30)),
            "LineItems": lines,
            **figures,
        }
        if document.paid:
            record["FullyPaidOnDate"] = slash_date(document.paid)
        records.append(record)
    return records


def payments() -> list[dict[str, Any]]:
    records = []
    for document in DOCUMENTS:
        if not document.paid:
            continue
        amount = sums(line_items(document.number, document.lines))["Total"] - Decimal(document.credited)
        records.append(
            {
                "PaymentID": uuid("payment", document.number),
                "Date": slash_date(document.paid),
                "BankAmount": amount,
                "Amount": amount,
                "Reference": "",
                "CurrencyRate": Decimal("1.0000000000"),
                "PaymentType": "ACCRECPAYMENT" if document.kind == "ACCREC" else "ACCPAYPAYMENT",
                "Status": "AUTHORISED",
                "UpdatedDateUTC": slash_date(document.paid, 4, 30),
                "HasAccount": True,
                "IsReconciled": True,
                "Account": {"AccountID": ACCOUNT_IDS["090"], "Code": "090"},
                "Invoice": {
                    "Type": document.kind,
                    "InvoiceID": uuid("invoice", document.number),
                    "InvoiceNumber": document.number,
                    "CurrencyCode": "AUD",
                    "IsDiscounted": False,
                    "HasErrors": False,
                    "Contact": {"ContactID": uuid("contact", document.contact), "Name": document.contact},
                },
                "HasValidationErrors": False,
            }
        )
    return records


def credit_notes() -> list[dict[str, Any]]:
    records = []
    for note in CREDIT_NOTES:
        lines = line_items(note.number, note.lines)
        figures = sums(lines)
        records.append(
            {
                "Type": note.kind,
                "CreditNoteID": uuid("credit note", note.number),
                "CreditNoteNumber": note.number,
                "Reference": note.reference,
                "Payments": [],
                "Allocations": [
                    {
                        "AllocationID": uuid("allocation", note.number),
                        "Amount": figures["Total"],
                        "Date": slash_date(note.day),
                        "Invoice": {
                            "InvoiceID": uuid("invoice", note.reference),
                            "InvoiceNumber": note.reference,
                            "HasErrors": False,
                        },
                    }
                ],
                "RemainingCredit": Decimal("0.00"),
                "SentToContact": False,
                **document_head(note),
                "LineItems": lines,
                **figures,
            }
        )
    return records


def quotes() -> list[dict[str, Any]]:
    records = []
    for number, name, day, status, offered in QUOTES:
        lines = [
            {key: value for key, value in line.items() if key != "AccountID"} for line in line_items(number, offered)
        ]
        records.append(
            {
                "QuoteID": uuid("quote", number),
                "QuoteNumber": number,
                "Reference": "",
                "Terms": "",
                "Contact": {"ContactID": uuid("contact", name), "Name": name, "EmailAddress": ""},
                "LineItems": lines,
                "Date": slash_date(day),
                "DateString": f"{day}T00:00:00",
                "ExpiryDate": slash_date(day + timedelta(days=30)),
                "ExpiryDateString": f"{day + timedelta(days=30)}T00:00:00",
                "Status": status,
                "CurrencyRate": Decimal("1.000000"),
                "CurrencyCode": "AUD",
                **sums(lines),
                "TotalDiscount": Decimal("0.00"),
                "Title": "",
                "Summary": "",
                "UpdatedDateUTC": slash_date(day, 5, 10),
                "LineAmountTypes": "EXCLUSIVE",
            }
        )
    return records


def currencies() -> list[dict[str, str]]:
    return [
        {"Code": "AUD", "Description": "Australian Dollar"},
        {"Code": "USD", "Description": "United States Dollar"},
    ]
