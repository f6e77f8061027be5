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
_LEFT = (
    (Outcome.SKIP, "− left out by a rule"),
    (Outcome.VOID, "− to be voided"),
    (Outcome.DELETE, "− to be deleted"),
    (Outcome.BLOCK, "− blocked"),
    (Outcome.CONFLICT, "− in conflict"),
)
_READY = (
    (Outcome.CREATE, "new"),
    (Outcome.UPDATE, "changed"),
    (Outcome.ADOPT, "found there and adopted"),
    (Outcome.UNCHANGED, "in step already"),
)
_SENT = (Outcome.CREATE, Outcome.UPDATE, Outcome.ADOPT)


def totals_tables(plan: Plan, results: PushOutcome | None, target: str) -> tuple[TotalsTable, ...]:
    """One table for each currency, in the order of the plan. ``target`` is the word for the side written to."""
    return tuple(_table(plan, total, results, target) for total in plan.totals)


def _table(plan: Plan, total: CurrencyTotals, results: PushOutcome | None, target: str) -> TotalsTable:
    documents: dict[Outcome, list[Action]] = {outcome: [] for outcome in Outcome}
    summed: list[Action] = []
    for action in plan.actions:
        if action.totals and action.in_scope and action.totals.currency == total.currency:
            # The money of a summary is that of its members, so it is added up once.
            (summed if action.members else documents[_outcome(action)]).append(action)
    ready = [action for outcome, _ in _READY for action in documents[outcome]]
    left = [action for outcome, _ in _LEFT for action in documents[outcome]]

    rows = [_row("sum", "In scope in Zoho", [*left, *ready], total.in_scope)]
    rows += _parts(_LEFT, documents)
    rows.append(_row("sum", f"= ready for {target}", ready, total.ready))
    rows += _parts(_READY, documents)
    rows.append(_row("check", f"{target} works out", ready, _target(ready)))
    faults = _faults(total, documents, ready)
    if results is not None:
        standing = [*(action for outcome in _SENT for action in documents[outcome]), *summed]
        rows += _read_back(standing, results, target, faults)
    return TotalsTable(
        currency=visible(total.currency),
        rows=tuple(rows),
        reconciles=not faults,
        sentence=" ".join(faults) or "Equal to the cent, added up two ways.",
    )


def _outcome(action: Action) -> Outcome:
    """A document that is cancelled on both sides is in step, and stands nowhere: its money is left out."""
    gone = action.outcome is Outcome.UNCHANGED and action.totals is not None and action.totals.target is None
    return Outcome.SKIP if gone else action.outcome


def _parts(outcomes: Iterable[tuple[Outcome, str]], documents: dict[Outcome, list[Action]]) -> list[TotalsRow]:
    return [
        _row("part", words, documents[outcome], _source(documents[outcome]))
        for outcome, words in outcomes
        if documents[outcome]
    ]


def _row(kind: str, words: str, actions: list[Action], amount: Decimal) -> TotalsRow:
    return TotalsRow(kind, words, f"{len(actions):,}", money_text(amount))


def _source(actions: Iterable[Action]) -> Decimal:
    return sum((action.totals.source for action in actions if action.totals), ZERO)


def _target(actions: Iterable[Action]) -> Decimal:
    return sum((action.totals.counted or ZERO for action in actions if action.totals), ZERO)


def _faults(total: CurrencyTotals, documents: dict[Outcome, list[Action]], ready: list[Action]) -> list[str]:
    """What does not add up, in words; empty when all does."""
    faults = []
    if total.in_scope != total.skipped + total.blocked + total.conflict + total.ready:
        faults.append("The parts do not add up to what is in scope.")
    gone = documents[Outcome.VOID] + documents[Outcome.DELETE]
    for words, by_sums, actions in (
        ("left out", total.skipped, documents[Outcome.SKIP] + gone),
        ("blocked", total.blocked, documents[Outcome.BLOCK]),
        ("in conflict", total.conflict, documents[Outcome.CONFLICT]),
        ("ready", total.ready, ready),
    ):
        by_records = _source(actions)
        if by_sums != by_records:
            faults.append(
                f"What is {words} adds up to {money_text(by_records)} by records and to {money_text(by_sums)} by sums."
            )
    if uneven := [action for action in ready if action.totals and action.totals.difference]:
        apart = money_text(_target(uneven) - _source(uneven))
        numbers = ", ".join(visible(action.source.label) for action in uneven[:10])
        faults.append(f"The two sides are {apart} apart. Look at {numbers}.")
    if not total.reconciles and not faults:
        faults.append("The plan says that these totals do not reconcile.")
    return faults


def _read_back(actions: list[Action], results: PushOutcome, target: str, faults: list[str]) -> list[TotalsRow]:
    """What the target answered, beside what was sent; a difference is added to ``faults``."""
    sent, came = ZERO, ZERO
    odd: list[str] = []
    count = 0
    for action in actions:
        result = results.actions.get(action.id)
        if result is None or result.total is None or str(result.outcome) not in GOOD or action.totals is None:
            continue
        count += 1
        promised = action.totals.source if action.totals.counted is None else action.totals.counted
        answered = action.totals.as_source(result.total)
        sent += promised
        came += answered
        if answered != promised:
            odd.append(visible(action.source.label))
    if not count:
        return []
    if odd:
        faults.append(f"{target} made other totals than it was sent: look at {', '.join(odd[:10])}.")
    return [
        TotalsRow("sum", "Sent", f"{count:,}", money_text(sent)),
        TotalsRow("wrong" if odd else "check", f"{target} answered", f"{count:,}", money_text(came)),
    ]
