"""What the data say of the answers in decisions.zx: about values that have changed since, about records not there."""

from __future__ import annotations

from dataclasses import replace

from zx.diagnostics.diagnostic import Diagnostic, Severity
from zx.operations.desk import Desk
from zx.operations.offline import last_snapshot
from zx.operations.planning import Ground, inputs_from, memory_of
from zx.operations.rules import Checked
from zx.plan.action import Finding
from zx.plan.planner import make_plan

_OF_ANSWERS = ("W0802", "W0805")


def with_data(desk: Desk, checked: Checked) -> Checked:
    """``checked`` with what the last pull says of the answers; as it is before the first pull, without answers, or
    where something is wrong already. Raises StateDamaged, DiskError."""
    read, program = checked.answers, checked.program
    if program is None or read is None or checked.errors or not read.decisions.answers:
        return checked
    snapshot = last_snapshot(desk, checked.sync)
    if snapshot is None:
        return checked
    ground = Ground(checked.sync, program, checked.catalogue, snapshot, read.decisions)
    memory = memory_of(desk, checked.sync, snapshot.zoho, snapshot.xero)
    plan = make_plan(inputs_from(desk, ground, memory.store.load(), memory.digest))
    found = []
    for finding in plan.findings:
        span = read.place(finding.rule) if finding.code in _OF_ANSWERS else None
        if span is not None:
            message, label = _sentence(finding)
            found.append(Diagnostic(finding.code, message, span, label, Severity.WARNING, help=finding.help or None))
    return replace(checked, diagnostics=(*checked.diagnostics, *found))


def _sentence(finding: Finding) -> tuple[str, str]:
    """The sentence and what stands under the carets."""
    if finding.code == "W0802":
        return "this answer is about values that have changed since", finding.message.partition(": ")[2]
    return finding.message.partition(", and ")[0], ""
