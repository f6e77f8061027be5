"""``decisions.zx`` of a workspace: the answers for one sync, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zx.check.answers import judge_answers, place_of
from zx.check.known import Known
from zx.compile.program import Program
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.model.decision import DECISIONS, Decisions
from zx.operations.desk import Desk
from zx.operations.errors import Broken
from zx.syntax.ast import Module
from zx.syntax.parser import parse
from zx.values.dataclass import dataclass
from zx.workspace.rules import RuleFiles, decisions_file
from zx.workspace.workspace import Sync


@dataclass(frozen=True, slots=True)
class Read:
    """``decisions.zx`` as read: ``sources`` is empty where there is no such file."""

    decisions: Decisions
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    module: Module

    def place(self, place: str) -> Span | None:
        """Where the answer at ``place`` says what it depends on."""
        return place_of(self.module, place, self.sources.get(DECISIONS, ""))


def read_decisions(
    desk: Desk, sync: Sync, maps: Mapping[str, Collection[str]] | None, files: RuleFiles | None = None
) -> Read:
    """``maps``: what each map of the sync sets, None where the rules have mistakes. ``files``: the file as it is
    somewhere else than in the workspace."""
    files = decisions_file(desk.workspace.root) if files is None else files
    text = files.sources.get(DECISIONS, "")
    module, found = parse(text, DECISIONS)
    decisions, odd = judge_answers(module, Known(tuple(desk.workspace.syncs), sync.name, maps))
    return Read(decisions, (*files.diagnostics, *found, *odd), files.sources, module)


def usable_decisions(desk: Desk, sync: Sync, program: Program) -> Decisions:
    """The answers for ``sync``. Raises Broken where the file has mistakes: half of the answers are no answer."""
    read = read_decisions(desk, sync, program.fields())
    wrong = tuple(found for found in read.diagnostics if found.is_error)
    if wrong:
        mistakes = "a mistake" if len(wrong) == 1 else f"{len(wrong)} mistakes"
        raise Broken(f"{DECISIONS} has {mistakes}; nothing was read or sent", wrong, read.sources)
    return read.decisions
