"""The formatter: one layout, local to the line, and never another meaning."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import zx.starter
from hypothesis import given, settings
from hypothesis import strategies as st

from zx.syntax.formatter import format_text
from zx.syntax.parser import parse
from zx.syntax.shape import same_shape

STARTER = sorted(Path(next(iter(zx.starter.__path__))).glob("*.zx"))
TEXTS = [path.read_text("utf-8") for path in STARTER]


def formatted(text: str) -> str:
    made, diagnostics = format_text(text, "rules/a.zx")
    assert made is not None, diagnostics
    return made


@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.name)
def test_the_starter_rules_are_in_the_house_layout(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert formatted(text) == text


def test_items_and_steps() -> None:
    assert formatted(
        '\ufeff\n\nmap   m :zoho . Invoices->xero.Invoice # c\r\n\tA=left( B,255 )&"x  y"on   create\r\n\r\n\r\n'
        "   C = ( - 1+-D )*2 - 3-4\r\n otherwise E [ F ] . G\r\n#top\n   # item\n      ## row\n"
        "match   on A and B=C\n"
        "only when A in(1,2)and not(B is  not   missing)\n"
    ) == (
        'map m: zoho.Invoices -> xero.Invoice  # c\n  A = left(B, 255) & "x  y" on create\n\n'
        "  C = (-1 + -D) * 2 - 3 - 4\n    otherwise E[F].G\n#top\n  # item\n    ## row\n"
        "  match on A and B = C\n"
        "  only when A in (1, 2) and not (B is not missing)\n"
    )
    assert formatted('test "t"\nrun m\ngiven\nA=1\nand_more=2\nexpect  X\n|A|\n|1|\n') == (
        'test "t"\n  run m\n  given\n    A = 1\n    and_more = 2\n  expect X\n    | A |\n    | 1 |\n'
    )
    assert formatted('setting a :one of( x,y ) ?= "x"\nsetting b: text( 4 )\n') == (
        'setting a: one of (x, y)? = "x"\nsetting b: text(4)\n'
    )


def test_cells_take_the_width_of_their_header() -> None:
    assert formatted(
        "table t(A: text, B: text) -> text\n"
        "|  Name    |B|Result |# note\n"
        '| a,b |"x"| fail   "no"|\n'
        "   | a much longer cell | *|= left( A,1 )   |   # why\n"
        '| "p | q" |  日本  | missing |\n'
    ) == (
        "table t(A: text, B: text) -> text\n"
        "| Name    | B | Result |  # note\n"
        '| a, b    | "x" | fail "no" |\n'
        "| a much longer cell | * | = left(A, 1) |  # why\n"
        '| "p | q" | 日本 | missing |\n'
    )


def test_rows_of_a_pick_are_indented() -> None:
    assert formatted("map m: a.B -> c.D\nX=pick A\n|A   |x|\n|1|2|\n") == (
        "map m: a.B -> c.D\n  X = pick A\n    | A   | x |\n    | 1   | 2 |\n"
    )


def test_what_cannot_be_read_is_left_alone() -> None:
    made, diagnostics = format_text("map m: a.B -> c.D\n  A = \n", "rules/a.zx")
    assert made is None
    assert [found.code for found in diagnostics] == ["E0102"]


def test_a_line_that_would_grow_too_long_is_refused() -> None:
    text = f"map m: a.B -> c.D\n  X={'&'.join(['Subject'] * 45)}\n"
    made, diagnostics = format_text(text, "rules/a.zx")
    assert made is None
    assert [found.code for found in diagnostics] == ["E0117"]
    assert format_text("", "rules/a.zx") == ("", [])


def test_warnings_do_not_stop_it() -> None:
    made, diagnostics = format_text('setting a: text="Тax"\n', "rules/a.zx")
    assert made == 'setting a: text = "Тax"\n'
    assert [found.code for found in diagnostics] == ["W0110"]


_SPACE = re.compile(r'"(?:[^"\\\n]|\\.)*"|#.*|\|.*|[ \t]+|(?<=[(),:&\[\]])|(?=[(),:&\[\]])')


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(TEXTS), st.integers(0, 1 << 30))
def test_other_blanks_format_to_the_same_text(text: str, seed: int) -> None:
    chance = random.Random(seed)

    def other(match: re.Match[str]) -> str:
        if match[0] and not match[0].isspace():
            return match[0]
        return chance.choice((" ", "  ", "\t", " \t ")) if match[0] else chance.choice(("", "", " ", "\t"))

    lines = []
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith(("|", "#")):
            lines.append(line)
            continue
        indent = "" if not line.startswith(" ") else chance.choice((" ", "   ", "\t"))
        lines.append(indent + _SPACE.sub(other, line.strip()) + chance.choice(("", " ")))
    assert formatted("\n".join(lines)) == text


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(TEXTS), st.data())
def test_formatting_keeps_the_meaning_and_is_stable(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    for _ in range(3):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(
            st.sampled_from(("", lines[at] + "  # note", " " + lines[at], lines[at].replace(" ", "  ")))
        )
    damaged = "\n".join(lines)
    made, diagnostics = format_text(damaged, "rules/a.zx")
    if made is None:
        assert any(found.is_error for found in diagnostics)
        return
    assert formatted(made) == made
    assert same_shape(parse(made, "rules/a.zx")[0], parse(damaged, "rules/a.zx")[0])


@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.name)
def test_editing_one_line_changes_one_line(path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    for number, line in enumerate(lines):
        if '"' not in line or line.startswith(("use", "#")):
            continue
        # The first text of the line becomes a much longer one.
        edited = [*lines[:number], re.sub(r'"([^"]*)"', r'"\1 and more"', line, count=1), *lines[number + 1 :]]
        made, _diagnostics = format_text("\n".join(edited), "rules/a.zx")
        if made is not None:
            changed = [at for at, pair in enumerate(zip(lines, made.split("\n"), strict=True)) if pair[0] != pair[1]]
            assert changed == [number]
