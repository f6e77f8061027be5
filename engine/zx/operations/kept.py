"""What the last pull left in the snapshot cache, for commands that read nothing themselves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from zx.cache.portable import state_of, state_text
from zx.cache.snapshots import SnapshotCache
from zx.files.disk import atomic_write, private_folder, read_limited
from zx.model.link import SyncState
from zx.operations.desk import Desk
from zx.operations.metadata import Metadata
from zx.values.jsontext import loads
from zx.workspace.workspace import Sync

_MOST = 1 << 30


def last_metadata(desk: Desk, sync: Sync) -> Metadata:
    """The field lists and accounts of the last pull; an empty one before the first. Makes no file."""
    if not desk.paths.cache(sync).exists():
        return Metadata()
    with open_cache(desk, sync) as cache:
        return kept_metadata(cache, sync)


@contextmanager
def open_cache(desk: Desk, sync: Sync) -> Iterator[SnapshotCache]:
    private_folder(desk.paths.private)
    with SnapshotCache(desk.paths.cache(sync)) as cache:
        yield cache


def keep_state(desk: Desk, sync: Sync, state: SyncState) -> None:
    """Keeps what zx remembered when the snapshot was read: a push moves the state on and not the snapshot, and only
    the two of one moment fit together. Raises DiskError."""
    path = desk.paths.remembered(sync)
    lines = state_text(state)
    first = next(lines)
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        if file.read(len(first.encode())) == first.encode():
            return
    private_folder(desk.paths.private)
    private_folder(path.parent)
    atomic_write(path, "".join((first, *lines)).encode(), 0o600)


def kept_state(desk: Desk, sync: Sync) -> SyncState | None:
    """What zx remembered when the snapshot was read; None where that was not kept."""
    try:
        return state_of(loads(read_limited(desk.paths.remembered(sync), _MOST)))
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return None


def kept_metadata(cache: SnapshotCache, sync: Sync) -> Metadata:
    names = (sync.zoho.name, sync.xero.name)
    read_at = {name.partition(".")[0]: at for name in names if (at := cache.read_at(name)) is not None}
    return Metadata(cache.metadata(names[0]), cache.metadata(names[1]), read_at)
