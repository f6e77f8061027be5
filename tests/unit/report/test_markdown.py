from __future__ import annotations

import re

from tests.unit.report.golden import same_as_golden
from tests.unit.report.sample_plan import HOSTILE, MARKUP, plan_of, sample_about, sample_plan
from zx.plan.action import Finding, Outcome
from zx.report.compose import preview_view
from zx.report.markdown import LIMIT, block, code, preview_markdown

VIEW = preview_view(sample_plan(), sample_about())


def test_golden() -> None:
    same_as_golden("preview.md", preview_markdown(VIEW))
    same_as_golden("preview-names.md", preview_markdown(VIEW, names=True))


def test_names_and_free_text_are_off_by_default() -> None:
    shown = preview_markdown(VIEW)
    for name in ("Tomasz", "Northwind", "Harbour", "Bluegum", "owned", "calc", "tracker"):
        assert name not in shown
    assert "Northwind" in preview_markdown(VIEW, names=True)
    assert "| VAT 12.5% | OUTPUT |" in shown


def _outside_code(markdown: str) -> str:
    """What a reader of CommonMark would not take for code."""
    without_blocks = re.sub(r"(?ms)^(`{3,})\n.*?^\1$", "", markdown)
    return re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", without_blocks)


def test_hostile_names_stay_inside_code() -> None:
    everyone = [action for action in sample_plan().actions if action.map == "organisations"]
    view = preview_view(plan_of(everyone), sample_about())
    outside = _outside_code(preview_markdown(view, names=True))
    for part in ("<script", "@team", "![x]", "calc", "<!-- -->", "onerror", "owned"):
        assert part not in outside, part
    assert "@team" in preview_markdown(view, names=True)


def test_a_code_span_cannot_be_left() -> None:
    for name in (*HOSTILE, "`", "``", "` ``` `", "a`", "", " "):
        span = code(name)
        fence = re.match(r"`+", span)
        assert fence is not None
        inner = span[len(fence.group()) : -len(fence.group())]
        assert fence.group() not in re.findall(r"`+", inner)
        assert "\n" not in span


def test_pipes_are_escaped_in_cells_only() -> None:
    assert "\\|" in code(MARKUP, cell=True)
    assert "\\|" not in code(MARKUP)


def test_a_block_to_copy_has_a_longer_fence_than_its_text() -> None:
    assert block("| ```` | x |").startswith("`````\n")


def test_the_comment_has_a_hard_limit_and_no_open_fence() -> None:
    plan = sample_plan()
    many = tuple(
        Finding("R101", "error", f"tax {index}", "rules/tax.zx:9", 1, 1, {}, fix=f"| tax {index} | OUTPUT |")
        for index in range(2000)
    )
    shown = preview_markdown(preview_view(plan_of(list(plan.actions), many), sample_about()))
    assert 50_000 < len(shown) <= LIMIT
    assert shown.count("```") % 2 == 0
    assert "More was left out" in shown
    assert shown.rstrip().endswith("names left out.")


def test_a_live_organisation_is_named_as_such() -> None:
    from dataclasses import replace

    about = sample_about()
    live = replace(about, xero=replace(about.xero, simulated=False))
    assert "**live organisation**" in preview_markdown(preview_view(sample_plan(), live))


def test_the_marker_finds_the_comment_again() -> None:
    first = preview_markdown(VIEW).splitlines()[0]
    other = preview_markdown(preview_view(plan_of([]), sample_about())).splitlines()[0]
    assert first == other == "<!-- zx preview sync=demo from=zoho.demo into=xero.demo -->"
    assert Outcome.CREATE in {action.outcome for action in sample_plan().actions}
