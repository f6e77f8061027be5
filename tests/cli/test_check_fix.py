"""`zx check --fix`: what a message proposes is put in where it works, and nothing is left worse than it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Zx


@pytest.fixture
def workspace(zx: Zx, home: Path) -> Path:
    assert zx("init").code == 0
    return home


def damage(workspace: Path, *changes: tuple[str, str]) -> tuple[Path, str]:
    path = workspace / "rules" / "invoices.zx"
    good = path.read_text("utf-8")
    text = good
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path, good


def test_fixes_are_put_in_and_laid_out(zx: Zx, workspace: Path) -> None:
    slips = ("= Due_Date otherwise", "= Due_Dat   otherwise"), ('Type = "ACCREC"', 'Type = "ACREC"')
    path, good = damage(workspace, *slips)
    ran = zx("check", "--fix")
    assert (ran.code, path.read_text("utf-8")) == (0, good)
    assert "(E0201)" in ran.err and "(E0204)" in ran.err and "no mistakes" in ran.err


def test_one_code_only(zx: Zx, workspace: Path) -> None:
    slips = ("= Due_Date otherwise", "= Due_Dat otherwise"), ('Type = "ACCREC"', 'Type = "ACREC"')
    path, good = damage(workspace, *slips)
    ran = zx("check", "--fix", "e0204")
    assert (ran.code, path.read_text("utf-8")) == (3, good.replace(*slips[0]))
    assert "E0201" in ran.out and "E0204" not in ran.out


def test_what_needs_a_person_stays_as_it_is(zx: Zx, workspace: Path) -> None:
    path, _ = damage(workspace, ('Type = "ACCREC"', 'Type = "NOTHING_LIKE_IT"'))
    before = path.read_bytes()
    ran = zx("check", "--fix")
    assert (ran.code, path.read_bytes()) == (3, before)
    assert "nothing could be fixed" in ran.err


def test_a_word_that_is_no_code_is_refused(zx: Zx, workspace: Path) -> None:
    ran = zx("check", "--fix", "demo")
    assert ran.code == 2 and "there is no code demo" in ran.err
