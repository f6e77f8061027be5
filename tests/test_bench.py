"""The bench compares what does the same: the rules of the task against the hand-written reference. No times here."""

from __future__ import annotations

import importlib
import json
import random
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parent.parent / "bench"


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.syspath_prepend(str(BENCH))
    monkeypatch.syspath_prepend(str(BENCH / "peers"))
    names = ("make_invoices", "py_idiomatic", "py_totals", "py_exact", "py_fast", "zx_rules")
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def test_the_rules_say_what_the_reference_says(peers: dict[str, Any]) -> None:
    made = random.Random(7)
    seen = set()
    for number in range(400):
        text = json.dumps(peers["make_invoices"].invoice(made, number))
        wanted = peers["py_idiomatic"].map_one(json.loads(text))
        document = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        for name in ("zx_rules", "py_exact", "py_totals", "py_fast"):
            given = document if hasattr(peers[name], "NUMBERS") else json.loads(text)
            assert json.loads(json.dumps(peers[name].map_one(given), default=float)) == wanted, name
        seen.add("nothing" if wanted is None else "error" if "error" in wanted else "document")
    assert seen == {"nothing", "error", "document"}


def test_the_tables_of_the_rules_are_those_of_the_task() -> None:
    tables = json.loads((BENCH / "tables.json").read_text("utf-8"))
    rules = (BENCH / "rules" / "tables.zx").read_text("utf-8")
    rows = dict(re.findall(r'^\| "?([^|"*]+?)"? +\| ([A-Z0-9]+) +\|$', rules, re.MULTILINE))
    assert rows == {"missing": "NONE"} | tables["status"] | tables["tax"]
    accounts = (BENCH / "rules" / "accounts.csv").read_text("utf-8").split()[1:]
    assert dict(line.split(",") for line in accounts) == tables["accounts"]
