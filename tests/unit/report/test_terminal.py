from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.unit.report.golden import same_as_golden
from tests.unit.report.sample_plan import HOSTILE, quiet_plan, ready_plan, sample_about, sample_plan, sample_push
from zx.report.compose import preview_view, push_view
from zx.report.terminal import preview_text, push_text, status_line
from zx.report.visible import visible

VIEW = preview_view(sample_plan(), sample_about())
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def test_golden() -> None:
    same_as_golden("preview.txt", preview_text(VIEW, width=100, colour=False, unicode=True))
    same_as_golden("preview-all.txt", preview_text(VIEW, width=100, colour=False, unicode=True, height=None))
    same_as_golden("preview-narrow-ascii.txt", preview_text(VIEW, width=60, colour=False, unicode=False))
    plan = sample_plan()
    view = push_view(plan, sample_push(plan), sample_about(run="r-1"))
    same_as_golden("push.txt", push_text(view, width=100, colour=False, unicode=True))
    quiet = preview_view(quiet_plan(), sample_about())
    same_as_golden("quiet.txt", preview_text(quiet, width=100, colour=False, unicode=True))


def test_one_screen_unless_all_is_asked_for() -> None:
    limited = preview_text(VIEW, width=100, colour=False, unicode=True, height=40)
    whole = preview_text(VIEW, width=100, colour=False, unicode=True, height=None)
    assert len(limited.splitlines()) <= 41
    assert " more (--all, or open preview.html)" in limited
    assert " more (--all" not in whole
    assert all(record.number.partition("\x1b")[0] in whole for record in VIEW.records)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    to_copy = ("| VAT 12.5% | OUTPUT |", *(hint.command for hint in VIEW.hints))
    for line in preview_text(VIEW, width=width, colour=False, unicode=True, height=None).splitlines():
        assert cell_len(line) <= width or line.strip() in to_copy, line


def test_nothing_of_a_record_acts_on_the_terminal() -> None:
    for unicode in (True, False):
        shown = preview_text(VIEW, width=200, colour=False, unicode=unicode, height=None)
        assert visible(shown.replace("\n", "")) == shown.replace("\n", "")
        coloured = preview_text(VIEW, width=200, colour=True, unicode=unicode, height=None)
        assert COLOURS.sub("", coloured) == shown
    assert "\\x1b]0;owned" in shown
    assert "\\u202e00.001" in shown


def test_text_that_came_past_the_view_is_filtered_at_the_door() -> None:
    view = replace(VIEW, headline="\x1b[2Jgone", sync="\u202edemo")
    shown = preview_text(view, width=100, colour=False, unicode=True)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_ascii_is_ascii() -> None:
    assert preview_text(VIEW, width=100, colour=False, unicode=False, height=None).isascii()
    assert status_line(VIEW, unicode=False).isascii()


def test_a_problem_shows_document_cause_amount_rule_and_the_line_to_paste() -> None:
    shown = preview_text(VIEW, width=120, colour=False, unicode=True)
    for part in (
        "Z-1021",
        'taxes "VAT 12.5%" have no Xero',
        "1,546.50 AUD",
        "rules/tax.zx:9",
        "| VAT 12.5% | OUTPUT |",
    ):
        assert part in shown


def test_a_line_to_paste_is_never_cut() -> None:
    shown = preview_text(VIEW, width=30, colour=False, unicode=True)
    assert "| VAT 12.5% | OUTPUT |" in shown


def test_values_are_wrapped_and_not_cut() -> None:
    shown = preview_text(VIEW, width=60, colour=False, unicode=True)
    assert "2026-05-14 → 2026-05-07" in shown
    assert "Xero tax rate" in shown


def test_exceptions_come_before_bulk() -> None:
    shown = preview_text(VIEW, width=100, colour=False, unicode=True, height=None)
    assert shown.index("! conflict") < shown.index("− void") < shown.index("~ update") < shown.index("· skip")


def test_what_a_push_could_not_do_comes_first() -> None:
    plan = sample_plan()
    view = push_view(plan, sample_push(plan), sample_about(run="r-1"))
    shown = push_text(view, width=100, colour=False, unicode=True, height=None)
    assert "18 of 22 changes done" in shown
    assert shown.index("in doubt Z-1004") < shown.index("done     Z-1001")
    assert "Account code '200' is archived" in shown
    assert shown.index("is archived") < shown.index("VAT 12.5%")


def test_status_in_one_line() -> None:
    line = status_line(preview_view(ready_plan(), sample_about()))
    assert line.startswith("demo: Ready: 17 changes (17 new, 4 unchanged; plan 7f3a91c2")
    assert "\n" not in line


@pytest.mark.parametrize("name", HOSTILE)
def test_visible_is_stable(name: str) -> None:
    once = visible(name)
    assert visible(once) == once
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", once)


def test_visible_leaves_letters_alone() -> None:
    for text in ("Łódź", "שלום עולם", "株式会社", "Søren & Ñandú", "🌿 Green"):
        assert visible(text) == text
