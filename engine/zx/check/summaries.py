"""Summaries: what is said of each member, and what is said of a group of them (starter rules 2.7).

A summary is taken apart into two maps. The *member* map judges one document that the source map would send (or one raw
record): its guards, its keys, and the value of everything that is aggregated. The *group* map sets the fields of one
posted document from the keys and from the members' values, which it sees as lists; it is checked as any other map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, is_dataclass, replace
from typing import cast

from zx.catalog.fieldtypes import Bool, Date, Enum, Many, Money, Number, OneOf, Ref, Text, Type
from zx.catalog.schema import Field, Shape
from zx.check.bodies import Bodies, Judged
from zx.check.expressions import Expressions, kind_of
from zx.check.fitting import fit
from zx.check.ir import Const
from zx.check.maps import Maps
from zx.check.scope import Facts, Scope, Value
from zx.check.targets import find_target
from zx.check.typed import TypedBody, TypedField, TypedMap, TypedSection, TypedSummary
from zx.check.usage import nodes
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.model.record import Kind
from zx.resolve.ruleset import Entry, LineRules, MapRules, SummaryRules
from zx.stdlib.types import Reported, Rows, expression_type
from zx.syntax import ast
from zx.values.dataclass import dataclass

COUNT = "$count"
SEQUENCE = "$sequence"
MEMBERS = "$members"
_ALWAYS = frozenset({"sum", "first"})
"""Functions whose one argument is a value of each member; ``min``, ``max``, ``count`` and ``join`` may stand for
themselves too."""
_DERIVED = ("Total", "SubTotal", "TotalTax")
_DERIVED_IN_ROWS = ("LineAmount", "TaxAmount", "UnitAmount", "Quantity")
"""What the engine works out of every document, whatever its rules state."""
_KEY_TYPES = (Text, Number, Money, Date, Bool, OneOf, Enum, Ref)


@dataclass(slots=True)
class _Part:
    """The members' side of one section: its names, its keys, and the values that are aggregated, in order."""

    scope: Scope
    facts: Facts
    keys: dict[str, TypedField] = field(default_factory=dict)
    key_fields: dict[str, Field] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    values: list[TypedField] = field(default_factory=list)
    value_fields: list[Field] = field(default_factory=list)
    added: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        shape = self.scope.shape
        return {*(shape.fields if shape is not None else ()), *self.scope.lets}


class Summaries:
    def __init__(self, checker: Expressions, maps: Maps) -> None:
        self._checker = checker
        self._world = checker.world
        self._maps = maps
        self._bodies = Bodies(checker)

    def check(self, rules: SummaryRules, known: Mapping[str, TypedMap]) -> TypedSummary | None:
        """The checked summary; None when its source does not exist or it cannot be run (reported). ``known`` are the
        checked maps, those that settings switch off included."""
        node = rules.node
        source = self._source(node, known)
        if source is None or not self._fits(node):
            return None
        shape, origin, over = source
        header, judged, active = self._header(node, rules.items, Scope(origin if over is None else None, shape, None))
        date = self._date(node, header)
        sections: list[LineRules] = []
        bodies: list[TypedSection] = []
        parts: dict[str, _Part] = {}
        for number, line in enumerate(rules.sections):
            if line.source is None:
                sections.append(replace(line, items=tuple(self._turned(line.items, header, node.name.text))))
            elif (made := self._lines(number, line, header, shape, node)) is not None:
                section, body, part = made
                sections.append(section)
                bodies.append(body)
                parts[body.target] = part
        items = self._turned(rules.items, header, node.name.text)
        items += self._set_keys(items, header, node.target)
        group = self._group(node, items, sections, header, tuple(parts))
        if group is None or date is None:
            return None
        return TypedSummary(
            node.name.text,
            node.span,
            over,
            origin,
            kind_of(node.target),
            active,
            date,
            tuple(header.keys),
            tuple(tuple(part.keys) for part in parts.values()),
            frozenset(name for part in (header, *parts.values()) for name in part.added),
            self._member(node, origin, header, judged, bodies),
            group,
        )

    def _header(self, node: ast.Summary, items: Sequence[Entry], blank: Scope) -> tuple[_Part, Judged, bool]:
        """The members' side of the header, and whether settings let new members in at all."""
        assert blank.shape is not None
        group_lets = _group_lets(items)
        own = [item for item in items if isinstance(item, ast.Guard | ast.Let) and item.span not in group_lets]
        scope, trial = (Scope(blank.kind, blank.shape, kind_of(node.target)) for _ in range(2))
        self._bodies.enter(own, trial)
        with self._world.reporter.silence():
            active = not self._bodies.is_dead(own, trial)
        self._bodies.enter(own, scope)
        guards = [item for item in own if isinstance(item, ast.Guard)]
        judged = self._bodies.judge(guards, scope, blank.shape, node.name.text)
        header = _Part(scope, judged.facts)
        for key in self._keys(node, blank.shape):
            self._key(header, key, None, node.name.text)
        return header, judged, active

    def _member(
        self, node: ast.Summary, origin: Kind, header: _Part, judged: Judged, sections: Sequence[TypedSection]
    ) -> TypedMap:
        # What settings alone keep out is said by `active`: it stops new members, not those that were posted.
        guards = tuple(guard for guard in judged.body.guards if not isinstance(guard.condition, Const))
        body = TypedBody(judged.body.lets, guards, (*header.keys.values(), *header.values))
        target = kind_of(node.target)
        return TypedMap(node.name.text, node.span, origin, target, body, (), (), None, (), tuple(sections), False)

    # --- what is summed up ----------------------------------------------------------------------------------------

    def _source(self, node: ast.Summary, known: Mapping[str, TypedMap]) -> tuple[Shape, Kind, str | None] | None:
        """The shape of a member, the kind of record behind it, and the map that makes it."""
        name = node.source
        if isinstance(name, ast.QName):
            shape = self._world.catalogue.shape(name.system, name.name)
            if shape is not None and shape.id_field is not None:
                return shape, kind_of(name), None
            self._unknown(name.span, f"{name.system.capitalize()} has no kind of record `{name.name}`", name.name, [])
            return None
        rules = self._world.rules.maps.get(name.text)
        if rules is None:
            if not self._world.is_lost(name.text):
                self._unknown(name.span, f"there is no map `{name.text}`", name.text, list(self._world.rules.maps))
            return None
        if not self._world.rules.sees(name.span.file, rules.node.name.span):
            self._world.not_used_here(name.text, name.span, rules.node.name.span)
        typed = known.get(name.text)
        if typed is None:
            return None
        if (typed.target.system, typed.target.name) != (node.target.system, node.target.name):
            self._world.reporter.error(
                "E0505",
                f"`{name.text}` makes {rules.node.target.system}.{rules.node.target.name}, the summary "
                f"{node.target.system}.{node.target.name}",
                node.target.span,
                f"the map is defined at {rules.node.name.span.place}",
                fix=f"{rules.node.target.system}.{rules.node.target.name}",
            )
            return None
        return self._document(typed), typed.source, name.text

    def _unknown(self, span: Span, message: str, name: str, others: Sequence[str]) -> None:
        near = nearest(name, others)
        self._world.reporter.error("E0201", message, span, f"did you mean `{near}`?" if near else "", fix=near)

    def _fits(self, node: ast.Summary) -> bool:
        if (node.target.system, node.target.name) == ("xero", "Invoice"):
            return True
        self._world.reporter.error(
            "E0519",
            "this version of zx sums up into Xero invoices only",
            node.target.span,
            "not supported yet",
            fix="xero.Invoice",
        )
        return False

    def _document(self, typed: TypedMap) -> Shape:
        """What ``typed`` would send, as a shape of its own: the fields it sets and those worked out from them."""
        whole = self._world.catalogue.shape(typed.target.system, typed.target.name)
        assert whole is not None
        made = {
            field.target: _as_set(whole.fields[field.target], field.node.maybe) for field in _own(typed.body, whole)
        }
        made |= {name: replace(whole.fields[name], optional=False) for name in _DERIVED if name in whole.fields}
        for name, item in whole.fields.items():
            sections = [section for section in typed.sections if section.target == name]
            row = self._world.catalogue.shape(whole.system, item.type.shape) if isinstance(item.type, Many) else None
            if sections and row is not None:
                rows = self._rows(typed.name, row, sections)
                made[name] = replace(item, type=Many(rows.name), read_only=True)
        return self._known(replace(whole, name=f"{whole.name} of {typed.name}", fields=made))

    def _rows(self, name: str, row: Shape, sections: Sequence[TypedSection]) -> Shape:
        """The lines that have an amount; a line of text does not enter."""
        set_by = [{field.target: field for field in _own(section.body, row)} for section in sections]
        worth = [found for found in set_by if found.keys() & {"LineAmount", "UnitAmount"}] or set_by
        made = {}
        for target in dict.fromkeys(target for found in worth for target in found):
            loose = any(target not in found or found[target].node.maybe for found in worth)
            made[target] = _as_set(row.fields[target], loose)
        made |= {name: replace(row.fields[name], optional=False) for name in _DERIVED_IN_ROWS if name in row.fields}
        return self._known(replace(row, name=f"{row.name} of {name}", fields=made, id_field=None))

    def _known(self, shape: Shape) -> Shape:
        catalogue = self._world.catalogue
        shapes = {**catalogue.shapes, f"{shape.system}.{shape.name}": shape}
        self._world.catalogue = replace(catalogue, shapes=shapes)
        return shape

    # --- keys -----------------------------------------------------------------------------------------------------

    def _keys(self, node: ast.Summary, shape: Shape) -> list[ast.Path]:
        """The keys as written, and the currency, which is always one."""
        keys = list(node.per)
        currency = next((name for name in ("CurrencyCode", "Currency") if name in shape.fields), None)
        if currency is not None and all(key.text != currency for key in keys):
            keys.append(ast.Path(node.span, currency, None, ()))
        return keys

    def _key(
        self, part: _Part, key: ast.Path, assigned: ast.Assign | None, name: str, row: Shape | None = None
    ) -> None:
        """One key: a field of the members, a ``let``, or what the section sets under this name."""
        if key.rest or key.selector is not None:
            self._world.reporter.error(
                "E0506",
                f"a key is one name, `{key.text}` has several parts",
                key.span,
                "give it a name",
                help=f"let {key.head.lower()} = {key.text}",
            )
            return
        if key.head in part.keys:
            self._world.reporter.error("E0211", f"`{key.head}` is a key twice", key.span, "keep one")
            return
        value = self._checker.value(key if assigned is None else assigned.value, part.scope, part.facts)
        kind = value.type
        node = value.node
        if assigned is not None and row is not None:
            target = find_target(self._world, assigned.target, row)
            if target is None:
                return
            kind = expression_type(target.shape.system, target.type)
            node = fit(self._world, value, kind, f"`{target.name}`")
        if isinstance(value.type, Reported):
            kind = Text()
        if not isinstance(kind, _KEY_TYPES):
            self._world.reporter.error(
                "E0506",
                f"`{key.text}` cannot be a key of `{name}`",
                key.span,
                "not a single value",
                help="name a field",
            )
            return
        part.keys[key.head] = TypedField(key.head, cast("Type", kind), key.span, node, None)
        part.key_fields[key.head] = Field(key.head, cast("Type", kind), optional=value.maybe)

    def _date(self, node: ast.Summary, header: _Part) -> str | None:
        """The key that says which day a group belongs to."""
        date = next((name for name, item in header.keys.items() if isinstance(item.type, Date)), None)
        if date is None and not self._world.reporter.is_wrong(node.span):
            shape = header.scope.shape
            dates = (
                [] if shape is None else [item.name for item in shape.fields.values() if isinstance(item.type, Date)]
            )
            near = next((name for name in ("Date", "Invoice_Date") if name in dates), dates[0] if dates else None)
            written = ", ".join(key.text for key in node.per)
            self._world.reporter.error(
                "E0517",
                f"no date among the keys of `{node.name.text}`",
                node.per[0].span,
                "zx cannot know when a group is complete",
                fix=f"{near}, {written}" if near and len(node.per) == 1 else None,
                help=f"per {near}, {written}" if near and len(node.per) > 1 else None,
            )
        return date

    def _set_keys(self, items: Sequence[Entry], part: _Part, target: ast.QName, row: str | None = None) -> list[Entry]:
        """Keys are set on the target as they are, unless the summary sets them otherwise."""
        shape = self._world.catalogue.shape(target.system, target.name)
        item = None if shape is None or row is None else shape.fields.get(row)
        if shape is not None and item is not None and isinstance(item.type, Many):
            shape = self._world.catalogue.shape(target.system, item.type.shape)
        written = {item.target.head for item in items if isinstance(item, ast.Assign)}
        made: list[Entry] = []
        for name, key in part.keys.items():
            known = name if name != "Currency" else "CurrencyCode"
            field = None if shape is None else shape.fields.get(known)
            if field is None or field.read_only or known in written or name in part.scope.lets:
                continue
            made.append(ast.Assign(key.span, "", ast.Path(key.span, known, None, ()), _path(key.span, name), None))
        return made

    # --- lines ----------------------------------------------------------------------------------------------------

    def _lines(
        self, number: int, line: LineRules, header: _Part, shape: Shape, node: ast.Summary
    ) -> tuple[LineRules, TypedSection, _Part] | None:
        assert line.source is not None
        value = self._checker.value(line.source, Scope(None, shape, None), frozenset())
        row = self._row_shape(value)
        if row is None:
            if not isinstance(value.type, Reported):
                self._world.reporter.error(
                    "E0301", f"`{line.source.text}` is no list of rows", line.source.span, "`lines of` walks a list"
                )
            return None
        target = self._world.catalogue.shape(node.target.system, node.target.name)
        item = None if target is None else target.fields.get(line.target.head)
        rows = (
            self._world.catalogue.shape(node.target.system, item.type.shape)
            if item and isinstance(item.type, Many)
            else None
        )
        scope = Scope(None, row, header.scope.target, parent=shape)
        group_lets = _group_lets(line.items)
        own = [item for item in line.items if isinstance(item, ast.Guard | ast.Let) and item.span not in group_lets]
        self._bodies.enter(own, scope)
        judged = self._bodies.judge([item for item in own if isinstance(item, ast.Guard)], scope, row, line.name)
        part = _Part(scope, judged.facts)
        assigned = {item.target.text: item for item in line.items if isinstance(item, ast.Assign)}
        for key in line.per:
            stated = assigned.get(key.text)
            if stated is not None and stated.value != key:
                self._key(part, key, stated, node.name.text, rows)
            else:
                self._key(part, key, None, node.name.text)
        items = [
            replace(item, value=_path(item.span, item.target.text))
            if isinstance(item, ast.Assign) and item.target.text in part.keys
            else item
            for item in line.items
        ]
        turned = self._turned(items, part, node.name.text)
        turned += self._set_keys(turned, part, node.target, line.target.head)
        name = f"$lines{number}"
        self._known(self._shape_of(f"{name} of {node.name.text}", row.system, part))
        body = TypedBody(judged.body.lets, judged.body.guards, (*part.keys.values(), *part.values))
        section = TypedSection(name, line.span, line.source.head, name, body)
        source = ast.Path(line.source.span, name, None, ())
        return LineRules(line.name, line.span, source, line.target, tuple(turned)), section, part

    def _row_shape(self, value: Value) -> Shape | None:
        kind = value.type
        return self._world.catalogue.shape(kind.system, kind.shape) if isinstance(kind, Rows) else None

    # --- groups ---------------------------------------------------------------------------------------------------

    def _group(
        self,
        node: ast.Summary,
        items: Sequence[Entry],
        sections: Sequence[LineRules],
        header: _Part,
        lists: Sequence[str],
    ) -> TypedMap | None:
        system = header.scope.shape.system if header.scope.shape is not None else "xero"
        shape = self._shape_of(f"group of {node.name.text}", system, header)
        more = {name: Field(name, Many(f"{name} of {node.name.text}"), optional=False) for name in lists}
        more[SEQUENCE] = Field(SEQUENCE, Text(2), optional=False)
        more["$id"] = Field("$id", Text(), optional=False)
        self._known(replace(shape, fields={**shape.fields, **more}, id_field="$id"))
        made = ast.Map(node.span, node.doc, node.name, ast.QName(node.span, system, shape.name), node.target, ())
        return self._maps.check(MapRules(made, tuple(items), tuple(sections)))

    def _shape_of(self, name: str, system: str, part: _Part) -> Shape:
        """The shape of a group: keys, how many members, and the values of the members as rows."""
        rows = {item.name: item for item in part.value_fields}
        members = self._known(Shape(system, f"members of {name}", "member", rows))
        made = dict(part.key_fields)
        made[COUNT] = Field(COUNT, Number(), optional=False)
        made[MEMBERS] = Field(MEMBERS, Many(members.name), optional=False)
        return self._known(Shape(system, name, "summary", made))

    def _turned(self, items: Iterable[Entry], part: _Part, name: str) -> list[Entry]:
        """The items of the group: without guards, aggregates as lists of the members' values, only lets that are
        used."""
        kept = [item for item in items if not isinstance(item, ast.Guard | ast.Let)]
        lets = {item.name: item for item in items if isinstance(item, ast.Let) and item.name not in part.keys}
        turner = _Turner(self._checker, part, lets, name)
        made = [cast("Entry", turner.turn(item)) for item in kept]
        done: set[str] = set()
        while waiting := [let for word, let in lets.items() if word in turner.used - done]:
            for let in waiting:
                done.add(let.name)
                made.append(cast("Entry", turner.turn(let)))
        return made


class _Turner:
    """Rewrites expressions of a summary for a group."""

    def __init__(self, checker: Expressions, part: _Part, lets: Mapping[str, ast.Let], name: str) -> None:
        self._checker = checker
        self._part = part
        self._lets = lets
        self._name = name
        self.used: set[str] = set()

    def turn(self, value: object) -> object:
        if isinstance(value, ast.Call):
            return self._call(value)
        if isinstance(value, ast.Path):
            return self._path(value)
        if isinstance(value, ast.Assign):
            return replace(value, value=cast("ast.Expr", self.turn(value.value)))
        if isinstance(value, ast.MatchKey):
            return value if value.value is None else replace(value, value=cast("ast.Expr", self.turn(value.value)))
        if isinstance(value, tuple):
            return tuple(self.turn(item) for item in value)
        if is_dataclass(value) and not isinstance(value, Span | type):
            changes = {item.name: self.turn(getattr(value, item.name)) for item in fields(value)}
            return replace(value, **changes)
        return value

    def _call(self, call: ast.Call) -> ast.Expr:
        if call.name == "sequence" and not call.arguments:
            return _path(call.span, SEQUENCE)
        if call.name == "count" and not call.arguments:
            return _path(call.span, COUNT)
        places = self._aggregated(call)
        if not places:
            return replace(call, arguments=tuple(cast("ast.Expr", self.turn(item)) for item in call.arguments))
        arguments = [
            self._value(call, item) if place in places else cast("ast.Expr", self.turn(item))
            for place, item in enumerate(call.arguments)
        ]
        return replace(call, arguments=tuple(arguments))

    def _aggregated(self, call: ast.Call) -> set[int]:
        """Which arguments are a value of each member."""
        alone = len(call.arguments) == 1
        if call.name in self._checker.world.rules.tables:
            return set()
        if call.name in _ALWAYS or (call.name in ("min", "max", "count") and alone):
            return {0} if alone else set()
        if call.name == "join":
            return {place for place, item in enumerate(call.arguments) if place and self._of_members(item)}
        return set()

    def _of_members(self, value: ast.Expr) -> bool:
        part = self._part
        paths = [node for node in nodes(value) if isinstance(node, ast.Path)]
        inner = [node for node in nodes(value) if isinstance(node, ast.Call) and node.name in (*_ALWAYS, "count")]
        return not inner and any(path.head in part.names and path.head not in part.keys for path in paths)

    def _value(self, call: ast.Call, item: ast.Expr) -> ast.Expr:
        """The list of this value of the members."""
        part, world = self._part, self._checker.world
        text = world.text(item.span)
        name = part.texts.get(text)
        if name is None:
            value = self._checker.value(item, part.scope, part.facts)
            kind = value.type
            if isinstance(kind, Reported):
                return ast.Constant(item.span, "missing", None)
            if not isinstance(kind, _KEY_TYPES) or (call.name == "sum" and not isinstance(kind, Number | Money)):
                wanted = "an amount or a number" if call.name == "sum" else "a single value"
                world.reporter.error(
                    "E0506", f"`{call.name}` takes {wanted} of each member", item.span, f"`{text}` is something else"
                )
                return ast.Constant(item.span, "missing", None)
            name = f"${text}"
            part.texts[text] = name
            part.values.append(TypedField(name, kind, item.span, value.node, None))
            part.value_fields.append(Field(name, kind, optional=False))
        if call.name == "sum":
            part.added.add(name)
        return ast.Path(item.span, MEMBERS, None, (name,))

    def _path(self, path: ast.Path) -> ast.Expr:
        part, world = self._part, self._checker.world
        if path.head == "settings" or path.head in part.keys or path.head.startswith("$"):
            return path
        if path.head == "parent":
            return path
        if path.head in self._lets:
            self.used.add(path.head)
            return path
        shape = part.scope.shape
        if shape is not None and path.head in shape.fields:
            number = isinstance(shape.fields[path.head].type, Number | Money)
            world.reporter.error(
                "E0506",
                f"`{path.text}` is neither a key of `{self._name}` nor an aggregate",
                path.span,
                "a summary stands for many records",
                help=f"`{'sum' if number else 'first'}({path.text})`, or add it to `per`",
            )
            return ast.Constant(path.span, "missing", None)
        return path


def _group_lets(items: Sequence[Entry]) -> frozenset[Span]:
    """The lets that hold an aggregate, or use one that does: they are said of the group."""
    lets = {item.name: item for item in items if isinstance(item, ast.Let)}
    found = {name for name, item in lets.items() if any(_is_aggregate(node) for node in nodes(item.value))}
    while more := {
        name
        for name, item in lets.items()
        if name not in found and any(isinstance(node, ast.Path) and node.head in found for node in nodes(item.value))
    }:
        found |= more
    return frozenset(lets[name].span for name in found)


def _is_aggregate(node: object) -> bool:
    if not isinstance(node, ast.Call):
        return False
    alone = len(node.arguments) == 1
    return node.name in ("sum", "first", "count", "sequence") or (node.name in ("min", "max") and alone)


def _own(body: TypedBody, shape: Shape) -> Iterator[TypedField]:
    """The fields that are set whole; parts of objects and addresses are not read by summaries."""
    return (item for item in body.fields if item.target in shape.fields)


def _as_set(field: Field, maybe: bool) -> Field:
    return replace(field, optional=maybe, required=False)


def _path(span: Span, name: str) -> ast.Path:
    return ast.Path(span, name, None, ())


__all__ = ["COUNT", "MEMBERS", "SEQUENCE", "Summaries"]
