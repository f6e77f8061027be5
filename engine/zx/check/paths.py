"""Paths: ``Due_Date``, ``settings.prefix``, ``parent.$line_tax``, ``Account_Name.name``, ``Addresses[POBOX].City``."""

from __future__ import annotations

from collections.abc import Callable

from zx.catalog.fieldtypes import Address, Bool, Many, Money, Ref, Text
from zx.catalog.schema import Field, Shape
from zx.check.fitting import check_code
from zx.check.ir import AddressOf, Column, Const, Follow, Member, Needed, Node, Root
from zx.check.narrowing import is_present, known_length
from zx.check.scope import Facts, LetEntry, Scope, Value, World
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import (
    ExprType,
    KeyedRows,
    ListOf,
    Nothing,
    Object,
    Reported,
    Rows,
    describe,
    expression_type,
)
from zx.syntax import ast

LetValue = Callable[[LetEntry, Facts], Value]

_PARTS = {
    "Street": "street",
    "City": "city",
    "State": "region",
    "Region": "region",
    "Code": "code",
    "Zip": "code",
    "PostalCode": "code",
    "Country": "country",
    "AddressLine1": "street",
}


# How other languages write the plain values.
_FOREIGN = {
    "true": "yes",
    "false": "no",
    "null": "missing",
    "none": "missing",
    "nil": "missing",
    "nothing": "missing",
    "empty": "missing",
    "blank": "missing",
}


class Paths:
    """Reads paths in a scope. ``let_value`` gives the value of a let under some facts."""

    def __init__(self, world: World, let_value: LetValue) -> None:
        self._world = world
        self._let_value = let_value

    def value(self, path: ast.Path, scope: Scope, facts: Facts) -> Value:
        """The value of ``path``; unknown names are reported and give a value of the type "already reported"."""
        start, rest, key = self._head(path, scope, facts)
        for position, name in enumerate(rest):
            if isinstance(start.type, Reported | Nothing):
                return Value(start.node, start.type, start.maybe, path.span, key, target=start.target)
            key = f"{key}.{name}"
            start = self._step(start, name, key, path, len(path.rest) - len(rest) + position, facts)
        return self._narrowed(start, key, path.span, facts)

    def _narrowed(self, value: Value, key: str, span: Span, facts: Facts) -> Value:
        maybe = value.maybe and not is_present(facts, key)
        kind = value.type
        limit = known_length(facts, key)
        if isinstance(kind, Text) and limit is not None and (kind.length is None or limit < kind.length):
            kind = Text(limit)
        money = _record_of(value.node) if isinstance(kind, Money) and value.money_of is None else value.money_of
        return Value(value.node, kind, maybe, span, key, value.embedded, value.target, money)

    # --- heads ----------------------------------------------------------------------------------------------------

    def _head(self, path: ast.Path, scope: Scope, facts: Facts) -> tuple[Value, tuple[str, ...], str]:
        head = path.head
        if head == "settings":
            return self._setting(path), path.rest[1:], f"settings.{path.rest[0] if path.rest else ''}"
        if head == "parent" and scope.parent is not None and path.rest:
            root = Root(path.span, parent=True)
            base = Value(root, Object(scope.parent.system, scope.parent.name), False, path.span)
            return base, path.rest, "parent"
        if head in scope.parameters:
            return scope.parameters[head], path.rest, head
        entry = scope.lets.get(head)
        if entry is not None:
            return self._let_value(entry, facts), path.rest, head
        if head == "needed" and scope.shape is not None and head not in scope.shape.fields:
            return self._needed(path, scope), path.rest, head
        if scope.shape is None:
            return self._unknown_parameter(path, scope), (), head
        root = Root(path.span, parent=False)
        value = self._field(root, False, scope.shape, head, head, path, -1, scope)
        if path.selector is None:
            return value, path.rest, head
        return self._selected(value, path, root, scope.shape), path.rest, f"{head}[{path.selector}]"

    def _setting(self, path: ast.Path) -> Value:
        name = path.rest[0] if path.rest else ""
        setting = self._world.settings.get(name)
        world = self._world
        if setting is None and world.is_lost(name):
            return _reported(path.span)
        if setting is None:
            near = nearest(name, list(world.settings))
            world.reporter.error(
                "E0201",
                f"there is no setting `{name}`",
                path.span,
                f"did you mean `settings.{near}`?" if near else "no rule file of this sync declares it",
                fix=f"settings.{near}" if near else None,
            )
            return _reported(path.span)
        if not world.rules.sees(path.span.file, setting.node.name.span):
            world.not_used_here(f"settings.{name}", path.span, setting.node.name.span)
        kind = setting.type
        is_code = isinstance(kind, Ref) and world.catalogue.is_list(kind.system, kind.name)
        if is_code and isinstance(kind, Ref) and isinstance(setting.value, str):
            check_code(world, setting.value, kind, setting.place)
        return Value(Const(path.span, setting.value), kind, setting.value is None, path.span)

    def _needed(self, path: ast.Path, scope: Scope) -> Value:
        if not scope.in_only:
            self._world.reporter.error(
                "E0515",
                "`needed` is known only after all documents are mapped",
                path.span,
                "only in `only when`",
            )
        return Value(Needed(path.span), Bool(), False, path.span)

    def _unknown_parameter(self, path: ast.Path, scope: Scope) -> Value:
        if self._world.is_lost(path.head):
            return _reported(path.span)
        near = nearest(path.head, list(scope.parameters))
        self._world.reporter.error(
            "E0201",
            f"this table has no parameter `{path.head}`",
            path.span,
            f"did you mean `{near}`?" if near else "formulas of a table see its parameters and settings only",
            fix=near,
        )
        return _reported(path.span)

    # --- steps ----------------------------------------------------------------------------------------------------

    def _step(self, value: Value, name: str, key: str, path: ast.Path, position: int, facts: Facts) -> Value:
        kind = value.type
        world = self._world
        if isinstance(kind, Object):
            shape = world.catalogue.shape(kind.system, kind.shape)
            if shape is not None:
                maybe = value.maybe and not is_present(facts, key.rpartition(".")[0])
                return self._field(value.node, maybe, shape, name, key, path, position, None, value.target)
        if isinstance(kind, ListOf) and isinstance(kind.item, Ref) and name in (*value.embedded, "id", "name"):
            away = world.catalogue.shape(kind.item.system, kind.item.name)
            carried = away.fields.get(name) if away else None
            item = Text() if carried is None else expression_type(kind.item.system, carried.type)
            return self._column(value, name, item, carried, path)
        if isinstance(kind, Rows | KeyedRows):
            shape = world.catalogue.shape(kind.system, kind.shape)
            field = shape.fields.get(name) if shape else None
            if shape is not None and field is None:
                return self._unknown_field(shape, name, path, position, None)
            if field is not None:
                if shape is not None:
                    self._may_be_read(shape, field, path, position)
                return self._column(value, name, expression_type(kind.system, field.type), field, path)
        if isinstance(kind, Ref) and not world.catalogue.is_list(kind.system, kind.name):
            return self._follow(value, kind, name, key, path, position)
        if isinstance(kind, Address) and name in _PARTS:
            node = Member(path.span, value.node, _PARTS[name], key, "text", True)
            return Value(node, Text(), True, path.span)
        world.reporter.error(
            "E0201",
            f"`{key.rpartition('.')[0]}` is {describe(kind)} and has no `{name}`",
            _segment(path, position),
            "nothing can be read from it",
        )
        return _reported(path.span)

    def _column(self, rows: Value, name: str, item: ExprType, field: Field | None, path: ast.Path) -> Value:
        """One field of all rows."""
        if isinstance(item, Rows | KeyedRows | Object | ListOf | Nothing | Reported):
            self._world.reporter.error(
                "E0301",
                f"`{name}` is {describe(item)} in every row, and lists of lists cannot be read",
                path.span,
                "name a single field of the rows",
            )
            return _reported(path.span)
        embedded = field.embedded if field is not None else ()
        return Value(Column(path.span, rows.node, name), ListOf(item), False, path.span, embedded=embedded)

    def _field(
        self,
        base: Node,
        base_maybe: bool,
        shape: Shape,
        name: str,
        key: str,
        path: ast.Path,
        position: int,
        scope: Scope | None,
        target: bool = False,
    ) -> Value:
        field = shape.fields.get(name)
        if field is None:
            return self._unknown_field(shape, name, path, position, scope)
        self._may_be_read(shape, field, path, position)
        group = tuple(field.group.items())
        kind = expression_type(shape.system, field.type, group)
        maybe = base_maybe or field.optional or target
        raw = base.maybe or field.optional or target
        if isinstance(kind, Address):
            return Value(AddressOf(path.span, base, group, key), kind, True, path.span)
        node = Member(path.span, base, name, key, _typed(kind), raw)
        return Value(node, kind, maybe, path.span, embedded=field.embedded, target=target)

    def _may_be_read(self, shape: Shape, field: Field, path: ast.Path, position: int) -> None:
        if not field.hidden or not self._world.live:
            return
        system = shape.system.capitalize()
        self._world.reporter.warning(
            "W0507",
            f"the connected {system} user may not read `{field.name}` of {shape.name}",
            _segment(path, position),
            "so it is missing in every record",
            help=f"grant the user this field in {system}, then run `zx pull`",
        )

    def _selected(self, value: Value, path: ast.Path, root: Node, shape: Shape) -> Value:
        kind = value.type
        selector = path.selector or ""
        if isinstance(kind, Reported):
            return value
        if not isinstance(kind, KeyedRows):
            self._world.reporter.error(
                "E0201", f"`{path.head}` has no rows with keys", path.span, f"it is {describe(kind)}"
            )
            return _reported(path.span)
        if selector not in kind.keys:
            near = nearest(selector, list(kind.keys))
            self._world.reporter.error(
                "E0201",
                f"`{path.head}` has no `{selector}`",
                path.span,
                f"keys: {', '.join(kind.keys)}",
                fix=".".join((f"{path.head}[{near}]", *path.rest)) if near else None,
            )
            return _reported(path.span)
        row = Member(path.span, value.node, selector, f"{path.head}[{selector}]", "object", True)
        if kind.group and not path.rest:
            node = AddressOf(path.span, row, kind.group, path.text)
            return Value(node, Address(), True, path.span)
        return Value(row, Object(kind.system, kind.shape), True, path.span, target=value.target)

    def _follow(self, value: Value, kind: Ref, name: str, key: str, path: ast.Path, position: int) -> Value:
        """A field of the record that a lookup or a reference points to."""
        shape = self._world.catalogue.shape(kind.system, kind.name)
        if shape is None:
            return _reported(path.span)
        field = shape.fields.get(name)
        embedded = name in value.embedded or name in ("id", "name")
        if field is None and not (embedded and not value.target):
            return self._unknown_field(shape, name, path, position, None)
        if field is not None:
            self._may_be_read(shape, field, path, position)
        known: Field | None = field or shape.fields.get(shape.key_field or "")
        item: ExprType = Text() if known is None else expression_type(kind.system, known.type)
        optional = field is not None and field.optional
        away = value.target or not embedded
        maybe = value.maybe or optional or away
        raw = value.node.maybe or optional or away
        if isinstance(item, Address) and field is not None:
            whole = Follow(path.span, value.node, kind.system, kind.name, "", False, value.target, key, True)
            return Value(AddressOf(path.span, whole, tuple(field.group.items()), key), item, True, path.span)
        node = Follow(
            path.span, value.node, kind.system, kind.name, name, embedded and not value.target, value.target, key, raw
        )
        return Value(node, item, maybe, path.span, embedded=field.embedded if field else (), target=value.target)

    def _elsewhere(self, shape: Shape, name: str, scope: Scope) -> tuple[str, str | None] | None:
        """Where a field is that this record has not: in the document of a row, or in the rows of a document."""
        if scope.parent is not None and name in scope.parent.fields:
            return f"it is a field of the document: `parent.{name}`", f"parent.{name}"
        for field in shape.fields.values():
            rows = field.type.shape if isinstance(field.type, Many) else None
            inner = self._world.catalogue.shape(shape.system, rows) if rows else None
            if inner is not None and name in inner.fields:
                return f"it is a field of the lines, known in `lines of` (their source is {field.name})", None
        return None

    def _unknown_field(self, shape: Shape, name: str, path: ast.Path, position: int, scope: Scope | None) -> Value:
        world = self._world
        if world.is_lost(name):
            return _reported(path.span)
        candidates = [*shape.fields, *(scope.lets if scope else ())]
        near = next((f.name for f in shape.fields.values() if f.label and f.label == name.replace("_", " ")), None)
        near = near or nearest(name, candidates)
        if scope is not None and not path.rest:
            near = _FOREIGN.get(name.lower()) or (f"settings.{name}" if name in world.settings else near)
        when = world.read_at(shape.system)
        label = f"not in the {shape.system.capitalize()} catalogue" + (f" fetched {when}" if when else "")
        field = shape.fields.get(near) if near else None
        if near and near not in candidates:
            label = f"did you mean `{near}`?"
        value = f'"{name}"' if not near and not path.rest and world.is_value(name) else None
        if value is not None:
            label = f"values stand in quotes: {value}"
        elsewhere = self._elsewhere(shape, name, scope) if scope is not None and not near else None
        if elsewhere is not None:
            label, near = elsewhere
        is_word = scope is not None and not (path.rest or near or value or elsewhere or name == "parent")
        if name == "parent":
            label, near = "`parent` is the document of a row: it is known in `lines of` only", None
        world.reporter.error(
            "E0201",
            f"{shape.full_name} has no field `{name}`",
            _segment(path, position),
            label,
            note=None if field is None else _about(shape, field),
            help=f'if it is a value, it stands in quotes: "{name}"' if is_word else None,
            fix=near or value,
        )
        return _reported(path.span)


def _record_of(node: Node) -> str | None:
    """The record whose field an amount is: "" for the one at hand (its rows and its document included)."""
    while isinstance(node, Member):
        node = node.base
    if isinstance(node, Follow):
        return node.path.rpartition(".")[0]
    return "" if isinstance(node, Root) else None


def _about(shape: Shape, field: Field) -> str:
    label = f'label "{field.label}", ' if field.label else ""
    kind = describe(expression_type(shape.system, field.type))
    return f"{field.name}: {label}{kind}{', may be missing' if field.optional else ''}"


def _typed(kind: ExprType) -> str:
    """What stands at run time, for the message when something else does."""
    name = describe(kind)
    if name in ("a number", "an amount"):
        return "number"
    if name == "yes or no":
        return "yes or no"
    if isinstance(kind, Rows | ListOf):
        return "list"
    return "object" if isinstance(kind, KeyedRows | Object | Ref) or name.startswith("a set") else "text"


def _segment(path: ast.Path, position: int) -> Span:
    """The place of one name of the path; -1 is the head."""
    span = path.span
    if span.line != span.end_line:
        return span
    head = path.head if path.selector is None else f"{path.head}[{path.selector}]"
    names = [head, *path.rest]
    start = span.column + sum(len(name) + 1 for name in names[: position + 1])
    return Span(span.file, span.line, start, span.line, start + len(names[position + 1]))


def _reported(span: Span) -> Value:
    return Value(Const(span, None), Reported(), False, span)
