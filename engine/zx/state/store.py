"""Links in git: one folder per pair of organisations, small sorted text files in it.

::

    <folder>/<zoho>--<xero>/zx.toml                      format, pair, lineage, serial, owned field lists
    <folder>/<zoho>--<xero>/links/Invoices-Invoice/a.toml   links whose source id hashes to a…

Loading never writes. Saving writes ``zx.toml`` first (new lists of owned fields, next serial), then each changed
shard, each one atomically: at every instant every file parses, and every list a link names exists. See
docs/state-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from zx.files.disk import atomic_write, make_folder, read_limited, remove, sweep
from zx.model.link import Entity, Link, SyncState
from zx.model.posting import Posting
from zx.ports.state_store import OtherPair, StateDamaged
from zx.state.format import (
    HEAD_LIMIT,
    SHARD_LIMIT,
    Head,
    Unreadable,
    owned_fields,
    owned_name,
    pair_id,
    read_head,
    read_shard,
    shard_name,
    write_head,
    write_shard,
)
from zx.state.postings import POSTING_LIMIT, posting_name, read_posting, write_posting

_ENTITY = re.compile(r"[A-Za-z0-9_]+-[A-Za-z0-9_]+")
_SHARD = re.compile(r"[0-9a-f]{1,3}")
_LONG_SHARD = 2000
"""Links in a shard beyond which new ones go to finer shards; far below what a reader accepts (8 MiB)."""

_UNSENT = "nothing was read through it and nothing was sent"

_Shards = dict[Entity, dict[str, Mapping[str, Link]]]
"""Entity → file name without ``.toml`` → source id → link."""
_Homes = dict[Entity, dict[str, str]]
"""Entity → source id → file name without ``.toml``."""


class _JoinedLinks(Mapping[str, Link]):
    """All links of one entity: a view of its shards, so that reading a million links copies none."""

    __slots__ = ("_homes", "_shards")

    def __init__(self, shards: Mapping[str, Mapping[str, Link]], homes: Mapping[str, str]) -> None:
        self._shards = shards
        self._homes = homes

    def __getitem__(self, source_id: str) -> Link:
        return self._shards[self._homes[source_id]][source_id]

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._homes

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


class TomlStateStore:
    """A StateStore over text files. One instance belongs to one thread of one process that holds the pair's lock when
    it saves."""

    def __init__(self, folder: Path, *, pair: str, tenants: tuple[str, str], new_lineage: Callable[[], str]) -> None:
        self._root = folder
        self._folder = folder / pair
        self._pair = pair
        self._tenants = pair_id(*tenants)
        self._new_lineage = new_lineage
        self._head: Head | None = None
        self._shards: _Shards = {}
        self._postings: dict[str, Posting] = {}
        self._homes: _Homes = {}
        self._seen: dict[Path, bytes | None] | None = None

    def load(self) -> SyncState:
        """The state as it is on disk; a missing folder is an empty state with lineage "" and serial 0.

        Raises StateDamaged, OtherPair (a kind of it), DiskError.
        """
        seen: dict[Path, bytes | None] = {}
        head = self._load_head(seen)
        shards: _Shards = {}
        homes: _Homes = {}
        links = self._folder / "links"
        for folder in sorted(links.iterdir()) if links.is_dir() else []:
            if not folder.is_dir() or folder.name.startswith("."):
                continue
            if folder.is_symlink():
                raise StateDamaged(self._place(folder), "is a symbolic link", "put the folder itself there; " + _UNSENT)
            if not _ENTITY.fullmatch(folder.name):
                advice = "move it out of the state; zx keeps only folders named SourceKind-TargetKind there"
                raise StateDamaged(self._place(folder), "this folder belongs to no kind of link", advice)
            source, _, target = folder.name.partition("-")
            entity = Entity(source, target)
            shards[entity], homes[entity] = self._load_entity(folder, head, seen)
        self._postings = self._load_postings(seen)
        self._head, self._shards, self._homes, self._seen = head, shards, homes, seen
        return self._state()

    def _load_postings(self, seen: dict[Path, bytes | None]) -> dict[str, Posting]:
        found: dict[str, Posting] = {}
        for path in sorted((self._folder / "summaries").glob("*.toml")):
            try:
                data = read_limited(path, POSTING_LIMIT)
                posting = read_posting(data)
            except Unreadable as error:
                raise self._damaged(path, error) from None
            if posting_name(posting.number) != path.stem:
                advice = "bring the file back as it was: git checkout -- " + self._place(path)
                raise StateDamaged(self._place(path), f"this file speaks of the summary {posting.number}", advice)
            seen[path] = data
            found[posting.number] = posting
        return found

    def _load_head(self, seen: dict[Path, bytes | None]) -> Head | None:
        path = self._folder / "zx.toml"
        try:
            data = read_limited(path, HEAD_LIMIT)
        except FileNotFoundError:
            seen[path] = None
            if any((self._folder / "links").glob("*/*.toml")):
                advice = (
                    f"restore it: git checkout -- {self._place(path)}; where that is not possible, move the whole "
                    f"folder {self._place(self._folder)} away: zx then finds what it sent by number and marker"
                )
                raise StateDamaged(self._place(path), "links are there but this file is missing", advice) from None
            return None
        seen[path] = data
        try:
            head = read_head(data)
        except Unreadable as error:
            raise self._damaged(path, error) from None
        if head.pair != self._tenants:
            message = (
                "this state belongs to other organisations than the two zx.toml names now "
                "(a sandbox that was reset or whose data is gone counts as another one); nothing was sent"
            )
            advice = (
                "check the connections in zx.toml; if these organisations are meant, begin with an empty state: "
                f"rm -r {self._root.name}/{self._pair} (what was committed stays in git's history)"
            )
            raise OtherPair(self._place(path), message, advice)
        return head

    def _load_entity(
        self, folder: Path, head: Head | None, seen: dict[Path, bytes | None]
    ) -> tuple[dict[str, Mapping[str, Link]], dict[str, str]]:
        shards: dict[str, Mapping[str, Link]] = {}
        home: dict[str, str] = {}
        owned = head.owned if head else {}
        for path in sorted(folder.glob("*.toml")):
            try:
                data = read_limited(path, SHARD_LIMIT)
                shard = read_shard(data, owned)
            except Unreadable as error:
                raise self._damaged(path, error) from None
            seen[path] = data
            known = len(home)
            home |= dict.fromkeys(shard, path.stem)
            if len(home) != known + len(shard):
                others = {source_id: name for name, other in shards.items() for source_id in other}
                twice = min(others.keys() & shard.keys())
                line = data.decode().split("\n")
                number = next((n for n, text in enumerate(line, 1) if text.startswith(f'"{twice}"')), 1)
                message = f'"{twice}" is linked twice in this state, also in {others[twice]}.toml'
                advice = "look at both target records, keep the line of the right one and remove the other"
                raise StateDamaged(f"{self._place(path)}:{number}", message, advice)
            shards[path.stem] = shard
        return shards, home

    def save(self, changes: Mapping[tuple[Entity, str], Link | None], postings: Sequence[Posting] = ()) -> SyncState:
        """Links set (or removed, None), summaries set. Equal content writes nothing and keeps the serial.

        Raises StateDamaged without having written anything when a file to be written changed on disk since it was
        loaded (somebody checked out another commit), DiskError when the disk refuses.
        """
        if self._seen is None:
            self.load()
        dirty = self._changed(changes)
        new = {posting.number: posting for posting in postings if self._postings.get(posting.number) != posting}
        if not dirty and not new:
            return self._state()
        head = self._head or Head(self._tenants, self._new_lineage(), 0)
        owned = dict(head.owned)
        for shard in dirty.values():
            owned.update({owned_name(fields): fields for link in shard.values() if (fields := owned_fields(link))})
        head = Head(head.pair, head.lineage, head.serial + 1, owned)
        head_path = self._folder / "zx.toml"
        texts: dict[Path, bytes | None] = {head_path: write_head(head).encode()}
        for (entity, name), shard in sorted(dirty.items()):
            texts[self._path(entity, name)] = write_shard(shard).encode() if shard else None
        for number, posting in sorted(new.items()):
            texts[self._folder / "summaries" / f"{posting_name(number)}.toml"] = write_posting(posting).encode()
        self._refuse_if_moved(texts)
        self._write(texts)
        self._head = head
        self._postings |= new
        self._take(dirty)
        return self._state()

    def _take(self, dirty: Mapping[tuple[Entity, str], Mapping[str, Link]]) -> None:
        """What was written is what is known. States handed out before keep what they showed."""
        for entity in {entity for entity, _ in dirty}:
            shards, homes = dict(self._shards.get(entity, {})), dict(self._homes.get(entity, {}))
            for (other, name), shard in dirty.items():
                if other != entity:
                    continue
                for gone in shards.pop(name, {}).keys() - shard.keys():
                    del homes[gone]
                if shard:
                    shards[name] = shard
                    homes |= dict.fromkeys(shard, name)
            self._shards[entity], self._homes[entity] = shards, homes

    def _changed(self, changes: Mapping[tuple[Entity, str], Link | None]) -> dict[tuple[Entity, str], dict[str, Link]]:
        """New content of the shards that ``changes`` really change."""
        dirty: dict[tuple[Entity, str], dict[str, Link]] = {}
        widths: dict[Entity, int] = {}
        for (entity, source_id), link in changes.items():
            shards = self._shards.get(entity, {})
            homes = self._homes.get(entity, {})
            if entity not in widths:
                widths[entity] = _width(shards, len(homes) + sum(1 for other, _ in changes if other == entity))
            home = homes.get(source_id) or shard_name(source_id, widths[entity])
            now = dirty.get((entity, home), shards.get(home, {}))
            if now.get(source_id) == link:
                continue
            shard = dirty.setdefault((entity, home), dict(now))
            if link is None:
                shard.pop(source_id, None)
            else:
                shard[source_id] = link
        return dirty

    def _refuse_if_moved(self, texts: Mapping[Path, bytes | None]) -> None:
        assert self._seen is not None
        for path in texts:
            try:
                now: bytes | None = read_limited(path, SHARD_LIMIT)
            except FileNotFoundError:
                now = None
            if now != self._seen.get(path):
                message = "this file changed on disk while zx was working, so nothing was written over it"
                advice = "nothing is lost: run the command again and zx takes what it sent from its journal"
                raise StateDamaged(self._place(path), message, advice)

    def _write(self, texts: Mapping[Path, bytes | None]) -> None:
        assert self._seen is not None
        for folder in dict.fromkeys(path.parent for path in texts):
            make_folder(folder)
            sweep(folder)
        for path, data in texts.items():
            if data is None:
                remove(path)
            else:
                atomic_write(path, data)
            self._seen[path] = data

    def _state(self) -> SyncState:
        links = {
            entity: _JoinedLinks(shards, self._homes[entity])
            for entity, shards in sorted(self._shards.items())
            if self._homes[entity]
        }
        lineage, serial = (self._head.lineage, self._head.serial) if self._head else ("", 0)
        return SyncState(lineage, serial, links, dict(self._postings))

    def _path(self, entity: Entity, name: str) -> Path:
        return self._folder / "links" / str(entity) / f"{name}.toml"

    def _place(self, path: Path) -> str:
        return path.relative_to(self._root.parent).as_posix()

    def _damaged(self, path: Path, error: Unreadable) -> StateDamaged:
        # Links are worth nothing without the head that says whose they are; a shard alone can be found again.
        unit = self._folder if path.parent == self._folder else path
        places = {"<file>": path, "<this folder>": self._folder, "<file or folder>": unit}
        advice = error.advice
        for name, place in places.items():
            advice = advice.replace(name, self._place(place))
        return StateDamaged(f"{self._place(path)}:{error.line}", error.message, advice)


def _width(shards: Mapping[str, object], links: int) -> int:
    """How many digits name the shard of a new link: as many as the finest there are, more when shards would get long.

    A link never moves to another shard, so growing writes nothing twice; readers take any mixture.
    """
    finest = max((len(name) for name in shards if _SHARD.fullmatch(name)), default=1)
    needed = 1 if links <= 16 * _LONG_SHARD else 2 if links <= 256 * _LONG_SHARD else 3
    return max(finest, needed)
