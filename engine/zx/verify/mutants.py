"""Small changes of the rules, each of which some test should notice.

A mutant replaces one node of the tree of one file. Changes that cannot be seen in a test (keys of `match on` without a
policy, who owns a field, the words of reasons) are not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from zx.check.usage import nodes
from zx.diagnostics.diagnostic import Span
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.money import plain
from zx.verify.rowsets import may_share

LONGEST = 300
"""Characters of a text that a test can give."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``old`` becomes ``new``. ``span`` is where a person looks, ``places`` are the rules or rows a test must come by
    to notice; ``setting`` names the setting whose default is changed, ``table`` the table that is."""

    file: str
    old: object
    new: object
    span: Span
    what: str
    places: tuple[str, ...]
    setting: str = ""
    table: str = ""
    item: object = None

    def applied(self, module: ast.Module) -> ast.Module:
        """``module`` with the change made."""
        made: ast.Module = replaced(module, self.old, self.new)
        return made


def replaced(value: Any, old: object, new: object) -> Any:
    """``value`` with the node ``old`` (that very object) replaced; everything else stays the same object."""
    if value is old:
        return new
    if isinstance(value, tuple):
        items = [replaced(item, old, new) for item in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else tuple(items)
    if is_dataclass(value) and not isinstance(value, Span | type):
        for item in fields(value):
            inner = getattr(value, item.name)
            changed = replaced(inner, old, new)
            if changed is not inner:
                return replace(value, **{item.name: changed})
    return value


def mutants_of(modules: Mapping[str, ast.Module], texts: Mapping[str, str]) -> list[Mutant]:
    """All mutants of the rules, in the order of files and lines."""
    found: list[Mutant] = []
    for file in sorted(modules):
        for section in modules[file].sections:
            found += _Maker(file, texts.get(file, "")).section(section)
    return sorted(found, key=lambda mutant: (mutant.span, mutant.what))


Change = tuple[object, object, Span, str]
"""The old node, the new one, where, and in words."""


class _Maker:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = text.replace("\r\n", "\n").split("\n")

    def section(self, section: ast.SectionNode) -> Iterator[Mutant]:
        match section:
            case ast.Setting():
                yield from self._setting(section)
            case ast.Table():
                if section.rows is not None:
                    yield from self._rows(section.rows, section.name.text)
            case ast.Map() | ast.LinesOf() | ast.LineSection() | ast.Extend() | ast.Summary():
                watched = any(isinstance(item, ast.Policy) for item in section.items)
                for item in section.items:
                    yield from self._item(section, item, watched)

    def text(self, span: Span) -> str:
        """The rule text at ``span``, on one line."""
        if span.end_line > len(self._lines):
            return ""
        if span.line == span.end_line:
            return self._lines[span.line - 1][span.column - 1 : span.end_column - 1]
        inner = self._lines[span.line : span.end_line - 1]
        first, last = (
            self._lines[span.line - 1][span.column - 1 :],
            self._lines[span.end_line - 1][: span.end_column - 1],
        )
        return " ".join(" ".join([first, *inner, last]).split())

    # --- settings ---------------------------------------------------------------------------------------------------

    def _setting(self, section: ast.Setting) -> Iterator[Mutant]:
        if section.default is None:
            return
        changes: list[ast.Expr] = []
        value = section.default
        if section.type.kind == "one of" and isinstance(value, ast.TextLiteral):
            others = [word for word in section.type.values if word != value.constant]
            changes = [replace(value, parts=(word,)) for word in others[:1]]
        else:
            changes = [changed for changed, _ in _constants(value)]
        for changed in changes:
            yield Mutant(
                self._file,
                section,
                replace(section, default=changed),
                section.default.span,
                f"the default {self.text(value.span)} becomes {written(changed)}",
                (),
                setting=section.name.text,
            )

    # --- items ------------------------------------------------------------------------------------------------------

    def _item(self, section: Any, item: ast.Item, watched: bool) -> Iterator[Mutant]:
        dropped = replace(section, items=tuple(other for other in section.items if other is not item))
        what = "this line is dropped"
        changes: Iterator[Change] = iter(())
        match item:
            case ast.Guard():
                if any(isinstance(node, ast.Path) and node.text == "needed" for node in nodes(item.condition)):
                    return  # the planner's question; a test has no documents that need the record
                changes = self._expr(item.condition)
            case ast.Assign():
                changes = self._expr(item.value, value=True)
            case ast.Let():
                changes, dropped = self._expr(item.value), None
            case ast.Policy():
                changes = self._expr(item.condition) if item.condition is not None else changes
            case ast.TotalMustBe():
                changes = self._total(item)
            case ast.SpreadItem():
                changes = self._expr(item.condition) if item.condition is not None else changes
            case ast.Match() if watched:
                pass
            case _:
                return
        places = (item.span.place,)
        if dropped is not None:
            yield Mutant(self._file, section, dropped, item.span, what, places, item=item)
        for old, new, span, words in changes:
            yield Mutant(self._file, old, new, span, words, places, item=item)
        if isinstance(item, ast.Assign | ast.Let) and isinstance(item.value, ast.Pick):
            yield from self._rows(item.value.rows, "")

    def _total(self, item: ast.TotalMustBe) -> Iterator[Change]:
        if item.method is not None:
            bare = replace(item, method=None, limit=None, account=None)
            yield item, bare, item.method.span, "no gap may be closed"
        if item.account is not None:
            yield item, replace(item, account=None), item.account.span, "the account is left out"

    # --- rows -------------------------------------------------------------------------------------------------------

    def _rows(self, rows: ast.Rows, table: str) -> Iterator[Mutant]:
        every = rows.rows
        for index, row in enumerate(every):
            here = (row.span.place,)
            later = tuple(other.span.place for other in every[index:])
            rest = replace(rows, rows=(*every[:index], *every[index + 1 :]))
            yield Mutant(self._file, rows, rest, row.span, "this row is dropped", here, table=table)
            after = every[index + 1] if index + 1 < len(every) else None
            if (
                after is not None
                and may_share(row, after)
                and self.text(row.cells[-1].span) != self.text(after.cells[-1].span)
            ):
                swapped = replace(rows, rows=(*every[:index], after, row, *every[index + 2 :]))
                both = (*here, after.span.place)
                yield Mutant(
                    self._file, rows, swapped, row.span, "this row and the next are swapped", both, table=table
                )
            for cell in row.cells[:-1]:
                for old, new, span, what in self._condition(cell):
                    yield Mutant(self._file, old, new, span, what, later, table=table)
            for old, new, span, what in self._result(row, every):
                yield Mutant(self._file, old, new, span, what, here, table=table)

    def _condition(self, cell: ast.Cell) -> Iterator[Change]:
        match cell:
            case ast.ValuesCell(values=values) if len(values) > 1:
                for value in values:
                    less = replace(cell, values=tuple(other for other in values if other is not value))
                    yield cell, less, value.span, f"`{value.text}` is left out"
            case ast.CompareCell():
                flipped = replace(cell, operator=_FLIPS[cell.operator])
                yield cell, flipped, cell.span, f"`{cell.operator}` becomes `{flipped.operator}`"
                for changed, what in _constants(cell.value):
                    yield cell, replace(cell, value=changed), cell.span, what
            case ast.FormulaCell():
                yield from self._expr(cell.formula)

    def _result(self, row: ast.Row, every: Sequence[ast.Row]) -> Iterator[Change]:
        cell = row.cells[-1]
        match cell:
            case ast.FormulaCell():
                yield from self._expr(cell.formula, value=True)
            case ast.OutcomeCell(outcome=ast.WarnThen() as warned):
                silent = ast.FormulaCell(cell.span, warned.then)
                yield cell, silent, cell.span, "the notice is left out"
                yield from self._expr(warned.then, value=True)
            case ast.ValuesCell():
                others = [other.cells[-1] for other in every if isinstance(other.cells[-1], ast.ValuesCell)]
                texts = [self.text(other.span) for other in others]
                mine = self.text(cell.span)
                other = next((o for o, text in zip(others, texts, strict=True) if text != mine), None)
                if other is not None:
                    word = self.text(other.span)
                    yield cell, replace(other, span=cell.span), cell.span, f"`{mine}` becomes `{word}`"
            case _:
                return

    # --- expressions ------------------------------------------------------------------------------------------------

    def _expr(self, expr: ast.Expr, *, value: bool = False) -> Iterator[Change]:
        """Every change inside ``expr``. ``value``: its texts are values that are sent, not words that are compared."""
        match expr:
            case ast.Binary():
                yield from self._binary(expr, value)
            case ast.Unary():
                yield from self._unary(expr, value)
            case ast.If():
                swapped = replace(expr, then=expr.otherwise, otherwise=expr.then)
                yield expr, swapped, expr.span, "`then` and `else` are swapped"
                yield from self._expr(expr.condition)
                yield from self._expr(expr.then, value=value)
                yield from self._expr(expr.otherwise, value=value)
            case ast.In():
                yield expr, replace(expr, negated=not expr.negated), expr.span, "`in` becomes its opposite"
                for part in expr.values if len(expr.values) > 1 else ():
                    less = replace(expr, values=tuple(other for other in expr.values if other is not part))
                    yield expr, less, part.span, f"{self.text(part.span)} is left out"
            case ast.Call():
                yield from self._call(expr, value)
            case ast.WarnThen():
                yield from self._expr(expr.then, value=value)
            case ast.Duration():
                yield from self._expr(expr.amount)
            case ast.Pick():
                for subject in expr.subjects:
                    yield from self._expr(subject)
            case ast.Constant() | ast.TextLiteral():
                if value or isinstance(expr, ast.Constant):
                    for changed, what in _constants(expr):
                        yield expr, changed, expr.span, what

    def _binary(self, expr: ast.Binary, value: bool) -> Iterator[Change]:
        left, right = self.text(expr.left.span), self.text(expr.right.span)
        if expr.operator == "otherwise":
            yield expr, expr.left, expr.right.span, f"`otherwise {right}` is left out"
            if not isinstance(expr.right, ast.Stop | ast.WarnThen):
                yield expr, expr.right, expr.left.span, f"`{left} otherwise` is left out"
        elif expr.operator == "&":
            yield expr, expr.left, expr.right.span, f"`& {right}` is left out"
            yield expr, expr.right, expr.left.span, f"`{left} &` is left out"
        else:
            other = _OPPOSITES.get(expr.operator)
            if other is not None:
                changed = replace(expr, operator=other)
                yield expr, changed, expr.operator_span, f"`{expr.operator}` becomes `{other}`"
        yield from self._expr(expr.left, value=value)
        yield from self._expr(expr.right, value=value)

    def _unary(self, expr: ast.Unary, value: bool) -> Iterator[Change]:
        if expr.operator in ("not", "-"):
            yield expr, expr.operand, expr.span, f"`{expr.operator}` is left out"
        else:
            other: Literal["is missing", "is present"] = "is present" if expr.operator == "is missing" else "is missing"
            yield expr, replace(expr, operator=other), expr.span, f"`{expr.operator}` becomes `{other}`"
        yield from self._expr(expr.operand, value=value)

    def _call(self, expr: ast.Call, value: bool) -> Iterator[Change]:
        if expr.name in ("trim", "upper", "lower", "proper", "end_of_month", "abs") and len(expr.arguments) == 1:
            yield expr, expr.arguments[0], expr.span, f"`{expr.name}` is left out"
        if expr.name in ("min", "max"):
            other = "max" if expr.name == "min" else "min"
            yield expr, replace(expr, name=other), expr.name_span, f"`{expr.name}` becomes `{other}`"
        if expr.name == "join" and len(expr.arguments) > 2:
            for part in expr.arguments[1:]:
                less = replace(expr, arguments=tuple(other for other in expr.arguments if other is not part))
                yield expr, less, part.span, f"`{self.text(part.span)}` is left out"
        for argument in expr.arguments:
            if not (expr.name in ("left", "right") and _too_long(argument)):
                yield from self._expr(argument, value=value)


def _too_long(expr: ast.Expr) -> bool:
    """A length that no text in a test can reach: a line of a rule file has 400 characters."""
    return isinstance(expr, ast.Constant) and isinstance(expr.value, Decimal) and expr.value > LONGEST


Operator = Literal["<", "<=", ">", ">="]
_FLIPS: Mapping[Operator, Operator] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OPPOSITES: Mapping[str, Any] = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "is": "is not",
    "is not": "is",
    "and": "or",
    "or": "and",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
}


def _constants(expr: ast.Expr) -> Iterator[tuple[ast.Expr, str]]:
    """A plain value changed."""
    match expr:
        case ast.Constant(kind="number" | "percent", value=Decimal() as number):
            changed = replace(expr, value=number + 1)
            yield changed, f"{plain(number)} becomes {plain(number + 1)}"
        case ast.Constant(kind="bool", value=bool() as truth):
            yield replace(expr, value=not truth), f"{_yes(truth)} becomes {_yes(not truth)}"
        case ast.TextLiteral() if expr.constant is not None and expr.constant.strip():
            changed_text = replace(expr, parts=(f"{expr.constant}~",))
            yield changed_text, f'"{expr.constant}" becomes "{expr.constant}~"'
        case ast.TextLiteral(parts=()) | ast.TextLiteral(parts=("",)):
            yield replace(expr, parts=("~",)), '"" becomes "~"'


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def written(expr: ast.Expr) -> str:
    """A plain value as the rules write it."""
    if isinstance(expr, ast.TextLiteral):
        return f'"{expr.constant}"'
    if isinstance(expr, ast.Constant):
        return _yes(expr.value) if isinstance(expr.value, bool) else str(expr.value)
    return "…"
