"""Counts of what was read: they make a finding concrete and change nothing else."""

from __future__ import annotations

from decimal import Decimal

from zx.catalog.load import packaged
from zx.check.census import count
from zx.compile.build import SyncRules, build
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record

INVOICES = Kind("zoho", "Invoices")
GST = {"name": "GST", "percentage": Decimal("10.0")}
WET = {"name": "WET", "percentage": Decimal("29")}


def invoice(number: str, **values: object) -> Record:
    return Record(INVOICES, number, "", {"Invoice_Number": number, **values})


def test_fields_and_the_taxes_of_lines_are_counted() -> None:
    lines = [{"Line_Tax": [GST, WET]}, {"Line_Tax": [WET, GST]}, {"Line_Tax": [GST]}, {}]
    zero = {"name": "WET", "percentage": Decimal(0)}
    records = [
        invoice("1", Due_Date="2026-03-31", Invoiced_Items=lines),
        invoice("2", Invoiced_Items=[{}], **{"$line_tax": [GST, zero]}),
        invoice("3"),
    ]
    made = count(records, INVOICES, packaged())
    assert (made.records, made.missing("Due_Date"), made.missing("Invoice_Number")) == (3, 2, 0)
    both, one = (("GST", "10"), ("WET", "29")), (("GST", "10"),)
    assert made.taxes == {"Invoiced_Items": {both: 2, one: 2}}


def test_a_comparison_with_what_may_be_missing_says_how_often_it_is() -> None:
    text = """
map people: zoho.Contacts -> xero.Contact
  match on Name
  only when Date_of_Birth < 2008-01-01
  Name = left(Last_Name, 255)
"""
    kind = Kind("zoho", "Contacts")
    read = [Record(kind, str(number), "", {"Last_Name": "Field"}) for number in range(2311)]
    census = {kind: count(read, kind, packaged())}
    place = Span("zx.toml", 1, 1, 1, 2)
    sync = SyncRules("au", {}, "Australia/Sydney", place, census)
    (found,) = build({"rules/a.zx": text}, packaged(), sync).diagnostics
    assert (found.code, found.label) == ("E0302", "optional in Zoho; 2,311 of your 2,311 contacts have none")
