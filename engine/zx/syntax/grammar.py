"""The grammar as a ready parser.

The tables are package data (``zx.grammar/tables.json``, made by tools/make_grammar_tables.py), so that reading rules
needs no Lark. Lark makes them where they are not those of the grammar, and explains texts that are not in the language.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from zx.syntax.lalr import Parser, Rule, Tables

if TYPE_CHECKING:
    from lark import Lark
    from lark.exceptions import UnexpectedInput

START_SYMBOLS = ("file", "cell")
Start = Literal["file", "cell"]

_DEFINED = re.compile(r"^(_[A-Z_]+)[.:]", re.MULTILINE)
_USED = re.compile(r"(?<!\w)_[A-Z][A-Z_]*(?!\w)")


def completed(text: str) -> str:
    """``text`` with a terminal for every keyword that has none of its own: ``_UP_TO`` becomes ``/up[ \\t]+to\\b/``.

    Made here so that none can lack its ``\\b``: the contextual lexer would otherwise read ``off`` as ``of`` and ``f``.
    Longer word groups win over shorter ones.
    """
    missing = sorted(set(_USED.findall(text)) - set(_DEFINED.findall(text)))
    lines = [text]
    for name in missing:
        words = name.strip("_").lower().split("_")
        pattern = r"[ \t]+".join(words)
        lines.append(rf"{name}.{len(words) + 1}: /{pattern}\b/")
    return "\n".join((*lines, ""))


def written() -> str:
    """The grammar as it is written."""
    return resources.files("zx.grammar").joinpath("zx.lark").read_text("utf-8")


def source() -> str:
    """The completed grammar text."""
    return completed(written())


def _takes_room(node: object) -> bool:
    # The line end belongs to no node: the span of an item ends with its last word.
    return getattr(node, "type", None) != "_NL"


def build(*, strict: bool) -> Lark:
    """A fresh parser of Lark's. ``strict`` makes every conflict and collision of terminals an error (needs
    interegular)."""
    from lark import Lark

    return Lark(
        source(),
        start=list(START_SYMBOLS),
        parser="lalr",
        lexer="contextual",
        strict=strict,
        propagate_positions=_takes_room,
        maybe_placeholders=True,
    )


@lru_cache(maxsize=1)
def shared() -> Lark:
    """Lark's parser of this process (about 100 ms at first use)."""
    return build(strict=False)


@lru_cache(maxsize=1)
def parser() -> Parser:
    """The parser of this process. Raises Refused for what is not in the language."""
    shipped = resources.files("zx.grammar").joinpath("tables.json")
    if shipped.is_file():
        document = json.loads(shipped.read_text("utf-8"))
        if document["grammar"] == fingerprint():
            return Parser(_from_document(document))
    return Parser(_from_document(tables_document()))


def refusal(text: str, start: Start) -> UnexpectedInput:
    """Why ``text`` is not in the language."""
    from lark.exceptions import UnexpectedInput

    try:
        shared().parse(text, start=start)
    except UnexpectedInput as error:
        return error
    raise AssertionError("the tables of the grammar are not those that Lark makes")


def fingerprint() -> str:
    return hashlib.sha256(written().encode()).hexdigest()


def tables_document() -> dict[str, Any]:
    """The tables as plain data, taken from Lark's parser; the same for the same grammar."""
    lark: Any = shared()
    table = lark.parser.parser._parse_table
    rules = sorted(lark.rules, key=lambda rule: (rule.origin.name, [part.name for part in rule.expansion], rule.order))
    numbers = {rule: number for number, rule in enumerate(rules)}
    order = _order(table)
    known = {state: number for number, state in enumerate(order)}
    actions = [
        {
            name: known[argument] if action.name == "Shift" else -1 - numbers[argument]
            for name, (action, argument) in sorted(table.states[state].items())
        }
        for state in order
    ]
    scanners: dict[str, int] = {}
    patterns = []
    for state in order:
        lexer = lark.parser.lexer.lexers[state]
        (pattern,) = lexer.scanner._mres
        assert not lexer.callback and pattern.flags == re.compile("").flags
        patterns.append(scanners.setdefault(pattern.pattern, len(scanners)))
    return {
        "grammar": fingerprint(),
        "starts": {start: known[table.start_states[start]] for start in START_SYMBOLS},
        "ends": {start: known[table.end_states[start]] for start in START_SYMBOLS},
        "ignored": sorted(lark.ignore_tokens),
        "rules": [_rule(rule) for rule in rules],
        "scanners": list(scanners),
        "patterns": patterns,
        "actions": actions,
    }


def _order(table: Any) -> list[int]:
    """The states in the order in which they are reached: Lark numbers them differently each time."""
    found = {table.start_states[start]: None for start in START_SYMBOLS}
    todo = list(found)
    while todo:
        state = todo.pop(0)
        for _, (action, argument) in sorted(table.states[state].items()):
            if action.name == "Shift" and argument not in found:
                found[argument] = None
                todo.append(argument)
    return list(found)


def _rule(rule: Any) -> list[Any]:
    """A rule of Lark's as the fields of ``Rule``: which parts become children is what its tree builder does."""
    nones = [0] * (len(rule.expansion) + 1)
    if rule.options.empty_indices:
        marks = "".join("1" if empty else "0" for empty in rule.options.empty_indices)
        nones = [len(ones) for ones in marks.split("0")]
    include, waiting = [], 0
    for index, symbol in enumerate(rule.expansion):
        waiting += nones[index]
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out):
            include.append([waiting, index, not symbol.is_term and symbol.name.startswith("_")])
            waiting = 0
    name = rule.alias or rule.options.template_source or rule.origin.name
    only = bool(rule.options.expand1 and not rule.alias)
    return [rule.origin.name, len(rule.expansion), str(name), only, include, waiting + nones[-1]]


def _from_document(document: dict[str, Any]) -> Tables:
    rules = [
        Rule(origin, size, name, only, tuple((empty, index, expands) for empty, index, expands in include), nones)
        for origin, size, name, only, include, nones in document["rules"]
    ]
    return Tables(
        document["actions"],
        rules,
        document["starts"],
        document["ends"],
        document["scanners"],
        document["patterns"],
        frozenset(document["ignored"]),
    )
