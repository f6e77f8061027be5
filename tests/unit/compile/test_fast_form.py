"""The fast form of a map says what the careful one says, and does without it as long as nothing goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.compile.evaluator import MapCode
from zx.compile.program import Evaluated, MapProgram
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record
from zx.runtime.values import TargetRef

RULES = """map items: zoho.Products -> xero.Item
  only when Product_Name is not "out"
  match on Code
  match on Name = once
  skip when often > 90 because "dear"
  warn when often > 50 because "costs {often}"
  fail when Product_Category is "Hardware" and share > 5 because "too much: {share}"
  let often = round((Unit_Price otherwise 0) * 2, 1)
  let share = 100 / ((Qty_in_Stock otherwise 0) - 3)
  let once = Product_Name & " of " & code
  let code = Product_Code otherwise warn "no code" then "none"
  Code = left(code, 30)
  Name = left(if often > 10 then once else Product_Name, 50)
  Description = if Product_Category is "Software" then code & " " & text(share) else Description
  SalesDetails.UnitPrice = kind(Product_Category) otherwise often
  SalesDetails.AccountCode = account(Product_Category)
  IsSold = often > 1
table kind(Category: zoho.ProductCategory?) -> money?
| Category | Price |
| Hardware | 2.50  |
| Software | 3     |
| missing  | 1     |
| *        | missing |
table account(Category: zoho.ProductCategory?) -> xero.Account
| Category | Account |
| Hardware | 200     |
| Software | 210     |
| missing  | 220     |
| *        | fail "no account for {Category}" |
"""
MORE = """use "a.zx"
extend items
  override Description = once & text(often)
  warn when share < 0 because "below"
"""


class World:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        return None

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        return None

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


def program(sources: dict[str, str]) -> MapProgram:
    place = Span("zx.toml", 1, 1, 1, 2)
    made = build(sources, packaged(), SyncRules("demo", {}, "Australia/Sydney", place))
    assert made.program is not None, made.diagnostics
    return made.program.maps["items"]


ONE = program({"rules/a.zx": RULES})
TWO = program({"rules/a.zx": RULES, "rules/b.zx": MORE})
AMOUNT = st.none() | st.integers(-3, 60).map(Decimal)
PRODUCTS = st.fixed_dictionaries(
    {
        "Product_Name": st.sampled_from(["Desk", "out", "Lamp"]) | st.none(),
        "Product_Code": st.none() | st.just("D-1"),
        "Unit_Price": AMOUNT,
        "Qty_in_Stock": AMOUNT,
        "Description": st.none() | st.just("fine"),
        "Product_Category": st.sampled_from([None, "Hardware", "Software", "Other", ["odd"]]),
    }
)


def bare(judged: Evaluated) -> Evaluated:
    return replace(judged, rows={}, lines=tuple(replace(line, rows={}) for line in judged.lines))


@settings(max_examples=150, deadline=None)
@given(PRODUCTS, st.sampled_from([ONE, TWO]))
def test_the_fast_form_says_what_the_careful_one_says(values: dict[str, Any], made: MapProgram) -> None:
    there = {key: value for key, value in values.items() if value is not None}
    record = Record(Kind("zoho", "Products"), "1", "", {"id": "1", **there})
    careful = bare(made.trace(record, World()))
    assert bare(made.evaluate(record, World())) == careful
    code = getattr(made.evaluate, "__self__", None)
    assert isinstance(code, MapCode)
    if careful.scope in ("in", "out") and there.get("Product_Category") != ["odd"]:
        assert code._fast(record.values, World()) is not None
