"""A difference as data (``docs/schema/diff.schema.json``): ``zx diff --format json``. Money is text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zx.plan.action import Action, Plan
from zx.plan.charge import Charge, Charged
from zx.plan.difference import Difference, Moved, RecordTurn
from zx.report.diff.about import DiffAbout, RuleSide
from zx.report.plain import plain_value
from zx.values.money import amount_text

VERSION = 1


def diff_document(
    found: Difference, old: Plan, new: Plan, charged: Sequence[Charged], about: DiffAbout
) -> dict[str, Any]:
    """``charged`` has the blame for each of ``found.records``."""
    return {
        "zx": VERSION,
        "sync": about.sync,
        "effect": found.differs,
        "old": _side(about.old, found.old_effect),
        "new": _side(about.new, found.new_effect),
        "snapshot": {
            "digest": about.snapshot,
            "redacted": about.redacted,
            "zoho_at": about.read_at.get(old.zoho),
            "xero_at": about.read_at.get(old.xero),
        },
        "counts": {"same": found.same, **found.counts},
        "records": [_record(record, blame) for record, blame in zip(found.records, charged, strict=True)],
        "fields": [
            {"kind": rate.kind, "field": rate.field, "values": rate.values, "differ": rate.values - rate.same}
            for rate in found.rates
        ],
        "accounts": [_moved(item, "account") for item in found.accounts],
        "tax_codes": [_moved(item, "tax_code") for item in found.taxes],
        "totals": {"old": _totals(old), "new": _totals(new)},
    }


def _side(side: RuleSide, effect: str) -> dict[str, Any]:
    return {
        "name": side.name,
        "commit": side.commit or None,
        "dirty": side.dirty,
        "rules": side.rules,
        "plan": side.plan,
        "effect": effect,
    }


def _record(record: RecordTurn, blame: Charged) -> dict[str, Any]:
    action = record.action
    return {
        "class": record.turn.value,
        "map": action.map,
        "source": {
            "system": action.source.connection,
            "kind": action.source.kind.name,
            "id": action.source.id,
            "label": action.source.label,
        },
        "target": {
            "system": action.target.connection,
            "kind": action.target.kind.name,
            "id": action.target.id,
            "label": action.target.label,
        },
        "old": _outcome(record.old),
        "new": _outcome(record.new),
        "currency": record.currency or None,
        "total": {"old": _amount(record.before), "new": _amount(record.after), "moved": amount_text(record.moved)},
        "charged": [_charge(charge) for charge in blame.record],
        "fields": [
            {
                "field": item.field,
                "old": plain_value(item.before, item.field),
                "new": plain_value(item.after, item.field),
                "old_rule": item.old.rule if item.old else None,
                "old_row": item.old.row if item.old else None,
                "new_rule": item.new.rule if item.new else None,
                "new_row": item.new.row if item.new else None,
                "charged": None if charge is None else _charge(charge),
            }
            for item, charge in zip(record.fields, blame.fields, strict=True)
        ],
    }


def _outcome(action: Action | None) -> dict[str, Any] | None:
    if action is None:
        return None
    return {
        "action": action.outcome.value,
        "reason": action.reason,
        "problems": [
            {"code": one.code, "severity": one.severity, "message": one.message, "rule": one.rule, "fix": one.fix}
            for one in action.problems
        ],
    }


def _charge(charge: Charge) -> dict[str, Any]:
    """``rule`` is null for a line that was taken out, ``was`` for a new one."""
    return {
        "rule": charge.place or None,
        "was": charge.was or None,
        "line": charge.text or None,
        "old_line": charge.old_text or None,
        "how": charge.how,
    }


def _moved(item: Moved, name: str) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "currency": item.currency,
        name: item.code or None,
        "old": amount_text(item.before),
        "new": amount_text(item.after),
        "moved": amount_text(item.moved),
    }


def _totals(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "currency": total.currency,
            "in_scope": amount_text(total.in_scope),
            "skipped": amount_text(total.skipped),
            "blocked": amount_text(total.blocked),
            "conflict": amount_text(total.conflict),
            "ready": amount_text(total.ready),
            "reconciles": total.reconciles,
        }
        for total in plan.totals
    ]


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)
