"""Summaries in state: what is written is read back, and what is no summary is refused by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zx.model.posting import Part, Posting, Share
from zx.state.format import Unreadable
from zx.state.postings import posting_name, read_posting, write_posting

SHARE = Share(
    {"$Total": Decimal("138.00")},
    (Part(0, ("200", 'it\'s 5% "odd"'), {"$LineAmount": Decimal("-100.10")}),),
)
POSTING = Posting(
    "S26031000", 3, "au", "daily", "Invoices", "Invoice", {"Date": "2026-03-10"}, {"57": SHARE, "58": Share()}
)


def test_what_is_written_is_read_back() -> None:
    assert read_posting(write_posting(POSTING).encode()) == POSTING


def test_one_member_is_one_line_and_the_text_is_always_the_same() -> None:
    text = write_posting(POSTING)
    assert sum(line.startswith('"57"') for line in text.split("\n")) == 1
    assert text.endswith('"58" = {}\n')
    assert write_posting(read_posting(text.encode())) == text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("order = 3", "order = -1", "order"),
        ('sync = "au"\n', "", "sync"),
        ("order = 3", "order = 3\nmore = 1", "more"),
        ('"138.00"', '"NaN"', '"57"'),
        ('"58" = {}', '"58" = { x = 1 }', '"58"'),
        ("format = 1", "format = 9", "format 9"),
        ("[members]", "<<<<<<< ours", "merge conflict"),
    ],
)
def test_what_is_no_summary_is_refused(old: str, new: str, said: str) -> None:
    text = write_posting(POSTING)
    assert old in text
    with pytest.raises(Unreadable) as refused:
        read_posting(text.replace(old, new).encode())
    assert said in refused.value.message


def test_a_number_that_is_no_file_name_gets_another() -> None:
    assert posting_name("S26031000") == "S26031000"
    assert posting_name("S/../1") not in ("S/../1", posting_name("S/../2"))
