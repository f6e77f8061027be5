"""The command around the operations: help, usage, workspaces that cannot be used."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from zx import __version__
from zx.cli.main import COMMANDS

Zx = Callable[..., Any]


def test_help_names_every_command_and_exit_code(zx: Zx) -> None:
    ran = zx("--help")
    assert ran.code == 0
    for name, words in COMMANDS.items():
        assert f"  {name} " in ran.out
        assert words in ran.out
    assert "3 something needs a" in ran.out


def test_help_imports_nothing_of_the_engine() -> None:
    code = (
        "import sys; from zx.cli.main import run; run(['--help'], {}, sys.stderr, sys.stderr);"
        "print(sorted(m for m in sys.modules if m.startswith('zx.') and not m.startswith('zx.cli')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_that_begins_with_a_verb_and_says_enough(zx: Zx, name: str) -> None:
    command = importlib.import_module(f"zx.cli.commands.{name}").command
    assert isinstance(command, click.Command)
    assert command.help is not None
    assert command.help[0].isupper()
    ran = zx(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_the_table_of_commands_is_the_folder_of_commands() -> None:
    folder = Path(importlib.import_module("zx.cli.commands").__file__ or "").parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(COMMANDS)


def test_command_files_stay_short() -> None:
    folder = Path(importlib.import_module("zx.cli.commands").__file__ or "").parent
    for path in folder.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 120, path.name


def test_version_goes_to_standard_output(zx: Zx) -> None:
    assert zx("--version").out == f"zx {__version__}\n"
    assert zx("version").out.startswith(f"zx {__version__} (Python ")


def test_an_unknown_command_comes_with_the_near_one(zx: Zx) -> None:
    ran = zx("previw")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'preview'?" in ran.err


def test_an_unknown_option_is_usage(zx: Zx) -> None:
    assert zx("check", "--nope").code == 2


@pytest.mark.parametrize(
    "arguments", [("check",), ("pull",), ("preview",), ("push", "--yes"), ("status",), ("report",)]
)
def test_outside_a_workspace_every_command_says_how_to_begin(zx: Zx, arguments: tuple[str, ...]) -> None:
    ran = zx(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no zx.toml in" in ran.err
    assert "zx init" in ran.err


def test_a_broken_zx_toml_is_shown_with_its_line(zx: Zx, home: Path) -> None:
    (home / "zx.toml").write_text("version = 1\n[zoho.demo]\nsandbx = true\n", encoding="utf-8")
    ran = zx("status")
    assert (ran.code, ran.out) == (2, "")
    assert "E0651" in ran.err
    assert "zx.toml:3:1" in ran.err
    assert "sandbox" in ran.err


def test_without_a_terminal_push_wants_yes(zx: Zx, home: Path) -> None:
    zx("init")
    before = sorted(home.rglob("*"))
    ran = zx("push")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing was sent" in ran.err
    assert sorted(home.rglob("*")) == before


SEVERAL = """\
version = 1
[zoho.a]
sandbox = true
[xero.b]
sandbox = true
[sync.one]
zoho = "a"
xero = "b"
rules = ["rules/*.zx"]
timezone = "UTC"
[sync.two]
zoho = "a"
xero = "b"
rules = ["rules/*.zx"]
timezone = "UTC"
"""


@pytest.mark.parametrize("arguments", [("preview",), ("push", "--yes"), ("report",), ("explain", "1003")])
def test_with_several_syncs_one_document_needs_a_name(zx: Zx, home: Path, arguments: tuple[str, ...]) -> None:
    (home / "zx.toml").write_text(SEVERAL, encoding="utf-8")
    ran = zx(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "one, two" in ran.err


def test_an_unknown_sync_comes_with_the_near_one(zx: Zx, home: Path) -> None:
    (home / "zx.toml").write_text(SEVERAL, encoding="utf-8")
    ran = zx("status", "tow")
    assert ran.code == 2
    assert "did you mean 'two'?" in ran.err


REAL = """\
version = 1
[zoho.acme]
data_centre = "com.au"
[xero.demo]
sandbox = true
[sync.au]
zoho = "acme"
xero = "demo"
rules = ["rules/*.zx"]
timezone = "UTC"
"""


def test_a_real_service_asks_for_a_sign_in_and_reads_nothing(zx: Zx, home: Path) -> None:
    (home / "zx.toml").write_text(REAL, encoding="utf-8")
    ran = zx("pull")
    assert (ran.code, ran.out) == (77, "")
    assert "zoho.acme is a real service" in ran.err
    assert not (home / ".zx").exists()


def test_a_made_up_time_is_never_used_with_a_real_service(zx: Zx, home: Path) -> None:
    (home / "zx.toml").write_text(REAL, encoding="utf-8")
    ran = zx("pull", env={"ZX_NOW": "2026-03-31T09:00:00+11:00"})
    assert ran.code == 2
    assert "ZX_NOW" in ran.err
    assert zx("status", env={"ZX_NOW": "soon"}).code == 2


def test_completion_knows_the_commands(home: Path) -> None:
    env = {**os.environ, "_ZX_COMPLETE": "bash_complete", "COMP_WORDS": "zx pre", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from zx.cli.main import main; main()"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )
    assert "plain,preview" in done.stdout


def test_a_reader_that_went_away_is_no_mistake_of_ours() -> None:
    """``zx --help | head``: no traceback, and the code of what could not be written."""
    inner, outer = os.pipe()
    os.close(inner)
    with os.fdopen(outer, "wb") as nobody:
        ran = subprocess.run(
            [sys.executable, "-c", "from zx.cli.main import main; main()", "--help"],
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (ran.returncode, ran.stderr) == (74, b"")
