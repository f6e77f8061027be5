"""Answers about records that are not there (W0805): deleted since, or an id mistyped."""

from __future__ import annotations

from collections.abc import Iterator

from zx.model.decision import Answer, Verdict
from zx.model.record import Kind
from zx.plan.action import Finding
from zx.plan.inputs import PlanInputs
from zx.plan.labels import noun_of


def unread(inputs: PlanInputs) -> tuple[Finding, ...]:
    """One warning for each id of an answer that names no record that was read, in the order of the file."""
    return tuple(finding for answer in inputs.decisions.answers for finding in _unread(inputs, answer))


def _unread(inputs: PlanInputs, answer: Answer) -> Iterator[Finding]:
    program = inputs.program.maps.get(answer.map)
    if program is None:
        return
    ids = [(program.source, answer.record)]
    if answer.verdict is Verdict.SAME:
        ids.append((program.target, answer.target))
    for kind, id in ids:
        if inputs.snapshot.get(kind, id) is None:
            yield _finding(inputs, answer, kind, id)


def _finding(inputs: PlanInputs, answer: Answer, kind: Kind, id: str) -> Finding:
    noun = noun_of(inputs.catalogue, kind)
    return Finding(
        "W0805",
        "warning",
        f"there is no {noun} {id}, and {answer.place} answers for it",
        answer.place,
        0,
        0,
        {},
        help=f"correct the id as {kind.system.capitalize()} shows it, or delete the line",
    )
