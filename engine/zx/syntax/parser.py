"""The door of the room: a text to its tree and what is wrong with it."""

from __future__ import annotations

from lark.exceptions import UnexpectedInput

from zx.diagnostics.diagnostic import Diagnostic
from zx.syntax import grammar
from zx.syntax.ast import Module
from zx.syntax.expressions import branch
from zx.syntax.mistakes import explain
from zx.syntax.origin import Origin
from zx.syntax.sections import Sections


def parse(text: str, file: str) -> tuple[Module, list[Diagnostic]]:
    """The tree of ``text`` and every mistake in it. Never raises; what could not be read is left out of the tree."""
    source = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not source.endswith("\n"):
        source += "\n"
    origin = Origin(file, source)
    diagnostics: list[Diagnostic] = []
    try:
        tree = grammar.shared().parse(source, start="file")
    except UnexpectedInput as error:
        return Module(file, ()), [explain(error, origin)]
    sections = Sections(origin, source.split("\n"), diagnostics)
    made = [section for node in tree.children if (section := sections.section(branch(node))) is not None]
    return Module(file, tuple(made)), diagnostics
