from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from tests.unit.report.sample_plan import sample_plan, sample_push
from zx.report.csv_text import COLUMNS, RESULT_COLUMNS, actions_csv, cell_text
from zx.report.document import listed


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_one_row_for_each_listed_action() -> None:
    plan = sample_plan()
    rows = _rows(actions_csv(plan))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) - 1 == len(listed(plan))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert actions_csv(plan).endswith("\r\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "＝1", "﹢1", "－1", "＠x", "\x00=1", "\u3000=1"]
)
def test_text_is_never_a_formula(text: str) -> None:
    assert cell_text(text).startswith("'")


@pytest.mark.parametrize("text", ["1001", "Z-1001", "Acme = Co", "", "a+b", "日本"])
def test_harmless_text_stays(text: str) -> None:
    assert cell_text(text) == text


def test_a_negative_amount_stays_a_number() -> None:
    assert cell_text(Decimal("-12.5")) == "-12.50"


def test_hostile_names_in_the_file() -> None:
    rows = _rows(actions_csv(sample_plan()))
    labels = [row[COLUMNS.index("source label")] for row in rows[1:]]
    assert "'=cmd|' /C calc'!A1" in labels
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_results_stand_beside_their_actions() -> None:
    plan = sample_plan()
    rows = _rows(actions_csv(plan, sample_push(plan)))
    assert tuple(rows[0]) == COLUMNS + RESULT_COLUMNS
    by_label = {row[COLUMNS.index("source label")]: row[len(COLUMNS) :] for row in rows[1:]}
    assert by_label["1001"] == ["done", "375.35", ""]
    assert by_label["1021"] == ["", "", ""]
