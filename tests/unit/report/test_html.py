from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest

from tests.unit.report.sample_plan import (
    HOSTILE,
    plan_of,
    quiet_plan,
    ready_plan,
    sample_about,
    sample_plan,
    sample_push,
)
from zx.model.problem import Problem
from zx.plan.action import Action, Finding, Outcome
from zx.report.compose import preview_view
from zx.report.html import preview_html, records_block, report_html
from zx.report.visible import visible

PAGE = preview_html(sample_plan(), sample_about())
VOID = {"meta", "link", "br", "input", "img", "col", "hr"}


class _Outline(HTMLParser):
    """Tags with attributes, the text of each script and style, and whether every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.parts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in self.parts:
            self.parts[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.parts:
            self.parts[self.open[-1]][-1] += data


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert preview_html(sample_plan(), sample_about()) == PAGE


@pytest.mark.parametrize("plan", [sample_plan(), quiet_plan(), ready_plan()])
def test_the_page_is_well_formed(plan: object) -> None:
    outline = _Outline(preview_html(plan, sample_about()))  # type: ignore[arg-type]
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("h1") == 1
    assert tags.count("main") == 1
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in outline.tags:
        if tag == "a":
            assert attributes["href"].removeprefix("#") in ids
        if tag == "th":
            assert "scope" in attributes


def test_the_policy_allows_our_script_and_style_and_nothing_else() -> None:
    outline = _Outline(PAGE)
    data, script = outline.parts["script"]
    (style,) = outline.parts["style"]
    json.loads(data)
    policy = next(a["content"] for tag, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy")
    for kind, text in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_the_page_loads_nothing() -> None:
    for tag, attributes in _Outline(PAGE).tags:
        assert tag not in {"img", "iframe", "link", "object", "embed", "base", "svg", "video"}
        assert not {"src", "srcset", "style", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"url\(|@import|https?://", re.sub(r"(?s)<script.*?</script>", "", PAGE).replace(
        html.escape("http://tracker.example/p.png"), ""))  # fmt: skip


def test_the_script_makes_text_only() -> None:
    script = _Outline(PAGE).parts["script"][1]
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        ".style",
    ):
        assert word not in script


def _everywhere(text: str) -> str:
    """A page with ``text`` in every place where text of a record can stand."""
    base = next(action for action in sample_plan().actions if action.source.label == "1031")
    problem = Problem("R1", "error", text, text, help=text, fix=text, cause="c")
    action: Action = base.__class__(
        id="a:1", outcome=Outcome.CONFLICT, map=text, entity=base.entity,
        source=base.source.__class__(text, base.source.kind, text, text),
        target=base.target.__class__(text, base.target.kind, text, text),
        payload={"Contact": {"Name": text}}, totals=base.totals, reason=text, problems=(problem,),
        changes=tuple(change.__class__(text, text, text, text, text, (text,)) for change in base.changes),
    )  # fmt: skip
    finding = Finding("R1", "error", text, text, 1, 1, {}, fix=text, help=text, examples=(text,))
    return preview_html(plan_of([action], (finding,)), sample_about())


@pytest.mark.parametrize(
    "payload",
    [
        *HOSTILE,
        '"><svg onload=alert(1)>',
        "' onmouseover='alert(1)",
        "<!--<script>",
        "]]><x>",
        "&lt;script&gt;",
        "{{ 7*7 }}{% raw %}",
        "</style><script>alert(1)</script>",
        "\u2028\u2029</SCRIPT >",
    ],
)
def test_hostile_text_is_text_everywhere(payload: str) -> None:
    page = _everywhere(payload)
    clean = [tag for tag, _ in _Outline(_everywhere("harmless")).tags]
    outline = _Outline(page)
    assert [tag for tag, _ in outline.tags] == clean
    data = outline.parts["script"][0]
    assert not re.search("[<>&\u2028\u2029]", data)
    assert visible(payload) in json.loads(data)["s"]
    if "<" in payload:
        assert payload not in page
    assert "49" not in re.findall(r"{{|49", page) if "7*7" in payload else True


def test_plain_records_for_readers_without_javascript() -> None:
    inside = PAGE.partition("<noscript>")[2].partition("</noscript>")[0]
    assert inside.count('<article class="card') == len(preview_view(sample_plan(), sample_about()).records)
    assert "rules/tax.zx:4" in inside


def test_the_block_keeps_every_text_once() -> None:
    records = preview_view(sample_plan(), sample_about()).records
    block = json.loads(records_block(records))
    assert len(block["r"]) == len(records)
    assert len(block["s"]) == len(set(block["s"]))
    first = block["r"][0]
    assert block["s"][first[9]] == records[0].number
    assert len(first) == 23


def test_our_own_part_stays_small() -> None:
    """Budget of the design: page, style and script without data are at most 60 KB."""
    assert len(preview_html(plan_of([]), sample_about()).encode()) < 60_000


def test_a_report_says_what_became_of_each_record() -> None:
    plan = sample_plan()
    page = report_html(plan, sample_push(plan), sample_about(run="r-1"))
    assert "18 of 22 changes done" in page
    assert "no answer: it may or may not have been written" in page
    assert "Xero answered" in page
    assert "r-1, 3.2 s" in page
    _Outline(page)
