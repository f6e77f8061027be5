"""A suite from two texts: rules and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.catalog.load import packaged
from zx.diagnostics.diagnostic import Diagnostic
from zx.model.record import Kind
from zx.verify.run import Result
from zx.verify.suite import Suite, load_suite

RULES = """\
setting prefix: text(4) = ""
setting start_date: date
setting big: money = 100.00

table state(Status: zoho.InvoiceStatus?) -> xero.InvoiceStatus
| Zoho status | Xero status |
| Approved    | AUTHORISED  |
| Created     | skip "not yet" |
| *           | fail "Zoho status '{Status}' has no meaning yet" |

table rate(Taxes: set of zoho.Tax?) -> xero.TaxRate
| Zoho taxes | Xero tax rate |
| GST 10%    | OUTPUT        |
| missing    | BASEXCLUDED   |
| *          | fail "no rate for {Taxes}" |

map customers: zoho.Accounts -> xero.Contact
  match on Name
  never update because "kept in Xero"
  Name = Account_Name

map invoices: zoho.Invoices -> xero.Invoice
  only when day >= settings.start_date
  match on InvoiceNumber
  cancel when Status is "Cancelled" because "cancelled in Zoho"
  fail when Grand_Total < 0 because "below zero"
  warn when Grand_Total > settings.big because "large"
  total must be Grand_Total otherwise "rounding" up to 0.05
  let day = Invoice_Date otherwise date(Created_Time)
  Type = "ACCREC"
  InvoiceNumber = settings.prefix & Invoice_Number
  Reference = Account_Name.Phone
  Contact = Account_Name via customers otherwise fail "nobody to bill"
  Date = day
  DueDate = Due_Date otherwise run_date() + 14 days
  LineAmountTypes = "Exclusive"
  Status = state(Status)

lines of invoices: Invoiced_Items -> LineItems
  skip when Quantity is 0 because "nothing"
  Description = left(Description otherwise Product_Name.name, 4000)
  Quantity = Quantity
  LineAmount = Total_After_Discount
  AccountCode = "200"
  TaxType = rate(Line_Tax)
"""


class NoFiles:
    """There are no fixture files."""

    def record(self, test: str, path: str, kind: Kind) -> Mapping[str, Any] | str:
        return f"there is no file {path}"

    def document(self, test: str, path: str) -> Any | None:
        return None


def suite(tests: str, rules: str = RULES) -> Suite:
    sources = {"rules/rules.zx": rules, "rules/rules_test.zx": f'use "rules.zx"\n\n{tests}'}
    return load_suite(sources, ["rules/rules_test.zx"], packaged(), {}, NoFiles())


def results(tests: str, rules: str = RULES) -> list[Result]:
    """The results of tests that are written as they should be."""
    made = suite(tests, rules)
    assert made.diagnostics == ()
    return [item.run() for item in made.items]


def only(tests: str, rules: str = RULES) -> Result:
    (result,) = results(tests, rules)
    return result


def codes(tests: str) -> list[str]:
    return [found.code for found in mistakes(tests)]


def mistakes(tests: str) -> list[Diagnostic]:
    made = suite(tests)
    unsaid = [result.unsaid for item in made.items if (result := item.run()).unsaid is not None]
    return [*made.diagnostics, *(found for found in unsaid if found is not None)]


def invoice(expected: str, given: str = "", *, settings: str = "start_date = 2026-03-01", more: str = "") -> str:
    """A test of `invoices` on an approved one of 2 March over 11.00."""
    lines = {"Status": '"Approved"', "Invoice_Date": "2026-03-02", "Grand_Total": "11.00"}
    for line in filter(None, (line.strip() for line in given.splitlines())):
        name, _, value = line.partition(" = ")
        lines[name] = value
    kept = "\n".join(f"    {name} = {value}" for name, value in lines.items() if value != "-")
    return f'test "t"\n  run invoices\n  with settings {settings}\n  given\n{kept}\n{more}{expected}\n'
