"""Questions only a person can answer, with every answer as the line of ``decisions.zx`` that gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Catalogue, Shape
from zx.model.decision import DECISIONS, Answer, Choice, Question, Verdict
from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.answered import Digest, at
from zx.plan.compare import Compared, comparable, observed_value
from zx.plan.judged import Judged
from zx.plan.labels import label_of, noun_of
from zx.runtime.values import TargetRef
from zx.values.money import amount_text

_SHOWN = 6
"""Fields shown of both sides, those that tell records apart first."""


def asked(problem: Problem, questions: Iterable[Question], sync: str) -> Problem:
    """``problem`` with the questions that settle it, and the lines to paste."""
    open_ones = tuple(question for question in questions if question.choices)
    if not open_ones:
        return problem
    ways = max(len(question.choices) for question in open_ones)
    how = f"answer by a line in {DECISIONS}, below `decisions for {sync}`"
    how += f" (`zx review` shows all {ways} answers)" if ways > 1 else ", or with `zx review`"
    old = next((question.replaces for question in open_ones if question.replaces), "")
    return replace(
        problem,
        help="; or ".join(part for part in (problem.help, how) if part) + (f"; it replaces {old}" if old else ""),
        fix="\n".join(question.line for question in open_ones),
        questions=open_ones,
    )


class Asker:
    """Words the questions about one record under one map."""

    def __init__(self, catalogue: Catalogue, judged: Judged) -> None:
        program, record = judged.map, judged.record
        self._program = program
        self._record = record
        self._given = judged.answer
        self._noun = noun_of(catalogue, program.target)
        self._systems = (program.source.system.capitalize(), program.target.system.capitalize())
        shape = catalogue.shape(program.source.system, program.source.name)
        self._label = record.id if shape is None else label_of(shape, record)

    def question(self, about: str, *choices: Choice | None) -> Question:
        """A question about the record as a whole: the answer replaces the one that was given."""
        replaces = self._given.place if self._given is not None else ""
        offered = tuple(choice for choice in choices if choice is not None)
        return Question(self._label, about, offered, replaces, self._systems)

    def same(self, target: Record, shape: Shape, fields: Mapping[str, Any], because: str) -> Choice:
        """It is this one."""
        answer = self._answer(Verdict.SAME, because, target=target.id)
        return Choice(
            f'it is the {self._noun} "{label_of(shape, target)}" ({target.id})', answer, _sides(fields, target)
        )

    def new(self, because: str, name: str = "") -> Choice:
        """It is none of them: a new one, under another name where its own is taken."""
        words = f'make a new {self._noun} called "{name}", or as you like' if name else f"make a new {self._noun}"
        return Choice(words, self._answer(Verdict.NEW, because, name=name))

    def out(self, because: str) -> Choice:
        """It is left out."""
        return Choice(f"leave it out of {self._systems[1]} for good", self._answer(Verdict.OUT, because))

    def values(self, item: Compared, digest: Digest, *, both: bool = True) -> Question:
        """Whose value of a field counts; the target's first, since nothing is overwritten by it."""
        sides = ((item.field, shown(item.desired), shown(item.observed)),)
        seen = at(item, digest)
        names = (self._program.target.system, self._program.source.system)
        choices = [
            Choice(
                f"{side.capitalize()}'s {item.field} counts: {value}",
                self._answer(Verdict.KEEPS, f"{side.capitalize()} is right", side=side, field=item.field, at=seen),
                sides,
            )
            for side, value in zip(names, (sides[0][2], sides[0][1]), strict=True)
        ]
        offered = tuple(choices if both else choices[:1])
        return Question(self._label, f"whose {item.field} counts?", offered, systems=self._systems)

    def _answer(self, verdict: Verdict, because: str, **more: str) -> Answer:
        return Answer(self._program.name, self._record.id, verdict, because, **more)


def shown(value: Any) -> str:
    """A value for people, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, TargetRef):
        return f'"{value.code or value.id or value.source_id}"'
    if isinstance(value, list | tuple):
        return f"{len(value)} line{'' if len(value) == 1 else 's'}: " + "; ".join(map(_line, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {shown(item)}" for name, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f'"{value}"'


def _line(line: Any) -> str:
    if not isinstance(line, Mapping):
        return shown(line)
    words = [str(line.get("Description", "a line"))]
    if isinstance(line.get("Quantity"), Decimal) and isinstance(line.get("UnitAmount"), Decimal):
        words.append(f"{amount_text(line['Quantity'])} × {amount_text(line['UnitAmount'])}")
    return " ".join(words)


def _sides(fields: Mapping[str, Any], target: Record) -> tuple[tuple[str, str, str], ...]:
    """What the source would send beside what stands there, the fields that differ first."""
    rows = []
    for name, value in fields.items():
        ours, theirs = comparable(value), observed_value(target.values, name)
        if (ours, theirs) != (None, None) and not isinstance(theirs, list):
            rows.append((ours == theirs, (name, shown(ours), shown(theirs))))
    return tuple(row for _, row in sorted(rows, key=lambda item: item[0])[:_SHOWN])
