"""``zx preview``: what a push would do, and why. Writes nothing remote."""

from __future__ import annotations

from pathlib import Path

from zx.operations.connections import Pair, open_pair
from zx.operations.desk import Desk
from zx.operations.offline import basis, ground_on
from zx.operations.planning import Ground, about_plan, inputs_from, inputs_of, memory_of, something_left
from zx.operations.pull import pull
from zx.operations.reports import Report, keep
from zx.plan.action import Plan
from zx.plan.planner import PlanInputs, make_plan
from zx.report.about import About
from zx.report.compose import preview_view
from zx.report.csv_text import actions_csv
from zx.report.document import preview_document
from zx.values.dataclass import dataclass
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


def preview(desk: Desk, sync: Sync, *, offline: bool = False, source: Path | None = None) -> Previewed:
    """Reads what changed (``offline``: takes the last snapshot as it is; ``source``: takes that file's), plans, and
    writes reports/preview.*.

    Raises Broken, UsageError, NothingKept, RemoteError, StateDamaged, DiskError.
    """
    if offline or source is not None:
        found = basis(desk, sync, source)
        ground = ground_on(desk, sync, found)
        return _previewed(desk, ground, inputs_from(desk, ground, found.state, found.digest), None)
    with open_pair(desk, sync) as pair:
        ground = pull(desk, pair).ground
        memory = memory_of(desk, sync, ground.snapshot.zoho, ground.snapshot.xero)
        return _previewed(desk, ground, inputs_of(desk, ground, memory), pair)


def _previewed(desk: Desk, ground: Ground, inputs: PlanInputs, pair: Pair | None) -> Previewed:
    plan = make_plan(inputs)
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
