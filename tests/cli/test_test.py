"""``zx test`` as a person meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

Zx = Callable[..., Any]

FAILING = """\
use "documents.zx"

test "wrong on purpose"
  run invoices
  with settings start_date = 2026-03-01
  given
    Status = "Approved"
    Invoice_Date = 2026-03-02
    Grand_Total = 11.00
  expect
    Status = "AUTHORISED"
"""

HEAD = FAILING.partition("  given")[0]


@pytest.fixture
def books(zx: Zx, home: Path) -> Path:
    assert zx("init", ".").code == 0
    return home


def test_a_new_workspace_has_tests_and_they_pass(zx: Zx, books: Path) -> None:
    ran = zx("test")
    assert (ran.code, ran.out) == (0, "")
    assert "tests passed" in ran.err
    assert not (books / ".zx").exists()


def test_a_failure_shows_both_values_and_both_places(zx: Zx, books: Path) -> None:
    (books / "rules" / "own_test.zx").write_text(FAILING, encoding="utf-8")
    ran = zx("test", "rules/own_test.zx")
    assert ran.code == 1
    assert "FAIL  rules/own_test.zx:3  wrong on purpose" in ran.out
    assert 'expected  "AUTHORISED"  rules/own_test.zx:11' in ran.out
    assert 'got       "DRAFT"' in ran.out
    assert "rules/invoices.zx:51" in ran.out
    assert "0 of 1 test passed, 1 failed" in ran.err


def test_only_tests_with_a_text_in_the_title(zx: Zx, books: Path) -> None:
    (books / "rules" / "own_test.zx").write_text(FAILING, encoding="utf-8")
    assert zx("test", "-k", "due date").code == 0
    assert zx("test", "-k", "Wrong on").code == 1


def test_a_file_that_does_not_check(zx: Zx, books: Path) -> None:
    (books / "rules" / "own_test.zx").write_text(FAILING.replace("Status =", "Statos ="), encoding="utf-8")
    ran = zx("test")
    assert ran.code == 3
    assert "error[E0201]" in ran.out
    assert "mistakes in the files" in ran.err


def test_json(zx: Zx, books: Path) -> None:
    (books / "rules" / "own_test.zx").write_text(FAILING, encoding="utf-8")
    said = json.loads(zx("test", "rules/own_test.zx", "--format", "json", "--coverage").out)
    assert (said["passed"], said["failed"]) == (0, 1)
    (test,) = said["tests"]
    assert test["differences"][0]["got"] == '"DRAFT"'
    assert test["differences"][0]["rows"]
    assert {"W0705"} == {found["code"] for found in said["diagnostics"]}
    assert said["coverage"][0]["file"] == "rules/accounts.zx"


def test_junit(zx: Zx, books: Path) -> None:
    (books / "rules" / "own_test.zx").write_text(FAILING, encoding="utf-8")
    assert zx("test", "rules", "--junit", "out.xml").code == 1
    suites = {suite.get("name"): suite for suite in ElementTree.parse(books / "out.xml").getroot()}
    assert suites["rules/own_test.zx"].get("failures") == "1"
    assert suites["rules/invoices_test.zx"].get("failures") == "0"


def test_mutants_with_the_missing_test(zx: Zx, books: Path) -> None:
    for path in (books / "rules").glob("*_test.zx"):
        path.unlink()
    test = FAILING.replace("wrong on purpose", "right").replace("AUTHORISED", "DRAFT")
    (books / "rules" / "own_test.zx").write_text(test, encoding="utf-8")
    ran = zx("test", "--mutate", "--budget", "0")
    assert ran.code == 0
    assert "not run for want of time" in ran.err


def test_a_record_from_a_file_and_all_that_is_sent(zx: Zx, books: Path) -> None:
    folder = books / "rules" / "fixtures"
    folder.mkdir()
    record = {
        "id": "5001",
        "Invoice_Number": "7",
        "Status": "Approved",
        "Invoice_Date": "2026-03-02",
        "Grand_Total": 11,
        "Account_Name": {"id": "1", "name": "Quay"},
        "Invoiced_Items": [
            {
                "Product_Name": {"id": "2", "name": "Widget", "Product_Code": "W-1"},
                "Quantity": 1,
                "Total_After_Discount": 10,
                "Line_Tax": [{"name": "GST", "percentage": 10, "value": 1}],
            }
        ],
    }
    (folder / "in.json").write_text(json.dumps({"data": [record]}), encoding="utf-8")
    test = HEAD + '  given from "fixtures/in.json"\n  expect from "fixtures/out.json"\n'
    (books / "rules" / "own_test.zx").write_text(test, encoding="utf-8")
    assert zx("test", "rules/own_test.zx").code == 1
    ran = zx("test", "rules/own_test.zx", "--accept")
    assert ran.code == 0
    assert "wrote rules/fixtures/out.json" in ran.err
    sent = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert sent["LineItems"][0]["TaxType"] == "OUTPUT"
    assert sent["Contact"] == "Quay"
    (folder / "out.json").write_text(json.dumps({**sent, "Status": "X"}), encoding="utf-8")
    assert 'got       "DRAFT"' in zx("test", "rules/own_test.zx").out


@pytest.mark.parametrize("path", ["/etc", "nowhere"])
def test_paths_outside_and_nowhere(zx: Zx, books: Path, path: str) -> None:
    assert zx("test", path).code == 2


def test_files_outside_the_workspace_are_not_read(zx: Zx, books: Path) -> None:
    (books.parent / "secret.json").write_text("{}", encoding="utf-8")
    test = HEAD + '  given from "../../secret.json"\n  expect\n    Status = "DRAFT"\n'
    (books / "rules" / "own_test.zx").write_text(test, encoding="utf-8")
    ran = zx("test", "rules/own_test.zx")
    assert ran.code == 3
    assert "lies outside the workspace" in ran.out
