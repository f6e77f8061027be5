"""``zx init``: a new workspace with the starter rules, on the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from zx.files.disk import atomic_write, make_folder, read_limited
from zx.model.decision import DECISIONS
from zx.operations.errors import UsageError
from zx.values.dataclass import dataclass
from zx.workspace.workspace import ZX_TOML

_ZX_TOML = """\
# What is connected, and what is kept in step. Secrets never stand here.
version = 1

[zoho.demo]
sandbox = true    # a simulated Zoho CRM with demo data; a real one: data_centre = "com.au"

[xero.demo]
sandbox = true

[sync.demo]
zoho = "demo"
xero = "demo"
rules = ["rules/*.zx"]
timezone = "Australia/Sydney"
every = "manual"

# Every setting is declared, with its type and default, in rules/settings.zx.
[sync.demo.settings]
prefix = "Z-"
start_date = {start_date}    # documents dated before this day stay where they are
"""
_GITIGNORE = """\
.zx/
reports/
"""
_GITATTRIBUTES = """\
state/**/*.toml merge=union text eol=lf
*.zx text eol=lf diff
decisions.zx merge=union
"""
_DECISIONS = """\
# Answers given by people, one per line. `zx review` appends; a line is edited and reviewed like code.
decisions for demo
"""
_FOR_GIT = (".gitignore", ".gitattributes", "state/.gitkeep")
"""A folder that is in git already may have these of its own."""
_LIMIT = 1 << 20
DEMO_START = "2025-08-01"
"""The start date of a new workspace on the sandbox: the demo's documents begin after it."""


def starter_rules() -> Mapping[str, str]:
    """The packaged rule files by name, ``invoices.zx``."""
    folder = resources.files("zx.starter")
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".zx")
    }


@dataclass(frozen=True, slots=True)
class Started:
    """``written`` are the names of the files of a new workspace; ``wanted`` the lines that a file of the folder's own,
    ``.gitignore`` or ``.gitattributes``, still lacks."""

    written: tuple[str, ...]
    wanted: Mapping[str, tuple[str, ...]]


def init(folder: Path, start_date: str = DEMO_START) -> Started:
    """Writes the workspace into ``folder`` (made when missing). What git is told already stays as it is.

    Raises UsageError, with nothing written, when another file it would write is there already.
    """
    texts = {
        ZX_TOML: _ZX_TOML.format(start_date=start_date),
        **{f"rules/{name}": text for name, text in starter_rules().items()},
        DECISIONS: _DECISIONS,
        ".gitignore": _GITIGNORE,
        ".gitattributes": _GITATTRIBUTES,
        "state/.gitkeep": "",
    }
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder, new or empty")
    there = [name for name in texts if (folder / name).exists() or (folder / name).is_symlink()]
    taken = [name for name in there if name not in _FOR_GIT]
    if taken:
        more = f" and {len(taken) - 3} more of its files" if len(taken) > 3 else ""
        raise UsageError(
            f"{_called(folder)} holds {', '.join(taken[:3])}{more} already; nothing was written",
            "name another folder, new or empty",
        )
    wanted = {name: _lacking(folder / name, texts[name]) for name in there if name in _FOR_GIT}
    for name, text in texts.items():
        if name not in there:
            make_folder((folder / name).parent)
            atomic_write(folder / name, text.encode(), 0o644)
    return Started(
        tuple(name for name in texts if name not in there), {name: lines for name, lines in wanted.items() if lines}
    )


def _called(folder: Path) -> str:
    return "this folder" if folder == Path() else str(folder)


def _lacking(path: Path, text: str) -> tuple[str, ...]:
    """The lines of ``text`` that the file at ``path`` has not."""
    known = read_limited(path, _LIMIT).decode(errors="replace").splitlines()
    return tuple(line for line in text.splitlines() if line not in known)
