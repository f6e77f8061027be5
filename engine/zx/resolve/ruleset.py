"""All rule files of a sync as one set: every section whole, extensions put in, every name known by its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zx.diagnostics.diagnostic import Span
from zx.syntax import ast

Entry = ast.Assign | ast.Let | ast.Guard | ast.Match | ast.Policy | ast.TotalMustBe | ast.SpreadItem


@dataclass(frozen=True, slots=True)
class LineRules:
    """A ``lines of`` or ``line`` section as one map has it. ``source`` is the list it walks, None for ``line``."""

    name: str
    span: Span
    source: ast.Path | None
    target: ast.Path
    items: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MapRules:
    """A map with all its extensions; ``lines`` first, then ``line`` sections in the order of their names."""

    node: ast.Map
    items: tuple[Entry, ...]
    sections: tuple[LineRules, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Names are unique over all files. ``visible`` holds, for each file, the files it may take names from."""

    settings: Mapping[str, ast.Setting]
    tables: Mapping[str, ast.Table]
    maps: Mapping[str, MapRules]
    visible: Mapping[str, frozenset[str]]

    def sees(self, file: str, owner: Span) -> bool:
        """Whether a rule in ``file`` may name what is defined at ``owner``."""
        return owner.file in self.visible.get(file, frozenset({file}))
