from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zx.workspace.config import load
from zx.workspace.rules import rule_files

Make = Callable[[str], Path]


def read(root: Path) -> tuple[dict[str, str], list[str]]:
    result = rule_files(root, load(root).syncs["au"])
    return dict(result.sources), [found.message for found in result.diagnostics]


def test_files_come_by_name_without_tests(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    for name in ("b.zx", "a.zx", "a_test.zx", "notes.txt"):
        (root / "rules" / name).write_text(name, encoding="utf-8")
    sources, mistakes = read(root)
    assert list(sources.items()) == [("rules/a.zx", "a.zx"), ("rules/b.zx", "b.zx")]
    assert mistakes == []


def test_a_pattern_without_files_is_a_mistake_in_zx_toml(workspace: Make, good: str) -> None:
    root = workspace(good)
    result = rule_files(root, load(root).syncs["au"])
    assert [(found.code, found.span.place) for found in result.diagnostics] == [("E0659", "zx.toml:16")]


def test_a_link_out_of_the_workspace_is_not_read(workspace: Make, good: str, tmp_path_factory: object) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    outside = root.parent / f"{root.name}-outside.zx"
    outside.write_text("secret", encoding="utf-8")
    (root / "rules" / "a.zx").symlink_to(outside)
    sources, mistakes = read(root)
    assert sources == {}
    assert mistakes == ["rules/a.zx lies outside the workspace, so it is not read"]


def test_a_file_that_is_not_utf8_names_its_line(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    (root / "rules" / "a.zx").write_bytes(b"map\n\xff")
    result = rule_files(root, load(root).syncs["au"])
    assert [found.span.place for found in result.diagnostics] == ["rules/a.zx:2"]


TABLE = 'table a(Code: text) -> text from "data/a.csv" key "Code" value "Name"\n'


def test_the_csv_files_that_tables_name_are_read_with_the_rules(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules" / "data").mkdir(parents=True)
    (root / "rules" / "a.zx").write_text(TABLE, encoding="utf-8")
    (root / "rules" / "data" / "a.csv").write_bytes(b"\xef\xbb\xbfCode,Name\r\n")
    (root / "rules" / "data" / "other.csv").write_text("Code,Name\n", encoding="utf-8")
    assert read(root) == ({"rules/a.zx": TABLE, "rules/data/a.csv": "Code,Name\r\n"}, [])


def test_a_csv_file_that_is_not_there_is_left_to_the_checker(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    (root / "rules" / "a.zx").write_text(TABLE, encoding="utf-8")
    assert read(root) == ({"rules/a.zx": TABLE}, [])


def test_a_csv_file_outside_is_never_read(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    (root.parent / "secret.csv").write_text("Code,Name\n", encoding="utf-8")
    text = TABLE.replace("data/a.csv", "../../secret.csv") + TABLE.replace("data/a.csv", "link.csv")
    (root / "rules" / "a.zx").write_text(text, encoding="utf-8")
    (root / "rules" / "link.csv").symlink_to(root.parent / "secret.csv")
    assert read(root) == ({"rules/a.zx": text}, ["rules/link.csv lies outside the workspace, so it is not read"])


def test_a_huge_csv_file_is_not_read(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules" / "data").mkdir(parents=True)
    (root / "rules" / "a.zx").write_text(TABLE, encoding="utf-8")
    (root / "rules" / "data" / "a.csv").write_bytes(b"x" * ((16 << 20) + 1))
    assert read(root) == ({"rules/a.zx": TABLE}, ["rules/data/a.csv is larger than 16 MiB"])


def test_a_huge_file_is_not_read(workspace: Make, good: str) -> None:
    root = workspace(good)
    (root / "rules").mkdir()
    (root / "rules" / "a.zx").write_bytes(b"#" * ((1 << 20) + 1))
    assert read(root) == ({}, ["rules/a.zx is larger than 1 MiB"])
