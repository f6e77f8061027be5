"""Bytes on disk that stay there: replace whole files, append with a sync, read with a limit.

The only module of the package that opens a path for writing. Reliability 1.8: a whole file is replaced by a temporary
one in the same directory (``O_EXCL``), written, synced, renamed, and then the directory is synced; an append is one
``write`` and one data sync. Links (symbolic) are never followed in the last part of a path.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

TEMPORARY = ".zx-tmp"
"""How the names of temporary files end; what an interrupted run left behind is swept by :func:`sweep`."""

_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)
_BINARY: int = getattr(os, "O_BINARY", 0)
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class DiskError(Exception):
    """The disk refused. ``path`` says where, ``not_done`` what did not happen, ``advice`` what to do next.

    ``full`` tells a full disk (or quota) from other failures: it cures itself when room is made.
    """

    def __init__(self, path: Path, message: str, not_done: str, advice: str, *, full: bool = False) -> None:
        super().__init__(f"{path}: {message}; {not_done}")
        self.path = path
        self.message = message
        self.not_done = not_done
        self.advice = advice
        self.full = full


@contextlib.contextmanager
def guarded(path: Path, not_done: str) -> Iterator[None]:
    """Turns an OSError from the block into a DiskError about ``path``."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error, not_done) from error


def disk_error(path: Path, error: OSError, not_done: str) -> DiskError:
    """The DiskError for ``error``, with advice that fits its number."""
    full = error.errno in _FULL
    if full:
        advice = "make room on this disk, then run the command again"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = "check who owns it and that it may be written, then run the command again"
    elif error.errno == errno.ELOOP:
        advice = "zx does not follow links here; put the file itself there"
    elif error.errno == errno.ENOTDIR:
        advice = "a file stands where a folder belongs; move it away, then run the command again"
    elif error.errno == errno.EISDIR:
        advice = "move it away, then run the command again"
    else:
        advice = "check the disk, then run the command again; what was already noted is kept"
    message = "is a symbolic link" if error.errno == errno.ELOOP else error.strerror or str(error)
    return DiskError(path, message, not_done, advice, full=full)


def atomic_write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """``path`` holds exactly ``data`` when this returns, and either the old or the new content after any crash.

    Raises DiskError; the old content then still stands and no temporary file is left by this process.
    """
    temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}"
    with guarded(path, "the file was not changed"):
        try:
            _write_new(temporary, data, mode)
            os.replace(temporary, path)  # noqa: PTH105 - the crash tests count calls of os
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    sync_directory(path.parent)


def create_once(path: Path, data: bytes, mode: int = 0o600) -> bool:
    """Makes ``path`` with ``data`` unless it exists; False when it did. Never a half-written file, never an
    overwritten one."""
    temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}"
    with guarded(path, "the file was not made"):
        try:
            _write_new(temporary, data, mode)
            _link(temporary, path, data, mode)
        except FileExistsError:
            return False
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
    sync_directory(path.parent)
    return True


def _link(temporary: Path, path: Path, data: bytes, mode: int) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links (FAT, some mounts): a stop in the middle can leave a short file there.
        _write_new(path, data, mode)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC | _NOFOLLOW | _BINARY, mode)
    try:
        _write_all(handle, data)
        _full_sync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _full_sync(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 - not on every platform

        # fsync alone leaves the bytes in the drive's cache there (reliability 1.8).
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


def _data_sync(handle: int) -> None:
    if sys.platform == "linux":
        os.fdatasync(handle)
    else:
        _full_sync(handle)


def sync_directory(folder: Path) -> None:
    """Makes new, renamed and removed names in ``folder`` survive power loss. Nothing to do on Windows."""
    if sys.platform == "win32":
        return
    with guarded(folder, "the change in this folder may not survive a power loss"):
        handle = os.open(folder, os.O_RDONLY | _CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """``path`` is gone, also after power loss; nothing happens when it was not there."""
    with guarded(path, "the file was not removed"):
        path.unlink(missing_ok=True)
    sync_directory(path.parent)


def sweep(folder: Path) -> None:
    """Removes temporary files that an interrupted run left in ``folder``. Only for a holder of the lock."""
    if not folder.is_dir():
        return
    for leftover in sorted(folder.glob(f".*{TEMPORARY}")):
        with guarded(leftover, "a left-over temporary file was not removed"):
            leftover.unlink(missing_ok=True)


def read_limited(path: Path, limit: int) -> bytes:
    """The content of ``path``, at most ``limit`` bytes.

    Raises FileNotFoundError when there is no such file; DiskError when it is longer, a link, no plain file or cannot
    be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _CLOEXEC | _NOFOLLOW | _BINARY)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise disk_error(path, error, "it was not read") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DiskError(path, "is no plain file", "it was not read", "put a plain file there or remove it")
        with guarded(path, "it was not read"), os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    finally:
        os.close(handle)
    if len(data) > limit:
        advice = "look at what wrote it; a file of this kind is never that long"
        raise DiskError(path, f"is longer than {limit} bytes", "it was not read", advice)
    return data


def make_folder(folder: Path) -> None:
    """``folder`` and what leads to it exist, with ordinary permissions, also after power loss."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with guarded(folder, "the folder was not made"):
        folder.mkdir(exist_ok=True)
    sync_directory(folder.parent)


def private_folder(folder: Path) -> None:
    """``folder`` exists, belongs to us and is closed to others (0700).

    Raises DiskError when it is a link, belongs to somebody else or may be written by others (reliability 1.8, S11).
    """
    if not folder.exists():
        make_folder(folder.parent)
        with guarded(folder, "the folder was not made"):
            folder.mkdir(mode=0o700, exist_ok=True)
        sync_directory(folder.parent)
    with guarded(folder, "nothing was read or written in it"):
        found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise DiskError(folder, "is no folder of its own", "nothing was read or written in it", "remove it, then retry")
    if sys.platform == "win32":
        return
    if found.st_uid != os.geteuid():
        raise DiskError(folder, "belongs to another user", "nothing was read or written in it", "run zx as its owner")
    if found.st_mode & 0o022:
        advice = f"close it to others with: chmod go-w {folder}"
        raise DiskError(folder, "may be written by other users", "nothing was read or written in it", advice)


class AppendFile:
    """A file that only grows. ``append`` writes; ``sync`` puts what was written on the disk itself."""

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        self.path = path
        flags = os.O_WRONLY | os.O_APPEND | _CLOEXEC | _NOFOLLOW | _BINARY
        with guarded(path, "it was not opened for writing"):
            try:
                self._handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, mode)
                created = True
            except FileExistsError:
                self._handle = os.open(path, flags)
                created = False
            if not stat.S_ISREG(os.fstat(self._handle).st_mode):
                os.close(self._handle)
                raise OSError(errno.EINVAL, "is no plain file")
        if created:
            with guarded(path, "the new file may not survive a power loss"):
                _full_sync(self._handle)
            sync_directory(path.parent)

    def append(self, data: bytes) -> None:
        """Adds ``data`` at the end. After a DiskError the end of the file is unknown: truncate or stop."""
        with guarded(self.path, "the entry was not written"):
            _write_all(self._handle, data)

    def sync(self) -> None:
        """Returns when everything appended is on the disk. A failure is final: the data may be lost (F11)."""
        with guarded(self.path, "the entry may not survive a power loss"):
            _data_sync(self._handle)

    def truncate(self, size: int) -> None:
        """Cuts the file to ``size`` bytes and syncs."""
        with guarded(self.path, "the end of the file was not cut"):
            os.ftruncate(self._handle, size)
            _full_sync(self._handle)

    def close(self) -> None:
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
