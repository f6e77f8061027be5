"""``use``: which file may take names from which."""

from __future__ import annotations

from collections.abc import Mapping
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
    for file, module in modules.items():
        uses[file] = []
        for section in module.sections:
            if not isinstance(section, ast.Use):
                continue
            target = normpath(join(dirname(file), section.path))
            if target in modules:
                uses[file].append((target, section))
            else:
                diagnostics.append(_unknown_file(section, target, modules))
    diagnostics.extend(_circles(uses))
    return {file: _closure(file, uses) for file in modules}, diagnostics


def _unknown_file(use: ast.Use, target: str, modules: Mapping[str, ast.Module]) -> Diagnostic:
    near = nearest(target, list(modules))
    return Diagnostic(
        "E0206",
        f"there is no rule file {target} in this sync",
        use.path_span,
        label=f"did you mean {near}?" if near else "not among the files that zx.toml lists in `rules`",
    )


def _closure(file: str, uses: Mapping[str, list[tuple[str, ast.Use]]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = [file]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo.extend(target for target, _ in uses.get(current, ()))
    return frozenset(seen)


def _circles(uses: Mapping[str, list[tuple[str, ast.Use]]]) -> list[Diagnostic]:
    """One report for each circle, at the ``use`` that closes it."""
    found: list[Diagnostic] = []
    done: set[str] = set()

    def walk(file: str, way: tuple[str, ...]) -> None:
        for target, use in uses[file]:
            if target in way or target == file:
                circle = " → ".join((*way[way.index(target) :], file, target) if target in way else (file, target))
                back = next((Label(u.path_span, "and back here") for t, u in uses[target] if t == file), None)
                found.append(
                    Diagnostic(
                        "E0206",
                        f"these files use each other in a circle: {circle}",
                        use.path_span,
                        label="this `use` closes the circle",
                        others=(back,) if back and target != file else (),
                        help="put what both need into a file of its own",
                    )
                )
            elif target not in done:
                walk(target, (*way, file))
        done.add(file)

    for file in sorted(uses):
        if file not in done:
            walk(file, ())
    return found
