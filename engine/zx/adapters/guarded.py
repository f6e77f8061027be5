"""The outer edge of both adapters: an answer of a shape nobody foresaw is an unknown outcome, never a crash.

The adapters check what they can foresee. What is left (a text where a list belongs, a record without its id) shows as a
KeyError or its like while an answer is taken apart; here it becomes Unknown, the class of reliability 1.3 that loses
nothing: a read is repeated by the person, a write is looked up before anything else is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.ports.remote import Page, Progress, Reader, Result, Unknown, Writer

_SHAPES = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)


@contextmanager
def _read_of(connection: str, what: str) -> Iterator[None]:
    try:
        yield
    except _SHAPES as error:
        raise Unknown(
            connection,
            f"{connection} gave an answer about {what} that zx cannot read ({type(error).__name__})",
            "run the command again; if this repeats, ZX_DEBUG=1 shows where, for a report",
        ) from error


class GuardedReader:
    """``reader`` with its answers guarded."""

    def __init__(self, connection: str, reader: Reader) -> None:
        self._connection = connection
        self._reader = reader

    def organisation(self) -> Organisation:
        with _read_of(self._connection, "its organisation"):
            return self._reader.organisation()

    def metadata(self) -> Mapping[str, Any]:
        with _read_of(self._connection, "its fields and accounts"):
            return self._reader.metadata()

    def server_time(self) -> str:
        with _read_of(self._connection, "its time"):
            return self._reader.server_time()

    def changed(self, kind: Kind, since: str | None, progress: Progress) -> Page:
        with _read_of(self._connection, kind.name):
            return self._reader.changed(kind, since, progress)

    def calls(self) -> Mapping[str, int]:
        return self._reader.calls()


class GuardedWriter:
    """``writer`` with its answers guarded."""

    def __init__(self, connection: str, writer: Writer) -> None:
        self._connection = connection
        self._writer = writer
        self.batch = writer.batch

    def create(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        with _read_of(self._connection, kind.name):
            return self._writer.create(kind, bodies, key)

    def update(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        with _read_of(self._connection, kind.name):
            return self._writer.update(kind, bodies, key)

    def read(self, kind: Kind, ids: Iterable[str]) -> list[Record]:
        with _read_of(self._connection, kind.name):
            return self._writer.read(kind, ids)

    def find(self, kind: Kind, field: str, values: Sequence[str]) -> list[Record]:
        with _read_of(self._connection, kind.name):
            return self._writer.find(kind, field, values)
