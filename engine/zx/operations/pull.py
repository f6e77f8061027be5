"""``zx pull``: what changed on both sides since the last time, into the snapshot cache. Writes nothing remote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from zx.cache.snapshots import SnapshotCache
from zx.compile.program import Program
from zx.model.record import Kind
from zx.model.snapshot import Organisation
from zx.operations.connections import Opened, Pair
from zx.operations.desk import Desk
from zx.operations.kept import kept_metadata, open_cache
from zx.operations.planning import Ground, remember
from zx.operations.ready import answers, ready
from zx.values.dataclass import dataclass
from zx.values.dates import instant, instant_text

OVERLAP = timedelta(minutes=10)
"""How far a cursor lies before the service's own time when reading began: what changed while pages were read is read
again (reliability F23)."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one connection gave: ``changed`` by kind, ``whole`` when nothing was known of it before."""

    organisation: Organisation
    changed: Mapping[str, int]
    deleted: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was read, by connection name, and the ground a plan can now be made on."""

    reads: Mapping[str, Read]
    ground: Ground


def pull(desk: Desk, pair: Pair) -> Pulled:
    """Organisations, field lists and accounts, then every kind that the rules read or write.

    Raises RemoteError, DiskError, and Broken when the rules do not check against what was read: field lists are kept
    then, records were not read.
    """
    # Both sides are as of when reading began, to the second: what changed later may or may not be in it.
    began = instant_text(desk.clock.now().replace(microsecond=0))
    with open_cache(desk, pair.sync) as cache:
        if cache.rebuilt:
            desk.say(f"Note: {cache.rebuilt}.")
        organisations = {side.connection.name: _about(desk, cache, side) for side in pair}
        program, catalogue = ready(desk, pair.sync, kept_metadata(cache, pair.sync))
        decisions = answers(desk, pair.sync, program)
        reads = {}
        for side in pair:
            name = side.connection.name
            reads[name] = _records(desk, cache, side, organisations[name], kinds_of(program, side.connection.system))
            cache.set_read_at(name, began)
        snapshot = cache.snapshot(pair.zoho.connection.name, pair.xero.connection.name)
    ground = Ground(pair.sync, program, catalogue, snapshot, decisions)
    remember(desk, ground)
    return Pulled(reads, ground)


def kinds_of(program: Program, system: str) -> list[Kind]:
    """Every kind of ``system`` that the rules read, or write and so must be compared with, by name."""
    kinds = set(program.reads)
    for one in program.maps.values():
        kinds |= {one.source, one.target}
    return sorted((kind for kind in kinds if kind.system == system), key=lambda kind: kind.name)


def _about(desk: Desk, cache: SnapshotCache, side: Opened) -> Organisation:
    """The organisation and what it adds to the catalogue, read and kept."""
    name = side.connection.name
    desk.progress(f"{name}: fields and accounts", 0, None)
    organisation = side.reader.organisation()
    before = cache.organisation(name)
    with cache.transaction():
        if before is not None and before.id != organisation.id:
            desk.say(
                f"Note: {name} is another organisation than at the last pull "
                f"({organisation.name}, before {before.name}); everything is read anew."
            )
            cache.forget(name)
        cache.set_organisation(organisation)
    cache.set_metadata(name, side.reader.metadata())
    return organisation


def _records(desk: Desk, cache: SnapshotCache, side: Opened, organisation: Organisation, kinds: list[Kind]) -> Read:
    """Every kind with its cursor, one transaction each: what was read stays read when a later kind fails."""
    name = side.connection.name
    cursor = instant_text(instant(side.reader.server_time()) - OVERLAP)
    changed: dict[str, int] = {}
    deleted = 0
    whole = True
    for kind in kinds:
        since = cache.cursor(name, kind)
        whole = whole and since is None
        page = side.reader.changed(kind, since, desk.progress)
        with cache.transaction():
            cache.apply(name, kind, page.records, page.deleted, whole=since is None)
            cache.set_cursor(name, kind, cursor)
        changed[kind.name] = len(page.records)
        deleted += len(page.deleted)
    return Read(organisation, changed, deleted, whole)
