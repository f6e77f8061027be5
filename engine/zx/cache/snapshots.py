"""The snapshot cache: records of both systems in one SQLite file that can be thrown away at any time.

It holds personal data, so it lies in ``.zx/`` (0600 in a 0700 folder) and never in git. A record is kept as JSON text,
so every decimal stays exact. Everything of one pull that belongs together goes into one transaction
(:meth:`SnapshotCache.transaction`): a cursor is never newer than the records it speaks for.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from zx.cache.reading import CachedSnapshot, SnapshotDigest, StoredRecord, record_digest
from zx.files.disk import DiskError, create_once, private_folder, remove
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.values import jsontext

FORMAT = 1
"""Kept in ``user_version``. Any other number means: made by another zx, thrown away."""

_SCHEMA = """
CREATE TABLE record (
  connection TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, body TEXT NOT NULL,
  digest TEXT NOT NULL, PRIMARY KEY (connection, kind, id)
) WITHOUT ROWID;
CREATE TABLE cursor (
  connection TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, kind)
) WITHOUT ROWID;
CREATE TABLE about (
  connection TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, name)
) WITHOUT ROWID;
"""
_TABLES = ("record", "cursor", "about")
_BUSY_S = 30.0
_SQLITE = b"SQLite format 3\0"


class NotRead(LookupError):
    """A connection has never been read (or its cache was thrown away)."""

    def __init__(self, connection: str) -> None:
        super().__init__(f"{connection} has not been read yet")
        self.connection = connection
        self.advice = "run: zx pull"


class SnapshotCache:
    """Records, cursors, metadata and organisations by connection (``zoho.demo``).

    ``rebuilt`` is a sentence for the user when an unusable file was thrown away on opening, else None. Errors of the
    disk are DiskError. For one thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rebuilt: str | None = None
        private_folder(path.parent)
        self._depth = 0
        try:
            self._database = self._open()
        except _Unusable as error:
            self._discard()
            self.rebuilt = (
                f"the cache of what was read ({path.name}) {error}; it is made anew, so the next pull is whole"
            )
            try:
                self._database = self._open()
            except _Unusable as again:
                raise self._failed(again) from again

    def _open(self) -> sqlite3.Connection:
        fresh = not self.path.exists() and create_once(self.path, b"")
        if not fresh:
            with self.path.open("rb") as file:
                start = file.read(len(_SQLITE))
            if start and start != _SQLITE:
                raise _Unusable("is damaged")
        try:
            database = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        except sqlite3.Error as error:
            raise self._failed(error) from error
        try:
            _prepare(database)
        except sqlite3.Error as error:
            database.close()
            # Only what SQLite itself calls damaged is thrown away: busy, full or forbidden is no damage.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise _Unusable(f"is damaged ({error})") from error
            raise self._failed(error) from error
        except BaseException:
            database.close()
            raise
        return database

    def _discard(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            remove(self.path.with_name(self.path.name + suffix))

    def _failed(self, error: Exception) -> DiskError:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            advice = "wait until the other zx has finished reading, then run the command again"
            return DiskError(self.path, "another zx is writing to the cache", "nothing was read or kept", advice)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            advice = "make room on this disk, then run the command again"
            return DiskError(self.path, "the disk is full", "what was read was not kept", advice, full=True)
        advice = f"remove {self.path} (it holds only copies of what was read) and run: zx pull"
        return DiskError(self.path, f"the cache does not work: {error}", "what was read was not kept", advice)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self, *, reading: bool = False) -> Iterator[None]:
        """All of the block or nothing of it; may be nested, the outermost decides. ``reading``: one consistent view,
        beside a writer."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._run("BEGIN" if reading else "BEGIN IMMEDIATE")
            yield
            if self._depth == 1:
                self._run("COMMIT")
        except BaseException:
            if self._depth == 1 and self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    def _run(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    # Writing

    def apply(
        self, connection: str, kind: Kind, records: Iterable[Record], deleted: Iterable[str], *, whole: bool
    ) -> None:
        """Takes ``records`` of ``kind`` over, newer ones in place of older ones, and drops ``deleted`` ids. ``whole``:
        these are all there are, what is not among them goes."""
        with self.transaction():
            if whole:
                self._run("DELETE FROM record WHERE connection = ? AND kind = ?", (connection, kind.name))
            for record in records:
                body = jsontext.dumps(dict(record.values))
                digest = record_digest(record.version, record.values)
                row = (connection, kind.name, record.id, record.version, body, digest)
                self._run("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)", row)
            for gone in deleted:
                self._run(
                    "DELETE FROM record WHERE connection = ? AND kind = ? AND id = ?", (connection, kind.name, gone)
                )

    def set_cursor(self, connection: str, kind: Kind, value: str) -> None:
        """From which instant of the service's own clock the next pull of ``kind`` asks."""
        with self.transaction():
            self._run("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)", (connection, kind.name, value))

    def set_metadata(self, connection: str, data: Mapping[str, Any]) -> None:
        self._set(connection, "metadata", dict(data))

    def set_organisation(self, organisation: Organisation) -> None:
        self._set(
            organisation.connection,
            "organisation",
            {
                "id": organisation.id,
                "name": organisation.name,
                "base_currency": organisation.base_currency,
                "timezone": organisation.timezone,
                "simulated": organisation.simulated,
                "settle_s": str(organisation.settle_s),
            },
        )

    def set_read_at(self, connection: str, instant: str) -> None:
        """When this connection was last read completely."""
        self._set(connection, "read_at", instant)

    def _set(self, connection: str, name: str, value: Any) -> None:
        with self.transaction():
            self._run("INSERT OR REPLACE INTO about VALUES (?, ?, ?)", (connection, name, jsontext.dumps(value)))

    def forget(self, connection: str | None = None) -> None:
        """Drops everything read from ``connection``, or from all; the next pull is whole."""
        with self.transaction():
            for table in _TABLES:
                if connection is None:
                    self._run(f"DELETE FROM {table}")
                else:
                    self._run(f"DELETE FROM {table} WHERE connection = ?", (connection,))

    # Reading

    def cursor(self, connection: str, kind: Kind) -> str | None:
        rows = self._run("SELECT value FROM cursor WHERE connection = ? AND kind = ?", (connection, kind.name))
        return str(rows[0][0]) if rows else None

    def metadata(self, connection: str) -> Mapping[str, Any] | None:
        data = self._get(connection, "metadata")
        return data if isinstance(data, dict) else None

    def organisation(self, connection: str) -> Organisation | None:
        data = self._get(connection, "organisation")
        if data is None:
            return None
        return Organisation(
            connection=connection,
            id=data["id"],
            name=data["name"],
            base_currency=data["base_currency"],
            timezone=data["timezone"],
            simulated=data["simulated"],
            settle_s=float(data["settle_s"]),
        )

    def read_at(self, connection: str) -> str | None:
        value = self._get(connection, "read_at")
        return value if isinstance(value, str) else None

    def _get(self, connection: str, name: str) -> Any:
        rows = self._run("SELECT value FROM about WHERE connection = ? AND name = ?", (connection, name))
        return jsontext.loads(rows[0][0]) if rows else None

    def snapshot(self, zoho: str, xero: str) -> CachedSnapshot:
        """Both connections as they were read, frozen: later pulls do not change it. Raises NotRead."""
        with self.transaction(reading=True):
            organisations = []
            read_at: dict[str, str] = {}
            for connection in (zoho, xero):
                organisation, instant = self.organisation(connection), self.read_at(connection)
                if organisation is None or instant is None:
                    raise NotRead(connection)
                organisations.append(organisation)
                read_at[connection] = instant
            records: dict[Kind, list[StoredRecord]] = {}
            digest = SnapshotDigest()
            for connection, organisation in zip((zoho, xero), organisations, strict=True):
                digest.organisation(organisation, self.metadata(connection) or {})
                sql = "SELECT kind, id, version, body, digest FROM record WHERE connection = ? ORDER BY kind, id"
                for kind, record_id, version, body, body_digest in self._run(sql, (connection,)):
                    system = Kind("zoho" if connection == zoho else "xero", kind)
                    records.setdefault(system, []).append(StoredRecord(record_id, version, body))
                    digest.record(system, record_id, body_digest)
        return CachedSnapshot(digest.text, organisations[0], organisations[1], read_at, records)


class _Unusable(Exception):
    """This file cannot serve as a cache."""


def _prepare(database: sqlite3.Connection) -> None:
    """An empty file gets its tables; a file of another format or with damage is refused."""
    if _version(database) == (0, 0):
        database.execute("BEGIN IMMEDIATE")
        if _version(database) == (0, 0):  # nobody was faster
            for statement in _SCHEMA.split(";")[:-1]:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("COMMIT")
    if _version(database) != (FORMAT, len(_TABLES)):
        raise _Unusable("was made by another version of zx")
    (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _Unusable("is damaged")


def _version(database: sqlite3.Connection) -> tuple[int, int]:
    """The format and the number of tables."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()
    return version, tables
