"""One writer at a time: a kernel lock on a file, freed by the kernel when its holder dies.

No time-outs and no guessing by process id, so no clock and no reused id can break it (reliability 1.10). The content
of the file (who holds it) is only for the message.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from zx.files.disk import disk_error, private_folder


class Locked(Exception):
    """Somebody else holds the lock. ``holder`` says who, as far as the file tells."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"another zx is at work here: {holder}; nothing was sent by this one")
        self.path = path
        self.holder = holder
        self.advice = "wait until it has finished, then run the command again; the lock ends with its process"


class Lock:
    """``with Lock(path, run="…"):`` holds the lock; raises Locked at once when it is taken, DiskError when the disk
    refuses."""

    def __init__(self, path: Path, run: str) -> None:
        self.path = path
        self._run = run
        self._handle = -1

    def acquire(self) -> None:
        if self._handle >= 0:
            raise ValueError(f"{self.path} is held already by this object")
        private_folder(self.path.parent)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(self.path, flags, 0o600)
        except OSError as error:
            raise disk_error(self.path, error, "the lock was not taken and nothing was sent") from error
        try:
            taken = _try_lock(handle)
        except OSError as error:
            os.close(handle)
            raise disk_error(self.path, error, "the lock was not taken and nothing was sent") from error
        if not taken:
            holder = _holder(handle)
            os.close(handle)
            raise Locked(self.path, holder)
        note = {"pid": os.getpid(), "host": socket.gethostname(), "run": self._run}
        try:
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, json.dumps(note).encode() + b"\n")
        except OSError as error:
            os.close(handle)
            raise disk_error(self.path, error, "the lock was not taken and nothing was sent") from error
        self._handle = handle

    def release(self) -> None:
        """Frees the lock. The file stays: removing it would let two processes lock two files of one name."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            _unlock(handle)
            os.close(handle)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def _holder(handle: int) -> str:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        note = json.loads(os.read(handle, 4096))
        return f"process {note['pid']} on {note['host']}, run {note['run']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that did not say who it is"


if sys.platform == "win32":
    import msvcrt

    # Far beyond the note, so that others can still read who holds it: Windows locks bytes against reading too.
    _AT = 1 << 20

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, _AT, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
