"""Whole files are old or new at every instant; what cannot be written is said."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zx.files.disk import (
    AppendFile,
    DiskError,
    atomic_write,
    create_once,
    make_folder,
    private_folder,
    read_limited,
    remove,
    sweep,
)
from zx.files.lock import Lock, Locked

CALLS = ("open", "write", "fsync", "replace", "close")


class Stop(BaseException):
    """The process is gone."""


def stop_at(monkeypatch: pytest.MonkeyPatch, number: int, what: Callable[[], BaseException]) -> list[str]:
    """Raises at the ``number``-th disk call; returns the names of the calls made."""
    made: list[str] = []

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            made.append(name)
            if len(made) == number:
                raise what()
            return real(*arguments, **named)

        return call

    for name in CALLS:
        monkeypatch.setattr(os, name, wrap(name, getattr(os, name)))
    return made


@pytest.mark.parametrize("what", [Stop, lambda: OSError(errno.ENOSPC, "No space left on device")])
def test_a_file_is_old_or_new_wherever_the_write_stops(tmp_path: Path, what: Callable[[], BaseException]) -> None:
    number = 0
    while True:
        number += 1
        path = tmp_path / f"{number}.toml"
        path.write_bytes(b"old")
        with pytest.MonkeyPatch.context() as patch:
            made = stop_at(patch, number, what)
            try:
                atomic_write(path, b"new")
            except (Stop, DiskError) as error:
                if isinstance(error, DiskError):
                    assert error.full and error.advice and error.path in (path, tmp_path)
        assert path.read_bytes() in (b"old", b"new")
        if len(made) < number:
            break
    assert number > 6
    assert path.read_bytes() == b"new"
    # The order of the calls that make it so: data on disk, then the name, then the folder.
    assert [name for name in made if name not in ("open", "close")] == ["write", "fsync", "replace", "fsync"]


def test_what_an_interrupted_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".a.toml.0123456789ab.zx-tmp").write_text("half")
    (tmp_path / "a.toml").write_text("whole")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_made_once_is_never_overwritten(tmp_path: Path) -> None:
    assert create_once(tmp_path / "key", b"first")
    assert not create_once(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_made_once_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert create_once(tmp_path / "key", b"first")
    assert not create_once(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"


def test_reading_has_a_limit_and_follows_no_link(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_limited(path, 5) == b"12345"
    with pytest.raises(DiskError, match="longer than 4 bytes"):
        read_limited(path, 4)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(DiskError) as raised:
        read_limited(tmp_path / "link", 5)
    assert "symbolic link" in raised.value.message
    with pytest.raises(DiskError, match="no plain file"):
        read_limited(tmp_path, 5)
    with pytest.raises(FileNotFoundError):
        read_limited(tmp_path / "missing", 5)


def test_an_append_file_only_grows(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with AppendFile(path) as file:
        file.append(b"one\n")
        file.sync()
    with AppendFile(path) as file:
        file.append(b"two\n")
        file.truncate(4)
    assert path.read_bytes() == b"one\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(DiskError):
        AppendFile(tmp_path / "link")


def test_a_private_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private_folder(folder)
    folder.chmod(0o777)
    with pytest.raises(DiskError) as raised:
        private_folder(folder)
    assert "chmod go-w" in raised.value.advice
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(DiskError, match="no folder of its own"):
        private_folder(tmp_path / "link")


def test_folders_and_removal(tmp_path: Path) -> None:
    make_folder(tmp_path / "x" / "y")
    atomic_write(tmp_path / "x" / "y" / "f", b"1")
    remove(tmp_path / "x" / "y" / "f")
    remove(tmp_path / "x" / "y" / "f")
    assert not list((tmp_path / "x" / "y").iterdir())


def test_a_second_holder_is_refused_at_once_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "pair" / "lock"
    with Lock(path, "run-7"), pytest.raises(Locked) as raised:
        Lock(path, "run-8").acquire()
    assert f"process {os.getpid()}" in raised.value.holder and "run run-7" in raised.value.holder
    with Lock(path, "run-9"):
        pass


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path; from zx.files.lock import Lock\n"
        "Lock(Path(sys.argv[1]), 'child').acquire(); print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None and child.stdout.readline() == "held\n"
        with pytest.raises(Locked, match="run child"):
            Lock(path, "parent").acquire()
    finally:
        child.kill()
        child.communicate()
    with Lock(path, "parent"):
        pass
