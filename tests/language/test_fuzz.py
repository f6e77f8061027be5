"""A small size of `make fuzz`, and files made to hurt: limits cut them off, with a line and in good time."""

from __future__ import annotations

import time

import pytest
from tests.language.fuzz import attempt, text_of

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.diagnostics.diagnostic import Span
from zx.syntax.formatter import format_text
from zx.syntax.parser import parse

FILE = "rules/fuzz.zx"
MAP = """map m: zoho.Accounts -> xero.Contact
  match on Name
  Name = left(Account_Name, 255)
  FirstName = left({}, 255)
"""


@pytest.mark.parametrize("tenth", range(10))
def test_damaged_files_are_reported_with_a_line(tenth: int) -> None:
    for seed in range(tenth, 200, 10):
        attempt(text_of(seed))


def test_a_row_without_cells_is_laid_out_or_refused() -> None:
    for text in ("table t(a: text) -> text\n|\n", 'test "x"\n  run m\n  given Invoiced_Items\n    |\n'):
        attempt(text)


def test_a_seed_is_always_the_same_input() -> None:
    assert [text_of(seed) for seed in (3, 9, 42)] == [text_of(seed) for seed in (3, 9, 42)]


HOSTILE = {
    "parentheses": MAP.format("(" * 5000 + "Phone" + ")" * 5000),
    "parentheses within a line": MAP.format("(" * 170 + "Phone" + ")" * 170),
    "not": MAP.format("if " + "not " * 80 + "yes then Phone else Fax"),
    "calls": MAP.format("trim(" * 60 + "Phone" + ")" * 60),
    "a chain": MAP.format(" & ".join(["Phone"] * 45)),
    "a chain over lines": MAP.format("Phone" + "\n    otherwise Fax" * 3000),
    "a line of a megabyte": MAP.format('"' + "x" * 1_000_000 + '"'),
    "a line of signs": "=" * 900_000,
    "a text that never ends": MAP.format('"' + "\\" * 390),
    "braces": MAP.format('"' + "{Phone}" * 50 + '"'),
    "braces in braces": MAP.format('"' + "{" * 380 + '"'),
    "sections without names": "map\n" * 20_000,
    "rows without a table": "| a | b |\n" * 20_000,
    "rows of many cells": "table t(a: text) -> text\n" + ("|" * 390 + "\n") * 2000,
    "a wide table": "table t(" + ", ".join(f"p{n}: bool" for n in range(30)) + ") -> text\n| " + "x | " * 31 + "\n",
    "a table of many combinations": "table t({}) -> text(9)\n| {} | r |\n{}".format(
        ", ".join(f"p{n}: number" for n in range(8)),
        " | ".join("abcdefgh"),
        "".join(f"| {' | '.join(f'> {row * 8 + n}' for n in range(8))} | x |\n" for row in range(60)),
    ),
    "circles of lets": MAP.format("l0") + "".join(f"  let l{n} = l{(n + 1) % 300}\n" for n in range(300)),
    "a ladder of lets": MAP.format("l0") + "".join(f"  let l{n} = l{n + 1} & l{n + 1}\n" for n in range(300)),
    "a pattern that would never end": MAP.format('extract(Phone, "^(a+)+$")'),
    "a pattern too large": MAP.format('extract(Phone, "((a{{1,100}){{1,100}){{1,100}")'),
    "numbers without end": MAP.format("text(" + "9" * 380 + ")"),
    "days beyond the calendar": MAP.format('format(2026-01-01 + 9999999999 years, "yyyy")'),
    "comments only": "#\n" * 400_000,
    "line ends of old": "\r" * 300_000,
    "zeros": "\x00" * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_files_made_to_hurt(name: str) -> None:
    text = HOSTILE[name]
    began = time.process_time()
    found = parse(text, FILE)[1]
    format_text(text, FILE)
    made = build({FILE: text}, packaged(), SyncRules("t", {}, "UTC", Span("zx.toml", 1, 1, 1, 2)))
    assert time.process_time() - began < 2.5
    last = text.count("\n") + 1
    assert all(1 <= one.span.line <= last for one in (*found, *made.diagnostics))
    assert len(made.diagnostics) <= 250
