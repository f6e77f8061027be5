"""Diagnostics for screen readers, code scanners and pull requests: plain lines, SARIF 2.1.0, GitHub annotations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.render import heading
from zx.diagnostics.visible import visible_text

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_plain(diagnostics: Iterable[Diagnostic]) -> str:
    """One sentence per line, each thing in words and nothing drawn: where, what, why, how to cure it."""
    lines: list[str] = []
    for found in diagnostics:
        span = found.span
        lines.append(f"{span.file}, line {span.line}, column {span.column}. {heading(found)}: {found.message}.")
        lines += [f"  {_ended(found.label)}"] if found.label else []
        lines += [
            f"  See also {other.span.file}, line {other.span.line}: {_ended(other.text)}" for other in found.others
        ]
        for word, value in (("Note", found.note), ("Fix", found.fix), ("Help", found.help)):
            lines += [f"  {word}: {_ended(' '.join(value.split()))}"] if value else []
    return "\n".join(visible_text(line) for line in lines)


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    return "\n".join(_command(found) for found in diagnostics)


def render_sarif(diagnostics: Iterable[Diagnostic], version: str) -> dict[str, Any]:
    """A SARIF log of one run. Columns count Unicode code points, as ours do; files are relative to the workspace."""
    every = list(diagnostics)
    codes = sorted({found.code for found in every})
    driver = {"name": "zx", "version": version, "rules": [_rule(code) for code in codes]}
    results = [_result(found, codes.index(found.code)) for found in every]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "|", "…", ")")) else f"{text}."


def _said(found: Diagnostic) -> str:
    """The message with everything that belongs to it, a line for each."""
    parts = [found.message, found.label]
    parts += [
        f"{word}: {value}" for word, value in (("note", found.note), ("fix", found.fix), ("help", found.help)) if value
    ]
    return "\n".join(visible_text(line) for part in parts if part for line in part.split("\n"))


def _command(found: Diagnostic) -> str:
    span = found.span
    place = {"file": span.file, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        place |= {"col": str(span.column), "endColumn": str(max(span.column, span.end_column - 1))}
    place["title"] = heading(found)
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::{found.severity.value} {properties}::{_data(_said(found))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible_text(text)).replace(":", "%3A").replace(",", "%2C")


def _rule(code: str) -> dict[str, Any]:
    info = CODES.get(code)
    rule: dict[str, Any] = {"id": code, "defaultConfiguration": {"level": "warning" if code[0] == "W" else "error"}}
    if info is not None:
        rule |= {"shortDescription": {"text": info.title}, "fullDescription": {"text": info.explanation}}
        rule["help"] = {"text": info.explanation}
    return rule


def _result(found: Diagnostic, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity.value,
        "message": {"text": _said(found)},
        "locations": [{"physicalLocation": _location(found.span)}],
    }
    if found.others:
        made["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(other.span), "message": {"text": visible_text(other.text)}}
            for number, other in enumerate(found.others)
        ]
    return made


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"artifactLocation": {"uri": quote(span.file)}, "region": region}
