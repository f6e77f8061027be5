"""What each rule means, as a digest: two rule sets say the same of a field where its digests are equal (language 4.5).

The digest is of the typed rule in a normal form: without places and comments, lets and parameters without their names,
tables by their rows, settings by their values, maps that are asked by what they mean themselves. Layout, comments,
renamed lets and the order of items change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from zx.check import ir
from zx.check.typed import TypedBody, TypedMap, TypedRules
from zx.diagnostics.diagnostic import Span
from zx.stdlib.signature import Function
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class BodyMeaning:
    """Digests of a section: of its guards together, and of each field."""

    guards: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MapMeaning:
    """Digests of a map. ``frame`` is what it stands on: source, target, its sections and their order; ``sections`` are
    in that order. ``matches`` to ``spreads`` are the rest of the header."""

    frame: str
    body: BodyMeaning
    sections: tuple[BodyMeaning, ...]
    matches: str
    nevers: str
    total: str
    spreads: str

    @property
    def whole(self) -> str:
        return _digest(repr((self.frame, *map(_of_body, (self.body, *self.sections)), *self.rest)))

    @property
    def rest(self) -> tuple[str, str, str, str]:
        return self.matches, self.nevers, self.total, self.spreads


def meanings(rules: TypedRules) -> Mapping[str, MapMeaning]:
    """What every map means."""
    normal = _Normal(rules)
    return {name: normal.meaning(name) for name in rules.maps}


def _of_body(body: BodyMeaning) -> tuple[str, tuple[tuple[str, str], ...]]:
    return body.guards, tuple(sorted(body.fields.items()))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class _Normal:
    """Typed rules in normal form. Tables and maps are worked out once."""

    def __init__(self, rules: TypedRules) -> None:
        self._rules = rules
        self._tables: dict[str, str] = {}
        self._maps: dict[str, MapMeaning] = {}
        self._asking: list[str] = []

    def meaning(self, name: str) -> MapMeaning:
        known = self._maps.get(name)
        if known is None:
            self._asking.append(name)
            known = self._maps[name] = self._meaning(self._rules.maps[name])
            self._asking.pop()
        return known

    def _meaning(self, typed: TypedMap) -> MapMeaning:
        body = typed.body
        matches = [tuple((key.target, self._of(key.node, body)) for key in match.keys) for match in typed.matches]
        nevers = [(one.verb, self._of(one.condition, body), self._of(one.reason, body)) for one in typed.nevers]
        total = typed.total
        amounts = () if total is None else (total.amount, total.method, total.limit, total.account)
        spreads = [(self._of(one.amount, body), self._of(one.condition, body)) for one in typed.spreads]
        frame = (
            (str(typed.source), str(typed.target), typed.needed),
            [(section.name, section.source, section.target) for section in typed.sections],
        )
        return MapMeaning(
            _digest(repr(frame)),
            self._body(body),
            tuple(self._body(section.body) for section in typed.sections),
            _digest(repr(matches)),
            _digest(repr(sorted(nevers, key=repr))),
            _digest(repr([self._of(amount, body) for amount in amounts])),
            _digest(repr(sorted(spreads, key=repr))),
        )

    def _body(self, body: TypedBody) -> BodyMeaning:
        guards = [
            (guard.outcome, self._of(guard.condition, body), self._of(guard.message, body)) for guard in body.guards
        ]
        own = {
            field.target: _digest(repr((repr(field.type), field.owner, self._of(field.node, body))))
            for field in body.fields
        }
        return BodyMeaning(_digest(repr(sorted(guards, key=repr))), own)

    def _table(self, key: str) -> str:
        known = self._tables.get(key)
        if known is None:
            code = self._rules.tables[key]
            names = {name: index for index, name in enumerate(code.parameters)}
            nobody = TypedBody((), (), ())
            rows: object = [self._of(row, nobody, names) for row in code.rows]
            if code.csv is not None:
                rows = sorted((repr(one), repr(result)) for one, result in code.csv.values.items())
            known = self._tables[key] = _digest(repr((code.name, code.forms, rows)))
        return known

    def _of(self, value: Any, body: TypedBody, names: Mapping[str, int] | None = None) -> Any:
        """``value`` as plain data without places and names of its own."""
        if value is None or isinstance(value, Span | ir.CsvRows):
            return None
        if isinstance(value, ir.LetRef):
            return self._of(body.lets[value.index].node, body, names)
        if isinstance(value, ir.Param):
            return ("parameter", (names or {}).get(value.name, value.name))
        if isinstance(value, ir.TableCall):
            return ("table", self._table(value.table), [self._of(item, body, names) for item in value.arguments])
        if isinstance(value, ir.ViaMap):
            named = value.own or value.map in self._asking or value.map not in self._rules.maps
            told = value.map if named else self.meaning(value.map).whole
            return ("via", told, self._of(value.operand, body, names), value.maybe)
        if isinstance(value, Function):
            return ("function", value.name)
        if isinstance(value, Decimal):
            return ("number", str(value.normalize()))
        if isinstance(value, frozenset):
            return ("set", sorted(repr(self._of(item, body, names)) for item in value))
        if isinstance(value, tuple | list):
            return [self._of(item, body, names) for item in value]
        if is_dataclass(value) and not isinstance(value, type):
            inner = [(part.name, self._of(getattr(value, part.name), body, names)) for part in fields(value)]
            return (value.__class__.__name__, inner)
        return value
