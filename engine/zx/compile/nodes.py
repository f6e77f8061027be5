"""Small builders of Python's own tree, and the places of the rule text on it.

Rule text never becomes Python text: values are bound names or constants of the tree, so nothing of a rule is parsed
as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeVar

from zx.diagnostics.diagnostic import Span

_Node = TypeVar("_Node", bound=ast.AST)


def name(identifier: str) -> ast.expr:
    return ast.Name(id=identifier, ctx=ast.Load())


def constant(value: str | int | bool | None) -> ast.expr:
    return ast.Constant(value=value)


def call(function: str | ast.expr, *arguments: ast.expr) -> ast.expr:
    target = name(function) if isinstance(function, str) else function
    return ast.Call(func=target, args=list(arguments), keywords=[])


def method(target: ast.expr, attribute: str, *arguments: ast.expr) -> ast.expr:
    return call(ast.Attribute(value=target, attr=attribute, ctx=ast.Load()), *arguments)


def assign(identifier: str, value: ast.expr) -> ast.expr:
    """``(identifier := value)``."""
    return ast.NamedExpr(target=ast.Name(id=identifier, ctx=ast.Store()), value=value)


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.Compare(left=left, ops=[operator], comparators=[right])


def is_none(value: ast.expr) -> ast.expr:
    return compare(value, ast.Is(), constant(None))


def is_some(value: ast.expr) -> ast.expr:
    return compare(value, ast.IsNot(), constant(None))


def negated(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=value)


def either(tests: Sequence[ast.expr]) -> ast.expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.Or(), values=list(tests))


def both(tests: Sequence[ast.expr]) -> ast.expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.And(), values=list(tests))


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    return ast.IfExp(test=test, body=then, orelse=otherwise)


def item(target: str, index: int) -> ast.expr:
    return ast.Subscript(value=name(target), slice=constant(index), ctx=ast.Load())


def entry(target: ast.expr, key: str) -> ast.expr:
    """``target[key]``, which must be there."""
    return ast.Subscript(value=target, slice=constant(key), ctx=ast.Load())


def table(entries: Sequence[tuple[str, ast.expr]]) -> ast.expr:
    """``{key: value, …}``."""
    return ast.Dict(keys=[constant(key) for key, _ in entries], values=[value for _, value in entries])


def items(values: Sequence[ast.expr]) -> ast.expr:
    return ast.Tuple(elts=list(values), ctx=ast.Load())


def set_item(target: str, key: str | int, value: ast.expr) -> ast.stmt:
    place = ast.Subscript(value=name(target), slice=constant(key), ctx=ast.Store())
    return ast.Assign(targets=[place], value=value)


def set_name(target: str, value: ast.expr) -> ast.stmt:
    return ast.Assign(targets=[ast.Name(id=target, ctx=ast.Store())], value=value)


def when(test: ast.expr, body: Sequence[ast.stmt]) -> ast.stmt:
    return ast.If(test=test, body=list(body), orelse=[])


def each(names: Sequence[str], values: ast.expr, body: Sequence[ast.stmt]) -> ast.stmt:
    """``for names in values: body``."""
    target = ast.Tuple(elts=[ast.Name(id=name, ctx=ast.Store()) for name in names], ctx=ast.Store())
    return ast.For(target=target, iter=values, body=list(body), orelse=[])


def give(value: ast.expr) -> ast.stmt:
    return ast.Return(value=value)


def function(identifier: str, parameters: Sequence[str], body: Sequence[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(arg=parameter) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    made = ast.FunctionDef(name=identifier, args=arguments, body=list(body) or [ast.Pass()], decorator_list=[])
    if "type_params" in ast.FunctionDef._fields:
        setattr(made, "type_params", [])  # noqa: B010 - Python 3.12 and later only
    return made


def at(node: _Node, span: Span) -> _Node:
    """``node`` with the place of ``span``, it and everything in it that has no place yet."""
    todo: list[ast.AST] = [node]
    while todo:
        current = todo.pop()
        if hasattr(current, "lineno"):
            continue
        if isinstance(current, ast.expr | ast.stmt | ast.arg):
            current.lineno = span.line
            current.end_lineno = span.end_line
            current.col_offset = span.column - 1
            current.end_col_offset = span.end_column - 1
        todo.extend(ast.iter_child_nodes(current))
    return node
