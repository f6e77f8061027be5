"""Data without a connection: what the last pull kept, or a file that ``zx pull --export`` wrote.

Nothing here or below can reach a network: no adapter is loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from zx.cache.portable import NoSnapshot, Portable, made, read, written
from zx.cache.redact import Redactor, known_words, redacted_metadata
from zx.cache.snapshots import NotRead
from zx.files.disk import atomic_write, read_limited
from zx.model.link import SyncState
from zx.model.record import Kind, Record
from zx.model.snapshot import Snapshot
from zx.operations.desk import Desk
from zx.operations.errors import NothingKept, UsageError
from zx.operations.kept import kept_state, last_metadata, open_cache
from zx.operations.metadata import Metadata
from zx.operations.planning import Ground, inputs_from, memory_of
from zx.operations.ready import answers, ready
from zx.plan.action import Outcome
from zx.plan.planner import make_plan
from zx.plan.rekey import rekeyed
from zx.state.digest import FieldDigest
from zx.values.dataclass import dataclass
from zx.workspace.workspace import Sync

_MOST = 1 << 30


@dataclass(frozen=True, slots=True)
class Basis:
    """What any rules can be tried on: records, field lists, and what zx remembers. ``digest`` is that of ``state``."""

    snapshot: Snapshot
    metadata: Metadata
    state: SyncState
    digest: Callable[[Any], str]
    redacted: bool = False


def last_ground(desk: Desk, sync: Sync) -> Ground:
    """The last snapshot as it is, under today's rules. Raises NothingKept before the first pull, Broken."""
    program, catalogue = ready(desk, sync, last_metadata(desk, sync))
    return Ground(sync, program, catalogue, _some_snapshot(desk, sync), answers(desk, sync, program))


def last_snapshot(desk: Desk, sync: Sync) -> Snapshot | None:
    """The last snapshot, or None before the first pull. Makes no file."""
    if not desk.paths.cache(sync).exists():
        return None
    with open_cache(desk, sync) as cache:
        try:
            return cache.snapshot(sync.zoho.name, sync.xero.name)
        except NotRead:
            return None


def _some_snapshot(desk: Desk, sync: Sync) -> Snapshot:
    snapshot = last_snapshot(desk, sync)
    if snapshot is None:
        raise NothingKept(f"nothing was read for sync {sync.name} yet", f"read both sides with `zx pull {sync.name}`")
    return snapshot


def basis(desk: Desk, sync: Sync, source: Path | None, *, then: bool = False) -> Basis:
    """The file ``source``, or without one what the last pull and the state say: as it is, or with ``then`` as it was at
    the last pull. Raises NothingKept, UsageError, DiskError, StateDamaged."""
    if source is not None:
        return _file_basis(sync, source)
    snapshot = _some_snapshot(desk, sync)
    memory = memory_of(desk, sync, snapshot.zoho, snapshot.xero)
    state = (kept_state(desk, sync) if then else None) or memory.store.load()
    return Basis(snapshot, last_metadata(desk, sync), state, memory.digest)


def ground_on(desk: Desk, sync: Sync, found: Basis) -> Ground:
    """``found`` under today's rules. Raises Broken."""
    program, catalogue = ready(desk, sync, found.metadata)
    return Ground(sync, program, catalogue, found.snapshot, answers(desk, sync, program))


def _file_basis(sync: Sync, source: Path) -> Basis:
    portable = read_file(source)
    snapshot = portable.snapshot
    names = (snapshot.zoho.connection, snapshot.xero.connection)
    if names != (sync.zoho.name, sync.xero.name):
        raise UsageError(
            f"{source} is a snapshot of {' and '.join(names)}, and sync {sync.name} connects {sync.zoho.name} and "
            f"{sync.xero.name}",
            "name the sync that the file was exported from",
        )
    read_at = {name.partition(".")[0]: at for name, at in snapshot.read_at.items()}
    metadata = Metadata(portable.metadata["zoho"], portable.metadata["xero"], read_at)
    return Basis(snapshot, metadata, portable.state, FieldDigest(portable.key), portable.redacted)


def read_file(source: Path) -> Portable:
    """The snapshot in ``source``. Raises UsageError, DiskError."""
    again = "make one with `zx pull --export FILE`"
    try:
        return read(read_limited(source, _MOST))
    except FileNotFoundError:
        raise UsageError(f"there is no file {source}", again) from None
    except IsADirectoryError:
        raise UsageError(f"{source} is a folder, not a snapshot", again) from None
    except NoSnapshot as error:
        raise UsageError(f"{source} is no snapshot that zx can use: {error}", again) from None


def take_over(desk: Desk, sync: Sync, source: Path) -> tuple[int, bool]:
    """Puts what ``source`` holds in place of what was read; how many records, and whether they are redacted. Without
    cursors, so that the next pull reads everything. Raises UsageError, DiskError."""
    found = _file_basis(sync, source)
    snapshot = read_file(source).snapshot
    number = 0
    with open_cache(desk, sync) as cache, cache.transaction():
        for side, organisation in ((found.metadata.zoho, snapshot.zoho), (found.metadata.xero, snapshot.xero)):
            cache.forget(organisation.connection)
            cache.set_organisation(organisation)
            cache.set_metadata(organisation.connection, side or {})
            cache.set_read_at(organisation.connection, snapshot.read_at[organisation.connection])
        for kind in snapshot.kinds():
            records = list(snapshot.records(kind))
            name = sync.zoho.name if kind.system == "zoho" else sync.xero.name
            cache.apply(name, kind, records, (), whole=True)
            number += len(records)
    return number, found.redacted


def export(desk: Desk, ground: Ground, metadata: Metadata, to: Path, *, redact: bool) -> Portable:
    """Writes ``ground`` and what zx remembers of it to one file. Raises UsageError, DiskError, StateDamaged."""
    if not to.parent.is_dir():
        raise UsageError(f"there is no such folder as {to.parent}; nothing was exported", "make it, or name another")
    snapshot = ground.snapshot
    memory = memory_of(desk, ground.sync, snapshot.zoho, snapshot.xero)
    state = memory.store.load()
    plan = make_plan(inputs_from(desk, ground, state, memory.digest))
    disputed = {
        (action.entity, action.source.id or "") for action in plan.actions if action.outcome is Outcome.CONFLICT
    }
    shown: Callable[[Record], Record] = _as_it_is
    said = {"zoho": dict(metadata.zoho or {}), "xero": dict(metadata.xero or {})}
    zoho, xero = snapshot.zoho, snapshot.xero
    if redact:
        shown = Redactor(memory.secret, ground.catalogue, known_words(ground.program.sources))
        said = redacted_metadata(said, {"zoho": zoho.connection, "xero": xero.connection})
        zoho, xero = replace(zoho, name=zoho.connection), replace(xero, name=xero.connection)
    records = {kind: [shown(one) for one in snapshot.records(kind)] for kind in _kinds(ground)}
    carried = made(zoho, xero, snapshot.read_at, said, records)
    key = hashlib.sha256(f"zx snapshot\0{carried.digest}".encode()).digest()
    links = rekeyed(state, snapshot, ground.catalogue, memory.digest, FieldDigest(key), shown, disputed)
    portable = Portable(carried, said, links, key, redact)
    atomic_write(to, "".join(written(portable)).encode(), 0o600)
    return portable


def _as_it_is(record: Record) -> Record:
    return record


def _kinds(ground: Ground) -> set[Kind]:
    """Every kind the rules read, or write and are compared with."""
    maps = ground.program.maps.values()
    return {*ground.program.reads, *(one.source for one in maps), *(one.target for one in maps)}
