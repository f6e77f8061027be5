"""What a page of many records costs: its size, and what the browser holds of it (preview 4.4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.test_pages_in_a_browser import browser, cards, shown
from tests.unit.report.sample_plan import sample_about, sample_plan
from zx.report.compose import preview_view
from zx.report.html import page_html, records_block
from zx.report.view import RecordView, View

__all__ = ["browser"]  # a fixture of the tests beside this one
DUE, TAX = "rules/invoices.zx:47", "rules/invoices.zx:60"


def many(number: int) -> View:
    """A preview of ``number`` changed invoices, two fields each."""
    view = preview_view(sample_plan(), sample_about())
    update = next(record for record in view.records if record.key == "update" and record.changes)
    return replace(view, records=tuple(_changed(update, index) for index in range(number)))


def _changed(update: RecordView, index: int) -> RecordView:
    due = replace(
        update.changes[0],
        group="",
        field="Due date",
        had=True,
        before="2026-10-14",
        after="2026-10-28",
        rule=DUE,
        row="",
    )
    price = replace(due, group="Line 2", field="Unit amount", before=f"{index}.00", after=f"{index + 3}.50", rule=TAX)
    amount = f"{index % 9000}.{index % 100:02}"
    return replace(
        update, number=f"INV-{index:05}", source=f"Zoho Invoices {index}", target=f"Xero Invoice INV-{index:05}",
        source_id=f"57257670000{index:07}", target_id=f"9d7e{index:08}", amount=amount, source_total=amount,
        target_total=amount, difference="0.00", changes=(due, price),
    )  # fmt: skip


@pytest.mark.parametrize(("number", "megabytes"), [(10_000, 3), (50_000, 15)])
def test_a_page_of_many_records_stays_small(browser: str, tmp_path: Path, number: int, megabytes: int) -> None:
    view = many(number)
    page = tmp_path / "preview.html"
    page.write_text(page_html(view), encoding="utf-8")
    assert page.stat().st_size <= megabytes * 1_000_000
    assert len(records_block(view.records).encode()) / number <= 270
    document, console = shown(browser, page.as_uri(), tmp_path / "profile")
    assert console == []
    assert cards(document) == 100
