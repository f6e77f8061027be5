"""The compiled program of a sync, kept between runs (decision 0009): a warm run never loads the parser or the checker.

``.zx/cache/SYNC.program`` is a mark, an HMAC-SHA256 over the rest, the digest of everything the program depends on,
and the program. The key of the HMAC belongs to the user and lies outside of every workspace, so that a file that came
with somebody else's files is never run. Whatever is wrong with the file, it counts as not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import importlib.util
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import zx
from zx.compile.bound import Parts
from zx.compile.frozen import Unfit, freeze, thaw
from zx.compile.program import Program
from zx.files.disk import DiskError, atomic_write, private_folder, read_limited
from zx.operations.desk import Desk
from zx.operations.metadata import Metadata
from zx.state.digest import load_key
from zx.values.jsontext import canonical
from zx.workspace.workspace import Reach, Sync

_MARK = b"zx program 1\n"
_MOST = 64 << 20
_SIZE = hashlib.sha256().digest_size


def kept(desk: Desk, sync: Sync, sources: Mapping[str, str], metadata: Metadata) -> Program | None:
    """The program that was kept for exactly these rules, settings and lists, or None."""
    try:
        data = read_limited(_path(desk, sync), _MOST)
        key = _key(desk, sync)
        head, seal, rest = data[: len(_MARK)], data[len(_MARK) :][:_SIZE], data[len(_MARK) + _SIZE :]
        if key is None or head != _MARK or not hmac.compare_digest(seal, hmac.digest(key, rest, "sha256")):
            return None
        if rest[:_SIZE] != _depends(sync, sources, metadata):
            return None
        return thaw(rest[_SIZE:], sources)
    except (OSError, DiskError, Unfit):
        return None


def keep(
    desk: Desk, sync: Sync, sources: Mapping[str, str], metadata: Metadata, program: Program, parts: Parts
) -> None:
    """Keeps ``program`` for the next run. What cannot be kept is made again then."""
    with contextlib.suppress(OSError, DiskError, Unfit):
        key = _key(desk, sync)
        if key is None:
            return
        rest = _depends(sync, sources, metadata) + freeze(program, parts)
        path = _path(desk, sync)
        private_folder(desk.paths.private)
        private_folder(path.parent)
        atomic_write(path, _MARK + hmac.digest(key, rest, "sha256") + rest, 0o600)


def _path(desk: Desk, sync: Sync) -> Path:
    return desk.paths.private / "cache" / f"{sync.name}.program"


def _key(desk: Desk, sync: Sync) -> bytes | None:
    """The user's key, made on first use; but two embedded sandboxes make nothing outside of their workspace."""
    path = desk.environment.state_home / "zx" / "programs.key"
    embedded = sync.zoho.reach is Reach.EMBEDDED and sync.xero.reach is Reach.EMBEDDED
    return load_key(path) if path.exists() or not embedded else None


def _depends(sync: Sync, sources: Mapping[str, str], metadata: Metadata) -> bytes:
    """The digest of everything that decides what the program is. When the lists were read plays no part."""
    settings = {name: [setting.value.__class__.__name__, str(setting.value)] for name, setting in sync.settings.items()}
    said = {
        "engine": _engine(),
        "python": [importlib.util.MAGIC_NUMBER.hex(), sys.implementation.cache_tag],
        "sources": dict(sources),
        "settings": settings,
        "sync": [sync.name, sync.timezone],
        "zoho": metadata.zoho,
        "xero": metadata.xero,
    }
    return hashlib.sha256(canonical(said).encode()).digest()


def _engine() -> list[object]:
    """This very zx: its version, and size and time of change of every file it consists of."""
    root = Path(zx.__file__).parent
    found: list[object] = [zx.__version__, hashlib.sha256((files("zx.grammar") / "zx.lark").read_bytes()).hexdigest()]
    for path in sorted((*root.rglob("*.py"), *root.rglob("*.toml"))):
        about = path.stat()
        found.append([path.relative_to(root).as_posix(), about.st_size, about.st_mtime_ns])
    return found
