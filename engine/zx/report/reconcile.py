"""The reconciliation tables: what the source holds, what a push leaves out and why, and what the target will hold.

The plan brings its own sums. Here they are made a second time, from the actions, and both must agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zx.plan.action import Action, CurrencyTotals, Outcome, Plan
from zx.report.figures import money_text
from zx.report.results import GOOD, PushOutcome
from zx.report.view import TotalsRow, TotalsTable
from zx.report.visible import visible

ZERO = Decimal(0)
_KEPT = (
    (Outcome.CREATE, "new"),
    (Outcome.UPDATE, "changed"),
    (Outcome.ADOPT, "found in Xero and adopted"),
    (Outcome.UNCHANGED, "in step already"),
)
_GONE = ((Outcome.VOID, "to be voided"), (Outcome.DELETE, "to be deleted"))


def totals_tables(plan: Plan, results: PushOutcome | None, target: str) -> tuple[TotalsTable, ...]:
    """One table for each currency, in the order of the plan. ``target`` is the word for the side written to."""
    return tuple(_table(plan, total, results, target) for total in plan.totals)


def _table(plan: Plan, total: CurrencyTotals, results: PushOutcome | None, target: str) -> TotalsTable:
    documents = [
        action
        for action in plan.actions
        if action.totals and action.in_scope and action.totals.currency == total.currency
    ]
    by_outcome = {outcome: [action for action in documents if action.outcome is outcome] for outcome in Outcome}
    kept = [action for outcome, _ in _KEPT for action in by_outcome[outcome]]
    gone = [action for outcome, _ in _GONE for action in by_outcome[outcome]]
    with_gone = _source(kept) + _source(gone) == total.ready
    ready = kept + gone if with_gone else kept

    left = (
        ("skip", "left out by a rule", total.skipped),
        ("block", "blocked", total.blocked),
        ("conflict", "in conflict", total.conflict),
    )
    parts = [(words, by_outcome[Outcome(key)], amount) for key, words, amount in left]
    in_scope = ready + [action for _, actions, _ in parts for action in actions]
    rows = [_row("sum", "In scope in Zoho", in_scope, total.in_scope)]
    rows += [_row("part", f"− {words}", actions, amount) for words, actions, amount in parts if actions or amount]
    rows.append(_row("sum", f"= ready for {target}", ready, total.ready))
    for outcome, words in (*_KEPT, *_GONE) if with_gone else _KEPT:
        if by_outcome[outcome]:
            rows.append(_row("part", words, by_outcome[outcome], _source(by_outcome[outcome])))
    predicted = _target(ready)
    rows.append(TotalsRow("check", f"{target} works out", f"{len(ready):,}", money_text(predicted)))
    if not with_gone and gone:
        rows.append(_row("part", f"leaves {target}: voided or deleted", gone, _target(gone)))

    faults = _faults(total, ready, predicted)
    if results is not None:
        rows += _read_back(documents, results, target, faults)
    return TotalsTable(
        currency=visible(total.currency),
        rows=tuple(rows),
        reconciles=not faults,
        sentence=" ".join(faults) or "Equal to the cent, added up two ways.",
    )


def _row(kind: str, words: str, actions: list[Action], amount: Decimal) -> TotalsRow:
    return TotalsRow(kind, words, f"{len(actions):,}" if actions or not amount else "", money_text(amount))


def _source(actions: Iterable[Action]) -> Decimal:
    return sum((action.totals.source for action in actions if action.totals), ZERO)


def _target(actions: Iterable[Action]) -> Decimal:
    return sum((action.totals.target for action in actions if action.totals), ZERO)


def _faults(total: CurrencyTotals, ready: list[Action], predicted: Decimal) -> list[str]:
    """What does not add up, in words; empty when all does. Documents that will not be sent have no second side, so
    only what is ready is added up again."""
    faults = []
    if total.in_scope != total.skipped + total.blocked + total.conflict + total.ready:
        faults.append("The parts do not add up to what is in scope.")
    if total.ready != _source(ready):
        again = money_text(_source(ready))
        faults.append(f"What is ready adds up to {again} by records and to {money_text(total.ready)} by sums.")
    if predicted != _source(ready):
        apart = money_text(predicted - _source(ready))
        numbers = ", ".join(
            visible(action.source.label) for action in ready if action.totals and action.totals.difference
        )
        faults.append(f"The two sides are {apart} apart. Look at {numbers or 'the sums'}.")
    if not total.reconciles and not faults:
        faults.append("The plan says that these totals do not reconcile.")
    return faults


def _read_back(documents: list[Action], results: PushOutcome, target: str, faults: list[str]) -> list[TotalsRow]:
    """What the target answered, beside what was sent; a difference is added to ``faults``."""
    sent, came = ZERO, ZERO
    numbers: list[str] = []
    count = 0
    standing = [action for action in documents if action.outcome in (Outcome.CREATE, Outcome.UPDATE, Outcome.ADOPT)]
    for action in standing:
        result = results.actions.get(action.id)
        if result is None or result.total is None or str(result.outcome) not in GOOD or action.totals is None:
            continue
        count += 1
        sent += action.totals.target
        came += result.total
        if result.total != action.totals.target:
            numbers.append(visible(action.source.label))
    if not count:
        return []
    if numbers:
        faults.append(f"{target} made other totals than it was sent: look at {', '.join(numbers)}.")
    kind = "wrong" if numbers else "check"
    return [
        TotalsRow("sum", "Sent", f"{count:,}", money_text(sent)),
        TotalsRow(kind, f"{target} answered", f"{count:,}", money_text(came)),
    ]
