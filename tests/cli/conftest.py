from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from zx.cli.main import run


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Zx(Protocol):
    def __call__(self, *arguments: str, env: Mapping[str, str] | None = None) -> Ran: ...


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder that commands run in."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def zx(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zx:
    """Runs one command in ``home`` in this process, without a terminal, and gives its code and both outputs."""
    monkeypatch.chdir(home)

    def call(*arguments: str, env: Mapping[str, str] | None = None) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        surroundings = {"XDG_STATE_HOME": str(tmp_path / "xdg"), "PATH": os.environ["PATH"], **(env or {})}
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments, surroundings, out, err)
        return Ran(code, out.getvalue(), err.getvalue())

    return call
