"""What is still open, as text for people and as JSON: each cause with its reach, both sides, and the lines to paste."""

from __future__ import annotations

from typing import Any

from zx.model.decision import Choice, Question
from zx.plan.review import Open, Review
from zx.report.visible import visible
from zx.report.words import counted, sums
from zx.values.money import amount_text

FORMAT = 1
_ASKED = 3
"""Questions of one cause that are listed with both sides; of the others, the likeliest line."""


def review_document(review: Review) -> dict[str, Any]:
    """The review as JSON data; money as text."""
    return {
        "zx": FORMAT,
        "sync": review.sync,
        "verdict": "ready" if review.ready else "open",
        "open": [_item(item) for item in review.items],
    }


def _item(item: Open) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": "error" if item.stops else "warning",
        "message": item.message,
        "documents": item.documents,
        "lines": item.lines,
        "amounts": {currency: amount_text(amount) for currency, amount in item.amounts.items()},
        "rule": item.rule,
        "help": item.help,
        "examples": list(item.examples),
        "file": item.file,
        "row": item.row,
        "questions": [_question(question) for question in item.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "record": question.label,
        "about": question.about,
        "replaces": question.replaces,
        "choices": [
            {
                "says": choice.words,
                "line": choice.answer.line,
                "sides": [{"field": field, "source": ours, "target": theirs} for field, ours, theirs in choice.sides],
            }
            for choice in question.choices
        ],
    }


def review_text(review: Review) -> str:
    """Everything that is open, biggest money first, with the lines to paste."""
    lines: list[str] = []
    for number, item in enumerate(review.items, 1):
        lines += [*item_lines(item, number, len(review.items)), *_cure_lines(item, review.sync), ""]
    return "\n".join((*lines, summary(review)))


def summary(review: Review) -> str:
    """One line: ready, or how much waits."""
    said = len(review.items) - review.waiting
    reported = f"; {counted(said, 'difference')} reported and kept" if said else ""
    if review.ready:
        return f"Ready: nothing waits for a person{reported}."
    waits = f"{counted(review.waiting, 'cause')} to settle" if review.waiting else "The money does not reconcile"
    return f"{waits}{reported}."


def item_lines(item: Open, number: int, of: int) -> list[str]:
    """What it is, how far it reaches, and where it comes from."""
    reach = [counted(item.documents, "record")]
    if item.lines:
        reach.append(counted(item.lines, "line"))
    if item.amounts:
        reach.append(sums(item.amounts))
    head = f"{number}/{of}  {visible(item.message)}"
    where = "  ".join(visible(part) for part in (item.code, item.rule) if part)
    names = visible(", ".join(item.examples))
    more = item.documents - len(item.examples)
    if names and more > 0:
        names += f" and {counted(more, 'more', 'more')}"
    return [head, f"     {', '.join(reach)}{': ' + names if names else ''}   {where}"]


def _cure_lines(item: Open, sync: str) -> list[str]:
    if item.row:
        lines = [f"     {visible(item.help)}"] if item.help else []
        return [*lines, f"       {visible(item.row)}"]
    if not item.questions:
        return [f"     {visible(item.help)}"] if item.help else []
    lines = [f"     one line for each into {item.file}, below `decisions for {sync}`:"]
    for question in item.questions[:_ASKED]:
        lines += question_lines(question)
    rest = item.questions[_ASKED:]
    lines += ["", *(f"       {visible(question.line)}" for question in rest)] if rest else []
    return lines


def question_lines(question: Question, marks: tuple[str, ...] = ()) -> list[str]:
    """A question, each answer with both sides and the line that gives it; ``marks`` stand before the answers."""
    lines = [f"     {visible(question.label)}: {visible(question.about)}"]
    if question.replaces:
        lines.append(f"       it replaces the answer at {visible(question.replaces)}")
    sides: tuple[tuple[str, str, str], ...] = ()
    for index, choice in enumerate(question.choices):
        mark = f"{marks[index]}  " if marks else "·  "
        if choice.sides and choice.sides != sides:
            sides = choice.sides
            lines += _sides(choice, question.systems)
        lines += [f"       {mark}{visible(choice.words)}", f"          {visible(choice.answer.line)}"]
    return lines


def _sides(choice: Choice, systems: tuple[str, str]) -> list[str]:
    """A small table: the field, what one side has, what the other has."""
    rows = [("", *(f"in {system}" for system in systems)), *(tuple(map(visible, row)) for row in choice.sides)]
    widths = [min(max(len(row[column]) for row in rows), 40) for column in range(3)]
    return [
        "          " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
