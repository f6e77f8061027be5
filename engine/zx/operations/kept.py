"""What the last pull left in the snapshot cache, for commands that read nothing themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zx.cache.snapshots import SnapshotCache
from zx.files.disk import private_folder
from zx.operations.desk import Desk
from zx.operations.rules import Metadata
from zx.workspace.workspace import Sync


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


def kept_metadata(cache: SnapshotCache, sync: Sync) -> Metadata:
    names = (sync.zoho.name, sync.xero.name)
    read_at = {name.partition(".")[0]: at for name in names if (at := cache.read_at(name)) is not None}
    return Metadata(cache.metadata(names[0]), cache.metadata(names[1]), read_at)
