"""Two remote systems behind one narrow door each, and the classes of what can go wrong (reliability 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.values.dataclass import dataclass

Progress = Callable[[str, int, int | None], None]
"""Told what is being read, how many so far and how many there will be (None when nobody knows)."""


class RemoteError(Exception):
    """Something between zx and a remote system. ``connection`` names it (``xero.books``), ``advice`` what to do
    next."""

    def __init__(self, connection: str, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.connection = connection
        self.message = message
        self.advice = advice


class NotReached(RemoteError):
    """Certainly not applied: no byte of a request arrived (name, connection or TLS failed)."""


class Unknown(RemoteError):
    """May or may not have been applied: time-out or reset after sending, 5xx, an answer that makes no sense."""


class Limited(RemoteError):
    """Certainly not applied: a call limit. ``retry_after_s`` where the service said so; ``problem`` names the limit."""

    def __init__(
        self, connection: str, message: str, advice: str = "", *, retry_after_s: float | None = None, problem: str = ""
    ) -> None:
        super().__init__(connection, message, advice)
        self.retry_after_s = retry_after_s
        self.problem = problem


class NotAllowed(RemoteError):
    """Certainly not applied: sign-in expired for good, consent withdrawn, scope or permission missing."""


class Refused(RemoteError):
    """Certainly not applied: the service refused the whole request (a 400 that names no element)."""


class Verdict(StrEnum):
    DONE = "done"
    """Applied: an id came back and the fields we care about were echoed."""
    REJECTED = "rejected"
    """Not applied, and sending it again changes nothing: a validation error for this element."""
    EXISTS = "exists"
    """Not applied: a record with this number, code or name is there already. Look before doing anything else."""
    UNKNOWN = "unknown"
    """No verdict for this element."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a service said of one element of a write. ``record`` is what came back, where it came back whole."""

    verdict: Verdict
    id: str | None = None
    record: Record | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Changes of one kind since a cursor. ``deleted`` are ids that are gone for certain (never inferred from
    absence)."""

    records: tuple[Record, ...]
    deleted: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads one connection. Every method may raise RemoteError."""

    def organisation(self) -> Organisation: ...

    def metadata(self) -> Mapping[str, Any]:
        """What this organisation adds to the packaged catalogue, as plain JSON data (``zx.catalog.live`` reads it)."""

    def server_time(self) -> str:
        """The service's own clock, an instant as text: the start of a cursor."""

    def changed(self, kind: Kind, since: str | None, progress: Progress) -> Page:
        """All records of ``kind`` (None), or those changed at or after the instant ``since``; whole, with their
        lines."""

    def calls(self) -> Mapping[str, int]:
        """Calls made by this reader so far, and what the service says is left: ``{"made": 4, "left_today": 812}``."""


class Writer(Protocol):
    """Writes one connection: one method call is at most one HTTP request. Never retries. May raise RemoteError.

    ``bodies`` are whole elements in the service's own field names, with Decimals for numbers.
    """

    batch: int
    """How many elements one request may carry."""

    def create(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        """Creates only (PUT in Xero, insert in Zoho); one result per body, in order."""

    def update(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        """Each body carries the record's id; a body without one is a programming error.

        A body of a Xero credit note that carries ``Allocations`` sets the note against invoices and changes nothing
        else; it goes alone.
        """

    def read(self, kind: Kind, ids: Iterable[str]) -> list[Record]:
        """The records as they are now; one that is gone is left out."""

    def find(self, kind: Kind, field: str, values: Sequence[str]) -> list[Record]:
        """All records whose ``field`` equals one of ``values`` exactly, dead and archived ones too: the marker
        query."""
