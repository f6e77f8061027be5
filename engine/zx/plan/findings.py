"""Problems of many records, grouped by what causes them: how far each cause reaches, and the line that cures it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from decimal import Decimal

from zx.model.decision import Question
from zx.model.problem import Problem
from zx.plan.action import Action, Finding
from zx.values.dataclass import dataclass
from zx.values.money import ZERO

_LINE = re.compile(r"^line \d+: ")
_NEEDS = re.compile(r"^it needs .*?, which is blocked: ")
_EXAMPLES = 3


@dataclass(slots=True)
class _Group:
    """``actions`` of one cause; ``documents`` those among them that have money."""

    problem: Problem
    actions: set[str] = field(default_factory=set)
    documents: int = 0
    lines: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    fixes: dict[str, None] = field(default_factory=dict)
    questions: dict[Question, None] = field(default_factory=dict)


def findings(actions: Iterable[Action]) -> tuple[Finding, ...]:
    """One finding for each cause, errors first, then by reach. A document blocked only because a record it needs is
    blocked counts under that record's cause.

    Documents are counted where there are any; a cause that reaches contacts and items only counts those.
    """
    groups: dict[str, _Group] = {}
    for action in actions:
        for problem in action.problems:
            key = problem.cause or f"{problem.code}:{problem.rule}:{_sentence(problem)}"
            group = groups.setdefault(key, _Group(problem))
            if group.problem.code == "R904" and problem.code != "R904":
                group.problem = problem
            if problem.fix:
                group.fixes[problem.fix] = None
            group.questions |= dict.fromkeys(problem.questions)
            _count(group, action, problem)
    made = [_finding(group) for group in groups.values()]
    return tuple(sorted(made, key=_order))


def _count(group: _Group, action: Action, problem: Problem) -> None:
    if _LINE.match(problem.message):
        group.lines += 1
    if action.id in group.actions:
        return
    group.actions.add(action.id)
    if len(group.examples) < _EXAMPLES:
        group.examples.append(action.source.label)
    if action.totals is not None:
        group.documents += 1
        currency = action.totals.currency
        group.amounts[currency] = group.amounts.get(currency, ZERO) + action.totals.source


def _finding(group: _Group) -> Finding:
    problem = group.problem
    documents = group.documents or len(group.actions)
    return Finding(
        problem.code,
        problem.severity,
        problem.summary if problem.summary and len(group.actions) > 1 else _sentence(problem),
        problem.rule,
        documents,
        group.lines,
        dict(sorted(group.amounts.items())),
        "\n".join(group.fixes),
        problem.help,
        tuple(group.examples),
        tuple(group.questions),
    )


def _sentence(problem: Problem) -> str:
    return _LINE.sub("", _NEEDS.sub("", problem.message))


def _order(finding: Finding) -> tuple[bool, Decimal, str, str]:
    return finding.severity != "error", -sum(finding.amounts.values(), ZERO), finding.rule, finding.message
