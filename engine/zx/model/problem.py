"""What is wrong with one record, for a person to see."""

from __future__ import annotations

from typing import Literal

from zx.model.decision import Question
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one record. ``rule`` is the place that found it (``rules/tax.zx:9``).

    ``cause`` groups problems of one root: equal causes are one finding. ``fix`` is a line to paste as it stands,
    ``help`` says in words what cures it. ``summary`` is the message as it is said of several records together, where
    the message itself names things of this one. ``questions`` are what a person can answer in decisions.zx; ``fix``
    then holds one line for each.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    rule: str
    help: str = ""
    fix: str = ""
    cause: str = ""
    summary: str = ""
    questions: tuple[Question, ...] = ()
