"""Every mistake has a file in ``reject/`` that makes it, with the picture people see in its leading comment lines.

A file begins with the picture, each line behind ``# ``; the rest is the text with the mistake. The picture counts the
comment lines, as `zx check` would. ``ZX_UPDATE_GOLDEN=1`` writes the pictures anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue, ListEntry
from zx.compile.build import SyncRules, build
from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.render import render_text
from zx.syntax.csvtext import named_csv
from zx.syntax.parser import parse

FOLDER = Path(__file__).parent / "reject"
FILES = sorted(FOLDER.glob("*.zx"))

Judge = Callable[[str, str], list[Diagnostic]]


def by_shape(text: str, file: str) -> list[Diagnostic]:
    """What the parser alone says."""
    return parse(text, file)[1]


def by_meaning(text: str, file: str) -> list[Diagnostic]:
    """What a whole build says: names, types, missing values, tables, maps."""
    place = Span("zx.toml", 1, 1, 1, 2)
    sources = {file: text, **csv_beside(text, file)}
    return list(build(sources, organisations(), SyncRules("demo", {}, "Australia/Sydney", place)).diagnostics)


def csv_beside(text: str, file: str) -> dict[str, str]:
    """The CSV files of ``reject/`` that the tables of ``text`` name."""
    paths = {name: FOLDER.parent / name for name in named_csv(text, file)}
    return {name: path.read_text("utf-8") for name, path in paths.items() if path.is_file()}


def organisations() -> Catalogue:
    """The packaged catalogue with a few entries of the organisations' own lists."""
    known = packaged()
    accounts = {"200": "Sales", "260": "Other Revenue", "310": "Cost of Goods Sold"}
    rates = {"OUTPUT": "10.0000", "EXEMPTOUTPUT": "0.0000", "BASEXCLUDED": "0.0000", "TAX003": "12.5000"}
    taxes = {"GST 10%": ("GST", "10"), "GST Free 0%": ("GST Free", "0"), "VAT 12.5%": ("VAT", "12.5")}
    lists = {
        "xero.Account": {code: ListEntry(code, label) for code, label in accounts.items()},
        "xero.TaxRate": {
            code: ListEntry(code, f"Rate {code}", {"EffectiveRate": Decimal(rate)}) for code, rate in rates.items()
        },
        "zoho.Tax": {
            code: ListEntry(code, name, {"name": name, "percentage": Decimal(rate)})
            for code, (name, rate) in taxes.items()
        },
    }
    return Catalogue(known.shapes, known.enumerations, lists, dict.fromkeys(("xero.demo", "zoho.demo"), "22 Nov 09:10"))


# Who judges a file, by the first letters of its name; the longest that fits wins.
JUDGES: Mapping[str, Judge] = {"E01": by_shape, "W01": by_shape, "E": by_meaning, "W": by_meaning}


def judge_of(path: Path) -> Judge:
    return JUDGES[max((start for start in JUDGES if path.name.startswith(start)), key=len)]


def picture_of(path: Path, text: str) -> str:
    """The picture for ``text``, each line a comment. ``decisions`` in a name makes it a file of answers."""
    file = "decisions.zx" if "decisions" in path.stem else f"reject/{path.name}"
    rendered = render_text(judge_of(path)(text, file), {file: text, **csv_beside(text, file)})
    return "".join(f"# {line}".rstrip() + "\n" for line in rendered.rstrip("\n").split("\n"))


def body_of(text: str) -> str:
    """The text below the leading comment lines."""
    return re.sub(r"\A(?:#(?!#)[^\n]*\n)*", "", text)


def with_picture(path: Path, text: str) -> str:
    body, picture = body_of(text), ""
    for _ in range(4):  # The length of the picture moves the lines it names.
        made = picture_of(path, picture + body)
        if made == picture:
            break
        picture = made
    return picture + body


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_picture(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    if os.environ.get("ZX_UPDATE_GOLDEN"):
        path.write_bytes(with_picture(path, text).encode("utf-8"))
        return
    picture = text[: len(text) - len(body_of(text))]
    assert picture == picture_of(path, text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_mistake_makes_one_message(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    code = path.name.split("_", 1)[0]
    found = judge_of(path)(text, f"reject/{path.name}" if "decisions" not in path.stem else "decisions.zx")
    assert [one.code for one in found] == [code]


SHOWN_ELSEWHERE = {
    "E0112": "a file of 1 MiB: tests/unit/syntax/test_mistakes_of_a_file.py",
    "W0802": "values of two systems: tests/e2e/test_answers.py",
    "W0805": "records of two systems: tests/e2e/test_answers.py",
}
"""Codes whose picture no small file can show, and where they are tested."""


def test_every_code_has_a_file() -> None:
    """Problems of single records (R9) are no mistakes of a file; they are shown by the tests of planning."""
    shown = {path.name.split("_", 1)[0] for path in FOLDER.iterdir()}
    missing = [code for code in CODES if code[0] != "R" and code not in shown and code not in SHOWN_ELSEWHERE]
    assert missing == []
