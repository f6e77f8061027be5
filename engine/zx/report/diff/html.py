"""A difference as one HTML page without a script: the policy in it allows its one style and nothing else."""

from __future__ import annotations

from markupsafe import Markup

from zx.report.diff.view import DiffView
from zx.report.html import hash_of, style_of, template

SHOWN = 1000
"""Records that stand in the page; the JSON document has all of them."""

_HUES = {
    "newly_blocked": "warn", "no_longer_affected": "gone", "changed": "calm", "newly_affected": "calm",
    "newly_valid": "good", "good": "good", "attention": "warn", "bad": "bad", "quiet": "mute",
}  # fmt: skip


def diff_html(view: DiffView) -> str:
    """The page. Equal views give equal bytes."""
    style = style_of()
    policy = f"default-src 'none'; style-src '{hash_of(style)}'; base-uri 'none'; form-action 'none'"
    made = template("diff.html.j2")
    return made.render(view=view, policy=policy, style=Markup(style), hues=_HUES, shown=SHOWN)  # our own style
