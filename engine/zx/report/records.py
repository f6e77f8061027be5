"""Cards of single records: one for each action that a report lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from zx.model.problem import Problem
from zx.plan.action import Action, After, Change, Outcome, Plan
from zx.report.document import listed
from zx.report.figures import money_text
from zx.report.results import ActionOutcome, PushOutcome
from zx.report.view import ChangeView, ProblemView, RecordView
from zx.report.visible import visible, visible_lines
from zx.report.words import RESULT_SYMBOLS, RESULT_TILES, SYMBOLS, SYSTEMS, WORDS, field_group, value_words

_RANK = {
    Outcome.BLOCK: 0,
    Outcome.CONFLICT: 0,
    Outcome.DELETE: 1,
    Outcome.VOID: 1,
    Outcome.UPDATE: 2,
    Outcome.CREATE: 2,
    Outcome.ADOPT: 2,
    Outcome.SKIP: 3,
    Outcome.UNCHANGED: 4,
}
_RESULT_RANK = {"rejected": -1, "in_doubt": -1, "conflict": -1, "not_attempted": 1}
_NAMED = frozenset({"Accounts", "Contacts", "Contact"})
_RESULT_WORDS = {
    "done": "done",
    "adopted": "adopted: it was there already, zx remembers it now",
    "rejected": "refused: nothing was written",
    "in_doubt": "no answer: it may or may not have been written. zx looks for it before it sends anything again",
    "conflict": "changed by somebody since the preview: nothing was written",
    "not_attempted": "not sent: the next push takes it up",
}


def record_views(plan: Plan, results: PushOutcome | None, explained: Collection[str]) -> tuple[RecordView, ...]:
    """Exceptions first, then biggest money first, then by number. ``explained`` are ids of actions that findings
    explain."""
    names = label_names(plan)
    ordered = sorted(listed(plan), key=lambda action: _order(action, _result(results, action)))
    return tuple(
        _record(action, names, _result(results, action), explained=action.id in explained) for action in ordered
    )


def _record(action: Action, names: Mapping[str, str], result: ActionOutcome | None, *, explained: bool) -> RecordView:
    totals = action.totals
    amount = money_amount(action)
    outcome = str(result.outcome) if result else ""
    return RecordView(
        key=str(action.outcome),
        symbol=RESULT_SYMBOLS[outcome] if outcome else SYMBOLS[action.outcome],
        word=dict(RESULT_TILES)[outcome] if outcome else WORDS.get(action.outcome, str(action.outcome)),
        map=visible(action.map),
        source=_named(action.source.kind.system, action.source.kind.name, action.source.label),
        target=_named(action.target.kind.system, action.target.kind.name, _target_label(action, result)),
        source_id=visible(action.source.id or ""),
        target_id=visible((result.target_id if result else None) or action.target.id or ""),
        number=visible(_target_label(action, result) or action.source.label),
        party=party(action, names),
        personal=action.source.kind.name in _NAMED,
        amount=money_text(amount) if amount is not None else "",
        currency=visible(totals.currency) if totals else "",
        source_total=money_text(totals.source) if totals else "",
        target_total=_target_total(action, result),
        difference=_difference(action, result),
        reason="" if _said(action) else visible(action.reason or ""),
        waits_for=tuple(names.get(other, visible(other)) for other in action.after),
        changes=tuple(_change(change, names) for change in _by_group(action.changes)),
        problems=tuple(_problem(problem) for problem in action.problems),
        explained=explained,
        result=outcome,
        result_words=_RESULT_WORDS[outcome] if outcome else "",
        messages=_messages(result),
    )


def _said(action: Action) -> bool:
    """Whether the reason is what a problem says in the same words, with its rule and its cure."""
    return action.reason is not None and any(action.reason in problem.message for problem in action.problems)


def _problem(problem: Problem) -> ProblemView:
    return ProblemView(
        problem.code,
        problem.severity == "error",
        visible(problem.message),
        visible(problem.rule),
        visible(problem.help),
        visible_lines(problem.fix),
    )


def money_amount(action: Action) -> Decimal | None:
    """The money of a document: what the target will hold, or the source's own total where nothing will be sent."""
    if action.totals is None:
        return None
    if action.writes and action.totals.counted is not None:
        return action.totals.counted
    return action.totals.source


def _result(results: PushOutcome | None, action: Action) -> ActionOutcome | None:
    return results.actions.get(action.id) if results else None


def _order(action: Action, result: ActionOutcome | None) -> tuple[int, Decimal, str, str]:
    failed = _RESULT_RANK.get(str(result.outcome), 9) if result else 9
    return (
        min(_RANK[action.outcome], failed),
        -abs(money_amount(action) or Decimal(0)),
        action.target.label or action.source.label,
        action.id,
    )


def label_names(plan: Plan) -> dict[str, str]:
    """Labels by action id and by the target's own id."""
    names: dict[str, str] = {}
    for action in plan.actions:
        label = visible(action.target.label or action.source.label)
        names[action.id] = f"{action.target.kind.name.lower()} {label}"
        if action.target.id:
            names[action.target.id] = label
    return names


def _named(system: str, kind: str, label: str) -> str:
    return f"{SYSTEMS[system]} {kind} {visible(label)}".rstrip()


def _target_label(action: Action, result: ActionOutcome | None) -> str:
    return (result.label if result else None) or action.target.label


def party(action: Action, names: Mapping[str, str]) -> str:
    """The name on a document: from its payload, or of the action or record its contact points to."""
    contact = action.payload.get("Contact")
    if not isinstance(contact, Mapping):
        return ""
    if isinstance(contact.get("Name"), str):
        return visible(contact["Name"])
    reference = contact.get("ContactID")
    if isinstance(reference, After):
        return names.get(reference.action, "").partition(" ")[2]
    return names.get(reference, "") if isinstance(reference, str) else ""


def _by_group(changes: Iterable[Change]) -> list[Change]:
    """The header's fields first, then each line's; within them as the rules state them."""
    return sorted(changes, key=lambda change: _group_order(change.field))


def _group_order(field: str) -> tuple[int, int]:
    group = field_group(field)[0]
    return (1, int(group.removeprefix("Line "))) if group else (0, 0)


def _change(change: Change, names: Mapping[str, str]) -> ChangeView:
    group, words = field_group(change.field)
    return ChangeView(
        group=group,
        field=words,
        had=change.before is not None,
        before=value_words(change.before, change.field, names),
        after=value_words(change.after, change.field, names),
        rule=visible(change.rule),
        row=visible(change.row or ""),
        reads=visible(", ".join(_read(path) for path in change.reads)),
    )


def _read(path: str) -> str:
    """A source field; a line says that it looked at its document in the document's own words."""
    inner = path.removeprefix("parent.")
    return path if inner == path else f"{inner} of the document"


def _target_total(action: Action, result: ActionOutcome | None) -> str:
    if action.totals is None:
        return ""
    total = result.total if result and result.total is not None else action.totals.target
    return "" if total is None else money_text(total)


def _difference(action: Action, result: ActionOutcome | None) -> str:
    if action.totals is None:
        return ""
    gap = action.totals.difference
    if result and result.total is not None:
        gap = action.totals.as_source(result.total) - action.totals.source
    return "" if gap is None else money_text(gap)


def _messages(result: ActionOutcome | None) -> tuple[str, ...]:
    if result is None:
        return ()
    said = tuple(visible(message) for message in result.messages)
    return (*said, "the total that came back is not the one that was sent") if result.mismatch else said
