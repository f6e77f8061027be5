"""The action of a judged record, whatever its outcome: who it is about, what money it moves, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zx.compile.program import Scope
from zx.model.link import Entity
from zx.model.problem import Problem
from zx.model.record import Kind
from zx.plan.action import Action, Change, Outcome, Subject, Totals
from zx.plan.cures import completed
from zx.plan.document import BuiltDocument, owed_back
from zx.plan.forms import source_amount, total_of
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged, Made
from zx.plan.labels import label_of
from zx.plan.match import Indexes
from zx.plan.names import marker_field, marker_value
from zx.plan.wish import Wish
from zx.runtime.values import TargetRef


class Outcomes:
    def __init__(self, inputs: PlanInputs, indexes: Indexes) -> None:
        self._inputs = inputs
        self._indexes = indexes

    def action(
        self,
        judged: Judged,
        outcome: Outcome,
        *,
        reason: str | None = None,
        problems: tuple[Problem, ...] = (),
        changes: tuple[Change, ...] = (),
        built: BuiltDocument | None = None,
        in_scope: bool = True,
    ) -> Action:
        """The action without what it writes; ``built`` is the document that is written, for its total."""
        program = judged.map
        source_shape = self._indexes.shape(program.source)
        source = Subject(
            self._inputs.connection(program.source.system),
            program.source,
            judged.record.id,
            label_of(source_shape, judged.record),
        )
        target_id = (
            judged.link.target_id if judged.link is not None else (judged.existing.id if judged.existing else None)
        )
        target = Subject(
            self._inputs.connection(program.target.system), program.target, target_id, self.target_label(judged)
        )
        return Action(
            f"{program.name}:{judged.record.id}",
            outcome,
            program.name,
            Entity.of(program.source, program.target),
            source,
            target,
            changes=changes,
            totals=_totals(judged, outcome, built),
            reason=reason,
            problems=tuple(completed(problem, self._inputs.catalogue) for problem in problems),
            prior=judged.link,
            in_scope=in_scope,
        )

    def blocked(self, judged: Judged, problems: tuple[Problem, ...]) -> Action:
        return self.action(judged, Outcome.BLOCK, reason=problems[0].message, problems=problems)

    def conflict(self, judged: Judged, problem: Problem, changes: tuple[Change, ...] = ()) -> Action:
        return self.action(judged, Outcome.CONFLICT, reason=problem.message, problems=(problem,), changes=changes)

    def refused(self, judged: Judged, problems: tuple[Problem, ...], built: BuiltDocument | None) -> Action | None:
        """The record blocked by the first error among ``problems``; None where they only warn."""
        first = next((problem for problem in problems if problem.severity == "error"), None)
        if first is None:
            return None
        return self.action(judged, Outcome.BLOCK, reason=first.message, problems=problems, built=built)

    def made(self, made: Made) -> Action:
        """The record that ``find … or create`` makes from one field."""
        payload: dict[str, Any] = {made.field: made.value}
        shape = self._indexes.shape(made.kind)
        field_name = marker_field(shape)
        if field_name is not None:
            payload[field_name] = marker_value(shape, f"find-{self._inputs.digest(made.value)}")
        rule = made.map.rule
        changes = tuple(Change(name, None, value, rule) for name, value in payload.items())
        source = Subject(
            self._inputs.connection(made.map.source.system), Kind(made.map.source.system, "settings"), None, made.value
        )
        target = Subject(self._inputs.connection(made.kind.system), made.kind, None, made.value)
        marked_by = made.field if field_name is None else field_name
        marker = (marked_by, str(payload[marked_by]))
        return Action(
            made.action_id,
            Outcome.CREATE,
            f"find {made.kind}",
            Entity("settings", made.kind.name),
            replace(source, id=made.value),
            target,
            payload=payload,
            changes=changes,
            marker=marker,
        )

    def target_label(self, judged: Judged) -> str:
        shape = self._indexes.shape(judged.map.target)
        if judged.existing is not None:
            return label_of(shape, judged.existing)
        paid = judged.evaluated.fields.get("Invoice")
        if isinstance(paid, TargetRef):
            return str(paid.values.get("InvoiceNumber") or paid.id or "")
        for name in (shape.number_field, shape.key_field):
            value = None if name is None else judged.evaluated.fields.get(name)
            if isinstance(value, str):
                return value
        return ""

    def wished_label(self, judged: Judged, wish: Wish) -> str:
        """As ``target_label`` for a record that is about to be made, which may have no number yet."""
        return self.target_label(judged) or str(wish.fields.get("Reference", wish.fields.get("Subject", "")))


def _totals(judged: Judged, outcome: Outcome, built: BuiltDocument | None) -> Totals | None:
    money = source_amount(judged.record)
    if money is None or not judged.map.sections:
        return None
    currency, amount = money
    turned = owed_back(judged.map.target, amount)
    if outcome in (Outcome.SKIP, Outcome.VOID, Outcome.DELETE) or judged.evaluated.scope is Scope.CANCEL:
        return Totals(currency, amount, None)
    if outcome in (Outcome.UNCHANGED, Outcome.ADOPT) and judged.existing is not None:
        return Totals(currency, amount, total_of(judged.existing), turned)
    return Totals(currency, amount, None if built is None else built.total, turned)
