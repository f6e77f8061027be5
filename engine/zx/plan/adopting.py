"""A record that stands in the target already and gets its link now: nothing is written to it."""

from __future__ import annotations

from dataclasses import replace

from zx.model.decision import Verdict
from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action, Outcome
from zx.plan.claims import Claims
from zx.plan.compare import Standing, comparable
from zx.plan.document import BuiltDocument
from zx.plan.drift import Drift
from zx.plan.forms import line_form, total_of
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.labels import label_of, noun_of
from zx.plan.match import Indexes
from zx.plan.outcomes import Outcomes
from zx.plan.questions import Asker, asked
from zx.plan.side_by_side import SideBySide
from zx.plan.wish import WishMaker
from zx.values.money import ZERO, amount_text


class Adopter:
    def __init__(
        self,
        inputs: PlanInputs,
        indexes: Indexes,
        claims: Claims,
        wishes: WishMaker,
        acceptance: Acceptance,
        drift: Drift,
        outcomes: Outcomes,
    ) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._claims = claims
        self._wishes = wishes
        self._acceptance = acceptance
        self._drift = drift
        self._outcomes = outcomes

    def adopt(self, judged: Judged, target: Record) -> Action:
        why = "the same record, by its keys"
        if judged.answer is not None and judged.answer.verdict is Verdict.SAME:
            why = f"the same record: {judged.answer.because} ({judged.answer.place})"
        if judged.never("update") is not None and not judged.map.sections:
            return replace(self._outcomes.action(judged, Outcome.ADOPT, reason=why), base={})
        wish, built = self._wishes.make(judged, traced=False)
        problems = self._acceptance.by_itself(judged, built)
        refused = self._outcomes.refused(judged, problems, built)
        if refused is not None:
            return refused
        stranger = None if judged.marked else self._stranger(judged, target, built)
        if stranger is not None:
            return self._outcomes.action(
                judged, Outcome.BLOCK, reason=stranger.message, problems=(stranger,), built=built
            )
        # What differs is kept, whoever is right: from now on what the rules want today counts as agreed on.
        compared = [
            item if item.standing is Standing.SAME else replace(item, standing=Standing.DRIFT)
            for item in self._wishes.compare(judged, wish, target, {})
        ]
        drifts = self._drift.kept(SideBySide(judged, target, wish, built, compared), {})
        base = {
            item.field: self._inputs.digest(item.observed if item.standing is Standing.SAME else item.desired)
            for item in compared
        }
        return replace(
            self._outcomes.action(judged, Outcome.ADOPT, reason=why, problems=(*problems, *drifts), built=built),
            base=base,
        )

    def _stranger(self, judged: Judged, target: Record, built: BuiltDocument | None) -> Problem | None:
        """A document of our number that is not ours: another customer or another total."""
        if built is None:
            return None
        form = line_form(judged.map.target)
        contact = comparable(judged.evaluated.fields.get(form.buyer))
        theirs = comparable(target.values.get(form.buyer))
        total = total_of(target)
        money = "Currency" if judged.map.target.system == "zoho" else "CurrencyCode"
        currency = judged.evaluated.fields.get(money)
        same_money = currency in (None, target.values.get(money)) and total == built.stated
        named = judged.answer is not None and judged.answer.target == target.id
        if (contact == theirs or named) and (built.stated is None or same_money):
            return None
        shape = self._indexes.shape(judged.map.target)
        noun, label = noun_of(self._inputs.catalogue, judged.map.target), label_of(shape, target)
        buyer = target.values.get(form.buyer, {})
        whose = buyer.get("Name", buyer.get("name", "somebody"))
        problem = Problem(
            "R908",
            "error",
            f"there is a {noun} {label} already, for {whose} over {amount_text(total or ZERO)}: "
            "it was not made by zx and is not the same",
            judged.map.rule,
            help="give one of the two another subject in Zoho"
            if judged.map.target.system == "zoho"
            else "give one of the two another number, or choose a prefix in zx.toml that no document has yet",
            cause=f"taken:{judged.map.target}:{target.id}",
        )
        asker = Asker(self._inputs.catalogue, judged)
        same = asker.same(target, shape, judged.evaluated.fields, "the same one, entered by hand")
        new = asker.new("another one of this number", self._claims.free_name(judged))
        choices = (same if same_money or built.stated is None else None, new, asker.out("already in the books"))
        return asked(problem, (asker.question(problem.message, *choices),), self._inputs.sync)
