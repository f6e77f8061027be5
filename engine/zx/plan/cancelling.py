"""What ``cancel when`` comes to for a record that was sent: how it is undone in the state it is in, and what stands in
the way (starter rules 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan import walks
from zx.plan.acceptance import Acceptance
from zx.plan.action import Action, Change, Outcome
from zx.plan.answered import CARRIED_OUT
from zx.plan.compare import line_forms, observed_value
from zx.plan.crediting import ALLOCATIONS, CREDIT_NOTE, applied
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.match import Indexes
from zx.plan.outcomes import Outcomes
from zx.plan.questions import Asker, asked

LINES = "LineItems"
_FILLED_IN = ("AccountCode", "TaxType", "Description")
"""What Xero may fill in on a line whose rules leave it out (reference/xero 2.1)."""
GONE = frozenset({"VOIDED", "DELETED"})


class Canceller:
    """Undoes in the target what the rules cancel, or says why a person must."""

    def __init__(self, inputs: PlanInputs, indexes: Indexes, acceptance: Acceptance, outcomes: Outcomes) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._acceptance = acceptance
        self._outcomes = outcomes

    def cancel(self, judged: Judged) -> Action:
        reason, rule = judged.evaluated.reason, judged.evaluated.rule or judged.map.rule
        target = judged.existing
        if not judged.linked:
            return self._outcomes.action(judged, Outcome.SKIP, reason=reason)
        status = None if target is None else target.values.get("Status")
        if target is None or status in GONE:
            return self._outcomes.action(judged, Outcome.UNCHANGED, reason=reason)
        refused = self._kept(judged, target, reason, rule)
        if refused is not None:
            return self._outcomes.conflict(judged, refused)
        locked = self._acceptance.locked(judged, target.values.get("Date"), rule)
        if locked is not None:
            return self._outcomes.blocked(judged, (locked,))
        outcome, status_after = undoing(status)
        id_field = self._indexes.shape(judged.map.target).id_field or ""
        change = Change("Status", status, status_after, rule)
        carried = walks.held(target.values) if judged.map.target == walks.QUOTE else {}
        return replace(
            self._outcomes.action(judged, outcome, reason=reason, changes=(change,)),
            payload={id_field: target.id, **carried, "Status": status_after},
            base={**judged.agreed, "Status": self._inputs.digest(status_after)},
            observed_version=target.version,
        )

    def _kept(self, judged: Judged, target: Record, reason: str, rule: str) -> Problem | None:
        """What a person did with it in Xero goes before a cancellation in Zoho (starter rules 2.4)."""
        label, name = self._outcomes.target_label(judged), judged.map.name
        verb = "deleted" if undoing(target.values.get("Status"))[0] is Outcome.DELETE else "voided"
        fields = changed_by_people(target, judged.agreed, self._inputs.digest)
        leave = "or leave it as it is"
        if is_settled(target):
            note = judged.map.target == CREDIT_NOTE
            why = f"{label} is set off or refunded in Xero" if note else f"{label} has payments in Xero"
            other = "" if note else "raise a credit note there; "
            help = f"take that back in Xero and the next push has it undone; {other}{leave}"
        elif judged.map.target == walks.QUOTE and target.values.get("Status") == "INVOICED":
            why = f"the quote {label} was billed in Xero"
            help = f"mark the quote as sent in Xero and the next push deletes it; {leave}"
        elif fields:
            why = f"a person changed {', '.join(fields)} of {label} in Xero"
            help = f"take the change back in Xero and the next push has it {verb}; undo it there by hand; {leave}"
        else:
            return None
        short = why.replace(label, "it")
        problem = Problem(
            "R909",
            "error",
            f"{reason}, but {why}: it was not {verb}",
            rule,
            help=help,
            cause=f"kept:{name}:{reason}:{short}",
            summary=f"{reason}, but {short}: nothing was {verb}",
        )
        asker = Asker(self._inputs.catalogue, judged)
        question = asker.question(problem.message, asker.out("left as it is in Xero"))
        return asked(problem, (question,), self._inputs.sync)


def undoing(status: Any) -> tuple[Outcome, str]:
    """DRAFT, SUBMITTED and quotes are deleted, what was approved is voided (reference/xero 2.1, 2.3)."""
    return (Outcome.VOID, "VOIDED") if status in ("AUTHORISED", "PAID") else (Outcome.DELETE, "DELETED")


def is_settled(target: Record) -> bool:
    """Whether something is applied to it. What is worth nothing is paid by itself (reference/xero 2.1)."""
    values = target.values
    return applied(values) or (values.get("Status") == "PAID" and bool(values.get("Total")))


def changed_by_people(target: Record, base: Mapping[str, str], digest: Callable[[Any], str]) -> tuple[str, ...]:
    """Fields that are no longer as both sides agreed. A status that moved forward is no change (starter rules 2.6),
    nor is a value where the rules had nothing to say."""
    nothing = digest(None)
    found = []
    for name, agreed in base.items():
        if name in ("Status", ALLOCATIONS, CARRIED_OUT) or agreed == nothing:
            continue
        if name == LINES:
            same = any(digest(form) == agreed for form in _forms(target.values.get(LINES, [])))
        else:
            same = digest(observed_value(target.values, name)) == agreed
        if not same:
            found.append(name)
    return tuple(found)


def _forms(lines: Any) -> Any:
    """Every form in which these lines may have been agreed on."""
    for count in range(len(_FILLED_IN) + 1):
        for left_out in combinations(_FILLED_IN, count):
            yield from line_forms([{key: line[key] for key in line if key not in left_out} for line in lines])
