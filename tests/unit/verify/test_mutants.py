"""Coverage, mutants, and the tests that are missing."""

from __future__ import annotations

import pytest

from tests.unit.verify.bench import NoFiles, suite
from zx.syntax.parser import parse
from zx.verify.coverage import measure
from zx.verify.missing import MissingTests
from zx.verify.mutants import Mutant, mutants_of, replaced
from zx.verify.mutation import Mutation, mutate
from zx.verify.rowsets import may_share

RULES = """\
setting days: number = 14

table kind(Status: zoho.InvoiceStatus?, Total: money) -> one of (small, large)
| Status   | Total | Kind  |
| Approved | > 10  | large |
| *        | *     | small |

map invoices: zoho.Invoices -> xero.Invoice
  match on InvoiceNumber
  skip when Grand_Total is 0 because "nothing to pay"
  total must be Grand_Total
  Type = "ACCREC"
  InvoiceNumber = Invoice_Number
  Contact = find xero.Contact by Name = "All" or create
  Date = Invoice_Date otherwise fail "no date"
  DueDate = Invoice_Date + settings.days days
  Reference = kind(Status, Grand_Total)
  LineAmountTypes = "Exclusive"
  Status = "DRAFT"

lines of invoices: Invoiced_Items -> LineItems
  Description = left(Description otherwise Product_Name.name, 4000)
  LineAmount = Total_After_Discount
  AccountCode = "200"
  TaxType = "BASEXCLUDED"
"""
FIRST = """\
test "large"
  run invoices
  given
    Status = "Approved"
    Grand_Total = 20.00
  expect
    Reference = "large"
"""


def never() -> bool:
    return False


def mutated(tests: str, *, write: bool = False) -> Mutation:
    made = suite(tests, RULES)
    assert made.diagnostics == ()
    results = [item.run() for item in made.items]
    assert all(result.passed for result in results)
    writer = MissingTests(made.sources, NoFiles(), never) if write else None
    return mutate(made, results, never, writer)


def survivors(mutation: Mutation) -> set[str]:
    return {f"{one.mutant.span.line} {one.mutant.what}" for one in mutation.survivors}


def test_lines_and_rows_that_no_test_comes_by() -> None:
    made = suite(FIRST, RULES)
    coverage = measure(made.modules, [item.run().seen for item in made.items])
    assert coverage.rows == (1, 2)
    (file,) = coverage.files
    assert [span.line for span in file.missed_rows] == [6]
    assert 17 not in [span.line for span in file.missed_lines]
    assert 16 in [span.line for span in file.missed_lines]
    assert [found.code for found in coverage.diagnostics()] == ["W0705"]


def test_a_mutant_is_noticed_by_the_test_that_comes_by() -> None:
    left = survivors(mutated(FIRST))
    assert "17 this line is dropped" not in left
    assert "5 `large` becomes `small`" not in left
    assert "5 this row and the next are swapped" not in left
    assert "5 `>` becomes `>=`" in left
    assert "16 this line is dropped" in left


def test_a_change_that_the_checker_refuses_is_no_mutant() -> None:
    mutation = mutated(FIRST)
    assert mutation.refused > 0
    assert "6 this row is dropped" not in survivors(mutation)
    assert "12 this line is dropped" not in survivors(mutation)


def test_the_default_of_a_setting_is_a_rule_too() -> None:
    due = FIRST + (
        'test "due"\n  run invoices\n  given\n    Invoice_Date = 2026-03-02\n    Grand_Total = 20.00\n'
        "  expect\n    DueDate = 2026-03-16\n"
    )
    assert "1 the default 14 becomes 15" in survivors(mutated(FIRST))
    assert "1 the default 14 becomes 15" not in survivors(mutated(due))


@pytest.mark.parametrize("line", [1, 5, 10, 16, 18, 19, 22])
def test_the_missing_test_passes_and_notices(line: int) -> None:
    """What is printed, pasted as it stands, passes on the rules and kills its mutant."""
    base = FIRST + (
        'test "lines"\n  run invoices\n  given\n    Invoice_Number = "1"\n    Invoice_Date = 2026-03-02\n'
        "    Grand_Total = 20.00\n  given Invoiced_Items\n    | Product_Name.name | Total_After_Discount |\n"
        '    | Widget | 20.00 |\n  expect\n    Type = "ACCREC"\n'
    )
    before = mutated(base, write=True)
    found = [one for one in before.survivors if one.mutant.span.line == line]
    assert found
    for one in found:
        assert one.test, one.mutant.what
        assert one.file == "rules/rules_test.zx"
        after = mutated(f"{base}\n{one.test}")
        assert f"{line} {one.mutant.what}" not in survivors(after)


def test_time_that_is_up_is_said() -> None:
    made = suite(FIRST, RULES)
    mutation = mutate(made, [item.run() for item in made.items], lambda: True)
    assert mutation.left > 0
    assert mutation.survivors == []


def test_mutants_come_in_the_order_of_the_text() -> None:
    made = suite(FIRST, RULES)
    places = [mutant.span for mutant in mutants_of(made.modules, made.sources)]
    assert places == sorted(places)


def test_a_mutant_replaces_one_node_and_nothing_else() -> None:
    module, _ = parse(RULES, "rules/rules.zx")
    mutant: Mutant = mutants_of({module.file: module}, {module.file: RULES})[0]
    changed = mutant.applied(module)
    same = [a is b for a, b in zip(module.sections, changed.sections, strict=True)]
    assert same.count(False) == 1
    assert replaced(module, object(), None) is module


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("a", "b", False),
        ("a, b", "b, c", True),
        ("missing", "present", False),
        ("missing", "a", False),
        ("a, missing", "missing", True),
        ("*", "a", True),
        ("present", "a", True),
    ],
)
def test_rows_that_both_may_fit(first: str, second: str, both: bool) -> None:
    module, _ = parse(f"table t(A: text?) -> text\n| A | B |\n| {first} | x |\n| {second} | y |\n", "t.zx")
    (table,) = module.sections
    rows = table.rows.rows  # type: ignore[union-attr]
    assert may_share(rows[0], rows[1]) is both
