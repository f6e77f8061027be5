"""The shipped tables are those of the grammar, and reading by them makes what Lark makes."""

from __future__ import annotations

import importlib.util
import random
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
import pytest
from lark.exceptions import UnexpectedInput

from zx.syntax import grammar
from zx.syntax.lalr import Refused
from zx.syntax.origin import Origin
from zx.syntax.tree import Token, Tree

ROOT = Path(__file__).resolve().parents[3]


def starter() -> list[str]:
    folder = files("zx.starter")
    return [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".zx")]


def test_the_shipped_tables_are_those_of_the_grammar() -> None:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "tools" / "make_grammar_tables.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "grammar" / "tables.json").read_text("utf-8")
    assert written == module.text(), "run tools/make_grammar_tables.py"


def ours(node: object, origin: Origin) -> object:
    if isinstance(node, Tree):
        place = None
        if node.first is not None:
            span = origin.span(node)
            place = (span.line, span.column, span.end_line, span.end_column)
        return node.data, place, [ours(child, origin) for child in node.children]
    if isinstance(node, Token):
        ends = len(node.rsplit("\n", 1)[-1])
        below = node.count("\n")
        return node.type, str(node), node.line, node.column, node.line + below, ends + (0 if below else node.column)
    return node


def theirs(node: object) -> object:
    if isinstance(node, lark.Tree):
        meta = node.meta
        place = None if meta.empty else (meta.line, meta.column, meta.end_line, meta.end_column)
        return str(node.data), place, [theirs(child) for child in node.children]
    if isinstance(node, lark.Token):
        return node.type, str(node), node.line, node.column, node.end_line, node.end_column
    return node


def compare(text: str) -> bool:
    """Whether ``text`` is in the language, on which both must agree, as on its tree."""
    try:
        wanted = theirs(grammar.shared().parse(text, start="file"))
    except UnexpectedInput:
        with pytest.raises(Refused):
            grammar.parser().parse(text, "file")
        return False
    assert ours(grammar.parser().parse(text, "file"), Origin("x.zx", text)) == wanted
    return True


def test_the_starter_rules_give_the_same_trees() -> None:
    assert all(compare(text) for text in starter())


def test_damaged_texts_are_refused_alike() -> None:
    made = random.Random(20261123)
    taken = refused = 0
    texts = [text for text in starter() if len(text) < 4000]
    for _ in range(60):
        text = made.choice(texts)
        at, size = made.randrange(len(text)), made.choice([1, 1, 2, 6, 20])
        if compare(text[:at] + made.choice(["", "", " when", "(", ' "x"', "\n", "otherwise "]) + text[at + size :]):
            taken += 1
        else:
            refused += 1
    assert taken and refused
