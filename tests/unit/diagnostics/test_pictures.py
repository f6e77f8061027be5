"""The pictures of diagnostics: exactly as the language design draws them."""

from __future__ import annotations

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from zx.diagnostics.render import render_json, render_text


def span(line: int, column: int, length: int, file: str = "rules/a.zx") -> Span:
    return Span(file, line, column, line, column + length)


def test_error_with_label_and_fix() -> None:
    source = "\n" * 8 + '  only when Status == "Approved"\n'
    found = Diagnostic(
        "E0103",
        "`==` is not used here",
        span(9, 20, 2),
        "compare with `is`",
        fix='  only when Status is "Approved"'.strip(),
    )
    assert render_text([found], {"rules/a.zx": source}) == (
        "error[E0103]: `==` is not used here\n"
        "  --> rules/a.zx:9:20\n"
        "  |\n"
        '9 |   only when Status == "Approved"\n'
        "  |                    ^^ compare with `is`\n"
        '  = fix: only when Status is "Approved"\n'
    )


def test_a_second_place_of_the_same_file_stands_in_the_order_of_lines() -> None:
    source = "\n" * 29 + "| Zoho status | Total |\n" + "\n" * 6 + "| On Hold |\n"
    found = Diagnostic(
        "E0105",
        "this row has 1 cell, the header has 2",
        span(37, 1, 11),
        'the column "Total" is not filled',
        others=(Label(span(30, 1, 23), "2 columns"),),
        help="write `*`",
    )
    assert render_text([found], {"rules/a.zx": source}) == (
        "error[E0105]: this row has 1 cell, the header has 2\n"
        "   --> rules/a.zx:37:1\n"
        "   |\n"
        "30 | | Zoho status | Total |\n"
        "   | ----------------------- 2 columns\n"
        "37 | | On Hold |\n"
        '   | ^^^^^^^^^^^ the column "Total" is not filled\n'
        "   = help: write `*`\n"
    )


def test_places_of_other_files_and_several_diagnostics() -> None:
    first = Diagnostic("W0213", "unused", span(1, 1, 1), severity=Severity.WARNING, note="a note")
    second = Diagnostic(
        "E0211", "set twice", span(2, 1, 1), others=(Label(span(1, 3, 2, "rules/b.zx"), "also set here"),)
    )
    assert render_text([first, second], {"rules/a.zx": "x\ny\n", "rules/b.zx": "a bc\n"}) == (
        "warning[W0213]: unused\n"
        "  --> rules/a.zx:1:1\n"
        "  |\n"
        "1 | x\n"
        "  | ^\n"
        "  = note: a note\n"
        "\n"
        "error[E0211]: set twice\n"
        "  --> rules/a.zx:2:1\n"
        "  |\n"
        "2 | y\n"
        "  | ^\n"
        "  ::: rules/b.zx:1:3\n"
        "  |\n"
        "1 | a bc\n"
        "  |   -- also set here\n"
    )


def picture_lines(source: str, column: int, length: int) -> list[str]:
    text = render_text([Diagnostic("E0100", "m", span(1, column, length))], {"rules/a.zx": source})
    return text.split("\n")[3:5]


def test_wide_and_combining_characters_and_tabs_keep_the_carets_in_place() -> None:
    assert picture_lines("日本 x\n", 4, 1) == ["1 | 日本 x", "  |      ^"]
    assert picture_lines("e\u0301 x\n", 4, 1) == ["1 | e\u0301 x", "  |   ^"]
    assert picture_lines("\tx\n", 2, 1) == ["1 |     x", "  |     ^"]
    assert picture_lines("日本\n", 1, 2) == ["1 | 日本", "  | ^^^^"]


def test_hidden_characters_are_shown() -> None:
    line, carets = picture_lines("a\x1b[31m\u202eb\n", 8, 1)
    assert line == "1 | a␛[31m<U+202E>b"
    assert carets.index("^") == line.index("b")


def test_long_lines_are_cut_and_the_mark_stays_visible() -> None:
    line, carets = picture_lines("x" * 300 + "HERE" + "y" * 300, 301, 4)
    assert len(line) < 175
    assert line[carets.index("^") : carets.index("^") + 4] == "HERE"


def test_a_stretch_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    found = Diagnostic("E0100", "m", Span("rules/a.zx", 1, 3, 2, 2))
    assert render_text([found], {"rules/a.zx": "abcd  \nef\n"}).split("\n")[4] == "  |   ^^"


def test_without_the_source_the_place_and_the_label_remain() -> None:
    found = Diagnostic("E0601", "seven characters", span(6, 10, 9, "zx.toml"), "sync au")
    assert render_text([found], {}) == "error[E0601]: seven characters\n  --> zx.toml:6:10\n  = note: sync au\n"


def test_an_error_of_a_record_is_a_problem() -> None:
    assert render_text([Diagnostic("R901", "m", span(1, 1, 1))], {}).startswith("problem[R901]: m")


def test_colour_changes_nothing_but_colour() -> None:
    import re

    found = Diagnostic("E0100", "m", span(1, 1, 1), "l", help="h", others=(Label(span(1, 2, 1), "o"),))
    plain = render_text([found], {"rules/a.zx": "xy"})
    painted = render_text([found], {"rules/a.zx": "xy"}, colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == plain


def test_json_leaves_out_what_is_not_said() -> None:
    found = Diagnostic("E0100", "m", span(1, 2, 3), fix="f", others=(Label(span(4, 1, 1), "o"),))
    assert render_json([found]) == [
        {
            "code": "E0100",
            "severity": "error",
            "message": "m",
            "file": "rules/a.zx",
            "line": 1,
            "column": 2,
            "end_line": 1,
            "end_column": 5,
            "fix": "f",
            "others": [
                {"file": "rules/a.zx", "line": 4, "column": 1, "end_line": 4, "end_column": 2, "text": "o"},
            ],
        }
    ]
