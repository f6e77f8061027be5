"""Pages are promises: every command they name exists, every example runs and says what the page says."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from zx.cli.exits import MEANINGS, Exit
from zx.cli.main import COMMANDS, run

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORKSPACE = ("zx.toml", "rules", "state")
EDIT = re.compile(r"^<!-- committed; then above (\S+):(\d+): (.*) -->\n\Z", re.MULTILINE)
"""What a person does before the example that follows."""
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:`|^\$ |&& |\| `)zx ([a-z]+)", re.MULTILINE)


def of_page(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_commands_that_a_page_names_exist(page: Path) -> None:
    assert set(NAMED.findall(page.read_text(encoding="utf-8"))) <= set(COMMANDS)


def test_messages_name_only_commands_that_exist() -> None:
    for source in sorted((ROOT / "engine").rglob("*.py")):
        for name in re.findall(r"`zx ([a-z]+)|(?:run|then|try|use|:) zx ([a-z]+) ?[\"'{]", source.read_text("utf-8")):
            assert "".join(name) in COMMANDS, f"{source.relative_to(ROOT)}: zx {''.join(name)}"


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_files_that_a_page_links_to_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_make_targets_that_pages_name_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for page in PAGES:
        named = re.findall(r"`make ([a-z]+)|^make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert {"".join(name) for name in named} <= set(targets), page.name


def test_the_command_reference_is_what_the_commands_say() -> None:
    spec = importlib.util.spec_from_file_location("make_cli_reference", ROOT / "tools" / "make_cli_reference.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == module.page(), "run tools/make_cli_reference.py"


def test_every_exit_code_has_a_meaning() -> None:
    assert list(MEANINGS) == list(Exit)


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if CONSOLE.search(page.read_text(encoding="utf-8"))], ids=of_page
)
def test_examples_show_what_happens(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    for name in WORKSPACE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, work / name)
    monkeypatch.chdir(work)
    text = page.read_text(encoding="utf-8")
    for found in CONSOLE.finditer(text):
        if edit := EDIT.search(text, 0, found.start()):
            commit_and_edit(work, edit[1], int(edit[2]), edit[3])
        for example in re.split(r"^\$ ", found[1], flags=re.MULTILINE)[1:]:
            command, _, expected = example.partition("\n")
            said = call(command, {"XDG_STATE_HOME": str(tmp_path / "xdg"), "COLUMNS": "100"})
            assert_shows(said, expected, command)


def commit_and_edit(work: Path, name: str, above: int, line: str) -> None:
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@shop.example")
    for words in (("init", "-q"), ("add", "-A"), (*person, "commit", "-q", "-m", "The rules")):
        subprocess.run(["git", *words], cwd=work, check=True, capture_output=True)
    path = work / name
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(above - 1, line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def call(command: str, env: dict[str, str]) -> str:
    name, *arguments = shlex.split(command)
    assert name == "zx", f"only zx runs in an example: {command}"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        run(arguments, {"PATH": os.environ["PATH"], **env}, said, said)
    return said.getvalue()


def assert_shows(said: str, expected: str, command: str) -> None:
    """Each expected line is in ``said``, in this order; blanks and line numbers of rules do not count."""
    lines = iter([comparable(line) for line in said.splitlines()])
    for line in expected.splitlines():
        if line.strip() in ("", "…"):
            continue
        wanted = re.compile(".*".join(map(re.escape, comparable(line).split("…"))))
        assert any(wanted.fullmatch(found) for found in lines), f"`{command}` does not show: {line}\n\n{said}"


def comparable(line: str) -> str:
    return re.sub(r"(\.zx):\d+", r"\1:0", " ".join(line.replace("→", "->").split()))
