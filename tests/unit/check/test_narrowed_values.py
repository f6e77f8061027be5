"""A guard that names values keeps the others out: tables below it need no row for them."""

from __future__ import annotations

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.diagnostics.diagnostic import Span

TABLE = """
table stage(Stage: zoho.QuoteStage) -> xero.QuoteStatus
| Zoho stage  | Xero status |
| Draft       | DRAFT       |
| Delivered   | SENT        |
"""
PLACE = Span("zx.toml", 1, 1, 1, 2)


def gaps(*items: str, value: str = "stage(Quote_Stage)", more: str = TABLE) -> list[str]:
    lines = "".join(f"  {item}\n" for item in items)
    text = f"""
map quotes: zoho.Quotes -> xero.Quote
  match on QuoteNumber
  total must be Grand_Total
  spread Discount
  fail when Adjustment is present because "not here"
  QuoteNumber = left(Quote_Number, 255)
  Date = date(Created_Time)
  Contact = find xero.Contact by Name = "Online Sale" or create
{lines}  Status = {value}

lines of quotes: Quoted_Items -> LineItems
  Description = left(Description otherwise Product_Name.name, 4000)
  LineAmount = Total_After_Discount
{more}"""
    found = build({"a.zx": text}, packaged(), SyncRules("t", {}, "UTC", PLACE)).diagnostics
    return [one.message for one in found if one.code == "E0402"] or [one.code for one in found]


@pytest.mark.parametrize(
    "guard",
    [
        'only when Quote_Stage in ("Draft", "Delivered")',
        'only when Quote_Stage is "Draft" or Quote_Stage is "Delivered"',
        'skip when Quote_Stage not in ("Draft", "Delivered") because "not yet"',
        'skip when Quote_Stage is missing or not (Quote_Stage in ("Draft", "Delivered")) because "not yet"',
        'cancel when not (Quote_Stage is "Draft" or Quote_Stage is "Delivered") because "not yet"',
    ],
)
def test_named_values_need_rows_and_no_others(guard: str) -> None:
    assert gaps(guard) == []


def test_values_that_are_kept_out_need_no_row() -> None:
    others = ", ".join(f'"{value}"' for value in ("Negotiation", "On Hold", "Confirmed", "Closed Won"))
    guards = (f'skip when Quote_Stage in ({others}) because "not yet"', "only when Quote_Stage is present")
    assert gaps(*guards) == ['no row for Zoho stage "Closed Lost"']
    assert gaps(*guards, 'only when Quote_Stage is not "Closed Lost"') == []


def test_one_call_that_lets_all_through_needs_all_rows() -> None:
    guard = 'only when Quote_Stage in ("Draft", "Delivered")'
    both = f'{guard}\n  Title = if Quote_Stage is "Draft" then "Draft" else "Sent"'
    assert gaps(both) == []
    open_call = 'warn when stage(Quote_Stage) is "DRAFT" because "a draft"'
    assert gaps(guard, open_call) == []
    early = "only when Quote_Stage is present and stage(Quote_Stage) is not missing"
    assert gaps(early) == ['no row for Zoho stage "Negotiation"']


def test_a_branch_narrows_as_a_guard_does() -> None:
    value = 'if Quote_Stage in ("Draft", "Delivered") then stage(Quote_Stage) else "DRAFT"'
    assert gaps(value=value) == []


def test_pick_sees_what_is_left() -> None:
    rows = "pick Quote_Stage\n    | Stage     | Status |\n    | Draft     | DRAFT  |\n    | Delivered | SENT   |"
    assert gaps('only when Quote_Stage in ("Draft", "Delivered")', value=rows, more="") == []
    assert gaps("only when Quote_Stage is present", value=rows, more="") == ['no row for Stage "Negotiation"']


def test_texts_are_narrowed_too() -> None:
    rows = "pick Currency\n    | Currency | Status |\n    | AUD      | DRAFT  |\n    | NZD      | SENT   |"
    assert gaps('only when Currency in ("AUD", "NZD")', value=rows, more="") == []
    assert gaps("only when Currency is present", value=rows, more="") == ["no row for Currency of any other value"]
