"""Which commit the rules are of, asked of git; a workspace outside git simply has none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zx.operations.git import ask
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """``commit`` is the short hash of HEAD (None: no repository or no commit), ``dirty`` whether zx.toml or the rule
    files differ from it."""

    commit: str | None = None
    dirty: bool = False


def revision(root: Path, names: Iterable[str]) -> Revision:
    """The revision of the workspace-relative files ``names``."""
    commit = ask(root, "rev-parse", "--short=10", "HEAD")
    if not commit:
        return Revision()
    changed = ask(root, "status", "--porcelain", "--untracked-files=all", "--", *names)
    return Revision(commit.decode().strip(), changed is None or bool(changed.strip()))
