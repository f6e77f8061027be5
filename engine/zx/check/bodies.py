"""The items of one section: guards in the order they are judged, fields, lets; presence flows from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from zx.catalog.fieldtypes import Text
from zx.catalog.schema import Shape
from zx.check.expressions import Expressions
from zx.check.fitting import fit
from zx.check.ir import Choose, Clear, Const, LetRef, Member, Message, Node, Notice, Otherwise
from zx.check.narrowing import facts_when
from zx.check.needing import answered, asks_for, misplaced
from zx.check.scope import NO_FACTS, Facts, LetEntry, Scope, Value, present
from zx.check.targets import Target, find_target, has_no_winner
from zx.check.typed import TypedBody, TypedField, TypedGuard, TypedLet
from zx.check.usage import nodes
from zx.diagnostics.diagnostic import Label, Span
from zx.resolve.ruleset import Entry
from zx.stdlib.types import Reported, expression_type
from zx.syntax import ast
from zx.values.dataclass import dataclass

_ORDER: tuple[Literal["only", "skip", "cancel", "fail", "warn"], ...] = ("only", "skip", "cancel", "fail", "warn")


@dataclass(frozen=True, slots=True)
class Loose:
    """Why a field may get no value: the part at fault, in a few words, and what may cure it."""

    span: Span
    why: str
    fix: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A body with what is known after its guards. ``dead``: a guard that settings alone make false. ``needed``: who
    asks has a say; ``alone`` are then the ``only when`` of a record that nobody asks for, None where it is always out.

    ``set_by`` holds the places of the fields that are set, also of those whose value was wrong.
    """

    body: TypedBody
    facts: Facts
    dead: bool
    needed: bool
    alone: tuple[TypedGuard, ...] | None
    set_by: dict[str, Span]
    loose: dict[str, Loose]


@dataclass(frozen=True, slots=True)
class _Alone:
    """One ``only when`` for a record that nobody asks for. ``needed``: who asks has a say in it; ``never``: it keeps
    such a record out; ``made`` is what is left to ask, None for nothing."""

    needed: bool
    never: bool
    made: TypedGuard | None


class Bodies:
    def __init__(self, checker: Expressions) -> None:
        self._checker = checker

    def enter(self, items: Sequence[Entry], scope: Scope) -> None:
        """Makes the lets of the section known in ``scope``."""
        for item in items:
            if isinstance(item, ast.Let) and item.name not in scope.lets:
                scope.lets[item.name] = LetEntry(item, len(scope.lets))

    def is_dead(self, items: Sequence[Entry], scope: Scope) -> bool:
        """Whether an ``only when`` is false whatever the record, because of settings."""
        scope.in_only = True
        for item in items:
            if isinstance(item, ast.Guard) and item.outcome == "only":
                value = self._checker.value(item.condition, scope, NO_FACTS)
                if value.is_constant and value.constant is False:
                    return True
        scope.in_only = False
        return False

    def judge(self, items: Sequence[Entry], scope: Scope, target: Shape, what: str) -> Judged:
        """The checked section. ``target`` is the shape its fields belong to; ``what`` names it in messages."""
        guards, facts, dead, alone = self._guards(items, scope)
        fields: list[TypedField] = []
        set_by: dict[str, Span] = {}
        loose: dict[str, Loose] = {}
        extra: list[TypedLet] = []
        written: set[str] = set()
        for item in items:
            # The same field written twice was reported when the files were put together.
            if isinstance(item, ast.Assign) and item.target.text not in written:
                written.add(item.target.text)
                fields.extend(self._field(item, scope, facts, target, set_by, loose, extra))
        lets = self._lets(scope, facts, extra)
        needed = any(guard.needed for guard in alone)
        lonely = tuple(guard.made for guard in alone if guard.made is not None)
        never = not needed or any(guard.never for guard in alone)
        body = TypedBody(lets, tuple(guards), tuple(fields))
        return Judged(body, facts, dead, needed, None if never else lonely, set_by, loose)

    # --- guards ---------------------------------------------------------------------------------------------------

    def _guards(self, items: Sequence[Entry], scope: Scope) -> tuple[list[TypedGuard], Facts, bool, list[_Alone]]:
        checker = self._checker
        facts = NO_FACTS
        after_fails = NO_FACTS
        made: list[TypedGuard] = []
        alone: list[_Alone] = []
        dead = False
        guards = [item for item in items if isinstance(item, ast.Guard)]
        for outcome in _ORDER:
            if outcome == "warn":
                facts |= after_fails
            for guard in (item for item in guards if item.outcome == outcome):
                scope.in_only = outcome == "only"
                value = checker.condition(guard.condition, scope, facts)
                scope.in_only = False
                if isinstance(value.type, Reported):
                    # What a wrong guard was meant to settle is not asked for once more.
                    facts |= _everything_in(guard.condition)
                message = None if guard.because is None else checker.message(guard.because, scope, facts)
                if outcome == "only":
                    facts |= facts_when(guard.condition, True, scope)
                elif outcome in ("skip", "cancel"):
                    facts |= facts_when(guard.condition, False, scope)
                elif outcome == "fail":
                    after_fails |= facts_when(guard.condition, False, scope)
                condition = value.node
                if outcome == "only":
                    condition = self._asked(guard, condition, alone)
                if isinstance(condition, Const) and condition.value is (outcome == "only"):
                    continue
                if value.is_constant and outcome == "only" and value.constant is False:
                    dead = True
                made.append(TypedGuard(outcome, guard.span, condition, message))
        return made, facts | after_fails, dead, alone

    def _asked(self, guard: ast.Guard, condition: Node, alone: list[_Alone]) -> Node:
        """The condition as it is for a record that is asked for; how it is for one that is not goes to ``alone``."""
        place = misplaced(condition)
        if place is not None:
            self._checker.world.reporter.error(
                "E0515",
                "`needed` is known only after all documents are mapped",
                place,
                "no part of another condition",
                help="write `only when needed`, or `only when needed or …`",
            )
            return condition
        answer = answered(condition, False)
        fixed = answer.value if isinstance(answer, Const) else None
        made = None if fixed is True else TypedGuard("only", guard.span, answer, None)
        alone.append(_Alone(asks_for(condition), fixed is False, made))
        return answered(condition, True)

    # --- fields ---------------------------------------------------------------------------------------------------

    def _field(
        self,
        item: ast.Assign,
        scope: Scope,
        facts: Facts,
        shape: Shape,
        set_by: dict[str, Span],
        loose: dict[str, Loose],
        extra: list[TypedLet],
    ) -> list[TypedField]:
        checker = self._checker
        target = find_target(checker.world, item.target, shape)
        wanted = None if target is None else expression_type(target.shape.system, target.type)
        checker.wanted = wanted
        value = checker.value(item.value, scope, facts)
        checker.wanted = None
        set_by.setdefault(item.target.head, item.span)
        if target is None or wanted is None:
            return []
        node = fit(checker.world, value, wanted, f"`{target.name}`")
        self._ownership(item, target)
        self._clearing(node, target)
        if value.maybe:
            culprit = checker.culprit(item.value, scope, facts)
            fix = self._joined(item.value) or self._stopped(item, culprit)
            loose[target.name] = Loose(culprit, checker.origin(culprit, scope), fix)
        names = [name for _, name, _ in target.parts] or [target.name]
        for name in names:
            first = set_by.setdefault(name, item.span)
            if first is not item.span:
                checker.world.reporter.error(
                    "E0211",
                    f"`{name}` is set twice",
                    item.target.span,
                    f"also set at {first.place}",
                    others=(Label(first, "the other one"),),
                    help="keep one",
                )
                return []
        if not target.parts:
            return [TypedField(target.name, target.type, item.span, node, item.owner)]
        return self._address(item, target, node, scope, extra)

    def _joined(self, expr: ast.Expr) -> str | None:
        """``A & " " & B`` as a ``join``, which leaves out what is missing."""
        if not (isinstance(expr, ast.Binary) and expr.operator == "&" and isinstance(expr.left, ast.Binary)):
            return None
        first, middle, last = expr.left.left, expr.left.right, expr.right
        if expr.left.operator != "&" or not isinstance(middle, ast.TextLiteral) or middle.constant is None:
            return None
        text = self._checker.world.text
        return f"join({text(middle.span)}, {text(first.span)}, {text(last.span)})"

    def _stopped(self, item: ast.Assign, culprit: Span) -> str | None:
        """The line with a stop for what is missing."""
        world = self._checker.world
        whole, line = world.text(item.value.span), world.line(item.span)
        if isinstance(item.value, ast.Pick) or item.value.span.line != item.value.span.end_line:
            return None
        name = world.text(culprit).replace('"', "'").replace("{", "{{")
        return line.replace(whole, f'{whole} otherwise fail "it has no {name}"', 1) if whole in line else None

    def _address(
        self, item: ast.Assign, target: Target, node: Node, scope: Scope, extra: list[TypedLet]
    ) -> list[TypedField]:
        """One field for each part; the address itself is worked out once."""
        if isinstance(node, Const):
            return []
        index = len(scope.lets) + len(extra)
        extra.append(TypedLet(target.name, item.value.span, node))
        whole = LetRef(item.value.span, index, True)
        return [
            TypedField(
                name, kind, item.span, Member(item.value.span, whole, part, item.target.text, "text", True), item.owner
            )
            for part, name, kind in target.parts
        ]

    def _ownership(self, item: ast.Assign, target: Target) -> None:
        if item.owner == "always" and has_no_winner(target):
            self._checker.world.reporter.error(
                "E0512",
                f"money has no automatic winner: `{target.name}` cannot be `always`",
                item.target.span,
                "amounts, quantities, taxes, accounts, currency, contact",
                help="drop `always`",
            )

    def _clearing(self, node: Node, target: Target) -> None:
        place = _clear_in(node)
        if place is not None and (not target.field.clearable or target.parts):
            system = target.shape.system.capitalize()
            self._checker.world.reporter.error(
                "E0305",
                f"`{target.name}` cannot be cleared",
                place,
                f"{system} takes no blank here",
                help="leave `otherwise clear` away: what is missing leaves the field as it is",
            )

    # --- lets -----------------------------------------------------------------------------------------------------

    def _lets(self, scope: Scope, facts: Facts, extra: Sequence[TypedLet]) -> tuple[TypedLet, ...]:
        """The code of every let. It is made without the facts, so that it holds wherever the let is used first."""
        checker = self._checker
        made: list[TypedLet] = []
        for entry in scope.lets.values():
            if not entry.values:
                checker.let(entry, scope, facts)
            entry.busy = True
            with checker.world.reporter.silence():
                body = checker.value(entry.node.value, scope, NO_FACTS)
            entry.busy = False
            made.append(TypedLet(entry.node.name, entry.node.span, body.node))
        return (*made, *extra)

    # --- single conditions ----------------------------------------------------------------------------------------

    def optional_condition(self, expr: ast.Expr | None, scope: Scope, facts: Facts) -> tuple[Node | None, bool]:
        """A condition that may be left out, and whether it can ever hold."""
        if expr is None:
            return None, True
        value = self._checker.condition(expr, scope, facts)
        if isinstance(value.type, Reported):
            return None, False
        if value.is_constant and value.constant is True:
            return None, True
        return value.node, not (value.is_constant and value.constant is False)

    def key(self, item: ast.MatchKey, scope: Scope, facts: Facts, target: Target) -> Value:
        """The value of a match key, of the field's kind; how long it is plays no part."""
        assert item.value is not None
        value = self._checker.value(item.value, scope, facts)
        wanted = expression_type(target.shape.system, target.type)
        fit(self._checker.world, value, Text() if isinstance(wanted, Text) else wanted, f"`{target.name}`")
        return value

    def reason(self, literal: ast.TextLiteral, scope: Scope, facts: Facts) -> Message:
        return self._checker.message(literal, scope, facts)


def _everything_in(condition: ast.Expr) -> Facts:
    """Every path of ``condition`` as present and short."""
    paths = {node.text for node in nodes(condition) if isinstance(node, ast.Path)}
    return frozenset(fact for path in paths for fact in (present(path), ("length", path, 0)))


def _clear_in(node: Node) -> Span | None:
    """Where ``clear`` can become the value."""
    if isinstance(node, Clear):
        return node.span
    if isinstance(node, Otherwise):
        return _clear_in(node.left) or _clear_in(node.right)
    if isinstance(node, Choose):
        return _clear_in(node.then) or _clear_in(node.otherwise)
    if isinstance(node, Notice):
        return _clear_in(node.then)
    return None
