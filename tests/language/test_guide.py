"""What the documentation shows is true: every fenced block and every table of values of docs/language.md is run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tools.make_functions_page import PAGE, page

from zx.catalog.load import packaged
from zx.check.expressions import MAX_LETS
from zx.compile.build import Build, SettingValue, SyncRules, build
from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.render import render_text
from zx.model.record import Kind, Record
from zx.syntax.parser import MAX_LINES, MAX_MISTAKES
from zx.syntax.scan import MAX_CELLS, MAX_LINE

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "language.md").read_text("utf-8")
STARTER = {
    f"rules/{one.name}": one.read_text("utf-8") for one in files("zx.starter").iterdir() if one.name.endswith(".zx")
}
PLACE = Span("zx.toml", 1, 1, 1, 2)


def blocks(kind: str) -> list[tuple[str, str]]:
    """The fenced blocks whose first word is ``kind``: what stands in braces behind it, and the text."""
    return re.findall(rf"^```{kind}(?: \{{([^}}\n]*)\}})?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def built(local: str = "", settings: Mapping[str, str | Decimal | bool] | None = None) -> Build:
    tables = dict(blocks("csv"))
    sources = {**STARTER, **tables, **({"rules/local.zx": f'use "documents.zx"\n{local}'} if local else {})}
    given = {"prefix": "Z-", "start_date": "2025-08-01", **(settings or {})}
    values = {name: SettingValue(value, PLACE) for name, value in given.items()}
    return build(sources, packaged(), SyncRules("demo", values, "Australia/Sydney", PLACE))


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(("where", "text"), blocks("zx"), ids=lambda part: part.split("\n")[0][:40])
def test_rules_in_the_guide_are_rules(where: str, text: str) -> None:
    if where == "local":
        made = built(text)
        assert made.diagnostics == (), render_text(made.diagnostics, {"rules/local.zx": text})
        assert made.program is not None
    elif where == "wrong":
        assert built(text).program is None
    else:
        starter = squeezed((ROOT / where).read_text("utf-8"))
        assert [line for line in squeezed(text) if line not in starter] == []


def test_the_mistake_in_the_guide_looks_as_it_says() -> None:
    wrong = [text for where, text in blocks("zx") if where == "wrong"]
    shown = [text for where, text in blocks("text") if where == ""]
    assert len(wrong) == len(shown) == 1
    found = built(wrong[0]).diagnostics
    assert render_text(found, {"rules/local.zx": f'use "documents.zx"\n{wrong[0]}'}) == shown[0]


def test_what_rules_cannot_do_looks_as_it_says() -> None:
    page = (ROOT / "docs" / "what-rules-cannot-do.md").read_text("utf-8")
    wrong = re.findall(r"^```zx \{wrong\}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shown = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(wrong) == len(shown) == 2
    for text, picture in zip(wrong, shown, strict=True):
        sources = {"rules/local.zx": f'use "documents.zx"\n{text}'}
        assert render_text(built(text).diagnostics, sources) == picture
    for code in re.findall(r"E\d{4}", page):
        assert code in CODES
    for limit in (MAX_LINES, MAX_LINE, MAX_CELLS, MAX_LETS, MAX_MISTAKES):
        assert f"{limit:,} " in page or f"| {limit:,} |" in page


def test_the_settings_in_the_guide_are_settings() -> None:
    (text,) = [text for where, text in blocks("toml") if where == "settings"]
    given = {
        name: value
        if isinstance(value, bool | str)
        else Decimal(value)
        if isinstance(value, int)
        else value.isoformat()
        for name, value in tomllib.loads(text).items()
    }
    made = built(settings=given)
    assert made.program is not None, made.diagnostics
    assert {name: made.program.settings[name] for name in given} == given


def _setting(value: Any) -> str | Decimal | bool:
    if isinstance(value, bool | str):
        return value
    return Decimal(value) if isinstance(value, int) else str(value.isoformat())


class Run:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"


def values_in_the_guide() -> list[tuple[str, str]]:
    (table,) = re.findall(r"^\| written \| gives \|\n\|---\|---\|\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    return re.findall(r"^\| `(.*)` \| (.*) \|$", table, re.MULTILINE)


@pytest.mark.parametrize(("written", "gives"), values_in_the_guide())
def test_values_in_the_guide_are_what_they_say(written: str, gives: str) -> None:
    text = (
        "map people: zoho.Accounts -> xero.Contact\n  match on Name\n  Name = Account_Name\n"
        f'  fail when x is present because "{{x}}"\n  let x = {written}\n'
    )
    made = build({"rules/x.zx": text}, packaged(), SyncRules("demo", {}, Run.timezone, PLACE))
    assert made.program is not None, made.diagnostics
    record = Record(Kind("zoho", "Accounts"), "1", "", {"id": "1", "Account_Name": "Quay"})
    assert made.program.maps["people"].evaluate(record, Run()).reason == gives  # type: ignore[arg-type]


def test_cells_in_the_guide_are_cells() -> None:
    """Every form of a cell stands in a table that checks."""
    text = """table t(A: text?, B: number?, C: set of zoho.Tax?) -> text?
| A                   | B       | C                | D         |
| Paid                | > 100   | GST 10%          | x         |
| Approved, Delivered | <= 0    | GST 5% + PST 7%  | x         |
| missing             | present | missing          | missing   |
| "A, B"              | *       | *                | = "x"     |
| *                   | *       | *                | skip "no" |
extend invoices
  override Reference = left(t(Subject, 5, $line_tax), 255)
"""
    cells = ("> 100", "<= 0", "missing", "present", '"A, B"', "GST 10%", "GST 5% + PST 7%", "Approved, Delivered")
    for cell in cells:
        assert f"`{cell}`" in GUIDE and cell in text
    assert [found for found in built(text).diagnostics if found.is_error] == []


def test_functions_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == page(), "run tools/make_functions_page.py"
