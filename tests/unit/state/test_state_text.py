"""The text of state: one form to write, strict to read, never a guess."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zx.model.link import Link
from zx.state.format import (
    Head,
    TooNew,
    Unreadable,
    owned_fields,
    owned_name,
    read_head,
    read_shard,
    write_head,
    write_shard,
)

FIELDS = ("Date", "LineItems", "Reference")
NAME = owned_name(FIELDS)
OWNED = {NAME: FIELDS}
BASE = {"Date": "0" * 16, "LineItems": "1" * 16, "Reference": "f" * 16}

ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
digests = st.text("0123456789abcdef", min_size=16, max_size=16)
links = st.builds(Link, ids, st.integers(1, 10**8), st.dictionaries(ids, digests, max_size=4))


@given(st.dictionaries(ids, links, max_size=6))
def test_what_is_written_reads_back_the_same_and_writes_the_same_bytes(shard: dict[str, Link]) -> None:
    lists = {owned_name(fields): fields for fields in map(owned_fields, shard.values()) if fields}
    text = write_shard(shard)
    read = read_shard(text.encode(), lists)
    assert read == shard
    assert write_shard(read) == text
    head = Head("p" * 32, "lineage", 7, lists)
    assert read_head(write_head(head).encode()) == head


def test_the_form_of_a_line() -> None:
    text = write_shard({"5725": Link("220d-c8", 3, BASE), "57": Link("9", 1)})
    assert text.split("\n")[1:] == [
        '"57" = { x = "9", g = 1 }',
        f'"5725" = {{ x = "220d-c8", g = 3, r = "{NAME}", b = "{"0" * 16}{"1" * 16}{"f" * 16}" }}',
        "",
    ]


def test_lines_in_any_order_and_in_hand_written_form_are_read() -> None:
    text = f'"b"={{x="2",g=1}}\n\n# a remark\n"a" = {{ g = 2, x = "1", b = "{"0" * 48}", r = "{NAME}" }}\n'
    assert read_shard(text.encode(), OWNED) == {"b": Link("2"), "a": Link("1", 2, dict.fromkeys(FIELDS, "0" * 16))}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('"a" = { x = "1", g = 1 }\n"a" = { x = "2", g = 1 }\n', 2, "linked twice"),
        ('"a"={x="1",g=1}\n"a" = { x = "2", g = 1 }\n', 2, "linked twice"),
        ('"a" = { x = "1", g = 1 }\n<<<<<<< HEAD\n"b" = { x = "1", g = 1 }\n', 2, "merge conflict"),
        ('"a" = { x = "1", g = 1 }\n"b" = { x = "1", g = 0 }\n', 2, "no number from 1"),
        ('"a" = { x = "1", g = true }\n', 1, "no number from 1"),
        ('"a" = { x = 1, g = 1 }\n', 1, "no id"),
        ('"a" = { g = 1 }\n', 1, "no id"),
        ('"a" = { x = "1", g = 1, y = 2 }\n', 1, "has y"),
        ('"a" = { x = "1", g = 1, r = "00000000", b = "00" }\n', 1, "does not have"),
        (f'"a" = {{ x = "1", g = 1, r = "{NAME}", b = "00" }}\n', 1, "3 fields need 16 each"),
        (f'"a" = {{ x = "1", g = 1, r = "{NAME}" }}\n', 1, "only one of r and b"),
        (f'"a" = {{ x = "1", g = 1, b = "{"G" * 48}", r = "{NAME}" }}\n', 1, "other characters"),
        ('"a" = "b"\n', 1, "is no link"),
        ('# x\n"a" = { x = "1", g = \n', 2, "no state file"),
        ("a." * 30000 + "b = 1\n", 1, "too deeply nested"),
        ("a = " + "[" * 5000 + "\n", 1, "too deeply nested"),
        ("a." * 40000 + "b = 1\n", 1, "too long"),
        ("'\"'" + ".a" * 30000 + '."\'" = 1\n', 1, "too deeply nested"),
        ('a = { b = """\n""", c' + ".c" * 30000 + ' = "x" }\n', 1, "does not end on its line"),
        ("a = [\n" + "[\n" * 5000, None, "no state file"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text: str, line: int | None, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreadable, match=words) as raised:
        read_shard(text.encode(), OWNED)
    assert line is None or raised.value.line == line
    assert raised.value.advice
    assert time.monotonic() - started < 1


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Unreadable, match="UTF-8") as raised:
        read_shard(b'"a" = { x = "1", g = 1 }\n\xff\n', OWNED)
    assert raised.value.line == 2


def test_a_later_format_is_refused() -> None:
    text = write_head(Head("p", "l", 1)).replace("format = 1", "format = 2")
    with pytest.raises(TooNew, match="format 2"):
        read_head(text.encode())


def test_a_union_merge_of_the_head_takes_the_higher_serial_and_all_lists() -> None:
    ours = write_head(Head("p", "l", 12, OWNED))
    other = ("A",)
    theirs = write_head(Head("p", "l", 15, {owned_name(other): other, NAME: FIELDS}))
    merged = ours.replace("serial = 12\n", "serial = 12\nserial = 15\n")
    merged += "".join(line + "\n" for line in theirs.split("[owned]\n")[1].split("\n") if line)
    head = read_head(merged.encode())
    assert head.serial == 15
    assert head.owned == {NAME: FIELDS, owned_name(other): other}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("format = 1", "", "format is missing"),
        ('pair = "p"', "pair = 1", "pair is missing"),
        ("serial = 1", 'serial = "1"', "serial is missing"),
        (NAME, "00000000", "not the name"),
        ("[owned]", "=======\n[owned]", "merge conflict"),
    ],
)
def test_a_wrong_head_is_refused(old: str, new: str, words: str) -> None:
    text = write_head(Head("p", "l", 1, OWNED)).replace(old, new)
    with pytest.raises(Unreadable, match=words):
        read_head(text.encode())


def test_a_link_that_could_not_be_read_back_is_never_written() -> None:
    for link in (Link(""), Link("1", 0), Link("1", 1, {"Date": "short"})):
        with pytest.raises(ValueError, match="a"):
            write_shard({"a": link})
