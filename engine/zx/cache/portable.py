"""A snapshot as one text: for another machine, where nobody is signed in (``zx pull --export``).

JSON with one record a line. Beside the records of both systems it holds what zx remembers of them (the links, their
digests made anew with a key that stands in the text), so that a plan made from it is the plan of that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zx.cache.reading import CachedSnapshot, SnapshotDigest, StoredRecord, record_digest
from zx.model.link import Entity, Link, SyncState
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.values import jsontext
from zx.values.dataclass import dataclass

FORMAT = 1
_SIDES = ("zoho", "xero")


class NoSnapshot(ValueError):
    """The text is no snapshot of zx, or one that this zx cannot read."""


@dataclass(frozen=True, slots=True)
class Portable:
    """``metadata`` by system; ``key`` is that of the digests in ``state``; ``redacted``: names and free text are
    pseudonyms."""

    snapshot: CachedSnapshot
    metadata: Mapping[str, Mapping[str, Any]]
    state: SyncState
    key: bytes
    redacted: bool


def made(
    zoho: Organisation,
    xero: Organisation,
    read_at: Mapping[str, str],
    metadata: Mapping[str, Mapping[str, Any]],
    records: Mapping[Kind, list[Record]],
) -> CachedSnapshot:
    """A snapshot of records in memory, with the digest the cache would give it."""
    digest = SnapshotDigest()
    stored: dict[Kind, list[StoredRecord]] = {}
    for organisation, system in zip((zoho, xero), _SIDES, strict=True):
        digest.organisation(organisation, metadata.get(system, {}))
        for kind in sorted((kind for kind in records if kind.system == system), key=lambda kind: kind.name):
            for record in sorted(records[kind], key=lambda record: record.id):
                body = jsontext.dumps(dict(record.values))
                stored.setdefault(kind, []).append(StoredRecord(record.id, record.version, body))
                digest.record(kind, record.id, record_digest(record.version, record.values))
    return CachedSnapshot(digest.text, zoho, xero, read_at, stored)


def written(portable: Portable) -> Iterator[str]:
    """The text, line by line, each with its line feed."""
    snapshot = portable.snapshot
    yield "{\n"
    yield f'"zx_snapshot": {FORMAT},\n"redacted": {jsontext.dumps(portable.redacted)},\n'
    yield f'"digest": {jsontext.dumps(snapshot.digest)},\n'
    for system, organisation in zip(_SIDES, (snapshot.zoho, snapshot.xero), strict=True):
        about = {**_organisation(organisation), "read_at": snapshot.read_at[organisation.connection]}
        yield f'"{system}": {{\n"organisation": {jsontext.dumps(about)},\n'
        yield f'"metadata": {jsontext.dumps(dict(portable.metadata.get(system, {})))},\n"records": {{'
        kinds = [kind for kind in snapshot.kinds() if kind.system == system]
        for place, kind in enumerate(kinds):
            lines = (jsontext.dumps([one.id, one.version, dict(one.values)]) for one in snapshot.records(kind))
            yield f"{',' if place else ''}\n{jsontext.dumps(kind.name)}: [\n" + ",\n".join(lines) + "\n]"
        yield "}\n},\n"
    yield f'"key": "{portable.key.hex()}",\n"state": '
    yield from state_text(portable.state)
    yield "}\n"


def state_text(state: SyncState) -> Iterator[str]:
    """All links as JSON, one a line; lineage and serial in the first line."""
    yield f'{{"lineage": {jsontext.dumps(state.lineage)}, "serial": {state.serial}, "links": ['
    links = (
        jsontext.dumps([entity.source, entity.target, source, link.target_id, link.generation, dict(link.base)])
        for entity in sorted(state.links)
        for source, link in sorted(state.links[entity].items())
    )
    comma = "\n"
    for line in links:
        yield comma + line
        comma = ",\n"
    yield "\n]}\n"


def state_of(data: Mapping[str, Any]) -> SyncState:
    """What ``state_text`` wrote, parsed. Raises KeyError, TypeError, ValueError."""
    links: dict[Entity, dict[str, Link]] = {}
    for source, target, id, target_id, generation, base in data["links"]:
        links.setdefault(Entity(source, target), {})[id] = Link(target_id, int(generation), base)
    return SyncState(str(data["lineage"]), int(data["serial"]), links)


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "connection": organisation.connection,
        "id": organisation.id,
        "name": organisation.name,
        "base_currency": organisation.base_currency,
        "timezone": organisation.timezone,
        "simulated": organisation.simulated,
        "settle_s": str(organisation.settle_s),
    }


def read(text: bytes) -> Portable:
    """What ``written`` wrote. Raises NoSnapshot."""
    try:
        data = jsontext.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoSnapshot(f"it is no JSON ({error})") from None
    if not isinstance(data, dict) or "zx_snapshot" not in data:
        raise NoSnapshot("it was not written by `zx pull --export`")
    if data["zx_snapshot"] != FORMAT:
        raise NoSnapshot(f"it has format {data['zx_snapshot']}; this zx reads format {FORMAT}")
    try:
        return _portable(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoSnapshot(f"it is damaged ({type(error).__name__}: {error})") from None


def _portable(data: Mapping[str, Any]) -> Portable:
    organisations, read_at, metadata = [], {}, {}
    records: dict[Kind, list[Record]] = {}
    for system in ("zoho", "xero"):
        side = data[system]
        about = side["organisation"]
        organisation = Organisation(
            **{name: str(about[name]) for name in ("connection", "id", "name", "base_currency", "timezone")},
            simulated=bool(about["simulated"]),
            settle_s=float(about["settle_s"]),
        )
        organisations.append(organisation)
        read_at[organisation.connection] = str(about["read_at"])
        metadata[system] = dict(side["metadata"])
        for name, rows in side["records"].items():
            kind = Kind("zoho" if system == "zoho" else "xero", name)
            records[kind] = [Record(kind, str(id), str(version), dict(values)) for id, version, values in rows]
    snapshot = made(organisations[0], organisations[1], read_at, metadata, records)
    if snapshot.digest != data["digest"]:
        raise NoSnapshot("its digest does not fit its records: it was edited or cut")
    known, key = state_of(data["state"]), bytes.fromhex(data["key"])
    return Portable(snapshot, metadata, known, key, bool(data["redacted"]))
