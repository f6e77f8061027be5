"""What nothing uses: tables, settings and lets (W0212, W0213, W0214)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from zx.check.reporter import Reporter
from zx.diagnostics.diagnostic import Span
from zx.resolve.ruleset import Entry, RuleSet
from zx.syntax import ast

_ABSENT = frozenset({"E0501", "E0504", "E0508"})


def report_unused(rules: RuleSet, modules: Mapping[str, ast.Module], reporter: Reporter) -> None:
    """Names are counted in the text, so that what a setting switches off still counts as used."""
    everything = {module.file: list(nodes(module.sections)) for module in modules.values()}
    # A line that is missing or unreadable may be the one that would use a table or a setting.
    if not rules.lost and not any(found.code in _ABSENT for found in reporter.diagnostics):
        _sections(rules, [node for found in everything.values() for node in found], reporter)
    read_in = {file: {node.head for node in found if isinstance(node, ast.Path)} for file, found in everything.items()}
    for rule in rules.maps.values():
        for items in (rule.items, *(section.items for section in rule.sections)):
            _lets(items, read_in, rules, reporter)


def _sections(rules: RuleSet, everything: Sequence[object], reporter: Reporter) -> None:
    called = {node.name for node in everything if isinstance(node, ast.Call)}
    settings = {
        node.rest[0] for node in everything if isinstance(node, ast.Path) and node.head == "settings" and node.rest
    }
    for name, table in rules.tables.items():
        if name not in called and not _meant(name, rules, reporter):
            words = ", ".join(parameter.name for parameter in table.parameters)
            reporter.warning(
                "W0212",
                f"table `{name}` is never used",
                table.name.span,
                "no rule of this sync calls it",
                help=f"delete it, or call it: {name}({words})",
            )
    for name, setting in rules.settings.items():
        if name not in settings and not _meant(name, rules, reporter):
            reporter.warning(
                "W0214",
                f"the setting `{name}` is never used",
                setting.name.span,
                "no rule of this sync reads it",
                help=f"delete it, or read it as settings.{name}",
            )


def _meant(name: str, rules: RuleSet, reporter: Reporter) -> bool:
    """Whether a misspelt name or an unreadable line most likely meant this one."""
    return name in rules.lost or name in reporter.meant


def _lets(items: Sequence[Entry], read_in: Mapping[str, set[str]], rules: RuleSet, reporter: Reporter) -> None:
    """A let that its own file reads is used, even where another file overrides the line that does."""
    # Which file reads a let is known already; the section is looked through only for one that its own file does not.
    lets = [item for item in items if isinstance(item, ast.Let) and item.name not in read_in[item.span.file]]
    heads = {node.head for node in nodes(items) if isinstance(node, ast.Path)} if lets else set()
    for item in lets:
        if item.name not in heads and not _meant(item.name, rules, reporter):
            reporter.warning(
                "W0213",
                f"`{item.name}` is never used",
                item.name_span,
                "nothing in this section reads it",
                help="delete it",
            )


def nodes(value: object) -> Iterator[object]:
    """Every tree node at or below ``value``, each before what it holds."""
    todo: list[Any] = [value]  # what fields hold can be anything
    while todo:
        one = todo.pop()
        if isinstance(one, tuple | list):
            todo.extend(reversed(one))
            continue
        names = _parts(one.__class__)
        if names is not None:
            yield one
            todo.extend([getattr(one, name) for name in names])


@cache
def _parts(kind: type) -> tuple[str, ...] | None:
    """The fields of a class of tree nodes, the last first; None for what is no node."""
    if not is_dataclass(kind) or issubclass(kind, Span):
        return None
    return tuple(field.name for field in reversed(fields(kind)))
