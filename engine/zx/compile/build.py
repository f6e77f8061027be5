"""The door of the language: rule files, a catalogue and a sync's settings in; a program or diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Catalogue
from zx.check.checker import SyncRules
from zx.check.settings import SettingValue
from zx.check.typed import TypedRules
from zx.compile.assemble import assemble
from zx.compile.bound import Parts
from zx.compile.judged import Judged, judge
from zx.compile.program import Program
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.jsontext import digest


@dataclass(frozen=True, slots=True)
class Build:
    """``program`` is None when a diagnostic is an error; so are ``typed`` and ``parts``, what the program
    was made from and its functions are made of."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    typed: TypedRules | None = None
    parts: Parts | None = None


def build(sources: Mapping[str, str], catalogue: Catalogue, sync: SyncRules) -> Build:
    """Judges and compiles the rules of one sync (:func:`zx.compile.judged.judge`)."""
    judged = judge(sources, catalogue, sync)
    return compiled(judged, sources, catalogue, sync)


def compiled(judged: Judged, sources: Mapping[str, str], catalogue: Catalogue, sync: SyncRules) -> Build:
    """The program of rules that were judged; none where they have mistakes."""
    typed = judged.typed
    if typed is None:
        return Build(None, judged.diagnostics)
    made = assemble(typed, catalogue)
    program = Program(
        made.maps,
        made.reads,
        _digest(judged.modules, sources, typed.settings, sync),
        typed.settings,
        dict(sources),
        tuple(judged.rules.maps),
        made.summaries,
    )
    return Build(program, judged.diagnostics, typed, made.parts)


def _digest(
    modules: Mapping[str, ast.Module], sources: Mapping[str, str], settings: Mapping[str, object], sync: SyncRules
) -> str:
    """Changes with anything that could change a result; comments, layout and the order of files change nothing."""
    return digest(
        {
            "rules": {file: _shape(module.sections) for file, module in modules.items()},
            "tables": {file: text.replace("\r\n", "\n") for file, text in sources.items() if file.endswith(".csv")},
            "settings": {name: _shape(value) for name, value in settings.items()},
            "timezone": sync.timezone,
        }
    )


def _shape(value: Any) -> Any:
    """A tree as plain data without places and documentation."""
    if isinstance(value, Span):
        return None
    if isinstance(value, Decimal):
        return str(value.normalize())
    if is_dataclass(value) and not isinstance(value, type):
        inner = {
            item.name: _shape(getattr(value, item.name))
            for item in fields(value)
            if item.name != "doc" and not item.name.endswith("span")
        }
        return [value.__class__.__name__, inner]
    if isinstance(value, tuple | list):
        return [_shape(item) for item in value]
    return value


__all__ = ["Build", "SettingValue", "SyncRules", "build"]
