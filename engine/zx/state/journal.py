"""The intent journal on disk: frames that are synced before anything is sent, and replayed after any crash.

Frame: ``crc32(8 hex) SP length SP json LF`` where ``length`` and ``crc32`` are of the JSON bytes. The JSON carries
``prev``, a digest of the frame before it, so that a frame lost from the middle is noticed as well as a torn one. One
call writes one frame with one ``write`` and syncs it, so at most the last frame of the newest segment can be torn.
Replaying is a pure fold over the frames. Ids and digests only: no names, no amounts (reliability 1.8).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from zx.files.disk import AppendFile, DiskError, atomic_write, private_folder, read_limited, remove, sweep
from zx.ports.journal import Close, Intent

VERSION = 1
SEGMENT_BYTES = 8 * 1024 * 1024
KEPT_SEGMENTS = 2
"""Closed segments kept although nothing in them is open: they hold the attempt numbers of the last minutes, longer
than a service remembers an idempotency key (6 minutes, reference/xero 3.9)."""

_RESERVE = "reserve"
_RESERVE_BYTES = 1024 * 1024
_SEGMENT = re.compile(r"\d{8}\.journal")
_FRAME = re.compile(rb"([0-9a-f]{8}) (\d{1,8}) (\{.*\})\n", re.DOTALL)
_LIMIT = 4 * SEGMENT_BYTES


class JournalDamaged(Exception):
    """The journal cannot be trusted: a frame in the middle is bad or missing. ``place`` is file and byte."""

    def __init__(self, place: str, message: str, advice: str = "") -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message
        folder = Path(place).parent
        self.advice = advice or (
            "nothing was sent. Look up the records of the last run in the target system, then move the folder away: "
            f"mv '{folder}' '{folder}.damaged'. zx then finds what it sent by number and marker, and links it"
        )


class _Fold:
    """What the frames so far amount to."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, Intent]] = {}
        self.ends: list[tuple[Intent, Close]] = []
        self.attempts: dict[tuple[str, str], int] = {}

    def take(self, frame: dict[str, Any], segment: int) -> None:
        kind = frame["kind"]
        if kind == "intend":
            for entry in frame["intents"]:
                intent = Intent(**{**entry, "marker": tuple(entry["marker"]) if entry["marker"] else None})
                self.open[intent.op] = (segment, intent)
                record = (intent.entity, intent.source_id)
                self.attempts[record] = max(intent.attempt, self.attempts.get(record, 0))
        elif kind == "close":
            for entry in frame["closes"]:
                close = Close(**entry)
                # The intent of an end that a checkpoint covers may be in a segment that is gone.
                if close.op in self.open:
                    self.ends.append((self.open.pop(close.op)[1], close))
        elif kind == "checkpoint":
            self.ends.clear()
        else:
            raise ValueError(f"a frame of kind {kind!r}")


class FileJournal:
    """A Journal in ``folder`` (0700, files 0600). The caller holds the pair's lock unless ``readonly``.

    ``cut`` says what was cut from a torn end when the journal was opened for writing, None when nothing was. Opening
    raises JournalDamaged or DiskError. After a failed write every further write raises the same DiskError: what is on
    disk is then unknown until the next start reads it again (reliability F11).
    """

    def __init__(
        self,
        folder: Path,
        *,
        readonly: bool = False,
        segment_bytes: int = SEGMENT_BYTES,
        open_file: Callable[[Path], AppendFile] = AppendFile,
    ) -> None:
        self._folder = folder
        self._readonly = readonly
        self._segment_bytes = segment_bytes
        self._open_file = open_file
        self._fold = _Fold()
        self._prev = ""
        self._first = self._newest = 0
        self._size = 0
        self._file: AppendFile | None = None
        self._poison: DiskError | None = None
        self.cut: str | None = None
        if readonly and not folder.exists():
            return
        private_folder(folder)
        if not readonly:
            sweep(folder)
        self._replay()

    # What it holds

    def doubts(self) -> list[Intent]:
        return [intent for _, intent in self._fold.open.values()]

    def unsaved(self) -> list[tuple[Intent, Close]]:
        return list(self._fold.ends)

    def attempts(self, entity: str, source_id: str) -> int:
        return self._fold.attempts.get((entity, source_id), 0)

    # Writing

    def intend(self, intents: Sequence[Intent]) -> None:
        if not intents:
            return
        for intent in intents:
            if intent.op in self._fold.open:
                raise ValueError(f"operation {intent.op} is open already")
        self._reserve()
        self._append({"kind": "intend", "intents": [_plain(intent) for intent in intents]})

    def close(self, closes: Sequence[Close]) -> None:
        if closes:
            self._append({"kind": "close", "closes": [_plain(close) for close in closes]}, spend_reserve=True)

    def checkpoint(self, serial: int) -> None:
        if self._fold.ends:
            self._append({"kind": "checkpoint", "serial": serial})
        self._retire()

    def release(self) -> None:
        """Closes the file; the journal can still be asked, not written."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._readonly = True

    def _append(self, content: dict[str, Any], *, spend_reserve: bool = False) -> None:
        if self._readonly:
            raise ValueError("this journal was opened for reading only")
        if self._poison is not None:
            raise self._poison
        body = json.dumps({"v": VERSION, "prev": self._prev, **content}, ensure_ascii=False, separators=(",", ":"))
        frame = _framed(body.encode())
        try:
            self._write(frame, spend_reserve=spend_reserve)
        except DiskError as error:
            self._poison = error
            raise
        self._size += len(frame)
        self._prev = _frame_digest(frame)
        self._fold.take(content, self._newest)

    def _write(self, frame: bytes, *, spend_reserve: bool) -> None:
        if self._file is None or (self._size and self._size + len(frame) > self._segment_bytes):
            self._next_segment()
        assert self._file is not None
        try:
            self._file.append(frame)
        except DiskError as error:
            if not (error.full and spend_reserve):
                raise
            # The disk is full and requests have been answered: room was kept for noting just that (F12).
            self._file.truncate(self._size)
            remove(self._folder / _RESERVE)
            self._file.append(frame)
        self._file.sync()

    def _next_segment(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._newest == 0 or self._size:
            self._newest += 1
            self._size = 0
        self._first = self._first or self._newest
        self._file = self._open_file(self._path(self._newest))

    def _reserve(self) -> None:
        path = self._folder / _RESERVE
        if not self._readonly and not path.exists():
            atomic_write(path, b"\0" * _RESERVE_BYTES, 0o600)

    def _retire(self) -> None:
        """Removes old segments of which every operation has ended and every end is saved."""
        if self._fold.ends:
            return
        needed = min((segment for segment, _ in self._fold.open.values()), default=self._newest)
        for number in range(self._first, min(needed, self._newest - KEPT_SEGMENTS)):
            remove(self._path(number))
            self._first = number + 1

    # Reading

    def _replay(self) -> None:
        numbers = sorted(int(path.stem) for path in self._folder.iterdir() if _SEGMENT.fullmatch(path.name))
        if not numbers:
            return
        self._first, self._newest = numbers[0], numbers[-1]
        if numbers != list(range(self._first, self._newest + 1)):
            missing = min(set(range(self._first, self._newest)) - set(numbers))
            raise JournalDamaged(str(self._path(missing)), "this segment of the journal is missing")
        for number in numbers:
            self._replay_segment(number)
        if not self._readonly:
            self._open_newest()

    def _replay_segment(self, number: int) -> None:
        path = self._path(number)
        data = read_limited(path, _LIMIT)
        at = 0
        while at < len(data):
            end = data.find(b"\n", at) + 1
            frame = data[at:end] if end else b""
            content = _read_frame(frame)
            if content is None:
                self._tear(path, data, at, last=number == self._newest)
                break
            self._check(content, path, at, first=number == self._first and at == 0)
            try:
                self._fold.take(content, number)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise JournalDamaged(f"{path} byte {at}", f"this frame has another content ({error})") from None
            self._prev = _frame_digest(frame)
            at = end
        self._size = at

    def _check(self, content: dict[str, Any], path: Path, at: int, *, first: bool) -> None:
        version = content.get("v")
        if type(version) is not int or version < 1:
            raise JournalDamaged(f"{path} byte {at}", "this frame says no version")
        if version > VERSION:
            message = f"written by a later zx (version {version} of the journal; this zx knows {VERSION})"
            advice = "nothing was sent. Update zx: pip install --upgrade zx-sync"
            raise JournalDamaged(f"{path} byte {at}", message, advice)
        # What the oldest frame followed may have been retired.
        if not first and content.get("prev") != self._prev:
            raise JournalDamaged(f"{path} byte {at}", "a frame before this one is missing")

    def _tear(self, path: Path, data: bytes, at: int, *, last: bool) -> None:
        """A bad frame: a torn end when nothing good follows in the newest segment, else damage."""
        rest = data[at:].split(b"\n")[1:]
        if not last or any(_read_frame(line + b"\n") is not None for line in rest):
            raise JournalDamaged(f"{path} byte {at}", "this frame is damaged")
        self.cut = f"{path}: the last {len(data) - at} bytes were cut; an interrupted write had left them"

    def _open_newest(self) -> None:
        self._file = self._open_file(self._path(self._newest))
        if self.cut is not None:
            self._file.truncate(self._size)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.journal"


def _plain(entry: Intent | Close) -> dict[str, Any]:
    values = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    if "base" in values:
        values["base"] = dict(values["base"])
    return values


def _framed(body: bytes) -> bytes:
    return b"%08x %d %s\n" % (zlib.crc32(body), len(body), body)


def _frame_digest(frame: bytes) -> str:
    return hashlib.blake2b(frame, digest_size=8).hexdigest()


def _read_frame(frame: bytes) -> dict[str, Any] | None:
    """The content of ``frame``, None when it is torn or damaged."""
    found = _FRAME.fullmatch(frame)
    if found is None:
        return None
    body = found[3]
    if len(body) != int(found[2]) or zlib.crc32(body) != int(found[1], 16):
        return None
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
