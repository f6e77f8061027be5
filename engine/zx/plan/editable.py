"""What the state of a document in Xero keeps from changing there: payments, a closed quote, a locked day."""

from __future__ import annotations

from zx.model.problem import Problem
from zx.plan import walks
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action
from zx.plan.compare import Compared
from zx.plan.crediting import applied
from zx.plan.inputs import PlanInputs
from zx.plan.match import Indexes
from zx.plan.outcomes import Outcomes
from zx.plan.questions import Asker, asked
from zx.plan.side_by_side import SideBySide

_EDITABLE_WHEN_PAID = frozenset({"Reference", "DueDate", "InvoiceNumber", "CreditNoteNumber", "Contact", "Url"})
"""What Xero lets change once something is paid on an invoice or applied of a credit note (reference/xero 2.1)."""


class Editability:
    def __init__(self, inputs: PlanInputs, indexes: Indexes, acceptance: Acceptance, outcomes: Outcomes) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._acceptance = acceptance
        self._outcomes = outcomes

    def refusal(self, sides: SideBySide) -> Action | None:
        """Why what is about to be written cannot be; None when it can."""
        judged, target = sides.judged, sides.target
        if judged.map.target.system == "zoho":
            return None
        closed = walks.closed(target.values.get("Status"), sides.sent) if judged.map.target == walks.QUOTE else ()
        if closed:
            return self._closed(sides, closed)
        paid = target.values.get("Status") == "PAID" or applied(target.values)
        fields = tuple(sorted(sides.sent - _EDITABLE_WHEN_PAID))
        if paid and fields and sides.lines in self._indexes.shape(judged.map.target).fields:
            return self._paid(sides, fields)
        rule = judged.map.rule
        locked = self._acceptance.locked(judged, target.values.get("Date"), rule) if judged.map.sections else None
        return None if locked is None else self._outcomes.blocked(judged, (locked,))

    def no_way(self, sides: SideBySide) -> Action:
        """The status of a quote that cannot be reached from the one it has."""
        judged = sides.judged
        there, wanted = sides.target.values.get("Status"), sides.wish.fields.get("Status")
        label = self._outcomes.target_label(judged)
        message = f"{label} is {there} in Xero, and no way leads back from there to {wanted}"
        help = "mark the quote as sent in Xero, or move its stage in Zoho; then run zx preview again"
        rule, cause = sides.wish.rule_of("Status", judged.map), f"way:{judged.map.name}:{there}:{wanted}"
        return self._outcomes.conflict(judged, Problem("R909", "error", message, rule, help=help, cause=cause))

    def _closed(self, sides: SideBySide, fields: tuple[str, ...]) -> Action:
        judged, names = sides.judged, ", ".join(fields)
        status = str(sides.target.values.get("Status")).lower()
        message = f"{self._outcomes.target_label(judged)} is {status} in Xero, so {names} cannot change there"
        help = "undo the change in Zoho, or mark the quote as sent in Xero"
        cause, summary = f"closed:{judged.map.name}:{names}", f"{status} in Xero, so {names} cannot change there"
        problem = Problem("R909", "error", message, judged.map.rule, help, cause=cause, summary=summary)
        return self._kept_there(sides, problem, fields)

    def _paid(self, sides: SideBySide, fields: tuple[str, ...]) -> Action:
        judged, names = sides.judged, ", ".join(fields)
        message = f"{self._outcomes.target_label(judged)} has payments in Xero, so {names} cannot change there"
        help = "undo the change in Zoho, or remove the payment in Xero first"
        cause, summary = f"paid:{judged.map.name}:{names}", f"payments in Xero keep {names} from changing there"
        problem = Problem("R909", "error", message, judged.map.rule, help, cause=cause, summary=summary)
        return self._kept_there(sides, problem, fields)

    def _kept_there(self, sides: SideBySide, problem: Problem, fields: tuple[str, ...]) -> Action:
        """A person may say that Xero's values count."""
        asker = Asker(self._inputs.catalogue, sides.judged)
        items: list[Compared] = [item for item in sides.compared if item.field in fields]
        questions = (asker.values(item, self._inputs.digest, both=False) for item in items)
        return self._outcomes.conflict(sides.judged, asked(problem, questions, self._inputs.sync))
