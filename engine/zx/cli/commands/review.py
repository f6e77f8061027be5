"""``zx review [SYNC]``."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.model.decision import Choice, Question
    from zx.operations.review import Left, Written
    from zx.plan.review import Open, Review

_LATER, _ENOUGH = "s", "q"
_MARKS = tuple(letter for letter in ascii_lowercase if letter not in (_LATER, _ENOUGH))


@click.command()
@click.argument("sync", required=False)
@click.option("--offline", is_flag=True, help="Read nothing; use what the last pull read.")
@click.option("--list", "listed", is_flag=True, help="Only list what is open, on a terminal too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, sync: str | None, offline: bool, listed: bool, form: str) -> int:
    """Settle what is still open: by root cause, biggest money first.

    Reads what changed first. On a terminal it goes through everything that a
    person can answer, shows both sides, and writes the answer where it belongs:
    a line into decisions.zx, or a row into the rules if they still check with
    it. Without a terminal it lists the lines to paste. Writes nothing in Zoho
    or Xero. Exits 3 while something is open.
    """
    from zx.operations.review import look, walk
    from zx.report.review import review_document, review_text, summary

    with face.working() as desk:
        chosen = desk.only_sync(sync)
        found = look(desk, chosen, offline=offline)
    if form == "json":
        face.put(pretty(review_document(found)))
        return _exit(found)
    if listed or not face.interactive or not found.items:
        face.put(review_text(found))
        return _exit(found)
    if walk(desk, chosen, found, Person(face, chosen.name)):
        found = look(desk, chosen, offline=True)
        face.say("")
    face.put(summary(found))
    if found.waiting:
        face.say("What is left: zx review --list")
    return _exit(found)


def _exit(found: Review) -> int:
    return Exit.DONE if found.ready else Exit.BLOCKED


@dataclass(slots=True)
class Person:
    """Asks on the terminal; an answer is one letter."""

    face: Face
    sync: str

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
