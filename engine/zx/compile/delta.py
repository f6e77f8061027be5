"""Delta programs: after a change of the rules only changed fields are worked out again, and guards (language 4.5).

What a change reaches is known from the digests of the fields (``zx.compile.fingerprints``). A delta takes what the
rules before the change made of a record and gives what the rules after it make, as a whole evaluation would.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from zx.catalog.schema import Catalogue
from zx.check.typed import TypedBody, TypedMap, TypedRules
from zx.compile.assemble import assemble
from zx.compile.fingerprints import BodyMeaning, MapMeaning, meanings
from zx.compile.program import Evaluated, Key, Line, MapProgram, Scope
from zx.model.record import Record
from zx.runtime.values import Context
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Reached:
    """What a change reaches in one map: target fields of the header and, by section, of the lines. ``whole``: more than
    fields changed (a guard, a section, what the map is), so that every record is judged anew."""

    fields: frozenset[str]
    lines: tuple[frozenset[str], ...]
    rest: bool
    whole: bool

    def __bool__(self) -> bool:
        return self.whole or self.rest or bool(self.fields) or any(self.lines)


def reached(before: TypedRules, after: TypedRules) -> Mapping[str, Reached]:
    """What the change from ``before`` to ``after`` reaches, by the maps of ``after``; a map that is not there means the
    same as it did. A map that is gone is in neither."""
    old, new = meanings(before), meanings(after)
    found = {name: _reached(old.get(name), meaning) for name, meaning in new.items()}
    return {name: change for name, change in found.items() if change}


def _reached(old: MapMeaning | None, new: MapMeaning) -> Reached:
    lines: tuple[frozenset[str], ...]
    if old is None or old.frame != new.frame:
        lines = tuple(frozenset(section.fields) for section in new.sections)
        return Reached(frozenset(new.body.fields), lines, True, True)
    pairs = [(old.body, new.body), *zip(old.sections, new.sections, strict=True)]
    fields, *lines_ = (_changed(one, other) for one, other in pairs)
    guards = any(one.guards != other.guards for one, other in pairs)
    return Reached(fields, tuple(lines_), old.rest != new.rest, guards)


def _changed(old: BodyMeaning, new: BodyMeaning) -> frozenset[str]:
    """Fields that are new, gone or of another meaning."""
    names = {*old.fields, *new.fields}
    return frozenset(name for name in names if old.fields.get(name) != new.fields.get(name))


@dataclass(frozen=True, slots=True)
class Delta:
    """One map after a change. ``part`` works out the guards and what the change reached, None where that is all of
    it; ``full`` is the whole map. ``own`` says of the keys of each rung whether their value is that of the field."""

    reached: Reached
    full: MapProgram
    part: MapProgram | None
    own: tuple[tuple[bool, ...], ...]

    def evaluate(self, record: Record, context: Context, before: Evaluated) -> Evaluated:
        """What the rules make of ``record`` now. ``before`` is what the rules before the change made of it, in the
        same world."""
        if self.part is None or before.scope is not Scope.IN or before.problems:
            return self.full.evaluate(record, context)
        now = self.part.evaluate(record, context)
        lines = None if now.scope is not Scope.IN or now.problems else self._lines(before.lines, now.lines)
        if lines is None:
            return self.full.evaluate(record, context)
        fields = _merged(self.full.fields, self.reached.fields, before.fields, now.fields)
        held = now if self.reached.rest else before
        return replace(held, fields=fields, lines=lines, match=_keyed(held.match, self.own, fields))

    def _lines(self, before: Sequence[Line], now: Sequence[Line]) -> tuple[Line, ...] | None:
        """The lines with what the change reached in them; None when they are not the same lines."""
        if [(line.section, line.source_index) for line in before] != [
            (line.section, line.source_index) for line in now
        ]:
            return None
        made = []
        for old, new in zip(before, now, strict=True):
            names, changed = self.full.sections[old.section].fields, self.reached.lines[old.section]
            made.append(Line(old.section, old.source_index, _merged(names, changed, old.fields, new.fields)))
        return tuple(made)


def deltas(before: TypedRules, after: TypedRules, catalogue: Catalogue) -> Mapping[str, Delta]:
    """A delta for every map that the change reaches."""
    changes = reached(before, after)
    whole = assemble(after, catalogue).maps
    less = {name: _less(after.maps[name], change) for name, change in changes.items() if not change.whole}
    parts = assemble(replace(after, maps=less), catalogue).maps
    return {
        name: Delta(change, whole[name], parts.get(name), _own(after.maps[name])) for name, change in changes.items()
    }


def _own(typed: TypedMap) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple(key.node is None for key in match.keys) for match in typed.matches)


def _less(typed: TypedMap, change: Reached) -> TypedMap:
    """The map with the fields that the change reached and no other."""
    sections = [
        replace(section, body=_only(section.body, names))
        for section, names in zip(typed.sections, change.lines, strict=True)
    ]
    made = replace(typed, body=_only(typed.body, change.fields), sections=tuple(sections))
    return made if change.rest else replace(made, matches=(), nevers=(), total=None, spreads=())


def _only(body: TypedBody, names: Collection[str]) -> TypedBody:
    return replace(body, fields=tuple(field for field in body.fields if field.target in names))


def _merged(
    order: Collection[str], changed: Collection[str], before: Mapping[str, object], now: Mapping[str, object]
) -> dict[str, object]:
    """Fields in the order of the rules: changed ones as they are ``now``, the others as they were ``before``."""
    made = {}
    for name in order:
        held = now if name in changed else before
        if name in held:
            made[name] = held[name]
    return made


def _keyed(
    match: Sequence[Sequence[Key]], own: Sequence[Sequence[bool]], fields: Mapping[str, object]
) -> tuple[tuple[Key, ...], ...]:
    """Rungs with the value of the field where the key has none of its own."""
    return tuple(
        tuple(Key(key.target, fields.get(key.target)) if mine else key for key, mine in zip(rung, takes, strict=True))
        for rung, takes in zip(match, own, strict=True)
    )
