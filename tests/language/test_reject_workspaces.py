"""Mistakes that one rule file cannot make: of zx.toml, of several files together, of tests, of whole syncs.

A file ``reject/CODE_….txt`` begins with what a terminal shows, behind ``# ``: after ``$`` a command (or several, joined
by ``&&``: what the last one says counts), then its output.
Below stand the files of the workspace, each behind ``=== NAME``. ``ZX_UPDATE_GOLDEN=1`` writes what is shown anew.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from pathlib import Path

import pytest

from zx.cli.main import run

FOLDER = Path(__file__).parent / "reject"
FILES = sorted(FOLDER.glob("*.txt"))
NOW = "2026-03-31T04:05:06Z"
ROOT = Path(__file__).parents[2]


def laid_out(text: str, folder: Path) -> str:
    """Writes the files of ``text`` and gives the command. ``=== NAME <- PATH`` takes a file of this repository and
    changes it: each line of the body is ``OLD -> NEW``."""
    shown, *files = re.split(r"(?m)^=== ", text)
    for part in files:
        name, body = part.split("\n", 1)
        name, _, taken = (piece.strip() for piece in name.partition("<-"))
        if taken:
            changes = [line.split(" -> ") for line in body.split("\n") if line]
            body = (ROOT / taken).read_text("utf-8")
            for old, new in changes:
                assert body.count(old) == 1, f"{taken} no longer has: {old}"
                body = body.replace(old, new)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body.encode())
    return re.match(r"# \$ zx (.*)", shown)[1]  # type: ignore[index]


def shown_by(command: str, folder: Path) -> str:
    for one in command.split(" && zx "):
        out, err = io.StringIO(), io.StringIO()
        run(["-C", str(folder), *shlex.split(one)], {"ZX_NOW": NOW, "ZX_NO_BAR": "1"}, out, err)
    said = f"{out.getvalue()}{err.getvalue()}".replace(f"{folder}/", "").replace(str(folder), "the workspace")
    lines = [f"$ zx {command}", *said.rstrip("\n").split("\n")]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_terminal_shows(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    command = laid_out(text, tmp_path)
    shown = shown_by(command, tmp_path)
    if os.environ.get("ZX_UPDATE_GOLDEN"):
        path.write_text(shown + re.sub(r"\A(?:#[^\n]*\n)*", "", text), "utf-8")
        return
    assert text.startswith(shown + "=== ")
    assert "Traceback" not in shown


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_mistake_makes_one_message(path: Path) -> None:
    shown = path.read_text("utf-8").split("=== ", 1)[0]
    assert re.findall(r"^# (?:error|warning)\[(\w+)\]", shown, re.MULTILINE) == [path.name.split("_", 1)[0]]


def test_a_golden_is_a_transcript() -> None:
    assert json.dumps([path.name for path in FILES if not path.read_text("utf-8").startswith("# $ zx ")]) == "[]"
