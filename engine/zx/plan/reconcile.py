"""Money of a plan by currency and outcome, added up by two independent paths (preview 4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zx.plan.action import Action, CurrencyTotals, Outcome
from zx.values.money import ZERO

_SKIPPED = (Outcome.SKIP, Outcome.VOID, Outcome.DELETE)


def reconcile(actions: Iterable[Action]) -> tuple[CurrencyTotals, ...]:
    """In scope = skipped + blocked + conflict + ready, by the source's figures; and ready again by the target's.

    A document that is to be voided or deleted, or was, counts as skipped: it shall not stand in the target.
    """
    in_scope: dict[str, Decimal] = {}
    parts: dict[str, dict[str, Decimal]] = {}
    in_target: dict[str, Decimal] = {}
    uneven: set[str] = set()
    for action in actions:
        if action.totals is None or not action.in_scope:
            continue
        currency, amount = action.totals.currency, action.totals.source
        in_scope[currency] = in_scope.get(currency, ZERO) + amount
        part = parts.setdefault(currency, dict.fromkeys(("skipped", "blocked", "conflict", "ready"), ZERO))
        name = _part(action)
        part[name] += amount
        if name == "ready":
            in_target[currency] = in_target.get(currency, ZERO) + (action.totals.counted or ZERO)
            if action.totals.difference != 0:
                uneven.add(currency)
    return tuple(
        CurrencyTotals(
            currency,
            in_scope[currency],
            **parts[currency],
            reconciles=currency not in uneven
            and sum(parts[currency].values(), ZERO) == in_scope[currency]
            and parts[currency]["ready"] == in_target.get(currency, ZERO),
        )
        for currency in sorted(in_scope)
    )


def _part(action: Action) -> str:
    cancelled = action.outcome is Outcome.UNCHANGED and action.totals is not None and action.totals.target is None
    if action.outcome in _SKIPPED or cancelled:
        return "skipped"
    if action.outcome is Outcome.BLOCK:
        return "blocked"
    return "conflict" if action.outcome is Outcome.CONFLICT else "ready"
