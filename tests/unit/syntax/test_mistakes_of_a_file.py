"""One mistake makes one message, all of them come in one run, and nothing makes the parser fall."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
import zx.starter
from hypothesis import given, settings
from hypothesis import strategies as st

from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Diagnostic
from zx.diagnostics.render import render_text
from zx.syntax.parser import MAX_BYTES, MAX_MISTAKES, parse

STARTER = sorted(Path(next(iter(zx.starter.__path__))).glob("*.zx"))
HEAD = "map m: a.B -> c.D\n"


def mistakes(text: str) -> list[tuple[str, int]]:
    return [(found.code, found.span.line) for found in parse(text, "rules/a.zx")[1]]


def one(text: str) -> Diagnostic:
    _module, diagnostics = parse(text, "rules/a.zx")
    assert len(diagnostics) == 1, diagnostics
    return diagnostics[0]


@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.name)
def test_the_starter_rules_have_no_mistake(path: Path) -> None:
    module, diagnostics = parse(path.read_text("utf-8"), f"rules/{path.name}")
    assert diagnostics == []
    assert module.sections


def test_eight_mistakes_in_one_run_and_the_rest_is_read() -> None:
    text = (
        'use "a.zx"\n'
        "map m: a.B -> c.D\n"
        '  only when A == "x"\n'
        "  B = C otherwise\n"
        '  D = x"\n'
        "  macth on E\n"
        "  F = 1\n"
        "table t(A: text) -> text\n"
        "| A | B |\n"
        "| 1 |\n"
        "| 2 | 3 |\n"
        "lines off m: A -> B\n"
        "  G = = 1\n"
        'test "t"\n'
        "  rnu m\n"
        "  given\n"
        "    A = \n"
        "    B = 1\n"
    )
    module, diagnostics = parse(text, "rules/a.zx")
    assert [(found.code, found.span.line) for found in diagnostics] == [
        ("E0103", 3),
        ("E0102", 4),
        ("E0104", 5),
        ("E0106", 6),
        ("E0105", 10),
        ("E0106", 12),
        ("E0102", 13),
        ("E0106", 15),
        ("E0102", 17),
    ]
    assert [type(section).__name__ for section in module.sections] == ["Use", "Map", "Table", "TestSection"]
    assert [item.target.head for item in module.sections[1].items] == ["F"]  # type: ignore[union-attr]
    assert len(module.sections[2].rows.rows) == 1  # type: ignore[union-attr]
    assert [step.kind for step in module.sections[3].steps] == ["given"]  # type: ignore[union-attr]


def test_a_lost_header_takes_its_section_and_no_other() -> None:
    text = "map m zoho.Invoices -> xero.Invoice\n  A = \nmap n: a.B -> c.D\n  A = 1\n"
    module, diagnostics = parse(text, "rules/a.zx")
    assert [(found.code, found.span.line) for found in diagnostics] == [("E0100", 1), ("E0102", 2)]
    assert [section.name.text for section in module.sections] == ["n"]  # type: ignore[union-attr]


def test_rows_below_a_lost_line_are_not_reported() -> None:
    assert mistakes(HEAD + "  A = pick ==\n    | a | b |\n    | 1 |\n") == [("E0103", 2)]
    assert mistakes("tabel t(A: text) -> text\n| A | B |\n| 1 | 2 |\n") == [("E0106", 1)]


def test_conflict_markers_are_one_message_and_the_first_side_is_read() -> None:
    text = HEAD + "<<<<<<< HEAD\n  A = 1\n||||||| base\n  A = 0\n=======\n  A = = 2\n>>>>>>> other\n  B = 3\n"
    module, diagnostics = parse(text, "rules/a.zx")
    assert [found.code for found in diagnostics] == ["E0101"]
    assert "(2, 4, 6, 8)" in diagnostics[0].label
    assert [item.target.head for item in module.sections[0].items] == ["A", "B"]  # type: ignore[union-attr]


def test_look_alike_letters_are_a_warning_and_read_as_what_they_seem() -> None:
    module, diagnostics = parse(HEAD + "  Тах = 1\n", "rules/a.zx")
    assert [(found.code, found.is_error, found.fix) for found in diagnostics] == [("W0110", False, "Tax")]
    assert module.sections[0].items[0].target.head == "Tax"  # type: ignore[union-attr]


def test_words_of_one_alphabet_are_nobody_s_business_in_texts() -> None:
    assert mistakes(HEAD + '  A = "Тах и ΑΒ"\n  # Тax\n') == []
    assert mistakes(HEAD + '  A = "Тax"\n') == [("W0110", 2)]


def test_a_right_to_left_mark_is_found_even_in_a_comment() -> None:
    assert mistakes("# a\u202eb\n") == [("W0110", 1)]


@pytest.mark.parametrize(
    ("line", "code", "fix"),
    [
        ('only when A == "x"', "E0103", 'only when A is "x"'),
        ('only when A != "x"', "E0103", 'only when A is not "x"'),
        ('only when A = "x"', "E0103", 'only when A is "x"'),
        ("only when A && B", "E0103", "only when A and B"),
        ('A = x"', "E0104", 'A = "x"'),
        ('A = "x', "E0104", 'A = "x"'),
        ("A = “x”", "E0107", 'A = "x"'),
        ("A = 'x'", "E0107", 'A = "x"'),
        ("onlywhen A is B", "E0106", "only when A is B"),
        ("Only when A is B", "E0106", "only when A is B"),
    ],
)
def test_fixes_cure(line: str, code: str, fix: str) -> None:
    found = one(f"{HEAD}  {line}\n")
    assert (found.code, found.fix) == (code, fix)
    assert mistakes(f"{HEAD}  {fix}\n") == []


@pytest.mark.parametrize(
    ("line", "code", "label"),
    [
        ("A = B otherwise", "E0102", 'a field, a value or fail "…" belongs here'),
        ("A = (B", "E0100", "`)` would fit here"),
        ("skip when A", "E0100", '`because "…"` would fit here'),
        ('A: "x"', "E0100", "`=` would fit here"),
        ("let 5 = a", "E0100", "a name would fit here"),
        ("A = a ; b", "E0100", "`on create` or `always`, an operator or the end of the line would fit here"),
        ("A = 2026-02-30", "E0115", "year-month-day"),
    ],
)
def test_what_would_fit_is_said_in_words(line: str, code: str, label: str) -> None:
    found = one(f"{HEAD}  {line}\n")
    assert (found.code, found.label) == (code, label)


def test_limits() -> None:
    assert mistakes(HEAD + "  A = " + "(" * 33 + "b" + ")" * 33 + "\n") == [("E0109", 2)]
    assert mistakes(HEAD + "  A = " + "(" * 32 + "b" + ")" * 32 + "\n") == []
    assert mistakes(HEAD + "  A = " + "not " * 33 + "b\n") == [("E0109", 2)]
    assert mistakes(HEAD + "  A = b" + "\n    & c" * 3 + "\n")[0][0] == "E0100"
    assert mistakes(HEAD + "  A = b" + "\n    and c" * 200 + "\n") == [("E0109", 2)]
    assert mistakes("# " + "x" * 399 + "\n") == [("E0111", 1)]
    assert mistakes("# " + "x" * 398 + "\n") == []
    assert mistakes("#\n" * MAX_BYTES) == [("E0112", 1)]


def test_no_more_than_a_hundred_are_shown() -> None:
    _module, diagnostics = parse('use "a\n' * 500, "rules/a.zx")
    assert len(diagnostics) == MAX_MISTAKES + 1


# --- no input may raise or hang ---

_SIGNS = "\t\n\r\"#()|[]{}\\\x00\u202e\u0430\u00a0\u2028\ud800\U0001f600\u0301=<>.,:?*&-+'“ "


def check(text: str) -> None:
    started = time.perf_counter()
    _module, diagnostics = parse(text, "rules/a.zx")
    assert time.perf_counter() - started < 10
    lines = text.count("\n") + 1
    for found in diagnostics:
        assert found.code in CODES
        assert 1 <= found.span.line <= lines
        assert 1 <= found.span.column <= found.span.end_column or found.span.end_line > found.span.line
    render_text(diagnostics, {"rules/a.zx": text}).encode("utf-8")


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from(_SIGNS)), max_size=200))
def test_any_text(text: str) -> None:
    check(text)


def test_damaged_starter_rules() -> None:
    texts = [path.read_text("utf-8") for path in STARTER]
    words = re.findall(r'"[^"\n]*"|\w+|[^\w\s]|\n *', "\n".join(texts))
    chance = random.Random(20260501)
    for _ in range(250):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(text) + 1)
            end = min(len(text), at + chance.randint(0, 12))
            new = chance.choice((chance.choice(words), chance.choice(_SIGNS), "", text[end : end + 40]))
            text = text[:at] + new + text[chance.choice((at, end)) :]
        check(text)
