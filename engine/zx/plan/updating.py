"""A linked record that still stands in the target: nothing to send, an update, or a question for a person
(reliability 1.7)."""

from __future__ import annotations

from dataclasses import replace

from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan import walks
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action, Change, Outcome, Step
from zx.plan.answered import outlived, settled
from zx.plan.compare import Standing
from zx.plan.crediting import Crediting
from zx.plan.drift import Drift
from zx.plan.editable import Editability
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.match import Indexes
from zx.plan.outcomes import Outcomes
from zx.plan.paths import read_path
from zx.plan.questions import shown
from zx.plan.side_by_side import SideBySide
from zx.plan.wish import Wish, WishMaker


class Updater:
    def __init__(
        self,
        inputs: PlanInputs,
        indexes: Indexes,
        wishes: WishMaker,
        acceptance: Acceptance,
        crediting: Crediting,
        drift: Drift,
        outcomes: Outcomes,
    ) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._wishes = wishes
        self._acceptance = acceptance
        self._crediting = crediting
        self._drift = drift
        self._editability = Editability(inputs, indexes, acceptance, outcomes)
        self._outcomes = outcomes

    def update(self, judged: Judged, target: Record) -> Action:
        if judged.never("update") is not None:
            return self._outcomes.action(judged, Outcome.UNCHANGED, reason="kept as it is by a rule")
        wish, built = self._wishes.make(judged, traced=False)
        problems = self._acceptance.by_itself(judged, built)
        refused = self._outcomes.refused(judged, problems, built)
        if refused is not None:
            return refused
        decisions, digest = self._inputs.decisions, self._inputs.digest
        compared = self._wishes.compare(judged, wish, target, judged.agreed)
        compared = settled(compared, decisions, judged.map, judged.record.id, digest)
        problems = (*problems, *outlived(compared, decisions, judged.map, judged.record.id, shown))
        sides = SideBySide(judged, target, wish, built, compared)
        clashes = [item for item in compared if item.standing is Standing.CLASH]
        if clashes:
            changes = self._changes(wish, target, [item.field for item in clashes])
            return self._drift.clash(sides, clashes, changes, problems)
        kept = self._drift.kept_uneven(sides, problems)
        if kept is not None:
            return kept
        problems = (*problems, *self._drift.kept(sides, judged.agreed))
        status = wish.fields.get("Status") if "Status" in sides.sent else None
        credited = self._crediting.of(
            judged, wish, built, target, self._who(judged, target), status or target.values.get("Status")
        )
        if not sides.sent and credited is not None:
            return self._credit(sides, credited, problems)
        if not sides.sent:
            return self._settled(sides, problems)
        traced, _ = self._wishes.make(judged, traced=True)
        action = self._write(replace(sides, wish=traced), problems)
        if credited is None or action.outcome is not Outcome.UPDATE:
            return action
        return replace(action, then=(*action.then, credited[0]), changes=(*action.changes, credited[1]))

    def _credit(self, sides: SideBySide, credited: tuple[Step, Change], problems: tuple[Problem, ...]) -> Action:
        """Nothing changes on a credit note but that it is set against its invoice, now that both are approved."""
        judged, (step, change) = sides.judged, credited
        return replace(
            self._outcomes.action(judged, Outcome.UPDATE, problems=problems, changes=(change,), built=sides.built),
            payload=step.payload,
            base={**judged.agreed, **step.base},
            observed_version=sides.target.version,
        )

    def _settled(self, sides: SideBySide, problems: tuple[Problem, ...]) -> Action:
        """Nothing to send. Where both sides came to agree on their own, the link learns it (an adoption)."""
        judged, base = sides.judged, sides.judged.agreed
        agreed = {
            item.field: self._inputs.digest(item.desired)
            for item in sides.compared
            if item.standing is Standing.SAME and item.desired == item.observed
        }
        if all(base.get(name) == digest for name, digest in agreed.items()):
            return self._outcomes.action(judged, Outcome.UNCHANGED, problems=problems)
        action = self._outcomes.action(judged, Outcome.ADOPT, reason="both sides agree again", problems=problems)
        return replace(action, base={**base, **agreed})

    def _write(self, sides: SideBySide, problems: tuple[Problem, ...]) -> Action:
        """The update of what the rules want otherwise, unless something keeps it from being made."""
        judged, target, wish = sides.judged, sides.target, sides.wish
        changes = self._changes(wish, target, [item.field for item in sides.writes])
        refused = self._editability.refusal(sides) or self._drift.uneven(sides)
        if refused is not None:
            return replace(refused, changes=changes)
        unfit = self._acceptance.unfit(judged, wish, sides.built, target)
        refused = self._outcomes.refused(judged, (*unfit, *problems), sides.built)
        if refused is not None:
            return refused
        wanted = wish.fields.get("Status") if "Status" in sides.sent else None
        statuses = walks.to_walk(judged.map.target, target.values.get("Status"), wanted)
        if statuses is None:
            return replace(self._editability.no_way(sides), changes=changes)
        shape, sent = self._indexes.shape(judged.map.target), sides.sent
        fields = {name: value for name, value in wish.fields.items() if name in sent}
        lines = self._wishes.with_line_ids(wish.lines, target) if sides.lines in sent else ()
        body, who = replace(wish, fields=fields, lines=lines), self._who(judged, target)
        payload = {**who, **self._wishes.payload(shape, body, target.values)}
        agreed = (item for item in sides.compared if item.standing in (Standing.WRITE, Standing.SAME))
        base = {**judged.agreed, **{item.field: self._inputs.digest(item.desired) for item in agreed}}
        then: tuple[Step, ...] = ()
        if judged.map.target == walks.QUOTE:
            payload = {**walks.held(target.values), **payload}
        if statuses:
            payload, first, then = walks.walked(payload, statuses, who, self._inputs.digest)
            base |= first
        return replace(
            self._outcomes.action(judged, Outcome.UPDATE, problems=problems, changes=changes, built=sides.built),
            payload=payload,
            after=tuple(dict.fromkeys(wish.after)),
            base=base,
            base_after=self._wishes.base_after(body),
            observed_version=target.version,
            then=then,
        )

    def _who(self, judged: Judged, target: Record) -> dict[str, str]:
        """How a write names the record it goes to."""
        return {self._indexes.shape(judged.map.target).id_field or "": target.id}

    def _changes(self, wish: Wish, target: Record, names: list[str]) -> tuple[Change, ...]:
        """What stands in the target beside what the rules want, for these fields."""
        changes: list[Change] = []
        for name in names:
            if name == wish.form.list:
                changes += self._wishes.line_changes(wish, target)
            else:
                changes.append(self._wishes.change(wish, name, read_path(target.values, name), wish.fields[name]))
        return tuple(changes)
