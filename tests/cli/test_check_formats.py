"""`zx check` in every format, and what rules read and cost; tables from CSV files through the whole command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Zx


@pytest.fixture
def workspace(zx: Zx, home: Path) -> Path:
    assert zx("init").code == 0
    return home


def damage(workspace: Path) -> None:
    path = workspace / "rules" / "invoices.zx"
    path.write_text(path.read_text("utf-8").replace("  DueDate =", "  DueDte ="), encoding="utf-8")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "DueDte = Due_Date"),
        ("plain", "error[E0202]: Xero Invoice has no field `DueDte`"),
        ("github", "::error file=rules/invoices.zx,line="),
    ],
)
def test_a_mistake_in_each_format(zx: Zx, workspace: Path, form: str, expected: str) -> None:
    damage(workspace)
    ran = zx("check", "--format", form)
    assert ran.code == 3 and expected in ran.out


def test_documents_are_all_there_is_on_standard_output(zx: Zx, workspace: Path) -> None:
    assert json.loads(zx("check", "--format", "sarif").out)["runs"][0]["results"] == []
    damage(workspace)
    assert json.loads(zx("check", "--format", "json").out)[0]["code"] == "E0202"
    assert json.loads(zx("check", "--format", "sarif").out)["runs"][0]["results"][0]["ruleId"] == "E0202"
    assert zx("check", "--format", "json", "--reads").code == 2


def test_what_is_read_and_what_it_costs(zx: Zx, workspace: Path) -> None:
    out = zx("check", "--reads", "--cost").out
    products = out.partition("  Zoho Products\n")[2]
    assert "    for `Product_Name.Product_Category` in `invoices`  (rules/invoices.zx:" in products
    assert "for each row of lines" in out


def test_a_table_from_a_csv_file(zx: Zx, workspace: Path) -> None:
    path = workspace / "rules" / "accounts.zx"
    text = path.read_text("utf-8").replace(
        "| *            | *        | = kind", "| *            | *        | = own(Code) otherwise kind"
    )
    text += '\ntable own(Code: text) -> xero.Account from "own.csv" key "Code" value "Account"\n'
    path.write_text(text, encoding="utf-8")
    missing = zx("check")
    assert missing.code == 3 and "there is no file rules/own.csv" in missing.out
    (workspace / "rules" / "own.csv").write_text("Code,Account\nW-1,200\n", encoding="utf-8")
    assert zx("check").code == 0
    (workspace / "rules" / "own.csv").write_bytes(b"Code,Account\n\xff,200\n")
    unread = zx("check")
    assert unread.code == 3 and "rules/own.csv is not UTF-8 text" in unread.out and "E0412" not in unread.out
