"""Two plans on the same data, record by record and field by field: what other rules would do otherwise.

Rules are named, not judged: which of their lines is to blame is for ``plan.charge``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.model.link import Entity
from zx.plan.action import Action, Change, Outcome, Plan
from zx.plan.effect import Effects
from zx.plan.standing import Booking, Standing
from zx.values.dataclass import dataclass
from zx.values.jsontext import canonical
from zx.values.money import ZERO


class Turn(StrEnum):
    """How the outcome of a record differs between two plans (preview 4.8), exceptions first."""

    NEWLY_BLOCKED = "newly_blocked"
    NO_LONGER = "no_longer_affected"
    CHANGED = "changed"
    NEWLY_AFFECTED = "newly_affected"
    NEWLY_VALID = "newly_valid"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class FieldTurn:
    """One field that would hold another value: ``before`` and ``after`` are what stands in the target once a push is
    done, None where nothing does. ``old`` and ``new`` are the changes of either plan that say so."""

    field: str
    before: Any
    after: Any
    old: Change | None
    new: Change | None


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """One record. ``old`` or ``new`` is None where a plan does not know it under this map. ``before`` and ``after``
    are its totals in the target once a push is done (None: it stands nowhere)."""

    turn: Turn
    old: Action | None
    new: Action | None
    fields: tuple[FieldTurn, ...]
    currency: str = ""
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def action(self) -> Action:
        """The record as the newer plan names it."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def moved(self) -> Decimal:
        """By how much the target's total differs."""
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class FieldRate:
    """How many values of one field both plans set, and how many of them are equal."""

    kind: str
    field: str
    values: int
    same: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Money of one account or tax code in one kind of document, in the records that differ, once a push is done by
    either plan."""

    kind: str
    currency: str
    code: str
    before: Decimal
    after: Decimal

    @property
    def moved(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """``records`` are all that differ; ``same`` how many do not. ``old_effect`` and ``new_effect`` are digests of
    everything either plan would write, leave or say: equal digests are the proof that nothing differs."""

    records: tuple[RecordTurn, ...]
    same: int
    counts: Mapping[str, int]
    rates: tuple[FieldRate, ...]
    accounts: tuple[Moved, ...]
    taxes: tuple[Moved, ...]
    old_effect: str
    new_effect: str

    @property
    def differs(self) -> bool:
        return self.old_effect != self.new_effect


def difference(old: Plan, new: Plan, standing: Callable[[Action], Standing | None]) -> Difference:
    """``standing`` says what of a document will stand in the target once its action was pushed."""
    left, right = Effects(old), Effects(new)
    standing = _remembered(standing)
    turns, same = [], 0
    sent: list[tuple[Action, Action, tuple[FieldTurn, ...]]] = []
    for one, other in _pairs(old, new):
        fields = _fields(one, other, left, right)
        if one is not None and other is not None and _sent_both(one, other):
            sent.append((one, other, fields))
        turn = _turn(one, other, left, right)
        if turn is Turn.SAME:
            same += 1
            continue
        turns.append(_record(turn, one, other, fields, standing))
    ordered = tuple(sorted(turns, key=_order))
    return Difference(
        records=ordered,
        same=same,
        counts={turn.value: sum(item.turn is turn for item in ordered) for turn in Turn if turn is not Turn.SAME},
        rates=_rates(sent, standing),
        accounts=_moved(ordered, standing, lambda booking: booking.account),
        taxes=_moved(ordered, standing, lambda booking: booking.tax_code),
        old_effect=left.digest,
        new_effect=right.digest,
    )


def _remembered(standing: Callable[[Action], Standing | None]) -> Callable[[Action], Standing | None]:
    known: dict[int, Standing | None] = {}

    def ask(action: Action) -> Standing | None:
        if id(action) not in known:
            known[id(action)] = standing(action)
        return known[id(action)]

    return ask


# --- which records belong together


def _pairs(old: Plan, new: Plan) -> list[tuple[Action | None, Action | None]]:
    """Actions by id; what is left by the record and the kinds, so that a map can be renamed."""
    left = {action.id: action for action in old.actions}
    right = {action.id: action for action in new.actions}
    pairs: list[tuple[Action | None, Action | None]] = [
        (left.pop(name), right.pop(name)) for name in list(left) if name in right
    ]
    by_record: dict[tuple[Entity, str | None], Action] = {}
    for action in right.values():
        by_record.setdefault((action.entity, action.source.id), action)
    for action in left.values():
        other = by_record.pop((action.entity, action.source.id), None)
        if other is not None:
            right.pop(other.id)
        pairs.append((action, other))
    return [*pairs, *((None, action) for action in right.values())]


_SENT = frozenset({Outcome.CREATE, Outcome.UPDATE, Outcome.UNCHANGED, Outcome.ADOPT})


def _stopped(action: Action | None) -> bool:
    return action is not None and action.outcome in (Outcome.BLOCK, Outcome.CONFLICT)


def _turn(old: Action | None, new: Action | None, left: Effects, right: Effects) -> Turn:
    if left.of(old) == right.of(new):
        return Turn.SAME
    if _stopped(old) != _stopped(new):
        return Turn.NEWLY_BLOCKED if _stopped(new) else Turn.NEWLY_VALID
    writes = (old is not None and old.writes, new is not None and new.writes)
    if writes == (False, True):
        return Turn.NEWLY_AFFECTED
    return Turn.NO_LONGER if writes == (True, False) else Turn.CHANGED


# --- fields


def _fields(old: Action | None, new: Action | None, left: Effects, right: Effects) -> tuple[FieldTurn, ...]:
    """Every field that would hold another value, the new plan's in its order first."""
    ours = {change.field: change for change in old.changes} if old is not None and old.writes else {}
    theirs = {change.field: change for change in new.changes} if new is not None and new.writes else {}
    turns = []
    for name in dict.fromkeys((*theirs, *ours)):
        one, other = ours.get(name), theirs.get(name)
        before = one.after if one is not None else (other.before if other is not None else None)
        after = other.after if other is not None else (one.before if one is not None else None)
        if canonical(left.plain(before)) != canonical(right.plain(after)):
            turns.append(FieldTurn(name, before, after, one, other))
    return tuple(turns)


def _sent_both(old: Action, new: Action) -> bool:
    """Whether both plans have the record in step, or bring it there."""
    return old.outcome in _SENT and new.outcome in _SENT


def _rates(
    pairs: Iterable[tuple[Action, Action, tuple[FieldTurn, ...]]],
    standing: Callable[[Action], Standing | None],
) -> tuple[FieldRate, ...]:
    """Only fields of which some value differs; a record counts once, or once for each of its lines."""
    records: dict[str, int] = {}
    lines: dict[str, int] = {}
    differ: dict[tuple[str, str], int] = {}
    for _, action, fields in pairs:
        kind = action.target.kind.name
        found = standing(action)
        records[kind] = records.get(kind, 0) + 1
        lines[kind] = lines.get(kind, 0) + (len(found.bookings) if found is not None else 0)
        for item in fields:
            key = (kind, _general(item.field))
            differ[key] = differ.get(key, 0) + 1
    rates = []
    for (kind, name), number in sorted(differ.items()):
        values = lines[kind] if name.startswith("LineItems") else records[kind]
        rates.append(FieldRate(kind, name, max(values, number), max(values, number) - number))
    return tuple(rates)


def _general(field: str) -> str:
    """``LineItems[3].TaxType`` as ``LineItems.TaxType``: one field, whichever line."""
    head, bracket, rest = field.partition("[")
    inside, _, tail = rest.partition("]")
    return f"{head}{tail}" if bracket and inside.isdigit() else field


# --- money


def _record(
    turn: Turn,
    old: Action | None,
    new: Action | None,
    fields: tuple[FieldTurn, ...],
    standing: Callable[[Action], Standing | None],
) -> RecordTurn:
    before = standing(old) if old is not None else None
    after = standing(new) if new is not None else None
    named = [action.totals.currency for action in (new, old) if action is not None and action.totals is not None]
    currency = next(iter(named), "")
    return RecordTurn(
        turn, old, new, fields, currency, before.total if before else None, after.total if after else None
    )


def _moved(
    records: Iterable[RecordTurn],
    standing: Callable[[Action], Standing | None],
    code: Callable[[Booking], str],
) -> tuple[Moved, ...]:
    sums: dict[tuple[str, str, str], list[Decimal]] = {}
    for record in records:
        for side, action in enumerate((record.old, record.new)):
            found = standing(action) if action is not None else None
            if found is None:
                continue
            for booking in found.bookings:
                key = (found.kind, found.currency, code(booking))
                sums.setdefault(key, [ZERO, ZERO])[side] += booking.net
    return tuple(
        Moved(kind, currency, name, before, after)
        for (kind, currency, name), (before, after) in sorted(sums.items())
        if before != after
    )


_RANK = {turn: place for place, turn in enumerate(Turn)}


def _order(record: RecordTurn) -> tuple[int, Decimal, Decimal, str, str]:
    """Exceptions first, then the most money moved, then the biggest."""
    size = max(abs(record.before or ZERO), abs(record.after or ZERO))
    label = record.action.target.label or record.action.source.label
    return _RANK[record.turn], -abs(record.moved), -size, label, record.action.id
