"""A test is a slice: what is judged, what must be said, what is compared."""

from __future__ import annotations

import pytest

from tests.unit.verify.bench import NoFiles, codes, invoice, mistakes, only, results, suite
from zx.catalog.load import packaged
from zx.verify.suite import load_suite


def test_a_field_as_expected() -> None:
    assert only(invoice('  expect\n    Status = "AUTHORISED"\n    Date = 2026-03-02')).passed


def test_a_difference_names_the_line_of_the_test_the_rule_and_the_row() -> None:
    (found,) = only(invoice('  expect\n    Status = "DRAFT"')).mismatches
    assert (found.what, found.expected, found.actual) == ("Status", '"DRAFT"', '"AUTHORISED"')
    assert found.place == "rules/rules_test.zx:11"
    assert found.rule == "rules/rules.zx:37"
    assert found.rows == ("rules/rules.zx:7",)


def test_fields_that_are_not_listed_are_not_judged() -> None:
    """Nobody is billed here, and nobody asked."""
    assert only(invoice("  expect\n    Date = 2026-03-02")).passed


def test_a_required_field_that_is_read_must_be_given() -> None:
    (found,) = mistakes(invoice('  expect\n    InvoiceNumber = "1001"'))
    assert found.code == "E0702"
    assert found.message == "the test does not say what `Invoice_Number` is"
    assert found.label == "the rule at rules/rules.zx:31 reads it"


def test_a_required_field_behind_otherwise_is_only_needed_where_it_is_read() -> None:
    assert only(invoice("  expect\n    Date = 2026-03-02")).passed
    assert codes(invoice("  expect\n    Date = 2026-03-02", "Invoice_Date = -")) == ["E0702"]


def test_an_optional_field_that_is_not_given_is_missing() -> None:
    assert only(invoice("  expect\n    Reference = missing")).passed


def test_the_day_of_the_run_is_fixed_and_can_be_said() -> None:
    assert only(invoice("  expect\n    DueDate = 2026-01-15")).passed
    assert only(invoice("  expect\n    DueDate = 2026-05-15", "run_date = 2026-05-01")).passed


def test_the_date_of_a_moment_is_that_of_the_zone() -> None:
    given = 'Invoice_Date = -\nCreated_Time = "2026-03-09T10:00:00+00:00"'
    assert only(invoice("  expect\n    Date = 2026-03-09", given)).passed


@pytest.mark.parametrize(
    ("given", "outcome", "said"),
    [
        ("Invoice_Date = 2026-02-28", "skip", "out of scope"),
        ('Status = "Created"', "skip", "not yet"),
        ('Status = "Cancelled"', "cancel", "in Zoho"),
        ("Grand_Total = -1.00", "fail", "below"),
        ('Status = "Odd"', "fail", "status 'Odd' has no meaning"),
        ("Grand_Total = 101.00", "warn", "large"),
    ],
)
def test_outcomes(given: str, outcome: str, said: str) -> None:
    assert only(invoice(f'  expect {outcome} "{said}"', given)).passed
    assert not only(invoice(f'  expect {outcome} "something else"', given)).passed


def test_a_record_that_is_sent_fails_a_test_that_expects_a_stop() -> None:
    (found,) = only(invoice('  expect fail "below zero"', 'Account_Name = "Quay"')).mismatches
    assert (found.what, found.expected, found.actual) == ("outcome", 'fail "below zero"', "sent")


def test_a_stop_fails_a_test_that_expects_a_value() -> None:
    (found,) = only(invoice("  expect\n    Date = 2026-03-02", "Grand_Total = -1.00")).mismatches
    assert (found.expected, found.actual) == ("to be sent", 'fail "below zero"')
    assert found.rule == "rules/rules.zx:26"


def test_via_is_the_record_itself_by_its_name() -> None:
    assert only(invoice('  expect\n    Contact = "Quay"', 'Account_Name = "Quay"')).passed


def test_a_dotted_name_fills_the_record_that_a_lookup_points_to() -> None:
    given = 'Account_Name = "Quay"\nAccount_Name.Phone = "1234"'
    assert only(invoice('  expect\n    Reference = "1234"\n    Contact = "Quay"', given)).passed


def test_what_exists_there_is_matched_and_followed() -> None:
    test = """\
test "known"
  run customers
  given
    Account_Name = "Quay"
  given xero.Contact
    | Name |
    | QUAY |
  expect skip "kept in Xero"

test "unknown"
  run customers
  given
    Account_Name = "Quay"
  given xero.Contact
    | Name |
    | Kiln |
  expect
    Name = "Quay"
"""
    assert [result.passed for result in results(test)] == [True, True]


LINES = """\
  given Invoiced_Items
    | Product_Name.name | Quantity | Total_After_Discount | Line_Tax |
    | Widget            | 3        | 10.00                | GST 10%  |
    | Nothing           | 0        | 0.00                 |          |
    | "Book, red"       | 1        | 1.00                 | missing  |
"""


def test_rows_are_all_rows_with_the_columns_that_are_written() -> None:
    expected = "  expect LineItems\n    | Description | TaxType |\n    | Widget | OUTPUT |\n    | *  | BASEXCLUDED |"
    assert only(invoice(expected, more=LINES)).passed
    short = "  expect LineItems\n    | Description |\n    | Widget |"
    (found,) = only(invoice(short, more=LINES)).mismatches
    assert (found.what, found.actual) == ("LineItems row 2", '| "Book, red" |')


def test_the_engine_derives_prices_totals_and_the_rounding_line() -> None:
    expected = """\
  expect
    Total = 12.01
    TotalTax = 1.00
  expect LineItems
    | Description | UnitAmount | LineAmount | TaxAmount |
    | Widget      | 3.3333     | 10.00      | 1.00      |
    | "Book, red" | 1.00       | 1.00       | 0.00      |
    | Rounding    | 0.01       | 0.01       | 0.00      |"""
    assert only(invoice(expected, "Grand_Total = 12.01", more=LINES)).passed


def test_a_total_that_cannot_be_reached_fails_the_record() -> None:
    result = only(
        invoice('  expect fail "Xero would make it 12.00, Zoho says 13.00"', "Grand_Total = 13.00", more=LINES)
    )
    assert result.passed


def test_accounts_of_the_test_stand_for_those_of_the_organisation() -> None:
    more = LINES + "  given xero.Account\n    | Code | SystemAccount |\n    | 999 | ROUNDING |\n"
    expected = (
        "  expect LineItems\n    | Description | UnitAmount | AccountCode |\n    | Widget | * | 200 |\n"
        '    | "Book, red" | * | 200 |\n    | Rounding | 0.01 | 999 |'
    )
    assert only(invoice(expected, "Grand_Total = 12.01", more=more)).passed


def test_settings_stand_on_the_declared_defaults() -> None:
    given = 'Invoice_Number = "1"'
    assert only(invoice('  expect\n    InvoiceNumber = "1"', given)).passed
    settings = 'start_date = 2026-03-01, prefix = "AU-"'
    assert only(invoice('  expect\n    InvoiceNumber = "AU-1"', given, settings=settings)).passed


def test_a_setting_without_default_is_said_where_the_map_reads_it() -> None:
    test = 'test "t"\n  run {0}\n  given\n    {1}\n  expect\n    {2}\n'
    assert codes(test.format("invoices", "Invoice_Date = 2026-03-02", "Date = 2026-03-02")) == ["E0702"]
    assert codes(test.format("customers", 'Account_Name = "Quay"', 'Name = "Quay"')) == []


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ('test "t"\n  run invoicez\n  expect\n    Date = 2026-03-02\n', "E0701"),
        ('test "t"\n  expect\n    Date = 2026-03-02\n', "E0701"),
        (invoice("  expect\n    Dat = 2026-03-02"), "E0202"),
        (invoice("  expect\n    ExpectedPaymentDate = 2026-03-02"), "E0703"),
        (invoice('  expect\n    Status = "Draft"'), "E0204"),
        (invoice("  expect\n    Date = 2026-03-02", "Statos = 1"), "E0201"),
        (invoice("  expect\n    Date = 2026-03-02", "Due_Date = 12"), "E0301"),
        (invoice("  expect\n    Date = 2026-03-02", settings='start_date = 2026-03-01, prefix = "LONGER"'), "E0601"),
        (invoice("  expect\n    Date = 2026-03-02", settings="start_date = 2026-03-01, big = yes"), "E0601"),
        (invoice("  expect\n    Date = 2026-03-02", settings="start_date = 2026-03-01, bigg = 1"), "E0603"),
        (invoice('  given from "nowhere.json"\n  expect\n    Date = 2026-03-02'), "E0659"),
    ],
)
def test_mistakes_in_tests(test: str, code: str) -> None:
    assert codes(test) == [code]


def test_two_tests_of_one_name() -> None:
    test = invoice("  expect\n    Date = 2026-03-02")
    made = suite(test + test)
    assert [found.code for found in made.diagnostics] == ["W0704"]
    assert not made.broken
    assert len(made.items) == 2


def test_a_mistake_in_the_rules_is_shown_and_nothing_runs() -> None:
    rules = "map customers: zoho.Accounts -> xero.Contact\n  match on Name\n  Name = Acount_Name\n"
    made = suite('test "t"\n  run customers\n  expect\n    Name = "Q"\n', rules)
    assert [found.code for found in made.diagnostics] == ["E0201"]
    assert made.items == ()


def test_a_table_from_a_csv_file_is_a_table() -> None:
    rules = """\
table person(Name: text) -> text from "names.csv" key "Account" value "Person"

map customers: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
  FirstName = left(person(Account_Name) otherwise "nobody", 255)
"""
    test = """\
use "rules.zx"

test "t"
  run customers
  given
    Account_Name = "Quay"
  expect
    FirstName = "Ann"
"""
    sources = {"rules/rules.zx": rules, "rules/t_test.zx": test, "rules/names.csv": "Account,Person\nQuay,Ann\n"}
    made = load_suite(sources, ["rules/t_test.zx"], packaged(), {}, NoFiles())
    assert made.diagnostics == ()
    assert [item.run().passed for item in made.items] == [True]
