"""Writes docs/reference/functions.md from the registry of functions. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zx.stdlib.dates import DATES
from zx.stdlib.lists import LISTS
from zx.stdlib.numbers import NUMBERS
from zx.stdlib.registry import FROM_EXCEL
from zx.stdlib.signature import Function
from zx.stdlib.texts import TEXTS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "functions.md"

_GROUPS = (("Texts", TEXTS), ("Numbers and conversions", NUMBERS), ("Dates", DATES), ("Lists", LISTS))
_HEAD = """# Functions

Made by `tools/make_functions_page.py` from the functions themselves; every example is run by the tests of zx.

A `?` marks a value that may be left out, `…` one that may come several times. A function with a missing value gives
missing, unless its line says that missing values are ignored. Nothing reads the clock, a disk or the network.
"""
_EXCEL = """## From a spreadsheet

| there | here |
|---|---|
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(part for title, group in _GROUPS for part in _table(title, group)), _excel()])


def _table(title: str, group: tuple[Function, ...]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| function | gives | for example | is |\n|---|---|---|---|"
    for function in sorted(group, key=lambda one: one.name):
        ignores = " Missing values are ignored." if function.lenient else ""
        expression, result = function.example
        yield f"| `{function.signature}` | {function.doc}{ignores} | `{_cell(expression)}` | {_cell(result)} |"
    yield ""


def _excel() -> str:
    rows = [f"| `{name.upper()}` | {_cell(advice)} |" for name, advice in FROM_EXCEL.items()]
    return _EXCEL + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
