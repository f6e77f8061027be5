"""Tables and ``pick``: every cell typed, rows that constant arguments rule out left away."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from zx.catalog.fieldtypes import Date, DateTime, Enum, Money, Number, OneOf, Ref, Text
from zx.check.asked import Asked, narrowed
from zx.check.cells import WRONG, cell_value
from zx.check.coverage import Column
from zx.check.csvtables import CsvTables
from zx.check.fitting import choices, comparable, fit
from zx.check.gaps import Whole, report_whole
from zx.check.ir import Const, Form, Halt, Node, Notice, Param, Pick, TableCall, TableCode, TableRow, Test
from zx.check.operators import form_of, ordered
from zx.check.rates import Rates
from zx.check.scope import NO_FACTS, Fact, Facts, Scope, Value, present
from zx.check.typenames import NamedType, written_type
from zx.diagnostics.diagnostic import Label, Span
from zx.runtime.support import set_key
from zx.stdlib.types import ExprType, Nothing, Reported, describe
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.jsontext import digest

if TYPE_CHECKING:
    from zx.check.expressions import Expressions

_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the rows are compared with. ``names`` are the local names; ``keys`` what a cell says about presence."""

    subjects: tuple[Value, ...]
    names: tuple[str, ...]
    keys: tuple[str | None, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class _Results:
    """What the result column must be. ``optional`` None: nothing was promised (``pick``)."""

    type: ExprType | None
    optional: bool | None
    table: str
    place: str


@dataclass(frozen=True, slots=True)
class _Cell:
    """A condition cell: a test, or a verdict where the subject is constant; what it says about presence."""

    test: Test | None
    verdict: bool | None
    facts: Facts


class Tables:
    """Tables of one world. ``codes`` holds every specialised table that a live rule calls."""

    def __init__(self, checker: Expressions) -> None:
        self._checker = checker
        self.codes: dict[str, TableCode] = {}
        self._targets: dict[str, bool] = {}
        self._lengths: dict[str, int | None] = {}
        self._built: dict[tuple[str, bool], TableCode] = {}
        self._busy: list[str] = []
        self._csv = CsvTables(checker.world)
        self._circles: dict[frozenset[str], Span] = {}
        self._types: dict[str, tuple[tuple[NamedType, ...], NamedType]] = {}
        self._asked = Asked()

    # --- calls ----------------------------------------------------------------------------------------------------

    def call(self, table: ast.Table, expr: ast.Call, scope: Scope, facts: Facts) -> Value:
        checker = self._checker
        parameters, result = self._signature(table)
        arguments = [checker.value(argument, scope, facts) for argument in expr.arguments]
        width = len(parameters) + 1
        if any(isinstance(argument.type, Reported) for argument in arguments):
            return checker.reported(expr.span)
        if table.csv is None and (table.rows is None or len(table.rows.header) != width):
            return checker.reported(expr.span)
        if len(arguments) != len(parameters):
            words = ", ".join(parameter.name for parameter in table.parameters)
            checker.world.reporter.error(
                "E0301",
                f"table `{table.name.text}` takes {len(parameters)} values, here are {len(arguments)}",
                expr.span,
                f"{table.name.text}({words})",
            )
            return checker.reported(expr.span)
        if table.name.text in self._busy:
            members = self._busy[self._busy.index(table.name.text) :]
            if self._circles.setdefault(frozenset(members), expr.name_span) == expr.name_span:
                circle = " → ".join([*members, table.name.text])
                checker.world.reporter.error(
                    "E0408",
                    f"these tables call each other in a circle: {circle}",
                    expr.name_span,
                    "this call closes it",
                    help="one of them must do without the other",
                )
            return checker.reported(expr.span)
        if not checker.world.reporter.is_silent:
            self._asked.note(table.name.text, arguments, facts)
        nodes = tuple(
            fit(checker.world, argument, named.type, f"`{parameter.name}` of table `{table.name.text}`")
            for argument, named, parameter in zip(arguments, parameters, table.parameters, strict=True)
        )
        settled = tuple(not named.optional for named in parameters)
        gone = any(
            must and isinstance(node, Const) and node.value is None for must, node in zip(settled, nodes, strict=True)
        )
        if gone:
            return Value(Const(expr.span, None), result.type, True, expr.span)
        constants = [node.value if isinstance(node, Const) else _UNKNOWN for node in nodes]
        code = self._variant(table, constants)
        maybe = result.optional or any(
            must and argument.maybe for must, argument in zip(settled, arguments, strict=True)
        )
        raw = code.maybe or any(must and node.maybe for must, node in zip(settled, nodes, strict=True))
        node = TableCall(expr.span, code.key, nodes, settled, raw)
        kind = result.type
        if isinstance(kind, Text) and kind.length is None:
            kind = Text(self._lengths.get(code.key))
        return Value(node, kind, maybe, expr.span, target=self._targets.get(code.key, False))

    def _signature(self, table: ast.Table) -> tuple[tuple[NamedType, ...], NamedType]:
        known = self._types.get(table.name.text)
        if known is None:
            world = self._checker.world
            parameters = tuple(written_type(p.type, world.catalogue, world.reporter) for p in table.parameters)
            result = written_type(table.result, world.catalogue, world.reporter)
            if table.csv is not None:
                result = replace(result, optional=True)
            known = (parameters, result)
            self._types[table.name.text] = known
        return known

    # --- tables ---------------------------------------------------------------------------------------------------

    def check(self, table: ast.Table) -> None:
        """Everything that is wrong with the table itself, whoever calls it."""
        parameters, result = self._signature(table)
        self._names(table)
        if table.csv is not None:
            with self._checker.dead():
                self._csv.table(table, parameters, result)
        if table.rows is None:
            return
        with self._checker.dead():
            self._variant(table, [_UNKNOWN] * len(parameters))
        if self._headers(table.rows, len(parameters) + 1, f"table `{table.name.text}`"):
            self._header_like_a_row(table.rows, result)
            self._gap(table, parameters)
            Rates(self._checker.world).check(table, parameters, result)

    def _header_like_a_row(self, rows: ast.Rows, result: NamedType) -> None:
        """A header that was forgotten: then the first row stands in its place and decides nothing."""
        world, last = self._checker.world, rows.header[-1]
        if isinstance(result.type, OneOf | Enum):
            values: Container[str] = choices(world, result.type) or ()
        elif isinstance(result.type, Ref) and world.catalogue.is_list(result.type.system, result.type.name):
            values = world.catalogue.list(result.type.system, result.type.name) or {}
        else:
            return
        if last.text in values:
            world.reporter.warning(
                "E0405",
                "the first row of a table is its header, and this one reads like a row",
                _header_span(rows),
                f"`{last.text}` is a result, not the name of a column",
                help="put a row with the names of the columns above it",
            )

    def _names(self, table: ast.Table) -> None:
        seen: dict[str, Span] = {}
        for parameter in table.parameters:
            first = seen.setdefault(parameter.name, parameter.span)
            if first is not parameter.span:
                self._checker.world.reporter.error(
                    "E0405",
                    f"table `{table.name.text}` has two parameters `{parameter.name}`",
                    parameter.span,
                    "the second one",
                    others=(Label(first, "the first one"),),
                    help="give each column a name of its own",
                )

    def _variant(self, table: ast.Table, constants: Sequence[object]) -> TableCode:
        """The table for these constant arguments (``_UNKNOWN`` for what is only known at run time)."""
        world = self._checker.world
        name = table.name.text
        if table.csv is not None:
            return self._from_csv(table)
        known = [[index, repr(value)] for index, value in enumerate(constants) if value is not _UNKNOWN]
        key = f"{name}/{digest(known)[:8]}" if known else name
        built = self._built.get((key, world.live))
        if built is None:
            self._busy.append(name)
            try:
                built = self._build(table, constants, key)
            finally:
                self._busy.pop()
            self._built[key, world.live] = built
        if world.live:
            self.codes[key] = built
        return built

    def _from_csv(self, table: ast.Table) -> TableCode:
        """Rows of a CSV file are the same for every call."""
        parameters, result = self._signature(table)
        made = self._csv.table(table, parameters, result)
        name = table.name.text
        self._lengths[name] = made.longest
        names = tuple(parameter.name for parameter in table.parameters)
        forms = tuple(form_of(self._checker, parameter.type) for parameter in parameters)
        code = TableCode(name, name, table.name.span, names, forms, (), True, made.rows)
        if self._checker.world.live:
            self.codes[name] = code
        return code

    def _build(self, table: ast.Table, constants: Sequence[object], key: str) -> TableCode:
        assert table.rows is not None
        parameters, result = self._signature(table)
        subjects: list[Value] = []
        for parameter, named, constant in zip(table.parameters, parameters, constants, strict=True):
            node: Node
            if constant is _UNKNOWN:
                node = Param(parameter.span, parameter.name, named.optional)
                maybe = named.optional
            else:
                node = Const(parameter.span, constant)
                maybe = constant is None
            subjects.append(Value(node, named.type, maybe, parameter.span, parameter.name))
        names = tuple(parameter.name for parameter in table.parameters)
        columns = _Columns(
            tuple(subjects), names, names, tuple(form_of(self._checker, subject.type) for subject in subjects)
        )
        scope = Scope(None, None, None, parameters=dict(zip(names, subjects, strict=True)))
        results = _Results(result.type, result.optional, table.name.text, f"table `{table.name.text}`")
        rows, values = self._rows(table.rows, columns, results, scope, NO_FACTS)
        self._targets[key] = any(value.target for value in values)
        self._lengths[key] = _longest(values)
        return TableCode(
            key,
            table.name.text,
            table.name.span,
            names,
            columns.forms,
            tuple(rows),
            any(row.result.maybe for row in rows),
        )

    # --- pick -----------------------------------------------------------------------------------------------------

    def pick(self, expr: ast.Pick, scope: Scope, facts: Facts) -> Value:
        checker = self._checker
        given = [checker.value(subject, scope, facts) for subject in expr.subjects]
        if any(isinstance(subject.type, Reported) for subject in given):
            return checker.reported(expr.span)
        if not self._headers(expr.rows, len(given) + 1, "this `pick`"):
            return checker.reported(expr.span)
        names = tuple(f"${index}" for index in range(len(given)))
        subjects = tuple(
            value if value.is_constant else replace(value, node=Param(value.span, name, value.node.maybe))
            for value, name in zip(given, names, strict=True)
        )
        columns = _Columns(
            subjects,
            names,
            tuple(value.key for value in given),
            tuple(form_of(checker, value.type) for value in given),
        )
        results = _Results(checker.wanted, None, "pick", "this `pick`")
        rows, values = self._rows(expr.rows, columns, results, scope, facts)
        self._pick_gap(expr, given, facts)
        if not rows:
            return checker.reported(expr.span)
        if not rows[0].tests:
            return replace(values[0], span=expr.span)
        kind: ExprType = Nothing()
        whole = Value(values[0].node, kind, False, expr.span)
        for value in values:
            kind = checker.common(whole, value, value.span)
            whole = replace(whole, type=kind, node=Param(expr.span, "", False))
        node = Pick(
            expr.span,
            tuple(value.node for value in given),
            columns.forms,
            tuple(rows),
            any(row.result.maybe for row in rows),
        )
        return Value(
            node, kind, any(value.maybe for value in values), expr.span, target=any(value.target for value in values)
        )

    # --- rows -----------------------------------------------------------------------------------------------------

    def _headers(self, rows: ast.Rows, wanted: int, what: str) -> bool:
        count = len(rows.header)
        if count == wanted:
            return True
        if self._lost_a_row(rows):
            return False
        span = Span(rows.span.file, rows.span.line, rows.span.column, rows.span.line, rows.span.column + 1)
        if rows.header:
            span = _header_span(rows)
        self._checker.world.reporter.error(
            "E0405",
            f"{what} needs {wanted} columns, its header has {count}",
            span,
            f"one for each value it is asked with ({wanted - 1}), and one for the result",
        )
        return False

    def _rows(
        self, rows: ast.Rows, columns: _Columns, results: _Results, scope: Scope, facts: Facts
    ) -> tuple[list[TableRow], list[Value]]:
        """The rows that can decide, in order, with their results."""
        made: list[TableRow] = []
        values: list[Value] = []
        closed = False
        width = len(columns.subjects)
        for row in rows.rows:
            if len(row.cells) != width + 1:
                continue
            tests: list[Test] = []
            possible = not closed
            known: set[Fact] = set(facts)
            for index, cell in enumerate(row.cells[:width]):
                judged = self._cell(cell, index, columns, scope)
                known |= judged.facts
                if judged.verdict is False:
                    possible = False
                if judged.test is not None:
                    tests.append(judged.test)
            if possible:
                value = self._result(row, columns, results, scope, frozenset(known))
                made.append(TableRow(row.span, tuple(tests), value.node))
                values.append(value)
                closed = not tests
            else:
                with self._checker.dead():
                    self._result(row, columns, results, scope, frozenset(known))
        return made, values

    def _cell(self, cell: ast.Cell, index: int, columns: _Columns, scope: Scope) -> _Cell:
        subject = columns.subjects[index]
        key = columns.keys[index]
        here = frozenset({present(key)}) if key else NO_FACTS
        constant = subject.node.value if isinstance(subject.node, Const) else _UNKNOWN
        if isinstance(cell, ast.AnyCell):
            return _Cell(None, None, NO_FACTS)
        if isinstance(cell, ast.MissingCell):
            facts = here if cell.present else NO_FACTS
            if constant is not _UNKNOWN:
                return _Cell(
                    None,
                    (set_key(constant) is not None if columns.forms[index] == "set" else constant is not None)
                    == cell.present,
                    facts,
                )
            return _Cell(Test(cell.span, index, "present" if cell.present else "missing"), None, facts)
        if isinstance(cell, ast.ValuesCell):
            return self._values(cell, index, columns, here, constant)
        if isinstance(cell, ast.CompareCell):
            return self._compare(cell, index, columns, scope, here, constant)
        if isinstance(cell, ast.FormulaCell):
            value = self._checker.value(cell.formula, scope, NO_FACTS)
            if not comparable(subject.type, value.type):
                self._checker.world.reporter.error(
                    "E0301",
                    f"this column holds {describe(subject.type)}, the formula gives {describe(value.type)}",
                    cell.span,
                    "the formula is compared with the column",
                )
            if constant is not _UNKNOWN and value.is_constant:
                return _Cell(None, constant == value.constant, NO_FACTS)
            return _Cell(Test(cell.span, index, "formula", bound=value.node), None, NO_FACTS)
        self._checker.world.reporter.error(
            "E0301", "an outcome stands in the last column only", cell.span, "this column is a condition"
        )
        return _Cell(None, None, NO_FACTS)

    def _values(self, cell: ast.ValuesCell, index: int, columns: _Columns, here: Facts, constant: object) -> _Cell:
        world = self._checker.world
        subject = columns.subjects[index]
        values: list[object] = []
        for item in cell.values:
            if item.text == "missing" and not item.quoted and not item.members:
                values.append(None)
                continue
            value = cell_value(world, item, subject.type, matching=True)
            if value is not WRONG:
                values.append(value)
        facts = NO_FACTS if None in values else here
        if constant is not _UNKNOWN:
            asked = set_key(constant) if columns.forms[index] == "set" else constant
            return _Cell(None, asked in values, facts)
        return _Cell(Test(cell.span, index, "values", tuple(values)), None, facts)

    def _compare(
        self, cell: ast.CompareCell, index: int, columns: _Columns, scope: Scope, here: Facts, constant: object
    ) -> _Cell:
        subject = columns.subjects[index]
        bound = self._checker.value(cell.value, scope, NO_FACTS)
        numbers = isinstance(subject.type, Number | Money) and isinstance(bound.type, Number | Money)
        dates = isinstance(subject.type, Date | DateTime) and bound.type == subject.type
        if not numbers and not dates:
            if not isinstance(bound.type, Reported) and not isinstance(subject.type, Reported):
                self._checker.world.reporter.error(
                    "E0301",
                    f"`{cell.operator}` does not fit {describe(subject.type)}",
                    cell.span,
                    "numbers, amounts and dates can be compared",
                )
            return _Cell(None, None, here)
        if constant is not _UNKNOWN and bound.is_constant:
            holds = constant is not None and ordered(cell.operator, constant, bound.constant)
            return _Cell(None, holds, here)
        return _Cell(Test(cell.span, index, "compare", (), cell.operator, bound.node), None, here)

    def _result(self, row: ast.Row, columns: _Columns, results: _Results, scope: Scope, facts: Facts) -> Value:
        checker = self._checker
        cell = row.cells[-1]
        kind = results.type
        if isinstance(cell, ast.OutcomeCell):
            return self._outcome(cell, columns, results, scope, facts)
        if isinstance(cell, ast.FormulaCell):
            value = checker.value(cell.formula, scope, facts)
            return self._settled(value, results, cell.span)
        if isinstance(cell, ast.MissingCell) and not cell.present:
            return self._settled(Value(Const(cell.span, None), Nothing(), True, cell.span), results, cell.span)
        if isinstance(cell, ast.ValuesCell) and len(cell.values) == 1:
            item = cell.values[0]
            if self._is_bare_outcome(item):
                return checker.reported(cell.span)
            if item.text == "missing" and not item.quoted:
                return self._settled(Value(Const(cell.span, None), Nothing(), True, cell.span), results, cell.span)
            wanted = kind if kind is not None else Text(len(item.text))
            constant = cell_value(checker.world, item, wanted, matching=False)
            if constant is WRONG:
                return checker.reported(cell.span)
            value = Value(Const(cell.span, constant), wanted, False, cell.span)
            if isinstance(wanted, Text):
                self._too_long(item, wanted, results)
                value = replace(value, type=Text(len(item.text)))
            return value
        checker.world.reporter.error(
            "E0301", "the result is one value, a formula or an outcome", cell.span, 'a value, `= …` or fail "…"'
        )
        return checker.reported(cell.span)

    def _too_long(self, item: ast.CellValue, wanted: Text, results: _Results) -> None:
        if wanted.length is not None and len(item.text) > wanted.length:
            self._checker.world.reporter.warning(
                "W0306",
                f"this may be cut: {len(item.text)} characters, {results.place} promises {wanted.length}",
                item.span,
                f"{wanted.length} characters fit",
                help=f"shorten it, or promise more: text({len(item.text)})",
            )

    def _is_bare_outcome(self, item: ast.CellValue) -> bool:
        """``fail no rate``: an outcome whose reason stands without quotes (reported)."""
        word, _, reason = item.text.partition(" ")
        if item.quoted or word not in ("fail", "skip", "cancel", "warn") or not reason.strip():
            return False
        self._checker.world.reporter.error(
            "E0102",
            f"the reason after `{word}` stands in quotes",
            item.span,
            "without them this is a plain text, sent as it is",
            fix=f'{word} "{reason.strip()}"',
        )
        return True

    def _outcome(
        self, cell: ast.OutcomeCell, columns: _Columns, results: _Results, scope: Scope, facts: Facts
    ) -> Value:
        checker = self._checker
        outcome = cell.outcome
        if isinstance(outcome, ast.WarnThen):
            then = self._settled(checker.value(outcome.then, scope, facts), results, outcome.then.span)
            node = Notice(cell.span, checker.message(outcome.message, scope, facts), then.node)
            return replace(then, node=node, span=cell.span)
        message = checker.message(outcome.message, scope, facts)
        subjects = tuple(subject.node for subject in columns.subjects)
        choices = results.type.values if isinstance(results.type, OneOf) else ()
        halt = Halt(cell.span, outcome.outcome, message, results.table, subjects, choices)
        return Value(halt, Nothing(), False, cell.span)

    def _settled(self, value: Value, results: _Results, span: Span) -> Value:
        """A result as the table promises it: of its type, and present unless it says ``?``."""
        checker = self._checker
        if isinstance(value.type, Reported):
            return value
        if results.optional is False and value.maybe:
            checker.world.reporter.error(
                "E0303",
                f"{results.place} promises a value, but this can be missing",
                span,
                "it may have no value",
                help="declare the result with `?`, or say what stands for it: `otherwise …`",
            )
        if results.type is None or results.optional is None:
            return value
        node = fit(checker.world, value, results.type, results.place)
        kind = value.type if isinstance(value.type, Text) and isinstance(results.type, Text) else results.type
        return replace(value, node=node, type=kind)

    # --- the table as a whole -------------------------------------------------------------------------------------

    def _gap(self, table: ast.Table, parameters: Sequence[NamedType]) -> None:
        columns = [
            Column(header.text, named.type, named.optional)
            for header, named in zip(table.rows.header if table.rows else (), parameters, strict=False)
        ]
        columns = self._asked.columns(table.name.text, columns)
        names = [parameter.name for parameter in table.parameters]
        live = any(code.name == table.name.text for code in self.codes.values())
        self._whole(table.rows, columns, names, table.name.span, f"table `{table.name.text}`", live)

    def _pick_gap(self, expr: ast.Pick, given: Sequence[Value], facts: Facts) -> None:
        columns = [
            Column(header.text, value.type, value.maybe, value.constant)
            if value.is_constant
            else narrowed(Column(header.text, value.type, value.maybe), value, facts)
            for header, value in zip(expr.rows.header, given, strict=False)
        ]
        span = expr.subjects[0].span
        names = [subject.head if isinstance(subject, ast.Path) else "" for subject in expr.subjects]
        self._whole(expr.rows, columns, names, span, "this `pick`", self._checker.world.live)

    def _whole(
        self, rows: ast.Rows | None, columns: Sequence[Column], names: Sequence[str], span: Span, what: str, live: bool
    ) -> None:
        if rows is not None and not self._lost_a_row(rows):
            report_whole(self._checker.world, Whole(rows, columns, names, span, what, live))

    def _lost_a_row(self, rows: ast.Rows) -> bool:
        """Whether a row could not be read: nobody knows what it takes."""
        lost = self._checker.world.rules.lost_lines.get(rows.span.file, frozenset())
        last = max((row.span.line for row in rows.rows), default=rows.span.line)
        return any(line in lost for line in range(rows.span.line, last + 2))


def _header_span(rows: ast.Rows) -> Span:
    first, last = rows.header[0].span, rows.header[-1].span
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)


def _longest(values: Sequence[Value]) -> int | None:
    """The most characters a table of texts can give, None when nothing limits it."""
    lengths = [
        value.type.length if isinstance(value.type, Text) else None
        for value in values
        if not isinstance(value.type, Nothing)
    ]
    known = [length for length in lengths if length is not None]
    return max(known) if known and len(known) == len(lengths) else None
