"""``zx fmt``: rule files laid out the one agreed way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zx.diagnostics.diagnostic import Diagnostic
from zx.files.disk import atomic_write
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.syntax.formatter import format_text
from zx.workspace.rules import all_rule_files, named_files

DECISIONS = "decisions.zx"


@dataclass(frozen=True, slots=True)
class Formatted:
    """``changed`` are the names of files whose layout differs, ``untouched`` how many were fine; files with
    ``diagnostics`` were left as they are."""

    changed: tuple[str, ...]
    untouched: int
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, str]


def fmt(desk: Desk, files: Sequence[Path], *, write: bool) -> Formatted:
    """Formats ``files`` (none named: every rule file of the workspace, tests too). ``write`` off: only looks.

    Raises UsageError for a file outside the workspace or one that is not there, DiskError.
    """
    root = desk.workspace.root
    chosen = [_inside(root, path) for path in files] or _everything(desk)
    read = named_files(root, chosen)
    diagnostics = list(read.diagnostics)
    changed = []
    for name, text in read.sources.items():
        result, found = format_text(text, name)
        if result is None:
            diagnostics += found
        elif result != text:
            changed.append(name)
            if write:
                atomic_write(root / name, result.encode(), (root / name).stat().st_mode & 0o777)
    return Formatted(tuple(changed), len(read.sources) - len(changed), tuple(diagnostics), dict(read.sources))


def _everything(desk: Desk) -> list[Path]:
    root = desk.workspace.root
    patterns = {pattern: None for sync in desk.workspace.syncs.values() for pattern in sync.rules}
    decisions = root / DECISIONS
    return [*all_rule_files(root, patterns), *([decisions] if decisions.is_file() else [])]


def _inside(root: Path, path: Path) -> Path:
    whole = path.resolve()
    if not whole.is_relative_to(root):
        raise UsageError(f"{path} lies outside this workspace", f"the workspace is {root}")
    if not whole.is_file():
        raise UsageError(f"there is no file {path}")
    return whole
