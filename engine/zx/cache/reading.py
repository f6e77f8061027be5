"""A frozen reading of the cache: implements ``model.snapshot.Snapshot``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.values import jsontext
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it lies in the cache: ``body`` is JSON text."""

    id: str
    version: str
    body: str


def record_digest(version: str, values: Mapping[str, Any]) -> str:
    """The digest of what one record says."""
    return jsontext.digest({"version": version, "values": dict(values)})


class SnapshotDigest:
    """The digest of a whole snapshot, fed with Zoho's organisation and records, then Xero's; records by kind and id."""

    def __init__(self) -> None:
        self._made = hashlib.blake2b(digest_size=16)

    def organisation(self, organisation: Organisation, metadata: Mapping[str, Any]) -> None:
        about = [organisation.id, organisation.base_currency, organisation.timezone, jsontext.digest(metadata)]
        self._made.update(jsontext.canonical(about).encode() + b"\n")

    def record(self, kind: Kind, id: str, digest: str) -> None:
        self._made.update(f"{kind}\0{id}\0{digest}\n".encode())

    @property
    def text(self) -> str:
        return self._made.hexdigest()


class CachedSnapshot:
    """Records come in the order of their ids. The texts of a kind are parsed when it is first asked for."""

    def __init__(
        self,
        digest: str,
        zoho: Organisation,
        xero: Organisation,
        read_at: Mapping[str, str],
        records: Mapping[Kind, Sequence[StoredRecord]],
    ) -> None:
        self._digest = digest
        self._zoho = zoho
        self._xero = xero
        self._read_at = dict(read_at)
        self._stored = records
        self._parsed: dict[Kind, dict[str, Record]] = {}

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def zoho(self) -> Organisation:
        return self._zoho

    @property
    def xero(self) -> Organisation:
        return self._xero

    @property
    def read_at(self) -> dict[str, str]:
        return dict(self._read_at)

    def kinds(self) -> list[Kind]:
        """Every kind of which there are records, Zoho's first, by name."""
        return sorted(
            (kind for kind, found in self._stored.items() if found), key=lambda kind: (kind.system != "zoho", kind.name)
        )

    def records(self, kind: Kind) -> Iterable[Record]:
        return tuple(self._kind(kind).values())

    def get(self, kind: Kind, id: str) -> Record | None:
        return self._kind(kind).get(id)

    def _kind(self, kind: Kind) -> dict[str, Record]:
        if kind not in self._parsed:
            self._parsed[kind] = {
                stored.id: Record(kind, stored.id, stored.version, jsontext.loads(stored.body))
                for stored in self._stored.get(kind, ())
            }
        return self._parsed[kind]
