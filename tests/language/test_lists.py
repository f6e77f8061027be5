"""Functions over the rows of a record and over keyed lists: what they give, and what they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.language.test_constructs import World

from zx.catalog.load import packaged
from zx.compile.build import Build, SyncRules, build
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record

SUM = "`sum` needs a list of numbers or amounts here"
JOIN = "`join` needs a text or a list of texts here"
ROWS = [
    {"Quantity": Decimal(3), "Description": "Ink", "Product_Name": {"id": "7", "name": "Widget", "Product_Code": "W"}},
    {"Quantity": Decimal(1), "Product_Name": {"id": "8", "name": "Handbook"}},
    {"Quantity": Decimal("2.50"), "Description": "Paper"},
]
TAXES = [{"name": "GST", "percentage": Decimal(10)}, {"name": "WET", "percentage": Decimal("29.0")}]


def built(source: str, target: str, key: str, field: str, expression: str) -> Build:
    text = f'map m: {source} -> {target}\n  match on {key}\n  {key} = "x"\n  {field} = {expression}\n'
    return build({"a.zx": text}, packaged(), SyncRules("t", {}, World.timezone, Span("zx.toml", 1, 1, 1, 2)))


def of_invoice(expression: str, rows: Sequence[dict[str, Any]] = ROWS) -> Any:
    made = built("zoho.Invoices", "xero.Contact", "Name", "FirstName", f"left({expression}, 255)")
    assert made.program is not None, made.diagnostics
    values = {"id": "1", "$line_tax": TAXES, **({"Invoiced_Items": list(rows)} if rows else {})}
    record = Record(Kind("zoho", "Invoices"), "1", "", values)
    program = made.program.maps["m"]
    fast, careful = program.evaluate(record, World()), program.trace(record, World())
    assert fast.problems == careful.problems == ()
    assert fast.fields == careful.fields
    return fast.fields.get("FirstName")


@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        ("text(count(Invoiced_Items))", "3"),
        ("text(sum(Invoiced_Items.Quantity))", "6.5"),
        ("text(min(Invoiced_Items.Quantity))", "1"),
        ("text(max(Invoiced_Items.Quantity))", "3"),
        ("text(max(2, Invoiced_Items.Quantity, 7))", "7"),
        ("first(Invoiced_Items.Description)", "Ink"),
        ('join(", ", Invoiced_Items.Description)', "Ink, Paper"),
        ('join(", ", Invoiced_Items.Product_Name.name)', "Widget, Handbook"),
        ('join(", ", Invoiced_Items.Product_Name.Product_Code, "end")', "W, end"),
        ('join(" and ", $line_tax)', "GST 10% and WET 29%"),
        ("first($line_tax)", "GST 10%"),
        ("text(count($line_tax))", "2"),
    ],
)
def test_over_rows(expression: str, gives: str) -> None:
    assert of_invoice(expression) == gives


def test_over_no_rows() -> None:
    for expression in ("text(count(Invoiced_Items))", "text(sum(Invoiced_Items.Quantity))"):
        assert of_invoice(expression, ()) == "0"
    for expression in ("text(min(Invoiced_Items.Quantity))", 'join(", ", Invoiced_Items.Description)'):
        assert of_invoice(f'{expression} otherwise "none"', ()) == "none"


@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        ("text(count(Addresses))", "2"),
        ('join(", ", Addresses.City)', "Hobart, Cairns"),
        ("first(Phones.PhoneNumber)", "55 1234"),
        ("text(count(Phones.PhoneNumber))", "1"),
    ],
)
def test_over_keyed_lists(expression: str, gives: str) -> None:
    made = built("xero.Contact", "zoho.Contacts", "Last_Name", "First_Name", f"left({expression}, 40)")
    assert made.program is not None, made.diagnostics
    values = {
        "ContactID": "c",
        "Addresses": {"STREET": {"City": "Cairns"}, "POBOX": {"City": "Hobart"}},
        "Phones": {"MOBILE": {"PhoneNumber": "55 1234"}, "DEFAULT": {"PhoneCountryCode": "61"}},
    }
    record = Record(Kind("xero", "Contact"), "c", "", values)
    assert made.program.maps["m"].evaluate(record, World()).fields["First_Name"] == gives


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("text(sum(Invoiced_Items))", f"{SUM}, this gives a list of rows"),
        ("text(sum(Invoiced_Items.Description))", f"{SUM}, this gives a list of texts"),
        ("first(Invoiced_Items)", "`first` needs a list of values here, this gives a list of rows"),
        ('join(", ", Invoiced_Items)', f"{JOIN}, this gives a list of rows"),
        ('join(", ", Invoiced_Items.Quantity)', f"{JOIN}, this gives a list of numbers"),
        ("text(max(2, Invoice_Date))", "a number and a date have no order"),
        ("text(count(Subject))", "`count` needs a list here, this gives a text"),
        ("join(Invoiced_Items.Line_Tax.name)", "`Invoiced_Items.Line_Tax` is a list of sets and has no `name`"),
    ],
)
def test_what_has_no_meaning(expression: str, message: str) -> None:
    (found,) = built("zoho.Invoices", "xero.Contact", "Name", "FirstName", f"left({expression}, 255)").diagnostics
    assert found.message == message
