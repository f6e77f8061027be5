"""The planner: every record read gets exactly one outcome under each map, and the plan says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from zx.compile.program import MapProgram
from zx.model.record import Kind
from zx.plan.action import Action, After, Finding, Outcome, Plan
from zx.plan.crediting import CREDIT_NOTE
from zx.plan.decide import Decider
from zx.plan.deleted import deleted
from zx.plan.findings import findings
from zx.plan.forms import PAYMENT
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged, Wanted
from zx.plan.reconcile import reconcile
from zx.plan.summaries import Summaries, Summed
from zx.plan.unread import unread
from zx.values.jsontext import digest

__all__ = ["PlanInputs", "make_plan"]

_IN_THE_BOOKS = (Outcome.CREATE, Outcome.UPDATE, Outcome.UNCHANGED, Outcome.ADOPT, Outcome.CONFLICT)
"""Documents that will stand in the target: what they ask for is needed."""
_ORDER = {
    outcome: place
    for place, outcome in enumerate((Outcome.ADOPT, Outcome.VOID, Outcome.DELETE, Outcome.CREATE, Outcome.UPDATE))
}
"""Actions of one map and outcome stand together, since they may share a request."""


def make_plan(inputs: PlanInputs) -> Plan:
    """Documents first, since they decide who is needed; contacts and items next; then all in the order of sending.

    The same inputs give the same plan, whatever the order in which records were read.
    """
    judge = Judge(inputs)
    decider = Decider(inputs, judge)
    summaries = Summaries(inputs, judge).plan()
    documents: dict[str, list[tuple[Judged, Action]]] = {}
    sending = [program for program in inputs.program.maps.values() if not program.needed]
    for program in sending:
        apart = _taken(summaries, program)
        for record in inputs.snapshot.records(program.source):
            if record.id not in apart:
                judge.judge_record(program, record)  # all first: records of both sides tell of each other
    for program in sorted(sending, key=_after_invoices):
        documents[program.name] = _decide_all(inputs, judge, decider, program, _taken(summaries, program))
    for program in inputs.program.maps.values():
        if program.unasked is not None:
            documents[program.name] = _decide_unasked(inputs, judge, decider, program)
    summed = [decided for summary in summaries for decided in (summary.members, summary.groups)]
    needed, made = _needs(judge, (*documents.values(), *summed))
    found_or_made = [decider.make(judge.made[name]) for name in sorted(made)]
    actions = [*found_or_made]
    counted: list[Action] = []
    for program in sorted(inputs.program.maps.values(), key=_after_invoices):
        if program.needed:
            own = _decide_needed(inputs, judge, decider, program, needed, documents)
        else:
            own = [action for _, action in documents[program.name]]
        counted += sorted(own, key=lambda action: _ORDER.get(action.outcome, len(_ORDER)))
    # What counts is what becomes of each record; the document that carries it out is no record that was read.
    counted += [action for summary in summaries for _, action in summary.members]
    actions += counted
    actions += [action for summary in summaries for _, action in summary.groups]
    gone = tuple(finding for summary in summaries for finding in summary.found)
    return _plan(inputs, tuple(actions), counted, found_or_made, gone)


def _after_invoices(program: MapProgram) -> bool:
    """Payments come last: what becomes of their invoices decides about them."""
    return program.target == PAYMENT


def _taken(summaries: Iterable[Summed], program: MapProgram) -> dict[str, str]:
    """The records that a summary sends in place of ``program``, and what is said of them there. Who is in a summary is
    in no other sales document, a credit note included."""
    found: dict[str, str] = {}
    for summary in summaries:
        if summary.program.source == program.source and program.target in (summary.program.target, CREDIT_NOTE):
            found |= summary.taken
    return found


def _decide_all(
    inputs: PlanInputs, judge: Judge, decider: Decider, program: MapProgram, taken: Mapping[str, str]
) -> list[tuple[Judged, Action]]:
    decided = []
    for record in inputs.snapshot.records(program.source):
        if record.id in taken:
            decided.append(decider.taken(program, record, taken[record.id]))
            continue
        judged = judge.judge_record(program, record)
        decided.append((judged, decider.decide(judged)))
    return decided


def _decide_unasked(
    inputs: PlanInputs, judge: Judge, decider: Decider, program: MapProgram
) -> list[tuple[Judged, Action]]:
    """The records of ``only when needed or …`` that are in scope though nobody asks for them."""
    decided = []
    for record in inputs.snapshot.records(program.source):
        judged = judge.judge_unasked(program, record)
        if judged is not None and not judge.is_echo(judged):
            decided.append((judged, decider.decide(judged)))
    return decided


def _needs(judge: Judge, documents: Iterable[list[tuple[Judged, Action]]]) -> tuple[set[Wanted], set[str]]:
    """What documents that will stand in the target ask for, and what those ask for in turn."""
    needed: set[Wanted] = set()
    made: set[str] = set()
    todo: list[Judged] = []
    for decided in documents:
        for judged, action in decided:
            if action.outcome in _IN_THE_BOOKS:
                todo.append(judged)
    while todo:
        judged = todo.pop()
        made |= judged.makes
        for wanted in judged.asks - needed:
            needed.add(wanted)
            further = judge.asked(wanted)
            if further is not None:
                todo.append(further)
    return needed, made


def _decide_needed(
    inputs: PlanInputs,
    judge: Judge,
    decider: Decider,
    program: MapProgram,
    needed: set[Wanted],
    documents: Mapping[str, list[tuple[Judged, Action]]],
) -> list[Action]:
    asked_at_all = {
        wanted
        for decided in documents.values()
        for judged, _ in decided
        if not judge.is_echo(judged)
        for wanted in judged.asks
    }
    unasked = {judged.record.id: action for judged, action in documents.get(program.name, ())}
    actions = []
    for record in inputs.snapshot.records(program.source):
        wanted = (program.name, record.id)
        if record.id in unasked:
            actions.append(unasked[record.id])
            continue
        judged = judge.asked(wanted)
        if judged is not None and (wanted in needed or (judged.blocked and wanted in asked_at_all)):
            actions.append(decider.decide(judged, needed=True))
        elif judged is not None and judge.is_echo(judged):
            actions.append(decider.decide(judged))
        else:
            actions.append(decider.not_needed(program.name, record))
    return actions


def _plan(
    inputs: PlanInputs,
    actions: tuple[Action, ...],
    counted: list[Action],
    found_or_made: list[Action],
    gone: tuple[Finding, ...],
) -> Plan:
    by_map = {name: _empty_counts() for name in inputs.program.maps}
    for action in found_or_made:
        # No record was read for it, so it counts under its own name and in no sum over records.
        counts = by_map.setdefault(action.map, _empty_counts())
        counts["read"] += 1
        counts[action.outcome] += 1
    best: dict[tuple[Kind, str | None], Action] = {}
    for action in counted:
        counts = by_map.setdefault(action.map, _empty_counts())
        counts["read"] += 1
        counts[action.outcome] += 1
        key = (action.source.kind, action.source.id)
        if key not in best or _weight(action) > _weight(best[key]):
            best[key] = action
    actions, counted = _once(actions, best), list(_once(counted, best))
    total = {outcome.value: 0 for outcome in Outcome}
    for action in best.values():
        total[action.outcome] += 1
    program, snapshot, state = inputs.program, inputs.snapshot, inputs.state
    pinned = {
        "sync": inputs.sync,
        "rules": program.digest,
        "snapshot": snapshot.digest,
        "state": [state.lineage, state.serial],
        "decisions": inputs.decisions.pinned,
        "actions": [_pinned(action) for action in actions if action.outcome is not Outcome.UNCHANGED],
    }
    return Plan(
        sync=inputs.sync,
        zoho=inputs.zoho,
        xero=inputs.xero,
        digest=digest(pinned),
        rules_digest=program.digest,
        snapshot_digest=snapshot.digest,
        read_at=snapshot.read_at,
        state_serial=state.serial,
        state_lineage=state.lineage,
        actions=actions,
        findings=(*findings(actions), *deleted(inputs), *unread(inputs), *gone),
        totals=reconcile(counted),
        by_map=by_map,
        counts=total,
    )


def _once(actions: Iterable[Action], best: Mapping[tuple[Kind, str | None], Action]) -> tuple[Action, ...]:
    """The same actions, the money of each record counted where it goes: not in a map that leaves it to another."""
    return tuple(
        replace(action, totals=None)
        if action.outcome is Outcome.SKIP
        and action.in_scope
        and (other := best.get((action.source.kind, action.source.id))) is not None
        and other is not action
        and other.totals is not None
        else action
        for action in actions
    )


def _weight(action: Action) -> int:
    """Of several actions for one record that which says most of it: what is left out by one map may go by another."""
    return 0 if not action.in_scope else 1 if action.outcome is Outcome.SKIP else 2


def _empty_counts() -> dict[str, int]:
    return {"read": 0, **{outcome.value: 0 for outcome in Outcome}}


def _pinned(action: Action) -> dict[str, Any]:
    """What a plan's digest holds of an action: who, what, and exactly what would be sent."""
    return {
        "id": action.id,
        "outcome": action.outcome.value,
        "target": action.target.id,
        "payload": _plain(action.payload),
        "then": [_plain(step.payload) for step in action.then],
        "reason": action.reason,
        "version": action.observed_version,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, After):
        return {"after": value.action}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, Decimal | str | bool | int) or value is None else str(value)
