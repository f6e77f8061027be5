"""The JSON documents other programs rely on: ``zx preview --format json`` and ``zx push --format json`` (design 4).

Every Decimal is written as text, inside payloads too, so that no reader can make a float of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zx.model.problem import Problem
from zx.plan.action import Action, Change, CurrencyTotals, Finding, Outcome, Plan, Subject, SummedUp, Totals
from zx.report.about import About
from zx.report.plain import plain_value
from zx.report.results import ActionOutcome, PushOutcome
from zx.values.money import amount_text

VERSION = 1
"""Version of the documents. It grows when a reader written for the version before could be misled."""

Json = dict[str, Any]


def preview_document(plan: Plan, about: About) -> Json:
    """The plan as data (``docs/schema/preview.schema.json``)."""
    return {
        "zx": VERSION,
        "sync": plan.sync,
        "verdict": plan.verdict,
        "plan": plan.digest,
        "by_map": {name: dict(counts) for name, counts in plan.by_map.items()},
        "rules": {"digest": plan.rules_digest, "revision": about.revision, "dirty": about.dirty},
        "snapshot": {
            "digest": plan.snapshot_digest,
            "zoho_at": plan.read_at.get(plan.zoho),
            "xero_at": plan.read_at.get(plan.xero),
        },
        "counts": dict(plan.counts),
        "actions": [_action(action) for action in listed(plan)],
        "findings": [_finding(finding) for finding in plan.findings],
        "totals": [_currency(total) for total in plan.totals],
        "calls": {connection: dict(calls) for connection, calls in about.calls.items()},
    }


def push_document(plan: Plan, results: PushOutcome, about: About) -> Json:
    """The plan with what became of it (``docs/schema/push.schema.json``): in each action ``outcome``, ``total`` and
    ``messages``, and in its target the id and label that came back."""
    document = preview_document(plan, about)
    for action in document["actions"]:
        _add_outcome(action, results.actions.get(action["id"]))
    calls = document["calls"]
    for connection, used in results.calls.items():
        calls.setdefault(connection, {})["used"] = used
    document["run"] = about.run
    document["duration_ms"] = round(results.seconds * 1000)
    document["stopped"] = str(results.stopped) if results.stopped else None
    return document


def listed(plan: Plan) -> list[Action]:
    """The actions a report shows one by one: all but those that are unchanged or out of scope, in sending order. What a
    summary sums up is shown there."""
    return [
        action
        for action in plan.actions
        if action.in_scope and action.outcome is not Outcome.UNCHANGED and not action.within
    ]


def _action(action: Action) -> Json:
    return {
        "id": action.id,
        "action": str(action.outcome),
        "map": action.map,
        "after": list(action.after),
        "source": _subject(action.source),
        "target": _subject(action.target),
        "payload": plain_value(action.payload, ""),
        **({"then": [plain_value(step.payload, "") for step in action.then]} if action.then else {}),
        "changes": [_change(change) for change in action.changes],
        "totals": _totals(action.totals),
        **({"members": [_member(member) for member in action.members]} if action.members else {}),
        "reason": action.reason,
        "problems": [_problem(problem) for problem in action.problems],
    }


def _member(member: SummedUp) -> Json:
    return {"id": member.id, "label": member.label, "amount": amount_text(member.amount)}


def _subject(subject: Subject) -> Json:
    return {"system": subject.connection, "kind": subject.kind.name, "id": subject.id, "label": subject.label}


def _change(change: Change) -> Json:
    return {
        "field": change.field,
        "from": plain_value(change.before, change.field),
        "to": plain_value(change.after, change.field),
        "rule": change.rule,
        "row": change.row,
        "reads": list(change.reads),
    }


def _totals(totals: Totals | None) -> Json | None:
    if totals is None:
        return None
    return {
        "currency": totals.currency,
        "source": amount_text(totals.source),
        "target": _amount(totals.target),
        "difference": _amount(totals.difference),
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)


def _problem(problem: Problem) -> Json:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "rule": problem.rule,
        "help": problem.help,
        "fix": problem.fix,
    }


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "documents": finding.documents,
        "lines": finding.lines,
        "amounts": {currency: amount_text(amount) for currency, amount in finding.amounts.items()},
        "rule": finding.rule,
        "fix": finding.fix,
        "help": finding.help,
        "examples": list(finding.examples),
    }


def _currency(total: CurrencyTotals) -> Json:
    return {
        "currency": total.currency,
        "in_scope": amount_text(total.in_scope),
        "skipped": amount_text(total.skipped),
        "blocked": amount_text(total.blocked),
        "conflict": amount_text(total.conflict),
        "ready": amount_text(total.ready),
        "reconciles": total.reconciles,
    }


def _add_outcome(action: Json, result: ActionOutcome | None) -> None:
    """Fields of a result are there for every action, null where nothing was to be sent."""
    action["outcome"] = str(result.outcome) if result else None
    action["total"] = _amount(result.total) if result else None
    action["messages"] = list(result.messages) if result else []
    action["mismatch"] = result.mismatch if result else False
    if result and result.target_id:
        action["target"]["id"] = result.target_id
    if result and result.label:
        action["target"]["label"] = result.label
