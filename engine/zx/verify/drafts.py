"""A test as something that can be edited and written out again: what the search for a missing test works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zx.diagnostics.diagnostic import Span
from zx.syntax.formatter import format_text
from zx.values.dataclass import dataclass
from zx.verify.cases import Case


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows as they are written: header and cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def with_cell(self, row: int, column: str, text: str) -> Grid:
        """One cell changed; a new column is missing in the other rows."""
        if column not in self.header:
            wide = tuple((*cells, text if number == row else "missing") for number, cells in enumerate(self.rows))
            return Grid((*self.header, column), wide)
        index = self.header.index(column)
        made = [
            tuple(text if (number, at) == (row, index) else cell for at, cell in enumerate(cells))
            for number, cells in enumerate(self.rows)
        ]
        return Grid(self.header, tuple(made))

    def without_column(self, column: str) -> Grid:
        index = self.header.index(column)
        return Grid(_without(self.header, index), tuple(_without(cells, index) for cells in self.rows))

    def without_row(self, row: int) -> Grid:
        return Grid(self.header, tuple(cells for number, cells in enumerate(self.rows) if number != row))


def _without(cells: tuple[str, ...], index: int) -> tuple[str, ...]:
    return (*cells[:index], *cells[index + 1 :])


@dataclass(frozen=True, slots=True)
class Draft:
    """``settings`` and ``fields`` by name as written; ``grids`` by the name after ``given``."""

    map: str
    settings: Mapping[str, str]
    fields: Mapping[str, str]
    grids: Mapping[str, Grid]

    def with_setting(self, name: str, text: str | None) -> Draft:
        return replace(self, settings=_changed(self.settings, name, text))

    def with_field(self, name: str, text: str | None) -> Draft:
        return replace(self, fields=_changed(self.fields, name, text))

    def with_grid(self, name: str, grid: Grid | None) -> Draft:
        grids = {other: made for other, made in self.grids.items() if other != name}
        return replace(self, grids=grids if grid is None else {**grids, name: grid})

    def text(self, title: str, expected: str) -> str:
        """The test written out."""
        plain = quoted(title).replace("{{", "{")
        lines = [f"test {plain}", f"  run {self.map}"]
        if self.settings:
            lines.append("  with settings " + ", ".join(f"{name} = {text}" for name, text in self.settings.items()))
        if self.fields:
            lines += ["  given", *(f"    {name} = {text}" for name, text in self.fields.items())]
        for name, grid in self.grids.items():
            lines += [f"  given {name}", *(f"    | {' | '.join(cells)} |" for cells in aligned(grid))]
        return "\n".join([*lines, expected]) + "\n"


def laid_out(text: str) -> str:
    """``text`` in the house layout."""
    made, _ = format_text(text, "missing_test.zx")
    return text if made is None else made


def aligned(grid: Grid) -> list[tuple[str, ...]]:
    """Header and rows, each header as wide as its column: what the formatter then keeps."""
    widths = [min(max(len(cell) for cell in column), 40) for column in zip(grid.header, *grid.rows, strict=True)]
    header = tuple(cell.ljust(width) for cell, width in zip(grid.header, widths, strict=True))
    return [header, *grid.rows]


def draft_of(case: Case, source: str) -> Draft | None:
    """The test as it stands in ``source``; None for one that reads a file."""
    lines = source.replace("\r\n", "\n").split("\n")
    fields: dict[str, str] = {}
    grids: dict[str, Grid] = {}
    for step in case.given:
        if step.kind == "given file":
            return None
        for binding in step.bindings:
            fields[binding.target.text] = _text(lines, binding.value.span)
        if step.rows is not None and step.path is not None:
            header = tuple(cell.text for cell in step.rows.header)
            rows = tuple(tuple(_text(lines, cell.span) or "missing" for cell in row.cells) for row in step.rows.rows)
            grids[step.path.text] = Grid(header, rows)
    settings = {binding.target.text: _text(lines, binding.value.span) for binding in case.settings}
    return Draft(case.map, settings, fields, grids)


def _text(lines: list[str], span: Span) -> str:
    if span.line != span.end_line:
        parts = [lines[span.line - 1][span.column - 1 :], *lines[span.line : span.end_line]]
        return " ".join(" ".join(parts).split())
    return lines[span.line - 1][span.column - 1 : span.end_column - 1].strip()


def _changed(texts: Mapping[str, str], name: str, text: str | None) -> dict[str, str]:
    made = dict(texts)
    if text is None:
        made.pop(name, None)
    else:
        made[name] = text
    return made


def quoted(text: str) -> str:
    """``text`` as a literal."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("\n", "\\n")
    return f'"{safe}"'
