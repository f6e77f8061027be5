"""A report as one HTML file that needs nothing else: no network, no second file, no write access (preview 4.3, 4.4).

Static parts go through autoescaping templates. Records are data in one JSON block in which ``<`` cannot occur; a small
script draws them with ``textContent``. A policy in the page allows that one script and that one style by their hashes
and nothing else, so text from a record could not act even if it came through (reliability 3.1, S4).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from zx.plan.action import Plan
from zx.report.about import About
from zx.report.compose import preview_view, push_view
from zx.report.palette import DARK, LIGHT
from zx.report.results import PushOutcome
from zx.report.view import ChangeView, ProblemView, RecordView, View

WITHOUT_SCRIPT = 200
"""Records that stand in the page as plain HTML for readers without JavaScript."""

HUE_OF = {
    "create": "good", "done": "good", "update": "calm", "adopt": "calm", "adopted": "calm", "void": "gone",
    "delete": "gone", "block": "warn", "in_doubt": "warn", "conflict": "bad", "rejected": "bad", "skip": "mute",
    "unchanged": "mute", "not_attempted": "mute",
    "good": "good", "attention": "warn", "bad": "bad", "quiet": "mute",
}  # fmt: skip
"""The hue of each outcome and of each mood."""


def page_html(view: View) -> str:
    """The page of a preview or of a push. Equal views give equal bytes."""
    style = style_of()
    script = _read("report.js")
    policy = (
        f"default-src 'none'; script-src '{hash_of(script)}'; style-src '{hash_of(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    return template(
        "preview.html.j2"
    ).render(
        view=view,
        policy=policy,
        style=Markup(style),  # our own file, no data in it
        script=Markup(script),
        data=Markup(records_block(view.records)),  # escaped by records_block
        plain_records=view.records[:WITHOUT_SCRIPT],
        hues=HUE_OF,
    )


def preview_html(plan: Plan, about: About) -> str:
    """``preview.html``."""
    return page_html(preview_view(plan, about))


def report_html(plan: Plan, results: PushOutcome, about: About) -> str:
    """``report.html``, after a push: the same shape, with what became of each record."""
    return page_html(push_view(plan, results, about))


def records_block(records: tuple[RecordView, ...]) -> str:
    """Records as JSON for a ``<script type="application/json">``: ``s`` are all texts, once each; ``r`` the records as
    rows of indexes into ``s`` (-1: none). ``<``, ``>``, ``&`` and the two line
    separators of Unicode are escaped, so the block cannot be left."""
    texts: dict[str, int] = {}

    def index(text: str) -> int:
        return texts.setdefault(text, len(texts))

    rows = [_row(record, index) for record in records]
    block = json.dumps({"s": list(texts), "r": rows}, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        block = block.replace(character, f"\\u{ord(character):04x}")
    return block


def _row(record: RecordView, index: Callable[[str], int]) -> list[object]:
    """One record in the order ``report.js`` reads it."""
    hue = HUE_OF[record.result or record.key]
    return [
        index(record.result or record.key),
        index(hue),
        index(record.symbol),
        index(record.word),
        index(record.map),
        index(record.source),
        index(record.target),
        index(record.source_id),
        index(record.target_id),
        index(record.number),
        index(record.party),
        index(record.amount),
        index(record.currency),
        index(record.source_total),
        index(record.target_total),
        index(record.difference),
        index(record.reason),
        index(record.result_words),
        [index(other) for other in record.waits_for],
        [index(message) for message in record.messages],
        [_problem(problem, index) for problem in record.problems],
        [_change(change, index) for change in record.changes],
        index(record.key),
    ]


def _problem(problem: ProblemView, index: Callable[[str], int]) -> list[int]:
    return [
        index(problem.code),
        int(problem.error),
        index(problem.message),
        index(problem.rule),
        index(problem.help),
        index(problem.fix),
    ]


def _change(change: ChangeView, index: Callable[[str], int]) -> list[int]:
    return [
        index(change.group),
        index(change.field),
        index(change.before) if change.had else -1,
        index(change.after),
        index(change.rule),
        index(change.row),
        index(change.reads),
    ]


def style_of() -> str:
    """The one style of every page."""
    return template("report.css.j2").render(light=LIGHT, dark=DARK)


def template(name: str) -> Template:
    """A template of this room: escaping, strict, without a trace of the machine."""
    made = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return made.get_template(name)


def _read(name: str) -> str:
    return (resources.files("zx.report") / "templates" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def hash_of(text: str) -> str:
    """The source expression that allows exactly ``text`` in a policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
