"""The starter rules check clean, and judge records as a bookkeeper expects."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SettingValue, SyncRules, build
from zx.compile.program import Evaluated, Key, Program, Scope
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record
from zx.runtime.values import Stop, TargetRef

PLACE = Span("zx.toml", 12, 1, 12, 5)
FOLDER = files("zx.starter")
SOURCES = {
    f"rules/{entry.name}": entry.read_text("utf-8")
    for entry in sorted(FOLDER.iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".zx")
}
Setting = str | Decimal | bool


def program(**settings: Setting) -> Program:
    given = {"prefix": "AU-", "start_date": "2026-03-01", **settings}
    values = {name: SettingValue(value, PLACE) for name, value in given.items()}
    made = build(SOURCES, packaged(), SyncRules("demo", values, "Australia/Sydney", PLACE))
    assert made.diagnostics == ()
    assert made.program is not None
    return made.program


class World:
    """A context with linked contacts and items; ``terms`` are the payment terms of every contact."""

    run_date = "2026-04-01"
    timezone = "Australia/Sydney"

    def __init__(self, terms: Mapping[str, Any] | None = None, blocked: str = "") -> None:
        self.values = {"PaymentTerms": {"Sales": terms}} if terms else {}
        self.blocked = blocked

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        if not isinstance(value, Mapping):
            return None  # the record itself, never sent
        if map_name == self.blocked:
            raise Stop("fail", "its organisation is blocked", code="R904", cause="organisations:a1")
        kind = "Item" if map_name == "items" else "Contact"
        return TargetRef("xero", kind, f"x-{value['id']}", value["name"], map_name, value["id"], self.values)

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        return TargetRef(system, kind, None, value)

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


def tax(name: str, percentage: str) -> list[dict[str, Any]]:
    return [{"name": name, "percentage": Decimal(percentage), "id": "7"}]


def row(name: str, amount: str, taxes: list[dict[str, Any]] | None, **more: Any) -> dict[str, Any]:
    made = {
        "Product_Name": {"id": f"p-{name}", "name": name, "Product_Code": name.upper()},
        "Quantity": Decimal(1),
        "Total_After_Discount": Decimal(amount),
        "Line_Tax": taxes,
        **more,
    }
    return {key: value for key, value in made.items() if value is not None}


def invoice(**more: Any) -> Record:
    made = {
        "id": "1",
        "Invoice_Number": "1001",
        "Status": "Approved",
        "Invoice_Date": "2026-03-31",
        "Created_Time": "2026-03-30T22:00:00+00:00",
        "Account_Name": {"id": "a1", "name": "Quayside Ceramics"},
        "Grand_Total": Decimal("138.01"),
        "Currency": "AUD",
        "Invoiced_Items": [row("Widget", "100.01", tax("GST", "10")), row("Handbook", "28.00", tax("GST Free", "0.0"))],
        **more,
    }
    values = {key: value for key, value in made.items() if value is not None}
    return Record(Kind("zoho", "Invoices"), "1", "2026-03-31T00:00:00+00:00", values)


def judged(record: Record, world: World | None = None, **settings: Setting) -> Evaluated:
    """The fast form's answer, which must be the careful one's but for the table rows."""
    one = program(**settings).maps["invoices"]
    context = world or World()
    fast, careful = one.evaluate(record, context), one.trace(record, context)
    assert (fast.scope, fast.reason, fast.rule, fast.problems) == (
        careful.scope,
        careful.reason,
        careful.rule,
        careful.problems,
    )
    assert (fast.fields, fast.match, fast.never, fast.total, fast.spreads) == (
        careful.fields,
        careful.match,
        careful.never,
        careful.total,
        careful.spreads,
    )
    assert [line.fields for line in fast.lines] == [line.fields for line in careful.lines]
    return fast


def test_an_approved_invoice_line_by_line() -> None:
    found = judged(invoice())
    assert found.scope is Scope.IN and found.problems == ()
    fields = dict(found.fields)
    contact = fields.pop("Contact")
    assert (contact.kind, contact.map, contact.source_id) == ("Contact", "organisations", "a1")
    assert fields == {
        "Type": "ACCREC",
        "InvoiceNumber": "AU-1001",
        "Date": "2026-03-31",
        "DueDate": "2026-04-30",
        "LineAmountTypes": "Exclusive",
        "Status": "DRAFT",
        "CurrencyCode": "AUD",
    }
    lines = [(line.fields["Description"], line.fields["LineAmount"], line.fields["TaxType"]) for line in found.lines]
    assert lines == [("Widget", Decimal("100.01"), "OUTPUT"), ("Handbook", Decimal("28.00"), "EXEMPTOUTPUT")]
    assert [line.source_index for line in found.lines] == [0, 1]
    assert found.match == ((Key("InvoiceNumber", "AU-1001"),), (Key("Reference", None),))
    assert found.total is not None
    assert (found.total.amount, found.total.method, found.total.limit) == (
        Decimal("138.01"),
        "rounding",
        Decimal("0.05"),
    )


def test_a_line_without_tax_takes_the_tax_of_the_document() -> None:
    lines = [row("Widget", "100.01", None)]
    assert judged(invoice(Invoiced_Items=lines)).lines[0].fields["TaxType"] == "BASEXCLUDED"
    found = judged(invoice(Invoiced_Items=lines, **{"$line_tax": tax("GST", "10.00")}))
    assert found.lines[0].fields["TaxType"] == "OUTPUT"


@pytest.mark.parametrize(
    ("rule", "days", "due"),
    [
        ("days_after_invoice", 14, "2026-04-14"),
        ("days_after_month_end", 14, "2026-04-14"),
        ("day_of_month", 20, "2026-03-20"),
        ("day_of_month", 40, "2026-03-31"),
        ("day_of_following_month", 20, "2026-04-20"),
        ("day_of_following_month", 31, "2026-04-30"),
    ],
)
def test_four_ways_to_a_due_date(rule: str, days: int, due: str) -> None:
    assert judged(invoice(), due_rule=rule, due_days=Decimal(days)).fields["DueDate"] == due


def test_due_dates_come_from_zoho_then_the_contact_then_the_settings() -> None:
    terms = World({"Type": "OFFOLLOWINGMONTH", "Day": Decimal(15)})
    assert judged(invoice(Due_Date="2026-05-05"), terms).fields["DueDate"] == "2026-05-05"
    assert judged(invoice(), terms).fields["DueDate"] == "2026-04-15"
    assert judged(invoice(), World({"Type": "OFFOLLOWINGMONTH"})).fields["DueDate"] == "2026-04-30"


def test_a_due_date_before_the_invoice_is_a_warning() -> None:
    found = judged(invoice(Due_Date="2026-03-01"))
    assert found.scope is Scope.IN
    assert [(p.code, p.severity, p.message) for p in found.problems] == [("R914", "warning", "due before its own date")]


def test_an_invoice_without_date_takes_the_day_it_was_created_in_the_zone_of_the_sync() -> None:
    assert judged(invoice(Invoice_Date=None)).fields["Date"] == "2026-03-31"


def test_taxes_without_a_row_fail_with_the_row_to_paste() -> None:
    found = judged(invoice(Invoiced_Items=[row("Ink", "1", tax("GST", "10")), row("Pen", "2", tax("VAT", "12.50"))]))
    assert found.scope is Scope.FAIL
    (problem,) = found.problems
    assert problem.code == "R903"
    assert problem.message == "line 2: the Zoho taxes 'VAT 12.5%' have no Xero tax rate"
    assert problem.fix == "| VAT 12.5% | … |"
    assert problem.rule == "rules/tax.zx:7" and problem.help == "add a row above rules/tax.zx:7"
    assert problem.cause == "tax_rate: VAT 12.5%"
    assert found.fields["InvoiceNumber"] == "AU-1001" and found.match


def test_combined_taxes_are_named_together_in_any_order() -> None:
    both = [*tax("PST", "7"), *tax("GST, local", "5")]
    found = judged(invoice(Invoiced_Items=[row("Ink", "1", both), row("Pen", "1", both[::-1])]))
    assert {problem.fix for problem in found.problems} == {'| "GST, local" 5% + PST 7% | … |'}
    assert len({problem.cause for problem in found.problems}) == 1


def test_all_failures_of_a_record_are_reported() -> None:
    record = invoice(
        Status="On Hold",
        Account_Name=None,
        Invoiced_Items=[
            row(
                "Ink",
                "1",
                tax("GST", "10"),
            )
        ],
        Grand_Total=Decimal(-5),
        **{"$line_tax": tax("GST", "10")},
    )
    found = judged(record, credit_notes=False)
    assert found.scope is Scope.FAIL
    assert [problem.message for problem in found.problems] == [
        "Zoho status 'On Hold' has no meaning yet",
        "an invoice below zero must be a credit note: switch credit_notes on",
        "it names neither a person nor an organisation",
        "line 1: taxed twice: on its lines and on its total",
    ]


def test_held_and_cancelled_invoices_still_say_how_they_would_match() -> None:
    held, cancelled = judged(invoice(Status="Created")), judged(invoice(Status="Cancelled"))
    assert (held.scope, held.reason, held.rule) == (Scope.SKIP, "held by its Zoho status", "rules/invoices.zx:27")
    assert (cancelled.scope, cancelled.reason) == (Scope.CANCEL, "cancelled in Zoho")
    assert held.match[0] == cancelled.match[0] == (Key("InvoiceNumber", "AU-1001"),)
    assert held.problems == ()


def test_old_invoices_are_out_of_scope() -> None:
    found = judged(invoice(Invoice_Date="2026-02-28"))
    assert found.scope is Scope.OUT and found.match == () and found.rule == "rules/invoices.zx:23"


def test_a_blocked_contact_blocks_the_invoice_with_its_cause() -> None:
    found = judged(invoice(), World(blocked="organisations"))
    assert found.scope is Scope.FAIL
    assert {(p.code, p.message, p.cause) for p in found.problems} == {
        ("R904", "its organisation is blocked", "organisations:a1")
    }


def test_data_that_contradicts_the_catalogue_is_a_problem_of_its_record() -> None:
    found = judged(invoice(Grand_Total="138.01"))
    assert found.scope is Scope.FAIL
    assert "R901" in {problem.code for problem in found.problems}
    messages = {problem.message for problem in found.problems}
    assert 'Zoho sent a text for `Grand_Total`, a number was expected: "138.01"' in messages


def test_trace_names_the_rows_that_decided() -> None:
    traced = program().maps["invoices"].trace(invoice(), World())
    assert traced.rows["Status"] == ("rules/statuses.zx:5",)
    assert traced.rows["DueDate"][0] == "rules/invoices.zx:6"
    assert [line.rows["TaxType"] for line in traced.lines] == [("rules/tax.zx:4",), ("rules/tax.zx:5",)]


def test_person_and_organisation_by_mode() -> None:
    person = {"id": "c1", "name": "Tomasz Field"}
    billed = judged(invoice(Contact_Name=person), customer="original").fields["Contact"]
    assert (billed.map, billed.source_id) == ("people", "c1")
    aside = judged(invoice(), customer="original")
    assert aside.fields["Contact"].map == "organisations"
    assert [p.message for p in aside.problems] == ["it names no person: its organisation is billed"]
    single = judged(invoice(Contact_Name=person), customer="single")
    assert single.fields["Contact"].code == "Online Sale"
    assert single.lines[-1].fields["Description"] == "Customer: Tomasz Field, Quayside Ceramics"


def test_discount_is_spread_or_a_line_and_an_adjustment_is_a_line() -> None:
    record = invoice(Discount=Decimal("46.00"), Adjustment=Decimal("-0.02"))
    spread = judged(record)
    assert [one.amount for one in spread.spreads] == [Decimal("46.00")]
    assert [line.fields["LineAmount"] for line in spread.lines[2:]] == [Decimal("-0.02")]
    lined = judged(record, discount="line")
    assert lined.spreads == ()
    assert [line.fields["LineAmount"] for line in lined.lines[2:]] == [Decimal("-0.02"), Decimal("-46.00")]
    assert [line.source_index for line in lined.lines[2:]] == [None, None]


def test_numbers_by_xero_leave_ours_in_the_reference() -> None:
    found = judged(invoice(Purchase_Order="PO 7"), auto_number=True)
    assert "InvoiceNumber" not in found.fields and found.fields["Reference"] == "AU-1001"
    assert judged(invoice(Purchase_Order="PO 7")).fields["Reference"] == "PO 7"


def test_an_organisation_becomes_a_contact_with_addresses_part_by_part() -> None:
    values = {
        "id": "a1",
        "Account_Name": "  Quayside   Ceramics ",
        "Phone": "02 5550 1234",
        "Billing_Street": "1 Quay St",
        "Billing_City": "Sydney",
        "Billing_Code": "2000",
        "Shipping_City": "Perth",
    }
    record = Record(Kind("zoho", "Accounts"), "a1", "", values)
    found = program().maps["organisations"].evaluate(record, World())
    assert dict(found.fields) == {
        "Name": "Quayside Ceramics",
        "Phones[DEFAULT].PhoneNumber": "02 5550 1234",
        "Addresses[POBOX].AddressLine1": "1 Quay St",
        "Addresses[POBOX].City": "Sydney",
        "Addresses[POBOX].PostalCode": "2000",
        "Addresses[STREET].City": "Perth",
    }
    assert [(never.verb, never.conditional) for never in found.never] == [("update", False)]
    swapped = program(swap_addresses=True).maps["organisations"].evaluate(record, World())
    assert swapped.fields["Addresses[POBOX].City"] == "Perth"


def test_items_are_left_alone_or_stopped() -> None:
    def item(**values: Any) -> Evaluated:
        record = Record(Kind("zoho", "Products"), "p1", "", {"id": "p1", "Product_Name": "Widget", **values})
        return program().maps["items"].evaluate(record, World())

    assert item().scope is Scope.OUT
    assert item(Product_Code="W" * 31).problems[0].message.startswith("Xero item codes hold 30 characters")
    made = item(Product_Code="W-1", Unit_Price=Decimal("33.34"))
    assert made.fields == {
        "Code": "W-1",
        "Name": "Widget",
        "SalesDetails.UnitPrice": Decimal("33.34"),
        "SalesDetails.AccountCode": "200",
        "PurchaseDetails.AccountCode": "310",
    }


def test_every_field_knows_its_rule_and_what_it_reads() -> None:
    fields = program().maps["invoices"].fields
    assert fields["DueDate"].rule == "rules/invoices.zx:48"
    assert fields["DueDate"].reads[0] == "Due_Date" and "Invoice_Date" in fields["DueDate"].reads
    assert fields["InvoiceNumber"].owner.value == "on create"
    lines = program().maps["invoices"].sections[0].fields
    assert lines["AccountCode"].reads == ("Product_Name.Product_Code", "Product_Name.Product_Category")
    assert lines["TaxType"].reads == ("Line_Tax", "parent.$line_tax")
