"""A compiled program as bytes and back, without the compiler.

The bytes are one ``marshal`` of plain tuples and code objects, so they belong to one version of Python and of zx.
``thaw`` runs the code that is in them: hand it only bytes that ``freeze`` made, as an authenticated file proves.
Everything but code is rebuilt from the classes listed here and from nothing else.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from types import CodeType, FunctionType, MethodType
from typing import Any

from zx.catalog import fieldtypes
from zx.compile.bound import Parts, link
from zx.compile.evaluator import (
    AmountCode,
    BodyCode,
    FieldCode,
    GuardCode,
    LineCode,
    MapCode,
    NeverCode,
    Read,
    RungCode,
)
from zx.compile.program import FieldRule, MapProgram, Owner, Program, Section, SummaryProgram
from zx.model.record import Kind
from zx.stdlib.registry import FUNCTIONS

_CLASSES: Mapping[str, type[Any]] = {
    made.__name__: made
    for made in (
        *(AmountCode, BodyCode, FieldCode, GuardCode, LineCode, MapCode, NeverCode, Read, RungCode),
        *(FieldRule, Section, Kind),
        *fieldtypes.Type.__args__,
    )
}

_CODE = ("evaluate", "trace", "unasked")
"""What of a map is kept as code."""


_PARTS = ("document", "member", "group")
"""The maps a summary is made of."""


class Unfit(Exception):
    """The bytes hold no program of this version, or the program something that cannot be kept."""


def freeze(program: Program, parts: Parts) -> bytes:
    """``program`` without its sources. Raises Unfit."""
    maps = tuple((name, _map(made)) for name, made in program.maps.items())
    constants = {name: _packed(value) for name, value in parts.constants.items()}
    summaries = tuple((name, _summary(made)) for name, made in program.summaries.items())
    settings = _packed(dict(program.settings))
    body = (maps, summaries, _packed(program.reads), program.digest, settings, program.declared)
    return marshal.dumps((dict(parts.codes), constants, dict(parts.functions), body))


def thaw(data: bytes, sources: Mapping[str, str]) -> Program:
    """The program of ``data``, whose rules are ``sources``. Raises Unfit."""
    try:
        codes, constants, functions, (maps, summaries, reads, digest, settings, declared) = marshal.loads(data)
        if not all(isinstance(code, CodeType) for code in codes.values()):
            raise Unfit("no code")
        parts = Parts(codes, {name: _unpacked(value, {}) for name, value in constants.items()}, functions)
        made = link(parts, {name: function.implementation for name, function in FUNCTIONS.items()})
        programs = {name: _program(value, made) for name, value in maps}
        summed = {name: _summed(value, made) for name, value in summaries}
        return Program(programs, _unpacked(reads, {}), digest, _unpacked(settings, {}), dict(sources), declared, summed)
    except (ValueError, TypeError, EOFError, LookupError, ArithmeticError, AttributeError) as error:
        raise Unfit(str(error)) from error


def _map(made: MapProgram) -> tuple[Any, Any, Any]:
    """What a map says of itself, its code, and the code for records that nobody asks for."""
    said = {part.name: getattr(made, part.name) for part in fields(made) if part.name not in _CODE}
    unasked = None if made.unasked is None else _packed(_code(made, made.unasked))
    return _packed(said), _packed(_code(made, made.evaluate)), unasked


def _code(made: MapProgram, method: Callable[..., Any]) -> MapCode:
    if not isinstance(method, MethodType) or not isinstance(method.__self__, MapCode):
        raise Unfit(f"{made.name} was not compiled")
    return method.__self__


def _program(value: tuple[Any, Any, Any], functions: Mapping[str, Callable[..., Any]]) -> MapProgram:
    said, code, unasked = (_unpacked(part, functions) for part in value)
    alone = None if unasked is None else unasked.evaluate
    return MapProgram(**said, evaluate=code.evaluate, trace=code.trace, unasked=alone)


def _summary(made: SummaryProgram) -> tuple[Any, ...]:
    """What a summary says of itself, and its maps."""
    said = {part.name: getattr(made, part.name) for part in fields(made) if part.name not in _PARTS}
    parts = (made.document, made.member, made.group)
    return _packed(said), *(None if part is None else _map(part) for part in parts)


def _summed(value: tuple[Any, ...], functions: Mapping[str, Callable[..., Any]]) -> SummaryProgram:
    said, document, member, group = value
    return SummaryProgram(
        **_unpacked(said, functions),
        document=None if document is None else _program(document, functions),
        member=_program(member, functions),
        group=_program(group, functions),
    )


def _packed(value: Any) -> Any:
    """``value`` as plain data: what is not plain becomes a tuple that begins with its kind."""
    if value is None or isinstance(value, bool | int) or (isinstance(value, str) and not isinstance(value, Owner)):
        return value
    if isinstance(value, Owner):
        return ("owner", value.value)
    if isinstance(value, Decimal):
        return ("decimal", str(value))
    if isinstance(value, tuple | list | frozenset):
        kind = "tuple" if isinstance(value, tuple) else "list" if isinstance(value, list) else "set"
        return (kind, *map(_packed, value))
    if isinstance(value, Mapping):
        return ("dict", *((_packed(key), _packed(item)) for key, item in value.items()))
    if isinstance(value, FunctionType):
        return ("function", value.__name__)
    name = value.__class__.__name__
    if _CLASSES.get(name) is not value.__class__:
        raise Unfit(f"{name} cannot be kept")
    return ("class", name, *(_packed(getattr(value, part.name)) for part in fields(value)))


def _unpacked(value: Any, functions: Mapping[str, Callable[..., Any]]) -> Any:
    if not isinstance(value, tuple):
        return value
    kind, *rest = value
    if kind == "owner":
        return Owner(rest[0])
    if kind == "decimal":
        return Decimal(rest[0])
    if kind == "function":
        return functions[rest[0]]
    if kind == "dict":
        return {_unpacked(key, functions): _unpacked(item, functions) for key, item in rest}
    if kind == "class":
        return _CLASSES[rest[0]](*(_unpacked(item, functions) for item in rest[1:]))
    items = [_unpacked(item, functions) for item in rest]
    return tuple(items) if kind == "tuple" else frozenset(items) if kind == "set" else items
