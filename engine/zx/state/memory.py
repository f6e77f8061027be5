"""What this machine remembers of links and summaries, in the pair's private folder: one SQLite file.

Not the state: that is text in git. It only helps when git puts an older state there (reliability F36), so what cannot
be read counts as nothing remembered, and it is made anew. Saving a few links touches a few pages, however many there
are.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from zx.files.disk import DiskError, private_folder, remove
from zx.model.link import Entity, Link
from zx.model.posting import Posting
from zx.state.format import Unreadable
from zx.state.postings import read_posting, write_posting

_TABLES = (
    "CREATE TABLE IF NOT EXISTS link (entity TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "
    "generation INTEGER NOT NULL, base TEXT NOT NULL, PRIMARY KEY (entity, source)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS posting (number TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS goes_with (one INTEGER PRIMARY KEY, lineage TEXT NOT NULL, serial INTEGER NOT NULL)",
)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY_S = 30.0


class LinkMemory:
    """``path`` is made at the first :meth:`keep`. One process writes at a time: it holds the pair's lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def goes_with(self) -> tuple[str, int] | None:
        """Lineage and serial of the state that was there when something was last kept; None when nothing is."""
        try:
            with contextlib.closing(self._connect("ro")) as database:
                found = database.execute("SELECT lineage, serial FROM goes_with").fetchone()
        except sqlite3.Error:
            return None
        return None if found is None else (str(found[0]), int(found[1]))

    def recall(self) -> tuple[dict[Entity, dict[str, Link]], dict[str, Posting]]:
        """All links and, by number, all summaries."""
        links: dict[Entity, dict[str, Link]] = {}
        try:
            with contextlib.closing(self._connect("ro")) as database:
                for entity, source, target, generation, base in database.execute("SELECT * FROM link"):
                    kind, _, made = entity.partition("-")
                    links.setdefault(Entity(kind, made), {})[source] = Link(target, generation, json.loads(base))
                texts = database.execute("SELECT number, text FROM posting").fetchall()
            return links, {number: read_posting(text.encode()) for number, text in texts}
        except (sqlite3.Error, ValueError, Unreadable):
            return {}, {}

    def keep(
        self,
        changes: Mapping[tuple[Entity, str], Link | None],
        postings: Sequence[Posting],
        goes_with: tuple[str, int],
    ) -> None:
        """Remembers the links (None: forgets) and the summaries. Raises DiskError."""
        private_folder(self._path.parent)
        try:
            try:
                self._write(changes, postings, goes_with)
            except sqlite3.DatabaseError as error:
                if _number(error) not in _DAMAGE:
                    raise
                remove(self._path)
                self._write(changes, postings, goes_with)
        except sqlite3.Error as error:
            full = _number(error) == sqlite3.SQLITE_FULL
            advice = "make room on this disk" if full else f"remove {self._path}: state/ holds the same links"
            message = f"the memory of sent records does not work: {error}"
            raise DiskError(
                self._path, message, "what was sent is in state/ all the same", advice, full=full
            ) from error

    def _write(
        self,
        changes: Mapping[tuple[Entity, str], Link | None],
        postings: Sequence[Posting],
        goes_with: tuple[str, int],
    ) -> None:
        gone = [(str(entity), source) for (entity, source), link in changes.items() if link is None]
        rows = [
            (str(entity), source, link.target_id, link.generation, json.dumps(dict(link.base)))
            for (entity, source), link in changes.items()
            if link is not None
        ]
        texts = [(posting.number, write_posting(posting)) for posting in postings]
        with contextlib.closing(self._connect("rwc")) as database, database:
            for table in _TABLES:
                database.execute(table)
            database.executemany("DELETE FROM link WHERE entity = ? AND source = ?", gone)
            database.executemany("INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?)", rows)
            database.executemany("INSERT OR REPLACE INTO posting VALUES (?, ?)", texts)
            database.execute("INSERT OR REPLACE INTO goes_with VALUES (1, ?, ?)", goes_with)

    def _connect(self, mode: str) -> sqlite3.Connection:
        if self._path.is_symlink():
            raise sqlite3.OperationalError("is a symbolic link")
        return sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_S)


def _number(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
