"""What a built-in function is: names, parameters, result rule, words and an example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from zx.stdlib.types import ExprType
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """What a result rule may know of an argument: its type, its value where it is a constant, whether it may be
    missing."""

    type: ExprType
    value: Any = None
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """``takes`` says what fits: ``text number amount date instant bool list comparable pattern``; alternatives with
    blanks.

    ``amount`` takes numbers and money. ``default`` marks a parameter that may be left out.
    """

    name: str
    takes: str
    default: bool = False


def never(arguments: Sequence[Argument]) -> bool:
    return False


def always(arguments: Sequence[Argument]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Function:
    """``result`` gives the type from the arguments'. ``may_miss``: whether None may come back though no
    argument is missing (for a lenient function: at all).

    ``repeats``: the last parameter may come several times. ``lenient``: missing arguments are ignored, not contagious.
    ``context``: the implementation is handed the run's context first. ``example`` is an expression and what it gives.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: Callable[[Sequence[Argument]], ExprType]
    implementation: Callable[..., Any]
    doc: str
    example: tuple[str, str]
    repeats: bool = False
    lenient: bool = False
    may_miss: Callable[[Sequence[Argument]], bool] = never
    context: bool = False

    @property
    def signature(self) -> str:
        """``left(text, count)``: how it is called."""
        words = [f"{p.name}?" if p.default else p.name for p in self.parameters]
        return f"{self.name}({', '.join(words)}{', …' if self.repeats else ''})"
