"""A bookkeeper's own figures, worked out by hand, against what stands in Xero: odd currencies and odd combinations."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

from tests.e2e.shop import FREE, Json, Shop, invoice, line, shop, taxes


def base(code: str, *others: str) -> Json:
    """Zoho's currencies."""
    return {
        "currencies": [
            {"id": f"8{one}", "iso_code": one, "name": one, "is_base": one == code, "is_active": True}
            | {"exchange_rate": "1"}
            for one in (code, *others)
        ]
    }


def subscribed(*codes: str) -> Json:
    return {"Currencies": [{"Code": code, "Description": code} for code in codes]}


def untaxed(amount: str, **more: Any) -> Json:
    """A line without tax whose amount may have three decimals."""
    value = D(amount)
    return {**line("1", tax=()), "Total": value, "Total_After_Discount": value, "Net_Total": value, **more}


def test_currencies_of_three_and_of_no_decimals(tmp_path: Path) -> None:
    """Xero keeps two decimals: three that end in 0 fit, any other total is blocked for just that reason."""
    kuwait = {"Currency": "KWD", "Exchange_Rate": D("0.2")}
    japan = {"Currency": "JPY", "Exchange_Rate": D("97.12")}
    documents = [
        invoice("11", [untaxed("10.125")], **kuwait),
        invoice("12", [untaxed("10.120")], **kuwait),
        invoice("13", [untaxed("10.125"), untaxed("10.125")], **kuwait),
        invoice("14", [untaxed("10.00")], Adjustment=D("0.005"), **kuwait),
        invoice("15", [untaxed("-10.125")], **kuwait),
        invoice("21", [untaxed("333", Quantity=D(7))], Discount=D(33), **japan),
    ]
    place = shop(
        tmp_path,
        *documents,
        zoho=base("AUD", "KWD", "JPY"),
        xero=subscribed("AUD", "KWD", "JPY"),
        settings={"currency_rate": "pin"},
    )
    plan = place.preview()
    reasons = {one["source"]["label"]: one["reason"] for one in plan["actions"] if one["action"] == "block"}
    assert reasons == {
        "11": "its total of 10.125 has 3 decimals, Xero keeps 2: no total there can be equal to it",
        "14": "its total of 10.005 has 3 decimals, Xero keeps 2: no total there can be equal to it",
        "15": "its total of 10.125 has 3 decimals, Xero keeps 2: no total there can be equal to it",
    }
    sent = place.sent()
    assert {number: (made["Total"], made["CurrencyCode"], made["CurrencyRate"]) for number, made in sent.items()} == {
        "12": (D("10.12"), "KWD", D("0.2")),
        "13": (D("20.25"), "KWD", D("0.2")),
        "21": (D("300.00"), "JPY", D("97.12")),
    }
    assert [row["LineAmount"] for row in sent["13"]["LineItems"]] == [D("10.13"), D("10.13"), D("-0.01")]


EXPORTS, IMPORTS = (
    """| GST 10%     | OUTPUT        |
| GST Free 0% | EXEMPTOUTPUT  |
| missing     | BASEXCLUDED   |
""",
    """| OUTPUT                     | GST 10%     |
| EXEMPTOUTPUT               | GST Free 0% |
| BASEXCLUDED, NONE, missing | missing     |
""",
)
ACCOUNTS = [("200", "Sales", "REVENUE", {}), ("860", "Rounding", "EXPENSE", {"SystemAccount": "ROUNDING"})]


def abroad(path: Path, country: str, currency: str, table: dict[str, tuple[str, str]], *documents: Json) -> Shop:
    """A shop of another country. ``table``: of each set of Zoho taxes (none: ``missing``) the tax rate of Xero and its
    percentage, which stands in the rules, too."""
    used = (column for column in table if column != "missing")
    known = {(one["name"], one["percentage"]) for column in used for one in taxes(*column.split(" + "))}
    return shop(
        path,
        *({**document, "Currency": currency} for document in documents),
        zoho={
            "org": [{"id": "1", "company_name": "Abroad", "iso_code": currency, "mc_status": True}],
            "taxes": [{"id": f"9{at}", "name": name, "value": rate} for at, (name, rate) in enumerate(sorted(known))],
            **base(currency),
        },
        xero={
            "Organisation": [
                {"OrganisationID": "11111111-2222-4333-8444-555555555555", "Name": "Abroad"}
                | {"BaseCurrency": currency, "CountryCode": country}
            ],
            "TaxRates": [
                {"Name": code, "TaxType": code, "EffectiveRate": D(rate), "DisplayTaxRate": D(rate), "Status": "ACTIVE"}
                | {f"CanApplyTo{kind}": True for kind in ("Revenue", "Expenses")}
                for code, rate in table.values()
            ],
            "Accounts": [
                {"AccountID": f"33333333-3333-4333-8333-333333333{code}", "Code": code, "Name": name, "Type": kind}
                | {"TaxType": table["missing"][0], "Status": "ACTIVE", **more}
                for code, name, kind, more in ACCOUNTS
            ],
            **subscribed(currency),
        },
        settings={"purchase_account": "860", "unpaid_status": "AUTHORISED"},
        edits=[
            ("rules/tax.zx", EXPORTS, "".join(f"| {column} | {code} |\n" for column, (code, _) in table.items())),
            ("rules/tax.zx", IMPORTS, "".join(f"| {code} | {column} |\n" for column, (code, _) in table.items())),
        ],
    )


def figures(made: Json) -> list[tuple[Any, ...]]:
    return [(row["LineAmount"], row["TaxAmount"], row["TaxType"]) for row in made["LineItems"]]


def test_britain_with_three_rates_of_one_tax(tmp_path: Path) -> None:
    """Reference/xero 4.2: 10.10 at 5 % is exactly half a cent; a document discount lowers what was taxed with it."""
    rates = {"VAT 20%": ("OUTPUT2", "20"), "VAT 5%": ("RROUTPUT", "5"), "VAT 0%": ("ZERORATEDOUTPUT", "0")}
    lines = [line("25.06", tax=taxes("VAT 20%")), line("10.10", tax=taxes("VAT 5%")), line("7", tax=taxes("VAT 0%"))]
    table = {**rates, "missing": ("NONE", "0")}
    place = abroad(tmp_path, "GB", "GBP", table, invoice("1", lines), invoice("2", lines, Discount=D("4.77")))
    sent = place.sent()
    assert figures(sent["1"]) == [
        (D("25.06"), D("5.01"), "OUTPUT2"),
        (D("10.10"), D("0.51"), "RROUTPUT"),
        (D("7.00"), D("0.00"), "ZERORATEDOUTPUT"),
    ]
    assert (sent["1"]["Total"], sent["2"]["Total"]) == (D("47.68"), D("42.91"))
    # 4.77 over 30.07, 10.61 and 7.00: 3.01, 1.06 and 0.70 with tax, 2.51, 1.01 and 0.70 before it
    assert figures(sent["2"])[:3] == [
        (D("22.55"), D("4.51"), "OUTPUT2"),
        (D("9.09"), D("0.45"), "RROUTPUT"),
        (D("6.30"), D("0.00"), "ZERORATEDOUTPUT"),
    ]
    assert figures(sent["2"])[3:] == [(D("0.01"), D("0.00"), "NONE")]


def test_new_zealand_with_the_tax_on_the_total(tmp_path: Path) -> None:
    """Xero's own example (reference/xero 4.2): 11.44 line by line, 11.45 on the total."""
    bare = [line(amount, tax=()) for amount in ("25.06", "25.61", "25.63")]
    gst = {"$line_tax": [{**taxes("GST 15%")[0], "value": D("11.45")}]}
    table = {"GST 15%": ("OUTPUT2", "15"), "missing": ("NONE", "0")}
    made = abroad(tmp_path, "NZ", "NZD", table, invoice("1", bare, **gst)).sent()["1"]
    assert [tax for _, tax, _ in figures(made)] == [D("3.76"), D("3.84"), D("3.84"), D("0.00")]
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (D("76.31"), D("11.44"), D("87.75"))


def test_america_with_taxes_on_top_of_each_other(tmp_path: Path) -> None:
    """Zoho rounds each tax, Xero their sum: 0.35 + 0.12 + 0.03 of 5.55, which at 8.875 % are 0.49."""
    stack = "State 6.25% + City 2.125% + Transit 0.5%"
    table = {"State 6.25%": ("TAX001", "6.25"), stack: ("TAX002", "8.875"), "missing": ("NONE", "0")}
    all_three, one = taxes(*stack.split(" + ")), taxes("State 6.25%")
    place = abroad(
        tmp_path,
        "US",
        "USD",
        table,
        invoice("1", [line("5.55", tax=all_three), line("33.33", tax=all_three[::-1]), line("10.00", tax=one)]),
        invoice("2", [line("5.55", tax=all_three[:2])]),
    )
    assert "State 6.25%" in place.blocked("2")["reason"]
    made = place.sent()["1"]
    assert figures(made) == [
        (D("5.55"), D("0.49"), "TAX002"),
        (D("33.33"), D("2.96"), "TAX002"),
        (D("10.00"), D("0.63"), "TAX001"),
        (D("0.01"), D("0.00"), "NONE"),
    ]


def test_a_quote_below_zero_is_not_billed(tmp_path: Path) -> None:
    def quote(number: str, *lines: Json) -> Json:
        made = invoice(number, lines)
        kept = {name: value for name, value in made.items() if name not in ("Status", "Invoice_Date")}
        kept["Quote_Number"], kept["Quoted_Items"] = kept.pop("Invoice_Number"), kept.pop("Invoiced_Items")
        return {**kept, "Quote_Stage": "Confirmed"}

    quotes = [quote("1", line("-5.00")), quote("2", line("100.00"), line("33.33", "7", FREE))]
    place = shop(
        tmp_path, zoho={"Quotes": quotes}, settings={"quotes": "invoice", "prefix": "Z-", "quote_prefix": "Q-"}
    )
    reasons = {one["source"]["label"]: one["reason"] for one in place.preview()["actions"] if one["action"] == "block"}
    assert reasons == {"1": "an invoice below zero must be a credit note: quotes make none"}
    assert {number: made["Total"] for number, made in place.sent().items()} == {"Q-2": D("143.33")}
