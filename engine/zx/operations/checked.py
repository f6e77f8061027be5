"""A check that found nothing is not made twice: `zx check` remembers what it looked at (decision 0015).

`.zx/cache/checked.json` holds a digest of everything a check depends on: zx itself, zx.toml, rules, CSV files,
decisions.zx, and size and time of what the last pull left. It holds no result but "nothing found" and no code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import zx
from zx.files.disk import DiskError, atomic_write, private_folder, read_limited
from zx.operations.desk import Desk
from zx.workspace.rules import decisions_file, rule_files
from zx.workspace.workspace import Sync

_MOST = 1 << 16


def look(desk: Desk, syncs: Sequence[Sync]) -> tuple[str, int] | None:
    """The digest of what a check of ``syncs`` looks at, and the number of its files; None where a file cannot be
    read."""
    names = {"zx.toml"}
    told: list[object] = [zx.__version__, sys.version, _engine(), desk.workspace.text]
    for sync in syncs:
        files = rule_files(desk.workspace.root, sync)
        if files.diagnostics:
            return None
        names |= set(files.sources)
        told += [sync.name, sorted(files.sources.items()), _about(desk.paths.cache(sync))]
    answers = decisions_file(desk.workspace.root)
    if answers.diagnostics or any(_answers(text) for text in answers.sources.values()):
        return None  # Answers are judged by the data and by what is linked.
    names |= set(answers.sources)
    told.append(sorted(answers.sources.items()))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest(), len(names)


def _answers(text: str) -> bool:
    """Whether a file of answers holds any: more than comments and headers."""
    lines = (line.strip() for line in text.split("\n"))
    return any(line and not line.startswith(("#", "decisions for ")) for line in lines)


def known_clean(desk: Desk, digest: str) -> bool:
    """Whether the last check looked at exactly this and found nothing."""
    try:
        return bool(json.loads(read_limited(_path(desk), _MOST)) == {"nothing found": digest})
    except (OSError, DiskError, ValueError):
        return False


def remember_clean(desk: Desk, digest: str) -> None:
    """Notes that nothing was found. What cannot be noted is looked at again."""
    with contextlib.suppress(OSError, DiskError):
        private_folder(desk.paths.private)
        private_folder(_path(desk).parent)
        atomic_write(_path(desk), json.dumps({"nothing found": digest}).encode(), 0o600)


def _path(desk: Desk) -> Path:
    return desk.paths.private / "cache" / "checked.json"


def _about(path: Path) -> list[int]:
    try:
        about = path.stat()
    except OSError:
        return []
    return [about.st_size, about.st_mtime_ns]


def _engine() -> list[object]:
    """Size and time of change of every file zx consists of, its grammar included."""
    found: list[object] = []
    todo = [str(Path(made.__file__ or "").parent) for made in (zx, import_module("zx.grammar"))]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.is_dir():
                    todo += [entry.path] if entry.name != "__pycache__" else []
                elif not entry.name.endswith(".pyc"):
                    about = entry.stat()
                    found.append([entry.path, about.st_size, about.st_mtime_ns])
    return found
