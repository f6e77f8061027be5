"""The listed actions as CSV (RFC 4180) for a spreadsheet, one row each.

A cell that a spreadsheet would run as a formula gets an apostrophe in front (reliability 3.1, S5). Amounts are written
as numbers by their type, so a negative amount stays a number.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal

from zx.plan.action import Action, Plan
from zx.report.document import listed
from zx.report.results import ActionOutcome, PushOutcome
from zx.values.money import amount_text

COLUMNS = (
    "action", "map", "source system", "source kind", "source id", "source label", "target system", "target kind",
    "target id", "target label", "currency", "source total", "target total", "difference", "reason", "codes",
    "messages", "rules", "lines to paste", "plan id",
)  # fmt: skip
RESULT_COLUMNS = ("outcome", "total that came back", "answer")

Cell = str | Decimal | None


def actions_csv(plan: Plan, results: PushOutcome | None = None) -> str:
    """Header and rows, lines ended by CR LF. With ``results`` three more columns say what a push made of each."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS + (RESULT_COLUMNS if results else ()))
    for action in listed(plan):
        cells = _row(action)
        if results:
            cells += _result(results.actions.get(action.id))
        writer.writerow([cell_text(cell) for cell in cells])
    return buffer.getvalue()


def cell_text(cell: Cell) -> str:
    """A number as itself, text so that no spreadsheet runs it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return amount_text(cell)
    flat = cell.replace("\x00", "")
    return f"'{flat}" if _runs(cell) else flat


def _runs(text: str) -> bool:
    """Whether a spreadsheet may take ``text`` for a formula: it starts, blanks aside, with a sign of one, in any
    width."""
    if text[:1] in ("\t", "\r", "\n", "\x00"):
        return True
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return start[:1] in ("=", "+", "-", "@") and bool(start)


def _row(action: Action) -> list[Cell]:
    source, target, totals, problems = action.source, action.target, action.totals, action.problems
    return [
        str(action.outcome),
        action.map,
        source.connection,
        source.kind.name,
        source.id,
        source.label,
        target.connection,
        target.kind.name,
        target.id,
        target.label,
        totals.currency if totals else None,
        totals.source if totals else None,
        totals.target if totals else None,
        totals.difference if totals else None,
        action.reason,
        " ".join(problem.code for problem in problems),
        "; ".join(problem.message for problem in problems),
        " ".join(dict.fromkeys(problem.rule for problem in problems if problem.rule)),
        "\n".join(problem.fix for problem in problems if problem.fix),
        action.id,
    ]


def _result(result: ActionOutcome | None) -> list[Cell]:
    if result is None:
        return [None, None, None]
    return [str(result.outcome), result.total, "; ".join(result.messages)]
