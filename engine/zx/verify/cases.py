"""The tests of rule files as they are written: ``test "…"`` sections, found and sorted into their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from zx.syntax import ast
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``map`` is the name after ``run``, empty when there is none (reported)."""

    file: str
    title: str
    span: Span
    map: str
    map_span: Span
    settings: tuple[ast.Binding, ...]
    given: tuple[ast.TestStep, ...]
    expected: tuple[ast.TestStep, ...]
    steps: tuple[ast.TestStep, ...] = field(repr=False, default=())

    @property
    def place(self) -> str:
        return self.span.place


def cases_of(modules: Mapping[str, ast.Module]) -> tuple[list[Case], list[Diagnostic]]:
    """Every test of ``modules`` in the order of files and lines; W0704 for two of one name, E0701 for one without a
    map."""
    found: list[Case] = []
    diagnostics: list[Diagnostic] = []
    for file in sorted(modules):
        first: dict[str, Span] = {}
        for section in modules[file].sections:
            if not isinstance(section, ast.TestSection):
                continue
            known = first.setdefault(section.title, section.span)
            if known is not section.span:
                diagnostics.append(_twice(section, known))
            case = _case(file, section)
            if not case.map:
                diagnostics.append(_without_map(section))
            found.append(case)
    return found, diagnostics


def _case(file: str, section: ast.TestSection) -> Case:
    run = next((step for step in section.steps if step.kind == "run"), None)
    return Case(
        file,
        section.title,
        section.span,
        "" if run is None else run.name,
        section.span if run is None else run.span,
        tuple(binding for step in section.steps if step.kind == "with" for binding in step.bindings),
        tuple(_of(section.steps, "given")),
        tuple(_of(section.steps, "expect")),
        section.steps,
    )


def _of(steps: Iterable[ast.TestStep], word: str) -> Iterable[ast.TestStep]:
    return (step for step in steps if step.kind.startswith(word))


def _twice(section: ast.TestSection, first: Span) -> Diagnostic:
    return Diagnostic(
        "W0704",
        f'two tests are called "{section.title}"',
        section.span,
        f"the first one is at {first.place}",
        Severity.WARNING,
        (Label(first, "the first one"),),
        help="rename one of them, so that a failure says which it is",
    )


def _without_map(section: ast.TestSection) -> Diagnostic:
    return Diagnostic(
        "E0701",
        f'the test "{section.title}" does not say which map it runs',
        section.span,
        "no `run`",
        help="add a line such as `run invoices`",
    )
