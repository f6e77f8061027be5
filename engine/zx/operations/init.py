"""``zx init``: a new workspace with the starter rules, on the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from zx.files.disk import atomic_write, make_folder
from zx.operations.errors import UsageError
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


def init(folder: Path, start_date: str = DEMO_START) -> tuple[str, ...]:
    """Writes the workspace into ``folder`` (made when missing) and returns the names written.

    Raises UsageError, with nothing written, when a file it would write is there already.
    """
    texts = {
        ZX_TOML: _ZX_TOML.format(start_date=start_date),
        **{f"rules/{name}": text for name, text in starter_rules().items()},
        ".gitignore": _GITIGNORE,
        ".gitattributes": _GITATTRIBUTES,
        "state/.gitkeep": "",
    }
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder, new or empty")
    taken = [name for name in texts if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        raise UsageError(
            f"{folder} holds {', '.join(taken)} already; nothing was written", "name another folder, new or empty"
        )
    for name, text in texts.items():
        path = folder / name
        make_folder(path.parent)
        atomic_write(path, text.encode(), 0o644)
    return tuple(texts)
