"""A record that the target does not have yet: what is sent, in how many steps, and how it is found again."""

from __future__ import annotations

from dataclasses import replace

from zx.catalog.schema import Shape
from zx.model.decision import Verdict
from zx.plan import walks
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action, After, Outcome, Step
from zx.plan.answered import CARRIED_OUT, seal
from zx.plan.crediting import Crediting
from zx.plan.forms import PAYMENT
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.match import Indexes
from zx.plan.outcomes import Outcomes
from zx.plan.payments import Conflict, PaymentDesk
from zx.plan.wish import Wish, WishMaker

_ENFORCED = frozenset({"InvoiceNumber", "QuoteNumber", "CreditNoteNumber", "Code"})
"""Fields whose uniqueness Xero enforces itself (reference/xero 3.7): replay class R2."""


class Creator:
    def __init__(
        self,
        inputs: PlanInputs,
        indexes: Indexes,
        wishes: WishMaker,
        acceptance: Acceptance,
        payments: PaymentDesk,
        crediting: Crediting,
        outcomes: Outcomes,
    ) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._wishes = wishes
        self._acceptance = acceptance
        self._payments = payments
        self._crediting = crediting
        self._outcomes = outcomes

    def create(self, judged: Judged) -> Action:
        shape = self._indexes.shape(judged.map.target)
        wish, built = self._wishes.make(judged, traced=True)
        stopped = self._unpayable(judged, wish) if judged.map.target == PAYMENT else None
        if stopped is not None:
            return stopped
        problems = (*self._acceptance.unfit(judged, wish, built, None), *self._acceptance.by_itself(judged, built))
        refused = self._outcomes.refused(judged, problems, built)
        if refused is not None:
            return refused
        marker = self._wishes.marker(judged, wish, shape)
        if marker is not None and marker[0] not in wish.fields:
            wish.fields[marker[0]] = marker[1]
        payload, base = self._wishes.payload(shape, wish), self._wishes.base(wish)
        changes = self._wishes.creations(judged, wish)
        action = self._outcomes.action(judged, Outcome.CREATE, problems=problems, changes=changes, built=built)
        who = {shape.id_field or "": After(action.id)}
        then: tuple[Step, ...] = ()
        statuses = walks.to_walk(judged.map.target, None, wish.fields.get("Status"))
        if statuses:
            payload, first, then = walks.walked(payload, statuses, who, self._inputs.digest)
            base |= first
        credited = self._crediting.of(judged, wish, built, None, who, wish.fields.get("Status"))
        if credited is not None:
            action = replace(action, changes=(*action.changes, credited[1]))
            then = (*then, credited[0])
        return replace(
            action,
            payload=payload,
            after=tuple(dict.fromkeys((*wish.after, *self._payments.after(wish)))),
            marker=marker,
            enforced=marker is not None and _is_enforced(shape, marker[0]),
            base=base | self._sealed(judged),
            base_after=self._wishes.base_after(wish),
            target=replace(action.target, label=self._outcomes.wished_label(judged, wish)),
            then=then,
        )

    def part_paid(self, judged: Judged) -> Action | None:
        """A payment of which a part is there already is no question of which payment it is, but of money."""
        if judged.map.target != PAYMENT or judged.linked or judged.existing is not None:
            return None
        wish, _ = self._wishes.make(judged, traced=False)
        verdict = self._payments.verdict(judged, wish)
        return self._outcomes.conflict(judged, verdict.problem) if isinstance(verdict, Conflict) else None

    def _unpayable(self, judged: Judged, wish: Wish) -> Action | None:
        """What keeps a payment from being made: its invoice, its account, a locked day."""
        verdict = self._payments.verdict(judged, wish)
        if isinstance(verdict, Conflict):
            return self._outcomes.conflict(judged, verdict.problem)
        problems = () if verdict is None else (verdict,)
        problems = (*problems, *self._acceptance.of_payment(judged, wish))
        return self._outcomes.blocked(judged, problems) if problems else None

    def _sealed(self, judged: Judged) -> dict[str, str]:
        """What the link of a new record remembers of the answer that made it."""
        answer = judged.answer
        made = answer is not None and answer.verdict is Verdict.NEW
        return {CARRIED_OUT: seal(answer, self._inputs.digest)} if answer is not None and made else {}


def _is_enforced(shape: Shape, field: str) -> bool:
    own = shape.fields.get(field)
    return own is not None and own.unique if shape.system == "zoho" else field in _ENFORCED
