from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.report.sample_plan import sample_about, sample_plan
from zx.report.compose import preview_view
from zx.report.filtering import BadFilter, chosen, parse_filter

CASES: dict[str, int] = json.loads((Path(__file__).parent / "filters.json").read_text(encoding="utf-8"))
"""Filters and how many records of the sample plan fit; the page is held to the same in a browser."""


@pytest.mark.parametrize("text", CASES)
def test_a_filter_chooses(text: str) -> None:
    view = preview_view(sample_plan(), sample_about())
    assert len(chosen(view, parse_filter(text)).records) == CASES[text]


def test_a_term_and_its_opposite_are_everything() -> None:
    view = preview_view(sample_plan(), sample_about())
    for text in ("action:create", "amount>10", "rule:invoices.zx", "field:tax", '"garden widget"'):
        both = [len(chosen(view, parse_filter(sign + text)).records) for sign in ("", "-")]
        assert sum(both) == len(view.records)


@pytest.mark.parametrize("text", ["amount>lots", "amount:5", "actoin:create", "rule>3"])
def test_what_is_no_filter_is_said(text: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse_filter(text)
    assert caught.value.help
