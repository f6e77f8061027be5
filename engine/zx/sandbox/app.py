"""``open_sandbox``: a simulator as a WSGI application, with the few things a person may do to it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from zx.catalog.load import packaged
from zx.ports.clock import Clock
from zx.sandbox.folder import Data, digest_of, read_data
from zx.sandbox.store import Store
from zx.sandbox.xero.service import XeroService
from zx.sandbox.zoho.service import ZohoService
from zx.values.jsontext import dumps, loads

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SETTLE_S = 2
"""What a sandbox can delay at most (design 3); only a fault script would raise it."""
_BODY_LIMIT = 10 * 1024 * 1024  # reference/xero 5.4; Zoho's own limit is not published
_log = logging.getLogger(__name__)


class Service(Protocol):
    """One system. Every method is called inside a transaction of the store."""

    def load(self, data: Data) -> None:
        """Copies ``data`` into the empty store and mints the organisation's identity."""

    def answer(self, request: Request) -> Response:
        """``request.environ["zx.at_once"]``: how many requests the service has in hand, this one included."""

    def credentials(self) -> dict[str, str]: ...

    def dump(self) -> dict[str, list[dict[str, Any]]]: ...

    def edit(self, collection: str, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]: ...


class Sandbox:
    """One simulated organisation: a WSGI callable over one SQLite file. Threads and processes may share the file."""

    settle_s = SETTLE_S

    def __init__(self, system: str, store: Store, service: Service, folder: Path | None) -> None:
        self.system = system
        self._store = store
        self._service = service
        self._folder = folder
        self._credentials: dict[str, str] | None = None
        self._at_once = 0
        self._counting = threading.Lock()
        with store.transaction():
            if store.meta("copied") is None:
                self._copy()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _BODY_LIMIT
        with self._counting:
            self._at_once += 1
            environ["zx.at_once"] = self._at_once
        try:
            with self._store.transaction():
                response = self._service.answer(request)
                self._date(response)
        except RequestEntityTooLarge:
            response = Response("The request is too large.\n", 413, mimetype="text/plain")
        except Exception as error:
            # A mistake of the simulator must not look like an answer of the service: say whose it is.
            _log.error(
                "The %s sandbox failed at %s %s: %s",
                self.system,
                request.method,
                request.path,
                error,
                exc_info=_log.isEnabledFor(logging.DEBUG),
            )
            response = Response(f"The {self.system} sandbox itself failed: {error}\n", 500, mimetype="text/plain")
        finally:
            with self._counting:
                self._at_once -= 1
        response.headers["X-Zx-Settle"] = str(SETTLE_S)
        return response(environ, start_response)

    @property
    def credentials(self) -> dict[str, str]:
        """``client_id``, ``client_secret``, ``refresh_token`` (this object's own consent) and, for Xero, ``tenant``."""
        with self._store.transaction():
            if self._credentials is None:
                self._credentials = self._service.credentials()
            return {**self._credentials, **self._identity()}

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every collection, each record in full as the API would return it; numbers are Decimals."""
        with self._store.transaction():
            return self._service.dump()

    def edit(self, collection: str, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Merges ``fields`` into a record (or makes one for the id ``new``) as a person in the web page would.

        Totals are recomputed and the modified time moves; none of the API's restrictions apply. Rows with an id
        are merged into the row of that id and the others stay; rows without any id replace all rows. Returns the record
        as the API would. Raises UnknownRecord.
        """
        with self._store.transaction():
            return self._service.edit(collection, record_id, _exact(fields))

    def reset(self) -> None:
        """Starts over from the data as it is now: a new organisation, nothing of the old one kept but its sign-ins."""
        with self._store.transaction():
            self._copy()

    def data_changed(self) -> bool:
        """Whether the data folder differs from what was copied. The packaged demo never does."""
        if self._folder is None:
            return False
        with self._store.transaction():
            return self._store.meta("data_digest") != digest_of(self._folder)

    def close(self) -> None:
        self._store.close()

    def _copy(self) -> None:
        data = read_data(self.system, self._folder)
        self._store.clear()
        self._service.load(data)
        self._store.set_meta("data_digest", data.digest)
        self._store.set_meta("copied", "1")

    def _identity(self) -> dict[str, str]:
        tenant = self._store.meta("tenant")
        return {} if tenant is None else {"tenant": tenant}

    def _date(self, response: Response) -> None:
        """The ``Date`` of an answer is a promise: nothing written later carries an earlier stamp."""
        moment = self._store.now().replace(microsecond=0)
        if self.system == "zoho":
            self._store.seen(moment)
        response.headers["Date"] = format_datetime(moment.astimezone(UTC), usegmt=True)


def open_sandbox(
    system: Literal["zoho", "xero"],
    store: Path,
    data: Path | None,
    clock: Clock,
    *,
    limits: bool = False,
    per_day: int | None = None,
) -> Sandbox:
    """Opens the sandbox kept in the file ``store``, made when it is new from the folder ``data`` (None: the demo).

    ``limits``: answer 429 beyond the service's call limits; without it calls are counted and told, never refused.
    ``per_day``: how many calls a day are allowed then; None: as many as the service allows.
    Raises SandboxDataError when the data cannot be read.
    """
    if system == "zoho":
        kept = Store(store, clock, timedelta(seconds=1))
        return Sandbox(system, kept, ZohoService(kept, packaged(), limits=limits, per_day=per_day), data)
    kept = Store(store, clock, timedelta(milliseconds=1))
    return Sandbox(system, kept, XeroService(kept, limits=limits, per_day=per_day), data)


def _exact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """``fields`` with every number as a Decimal, whoever wrote them."""
    result: dict[str, Any] = loads(dumps(fields))
    return result
