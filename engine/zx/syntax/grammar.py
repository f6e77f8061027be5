"""The grammar as a ready parser: package data read once, tables built at first use."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Literal

from lark import Lark, Token, Tree

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


def source() -> str:
    """The completed grammar text."""
    return completed(resources.files("zx.grammar").joinpath("zx.lark").read_text("utf-8"))


def _takes_room(node: Token | Tree[Token]) -> bool:
    # The line end belongs to no node: the span of an item ends with its last word.
    return getattr(node, "type", None) != "_NL"


def build(*, strict: bool) -> Lark:
    """A fresh parser. ``strict`` makes every conflict and collision of terminals an error (needs interegular)."""
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
    """The parser of this process (about 100 ms at first use)."""
    return build(strict=False)
