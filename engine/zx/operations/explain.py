"""``zx explain RECORD``: one source record, what becomes of it, and every field with its rule, row and inputs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from zx.catalog.fieldtypes import Many, Ref
from zx.catalog.schema import Shape
from zx.model.record import Kind, Record
from zx.operations.connections import open_pair
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.operations.offline import basis, ground_on
from zx.operations.planning import inputs_from, inputs_of, memory_of
from zx.operations.pull import pull
from zx.plan.action import Action, After, Change, Plan
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.labels import label_of, names_of, noun_of
from zx.plan.paths import steps
from zx.plan.planner import PlanInputs, make_plan
from zx.plan.wish import WishMaker
from zx.report.plain import plain_value
from zx.runtime.values import CLEAR
from zx.values.dataclass import dataclass
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
    """One source record. ``noun`` is what people call its kind, ``values`` what the source says; maps that leave it out
    of scope come last among ``judgments``."""

    record: Record
    connection: str
    noun: str
    label: str
    judgments: tuple[Judgment, ...]


def explain(
    desk: Desk, sync: Sync, wanted: str, *, offline: bool = False, source: Path | None = None
) -> tuple[Explanation, ...]:
    """The source records called ``wanted``: by number, name or code, by id, or by the number they have in the target.
    ``offline`` and ``source`` as in a preview.

    Raises UsageError when there is none, and what preview raises.
    """
    if offline or source is not None:
        found = basis(desk, sync, source)
        ground = ground_on(desk, sync, found)
        return _explained(inputs_from(desk, ground, found.state, found.digest), wanted)
    with open_pair(desk, sync) as pair:
        ground = pull(desk, pair).ground
        memory = memory_of(desk, sync, ground.snapshot.zoho, ground.snapshot.xero)
        return _explained(inputs_of(desk, ground, memory), wanted)


def _explained(inputs: PlanInputs, wanted: str) -> tuple[Explanation, ...]:
    plan = make_plan(inputs)
    records = _records(inputs, plan, wanted)
    if not records:
        raise UsageError(
            f"no record that sync {inputs.sync} reads is called {wanted!r}",
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
    through |= {
        (action.source.kind, member.id)
        for action in plan.actions
        for member in action.members
        if key in (normalised(action.target.label), normalised(action.id))
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
        judgments.append(
            Judgment(program.name, program.rule, action, _fields(action, judged, wishes, Source(inputs, record)))
        )
    for summary in inputs.program.summaries.values():
        action = actions.get(summary.name)
        if summary.source == record.kind and action is not None:
            judgments.append(
                Judgment(summary.name, summary.rule, action, _summed(plan, action, Source(inputs, record)))
            )
    return Explanation(
        record=record,
        connection=inputs.connection(record.kind.system),
        noun=noun_of(inputs.catalogue, record.kind),
        label=record.id if shape is None else label_of(shape, record),
        judgments=tuple(sorted(judgments, key=lambda one: not one.action.in_scope)),
    )


def _summed(plan: Plan, action: Action, source: Source) -> tuple[Field, ...]:
    """What is sent of the document that sums the record up."""
    carrying = next((one for one in plan.actions if one.id == action.within), None)
    return () if carrying is None else tuple(_field(change, source, changes=True) for change in carrying.changes)


def _fields(action: Action, judged: Judged, wishes: WishMaker, source: Source) -> tuple[Field, ...]:
    """All fields as the rules want them, in the order of the rules, marked where a write would change something."""
    if not action.in_scope:
        return ()
    wish, _ = wishes.make(judged, traced=True)
    changed = {change.field: change for change in action.changes}
    wanted = [changed.pop(change.field, change) for change in wishes.creations(judged, wish)]
    planned = {change.field for change in action.changes}
    return tuple(
        _field(change, source, changes=action.writes and change.field in planned)
        for change in (*wanted, *changed.values())
    )


def _field(change: Change, source: Source, *, changes: bool) -> Field:
    inputs = tuple((path, source.value(change.field, path)) for path in change.reads)
    before = change.before if changes else None
    return Field(change.field, source.named(change.after), change.rule, change.row, inputs, before, changes)


@dataclass(frozen=True, slots=True)
class Source:
    """Looks up what rules read of one record: its own fields, those of its rows, and those of records it points to."""

    inputs: PlanInputs
    record: Record

    def value(self, field: str, path: str) -> Any:
        """What stands at ``path``, read for the target's ``field``: ``parent.`` is the record, else the row that the
        field's line comes from, else the record."""
        shape = self.inputs.catalogue.shape(self.record.kind.system, self.record.kind.name)
        if path.startswith("parent."):
            return self._follow(shape, self.record.values, steps(path)[1:])
        direct = self._follow(shape, self.record.values, steps(path))
        inside = field.partition("[")[2].partition("]")[0]
        if direct is not None or not inside.isdigit() or shape is None:
            return direct
        for rows in (one for one in shape.fields.values() if isinstance(one.type, Many)):
            assert isinstance(rows.type, Many)
            values = self.record.values.get(rows.name) or []
            if int(inside) < len(values):
                row = self.inputs.catalogue.shape(self.record.kind.system, rows.type.shape)
                return self._follow(row, values[int(inside)], steps(path))
        return None

    def named(self, value: Any) -> Any:
        """A reference to a contact with the contact's name beside its id."""
        if not (isinstance(value, Mapping) and isinstance(value.get("ContactID"), str)):
            return value
        contact = self.inputs.snapshot.get(Kind("xero", "Contact"), value["ContactID"])
        return value if contact is None else {**value, "Name": contact.values.get("Name")}

    def _follow(self, shape: Shape | None, values: Any, names: list[str]) -> Any:
        for index, name in enumerate(names):
            if not isinstance(values, Mapping):
                return None
            known = None if shape is None else shape.fields.get(name)
            if known is not None and known.group:  # an address group: the record holds its parts
                return {part: values[part] for part in known.group.values() if part in values} or None
            values = values.get(name)
            rest = names[index + 1 :]
            if rest and known is not None and isinstance(known.type, Ref) and isinstance(values, Mapping):
                if rest[0] in values:
                    return values[rest[0]]
                kind = Kind(self.record.kind.system, known.type.name)
                other = self.inputs.snapshot.get(kind, str(values.get("id", "")))
                target = self.inputs.catalogue.shape(kind.system, kind.name)
                return None if other is None else self._follow(target, other.values, rest)
            shape = None
        return values


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
        if "Name" in value or "name" in value:
            return str(value.get("Name") or value.get("name"))
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
