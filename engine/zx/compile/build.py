"""The door of the language: rule files, a catalogue and a sync's settings in; a program or diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Catalogue
from zx.check.checker import SyncRules, check
from zx.check.ir import ViaMap, walk
from zx.check.settings import SettingValue
from zx.check.typed import TypedMap, TypedRules
from zx.compile.assemble import assemble
from zx.compile.bound import Parts
from zx.compile.program import Program
from zx.compile.reads import roots
from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.resolve.resolver import resolve
from zx.resolve.ruleset import RuleSet
from zx.syntax import ast
from zx.syntax.parser import parse
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
    """Parses, resolves, checks and compiles the rules of one sync. ``sources`` maps workspace-relative names to texts:
    those of the rule files, and of the CSV files their tables name.

    Never raises for anything the texts or settings hold.
    """
    diagnostics: list[Diagnostic] = []
    modules: dict[str, ast.Module] = {}
    for file, text in sources.items():
        if file.endswith(".csv"):
            continue
        module, found = parse(text, file)
        modules[file] = module
        diagnostics.extend(found)
    rules, found = resolve(modules)
    diagnostics.extend(found)
    typed, checked = check(rules, modules, catalogue, sync, sources)
    diagnostics.extend(checked)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return Build(None, _sorted(diagnostics))
    made = assemble(typed, catalogue)
    if made.circle:
        diagnostics.append(_circle(made.circle, rules, typed))
        return Build(None, _sorted(diagnostics))
    settings = typed.settings
    program = Program(
        made.maps,
        made.reads,
        _digest(modules, sources, settings, sync),
        settings,
        dict(sources),
        tuple(rules.maps),
        made.summaries,
    )
    return Build(program, _sorted(diagnostics), typed, made.parts)


def _sorted(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda found: (found.span, found.code)))


def _circle(names: tuple[str, ...], rules: RuleSet, typed: TypedRules) -> Diagnostic:
    way = (*names, names[0])
    asked = [_asked(typed.maps[one], other) for one, other in zip(names, way[1:], strict=True)]
    places = [place for place in asked if place is not None]
    return Diagnostic(
        "E0216",
        f"these maps ask each other in a circle: {' → '.join(way)}",
        places[0] if places else rules.maps[names[0]].node.name.span,
        "each would have to be judged before the other",
        others=tuple(Label(place, "and asked back here") for place in places[1:]),
        help="one of them must do without `via`",
    )


def _asked(made: TypedMap, other: str) -> Span | None:
    """Where ``made`` asks the map ``other`` by `via`, in its own lines; None where a table asks for it."""
    lets = [(let.node, made.body) for let in made.body.lets]
    for root, _ in (*roots(made), *lets):
        for node in walk(root):
            if isinstance(node, ViaMap) and node.map == other:
                return node.span
    return None


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
