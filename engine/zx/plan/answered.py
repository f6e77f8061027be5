"""What people's answers do to a record: which one it is, under what name it is made, whose value of a field counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from zx.catalog.schema import Shape
from zx.compile.program import Evaluated, Key, MapProgram, Scope
from zx.model.decision import AT, Answer, Decisions
from zx.model.problem import Problem
from zx.plan.compare import Compared, Standing

CARRIED_OUT = "is new"
"""The entry of a link's base that says which answer made its target. No field is spelled like it."""

Digest = Callable[[Any], str]


def kept_out(answer: Answer) -> Evaluated:
    """The judgement of a record that stays out."""
    return Evaluated(Scope.SKIP, f"stays out: {answer.because}", answer.place)


def name_field(shape: Shape) -> str | None:
    """The field of the target that must be unique: its number, name or code."""
    return shape.number_field or shape.key_field


def renamed(evaluated: Evaluated, answer: Answer | None, shape: Shape) -> Evaluated:
    """``evaluated`` under the name that an answer gives it; the answer stands where a table row would."""
    field = name_field(shape)
    if answer is None or not answer.name or field is None:
        return evaluated
    match = tuple(
        tuple(Key(key.target, answer.name) if key.target == field else key for key in rung) for rung in evaluated.match
    )
    rows = {**evaluated.rows, field: (answer.place,)}
    return replace(evaluated, fields={**evaluated.fields, field: answer.name}, match=match, rows=rows)


def seal(answer: Answer, digest: Digest) -> str:
    """What a link remembers of the answer that made its target: the next loss asks anew, unless the answer changes."""
    return digest([*answer.said, answer.because])


def is_carried_out(answer: Answer, base: Mapping[str, str], digest: Digest) -> bool:
    """Whether the record that is gone is the very one that ``answer`` made."""
    return base.get(CARRIED_OUT) == seal(answer, digest)


def at(item: Compared, digest: Digest) -> str:
    """The digest of the two values of a field, as ``at`` holds it."""
    return digest([item.desired, item.observed])[:AT]


def settled(
    compared: Iterable[Compared], decisions: Decisions, program: MapProgram, record: str, digest: Digest
) -> list[Compared]:
    """``compared`` with what people decided about these very values: kept as they are, or written."""
    result = []
    for item in compared:
        answers = () if item.standing is Standing.SAME else decisions.kept(program.name, record, item.field)
        now = at(item, digest) if answers else ""
        side = next((answer.side for answer in answers if answer.at == now), None)
        if side is not None:
            item = replace(item, standing=Standing.KEPT if side == program.target.system else Standing.WRITE)
        result.append(item)
    return result


def outlived(
    compared: Iterable[Compared], decisions: Decisions, program: MapProgram, record: str, shown: Callable[[Any], str]
) -> list[Problem]:
    """W0802 for each answer about an open question whose values have changed since. ``compared`` are settled."""
    found = []
    for item in compared:
        if item.standing not in (Standing.CLASH, Standing.DRIFT):
            continue
        source, target = program.source.system.capitalize(), program.target.system.capitalize()
        for answer in decisions.kept(program.name, record, item.field):
            now = (
                f"now {shown(item.desired)} in {source}, {shown(item.observed)} in {target}"
                if not isinstance(item.desired, list)
                else f"the lines have changed in {source} or in {target}"
            )
            found.append(
                Problem(
                    "W0802",
                    "warning",
                    f"the answer about {item.field} is about values that have changed since: {now}",
                    answer.place,
                    help="answer again with `zx review`, or delete the line",
                    cause=f"outlived:{answer.place}",
                )
            )
    return found
