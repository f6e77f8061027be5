"""What a rule gets that asks for a record ``via`` another map: where it stands in the target, or why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.compile.program import MapProgram, Scope
from zx.model.link import Entity
from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.labels import label_of, noun_of
from zx.plan.match import Indexes
from zx.plan.paths import read_path
from zx.runtime.values import Stop, TargetRef


class References:
    """Points from judged records to their targets."""

    def __init__(self, inputs: PlanInputs, indexes: Indexes) -> None:
        self._inputs = inputs
        self._indexes = indexes

    def to(self, judged: Judged) -> TargetRef | None:
        """None when it is out of scope. Raises Stop when it is blocked, kept out, or never made."""
        evaluated = judged.evaluated
        if judged.partner is not None:
            # A record that came from the other side is there already, whatever its map says of it today.
            if judged.blocked or judged.existing is None:
                raise self._because_of(judged, judged.blocked[0])
            return self._standing(judged, judged.existing)
        if evaluated.scope in (Scope.OUT, Scope.CANCEL):
            return None
        if evaluated.scope is Scope.SKIP:
            # Kept out on purpose: who needs it cannot go without it, so it waits, with the same reason.
            raise self._because_of(judged, Problem("R904", "error", evaluated.reason, evaluated.rule))
        if judged.blocked:
            raise self._because_of(judged, judged.blocked[0])
        if judged.existing is not None:
            return self._standing(judged, judged.existing)
        policy, target = judged.never("create"), judged.map.target
        if policy is not None:
            problem = Problem(
                "R904",
                "error",
                policy.reason,
                policy.rule,
                help=f"add it in {target.system.capitalize()} by hand, or change the rule at {policy.rule}",
                cause=f"never:{policy.rule}:{judged.record.id}",
            )
            judged.block(problem)
            raise self._because_of(judged, problem)
        key = self._indexes.shape(target).key_field
        code = None if key is None else evaluated.fields.get(key)
        return TargetRef(target.system, target.name, None, code, judged.map.name, judged.record.id)

    def of_itself(self, program: MapProgram, source_id: str) -> TargetRef | None:
        """``id via invoices``: what this record itself is linked to, missing before the first send."""
        link = self._inputs.state.link(Entity.of(program.source, program.target), source_id)
        if link is None:
            return None
        record = self._inputs.snapshot.get(program.target, link.target_id)
        values: Mapping[str, Any] = {} if record is None else record.values
        return TargetRef(
            program.target.system, program.target.name, link.target_id, None, program.name, source_id, values
        )

    def unread(self, program: MapProgram, source_id: Any, value: Any) -> Stop:
        """The record that ``value`` points to is not in the snapshot."""
        noun = noun_of(self._inputs.catalogue, program.source)
        name = value.get("name", value.get("Name", source_id)) if isinstance(value, Mapping) else source_id
        return Stop(
            "fail",
            f'the {noun} "{name}" was not read: it may be deleted, or not visible to the user who signed in',
            code="R904",
            help=f"look for {noun} {source_id} in {program.source.system.capitalize()}",
            cause=f"gone:{program.source}:{source_id}",
        )

    def _standing(self, judged: Judged, existing: Record) -> TargetRef:
        target = judged.map.target
        key = self._indexes.shape(target).key_field
        code = None if key is None else read_path(existing.values, key)
        return TargetRef(
            target.system, target.name, existing.id, code, judged.map.name, judged.record.id, existing.values
        )

    def _because_of(self, judged: Judged, problem: Problem) -> Stop:
        noun = noun_of(self._inputs.catalogue, judged.map.source)
        label = label_of(self._indexes.shape(judged.map.source), judged.record)
        return Stop(
            "fail",
            f'it needs {noun} "{label}", which is blocked: {problem.message}',
            problem.rule,
            code="R904",
            help=problem.help,
            fix=problem.fix,
            cause=problem.cause or f"{problem.code}:{problem.rule}:{problem.message}",
        )
