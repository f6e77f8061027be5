"""A check that found nothing is not made twice: what `zx check` remembers (decision 0015).

`.zx/cache/checked.json` says what was asked for and where that lies, and holds a digest of everything a check depends
on: zx itself, zx.toml, rules, CSV files, decisions.zx, and size and time of what the last pull left. It holds no result
but "nothing found" and no code. Where the files lie is what zx.toml and the rules said when it was written; it is part
of the digest as they are, so while they are the same they need not be read to know it.

This module is what a warm check consists of: it loads nothing that a digest does not need, not even `typing`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import zx
from zx.workspace.patterns import is_program, matching

_TOML = "zx.toml"
_MOST = 1 << 20
_MOST_OF_A_FILE = 1 << 25


class Watched:
    """What a check looks at. ``asked`` is the sync a person named, ``syncs`` are those that were checked; ``patterns``
    name their rules, ``beside`` the files that belong to them (CSV tables, decisions.zx), there or not, and ``pulled``
    what the last pulls left. Names are relative to the top of the workspace."""

    def __init__(
        self,
        asked: str | None,
        syncs: Sequence[str],
        patterns: Sequence[str],
        beside: Sequence[str],
        pulled: Sequence[str],
    ) -> None:
        self.asked = asked
        self.parts = [list(syncs), list(patterns), list(beside), list(pulled)]


class Seen:
    """What was found there: the digest of all of it, and the number of files."""

    def __init__(self, watched: Watched, digest: str, files: int) -> None:
        self.note: dict[str, object] = {"asked": watched.asked, "where": watched.parts, "nothing found": digest}
        self.clean = f"{files} files, sync {', '.join(watched.parts[0])}: no mistakes"
        """What is said where there is no mistake and no warning."""


def see(root: Path, zx_toml: str, watched: Watched) -> Seen | None:
    """Looks at what is ``watched``, ``zx_toml`` being the text of zx.toml. None where a file lies outside the workspace
    or is too large. Raises OSError, ValueError."""
    _, patterns, beside, pulled = watched.parts
    paths = {name: path for pattern in patterns for name, path in matching(root, pattern).items() if is_program(name)}
    paths |= {name: root / name for name in beside if (root / name).is_file()}
    digest = hashlib.sha256(json.dumps([zx.__version__, sys.version, _engine(), zx_toml]).encode())
    digest.update(json.dumps([watched.asked, watched.parts, [_about(root / name) for name in pulled]]).encode())
    for name, path in sorted(paths.items()):
        with path.open("rb") as file:
            content = file.read(_MOST_OF_A_FILE + 1)
        if len(content) > _MOST_OF_A_FILE or not path.resolve().is_relative_to(root):
            return None
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return Seen(watched, digest.hexdigest(), len({_TOML, *paths}))


def still_clean(start: Path, asked: str | None) -> Seen | None:
    """What the last check of the workspace around ``start`` saw, if it was asked the same, found nothing, and all of it
    is as it was. None also where nobody knows."""
    folder = start.resolve()
    root = next((top for top in (folder, *folder.parents) if os.path.lexists(top / _TOML)), None)
    note = None if root is None else noted(root)
    if root is None or not isinstance(note, dict):
        return None
    try:
        syncs, patterns, beside, pulled = note["where"]
        watched = Watched(asked, syncs, patterns, beside, pulled)
        seen = see(root, (root / _TOML).read_bytes().decode("utf-8-sig"), watched)
    except (OSError, ValueError, LookupError, TypeError, NotImplementedError):
        return None
    return seen if seen is not None and note == seen.note else None


def noted(root: Path) -> object:
    """The note as it stands; None where there is none, or it cannot be read."""
    try:
        with note_path(root).open("rb") as file:
            return json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return None


def note_path(root: Path) -> Path:
    return root / ".zx" / "cache" / "checked.json"


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
