"""The rules of a sync ready to run: as kept from an earlier run, or checked and compiled now."""

from __future__ import annotations

from zx.catalog.schema import Catalogue
from zx.compile.program import Program
from zx.model.decision import DECISIONS, NO_ANSWERS, Decisions
from zx.operations.desk import Desk
from zx.operations.metadata import Metadata
from zx.operations.warm import keep, kept
from zx.workspace.rules import decisions_file, rule_files
from zx.workspace.workspace import Sync


def answers(desk: Desk, sync: Sync, program: Program) -> Decisions:
    """What people answered for ``sync``. Raises Broken when decisions.zx has mistakes."""
    text = decisions_file(desk.workspace.root).sources.get(DECISIONS)
    if text is None and not (desk.workspace.root / DECISIONS).exists():
        return NO_ANSWERS
    if text is not None:
        from zx.check.known import Known  # noqa: PLC0415 - nothing of the checker where there is nothing to read
        from zx.check.plainanswers import plain_answers  # noqa: PLC0415

        plain = plain_answers(text, Known(tuple(desk.workspace.syncs), sync.name, program.fields()))
        if plain is not None:
            return plain
    from zx.operations.decisions import usable_decisions  # noqa: PLC0415 - loads the parser, which a warm run spares

    return usable_decisions(desk, sync, program)


def ready(desk: Desk, sync: Sync, metadata: Metadata) -> tuple[Program, Catalogue]:
    """The program of ``sync`` and the catalogue it was checked against. Raises Broken when the rules have mistakes."""
    files = rule_files(desk.workspace.root, sync)
    if not files.diagnostics:
        program = kept(desk, sync, files.sources, metadata)
        if program is not None:
            return program, metadata.catalogue()
    from zx.operations.rules import check  # noqa: PLC0415 - loads the parser and the checker, which a warm run spares

    checked = check(desk, sync, metadata)
    program = checked.usable()
    if checked.parts is not None:
        keep(desk, sync, program.sources, metadata, program, checked.parts)
    return program, checked.catalogue
