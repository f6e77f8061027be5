"""Generated code and the names it is bound to: helpers, constants, built-in functions, and no builtins of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from zx.compile.program import NO_ROWS, Line
from zx.runtime import support
from zx.runtime.values import CLEAR
from zx.values.dataclass import dataclass
from zx.values.money import plain

SKIPPED = -1
"""A guard function's answer: a ``skip`` holds. Answers from 0 on are the index of the ``only when`` that does not."""
STOPPED = -2
"""A ``cancel`` or ``fail`` holds."""

HELPERS: Mapping[str, object] = {
    "_unset": support.UNSET,
    "_clear": CLEAR,
    "_show": support.show,
    "_halt": support.halt,
    "_row_halt": support.row_halt,
    "_no_row": support.no_row,
    "_csv_hit": support.csv_hit,
    "_warn": support.warn,
    "_divide": support.divide,
    "_ratio": support.ratio,
    "_shift": support.shift,
    "_set_key": support.set_key,
    "_code_of": support.code_of,
    "_same": support.same,
    "_follow": support.follow,
    "_whole": support.whole,
    "_column": support.column,
    "_sum_of": support.sum_of,
    "_first_of": support.first_of,
    "_address": support.address,
    "_plain": plain,
    "_cells": support.cells,
    "_enumerate": enumerate,
    "_line": Line,
    "_no_rows": NO_ROWS,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """Code by rule file; what it is bound to beside the helpers: constants, data, and by ``functions`` built-in
    functions (the bound name, then the name in the rules)."""

    codes: Mapping[str, CodeType]
    constants: Mapping[str, object]
    functions: Mapping[str, str]


def link(parts: Parts, implementations: Mapping[str, Callable[..., Any]]) -> Mapping[str, Callable[..., Any]]:
    """All generated functions by name. Runs nothing but function definitions."""
    namespace: dict[str, Any] = {"__builtins__": {}, **HELPERS, **parts.constants}
    namespace |= {bound: implementations[name] for bound, name in parts.functions.items()}
    known = set(namespace)
    for code in parts.codes.values():
        exec(code, namespace)
    return {name: value for name, value in namespace.items() if name not in known}
