"""What is still open in a plan: one entry for each root cause, biggest money first, and where its cure is written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from zx.model.decision import DECISIONS, Question
from zx.plan.action import Finding, Plan
from zx.values.dataclass import dataclass
from zx.values.money import ZERO

OPEN_END = "…"
"""Stands in a row to paste for the value that only a person knows."""


@dataclass(frozen=True, slots=True)
class Open:
    """One root cause. ``row`` is a table row to paste near ``rule``, ``questions`` are answered in decisions.zx; with
    neither, ``help`` says what to do elsewhere. ``stops``: something waits for it; else it is only reported."""

    code: str
    stops: bool
    message: str
    documents: int
    lines: int
    amounts: Mapping[str, Decimal]
    rule: str
    row: str
    help: str
    examples: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def file(self) -> str:
        """Where the cure is written; blank when no file cures it."""
        if self.questions:
            return DECISIONS
        return self.rule.rpartition(":")[0] if self.row else ""


@dataclass(frozen=True, slots=True)
class Review:
    """``ready``: nothing waits for a person. What is only reported may still be there to be answered."""

    sync: str
    ready: bool
    items: tuple[Open, ...]

    @property
    def waiting(self) -> int:
        return sum(item.stops for item in self.items)


def review(plan: Plan) -> Review:
    """Everything of ``plan`` that stops a record, and every reported difference that a person can decide."""
    items = [_open(finding) for finding in plan.findings if finding.severity == "error" or finding.questions]
    return Review(plan.sync, plan.verdict != "blocked", tuple(sorted(items, key=_order)))


def _open(finding: Finding) -> Open:
    row = finding.fix if finding.fix.startswith("|") and not finding.questions else ""
    return Open(
        finding.code,
        finding.severity == "error",
        finding.message,
        finding.documents,
        finding.lines,
        finding.amounts,
        finding.rule,
        row,
        finding.help,
        finding.examples,
        finding.questions,
    )


def _order(item: Open) -> tuple[bool, Decimal, int, str, str]:
    money = sum((abs(amount) for amount in item.amounts.values()), ZERO)
    return not item.stops, -money, -item.documents, item.rule, item.message
