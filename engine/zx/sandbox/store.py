"""One SQLite file per sandbox. Each request is one transaction: a process killed at any instant leaves whole requests.

Several processes may open one file: every transaction takes the write lock at once and waits for others. The file is
synchronised to the disk by the operating system only: it survives the death of a process, not of the machine.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from zx.ports.clock import Clock
from zx.sandbox.errors import SandboxDamaged
from zx.values.jsontext import dumps, loads

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (collection TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
  version INTEGER NOT NULL, deleted TEXT, body TEXT NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lookup (collection TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL,
  value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS lookup_value ON lookup (collection, field, value);
CREATE INDEX IF NOT EXISTS lookup_id ON lookup (collection, id);
CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, kind TEXT NOT NULL, chain TEXT NOT NULL, scope TEXT NOT NULL,
  expires REAL NOT NULL, used REAL);
CREATE TABLE IF NOT EXISTS replay (key TEXT PRIMARY KEY, at REAL NOT NULL, request TEXT NOT NULL,
  status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS calls (window TEXT PRIMARY KEY, made INTEGER NOT NULL);
"""
_BUSY_S = 60.0
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}


class Keys(Protocol):
    """The values by which records of ``collection`` are looked up: (field, value) pairs."""

    def __call__(self, collection: str, body: Mapping[str, Any]) -> Sequence[tuple[str, str]]: ...


class Store:
    """Records by collection and id, and the small tables around them. ``step`` is the resolution of the stamps.

    ``keys`` is set by the service. A record handed out is shared and must not be changed: change a copy and ``put`` it.
    """

    def __init__(self, path: Path, clock: Clock, step: timedelta) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._explained():
            self._connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        self._finalizer = weakref.finalize(self, self._connection.close)
        self._lock = threading.RLock()
        self._clock = clock
        self._step = step
        self.keys: Keys = _no_keys
        self._cache: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        try:
            with self._explained():
                self._connection.execute("PRAGMA synchronous=OFF")
            with self.transaction():
                for statement in _TABLES.split(";\n"):
                    if statement.strip():
                        self._connection.execute(statement)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the database as SandboxDamaged, or as the OSError that stands behind them."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGE:
                raise SandboxDamaged(f"{self._path} is damaged ({error})") from error
            if code in _DISK:
                raise OSError(_DISK[code], str(error), str(self._path)) from error
            raise

    def close(self) -> None:
        with self._lock:
            self._finalizer()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other threads and other processes wait."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._cache.clear()
                # A full or failing disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that is taken back alone when it raises: one element of a batch."""
        self._connection.execute("SAVEPOINT element")
        try:
            yield
        except BaseException:
            self._cache.clear()
            self._connection.execute("ROLLBACK TO element")
            self._connection.execute("RELEASE element")
            raise
        self._connection.execute("RELEASE element")

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """A statement on the small tables (token, replay, calls); its rows."""
        return self._connection.execute(statement, values).fetchall()

    # -- meta ---------------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def counter(self, key: str) -> int:
        """The next whole number of the counter ``key`` (1 at first)."""
        value = int(self.meta(key) or "0") + 1
        self.set_meta(key, str(value))
        return value

    # -- time ---------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The service's clock in UTC: the clock handed in, but never earlier than a stamp already given."""
        now = self._clock.now().astimezone(UTC)
        last = self.meta("last_stamp")
        return now if last is None else max(now, datetime.fromisoformat(last))

    def stamp(self) -> datetime:
        """The instant of a write: later than every stamp before it, at the resolution of the service."""
        now = _floor(self._clock.now().astimezone(UTC), self._step)
        last = self.meta("last_stamp")
        if last is not None:
            now = max(now, _floor(datetime.fromisoformat(last), self._step) + self._step)
        self.set_meta("last_stamp", now.isoformat())
        return now

    def seen(self, moment: datetime) -> None:
        """``moment`` was told to a client or stands in a record: no later stamp may be earlier."""
        last = self.meta("last_stamp")
        if last is None or datetime.fromisoformat(last) < moment:
            self.set_meta("last_stamp", moment.astimezone(UTC).isoformat())

    # -- records ------------------------------------------------------------------------------------------------------

    def get(self, collection: str, record_id: str, *, deleted: bool = False) -> dict[str, Any] | None:
        row = self._connection.execute(
            "SELECT version, deleted FROM record WHERE collection = ? AND id = ?", (collection, record_id)
        ).fetchone()
        if row is None or (row[1] is not None and not deleted):
            return None
        return self._body(collection, record_id, row[0])

    def all(self, collection: str) -> list[dict[str, Any]]:
        """Every record that is not deleted, in the order they came."""
        rows = self._connection.execute(
            "SELECT id, version FROM record WHERE collection = ? AND deleted IS NULL ORDER BY position", (collection,)
        ).fetchall()
        return [self._body(collection, record_id, version) for record_id, version in rows]

    def deleted(self, collection: str) -> list[tuple[dict[str, Any], str]]:
        """Deleted records with the instant of their deletion, the latest first."""
        rows = self._connection.execute(
            "SELECT id, version, deleted FROM record WHERE collection = ? AND deleted IS NOT NULL"
            " ORDER BY deleted DESC",
            (collection,),
        ).fetchall()
        return [(self._body(collection, record_id, version), str(at)) for record_id, version, at in rows]

    def find(self, collection: str, field: str, value: str) -> list[dict[str, Any]]:
        """Records that are not deleted and whose key ``field`` is ``value``."""
        rows = self._connection.execute(
            "SELECT record.id, version FROM lookup JOIN record USING (collection, id)"
            " WHERE collection = ? AND field = ? AND value = ? AND deleted IS NULL ORDER BY position",
            (collection, field, value),
        ).fetchall()
        return [self._body(collection, record_id, version) for record_id, version in rows]

    def put(self, collection: str, record_id: str, body: Mapping[str, Any], *, deleted: datetime | None = None) -> None:
        """Adds or replaces a record; with ``deleted`` it is moved to the bin."""
        version = self.counter("version")
        row = self._connection.execute(
            "SELECT position FROM record WHERE collection = ? AND id = ?", (collection, record_id)
        ).fetchone()
        self._connection.execute(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
            (
                collection,
                record_id,
                version if row is None else row[0],
                version,
                None if deleted is None else deleted.isoformat(),
                dumps(body),
            ),
        )
        self._connection.execute("DELETE FROM lookup WHERE collection = ? AND id = ?", (collection, record_id))
        self._connection.executemany(
            "INSERT INTO lookup VALUES (?, ?, ?, ?)",
            [(collection, record_id, name, value) for name, value in self.keys(collection, body)],
        )

    def clear(self) -> None:
        """Forgets every record, stamp and stored answer; sign-ins and the count of versions stay."""
        for table in ("record", "lookup", "replay", "calls"):
            self._connection.execute(f"DELETE FROM {table}")
        self._connection.execute("DELETE FROM meta WHERE key NOT IN ('version', 'client')")
        self._cache.clear()

    def _body(self, collection: str, record_id: str, version: int) -> dict[str, Any]:
        known = self._cache.get((collection, record_id))
        if known is not None and known[0] == version:
            return known[1]
        (text,) = self._connection.execute(
            "SELECT body FROM record WHERE collection = ? AND id = ?", (collection, record_id)
        ).fetchone()
        body: dict[str, Any] = loads(text)
        self._cache[(collection, record_id)] = (version, body)
        return body


def _no_keys(collection: str, body: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return ()


def _floor(moment: datetime, step: timedelta) -> datetime:
    if step >= timedelta(seconds=1):
        return moment.replace(microsecond=0)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
