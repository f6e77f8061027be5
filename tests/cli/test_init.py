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
    (home / "zx.toml").write_text("mine\n", encoding="utf-8")
    ran = zx("init")
    assert ran.code == 2
    assert "this folder holds zx.toml already" in ran.err
    assert [path.name for path in home.iterdir()] == ["zx.toml"]
    assert (home / "zx.toml").read_text(encoding="utf-8") == "mine\n"


def test_a_second_init_says_what_is_there_in_one_line(zx: Zx) -> None:
    assert zx("init").code == 0
    again = zx("init")
    assert again.code == 2
    assert again.err.splitlines()[0].endswith("more of its files already; nothing was written")


def test_init_in_a_folder_of_git_keeps_what_git_was_told_and_says_what_to_add(zx: Zx, home: Path) -> None:
    (home / ".gitignore").write_text("reports/\n", encoding="utf-8")
    ran = zx("init")
    assert ran.code == 0
    assert (home / ".gitignore").read_text(encoding="utf-8") == "reports/\n"
    assert "Your .gitignore was left as it is. Add to it:\n    .zx/\nNext:" in ran.err
    assert zx("check").code == 0
