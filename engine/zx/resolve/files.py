"""``use``: which file may take names from which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import dirname, join, normpath

from zx.diagnostics.diagnostic import Diagnostic, Label
from zx.diagnostics.suggest import nearest
from zx.syntax import ast


def visible_files(
    modules: Mapping[str, ast.Module],
) -> tuple[dict[str, frozenset[str]], list[Diagnostic]]:
    """For each file the files it uses, directly or through others, itself included; circles and misses reported."""
    diagnostics: list[Diagnostic] = []
    uses: dict[str, list[tuple[str, ast.Use]]] = {}
    open_files = {file for file, module in modules.items() if "use" in module.lost_words}
    for file, module in modules.items():
        uses[file] = []
        for section in module.sections:
            if not isinstance(section, ast.Use):
                continue
            target = normpath(join(dirname(file), section.path))
            if target in modules:
                uses[file].append((target, section))
            else:
                open_files.add(file)
                diagnostics.append(_unknown_file(section, target, modules))
    diagnostics.extend(_circles(uses))
    return {file: _closure(file, uses, open_files, frozenset(modules)) for file in modules}, diagnostics


def way_to(target: str, file: str) -> str:
    """``target`` as a `use` in ``file`` names it: ``../shared/tax.zx``."""
    here, there = dirname(file).split("/"), target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * len([part for part in here[shared:] if part]) + there[shared:])


def _unknown_file(use: ast.Use, target: str, modules: Mapping[str, ast.Module]) -> Diagnostic:
    # Only the names count: a folder they share makes nothing near.
    way = {way_to(file, use.path_span.file): file for file in modules}
    near = way.get(nearest(use.path, list(way)) or "")
    return Diagnostic(
        "E0206",
        f"there is no rule file {target} in this sync",
        use.path_span,
        label=f"did you mean {near}?" if near else "not among the files that zx.toml lists in `rules`",
        fix=f'"{way_to(near, use.path_span.file)}"' if near else None,
    )


def _closure(
    file: str, uses: Mapping[str, list[tuple[str, ast.Use]]], open_files: set[str], every: frozenset[str]
) -> frozenset[str]:
    """``open_files`` have a `use` that leads nowhere: whatever it was meant to give is not missed again."""
    seen: set[str] = set()
    todo = [file]
    while todo:
        current = todo.pop()
        if current in open_files:
            return every
        if current not in seen:
            seen.add(current)
            todo.extend(target for target, _ in uses.get(current, ()))
    return frozenset(seen)


_Edge = tuple[str, str, ast.Use]


def _circles(uses: Mapping[str, list[tuple[str, ast.Use]]]) -> list[Diagnostic]:
    """One report for each knot of files: at the `use` without which there would be no circle, where there is one."""
    found: list[Diagnostic] = []
    reached = {file: _reached(file, uses) for file in uses}
    done: set[str] = set()
    for file in sorted(uses):
        if file in done or file not in reached[file]:
            continue
        knot = {other for other in reached[file] if file in reached[other]}
        done |= knot
        edges = [(start, end, use) for start in sorted(knot) for end, use in uses[start] if end in knot]
        way = _circle(edges)
        # Most often one line was added: without it there is no circle.
        guilty = next((edge for edge in way if not _circle([e for e in edges if e is not edge])), way[-1])
        found.append(_report(guilty, way))
    return found


def _reached(file: str, uses: Mapping[str, list[tuple[str, ast.Use]]]) -> set[str]:
    """Every file that a way of at least one `use` leads to."""
    seen: set[str] = set()
    todo = [file]
    while todo:
        for target, _ in uses[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _circle(edges: Sequence[_Edge]) -> list[_Edge]:
    """The edges of a shortest circle; empty when there is none."""
    best: list[_Edge] = []
    for first in edges:
        ways: dict[str, list[_Edge]] = {first[1]: [first]}
        todo = [first[1]]
        while todo and first[0] not in ways:
            current = todo.pop(0)
            for edge in edges:
                if edge[0] == current and edge[1] not in ways:
                    ways[edge[1]] = [*ways[current], edge]
                    todo.append(edge[1])
        way = ways.get(first[0], [])
        if way and (not best or len(way) < len(best)):
            best = way
    return best


def _report(guilty: _Edge, way: Sequence[_Edge]) -> Diagnostic:
    at = next(index for index, edge in enumerate(way) if edge is guilty)
    ordered = [*way[at:], *way[:at]]
    names = [edge[0] for edge in ordered]
    closing = ordered[-1]
    return Diagnostic(
        "E0206",
        f"these files use each other in a circle: {' → '.join((*names, names[0]))}",
        guilty[2].path_span,
        label="this `use` closes the circle",
        others=() if closing is guilty else (Label(closing[2].path_span, "and back here"),),
        help="put what both need into a file of its own",
    )
