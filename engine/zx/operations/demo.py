"""``zx demo``: the whole story on the sandboxes of a temporary workspace, checked while it is told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from zx.operations.connections import open_pair
from zx.operations.desk import Desk, Say, open_desk
from zx.operations.errors import Stopped
from zx.operations.init import init
from zx.operations.kept import last_metadata
from zx.operations.preview import Previewed, preview
from zx.operations.pull import Pulled, pull
from zx.operations.push import Hooks, Pushed, Wishes, push
from zx.operations.reports import publish
from zx.operations.rules import Checked, check
from zx.ports.remote import Progress
from zx.values.dataclass import dataclass
from zx.workspace.environment import Environment
from zx.workspace.workspace import Sync


@dataclass(frozen=True, slots=True)
class Made:
    """Step 1: a workspace in ``folder``."""

    folder: Path
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Step 6: a second push. It found everything in place."""

    pushed: Pushed


@dataclass(frozen=True, slots=True)
class Finished:
    """Step 7: where everything lies."""

    folder: Path
    report: Path
    preview: Path


Step = Made | Pulled | Checked | Previewed | Pushed | Again | Finished


def demo(environment: Environment, *, say: Say, progress: Progress) -> Iterator[Step]:
    """Tells the story step by step. The folder stays for the person to look at.

    Raises Stopped when a step does not go as the story says, and what the steps raise.
    """
    folder = Path(tempfile.mkdtemp(prefix="zx-demo-")).resolve()
    yield Made(folder, init(folder).written)
    # Nothing of the demo may lie outside its folder, whatever the connections.
    desk = open_desk(folder, replace(environment, state_home=folder / ".zx"), say=say, progress=progress)
    sync = desk.only_sync(None)
    with open_pair(desk, sync) as pair:
        pulled = pull(desk, pair)
    _told(all(read.changed for read in pulled.reads.values()), "both systems had something to read")
    yield pulled
    checked = check(desk, sync, last_metadata(desk, sync))
    _told(not checked.errors, "the starter rules have no mistakes")
    yield checked
    previewed = preview(desk, sync, offline=True)
    _told(previewed.changes, "there is something to send")
    _told(previewed.report.open, "the demo data holds problems for a person")
    yield previewed
    first = _push(desk, sync)
    _told(first.result is not None and _all_sent(first), "everything ready was sent")
    yield first
    second = _push(desk, sync)
    _told(second.result is None, "a second push has nothing to send")
    # The page of that second push would say "nothing to send"; the one that the story showed is worth a look.
    publish(desk, previewed.report)
    yield Again(second)
    assert first.page is not None
    yield Finished(folder, first.page, previewed.page)


def _push(desk: Desk, sync: Sync) -> Pushed:
    hooks = Hooks(agree=lambda report: True, event=lambda event: None, stop=lambda: False)
    return push(desk, sync, Wishes(), hooks)


def _all_sent(pushed: Pushed) -> bool:
    assert pushed.result is not None
    return all(one.outcome in ("done", "adopted") for one in pushed.result.actions.values())


def _told(true: bool, words: str) -> None:
    if not true:
        raise Stopped(f"the demo did not go as told: it should be that {words}", "this is a mistake in zx")
