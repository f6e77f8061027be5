"""Sentences that several commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zx.apply.results import Recovery
    from zx.operations.pull import Pulled, Read
    from zx.operations.push import Pushed
    from zx.plan.action import Plan

_OUTCOMES = (
    ("create", "to create"),
    ("update", "to update"),
    ("void", "to void"),
    ("delete", "to delete"),
    ("adopt", "to adopt"),
    ("unchanged", "unchanged"),
    ("skip", "skipped"),
    ("block", "blocked"),
    ("conflict", "in conflict"),
)
_ENDS = (
    ("done", "done"),
    ("adopted", "found there already and adopted"),
    ("rejected", "refused by the service"),
    ("conflict", "changed there meanwhile and left alone"),
    ("in_doubt", "without an answer"),
    ("not_attempted", "not sent"),
)


def counted(number: int, noun: str, many: str = "") -> str:
    """``1 file``, ``1,204 files``."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def read_lines(pulled: Pulled) -> list[str]:
    """One line for each connection: what it is and what it gave."""
    return [_read_line(name, read) for name, read in pulled.reads.items()]


def _read_line(name: str, read: Read) -> str:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in read.changed.items() if number) or "nothing new"
    gone = f", {read.deleted:,} deleted" if read.deleted else ""
    how = "read in full" if read.whole else "what changed"
    return f"{name} ({read.organisation.name}): {kinds}{gone} ({how})"


def plan_line(plan: Plan) -> str:
    """``3 to create, 1 blocked``: the counts of a plan that are not zero."""
    parts = [f"{plan.counts.get(name, 0):,} {words}" for name, words in _OUTCOMES if plan.counts.get(name)]
    return ", ".join(parts) or "no records in scope"


def push_line(pushed: Pushed) -> str:
    """What became of the actions that were to be sent."""
    if pushed.result is None:
        return "nothing was sent"
    ends = [result.outcome for result in pushed.result.actions.values()]
    parts = [f"{ends.count(name):,} {words}" for name, words in _ENDS if name in ends]
    return ", ".join(parts) or "nothing to send"


def recovery_lines(recovery: Recovery) -> list[str]:
    """What became of requests that an earlier run sent without hearing an answer; nothing to say is the rule."""
    words = {
        "adopted": "had arrived and is linked now",
        "absent": "had not arrived",
        "conflict": "stands there more than once, or otherwise than sent: look at it",
        "open": "has no answer yet, and nothing is sent for it before it has one",
    }
    return [
        f"From an earlier run: the {one.operation} of {one.target_kind} for {one.source_id} {words[one.outcome]}."
        for one in recovery.settled
    ]


def bullet(lines: Mapping[str, str]) -> list[str]:
    """Aligned ``name  text`` lines."""
    width = max((len(name) for name in lines), default=0)
    return [f"  {name:<{width}}  {text}" for name, text in lines.items()]


def folded(line: str, width: int) -> list[str]:
    """``line`` in lines of at most ``width`` characters where it is a sentence; rows to copy and paths stay whole."""
    import textwrap

    if not line.startswith(("- ", "    cure: ", "zoho.", "xero.")):
        return [line]
    indent = "      " if line.startswith("    ") else "  "
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
