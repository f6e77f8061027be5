"""Every built-in function has an example that is true, and says what its parameters take."""

from __future__ import annotations

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record
from zx.stdlib.registry import FROM_EXCEL, FUNCTIONS
from zx.stdlib.signature import Function

PLACE = Span("zx.toml", 1, 1, 1, 2)


class Run:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"


def evaluated(expression: str) -> object:
    """What a rule with this expression gives, before any field's type has a say."""
    text = (
        "map contacts: zoho.Accounts -> xero.Contact\n  match on Name\n  Name = Account_Name\n"
        f'  fail when x is present because "{{x}}"\n  let x = {expression}\n'
    )
    made = build({"rules/x.zx": text}, packaged(), SyncRules("t", {}, Run.timezone, PLACE))
    assert made.program is not None, made.diagnostics
    record = Record(Kind("zoho", "Accounts"), "1", "", {"id": "1", "Account_Name": "Quay"})
    judged = made.program.maps["contacts"].evaluate(record, Run())  # type: ignore[arg-type]
    return judged.reason or "missing"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_the_example_is_true(function: Function) -> None:
    expression, expected = function.example
    assert expression.startswith(f"{function.name}(")
    assert evaluated(expression) == expected


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_missing_arguments_are_contagious_unless_the_function_is_lenient(function: Function) -> None:
    if not function.parameters or function.lenient:
        return
    count = sum(1 for parameter in function.parameters if not parameter.default)
    assert evaluated(f"{function.name}({', '.join(['missing'] * count)})") == "missing"


def test_spreadsheet_names_are_no_functions_of_ours() -> None:
    assert not {name for name in FROM_EXCEL if name in FUNCTIONS}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('left("é-å", 1)', "é"),
        ('mid("Widget", 1, 99)', "Widget"),
        ("round(0 - 2.165, 2)", "-2.17"),
        ("round(2.5)", "3"),
        ("min(2026-03-31, 2026-02-01)", "2026-02-01"),
        ('format(1234.5, "#,##0.00")', "1,234.50"),
        ('format(2026-03-01, "d mmm yyyy")', "1 Mar 2026"),
        ("2026-01-31 + 1 months", "2026-02-28"),
        ("2026-03-31 - 2 weeks", "2026-03-17"),
        ("10 / 3", "3.333333333333"),
        ('join(", ", missing, missing)', "missing"),
        ('"a" & missing', "missing"),
        ('"" & "x"', "x"),
        ("1 + 2 * 3", "7"),
        ("10%", "0.1"),
        ('matches("Café", "^Caf.$")', "yes"),
        ('matches("xAU-1", "^AU-")', "no"),
        ('extract("Ünit 77é", "[0-9]+.")', "77é"),
        ('extract("AU", "[0-9]+")', "missing"),
        ('extract("AU", "AU([0-9]*)")', "missing"),
        ('replace_all("a.b.c", "\\\\.", "\\\\1")', "a\\1b\\1c"),
    ],
)
def test_arithmetic_and_edges(expression: str, expected: str) -> None:
    assert evaluated(expression) == expected
