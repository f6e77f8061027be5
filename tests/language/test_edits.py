"""Twelve ordinary edits of a rule file, laid out as `zx fmt` does: how many lines a review shows, and which of them two
people can make at once."""

from __future__ import annotations

import difflib
import subprocess
from itertools import combinations
from pathlib import Path

from zx.syntax.formatter import format_text

RULES = """\
table xero_tax(Tax: text?) -> xero.TaxRate
| Zoho tax      | Xero tax rate |
| GST 10%, GST  | OUTPUT        |
| GST Free      | EXEMPTOUTPUT  |
| missing       | BASEXCLUDED   |
| *             | fail "Zoho tax '{Tax}' has no Xero tax rate" |

## Approving in Zoho authorises in Xero, unless there is nothing to pay.
table invoice_status(Status: zoho.InvoiceStatus, Total: money) -> xero.InvoiceStatus
| Zoho status    | Total | Xero status |
| Created, Draft | *     | DRAFT       |
| Approved, Sent | 0     | skip "nothing to pay" |
| Approved, Sent | > 0   | AUTHORISED  |
| Paid           | *     | AUTHORISED  |
| Cancelled      | *     | VOIDED      |

## Zoho invoices become Xero sales invoices.
map invoices: zoho.Invoices -> xero.Invoice
  match on InvoiceNumber
  only when Invoice_Date >= settings.start_date
  skip when Sync_To_Xero is no because "not marked for Xero"
  warn when Grand_Total > 50000 because "large invoice, please check"

  Type = "ACCREC"
  InvoiceNumber = settings.prefix & Invoice_Number
  Reference = left(Subject, 255) on create
  Contact = pick settings.customer
    | Customer mode | Xero contact                         |
    | account       | = Account_Name via account_customers |
    | single        | = find xero.Contact by Name = settings.single_customer otherwise fail "set single_customer" |
  Date = Invoice_Date
  DueDate = Due_Date otherwise Invoice_Date + settings.due_days days
  CurrencyCode = Currency
  Status = invoice_status(Status, Grand_Total)

lines of invoices: Invoiced_Items -> LineItems
  let default_account = if Product_Name.Inventoried then settings.stock_account else settings.service_account
  Description = Description otherwise Product_Name.Product_Name
  Quantity = Quantity
  LineAmount = Total_After_Discount
  ItemCode = left(Product_Name.Product_Code, 30)
  TaxType = xero_tax(Tax)
  AccountCode = account_by_code(Product_Name.Product_Code) otherwise default_account
"""

BELOW, INSTEAD = "below", "instead"
EDITS = {
    "a tax with a long name": (BELOW, "| GST Free ", "| GST on Imported Goods and Services 10% | GSTONIMPORTS |"),
    "a status is skipped now": (
        INSTEAD,
        "| Created, Draft",
        '| Created, Draft | * | skip "not approved in Zoho yet" |',
    ),
    "another status": (BELOW, "| Paid ", "| Partially Paid | * | AUTHORISED |"),
    "a field with a long name": (BELOW, "  CurrencyCode", "  ExpectedPaymentDate = Expected_Payment_Date"),
    "another reference": (INSTEAD, "  Reference", "  Reference = left(Purchase_Order, 255) on create"),
    "another due date": (INSTEAD, "  DueDate", "  DueDate = end_of_month(Invoice_Date) + 20 days"),
    "another customer mode": (BELOW, "    | account ", "    | contact | = Contact_Name via contact_customers |"),
    "the single customer by its number": (
        INSTEAD,
        "    | single ",
        '    | single | = find xero.Contact by AccountNumber = settings.single_customer otherwise fail "set it" |',
    ),
    "a record that is skipped": (BELOW, "  skip when", '  skip when Grand_Total is 0 because "nothing to pay"'),
    "a field of the lines": (BELOW, "  Quantity", "  DiscountRate = Discount_Rate"),
    "another description": (INSTEAD, "  Description", "  Description = Product_Name.Product_Name"),
    "another account": (
        INSTEAD,
        "  AccountCode",
        '  AccountCode = account_by_code(Product_Name.Product_Code) otherwise "200"',
    ),
}


def laid_out(text: str) -> str:
    made, found = format_text(text, "rules/invoices.zx")
    assert made is not None, found
    return made


def edited(name: str) -> str:
    how, start, line = EDITS[name]
    lines = RULES.split("\n")
    (at,) = [number for number, old in enumerate(lines) if old.startswith(start)]
    lines[at : at + 1] = [line] if how == INSTEAD else [lines[at], line]
    return laid_out("\n".join(lines))


def test_the_file_is_in_the_house_layout() -> None:
    assert laid_out(RULES) == RULES


def test_twelve_edits_change_eighteen_lines() -> None:
    changed = {}
    for name in EDITS:
        diff = difflib.unified_diff(RULES.split("\n"), edited(name).split("\n"), n=0, lineterm="")
        changed[name] = sum(line[0] in "+-" and not line.startswith(("+++", "---")) for line in diff)
    assert sum(changed.values()) == 18, changed
    assert max(changed.values()) == 2


def test_any_two_edits_can_be_merged(tmp_path: Path) -> None:
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    base.write_text(RULES, "utf-8")
    conflicts = []
    for first, second in combinations(EDITS, 2):
        ours.write_text(edited(first), "utf-8")
        theirs.write_text(edited(second), "utf-8")
        merged = subprocess.run(
            ["git", "merge-file", "-p", ours, base, theirs], capture_output=True, text=True, check=False
        )
        if merged.returncode:
            conflicts.append((first, second))
        else:
            assert laid_out(merged.stdout) == merged.stdout
    assert len(conflicts) <= 1, conflicts
