"""What ``cancel when`` comes to for a record that was sent: how it is undone in the state it is in, and what stands in
the way (starter rules 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from zx.model.record import Record
from zx.plan.action import Outcome
from zx.plan.answered import CARRIED_OUT
from zx.plan.compare import line_forms, observed_value
from zx.plan.crediting import ALLOCATIONS, applied

LINES = "LineItems"
_FILLED_IN = ("AccountCode", "TaxType", "Description")
"""What Xero may fill in on a line whose rules leave it out (reference/xero 2.1)."""
GONE = frozenset({"VOIDED", "DELETED"})


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
