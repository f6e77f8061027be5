"""``zx report``: the last report again."""

from __future__ import annotations

from zx.operations.desk import Desk
from zx.operations.reports import Form, Kind, kept, summary
from zx.workspace.workspace import Sync


def last_report(desk: Desk, sync: Sync, form: Form) -> str:
    """The report of the last push; before the first push, the last preview. Raises NothingKept."""
    return kept(desk, sync, latest_kind(desk, sync), form)


def latest_kind(desk: Desk, sync: Sync) -> Kind:
    """``push`` once there was one."""
    return "push" if summary(desk, sync, "push") is not None or summary(desk, sync, "preview") is None else "preview"
