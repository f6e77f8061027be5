"""``zx preview``: what a push would do, and why. Writes nothing remote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zx.operations.connections import Pair, open_pair
from zx.operations.desk import Desk
from zx.operations.planning import Ground, about_plan, inputs_of, memory_of, something_left
from zx.operations.pull import last_ground, pull
from zx.operations.reports import Report, keep
from zx.plan.action import Plan
from zx.plan.planner import make_plan
from zx.report.about import About
from zx.report.compose import preview_view
from zx.report.csv_text import actions_csv
from zx.report.document import preview_document
from zx.workspace.workspace import Sync


@dataclass(frozen=True, slots=True)
class Previewed:
    """A plan with its report; ``page`` is the written HTML page."""

    plan: Plan
    report: Report
    page: Path

    @property
    def changes(self) -> bool:
        return any(action.writes for action in self.plan.actions)


def preview(desk: Desk, sync: Sync, *, offline: bool) -> Previewed:
    """Reads what changed (``offline``: takes the last snapshot as it is), plans, and writes reports/preview.*.

    Raises Broken, UsageError, NothingKept, RemoteError, StateDamaged, DiskError.
    """
    if offline:
        return _previewed(desk, last_ground(desk, sync), None)
    with open_pair(desk, sync) as pair:
        return _previewed(desk, pull(desk, pair).ground, pair)


def _previewed(desk: Desk, ground: Ground, pair: Pair | None) -> Previewed:
    memory = memory_of(desk, ground.sync, ground.snapshot.zoho, ground.snapshot.xero)
    plan = make_plan(inputs_of(desk, ground, memory))
    report = preview_report(plan, about_plan(desk, ground, plan, pair))
    return Previewed(plan, report, keep(desk, report))


def preview_report(plan: Plan, about: About) -> Report:
    """The report of a plan, not yet written."""
    return Report(
        kind="preview",
        sync=plan.sync,
        at=about.generated_at,
        view=preview_view(plan, about),
        document=preview_document(plan, about),
        csv=actions_csv(plan),
        open=something_left(plan),
    )
