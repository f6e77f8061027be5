"""Small rule sets, each about one construct, judged on hand-written records."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.compile.program import Evaluated, MapProgram, Scope
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record
from zx.runtime.values import CLEAR, TargetRef

HEAD = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
"""


class World:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        self.asked.append(("via", map_name, value))
        return TargetRef("xero", "Contact", "x1", values={"EmailAddress": "a@b.example"})

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        self.asked.append(("find", system, kind, field, value, or_create))
        return {"id": "z9", "name": value} if system == "zoho" else None

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(("fetch", system, kind, lookup["id"]))
        return {"Account_Number": "77", "Parent_Account": {"id": "a2", "name": "Group"}}


def compiled(text: str) -> MapProgram:
    made = build({"rules/a.zx": text}, packaged(), SyncRules("t", {}, World.timezone, Span("zx.toml", 1, 1, 1, 2)))
    assert made.program is not None, made.diagnostics
    return list(made.program.maps.values())[-1]


def judged(items: str, world: World | None = None, **values: Any) -> Evaluated:
    """An organisation judged by ``items`` beside its name; the fast and the careful form must agree."""
    record = Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": "Quay", **values})
    one = compiled(HEAD + items)
    fast, careful = one.evaluate(record, world or World()), one.trace(record, World())
    assert (fast.scope, fast.fields, fast.problems) == (careful.scope, careful.fields, careful.problems)
    return fast


def first_name(expression: str, **values: Any) -> Any:
    return judged(f"  FirstName = {expression}\n", **values).fields.get("FirstName")


def test_pick_sees_the_record_and_takes_the_first_row_that_fits() -> None:
    items = """  FirstName = pick Account_Type, Employees
    | Type               | Employees | Name                |
    | Customer, Partner  | > 10      | = left(Phone, 9) otherwise "none" |
    | Customer           | *         | small               |
    | missing            | missing   | fail "type?"        |
    | *                  | *         | = left(Account_Type, 99) otherwise "-" |
"""
    assert judged(items, Account_Type="Partner", Employees=Decimal(11), Phone="5550").fields["FirstName"] == "5550"
    assert judged(items, Account_Type="Customer", Employees=Decimal(10)).fields["FirstName"] == "small"
    assert judged(items, Account_Type="Press").fields["FirstName"] == "Press"
    failed = judged(items)
    assert failed.scope is Scope.FAIL and failed.problems[0].fix == "| missing | missing | … |"


def test_lets_are_worked_out_when_asked_and_at_most_once() -> None:
    items = """  FirstName = if Phone is present then left(person, 99) else "none"
  LastName = if Phone is present then left(person, 99) else "none"
  let person = Website otherwise warn "no web site" then "nobody"
"""
    assert judged(items).problems == ()
    assert [problem.message for problem in judged(items, Phone="1").problems] == ["no web site"]


def test_a_let_that_fails_is_no_failure_of_a_record_that_does_not_use_it() -> None:
    items = """  FirstName = if Phone is present then left(code, 99) else "none"
  let code = Website otherwise fail "no web site"
"""
    assert judged(items).scope is Scope.IN
    assert [problem.message for problem in judged(items, Phone="1").problems] == ["no web site"]


def test_missing_is_contagious_and_total_in_comparisons() -> None:
    assert first_name('left("no. " & Phone, 99)') is None
    assert first_name('left("no. " & Phone, 99)', Phone="1") == "no. 1"
    assert first_name('if Phone is "1" then "one" else "other"') == "other"
    assert first_name('if Phone is not "1" then "other" else "one"') == "other"
    assert first_name('if Phone in ("1", "2") then "few" else "other"', Phone="2") == "few"
    assert first_name('if Phone not in ("1", "2") then "other" else "few"') == "other"
    assert first_name('if Phone is Fax then "same" else "other"') == "same"


def test_texts_are_compared_as_they_are_written() -> None:
    assert first_name('if Account_Name starts with "Qu" then "yes" else "no"') == "yes"
    assert first_name('if Account_Name starts with "qu" then "yes" else "no"') == "no"
    assert first_name('if Account_Name contains "ua" then "yes" else "no"') == "yes"


def test_texts_hold_values_and_numbers_join_as_digits() -> None:
    assert first_name('left("{Account_Name} ({Employees})", 99)', Employees=Decimal("7.0")) == "Quay (7)"
    assert first_name('left("{Account_Name} ({Employees})", 99)') is None
    assert first_name('left(Employees & " people", 99)', Employees=Decimal("7.0")) == "7 people"


def test_clear_is_an_explicit_blank() -> None:
    assert judged("  FirstName = left(Phone, 9) otherwise clear\n").fields["FirstName"] is CLEAR


def test_lookups_carry_keys_and_fetch_the_rest() -> None:
    world = World()
    items = "  FirstName = left(Parent_Account.name, 9)\n  LastName = left(Parent_Account.Account_Number, 9)\n"
    items += "  EmailAddress = left(Parent_Account.Parent_Account.name, 99)\n"
    found = judged(items, world, Parent_Account={"id": "a7", "name": "Holding"})
    assert (found.fields["FirstName"], found.fields["LastName"]) == ("Holding", "77")
    assert found.fields["EmailAddress"] == "Group"
    assert ("fetch", "zoho", "Accounts", "a7") in world.asked and len(world.asked) == 2


def test_what_a_record_is_linked_to_is_read_by_its_own_id() -> None:
    world = World()
    text = HEAD + "  EmailAddress = left(sent.EmailAddress, 255)\n  let sent = id via organisations\n"
    one = compiled(text)
    found = one.evaluate(Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": "Q"}), world)
    assert world.asked == [("via", "organisations", "a1")]
    assert found.fields["EmailAddress"] == "a@b.example"
    assert one.via == ()


def test_several_keys_make_one_rung_and_a_key_may_have_its_own_value() -> None:
    found = judged("  match on Name and EmailAddress = Website\n  match on ContactNumber = id\n", Website="a@b.example")
    rungs = [[(key.target, key.value) for key in rung] for rung in found.match]
    assert rungs == [[("Name", "Quay")], [("Name", "Quay"), ("EmailAddress", "a@b.example")], [("ContactNumber", "a1")]]


def test_never_holds_where_its_condition_does() -> None:
    items = (
        '  never create when Employees is missing because "{Account_Name} is empty"\n  never delete because "kept"\n'
    )
    found = {never.verb: (never.reason, never.conditional) for never in judged(items).never}
    assert found == {"create": ("Quay is empty", True), "delete": ("kept", False)}
    assert [never.verb for never in judged(items, Employees=Decimal(1)).never] == ["delete"]


INVOICES = (
    HEAD
    + """map invoices: zoho.Invoices -> xero.Invoice
  match on InvoiceNumber
  total must be Grand_Total
  Type = "ACCREC"
  InvoiceNumber = left(Invoice_Number, 255)
  Contact = Account_Name via organisations otherwise fail "no organisation"
"""
)


def test_guards_are_judged_by_kind_and_not_by_order() -> None:
    items = """  warn when Purchase_Order is present because "w"
  fail when Purchase_Order is present because "f1"
  fail when Description is present because "f2"
  cancel when Description is "c" because "c"
  skip when Description is "s" because "s"
  only when Description is not "o"
"""
    lines = "lines of invoices: Invoiced_Items -> LineItems\n  LineAmount = Total_After_Discount\n"
    one = compiled(INVOICES + items + lines)

    def found(text: str) -> Evaluated:
        values = {"id": "1", "Invoice_Number": "1", "Account_Name": {"id": "a1"}, "Grand_Total": Decimal(0)}
        record = Record(Kind("zoho", "Invoices"), "1", "", {**values, "Purchase_Order": "1", "Description": text})
        return one.evaluate(record, World())

    assert [found(text).scope for text in "osc"] == [Scope.OUT, Scope.SKIP, Scope.CANCEL]
    messages = [(problem.code, problem.message) for problem in found("x").problems]
    assert messages == [("R902", "f1"), ("R902", "f2"), ("R914", "w")]


BACK = """map mirrored: xero.Invoice -> zoho.Invoices
  match on Subject
  total must be Total
  Subject = left("Xero " & (InvoiceNumber otherwise InvoiceID), 120)
  Account_Name = find zoho.Accounts by Account_Name = "Xero" otherwise fail "no account"
lines of mirrored: LineItems -> Invoiced_Items
  skip when LineAmount is missing because "text only"
  Product_Name = find zoho.Products by Product_Name = "Xero line" or create otherwise skip "no product"
  Quantity = Quantity otherwise 1
  Total_After_Discount = if parent.LineAmountTypes is "Inclusive" then net else LineAmount
  let net = LineAmount - (TaxAmount otherwise 0)
  Line_Tax = zoho_taxes(TaxType)
table zoho_taxes(TaxType: xero.TaxRate?) -> set of zoho.Tax?
| Xero tax rate        | Zoho taxes      |
| OUTPUT               | GST 10%         |
| COMBINED             | GST 5% + PST 7% |
| BASEXCLUDED, missing | missing         |
| *                    | fail "the Xero tax rate '{TaxType}' has no Zoho tax" |
"""


def test_xero_invoices_become_zoho_invoices() -> None:
    lines = [
        {"LineAmount": Decimal("110"), "TaxAmount": Decimal("10"), "TaxType": "OUTPUT"},
        {"Description": "a remark"},
        {"LineAmount": Decimal("5"), "TaxType": "COMBINED"},
        {"LineAmount": Decimal("1")},
    ]
    values = {"InvoiceID": "i1", "InvoiceNumber": "INV-1", "Total": Decimal("116"), "LineAmountTypes": "Inclusive"}
    one = compiled(BACK)
    record = Record(Kind("xero", "Invoice"), "i1", "", {**values, "LineItems": lines})
    found = one.evaluate(record, World())
    assert found.scope is Scope.IN
    assert found.fields["Account_Name"] == {"id": "z9", "name": "Xero"}
    assert [(line.source_index, line.fields["Total_After_Discount"]) for line in found.lines] == [
        (0, Decimal(100)),
        (2, Decimal(5)),
        (3, Decimal(1)),
    ]
    taxes = [
        [(entry["name"], entry["percentage"]) for entry in line.fields.get("Line_Tax", [])] for line in found.lines
    ]
    assert taxes == [[("GST", Decimal(10))], [("GST", Decimal(5)), ("PST", Decimal(7))], []]


def test_addresses_go_back_field_by_field() -> None:
    text = """map accounts: xero.Contact -> zoho.Accounts
  match on Account_Name
  Account_Name = left(Name, 200)
  Billing = Addresses[POBOX]
  Phone = left(Phones[DEFAULT].PhoneNumber, 30)
"""
    values = {"ContactID": "c", "Name": "Quay", "Addresses": {"POBOX": {"AddressLine1": "1 Quay St", "Region": "NSW"}}}
    found = compiled(text).evaluate(Record(Kind("xero", "Contact"), "c", "", values), World())
    assert found.fields == {"Account_Name": "Quay", "Billing_Street": "1 Quay St", "Billing_State": "NSW"}


def test_an_exception_nobody_foresaw_names_the_field_and_what_was_read() -> None:
    wrong = judged("  FirstName = left(text(Employees * 2), 9)\n", Employees="many")
    assert [(one.code, one.rule) for one in wrong.problems] == [("R901", "rules/a.zx:4")]
    assert wrong.problems[0].message == 'Zoho sent a text for `Employees`, a number was expected: "many"'
    assert wrong.fields["Name"] == "Quay"


def test_needed_beside_another_condition() -> None:
    """``evaluate`` is for a record that is asked for, ``unasked`` for one that is not."""
    items = """  only when needed or Account_Type is "Press" and Phone is present
  only when Website is not "x.example"
"""
    one = compiled(HEAD + items)

    def scopes(**values: Any) -> tuple[Scope, Scope]:
        record = Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": "Quay", **values})
        assert one.unasked is not None
        return one.evaluate(record, World()).scope, one.unasked(record, World()).scope

    assert one.needed
    assert scopes(Account_Type="Press", Phone="5550") == (Scope.IN, Scope.IN)
    assert scopes(Account_Type="Press") == (Scope.IN, Scope.OUT)
    assert scopes(Account_Type="Press", Phone="5550", Website="x.example") == (Scope.OUT, Scope.OUT)


ASKING = """
map bills: zoho.Invoices -> xero.Invoice
  match on InvoiceNumber
  total must be Grand_Total
  Type = "ACCREC"
  InvoiceNumber = left(Subject, 255)
  Contact = (Account_Name via organisations) otherwise fail "no customer"
  Date = Invoice_Date otherwise 2026-04-01
  LineAmountTypes = "Exclusive"
  Status = "DRAFT"

lines of bills: Invoiced_Items -> LineItems
  Description = Product_Name.name
"""
"""Without a map that asks, one that is only needed is no part of the program."""


def asked(text: str) -> MapProgram:
    made = build(
        {"rules/a.zx": text + ASKING}, packaged(), SyncRules("t", {}, World.timezone, Span("zx.toml", 1, 1, 1, 2))
    )
    assert made.program is not None, made.diagnostics
    return made.program.maps["organisations"]


def test_needed_together_with_another_condition_sends_nobody_of_its_own_accord() -> None:
    one = asked(HEAD + "  only when needed and Phone is present\n")
    assert one.needed and one.unasked is None

    def scope(**values: Any) -> Scope:
        record = Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": "Quay", **values})
        return one.evaluate(record, World()).scope

    assert (scope(), scope(Phone="1")) == (Scope.OUT, Scope.IN)


def test_a_setting_that_switches_the_other_condition_off_leaves_needed_alone() -> None:
    text = "setting all: bool = no\n" + HEAD + "  only when needed or settings.all and Phone is present\n"
    one = asked(text)
    assert one.needed and one.unasked is None
    other = asked(text.replace("= no", "= yes"))
    assert other.needed and other.unasked is not None
