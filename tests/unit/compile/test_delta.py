"""A change of the rules reaches what it changes and nothing else, and a delta gives what a whole evaluation gives."""

from __future__ import annotations

import importlib.util
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zx.catalog.load import parse
from zx.catalog.schema import Catalogue
from zx.check.typed import TypedRules
from zx.compile.assemble import assemble
from zx.compile.build import SettingValue, SyncRules, build
from zx.compile.delta import Reached, deltas, reached
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record
from zx.syntax.formatter import format_text

BENCH = Path(__file__).resolve().parents[3] / "bench"
PLACE = Span("zx.toml", 1, 1, 1, 2)
CATALOGUE: Catalogue = parse(
    {path.stem: {path.name: path.read_text("utf-8")} for path in sorted((BENCH / "catalogue").glob("*.toml"))}
)
RULES = {f"rules/{path.name}": path.read_text("utf-8") for path in sorted((BENCH / "rules").iterdir())}
MAIN, TABLES, ACCOUNTS = "rules/invoices.zx", "rules/tables.zx", "rules/accounts.csv"


class World:
    run_date = "2026-01-01"
    timezone = "UTC"

    def via(self, map_name: str, value: Any) -> Any: ...

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any: ...

    def fetch(self, system: str, kind: str, lookup: Any) -> Any:
        return {}


def typed(sources: dict[str, str], settings: dict[str, SettingValue] | None = None) -> TypedRules:
    built = build(sources, CATALOGUE, SyncRules("bench", settings or {}, "UTC", PLACE))
    assert built.typed is not None, built.diagnostics
    return built.typed


def changed(file: str, *swaps: tuple[str, str]) -> dict[str, str]:
    text = RULES[file]
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return {**RULES, file: text}


def documents(count: int) -> list[dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("make_invoices", BENCH / "make_invoices.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = random.Random(11)
    texts = [json.dumps(module.invoice(made, number)) for number in range(count)]
    return [json.loads(text, parse_float=Decimal, parse_int=Decimal) for text in texts]


def moved(text: str) -> str:
    """The text with the first two of its fields the other way round."""
    first, second = '  Type = "ACCREC"\n', '  InvoiceNumber = "Z-" & Invoice_Number\n'
    assert first + second in text
    return text.replace(first + second, second + first)


@pytest.mark.parametrize(
    "after",
    [
        changed(MAIN, ("map invoices", "# a remark\n\nmap invoices")),
        changed(MAIN, ("let expected =", "let wanted ="), ("= expected", "= wanted")),
        {**RULES, MAIN: moved(RULES[MAIN])},
        {**RULES, MAIN: format_text(RULES[MAIN].replace(" = ", "   =  "), MAIN)[0] or ""},
        changed(TABLES, ("table status(Status:", "setting unused: bool = no\ntable status(Status:")),
        changed(TABLES, ("tax(Name: ", "tax(Called: "), ("{Name}", "{Called}"), ("| Name ", "| Called ")),
    ],
    ids=["a comment", "a let renamed", "two fields swapped", "layout", "a setting nobody reads", "a parameter renamed"],
)
def test_what_means_the_same_reaches_nothing(after: dict[str, str]) -> None:
    assert reached(typed(RULES), typed(after)) == {}


EDITS = {
    "a row of a table": (changed(TABLES, ("| VAT 5%", "| VAT 6%")), frozenset(), {"TaxType"}),
    "a line of a CSV file": (changed(ACCOUNTS, (RULES[ACCOUNTS].split()[3], "ZZ99,999")), frozenset(), {"AccountCode"}),
    "one field": (changed(MAIN, ("+ 30 days", "+ 14 days")), {"DueDate"}, set()),
    "a field that is gone": (changed(MAIN, ("  Reference = Purchase_Order\n", "")), {"Reference"}, set()),
    "a let": (changed(MAIN, ("Tax + Adjustment", "Tax - Adjustment")), {"ExpectedTotal", "TotalMatches"}, set()),
    "a field that is a key": (changed(MAIN, ('"Z-" &', '"Y-" &')), {"InvoiceNumber"}, set()),
    "two lines at once": (
        changed(MAIN, ("round(List_Price, 4)", "round(List_Price, 2)"), ("otherwise code)", 'otherwise "x")')),
        set(),
        {"UnitAmount", "AccountCode"},
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_delta_gives_what_a_whole_evaluation_gives(name: str) -> None:
    after, fields, lines = EDITS[name]
    old, new = typed(RULES), typed(after)
    found = reached(old, new)["invoices"]
    assert (found.fields, found.lines, found.whole) == (frozenset(fields), (frozenset(lines),), False)
    delta = deltas(old, new, CATALOGUE)["invoices"]
    assert delta.part is not None
    assert {*delta.part.fields, *delta.part.sections[0].fields} <= {*fields, *lines}
    before, full = assemble(old, CATALOGUE).maps["invoices"], assemble(new, CATALOGUE).maps["invoices"]
    differ = 0
    for document in documents(150):
        record = Record(Kind("zoho", "Invoices"), document["id"], "", document)
        was = before.evaluate(record, World())
        now = full.evaluate(record, World())
        assert delta.evaluate(record, World(), was) == now
        differ += was != now
    assert differ


def test_a_changed_guard_judges_every_record_anew() -> None:
    old, new = typed(RULES), typed(changed(MAIN, ("2026-01-01", "2026-06-01")))
    assert reached(old, new)["invoices"] == Reached(frozenset(), (frozenset(),), False, True)
    delta = deltas(old, new, CATALOGUE)["invoices"]
    assert delta.part is None
    before, full = assemble(old, CATALOGUE).maps["invoices"], assemble(new, CATALOGUE).maps["invoices"]
    for document in documents(40):
        record = Record(Kind("zoho", "Invoices"), document["id"], "", document)
        assert delta.evaluate(record, World(), before.evaluate(record, World())) == full.evaluate(record, World())
