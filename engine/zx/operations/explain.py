"""``zx explain RECORD``: one source record, what becomes of it, and every field with its rule, row and inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Shape
from zx.model.record import Record
from zx.operations.connections import open_pair
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.operations.planning import Ground, inputs_of, memory_of
from zx.operations.pull import last_ground, pull
from zx.plan.action import Action, After, Change, Plan
from zx.plan.judge import Judge, Judged
from zx.plan.labels import label_of, names_of, noun_of
from zx.plan.paths import read_path
from zx.plan.planner import PlanInputs, make_plan
from zx.plan.wish import WishMaker
from zx.report.plain import plain_value
from zx.runtime.values import CLEAR
from zx.values.money import plain
from zx.values.text import normalised
from zx.workspace.workspace import Sync


@dataclass(frozen=True, slots=True)
class Field:
    """One field the rules set. ``now`` is what the target holds where a write would change it (None: nothing, or no
    change); ``inputs`` are the source fields read, with their values."""

    name: str
    value: Any
    rule: str
    row: str | None
    inputs: tuple[tuple[str, Any], ...]
    now: Any = None
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Judgment:
    """The record under one map."""

    map: str
    rule: str
    action: Action
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One source record. ``noun`` is what people call its kind, ``values`` what the source says."""

    record: Record
    connection: str
    noun: str
    label: str
    judgments: tuple[Judgment, ...]


def explain(desk: Desk, sync: Sync, wanted: str, *, offline: bool) -> tuple[Explanation, ...]:
    """The source records called ``wanted``: by number, name or code, by id, or by the number they have in the target.

    Raises UsageError when there is none, and what preview raises.
    """
    if offline:
        return _explained(desk, last_ground(desk, sync), wanted)
    with open_pair(desk, sync) as pair:
        return _explained(desk, pull(desk, pair).ground, wanted)


def _explained(desk: Desk, ground: Ground, wanted: str) -> tuple[Explanation, ...]:
    memory = memory_of(desk, ground.sync, ground.snapshot.zoho, ground.snapshot.xero)
    inputs = inputs_of(desk, ground, memory)
    plan = make_plan(inputs)
    records = _records(inputs, plan, wanted)
    if not records:
        raise UsageError(
            f"no record that sync {ground.sync.name} reads is called {wanted!r}",
            "give a number, a name, a product code or an id as Zoho or Xero shows it",
        )
    judge = Judge(inputs)
    wishes = WishMaker(inputs, judge)
    return tuple(_explanation(inputs, plan, judge, wishes, record) for record in records)


def _records(inputs: PlanInputs, plan: Plan, wanted: str) -> list[Record]:
    """Exact hits by any of their names; nothing else is guessed."""
    key = normalised(wanted)
    through = {
        (action.source.kind, action.source.id)
        for action in plan.actions
        if key in (normalised(action.target.label), normalised(action.target.id or ""), normalised(action.id))
    }
    found: dict[tuple[str, str], Record] = {}
    for kind in {program.source for program in inputs.program.maps.values()}:
        shape = inputs.catalogue.shape(kind.system, kind.name)
        for record in inputs.snapshot.records(kind):
            names = {normalised(name) for name in (record.id, *(names_of(shape, record) if shape else ()))}
            if key in names or (kind, record.id) in through:
                found[(str(kind), record.id)] = record
    return [found[name] for name in sorted(found)]


def _explanation(inputs: PlanInputs, plan: Plan, judge: Judge, wishes: WishMaker, record: Record) -> Explanation:
    shape = inputs.catalogue.shape(record.kind.system, record.kind.name)
    actions = {
        action.map: action
        for action in plan.actions
        if (action.source.kind, action.source.id) == (record.kind, record.id)
    }
    judgments = []
    for program in inputs.program.maps.values():
        action = actions.get(program.name)
        if program.source != record.kind or action is None:
            continue
        judged = judge.judge_record(program, record)
        fields = _fields(action, judged, wishes, record, shape)
        judgments.append(Judgment(program.name, program.rule, action, fields))
    return Explanation(
        record=record,
        connection=inputs.connection(record.kind.system),
        noun=noun_of(inputs.catalogue, record.kind),
        label=record.id if shape is None else label_of(shape, record),
        judgments=tuple(judgments),
    )


def _fields(
    action: Action, judged: Judged, wishes: WishMaker, record: Record, shape: Shape | None
) -> tuple[Field, ...]:
    """All fields as the rules want them, in the order of the rules, marked where a write would change something."""
    if not action.in_scope:
        return ()
    wish, _ = wishes.make(judged, traced=True)
    changed = {change.field: change for change in action.changes}
    wanted = [changed.pop(change.field, change) for change in wishes.creations(judged, wish)]
    planned = {change.field for change in action.changes}
    return tuple(
        _field(change, record, shape, changes=action.writes and change.field in planned)
        for change in (*wanted, *changed.values())
    )


def _field(change: Change, record: Record, shape: Shape | None, *, changes: bool) -> Field:
    inputs = tuple((path, _input(record, change.field, path, shape)) for path in change.reads)
    before = change.before if changes else None
    return Field(change.field, change.after, change.rule, change.row, inputs, before, changes)


def _input(record: Record, field: str, path: str, shape: Shape | None) -> Any:
    """What the source says at ``path``: in the record (an address by its parts), else in the rows of its lists, where
    the field's line is."""
    parts = shape.fields[path].group if shape is not None and path in shape.fields else None
    if parts:
        address = {name: value for name in parts.values() if (value := read_path(record.values, name)) is not None}
        return address or None
    direct = read_path(record.values, path)
    if direct is not None or "[" not in field:
        return direct
    index = int(field.partition("[")[2].partition("]")[0]) if field.partition("[")[2][:1].isdigit() else -1
    for rows in _lists(record.values.values()):
        if 0 <= index < len(rows):
            inside = read_path(rows[index], path)
            if inside is not None:
                return inside
    return None


def _lists(values: Iterable[Any]) -> list[list[Any]]:
    return [value for value in values if isinstance(value, list) and value and isinstance(value[0], Mapping)]


def value_text(value: Any) -> str:
    """A value on one line, for people."""
    if value is None:
        return "nothing"
    if value is CLEAR or value == "":
        return "cleared"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, After):
        return f"the record that {value.action} makes"
    if isinstance(value, Mapping):
        if "name" in value:
            return str(value["name"])
        return ", ".join(f"{name} {value_text(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return " + ".join(value_text(item) for item in value) or "nothing"
    return str(value)


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON data; money as text."""
    return {
        "source": {
            "system": explanation.connection,
            "kind": explanation.record.kind.name,
            "id": explanation.record.id,
            "label": explanation.label,
        },
        "maps": [
            {
                "map": judgment.map,
                "rule": judgment.rule,
                "action": judgment.action.outcome.value,
                "reason": judgment.action.reason,
                "target": {
                    "system": judgment.action.target.connection,
                    "kind": judgment.action.target.kind.name,
                    "id": judgment.action.target.id,
                    "label": judgment.action.target.label,
                },
                "fields": [_field_document(field) for field in judgment.fields],
                "problems": [
                    {
                        "code": problem.code,
                        "severity": problem.severity,
                        "message": problem.message,
                        "rule": problem.rule,
                        "help": problem.help,
                        "fix": problem.fix,
                    }
                    for problem in judgment.action.problems
                ],
            }
            for judgment in explanation.judgments
        ],
    }


def _field_document(field: Field) -> dict[str, Any]:
    return {
        "field": field.name,
        "value": _json(field.value, field.name),
        "changes": field.changes,
        "from": _json(field.now, field.name),
        "rule": field.rule,
        "row": field.row,
        "reads": {path: _json(value, path) for path, value in field.inputs},
    }


def _json(value: Any, field: str) -> Any:
    return "" if value is CLEAR else plain_value(value, field)
