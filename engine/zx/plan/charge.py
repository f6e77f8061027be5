"""Which changed line of the rules is to blame for a difference between two plans (preview 4.8).

The line that decided a value comes first: its table row, then its statement, then what the statement reaches (lets,
tables, settings). Where only something else changed that the record waits for, the charge is indirect.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from zx.compile.lineage import Line, Lineage, Scope
from zx.compile.textdiff import LineMap
from zx.plan.action import Action, Outcome
from zx.plan.difference import FieldTurn, RecordTurn, Turn
from zx.values.dataclass import dataclass

How = Literal["direct", "indirect"]
_EMPTY = Scope()


@dataclass(frozen=True, slots=True, order=True)
class Charge:
    """A changed line. ``place`` is where it stands in the newer rules, blank when it was taken out; ``was`` where it
    stood in the older ones, blank when it is new; ``text`` and ``old_text`` are the lines themselves."""

    place: str
    was: str
    text: str
    old_text: str
    how: How = "direct"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with another value: the line that gives it, on each side (None: there is none)."""

    name: str
    old: Line | None
    new: Line | None


@dataclass(frozen=True, slots=True)
class Charged:
    """The lines to blame for a record, and for each of its fields the one for it (None: decided with the record)."""

    record: tuple[Charge, ...]
    fields: tuple[Charge | None, ...]


class Charger:
    """Knows both rule sets and how one became the other."""

    def __init__(self, old: Lineage, new: Lineage, lines: LineMap, settings: Iterable[Setting]) -> None:
        self._old = old
        self._new = new
        self._lines = lines
        self._settings = tuple(settings)

    def charge(self, turn: RecordTurn) -> Charged:
        """The blame for one record that differs."""
        if _by_guard(turn):
            found = self._guards(turn) or self._any(turn)
            return Charged(found, (None,) * len(turn.fields))
        fields = tuple(self._field(item) for item in turn.fields)
        if turn.turn in (Turn.NEWLY_BLOCKED, Turn.NEWLY_VALID) or not turn.fields:
            stopped = self._problems(turn)
            if stopped:
                return Charged(stopped, (None,) * len(turn.fields))
        charges = _once(charge for charge in fields if charge is not None)
        return Charged(charges or self._guards(turn) or self._any(turn), fields)

    # --- one field

    def _field(self, turn: FieldTurn) -> Charge | None:
        row_new, row_old = _line(turn.new.row if turn.new else None), _line(turn.old.row if turn.old else None)
        if row_new in self._lines.added or row_old in self._lines.removed:
            return self._made([row_new] if row_new in self._lines.added else [], [row_old])[0]
        new = self._new.statements.get(turn.new.rule, _EMPTY) if turn.new else _EMPTY
        old = self._old.statements.get(turn.old.rule, _EMPTY) if turn.old else _EMPTY
        decided = self._table_lines(row_new, row_old)
        for ours, theirs in ((new.own, old.own), (new.all - decided, old.all - decided)):
            found = self._changed(ours, theirs)
            if found:
                return found[0]
        settings = self._used(new.all | old.all)
        if settings:
            return settings[0]
        return next(iter(self._asked(new.maps | old.maps)), None)

    def _table_lines(self, *rows: Line | None) -> set[Line]:
        """The tables that a known row was chosen from: their other rows decided nothing."""
        lines: set[Line] = set()
        for row in rows:
            for side in (self._old, self._new) if row is not None else ():
                name = side.table_at(row) if row is not None else None
                lines |= side.tables.get(name, frozenset()) if name is not None else frozenset()
        return lines

    # --- a record

    def _problems(self, turn: RecordTurn) -> tuple[Charge, ...]:
        """What made a problem come or go: a row of its table, or a line that its statement depends on."""
        charges: list[Charge] = []
        for action in (turn.new, turn.old):
            for problem in action.problems if action is not None else ():
                line = _line(problem.rule)
                name = None if line is None else self._new.table_at(line) or self._old.table_at(line)
                if name is not None:
                    ours, theirs = self._new.tables.get(name, frozenset()), self._old.tables.get(name, frozenset())
                    charges += self._changed(ours, theirs)
                    continue
                new = self._new.statements.get(problem.rule, _EMPTY)
                old = self._old.statements.get(problem.rule, _EMPTY)
                charges += self._changed(new.all, old.all) or self._used(new.all | old.all)
        return _once(charges)

    def _guards(self, turn: RecordTurn) -> tuple[Charge, ...]:
        new = self._new.guards.get(turn.new.map, _EMPTY) if turn.new else _EMPTY
        old = self._old.guards.get(turn.old.map, _EMPTY) if turn.old else _EMPTY
        if turn.new is None and turn.old is not None:
            new = self._new.guards.get(turn.old.map, _EMPTY)
        if turn.old is None and turn.new is not None:
            old = self._old.guards.get(turn.new.map, _EMPTY)
        for ours, theirs in ((new.own, old.own), (new.all, old.all)):
            found = self._changed(ours, theirs)
            if found:
                return found
        return self._used(new.all | old.all)

    def _any(self, turn: RecordTurn) -> tuple[Charge, ...]:
        """What changed anywhere in what the record's map depends on, or what it waits for depends on."""
        new = self._new.maps.get(turn.new.map, _EMPTY) if turn.new else _EMPTY
        old = self._old.maps.get(turn.old.map, _EMPTY) if turn.old else _EMPTY
        own = self._changed(new.all, old.all) or self._used(new.all | old.all)
        if own:
            return tuple(Charge(one.place, one.was, one.text, one.old_text, "indirect") for one in own)
        asked = self._asked(new.maps | old.maps)
        return asked or self._asked({*self._new.maps, *self._old.maps})

    def _asked(self, maps: Collection[str]) -> tuple[Charge, ...]:
        """Changes in other maps: what they make, a record of this one waits for or points to."""
        charges: list[Charge] = []
        for name in sorted(maps):
            new, old = self._new.maps.get(name, _EMPTY), self._old.maps.get(name, _EMPTY)
            charges += self._changed(new.all, old.all) or self._used(new.all | old.all)
        return _once(Charge(one.place, one.was, one.text, one.old_text, "indirect") for one in charges)

    # --- lines

    def _changed(self, new: Collection[Line], old: Collection[Line]) -> tuple[Charge, ...]:
        return self._made(sorted(self._lines.added & set(new)), sorted(self._lines.removed & set(old)))

    def _made(self, new: Iterable[Line | None], old: Iterable[Line | None]) -> tuple[Charge, ...]:
        """Charges for these lines; a line and the one whose place it took are one charge."""
        charges = []
        paired: set[Line] = set()
        for line in new:
            if line is not None:
                was = self._lines.before.get(line)
                paired |= {was} if was is not None else set()
                charges.append(self._charge(line, was))
        for line in old:
            if line is not None and line in self._lines.removed and line not in paired:
                charges.append(self._charge(self._lines.after.get(line), line))
        return _once(charges)

    def _charge(self, new: Line | None, old: Line | None) -> Charge:
        return Charge(
            _place(new),
            _place(old),
            "" if new is None else self._lines.new_text(new),
            "" if old is None else self._lines.old_text(old),
        )

    def _used(self, lines: Collection[Line]) -> tuple[Charge, ...]:
        """Settings with another value that one of ``lines`` names."""
        if not self._settings:
            return ()
        text = "\n".join((self._lines.new_text(line) + "\n" + self._lines.old_text(line)) for line in lines)
        used = [one for one in self._settings if re.search(rf"\bsettings\.{re.escape(one.name)}\b", text)]
        return _once(self._charge(one.new, one.old) for one in used)


def settings_of(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The names of settings with another value."""
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name) or (name in old) != (name in new))


def _by_guard(turn: RecordTurn) -> bool:
    """Whether the record goes for the first time, or not at all any more: then its fields say nothing of the cause."""
    if turn.turn not in (Turn.NEWLY_AFFECTED, Turn.NO_LONGER, Turn.CHANGED):
        return False
    return _out(turn.old) != _out(turn.new)


def _out(action: Action | None) -> bool:
    return action is None or action.outcome in (Outcome.SKIP, Outcome.VOID, Outcome.DELETE)


def _line(place: str | None) -> Line | None:
    file, _, number = (place or "").rpartition(":")
    return (file, int(number)) if file and number.isdigit() else None


def _place(line: Line | None) -> str:
    return "" if line is None else f"{line[0]}:{line[1]}"


def _once(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    return tuple(dict.fromkeys(charges))
