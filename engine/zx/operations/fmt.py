"""``zx fmt``: rule files laid out the one agreed way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from zx.diagnostics.diagnostic import Diagnostic
from zx.diagnostics.suggest import nearest
from zx.files.disk import atomic_write
from zx.model.decision import DECISIONS
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.syntax.formatter import format_text, retabled
from zx.values.dataclass import dataclass
from zx.workspace.rules import all_rule_files, named_files

_TABLES = re.compile(r"^table[ \t]+([$\w]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Formatted:
    """``changed`` are the names of files whose layout differs, ``untouched`` how many were fine; files with
    ``diagnostics`` were left as they are."""

    changed: tuple[str, ...]
    untouched: int
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, str]


def fmt_text(text: str, name: str) -> tuple[str | None, Formatted]:
    """Formats one text that is no file of a workspace; None when it cannot be read as rules."""
    result, found = format_text(text, name)
    changed = (name,) if result not in (None, text) else ()
    return result, Formatted(changed, 1 - len(changed), tuple(found), {name: text})


def fmt(desk: Desk, files: Sequence[Path], *, write: bool) -> Formatted:
    """Formats ``files``, of folders every rule file below (none named: every rule file of the workspace, tests too).
    ``write`` off: only looks.

    Raises UsageError for a file outside the workspace or one that is not there, DiskError.
    """
    root = desk.workspace.root
    chosen = [found for path in files for found in _inside(root, path)] or _everything(desk)
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
    wrong = {found.span.file for found in diagnostics}
    untouched = len(read.sources.keys() - wrong) - len(changed)
    return Formatted(tuple(changed), untouched, tuple(diagnostics), dict(read.sources))


def retable(desk: Desk, name: str) -> Formatted:
    """Widens the header of the table ``name`` to its content, so that its rows line up again.

    Raises UsageError when no rule file has the table, DiskError.
    """
    root = desk.workspace.root
    read = named_files(root, _everything(desk))
    for file, text in read.sources.items():
        wide = retabled(text, name)
        if wide is None:
            continue
        result, found = format_text(wide, file)
        if result is None:
            return Formatted((), 0, tuple(found), {file: wide})
        if result == text:
            return Formatted((), 1, (), {file: text})
        atomic_write(root / file, result.encode(), (root / file).stat().st_mode & 0o777)
        return Formatted((file,), 0, (), {file: text})
    names = [match[1] for text in read.sources.values() for match in _TABLES.finditer(text)]
    near = nearest(name, names)
    raise UsageError(
        f"there is no table {name}" + (f"; did you mean {near}?" if near else ""),
        f"tables: {', '.join(sorted(names))}" if names else "",
    )


def _everything(desk: Desk) -> list[Path]:
    root = desk.workspace.root
    patterns = {pattern: None for sync in desk.workspace.syncs.values() for pattern in sync.rules}
    decisions = root / DECISIONS
    return [*all_rule_files(root, patterns), *([decisions] if decisions.is_file() else [])]


def _inside(root: Path, path: Path) -> list[Path]:
    whole = path.resolve()
    if not whole.is_relative_to(root):
        raise UsageError(f"{path} lies outside this workspace", f"the workspace is {root}")
    if whole.is_dir():
        found = sorted(whole.rglob("*.zx"))
        if not found:
            raise UsageError(f"there is no rule file in {path}", "rule files end in .zx")
        return found
    if not whole.is_file():
        raise UsageError(f"there is no file {path}")
    if whole.suffix != ".zx":
        raise UsageError(f"{path} is no rule file", "rule files end in .zx")
    return [whole]
