"""`zx fmt`: files, folders, the standard input; what cannot be read stays as it is."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Zx
from tests.language.test_single_mistakes import SLIPS
from zx.syntax.formatter import format_text

UNTIDY = 'use  "settings.zx"   # why\n\n\n\n## What it says\ntable t( A:text )->text\n|A|B|\n|  x , y |z| # tail\n'
TIDY = 'use "settings.zx"  # why\n\n## What it says\ntable t(A: text) -> text\n| A | B |\n| x, y | z |  # tail\n'
BROKEN = "map a: zoho.Accounts ->\n   Name=x\n"


@pytest.fixture
def shop(home: Path, zx: Zx) -> Path:
    assert zx("init", ".").code == 0
    return home


def test_a_fresh_workspace_is_laid_out(shop: Path, zx: Zx) -> None:
    assert zx("fmt", "--check").code == 0


def test_a_file_a_folder_and_everything(shop: Path, zx: Zx) -> None:
    for arguments in (("rules/own.zx",), ("rules",), ()):
        (shop / "rules" / "own.zx").write_text(UNTIDY, "utf-8")
        looked = zx("fmt", "--check", *arguments)
        assert (looked.code, looked.out) == (1, "rules/own.zx\n")
        assert (shop / "rules" / "own.zx").read_text("utf-8") == UNTIDY
        changed = zx("fmt", *arguments)
        assert (changed.code, changed.out) == (0, "rules/own.zx\n")
        assert (shop / "rules" / "own.zx").read_text("utf-8") == TIDY
        assert zx("fmt", "--check", *arguments).code == 0


def test_a_broken_file_stays_and_the_others_are_laid_out(shop: Path, zx: Zx) -> None:
    (shop / "rules" / "own.zx").write_text(UNTIDY, "utf-8")
    (shop / "rules" / "broken.zx").write_text(BROKEN, "utf-8")
    ran = zx("fmt", "rules")
    assert (ran.code, ran.out) == (3, "rules/own.zx\n")
    assert "rules/broken.zx:1:24" in ran.err
    assert (shop / "rules" / "broken.zx").read_text("utf-8") == BROKEN


@pytest.mark.parametrize("name", ["nothing.zx", "zx.toml", "state"])
def test_what_is_no_rule_file_is_said(name: str, shop: Path, zx: Zx) -> None:
    ran = zx("fmt", name)
    assert ran.code == 2
    assert name in ran.err


@pytest.mark.parametrize(
    ("given", "check", "code", "out"),
    [
        (UNTIDY.encode(), False, 0, TIDY),
        (UNTIDY.encode(), True, 1, ""),
        (TIDY.encode(), True, 0, ""),
        (BROKEN.encode(), False, 3, ""),
        (b"\xff", False, 3, ""),
    ],
)
def test_the_standard_input(
    given: bytes, check: bool, code: int, out: str, home: Path, zx: Zx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    ran = zx("fmt", "-", *(["--check"] if check else []))
    assert (ran.code, ran.out) == (code, out)
    assert "internal" not in ran.err


def test_mistyped_files_are_laid_out_once_or_not_at_all() -> None:
    """Whatever a person mistypes: a second run changes nothing, and no line with a comment is lost."""
    for slip in SLIPS:
        text = f"# first\n{slip.after}# last\n"
        once, wrong = format_text(text, slip.file)
        if once is None:
            assert wrong
            continue
        assert format_text(once, slip.file)[0] == once
        assert once.startswith("# first\n") and once.endswith("# last\n")


def test_a_table_is_widened_to_its_content_on_purpose(shop: Path, zx: Zx) -> None:
    own = shop / "rules" / "own.zx"
    own.write_text(
        "table t(A: text?, B: text?) -> text\n| A | B | C |\n| long value | * | x |\n| * | missing | y |  # tail\n"
        '| * | * | = "z" |\n',
        "utf-8",
    )
    changed = zx("fmt", "--retable", "t")
    assert (changed.code, changed.out) == (0, "rules/own.zx\n")
    wide = (
        "table t(A: text?, B: text?) -> text\n| A          | B       | C     |\n| long value | *       | x     |\n"
        '| *          | missing | y     |  # tail\n| *          | *       | = "z" |\n'
    )
    assert own.read_text("utf-8") == wide
    assert zx("fmt", "--check").code == 0
    again = zx("fmt", "--retable", "t")
    assert (again.code, again.out) == (0, "")
    assert "did you mean invoice_state?" in zx("fmt", "--retable", "invoice_stat").err
