"""From zx.toml to a Workspace; every mistake in it as a diagnostic with its place."""

from __future__ import annotations

import os
from pathlib import Path

from zx.workspace.connections import connections
from zx.workspace.policy import policy
from zx.workspace.positions import positions
from zx.workspace.syncs import sync
from zx.workspace.tomltable import VERSION, Findings, Table
from zx.workspace.tomltext import parse, read_text, unreadable
from zx.workspace.workspace import ZX_TOML, ConfigError, RunPolicy, Workspace

SUPPORTED_VERSION = 1


def discover(start: Path) -> Path | None:
    """The nearest folder at or above ``start`` that holds a zx.toml."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        # Whatever is called zx.toml is meant: a folder or a broken link is told of, not passed over.
        if os.path.lexists(candidate / ZX_TOML):
            return candidate
    return None


def load(root: Path) -> Workspace:
    """The workspace whose zx.toml lies in ``root``. Raises ConfigError with every mistake found."""
    path = root / ZX_TOML
    if not os.path.lexists(path):
        raise unreadable(ZX_TOML, "there is no zx.toml here", help="make a workspace with `zx init`")
    if not path.is_file():
        raise unreadable(ZX_TOML, f"{path} is no file", help="move it away; `zx init` makes a new one elsewhere")
    return parsed(root, read_text(path, ZX_TOML))


def parsed(root: Path, text: str) -> Workspace:
    """The workspace in ``root`` that ``text`` would make as its zx.toml. Raises ConfigError."""
    values = parse(text, ZX_TOML)
    findings = Findings(ZX_TOML, positions(text, ZX_TOML))
    top = Table(values, (), findings)
    if not _version(top):
        raise _mistakes(findings, text)
    top.only(("version", "zoho", "xero", "sync", "run"))
    known = connections(top, root.resolve())
    syncs = {name: sync(name, table, known) for name, table in top.tables("sync")}
    run: RunPolicy = policy(top.table("run"))
    if findings.diagnostics:
        raise _mistakes(findings, text)
    complete = {name: value for name, value in syncs.items() if value is not None}
    return Workspace(root.resolve(), known, complete, run, text)


def _mistakes(findings: Findings, text: str) -> ConfigError:
    return ConfigError(tuple(sorted(findings.diagnostics, key=lambda found: found.span)), text)


def _version(top: Table) -> bool:
    if "version" not in top:
        top.findings.error(
            VERSION,
            "zx.toml does not say its version",
            top.findings.place(()).key,
            fix=f"version = {SUPPORTED_VERSION}",
        )
        return False
    version = top.values["version"]
    if isinstance(version, bool) or version != SUPPORTED_VERSION:
        top.wrong(
            "version",
            f"version {version} of zx.toml is not known to this zx",
            code=VERSION,
            help=f"this zx reads version {SUPPORTED_VERSION}; a newer zx may read this file",
        )
        return False
    return True
