"""All rule files of a sync as one set: every section whole, extensions put in, every name known by its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from zx.diagnostics.diagnostic import Span
from zx.syntax import ast
from zx.values.dataclass import dataclass

Entry = ast.Assign | ast.Let | ast.Guard | ast.Match | ast.Policy | ast.TotalMustBe | ast.SpreadItem


@dataclass(frozen=True, slots=True)
class LineRules:
    """A ``lines of`` or ``line`` section as one map has it. ``source`` is the list it walks, None for ``line``; ``per``
    what the lines of a summary are grouped by."""

    name: str
    span: Span
    source: ast.Path | None
    target: ast.Path
    items: tuple[Entry, ...]
    per: tuple[ast.Path, ...] = ()


@dataclass(frozen=True, slots=True)
class MapRules:
    """A map with all its extensions; ``lines`` first, then ``line`` sections in the order of their names."""

    node: ast.Map
    items: tuple[Entry, ...]
    sections: tuple[LineRules, ...]


@dataclass(frozen=True, slots=True)
class SummaryRules:
    """A summary with all its extensions; its lines as in MapRules."""

    node: ast.Summary
    items: tuple[Entry, ...]
    sections: tuple[LineRules, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A name used in a file that does not use the file it is defined in: ``owner`` is the place of the definition."""

    what: str
    span: Span
    owner: Span


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Names are unique over all files. ``visible`` holds, for each file, the files it may take names from.

    ``lost`` holds the words of everything that could not be read or put in its place, so that what is missed because
    of it is not reported again; ``lost_lines`` the lines, by file. ``unseen`` is not reported yet.
    """

    settings: Mapping[str, ast.Setting]
    tables: Mapping[str, ast.Table]
    maps: Mapping[str, MapRules]
    visible: Mapping[str, frozenset[str]]
    lost: frozenset[str] = frozenset()
    lost_lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unseen: tuple[Unseen, ...] = ()
    summaries: Mapping[str, SummaryRules] = field(default_factory=dict)

    def sees(self, file: str, owner: Span) -> bool:
        """Whether a rule in ``file`` may name what is defined at ``owner``."""
        return owner.file in self.visible.get(file, frozenset({file}))
