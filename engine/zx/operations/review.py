"""``zx review``: what is still open, and answers written into the file they belong to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from zx.diagnostics.diagnostic import Diagnostic
from zx.files.disk import atomic_write
from zx.model.decision import DECISIONS, Answer, Choice, Question, Verdict
from zx.operations.connections import open_pair
from zx.operations.decisions import read_decisions
from zx.operations.desk import Desk
from zx.operations.kept import last_metadata
from zx.operations.offline import last_ground
from zx.operations.planning import inputs_of, memory_of
from zx.operations.pull import pull
from zx.operations.rules import check
from zx.plan.planner import make_plan
from zx.plan.review import OPEN_END, Open, Review, review
from zx.syntax.pasting import with_answer, with_row
from zx.values.dataclass import dataclass
from zx.workspace.workspace import Sync


def look(desk: Desk, sync: Sync, *, offline: bool) -> Review:
    """What is open after reading what changed (``offline``: in the last snapshot as it is). Writes nothing.

    Raises what preview raises.
    """
    if offline:
        ground = last_ground(desk, sync)
    else:
        with open_pair(desk, sync) as pair:
            ground = pull(desk, pair).ground
    memory = memory_of(desk, sync, ground.snapshot.zoho, ground.snapshot.xero)
    return review(make_plan(inputs_of(desk, ground, memory)))


# --- writing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """``line`` stands in ``file`` now."""

    file: str
    line: str


@dataclass(frozen=True, slots=True)
class Left:
    """The file was left as it is: why, with the mistakes the line would have made."""

    file: str
    why: str
    diagnostics: tuple[Diagnostic, ...] = ()


def write_answer(desk: Desk, sync: Sync, answer: Answer, replaces: str = "") -> Written | Left:
    """Appends ``answer`` to decisions.zx, or puts it in place of the one at ``replaces``. Raises DiskError."""
    read = read_decisions(desk, sync, None)
    if any(found.is_error for found in read.diagnostics):
        return Left(DECISIONS, "it has mistakes: correct them first, `zx check` shows them", read.diagnostics)
    number = int(replaces.rpartition(":")[2]) if replaces else None
    text = with_answer(read.sources.get(DECISIONS, ""), DECISIONS, sync.name, answer.line, number)
    if text is None:
        return Left(DECISIONS, "the answer cannot be written there")
    _write(desk.workspace.root / DECISIONS, text)
    return Written(DECISIONS, answer.line)


def write_row(desk: Desk, item: Open, row: str) -> Written | Left:
    """Puts ``row`` into the table that ``item`` is about, if every sync that uses the file still checks with it.

    Raises DiskError.
    """
    file, _, number = item.rule.rpartition(":")
    path = desk.workspace.root / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    changed = with_row(text, file, int(number) if number.isdigit() else 0, row)
    if changed is None:
        return Left(file, "there is no table at that line, or the row cannot be read")
    worse = _worse(desk, file, changed)
    if worse:
        return Left(file, "the rules would not check any more", worse)
    _write(path, changed)
    return Written(file, row)


def _worse(desk: Desk, file: str, text: str) -> tuple[Diagnostic, ...]:
    """The mistakes that the changed file would make in any sync that uses it."""
    found: dict[Diagnostic, None] = {}
    for sync in desk.workspace.syncs.values():
        metadata = last_metadata(desk, sync)
        before = check(desk, sync, metadata)
        if file not in before.sources:
            continue
        after = check(desk, sync, metadata, instead={file: text})
        if after.errors > before.errors:
            found |= dict.fromkeys(one for one in after.diagnostics if one.is_error)
    return tuple(found)


def _write(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    atomic_write(path, text.encode(), mode)


# --- walking through --------------------------------------------------------------------------------------------------


class Asker(Protocol):
    """A person to ask. Every question may be left (None); ``Enough`` ends the walk."""

    def show(self, item: Open, number: int, of: int) -> None: ...

    def choose(self, question: Question) -> Choice | None: ...

    def text(self, prompt: str, suggestion: str) -> str: ...

    def agree(self, prompt: str) -> bool: ...

    def told(self, done: Written | Left) -> None: ...


class Enough(Exception):
    """The person wants to stop here; what was written stays."""


def walk(desk: Desk, sync: Sync, found: Review, asker: Asker) -> int:
    """Goes through everything that has a line to write, biggest first; how many lines were written.

    What is only reported comes last. Raises DiskError.
    """
    written = 0
    items = [item for item in found.items if item.row or item.questions]
    number, of = 0, len(items)
    try:
        while items:
            item = items.pop(0)
            number += 1
            asker.show(item, number, of)
            if item.questions:
                written += _answer_all(desk, sync, item, asker)
            elif _paste(desk, item, asker):
                written += 1
                # The lines below have moved, and the row may have settled more than this.
                now = {_key(one): one for one in look(desk, sync, offline=True).items}
                items = [now[_key(one)] for one in items if _key(one) in now]
    except Enough:
        pass
    return written


def _key(item: Open) -> tuple[str, ...]:
    return (item.code, item.message, item.row, *(question.line for question in item.questions))


def _answer_all(desk: Desk, sync: Sync, item: Open, asker: Asker) -> int:
    """Every question of one cause; after the first, the same answer is offered for all that are left."""
    written = 0
    questions = list(item.questions)
    while questions:
        question = questions.pop(0)
        choice = asker.choose(question)
        if choice is None:
            continue
        answer = _complete(choice, asker)
        written += _told(write_answer(desk, sync, answer, question.replaces), asker)
        alike = [one for one in questions if _like(one, choice) is not None]
        if alike and asker.agree(f"The same for the other {len(alike)}?"):
            for one in alike:
                same = _like(one, choice)
                assert same is not None
                given = replace(same.answer, because=answer.because)
                written += _told(write_answer(desk, sync, given, one.replaces), asker)
                questions.remove(one)
    return written


def _complete(choice: Choice, asker: Asker) -> Answer:
    """The answer with the reason a person gives, and the name where a new one needs another."""
    answer = choice.answer
    if answer.verdict is Verdict.NEW and answer.name:
        answer = replace(answer, name=asker.text("Its name", answer.name))
    return replace(answer, because=asker.text("Why", answer.because))


def _like(question: Question, choice: Choice) -> Choice | None:
    """The choice of ``question`` that says the same as ``choice`` of another one; none that names a record or a name,
    which never fits two."""
    given = choice.answer
    if given.verdict is Verdict.SAME or given.name:
        return None
    wanted = (given.verdict, given.side)
    return next(
        (one for one in question.choices if (one.answer.verdict, one.answer.side) == wanted and not one.answer.name),
        None,
    )


def _paste(desk: Desk, item: Open, asker: Asker) -> int:
    row = item.row
    if OPEN_END in row:
        value = asker.text("What should stand there (nothing: leave it)", "")
        if not value:
            return 0
        row = row.replace(OPEN_END, value)
    if not asker.agree(f"Put {row} into {item.file}?"):
        return 0
    return _told(write_row(desk, item, row), asker)


def _told(done: Written | Left, asker: Asker) -> int:
    asker.told(done)
    return int(isinstance(done, Written))
