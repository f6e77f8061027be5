"""Python functions of rules, one file of rules at a time, compiled under the rule file's own name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any

from zx.check import ir
from zx.check.typed import TypedBody, TypedField, TypedGuard
from zx.compile import nodes as py
from zx.compile.bound import SKIPPED, STOPPED, Parts, link
from zx.compile.emit import Binder, Emitter, LookUp
from zx.compile.fast import FastEmitter, Uses, manners
from zx.diagnostics.diagnostic import Span

ARGUMENTS = ("v", "p", "c", "W", "L")


class Workshop:
    """Collects generated functions and compiles them together. ``tables`` are those that any rule may call. Without
    ``fast`` only the careful forms are made."""

    def __init__(self, tables: Mapping[str, ir.TableCode], *, fast: bool = True) -> None:
        self.fast = fast
        forms = (False, True) if fast else (True,)
        self._binder = Binder()
        self._files: dict[str, list[ast.stmt]] = {}
        self._used: set[str] = set()
        self._tables = tables
        self._manners = manners(tables)
        self._table_names: dict[bool, dict[str, str]] = {False: {}, True: {}}
        for careful in forms:
            for key, code in tables.items():
                self._table_names[careful][f"table {key}"] = self._identifier(f"table_{code.name}")
        for key, code in tables.items() if fast else ():
            if code.csv is not None and len(code.parameters) == 1:
                rows = self._binder.data(code.csv.values, f"{code.name}_rows")
                self._binder.look_ups[key] = LookUp(rows, code.forms[0], ir.Const(code.span, None))
                continue
            known = _by_value(code)
            if known is not None:
                rows = self._binder.data(known, f"{len(self._binder.look_ups)}_{code.name}")
                last = code.rows[-1]
                rest = last.result if not last.tests and isinstance(last.result, ir.Const) else None
                self._binder.look_ups[key] = LookUp(rows, code.forms[0], rest)
        for careful in forms:
            for code in tables.values():
                self._table(code, careful)

    def parts(self) -> Parts:
        """Everything that was made, compiled and not yet bound."""
        codes = {
            file: compile(ast.Module(body=statements, type_ignores=[]), file, "exec")
            for file, statements in self._files.items()
        }
        functions = {bound: function.name for bound, function in self._binder.functions.items()}
        return Parts(codes, self._binder.constants, functions)

    def compiled(self, parts: Parts) -> Mapping[str, Callable[..., Any]]:
        """All functions by name."""
        functions = self._binder.functions.values()
        return link(parts, {function.name: function.implementation for function in functions})

    def _identifier(self, word: str) -> str:
        base = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in word)
        if base.startswith("_") or base in ("None", "True", "False"):
            base = f"m{base}"
        made, number = base, 1
        while made in self._used:
            number += 1
            made = f"{base}_{number}"
        self._used.add(made)
        return made

    def _define(self, identifier: str, parameters: Sequence[str], body: Sequence[ast.stmt], span: Span) -> str:
        made = py.at(py.function(identifier, parameters, body), span)
        self._files.setdefault(span.file, []).append(made)
        return identifier

    # --- tables ---------------------------------------------------------------------------------------------------

    def _table(self, code: ir.TableCode, careful: bool) -> None:
        names = dict(self._table_names[careful])
        parameters = [f"a{index}" for index in range(len(code.parameters))]
        names.update(zip(code.parameters, parameters, strict=True))
        emitter = Emitter(self._binder, careful, names)
        body: list[ast.stmt] = []
        keys = list(parameters)
        for index, form in enumerate(code.forms):
            if form == "set":
                keys[index] = f"s{index}"
                body.append(py.set_name(keys[index], py.call("_set_key", py.name(parameters[index]))))
        if code.csv is not None:
            body.extend(self._look_up(code, code.csv, keys, careful))
            identifier = self._table_names[careful][f"table {code.key}"]
            self._define(identifier, (*parameters, "c", "W", "L"), body, code.span)
            return
        known = None if careful else self._binder.look_ups.get(code.key)
        if known is not None:
            key = py.call("_code_of", py.name(keys[0])) if known.form == "reference" else py.name(keys[0])
            body.append(py.set_name("x", py.method(known.rows, "get", key, py.name("_unset"))))
            found = py.compare(py.name("x"), ast.IsNot(), py.name("_unset"))
            body.append(py.when(found, [py.give(py.name("x"))]))
        for row in code.rows if known is None else [row for row in code.rows if not row.tests]:
            steps: list[ast.stmt] = []
            result = emitter.expr(row.result)
            if careful:
                steps.append(ast.Expr(value=emitter.hit(row.span)))
                result = emitter.done(result, row.span)
            steps.append(py.give(result))
            tests = [emitter.test(test, keys, code.forms) for test in row.tests]
            if not tests:
                body.extend(py.at(step, row.span) for step in steps)
                break
            body.append(py.at(py.when(py.both(tests), steps), row.span))
        else:
            body.append(py.give(emitter.no_row(code.name, code.span, parameters)))
        identifier = self._table_names[careful][f"table {code.key}"]
        self._define(identifier, (*parameters, "c", "W", "L"), body, code.span)

    def _look_up(self, code: ir.TableCode, rows: ir.CsvRows, keys: Sequence[str], careful: bool) -> list[ast.stmt]:
        """The row of a CSV file for these keys: data beside the code."""
        asked = [
            py.call("_code_of", py.name(key)) if form == "reference" else py.name(key)
            for key, form in zip(keys, code.forms, strict=True)
        ]
        made = [py.set_name("x", asked[0] if len(asked) == 1 else py.items(asked))]
        if careful:
            lines = self._binder.data(rows.lines, f"{code.name}_lines")
            noted = py.call("_csv_hit", py.name("L"), lines, py.constant(rows.file), py.name("x"))
            made.append(ast.Expr(value=noted))
        values = self._binder.data(rows.values, f"{code.name}_rows")
        made.append(py.give(py.method(values, "get", py.name("x"))))
        return made

    # --- bodies ---------------------------------------------------------------------------------------------------

    def lets(self, body: TypedBody, word: str, careful: bool) -> dict[str, str]:
        """The functions of all lets of a section: ``{"let 0": name, …}`` together with the names of all tables."""
        names = dict(self._table_names[careful])
        for index, let in enumerate(body.lets):
            names[f"let {index}"] = self._identifier(f"{word}_{let.name}")
        for index, let in enumerate(body.lets):
            emitter = Emitter(self._binder, careful, names)
            value = emitter.expr(let.node)
            steps: list[ast.stmt]
            if careful:
                steps = [py.give(value)]
            else:
                steps = [py.set_name("x", value), py.set_item("L", index, py.name("x")), py.give(py.name("x"))]
            self._define(names[f"let {index}"], ARGUMENTS, steps, let.span)
        return names

    def section(self, body: TypedBody, word: str, names: Mapping[str, str], shared: Collection[int]) -> list[str]:
        """Fast form: the guards of the section in order, then its fields: one function for each stretch of one file.

        A function gets the fields so far (None at first) and gives them with its own, or a number for a guard that
        spoke. ``shared``: lets that are asked for elsewhere too.
        """
        stretches = _stretches(_items(body))
        if len(stretches) > 1:
            shared = range(len(body.lets))
        made: list[str] = []
        begun = False
        for stretch in stretches:
            emitter, span = self._emitter(body, stretch, names, shared)
            steps: list[ast.stmt] = []
            for index, guard in _guards(stretch):
                answer = index if guard.outcome == "only" else SKIPPED if guard.outcome == "skip" else STOPPED
                steps += _guard_steps(emitter, guard, py.give(py.constant(answer)))
            fields = _fields(stretch)
            steps += _field_steps(emitter, fields, begun)
            begun = begun or bool(fields)
            steps.append(py.at(py.give(py.name("F")), span))
            made.append(self._define(self._identifier(word), (*ARGUMENTS, "F"), steps, span))
        return made

    def loop(self, body: TypedBody, word: str, names: Mapping[str, str], section: int) -> str | None:
        """Fast form of a whole ``lines of`` section: a function that puts a line for each of ``rows`` into ``out``, and
        gives False when one of them stops the record. None when the section is in several files, or may warn."""
        stretches = _stretches(_items(body))
        nodes = [*(guard.condition for guard in body.guards), *(field.node for field in body.fields)]
        warns = any(guard.outcome == "warn" for guard in body.guards)
        if len(stretches) != 1 or warns or any(self._manners.warns(node, body) for node in nodes):
            return None
        stretch = stretches[0]
        emitter, span = self._emitter(body, stretch, names, ())
        steps: list[ast.stmt] = []
        for _, guard in _guards(stretch):
            drops = guard.outcome in ("only", "skip")
            steps += _guard_steps(emitter, guard, ast.Continue() if drops else py.give(py.constant(False)))
        fields = _fields(stretch)
        steps += _field_steps(emitter, fields, False) if fields else [py.set_name("F", py.table([]))]
        line = py.call("_line", py.constant(section), py.name("i"), py.name("F"), py.name("_no_rows"))
        steps.append(ast.Expr(value=py.method(py.name("out"), "append", line)))
        cells = py.call("_cells", py.constant(len(body.lets))) if emitter.deferred else py.constant(None)
        walk = py.each(("i", "v"), py.call("_enumerate", py.name("rows")), [py.set_name("L", cells), *steps])
        return self._define(
            self._identifier(word), ("rows", "p", "c", "W", "out"), [walk, py.give(py.constant(True))], span
        )

    def _emitter(
        self, body: TypedBody, stretch: Sequence[_Item], names: Mapping[str, str], shared: Collection[int]
    ) -> tuple[FastEmitter, Span]:
        """What writes the expressions of a stretch, and the place it begins."""
        guards, fields = _guards(stretch), _fields(stretch)
        nodes: list[ir.Node] = [field.node for field in fields]
        for _, guard in guards:
            nodes.append(guard.condition)
            if guard.outcome == "warn" and guard.message is not None:
                nodes.append(guard.message)
        span = guards[0][1].span if guards else fields[0].span
        uses = Uses(body, span.file, nodes)
        return FastEmitter(self._binder, names, body, span.file, uses, shared, self._manners), span

    def value(self, node: ir.Node, word: str, names: Mapping[str, str], careful: bool, span: Span) -> str:
        """A function that gives one value."""
        emitter = Emitter(self._binder, careful, names)
        return self._define(self._identifier(word), ARGUMENTS, [py.give(emitter.expr(node))], span)

    def values(
        self, parts: Sequence[ir.Node | None], word: str, names: Mapping[str, str], careful: bool, span: Span
    ) -> str:
        """A function that gives several values as a tuple; None where there is no rule."""
        emitter = Emitter(self._binder, careful, names)
        result = py.items([py.constant(None) if part is None else emitter.expr(part) for part in parts])
        return self._define(self._identifier(word), ARGUMENTS, [py.give(result)], span)

    def message_when(
        self,
        condition: ir.Node | None,
        message: ir.Node | None,
        word: str,
        names: Mapping[str, str],
        careful: bool,
        span: Span,
        holds: bool = True,
    ) -> str:
        """A function that gives ``message`` (or an empty text) when the condition is as ``holds`` says, else None."""
        emitter = Emitter(self._binder, careful, names)
        said = py.constant("") if message is None else emitter.expr(message)
        if condition is None:
            result = said
        else:
            test = emitter.expr(condition)
            result = py.choose(test, said, py.constant(None)) if holds else py.choose(test, py.constant(None), said)
        return self._define(self._identifier(word), ARGUMENTS, [py.give(result)], span)


def _by_value(code: ir.TableCode) -> dict[object, object] | None:
    """The results of a table by the value of its one column, without the last row when that takes all the rest; None
    when it says more than that, or too little to be worth it."""
    if len(code.parameters) != 1 or code.forms[0] == "set" or code.csv is not None:
        return None
    found: dict[object, object] = {}
    for row in code.rows:
        if not row.tests:
            break
        test = row.tests[0]
        if len(row.tests) > 1 or test.kind not in ("values", "missing") or not isinstance(row.result, ir.Const):
            return None
        for value in test.values if test.kind == "values" else (None,):
            found.setdefault(value, row.result.value)
    return found if len(found) > 2 else None


_Item = tuple[int, TypedGuard] | TypedField


def _items(body: TypedBody) -> list[tuple[str, _Item]]:
    """Guards with their numbers, then fields, each with its file."""
    return [
        *((guard.span.file, (index, guard)) for index, guard in enumerate(body.guards)),
        *((field.span.file, field) for field in body.fields),
    ]


def _guards(stretch: Sequence[_Item]) -> list[tuple[int, TypedGuard]]:
    return [item for item in stretch if not isinstance(item, TypedField)]


def _fields(stretch: Sequence[_Item]) -> list[TypedField]:
    return [item for item in stretch if isinstance(item, TypedField)]


def _guard_steps(emitter: FastEmitter, guard: TypedGuard, end: ast.stmt) -> list[ast.stmt]:
    """The guard as statements; ``end`` when it speaks, unless it only warns."""
    emitter.statement(guard.condition)
    condition = emitter.expr(guard.condition)
    if guard.outcome == "only":
        condition = py.negated(condition)
    elif guard.outcome == "warn":
        said = py.constant("") if guard.message is None else emitter.expr(guard.message)
        end = ast.Expr(value=py.call("_warn", py.name("W"), said, py.constant(guard.span.place)))
    return [*emitter.taken(), py.at(py.when(condition, [end]), guard.span)]


def _field_steps(emitter: FastEmitter, fields: Sequence[TypedField], begun: bool) -> list[ast.stmt]:
    """The statements that put ``fields`` into ``F``, which they make unless it is ``begun``: those that are there in
    any case up to the first that may be missing in one display, the others one by one."""
    steps: list[ast.stmt] = []
    sure = list(takewhile(lambda field: not field.node.maybe, fields)) if not begun else []
    if fields and not begun:
        emitter.statement(*(field.node for field in sure))
        entries = [(field.target, emitter.expr(field.node)) for field in sure]
        steps += [*emitter.taken(), py.at(py.set_name("F", py.table(entries)), fields[0].span)]
    for field in fields[len(sure) :]:
        emitter.statement(field.node)
        value = emitter.expr(field.node)
        made: list[ast.stmt] = [py.set_item("F", field.target, value)]
        if field.node.maybe:
            put = py.set_item("F", field.target, py.name("x"))
            made = [py.set_name("x", value), py.when(py.is_some(py.name("x")), [put])]
        steps += [*emitter.taken(), *(py.at(step, field.span) for step in made)]
    return steps


def _stretches(parts: Sequence[tuple[str, Any]]) -> list[list[Any]]:
    """The parts in order, cut where the file changes."""
    made: list[list[Any]] = []
    last = None
    for file, part in parts:
        if file != last:
            made.append([])
            last = file
        made[-1].append(part)
    return made
