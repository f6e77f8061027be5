"""A disk that loses what was not synced, tears what was being written, and refuses: in place of ``os`` in zx.files."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from tests.world.effects import Crash, Effects

_WRITING = os.O_WRONLY | os.O_RDWR
_REFUSALS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}


class FaultyOs:
    """``os`` as zx.files sees it during one life. The bytes go to real files, so that the next life reads them."""

    def __init__(self, effects: Effects, chance: Random, refuse: tuple[str, int] | None = None) -> None:
        """``refuse``: the name of an errno and the number of the effect at or after which the next write, sync, open
        or rename raises it; ENOSPC lasts for three of them."""
        self._effects = effects
        self._chance = chance
        self._refuse = refuse
        self._left = 3 if refuse is not None and refuse[0] == "ENOSPC" else 1
        self._paths: dict[int, Path] = {}
        self._synced: dict[Path, int] = {}
        self._renamed: list[tuple[Path, bytes | None]] = []
        self._made: list[Path] = []
        self.refused: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    # What zx.files calls

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        if not flags & _WRITING:
            handle = os.open(path, flags, mode)
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                self._paths[handle] = Path(path)
            return handle
        self._before("open", path)
        new = not Path(path).exists()
        handle = os.open(path, flags, mode)
        self._paths[handle] = Path(path)
        self._synced.setdefault(Path(path), os.fstat(handle).st_size)
        if new:
            self._made.append(Path(path))
        return handle

    def write(self, handle: int, data: Any) -> int:
        alive = not self._effects.dead
        try:
            self._before("write", self._paths.get(handle))
        except Crash:
            if alive:
                os.write(handle, bytes(data)[: self._chance.randrange(len(data) + 1)])
            raise
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        self._sync("fsync", handle)

    def fdatasync(self, handle: int) -> None:
        self._sync("fdatasync", handle)

    def replace(self, source: Any, target: Any) -> None:
        self._before("replace", target)
        old = Path(target).read_bytes() if Path(target).exists() else None
        os.replace(source, target)  # noqa: PTH105 - what it stands in for
        self._renamed.append((Path(target), old))

    def link(self, source: Any, target: Any) -> None:
        self._before("link", target)
        os.link(source, target)

    def ftruncate(self, handle: int, size: int) -> None:
        self._before("ftruncate", self._paths.get(handle))
        os.ftruncate(handle, size)

    def close(self, handle: int) -> None:
        self._paths.pop(handle, None)
        os.close(handle)

    # The end of a life

    def let_go(self) -> None:
        """The kernel closes what a dead process had open, its lock too."""
        for handle in list(self._paths):
            self.close(handle)

    def lose_power(self) -> None:
        """Of what was not synced any part may be gone (reliability F13): ends of files, renames, new names."""
        for path, synced in self._synced.items():
            if path.exists() and path.stat().st_size > synced and self._chance.random() < 0.7:
                os.truncate(path, self._chance.randint(synced, path.stat().st_size))
        for path, old in reversed(self._renamed):
            if self._chance.random() < 0.5:
                path.unlink(missing_ok=True) if old is None else path.write_bytes(old)
        for path in self._made:
            if path.exists() and self._synced.get(path, 0) == 0 and self._chance.random() < 0.5:
                path.unlink()

    def durable(self, path: Path) -> bytes:
        """What of ``path`` survives a loss of power now."""
        data = path.read_bytes() if path.exists() else b""
        return data[: self._synced[path]] if path in self._synced else data

    def _sync(self, name: str, handle: int) -> None:
        path = self._paths.get(handle)
        self._before(name, path)
        getattr(os, name)(handle)
        if path is None:
            return
        if path.is_dir():
            self._renamed = [(target, old) for target, old in self._renamed if target.parent != path]
            self._made = [made for made in self._made if made.parent != path]
        else:
            self._synced[path] = os.fstat(handle).st_size

    def _before(self, name: str, path: Any) -> None:
        self._effects.point(f"{name} {'' if path is None else Path(path).parent.name}".strip())
        if self._refuse is not None and self._left and self._effects.number >= self._refuse[1]:
            self._left -= 1
            self.refused[self._refuse[0]] += 1
            number = _REFUSALS[self._refuse[0]]
            raise OSError(number, os.strerror(number))
