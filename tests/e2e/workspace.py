"""A copy of the repository root as a newcomer's workspace, and the real ``zx`` command run in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EAR = ("ZX_RECORD", "PYTHONPATH", "PYTEST_CURRENT_TEST")
ZX = Path(sys.executable).with_name("zx")


def environment(**more: str) -> dict[str, str]:
    """An empty environment: what a command may rely on is said here, and what ``tests/conftest`` listens with."""
    ear = {name: os.environ[name] for name in EAR if name in os.environ}
    return {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), **ear, **more}


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.out, parse_float=_no_floats)
        return parsed


def _no_floats(text: str) -> Decimal:
    raise AssertionError(f"a float in a document: {text}")


@dataclass
class Place:
    """One workspace folder."""

    path: Path

    def zx(self, *arguments: str, timeout: float = 120, **more: str) -> Ran:
        done = subprocess.run(
            [ZX, *arguments],
            cwd=self.path,
            env=environment(**more),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.path / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def preview(self, *, code: int = 3) -> dict[str, Any]:
        ran = self.zx("preview", "--format", "json")
        assert ran.code == code, ran.err
        return ran.document

    def dump(self, connection: str) -> dict[str, Any]:
        ran = self.zx("sandbox", "dump", connection)
        assert ran.code == 0, ran.err
        parsed: dict[str, Any] = json.loads(ran.out, parse_float=Decimal)
        return parsed

    def state(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.path)): path.read_bytes()
            for path in sorted((self.path / "state").rglob("*"))
            if path.is_file()
        }


def root_copy(folder: Path) -> Place:
    """The parts of the repository root that make it a workspace."""
    for name in ("rules", "state"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "zx.toml", folder / "zx.toml")
    return Place(folder)


@contextmanager
def served(place: Place, *options: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The sandboxes of ``place`` as a process of their own, and the line it prints when it is ready."""
    process = subprocess.Popen(
        [ZX, "sandbox", "serve", *options],
        cwd=place.path,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
