"""Python functions of rules, one file of rules at a time, compiled under the rule file's own name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zx.check import ir
from zx.check.typed import TypedBody, TypedGuard
from zx.compile import nodes as py
from zx.compile.emit import Binder, Emitter
from zx.diagnostics.diagnostic import Span

ARGUMENTS = ("v", "p", "c", "W", "L")

SKIPPED = -1
"""A guard function's answer: a ``skip`` holds. Answers from 0 on are the index of the ``only when`` that does not."""
STOPPED = -2
"""A ``cancel`` or ``fail`` holds."""


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
        self._table_names: dict[bool, dict[str, str]] = {False: {}, True: {}}
        for careful in forms:
            for key, code in tables.items():
                self._table_names[careful][f"table {key}"] = self._identifier(f"table_{code.name}")
        for careful in forms:
            for code in tables.values():
                self._table(code, careful)

    def compiled(self) -> Mapping[str, Callable[..., Any]]:
        """All functions by name. Runs nothing but function definitions, in a name space without builtins."""
        namespace = self._binder.namespace
        for file, statements in self._files.items():
            module = ast.Module(body=statements, type_ignores=[])
            exec(compile(module, file, "exec"), namespace)
        return {name: namespace[name] for name in self._used}  # type: ignore[misc]

    def _identifier(self, word: str) -> str:
        base = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in word)
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
        for row in code.rows:
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

    def guards(self, body: TypedBody, word: str, names: Mapping[str, str]) -> list[str]:
        """Fast form: the guards of the section in order, one function for each stretch of one file."""
        made: list[str] = []
        for file_guards in _stretches([(guard.span.file, (index, guard)) for index, guard in enumerate(body.guards)]):
            emitter = Emitter(self._binder, False, names)
            steps = [
                py.at(_guard_step(emitter, index, guard, self._binder), guard.span) for index, guard in file_guards
            ]
            made.append(self._define(self._identifier(word), ARGUMENTS, steps, file_guards[0][1].span))
        return made

    def fields(self, body: TypedBody, word: str, names: Mapping[str, str]) -> list[str]:
        """Fast form: the fields of the section, each put into ``F`` when it is present."""
        made: list[str] = []
        for fields in _stretches([(field.span.file, field) for field in body.fields]):
            emitter = Emitter(self._binder, False, names)
            steps: list[ast.stmt] = []
            for field in fields:
                value = emitter.expr(field.node)
                if field.node.maybe:
                    steps.append(py.at(py.set_name("x", value), field.span))
                    put = py.set_item("F", field.target, py.name("x"))
                    steps.append(py.at(py.when(py.is_some(py.name("x")), [put]), field.span))
                else:
                    steps.append(py.at(py.set_item("F", field.target, value), field.span))
            made.append(self._define(self._identifier(word), (*ARGUMENTS, "F"), steps, fields[0].span))
        return made

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


def _guard_step(emitter: Emitter, index: int, guard: TypedGuard, binder: Binder) -> ast.stmt:
    condition = emitter.expr(guard.condition)
    if guard.outcome == "only":
        return py.when(py.negated(condition), [py.give(binder.constant(index))])
    if guard.outcome == "warn":
        said = py.constant("") if guard.message is None else emitter.expr(guard.message)
        noted = py.call("_warn", py.name("W"), said, py.constant(guard.span.place))
        return py.when(condition, [ast.Expr(value=noted)])
    answer = SKIPPED if guard.outcome == "skip" else STOPPED
    return py.when(condition, [py.give(binder.constant(answer))])


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
