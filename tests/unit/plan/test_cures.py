from dataclasses import replace
from decimal import Decimal as D

from tests.unit.plan.world import catalogue
from zx.catalog.schema import ListEntry
from zx.model.problem import Problem
from zx.plan.cures import completed

OPEN = Problem(
    "R903", "error", "no rate", "rules/tax.zx:7", "add a row above rules/tax.zx:7", "| GST 7.5% + PST 2.5% | … |"
)


def test_the_one_rate_that_equals_the_taxes_is_filled_in() -> None:
    assert completed(OPEN, catalogue()).fix == "| GST 7.5% + PST 2.5% | OUTPUT |"


def test_several_rates_or_none_leave_the_row_open_and_name_them() -> None:
    books = catalogue()
    rates = {**books.lists["xero.TaxRate"], "TAX001": ListEntry("TAX001", "Ten", {"EffectiveRate": D(10)})}
    several = completed(OPEN, replace(books, lists={**books.lists, "xero.TaxRate": rates}))
    assert several.fix == OPEN.fix and 'OUTPUT "GST", TAX001 "Ten"' in several.help
    none = completed(replace(OPEN, fix="| WET 29% | … |"), books)
    assert none.fix == "| WET 29% | … |" and "no rate of 29 %" in none.help


def test_rows_of_other_tables_stay_as_they_are() -> None:
    status = replace(OPEN, fix="| On Hold | … |")
    assert completed(status, catalogue()) == status
