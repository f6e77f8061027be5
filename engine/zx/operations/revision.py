"""Which commit the rules are of, asked of git; a workspace outside git simply has none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Revision:
    """``commit`` is the short hash of HEAD (None: no repository or no commit), ``dirty`` whether zx.toml or the rule
    files differ from it."""

    commit: str | None = None
    dirty: bool = False


def revision(root: Path, names: Iterable[str]) -> Revision:
    """The revision of the workspace-relative files ``names``."""
    commit = _git(root, "rev-parse", "--short=10", "HEAD")
    if not commit:
        return Revision()
    changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *names)
    return Revision(commit.strip(), changed is None or bool(changed.strip()))


def _git(root: Path, *arguments: str) -> str | None:
    """What git answers; None when there is no git or it refuses. Hooks and file-system monitors are not run."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    try:
        result = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None
