"""What `zx why` shows is true: the example has the mistake, the cure has none; and every code has both."""

from __future__ import annotations

from importlib.resources import files

import pytest
from tests.language.test_reject import organisations
from tools.make_codes_page import PAGE, page

from zx.compile.build import SettingValue, SyncRules, build
from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.examples import examples

STARTER = {
    f"rules/{one.name}": one.read_text("utf-8")
    for one in files("zx.starter").iterdir()
    if one.name.endswith(".zx") and not one.name.endswith("_test.zx")
}
PLACE = Span("zx.toml", 1, 1, 1, 2)
IN_WORDS = {"E0109", "E0111", "E0112", "E0116", "E0117", "E0207", "E0216", "E0506", "E0514", "E0517", "E0518", "E0519"}
"""Codes whose example, or whose cure, takes more than a few lines of rules."""
RUN = sorted(code for code, one in examples().items() if one.where == "rules" and code not in IN_WORDS)


def found(lines: tuple[str, ...]) -> list[Diagnostic]:
    text = "".join(f"{line}\n" for line in ('use "documents.zx"', *lines))
    settings = {"prefix": SettingValue("Z-", PLACE), "start_date": SettingValue("2025-08-01", PLACE)}
    sync = SyncRules("demo", settings, "Australia/Sydney", PLACE)
    every = build({**STARTER, "rules/local.zx": text}, organisations(), sync).diagnostics
    return [one for one in every if one.code != "W0407" or one.span.file == "rules/local.zx"]


def test_every_code_has_an_example_and_a_cure() -> None:
    assert sorted(examples()) == sorted(CODES)
    assert all(one.wrong and one.right for one in examples().values())


@pytest.mark.parametrize("code", RUN)
def test_an_example_has_its_mistake_and_the_cure_has_none(code: str) -> None:
    example = examples()[code]
    assert code in [one.code for one in found(example.wrong)]
    assert [one.message for one in found(example.right)] == []


def test_the_page_of_codes_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == page(), "run tools/make_codes_page.py"
