"""When `zx check` need not look again, for a workspace that is open (decision 0015)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence

from zx.files.disk import DiskError, atomic_write, private_folder
from zx.model.decision import DECISIONS
from zx.operations.desk import Desk
from zx.operations.remembered import Seen, Watched, note_path, noted, see
from zx.syntax.csvtext import named_csv
from zx.workspace.rules import decisions_file, rule_files
from zx.workspace.workspace import Sync


def look(desk: Desk, asked: str | None, syncs: Sequence[Sync]) -> Seen | None:
    """What a check of ``syncs`` looks at; None where a file cannot be read, or the data have a say."""
    root = desk.workspace.root
    beside: set[str] = set()
    for sync in syncs:
        files = rule_files(root, sync)
        if files.diagnostics:
            return None
        beside |= {name for file, text in files.sources.items() for name in named_csv(text, file)}
    answers = decisions_file(root)
    if answers.diagnostics or any(_answers(text) for text in answers.sources.values()):
        return None  # Answers are judged by the data and by what is linked.
    watched = Watched(
        asked,
        [sync.name for sync in syncs],
        [pattern for sync in syncs for pattern in sync.rules],
        [*sorted(beside), DECISIONS],
        [desk.paths.cache(sync).relative_to(root).as_posix() for sync in syncs],
    )
    try:
        return see(root, desk.workspace.text, watched)
    except (OSError, ValueError):
        return None


def known_clean(desk: Desk, seen: Seen) -> bool:
    """Whether the last check looked at exactly this and found nothing."""
    return noted(desk.workspace.root) == seen.note


def remember_clean(desk: Desk, seen: Seen) -> None:
    """Notes that nothing was found. What cannot be noted is looked at again."""
    path = note_path(desk.workspace.root)
    with contextlib.suppress(OSError, DiskError):
        private_folder(desk.paths.private)
        private_folder(path.parent)
        atomic_write(path, json.dumps(seen.note).encode(), 0o600)


def _answers(text: str) -> bool:
    """Whether a file of answers holds any: more than comments and headers."""
    lines = (line.strip() for line in text.split("\n"))
    return any(line and not line.startswith(("#", "decisions for ")) for line in lines)
