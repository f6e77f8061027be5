"""Diagnostics for programs and screen readers."""

from __future__ import annotations

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from zx.diagnostics.outputs import render_github, render_plain, render_sarif

SPAN = Span("rules/my rules,1.zx", 4, 3, 4, 9)
FIRST = Diagnostic(
    "E0202",
    "100% wrong: `DueDte`",
    SPAN,
    "did you mean `DueDate`?",
    others=(Label(Span("rules/a.zx", 9, 1, 9, 4), "said here"),),
    help="add | a |\nor | b |",
    fix="DueDate",
)
SECOND = Diagnostic("W0212", "table `\u202ex` is never used", Span("rules/a.zx", 1, 1, 2, 4), severity=Severity.WARNING)


def test_plain_lines_say_everything_and_draw_nothing() -> None:
    assert render_plain([FIRST, SECOND]).split("\n") == [
        "rules/my rules,1.zx, line 4, column 3. error[E0202]: 100% wrong: `DueDte`.",
        "  did you mean `DueDate`?",
        "  See also rules/a.zx, line 9: said here.",
        "  Fix: DueDate.",
        "  Help: add | a | or | b |",
        "rules/a.zx, line 1, column 1. warning[W0212]: table `<U+202E>x` is never used.",
    ]


def test_a_workflow_command_is_one_line_with_everything_escaped() -> None:
    first, second = render_github([FIRST, SECOND]).split("\n")
    assert first == (
        "::error file=rules/my rules%2C1.zx,line=4,endLine=4,col=3,endColumn=8,title=error[E0202]::"
        "100%25 wrong: `DueDte`%0Adid you mean `DueDate`?%0Afix: DueDate%0Ahelp: add | a |%0Aor | b |"
    )
    assert second.startswith("::warning file=rules/a.zx,line=1,endLine=2,title=warning[W0212]::table")


def test_no_text_of_the_rules_begins_a_command_of_its_own() -> None:
    nasty = Diagnostic("E0201", "no field `x`\n::set-output name=a::b\r::x", Span("a\n::b.zx", 1, 1, 1, 2))
    assert "\n" not in render_github([nasty]) and "\r" not in render_github([nasty])


def test_sarif_names_each_rule_once_and_places_every_result() -> None:
    log = render_sarif([FIRST, SECOND, FIRST], "1.2")
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], [rule["id"] for rule in driver["rules"]]) == (
        "zx",
        "1.2",
        ["E0202", "W0212"],
    )
    assert all(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] for rule in driver["rules"])
    results = run["results"]
    assert [(one["ruleId"], one["ruleIndex"], one["level"]) for one in results] == [
        ("E0202", 0, "error"),
        ("W0212", 1, "warning"),
        ("E0202", 0, "error"),
    ]
    assert results[0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "rules/my%20rules%2C1.zx"},
                "region": {"startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 9},
            }
        }
    ]
    assert results[0]["relatedLocations"][0]["message"] == {"text": "said here"}


def test_nothing_found_is_still_a_log() -> None:
    assert render_sarif([], "1")["runs"][0]["results"] == []
    assert render_plain([]) == render_github([]) == ""
