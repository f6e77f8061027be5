"""Expressions: names and types settled, settings folded, what may be missing followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from zx.catalog.fieldtypes import Bool, Date, DateTime, Money, Number, Ref, Text
from zx.check import operators
from zx.check.calls import builtin, unknown_function
from zx.check.doubts import Doubts, doubt_constant, doubt_otherwise
from zx.check.ir import Choose, Clear, Const, Filled, FindOne, Halt, LetRef, Message, Node, Notice, Otherwise, ViaMap
from zx.check.narrowing import facts_when
from zx.check.paths import Paths
from zx.check.scope import Facts, LetEntry, Scope, Value, World
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.model.record import Kind
from zx.resolve.ruleset import Entry
from zx.stdlib.registry import FROM_EXCEL, FUNCTIONS
from zx.stdlib.types import ExprType, Nothing, Reported, describe, is_textual
from zx.syntax import ast

if TYPE_CHECKING:
    from zx.check.tables import Tables

MAX_LETS = 32
"""How many lets may stand on each other, as deep as expressions may be nested."""


class Expressions:
    """Checks expressions of one world. ``tables`` is set once both exist: each needs the other.

    ``wanted`` is the type of the place an assignment fills: it decides what plain text in the rows of a ``pick`` means.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.tables: Tables
        self.wanted: ExprType | None = None
        self.doubts = Doubts()
        self._lets_open = 0

    def value(self, expr: ast.Expr, scope: Scope, facts: Facts) -> Value:
        """The checked ``expr``. Everything wrong inside is reported."""
        match expr:
            case ast.Path():
                return Paths(self.world, lambda entry, known: self.let(entry, scope, known)).value(expr, scope, facts)
            case ast.Constant():
                return _constant(expr)
            case ast.TextLiteral():
                return self._text(expr, scope, facts)
            case ast.Unary():
                return operators.unary(self, expr, scope, facts)
            case ast.Binary():
                return self._binary(expr, scope, facts)
            case ast.In():
                return operators.member(self, expr, scope, facts)
            case ast.If():
                return self._if(expr, scope, facts)
            case ast.Stop():
                return self.halt(expr, scope, facts)
            case ast.WarnThen():
                then = self.value(expr.then, scope, facts)
                node = Notice(expr.span, self.message(expr.message, scope, facts), then.node)
                return Value(node, then.type, then.maybe, expr.span, target=then.target)
            case ast.Duration():
                self.world.reporter.error(
                    "E0301", "a length of time is added to a date", expr.span, "write `A_Date + 14 days`"
                )
                return self.reported(expr.span)
            case ast.Call():
                return self._call(expr, scope, facts)
            case ast.Via():
                return self._via(expr, scope, facts)
            case ast.Find():
                return self._find(expr, scope, facts)
            case ast.Pick():
                return self.tables.pick(expr, scope, facts)

    def reported(self, span: Span) -> Value:
        return Value(Const(span, None), Reported(), False, span)

    @contextmanager
    def dead(self) -> Iterator[None]:
        """Inside, nothing is checked against live lists: a switch folds it away."""
        before, self.world.live = self.world.live, False
        try:
            yield
        finally:
            self.world.live = before

    # --- conditions -----------------------------------------------------------------------------------------------

    def condition(self, expr: ast.Expr, scope: Scope, facts: Facts) -> Value:
        """``expr`` as a condition: yes or no, and never missing (E0302)."""
        value = self.value(expr, scope, facts)
        if isinstance(value.type, Reported):
            return value
        doubt_constant(self.doubts, expr, value, scope)
        if not isinstance(value.type, Bool):
            self.world.reporter.error(
                "E0301",
                f"a condition is yes or no, this is {describe(value.type)}",
                expr.span,
                "compare it with something, or ask `is present`",
                help=f"several values are asked for as in `Status in (…, {self.world.text(expr.span)})`"
                if isinstance(expr, ast.TextLiteral)
                else None,
            )
            return self.reported(expr.span)
        if value.maybe:
            culprit = self.culprit(expr, scope, facts)
            text = self.world.text(expr.span)
            self.world.reporter.error(
                "E0302",
                f"`{self.world.text(culprit)}` may be missing, so it cannot be a condition",
                culprit,
                self.origin(culprit, scope),
                fix=f"({text} otherwise no)",
            )
        return value

    def culprit(self, expr: ast.Expr, scope: Scope, facts: Facts) -> Span:
        """The first part of ``expr`` that may be missing and makes the whole missing."""
        parts: tuple[ast.Expr, ...] = ()
        if isinstance(expr, ast.Binary) and expr.operator not in ("otherwise", "or", "and", "is", "is not"):
            parts = (expr.left, expr.right)
        elif isinstance(expr, ast.Call):
            parts = expr.arguments
        elif (isinstance(expr, ast.Unary) and expr.operator in ("not", "-")) or isinstance(expr, ast.Via):
            parts = (expr.operand,)
        with self.world.reporter.silence():
            for part in parts:
                if not isinstance(part, ast.Duration) and self.value(part, scope, facts).maybe:
                    return self.culprit(part, scope, facts)
        return expr.span

    def origin(self, span: Span, scope: Scope) -> str:
        """Why something may be missing, in a few words."""
        text = self.world.text(span)
        if text.startswith("settings."):
            return "it has no value in this sync"
        if scope.shape is not None and text in scope.shape.fields and text not in scope.lets:
            return f"optional in {scope.shape.system.capitalize()}{self._counted(text, scope)}"
        return "it may have no value"

    def _counted(self, name: str, scope: Scope) -> str:
        """How many of the records last read have no such value."""
        count = None if scope.kind is None else self.world.census.get(scope.kind)
        if count is None or not count.missing(name):
            return ""
        nouns = f"{scope.kind.name.lower().replace('_', ' ')}" if scope.kind else ""
        return f"; {count.missing(name):,} of your {count.records:,} {nouns} have none"

    def guarded(self, span: Span, compared: Span) -> str | None:
        """The guard at ``compared`` with the presence of what stands at ``span`` asked first; None where that is not
        simply put in front."""
        line = self.world.line(compared)
        whole, name = self.world.text(compared), self.world.text(span)
        starts = line.startswith(("only when", "skip when", "fail when", "warn when", "cancel when"))
        if not starts or whole not in line or " not " in line:
            return None
        return line.replace(whole, f"{name} is present and {whole}", 1)

    # --- texts ----------------------------------------------------------------------------------------------------

    def message(self, literal: ast.TextLiteral, scope: Scope, facts: Facts) -> Message:
        """A text for people; ``{path}`` shows a value, missing ones as "(none)"."""
        parts: list[str | Node] = []
        for part in literal.parts:
            parts.append(part if isinstance(part, str) else self.value(part, scope, facts).node)
        return Message(literal.span, tuple(parts))

    def _text(self, literal: ast.TextLiteral, scope: Scope, facts: Facts) -> Value:
        constant = literal.constant
        if constant is not None:
            return Value(Const(literal.span, constant), Text(len(constant)), False, literal.span)
        values = [self.value(part, scope, facts) for part in literal.parts if not isinstance(part, str)]
        nodes = iter(values)
        message = Message(
            literal.span, tuple(part if isinstance(part, str) else next(nodes).node for part in literal.parts)
        )
        node = Filled(literal.span, message, any(value.node.maybe for value in values))
        return Value(node, Text(), any(value.maybe for value in values), literal.span)

    def halt(self, stop: ast.Stop, scope: Scope, facts: Facts) -> Value:
        node = Halt(stop.span, stop.outcome, self.message(stop.message, scope, facts))
        return Value(node, Nothing(), False, stop.span)

    # --- lets -----------------------------------------------------------------------------------------------------

    def let(self, entry: LetEntry, scope: Scope, facts: Facts) -> Value:
        """What a ``let`` is where ``facts`` hold. Its code is the same everywhere; what may be missing is not."""
        key = (facts, self.world.live)
        if key in entry.values:
            return entry.values[key]
        if self._lets_open >= MAX_LETS:
            self.world.reporter.error(
                "E0109",
                f"`{entry.node.name}` is needed through {MAX_LETS} other lets",
                entry.node.name_span,
                "too deep",
                help="write some of them without the others, or as a table",
            )
            return self.reported(entry.node.span)
        if entry.busy:
            self.world.reporter.error(
                "E0215",
                f"`{entry.node.name}` is defined by itself",
                entry.node.name_span,
                "this `let` goes in a circle",
            )
            return self.reported(entry.node.span)
        entry.busy = True
        only, scope.in_only = scope.in_only, False
        self._lets_open += 1
        try:
            body = self.value(entry.node.value, scope, facts)
        finally:
            self._lets_open -= 1
            entry.busy = False
            scope.in_only = only
        node: Node = body.node if isinstance(body.node, Const) else LetRef(body.span, entry.index, body.node.maybe)
        value = replace(body, node=node)
        entry.values[key] = value
        return value

    # --- choices --------------------------------------------------------------------------------------------------

    def _binary(self, expr: ast.Binary, scope: Scope, facts: Facts) -> Value:
        if expr.operator == "otherwise":
            return self._otherwise(expr, scope, facts)
        return operators.binary(self, expr, scope, facts)

    def _otherwise(self, expr: ast.Binary, scope: Scope, facts: Facts) -> Value:
        left = self.value(expr.left, scope, facts)
        self._doubt(left, expr, scope, facts)
        settled = left.is_constant and left.constant is not None
        if settled:
            with self.dead():
                right = self.value(expr.right, scope, facts)
        else:
            right = self.value(expr.right, scope, facts)
        kind = self.common(left, right, expr.right.span)
        if settled:
            return Value(left.node, left.type, False, expr.span, target=left.target)
        if left.is_constant and not isinstance(left.type, Reported):
            return Value(
                right.node, right.type if left.constant is None else kind, right.maybe, expr.span, target=right.target
            )
        clears = isinstance(right.node, Clear)
        node = Otherwise(expr.span, left.node, right.node)
        maybe = left.maybe and right.maybe and not clears
        money = left.money_of if left.money_of == right.money_of or right.money_of is None else None
        return Value(node, kind, maybe, expr.span, None, left.embedded, left.target or right.target, money)

    def _doubt(self, left: Value, expr: ast.Binary, scope: Scope, facts: Facts) -> None:
        if left.maybe or not isinstance(left.type, Reported | Nothing):
            doubt_otherwise(self.doubts, expr, left, scope, facts, self.world.text(expr.left.span))

    def _if(self, expr: ast.If, scope: Scope, facts: Facts) -> Value:
        condition = self.condition(expr.condition, scope, facts)
        when_true = facts | facts_when(expr.condition, True, scope)
        when_false = facts | facts_when(expr.condition, False, scope)
        if condition.is_constant and isinstance(condition.constant, bool):
            branch, other = (expr.then, expr.otherwise) if condition.constant else (expr.otherwise, expr.then)
            known, others = (when_true, when_false) if condition.constant else (when_false, when_true)
            value = self.value(branch, scope, known)
            with self.dead():
                dead = self.value(other, scope, others)
            self.common(value, dead, other.span)
            kind = dead.type if isinstance(value.type, Nothing) else value.type
            return Value(value.node, kind, value.maybe, value.span, value.key, value.embedded, value.target)
        then = self.value(expr.then, scope, when_true)
        otherwise = self.value(expr.otherwise, scope, when_false)
        kind = self.common(then, otherwise, expr.otherwise.span)
        node = Choose(expr.span, condition.node, then.node, otherwise.node)
        return Value(
            node, kind, then.maybe or otherwise.maybe, expr.span, None, then.embedded, then.target or otherwise.target
        )

    def common(self, left: Value, right: Value, span: Span) -> ExprType:
        """The type of something that is either of the two; E0301 when they have nothing in common."""
        a, b = left.type, right.type
        if isinstance(a, Reported) or isinstance(b, Reported):
            return Reported()
        if isinstance(a, Nothing) or a == b:
            return b
        if isinstance(b, Nothing):
            return a
        if isinstance(a, Text) and isinstance(b, Text):
            return Text(None if a.length is None or b.length is None else max(a.length, b.length))
        if is_textual(a) and is_textual(b):
            # A literal takes the closed type beside it; the place it is put to checks the value.
            if left.is_constant or right.is_constant:
                return b if isinstance(a, Text) else a
            return Text()
        if isinstance(a, Ref) and right.is_constant and isinstance(b, Text):
            return a
        if isinstance(b, Ref) and left.is_constant and isinstance(a, Text):
            return b
        if isinstance(a, Number | Money) and isinstance(b, Number | Money):
            return Money()
        if isinstance(a, Date | DateTime) and isinstance(b, Date | DateTime):
            late = right if isinstance(b, DateTime) else left
            self.world.reporter.error(
                "E0310",
                f"this gives {describe(late.type)}, the other side a date",
                late.span,
                "use date(…)",
                fix=f"date({self.world.text(late.span)})",
            )
            return Reported()
        self.world.reporter.error(
            "E0301",
            f"this gives {describe(b)}, the other side {describe(a)}",
            span,
            "both sides must give the same kind of value",
        )
        return Reported()

    # --- calls ----------------------------------------------------------------------------------------------------

    def _call(self, expr: ast.Call, scope: Scope, facts: Facts) -> Value:
        table = self.world.rules.tables.get(expr.name)
        if table is not None:
            if not self.world.rules.sees(expr.span.file, table.name.span):
                self.world.not_used_here(expr.name, expr.name_span, table.name.span)
            return self.tables.call(table, expr, scope, facts)
        function = FUNCTIONS.get(expr.name)
        if function is None and expr.name.lower() in FROM_EXCEL:
            # What stands between the parentheses belongs to the spreadsheet too.
            unknown_function(self.world, expr)
            return self.reported(expr.span)
        arguments = [self.value(argument, scope, facts) for argument in expr.arguments]
        if function is None:
            unknown_function(self.world, expr)
            return self.reported(expr.span)
        return builtin(self, function, expr, arguments)

    def _via(self, expr: ast.Via, scope: Scope, facts: Facts) -> Value:
        operand = self.value(expr.operand, scope, facts)
        rules = self.world.rules.maps.get(expr.map)
        if rules is None and self.world.is_lost(expr.map):
            return self.reported(expr.span)
        if rules is None:
            near = nearest(expr.map, list(self.world.rules.maps))
            self.world.reporter.error(
                "E0201",
                f"there is no map `{expr.map}`",
                expr.map_span,
                f"did you mean `{near}`?" if near else "no rule file of this sync has it",
                fix=near,
            )
            return self.reported(expr.span)
        if not self.world.rules.sees(expr.span.file, rules.node.name.span):
            self.world.not_used_here(expr.map, expr.map_span, rules.node.name.span)
        if not all(
            self.world.catalogue.shape(name.system, name.name) for name in (rules.node.source, rules.node.target)
        ):
            return self.reported(expr.span)
        source = kind_of(rules.node.source)
        itself = _is_own_id(expr.operand, scope, source)
        own = itself and not any(says_needed(item) for item in rules.items)
        fits = itself or isinstance(operand.type, Reported | Nothing)
        fits = fits or (
            isinstance(operand.type, Ref) and (operand.type.system, operand.type.name) == (source.system, source.name)
        )
        if not fits:
            self._other_kind(expr, operand, source, rules.node.name.span)
            return self.reported(expr.span)
        kind = Ref(rules.node.target.system, rules.node.target.name)
        if expr.map not in self.world.live_maps:
            return Value(Const(expr.span, None), kind, True, expr.span, target=True)
        narrow = own or operand.maybe or _may_stay_out(rules.items)
        node = ViaMap(expr.span, operand.node, expr.map, own, True if own else operand.node.maybe or narrow)
        return Value(node, kind, narrow, expr.span, target=True)

    def _other_kind(self, expr: ast.Via, operand: Value, source: Kind, place: Span) -> None:
        """E0505: at the name of the map where another map sends what is asked for, else at what is asked for."""
        kind = operand.type
        maps = self.world.rules.maps.items()
        fitting = [
            name
            for name, rules in maps
            if isinstance(kind, Ref) and (rules.node.source.system, rules.node.source.name) == (kind.system, kind.name)
        ]
        self.world.reporter.error(
            "E0505",
            f"`{expr.map}` sends {source.system.capitalize()} {source.name}, this is {describe(kind)}",
            expr.map_span if fitting else expr.operand.span,
            f"the map is defined at {place.place}",
            help=f"maps of this kind: {', '.join(f'`{name}`' for name in fitting)}" if len(fitting) > 1 else None,
            fix=fitting[0] if len(fitting) == 1 else None,
        )

    def _find(self, expr: ast.Find, scope: Scope, facts: Facts) -> Value:
        value = self.value(expr.value, scope, facts)
        shape = self.world.catalogue.shape(expr.kind.system, expr.kind.name)
        if shape is None:
            near = nearest(expr.kind.name, [s.name for s in self.world.catalogue.shapes.values()])
            self.world.reporter.error(
                "E0201",
                f"{expr.kind.system.capitalize()} has no `{expr.kind.name}`",
                expr.kind.span,
                "not a kind of record",
                fix=f"{expr.kind.system}.{near}" if near else None,
            )
            return self.reported(expr.span)
        if expr.field not in shape.fields:
            near = nearest(expr.field, list(shape.fields))
            self.world.reporter.error(
                "E0201",
                f"{shape.full_name} has no field `{expr.field}`",
                expr.field_span,
                f"did you mean `{near}`?" if near else "not in the catalogue",
                fix=near,
            )
            return self.reported(expr.span)
        if expr.or_create:
            missing = [f.name for f in shape.fields.values() if f.required and f.name != expr.field]
            if missing or self.world.catalogue.is_list(shape.system, shape.name):
                self.world.reporter.error(
                    "E0513",
                    f"a {shape.noun} cannot be made from its {expr.field} alone",
                    expr.span,
                    f"{shape.system.capitalize()} also requires {', '.join(missing)}"
                    if missing
                    else "it is set up by people",
                    help='`otherwise fail "…"`',
                )
        maybe = not expr.or_create or value.maybe
        node = FindOne(
            expr.span,
            shape.system,
            shape.name,
            expr.field,
            value.node,
            expr.or_create,
            not expr.or_create or value.node.maybe,
        )
        is_target = scope.target is None or scope.target.system == shape.system
        return Value(node, Ref(shape.system, shape.name), maybe, expr.span, target=is_target)


def _constant(expr: ast.Constant) -> Value:
    if expr.kind == "clear":
        return Value(Clear(expr.span), Nothing(), False, expr.span)
    kinds: dict[str, ExprType] = {
        "number": Number(),
        "percent": Number(),
        "date": Date(),
        "bool": Bool(),
        "missing": Nothing(),
    }
    value = expr.value
    if expr.kind == "percent" and isinstance(value, Decimal):
        value = value / 100
    return Value(Const(expr.span, value), kinds[expr.kind], expr.kind == "missing", expr.span)


def kind_of(name: ast.QName) -> Kind:
    """The kind of record a qualified name means; anything that is not Xero counts as Zoho and is reported elsewhere."""
    return Kind("xero" if name.system == "xero" else "zoho", name.name)


def _is_own_id(expr: ast.Expr, scope: Scope, source: Kind) -> bool:
    """``id via invoices``: the record's own id, asked of a map that sends records of its kind."""
    return (
        isinstance(expr, ast.Path)
        and not expr.rest
        and expr.selector is None
        and scope.shape is not None
        and scope.shape.id_field == expr.head
        and scope.kind == source
        and expr.head not in scope.lets
    )


def says_needed(item: Entry) -> bool:
    """A guard that asks for ``needed``: its map is there to be asked, by another map of the same record too."""
    return isinstance(item, ast.Guard) and item.outcome == "only" and _mentions_needed(item.condition)


def _mentions_needed(condition: ast.Expr) -> bool:
    if isinstance(condition, ast.Binary):
        return _mentions_needed(condition.left) or _mentions_needed(condition.right)
    return isinstance(condition, ast.Path) and condition.text == "needed"


def _may_stay_out(items: Sequence[Entry]) -> bool:
    """Whether a map can be out of scope for a record that another map asks for: who asks makes it needed."""
    for item in items:
        if isinstance(item, ast.Guard) and item.outcome == "only" and not _holds_when_needed(item.condition):
            return True
    return False


def _holds_when_needed(condition: ast.Expr) -> bool:
    if isinstance(condition, ast.Path):
        return condition.text == "needed"
    return (
        isinstance(condition, ast.Binary)
        and condition.operator == "or"
        and (_holds_when_needed(condition.left) or _holds_when_needed(condition.right))
    )
