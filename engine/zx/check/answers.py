"""``decisions.zx`` against the sync it is for: its maps, their fields, and one answer for each question."""

from __future__ import annotations

from collections.abc import Iterator

from zx.check.known import Known
from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.diagnostics.suggest import nearest
from zx.model.decision import Answer, Decisions, Verdict
from zx.syntax import ast


def judge_answers(module: ast.Module, known: Known) -> tuple[Decisions, tuple[Diagnostic, ...]]:
    """The answers for one sync, and what is wrong with them."""
    found: list[Diagnostic] = []
    given: dict[tuple[str, ...], ast.Decision] = {}
    answers: list[Answer] = []
    for section in module.sections:
        if not isinstance(section, ast.Decisions):
            continue
        if section.sync.text not in known.syncs and section.answers:
            found.append(_unknown_sync(section.sync, known))
        if section.sync.text != known.sync:
            continue
        for node in section.answers:
            answer = answer_of(node)
            found += _unknown(node, known)
            first = given.setdefault(answer.question, node)
            if first is node:
                answers.append(answer)
            else:
                found.append(_twice(first, node))
    return Decisions(tuple(answers)), tuple(found)


def answer_of(node: ast.Decision) -> Answer:
    """The answer as a value."""
    return Answer(
        node.map.text,
        node.record,
        Verdict(node.verdict),
        node.because,
        node.target or "",
        node.new_name or "",
        node.side or "",
        "" if node.field is None else node.field.text,
        node.digest or "",
        node.span.place,
    )


def _unknown(node: ast.Decision, known: Known) -> Iterator[Diagnostic]:
    if known.maps is None:
        return
    name = node.map.text
    if name not in known.maps:
        near = nearest(name, known.maps)
        yield Diagnostic(
            "E0801",
            f"sync {known.sync} has no map `{name}`",
            node.map.span,
            f"did you mean `{near}`?" if near else f"its maps: {', '.join(sorted(known.maps))}",
            fix=near,
        )
        return
    fields = known.maps[name]
    if node.field is None or not fields or node.field.text in fields:
        return
    near = nearest(node.field.text, fields)
    yield Diagnostic(
        "E0804",
        f"`{name}` sets no field `{node.field.text}`",
        node.field.span,
        f"did you mean `{near}`?" if near else "nobody asks about it",
        fix=near,
    )


def _unknown_sync(name: ast.Name, known: Known) -> Diagnostic:
    near = nearest(name.text, known.syncs)
    return Diagnostic(
        "E0806",
        f"zx.toml has no sync `{name.text}`",
        name.span,
        f"did you mean `{near}`?" if near else f"its syncs: {', '.join(sorted(known.syncs))}",
        fix=near,
    )


def _twice(first: ast.Decision, again: ast.Decision) -> Diagnostic:
    return Diagnostic(
        "E0803",
        "two answers to one question",
        again.span,
        f"also answered at {first.span.place}",
        others=(Label(first.span, "the other one"),),
        help="keep one",
    )


def place_of(module: ast.Module, place: str, text: str) -> Span | None:
    """Where the answer at ``place`` (``decisions.zx:4``) says what it depends on: behind ``at``, else the whole line.
    ``text`` is that of the file."""
    for section in module.sections:
        for node in section.answers if isinstance(section, ast.Decisions) else ():
            if node.span.place != place:
                continue
            shown = f'"{node.digest}"'
            column = text.split("\n")[node.span.line - 1].find(f"{shown} because") if node.digest else -1
            if column < 0:
                return node.span
            line = node.span.line
            return Span(node.span.file, line, column + 1, line, column + 1 + len(shown))
    return None
