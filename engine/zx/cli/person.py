"""The person at the terminal, asked by ``zx review``."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING

import click

from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.model.decision import Choice, Question
    from zx.operations.review import Left, Written
    from zx.plan.review import Open

_LATER, _ENOUGH = "s", "q"
_MARKS = tuple(letter for letter in ascii_lowercase if letter not in (_LATER, _ENOUGH))


@dataclass(slots=True)
class Person:
    """Asks on the terminal; an answer is one letter."""

    face: Face

    def show(self, item: Open, number: int, of: int) -> None:
        from zx.report.review import item_lines
        from zx.report.visible import visible

        lines = ["", *item_lines(item, number, of)]
        if item.row:
            lines += [f"     {visible(item.help)}", f"       {visible(item.row)}"]
        self.face.say("\n".join(lines))

    def choose(self, question: Question) -> Choice | None:
        from zx.report.review import question_lines

        marks = _MARKS[: len(question.choices)]
        self.face.say("\n".join(["", *question_lines(question, marks)]))
        self.face.say(f"       {_LATER}  later     {_ENOUGH}  enough for now")
        letter = self._letter((*marks, _LATER, _ENOUGH))
        return question.choices[marks.index(letter)] if letter in marks else None

    def _letter(self, allowed: tuple[str, ...]) -> str:
        from zx.operations.review import Enough

        letter: str = click.prompt("Which", type=click.Choice(list(allowed)), err=True)
        if letter == _ENOUGH:
            raise Enough
        return letter

    def text(self, prompt: str, suggestion: str) -> str:
        answer: str = click.prompt(prompt, default=suggestion, show_default=bool(suggestion), err=True)
        return answer.strip()

    def agree(self, prompt: str) -> bool:
        return self.face.ask(prompt)

    def told(self, done: Written | Left) -> None:
        from zx.diagnostics.outputs import render_plain
        from zx.operations.review import Written

        if isinstance(done, Written):
            self.face.say(f"     {done.file}: {done.line}")
            return
        self.face.say(f"     {done.file} was left as it is: {done.why}")
        if done.diagnostics:
            self.face.say(render_plain(done.diagnostics))
