"""Can this invoice take the whole payment, and when? (product F25, reference/xero 2.8)

Xero takes payments on approved invoices only and never above what is due, and a payment is never edited. So a payment
goes after whatever this same plan does to its invoice; part payments are a person's to sort out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.model.snapshot import Snapshot
from zx.plan.action import Action, Outcome
from zx.plan.forms import total_of
from zx.plan.judged import Judged
from zx.plan.wish import Wish
from zx.runtime.values import TargetRef
from zx.values.dataclass import dataclass
from zx.values.money import ZERO, amount_text

_INVOICE = Kind("xero", "Invoice")
_STOPPED = (Outcome.BLOCK, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides say something about the money: a person must answer."""

    problem: Problem


class PaymentDesk:
    """Knows what becomes of each invoice in this plan; payments are decided after them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._invoices: dict[str, Action] = {}

    def heard(self, action: Action) -> None:
        """Takes note of what becomes of an invoice."""
        if action.target.kind == _INVOICE and action.target.id is not None and (action.writes or _stops(action)):
            self._invoices[action.target.id] = action

    def after(self, wish: Wish) -> tuple[str, ...]:
        """The action that a payment waits for: what is written to its invoice first."""
        invoice = wish.fields.get("Invoice")
        action = self._invoices.get(invoice.id or "") if isinstance(invoice, TargetRef) else None
        return (action.id,) if action is not None and action.writes else ()

    def verdict(self, judged: Judged, wish: Wish) -> Problem | Conflict | None:
        """None when the payment may be made."""
        paid = wish.fields.get("Invoice")
        if not isinstance(paid, TargetRef) or paid.kind != _INVOICE.name:
            return None
        rule = judged.map.fields["Invoice"].rule
        invoice = self._snapshot.get(_INVOICE, paid.id or "")
        label = str(paid.values.get("InvoiceNumber") or paid.id)
        action = self._invoices.get(paid.id or "")
        if action is not None and _stops(action):
            return _waits(label, action, rule)
        status, due = _standing(invoice, action)
        if status != "AUTHORISED":
            state = "gone from Xero" if invoice is None else f"{str(status).lower()} in Xero"
            return Problem(
                "R920",
                "error",
                f"its invoice {label} is {state}: Xero takes payments on approved invoices only",
                rule,
                help="approve the invoice in Xero; then run zx preview again",
                cause=f"unpayable:{state}",
                summary=f"invoices that are {state} take no payments",
            )
        settled = sum((_money(invoice, name) for name in ("AmountPaid", "AmountCredited")), ZERO)
        amount = wish.fields.get("Amount")
        if settled or (isinstance(amount, Decimal) and due is not None and amount != due):
            return Conflict(_part_paid(label, settled, due, amount, judged.map.rule))
        return None


def _stops(action: Action) -> bool:
    return action.outcome in _STOPPED


def _standing(invoice: Record | None, action: Action | None) -> tuple[Any, Decimal | None]:
    """Status and amount due once this plan is carried out."""
    if invoice is None:
        return None, None
    status, due = invoice.values.get("Status"), _money(invoice, "AmountDue")
    if action is None or not action.writes:
        return status, due
    total = None if action.totals is None else action.totals.target
    return action.payload.get("Status", status), due if total is None else due + total - (total_of(invoice) or ZERO)


def _money(invoice: Record | None, name: str) -> Decimal:
    value = None if invoice is None else invoice.values.get(name)
    return value if isinstance(value, Decimal) else ZERO


def _waits(label: str, action: Action, rule: str) -> Problem:
    first = next((problem for problem in action.problems if problem.severity == "error"), None)
    return Problem(
        "R904",
        "error",
        f"it needs Xero invoice {label}, which is blocked: {action.reason}",
        rule,
        help="" if first is None else first.help,
        fix="" if first is None else first.fix,
        cause=f"invoice:{label}" if first is None else first.cause or f"{first.code}:{first.rule}:{first.message}",
    )


def _part_paid(label: str, settled: Decimal, due: Decimal | None, amount: Any, rule: str) -> Problem:
    stated = amount_text(amount) if isinstance(amount, Decimal) else "nothing"
    what = f"{amount_text(settled)} of it is settled in Xero already" if settled else "the amounts differ"
    return Problem(
        "R909",
        "error",
        f"{label} has {amount_text(due or ZERO)} due in Xero, Zoho says {stated} was paid: {what}",
        rule,
        help="zx enters whole payments only: enter the rest in Xero by hand",
        cause=f"part paid:{label}",
        summary="part payments in Xero: zx enters whole payments only",
    )
