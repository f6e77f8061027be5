"""The tests that ship with the starter rules: green, quick, come by everything, and notice changes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest

from zx.catalog.load import packaged
from zx.model.record import Kind
from zx.verify.coverage import measure
from zx.verify.mutation import mutate
from zx.verify.suite import Suite, load_suite

FOLDER = files("zx.starter")
SOURCES = {
    f"rules/{entry.name}": entry.read_text("utf-8")
    for entry in sorted(FOLDER.iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".zx")
}
TESTS = [name for name in SOURCES if name.endswith("_test.zx")]
NEVER_STOCK = {"rules/accounts.zx:10"}
"""Rows for stock: no product is stock until a shop says which (`item_kind`)."""
ONLY_WHEN_NOBODY_ASKS = {"rules/xero_back.zx:11"}
"""Asked only of records that no document needs; a test's record counts as needed."""


class NoFiles:
    def record(self, test: str, path: str, kind: Kind) -> Mapping[str, Any] | str:
        return "no files"

    def document(self, test: str, path: str) -> Any | None:
        return None


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(SOURCES, TESTS, packaged(), dict.fromkeys(TESTS, "Australia/Sydney"), NoFiles())


def test_every_rule_file_with_decisions_has_tests() -> None:
    assert len(TESTS) >= 8


def test_all_pass_in_a_few_seconds() -> None:
    began = time.process_time()
    suite = load_suite(SOURCES, TESTS, packaged(), dict.fromkeys(TESTS, "Australia/Sydney"), NoFiles())
    assert suite.diagnostics == ()
    assert [result.mismatches for item in suite.items if not (result := item.run()).passed] == []
    assert time.process_time() - began < 5


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/London", "Pacific/Auckland"])
def test_they_pass_in_every_zone(zone: str) -> None:
    suite = load_suite(SOURCES, TESTS, packaged(), dict.fromkeys(TESTS, zone), NoFiles())
    assert all(item.run().passed for item in suite.items)


def test_they_come_by_every_line_and_row(suite: Suite) -> None:
    coverage = measure(suite.modules, [item.run().seen for item in suite.items])
    assert {span.place for file in coverage.files for span in file.missed_lines} == ONLY_WHEN_NOBODY_ASKS
    assert {span.place for file in coverage.files for span in file.missed_rows} == NEVER_STOCK


def test_they_notice_nine_changes_of_ten(suite: Suite) -> None:
    mutation = mutate(suite, [item.run() for item in suite.items], lambda: False)
    assert mutation.killed > 180
    assert mutation.score >= 90, [f"{one.mutant.span.place} {one.mutant.what}" for one in mutation.survivors]
