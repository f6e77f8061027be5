"""From one judged record to the one action that becomes of it."""

from __future__ import annotations

from zx.compile.program import Evaluated, MapProgram, Scope
from zx.model.decision import Verdict
from zx.model.link import Entity
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action, Outcome
from zx.plan.adopting import Adopter
from zx.plan.cancelling import GONE, Canceller
from zx.plan.creating import Creator
from zx.plan.crediting import Crediting
from zx.plan.drift import Drift
from zx.plan.forms import PAYMENT, source_amount
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged, Made
from zx.plan.labels import noun_of
from zx.plan.outcomes import Outcomes
from zx.plan.payments import PaymentDesk
from zx.plan.questions import Asker, asked
from zx.plan.updating import Updater
from zx.plan.wish import WishMaker


class Decider:
    """Puts together who creates, adopts, updates and cancels, and says which of them a record goes to."""

    def __init__(self, inputs: PlanInputs, judge: Judge) -> None:
        self._inputs = inputs
        self._judge = judge
        indexes, claims = judge.indexes, judge.claims
        wishes = WishMaker(inputs, judge)
        acceptance = Acceptance(inputs, judge, wishes)
        crediting = Crediting(inputs.state, inputs.snapshot, inputs.digest)
        self._claims = claims
        self._outcomes = out = Outcomes(inputs, indexes)
        self._payments = PaymentDesk(inputs.snapshot)
        drift = Drift(inputs, out)
        self._creator = Creator(inputs, indexes, wishes, acceptance, self._payments, crediting, out)
        self._adopter = Adopter(inputs, indexes, claims, wishes, acceptance, drift, out)
        self._updater = Updater(inputs, indexes, wishes, acceptance, crediting, drift, out)
        self._canceller = Canceller(inputs, indexes, acceptance, out)

    # --- the one outcome --------------------------------------------------------------------------------------------

    def decide(self, judged: Judged, *, needed: bool = False) -> Action:
        """``needed``: somebody asks for it, so that a marker alone does not keep it out."""
        action = self._decided(judged, needed)
        self._payments.heard(action)
        return action

    def _decided(self, judged: Judged, needed: bool) -> Action:
        evaluated = judged.evaluated
        if self._judge.is_echo(judged) and judged.origin is not None and (judged.partner is not None or not needed):
            return self._outcomes.action(judged, Outcome.SKIP, reason=judged.origin.words, in_scope=False)
        match evaluated.scope:
            case Scope.OUT:
                return self._left(judged, "out of scope", in_scope=False)
            case Scope.SKIP:
                return self._left(judged, evaluated.reason, in_scope=True)
            case Scope.CANCEL:
                return self._canceller.cancel(judged)
        policy = judged.never("create")
        if policy is not None and judged.existing is None and not judged.linked:
            return self._outcomes.action(judged, Outcome.SKIP, reason=policy.reason)
        if judged.blocked:
            return self._creator.part_paid(judged) or self._outcomes.blocked(judged, judged.blocked)
        if judged.linked:
            return self._linked(judged)
        if judged.existing is not None:
            return self._adopter.adopt(judged, judged.existing)
        return self._creator.create(judged)

    def not_needed(self, map_name: str, record: Record) -> Action:
        """A contact or item that no document asks for."""
        program = self._inputs.program.maps[map_name]
        link = self._inputs.state.link(Entity.of(program.source, program.target), record.id)
        judged = Judged(program, record, Evaluated(Scope.OUT), link)
        return self._outcomes.action(judged, Outcome.SKIP, reason="not needed", in_scope=False)

    def taken(self, program: MapProgram, record: Record, reason: str) -> tuple[Judged, Action]:
        """A document that a summary sends in place of the map."""
        judged = Judged(program, record, Evaluated(Scope.OUT), None)
        return judged, self._outcomes.action(judged, Outcome.SKIP, reason=reason, in_scope=False)

    def make(self, made: Made) -> Action:
        """The record that ``find … or create`` makes from one field."""
        return self._outcomes.made(made)

    # --- a record that was sent -------------------------------------------------------------------------------------

    def _linked(self, judged: Judged) -> Action:
        target = judged.existing
        if target is None or target.values.get("Status") in GONE:
            return self._undone(judged, target)
        return self._updater.update(judged, target)

    def _undone(self, judged: Judged, target: Record | None) -> Action:
        """A person took it out of the target, and the source still has it."""
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        what = f"gone from {there}" if target is None else f"{target.values['Status'].lower()} in {there}"
        help = f"cancel it in {here} too; zx never makes a second one by itself"
        if judged.map.target == PAYMENT:
            help = "set the invoice in Zoho back, or enter the payment in Xero; zx never makes a second one by itself"
        problem = Problem(
            "R915",
            "error",
            f"the {noun} {self._outcomes.target_label(judged)} is {what}, but {here} still has it",
            judged.map.rule,
            help=help,
            cause=f"undone:{judged.map.name}:{what}",
            summary=f"the {noun} is {what}, but {here} still has it",
        )
        asker, again = Asker(self._inputs.catalogue, judged), " again" if judged.answer is not None else ""
        # A dead number stays taken (reference/xero 2.1), so another one needs another number.
        new = asker.new(f"{what}{again} by mistake", self._claims.free_name(judged))
        question = asker.question(problem.message, asker.out(f"{what}{again} on purpose"), new)
        return self._outcomes.conflict(judged, asked(problem, (question,), self._inputs.sync))

    # --- a record that stays out ------------------------------------------------------------------------------------

    def _left(self, judged: Judged, reason: str, *, in_scope: bool) -> Action:
        if (
            not judged.linked
            or (in_scope and self._made_up_for(judged))
            or (judged.existing is not None and judged.existing.values.get("Status") in GONE)
        ):
            return self._outcomes.action(judged, Outcome.SKIP, reason=reason, in_scope=in_scope)
        if in_scope and judged.map.target == PAYMENT and judged.existing is not None:
            # Made once: what comes later is no departure.
            return self._outcomes.action(judged, Outcome.SKIP, reason=reason)
        system = judged.map.target.system.capitalize()
        where = self._outcomes.target_label(judged)
        if judged.answer is not None and judged.answer.verdict is Verdict.OUT:
            return self._outcomes.action(judged, Outcome.SKIP, reason=f"{reason}, still in {system} as {where}")
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        note = "no longer in scope" if not in_scope else reason
        problem = Problem(
            "R913",
            "warning",
            f"{note}, still in {system} as {where}",
            judged.evaluated.rule or judged.map.rule,
            help=f"nothing is undone without a rule (cancel when …) or a person: {_undo_word(judged.map.target)} the "
            f"{noun} in {system} by hand",
            cause=f"left:{judged.map.name}:{note}",
            summary=f"{note}, still in {system}",
        )
        return self._outcomes.action(judged, Outcome.SKIP, reason=problem.message, problems=(problem,))

    def _made_up_for(self, judged: Judged) -> bool:
        """Whether another map makes up for the whole of what stands there: a credit note over a paid invoice."""
        money = source_amount(judged.record)
        there = None if judged.existing is None else judged.existing.values.get("Total")
        return money is not None and money[1] == there and self._judge.taken_over(judged)


def _undo_word(target: Kind) -> str:
    return "void" if target.system == "xero" else "delete"
