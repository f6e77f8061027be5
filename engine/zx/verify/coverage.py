"""Which lines of the rules and which rows of their tables some test comes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.verify.bench import nodes

_ITEMS = (ast.Guard, ast.Assign, ast.Let, ast.Policy, ast.TotalMustBe, ast.SpreadItem)


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """Of one file: how many rule lines and table rows there are, and those that no test comes by."""

    file: str
    lines: int
    rows: int
    missed_lines: tuple[Span, ...]
    missed_rows: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    files: tuple[FileCoverage, ...]

    @property
    def lines(self) -> tuple[int, int]:
        """Lines that were come by, and all."""
        return self._counted("lines", "missed_lines")

    @property
    def rows(self) -> tuple[int, int]:
        return self._counted("rows", "missed_rows")

    def _counted(self, every: str, missed: str) -> tuple[int, int]:
        total = sum(getattr(file, every) for file in self.files)
        return total - sum(len(getattr(file, missed)) for file in self.files), total

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """W0705 for each row."""
        return tuple(
            Diagnostic(
                "W0705",
                "no test reaches this row",
                span,
                "nothing would be noticed if it were wrong",
                Severity.WARNING,
                help="add a test whose record comes to it, or delete the row; `zx test --mutate` writes one",
            )
            for file in self.files
            for span in file.missed_rows
        )


def measure(modules: Mapping[str, ast.Module], seen: Iterable[frozenset[str]]) -> Coverage:
    """The coverage of the rules in ``modules`` by tests that came by the places ``seen``."""
    come_by = frozenset().union(*seen)
    files = []
    for name in sorted(modules):
        lines = list(rule_lines(modules[name]))
        rows = list(table_rows(modules[name]))
        if lines or rows:
            files.append(
                FileCoverage(
                    name,
                    len(lines),
                    len(rows),
                    tuple(span for span in lines if span.place not in come_by),
                    tuple(span for span in rows if span.place not in come_by),
                )
            )
    return Coverage(tuple(files))


def rule_lines(module: ast.Module) -> Iterator[Span]:
    """The places of guards, fields, lets and policies."""
    for section in module.sections:
        if isinstance(section, ast.Map | ast.LinesOf | ast.LineSection | ast.Extend | ast.Summary):
            yield from (item.span for item in section.items if isinstance(item, _ITEMS))


def table_rows(module: ast.Module) -> Iterator[Span]:
    """The places of the rows of tables and of ``pick``."""
    for section in module.sections:
        if isinstance(section, ast.Table) and section.rows is not None:
            yield from (row.span for row in section.rows.rows)
        elif isinstance(section, ast.Map | ast.LinesOf | ast.LineSection | ast.Extend | ast.Summary):
            for node in nodes(section.items):
                if isinstance(node, ast.Pick):
                    yield from (row.span for row in node.rows.rows)
