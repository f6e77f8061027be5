from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from zx.workspace.config import load
from zx.workspace.rules import rule_files

Zx = Callable[..., Any]


def test_init_makes_a_workspace_that_loads(zx: Zx, home: Path) -> None:
    ran = zx("init", "books")
    assert (ran.code, ran.out) == (0, "")
    root = home / "books"
    loaded = load(root)
    assert list(loaded.syncs) == ["demo"]
    assert loaded.syncs["demo"].settings["start_date"].value == "2025-08-01"
    files = rule_files(root, loaded.syncs["demo"])
    assert files.diagnostics == ()
    assert {"rules/invoices.zx", "rules/settings.zx", "rules/tax.zx"} <= set(files.sources)
    assert {path.suffix for path in (root / "rules").iterdir()} == {".zx"}
    assert ".zx/" in (root / ".gitignore").read_text(encoding="utf-8")
    assert "merge=union" in (root / ".gitattributes").read_text(encoding="utf-8")
    assert (root / "state").is_dir()


def test_init_writes_over_nothing(zx: Zx, home: Path) -> None:
    (home / ".gitignore").write_text("mine\n", encoding="utf-8")
    ran = zx("init")
    assert ran.code == 2
    assert ".gitignore" in ran.err
    assert [path.name for path in home.iterdir()] == [".gitignore"]
    assert (home / ".gitignore").read_text(encoding="utf-8") == "mine\n"
