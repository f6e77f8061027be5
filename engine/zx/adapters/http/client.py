"""A connection's door to its API: signs, counts, waits, retries reads, and says what went wrong in our classes."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from zx.adapters.http.exchange import Answer, Exchange
from zx.ports.clock import Clock
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, RemoteError, Unknown
from zx.values import jsontext
from zx.values.dataclass import dataclass
from zx.values.dates import instant_text
from zx.values.money import decimal_from

READ_ATTEMPTS = 4
BACKOFF_S = (1.0, 2.0, 4.0)
LONGEST_WAIT_S = 65.0  # a minute limit, and a little: anything longer is for a person or a schedule to wait out

_FRESH_S = 60.0
_COMPARE = "compare `api` and `tenant` in zx.toml with what `zx sandbox serve` prints; nothing was changed there"
_LEFT_HEADERS = ("x-daylimit-remaining", "x-api-credits-remaining")


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked of the service, before it is signed."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    body: Any = None
    accept: Collection[int] = ()


class Signer(Protocol):
    """Whoever holds the access token of a connection."""

    def authorization(self) -> str:
        """The value of the Authorization header; renews a token that is about to expire."""

    def renew(self, refused: str) -> bool:
        """Replace the token behind ``refused``, once for all who ask; False when that would change nothing."""


class Refusals(Protocol):
    """How a system words a refusal."""

    def is_permission(self, answer: Answer) -> bool:
        """Whether a 401 is about scope or permission, so that a new token would not help."""

    def limit_problem(self, answer: Answer) -> str:
        """Which limit a 429 is about: ``day``, ``minute``, ``concurrent``, ``appminute`` or empty."""

    def message(self, answer: Answer) -> str:
        """What the service says, in its own words; empty when it says nothing readable."""


class Client:
    """Requests of one connection against one pinned base address."""

    def __init__(
        self, connection: str, base: str, *, exchange: Exchange, signer: Signer, refusals: Refusals, clock: Clock
    ) -> None:
        self.connection = connection
        self._base = base
        self._exchange = exchange
        self._signer = signer
        self._refusals = refusals
        self._clock = clock
        self._lock = threading.Lock()
        self._made = 0
        self._left_today: int | None = None
        self._settle: str | None = None
        self._date: tuple[datetime, float] | None = None

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """A read: 2xx, 304 and what ``accept`` names come back; asked again a few times where that can help."""
        return self._reading(_Request("GET", path, params, headers, accept=accept))

    def query(self, path: str, body: Any, accept: Collection[int] = ()) -> Answer:
        """A read that travels as POST (Zoho's COQL): it changes nothing, so it is retried like any read."""
        return self._reading(_Request("POST", path, body=body, accept=accept))

    def write(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """A write, sent once. Only a 401 is sent again, with a new token: it was certainly not applied (1.6 F17)."""
        return self._signed(_Request(method, path, params, headers, body, accept))

    def calls(self) -> dict[str, int]:
        with self._lock:
            made = {"made": self._made}
            return made if self._left_today is None else {**made, "left_today": self._left_today}

    def settle_s(self, default: float) -> float:
        """What the simulator states in ``X-Zx-Settle`` of its answers, in seconds."""
        stated = decimal_from(self._settle) if self._settle else None
        return float(stated) if stated is not None and stated >= 0 else default

    def server_time(self) -> str | None:
        """The service's clock as of its last answer; None when that was long ago or gave no date."""
        if self._date is None or self._clock.monotonic() - self._date[1] > _FRESH_S:
            return None
        return instant_text(self._date[0])

    def _reading(self, request: _Request) -> Answer:
        for wait_s in (*BACKOFF_S, None):
            try:
                return self._signed(request)
            except (NotReached, Unknown, Limited) as error:
                pause = self._pause(error, wait_s)
                if pause is None:
                    raise
                self._clock.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, error: RemoteError, wait_s: float | None) -> float | None:
        """Seconds until the next attempt at a read, or None to give up."""
        if wait_s is None or (isinstance(error, NotReached) and "simulator" in error.advice):
            return None
        if isinstance(error, Limited):
            if error.problem == "day":
                return None
            wait_s = error.retry_after_s if error.retry_after_s is not None else wait_s
        return wait_s if wait_s <= LONGEST_WAIT_S else None

    def _signed(self, request: _Request) -> Answer:
        data = None if request.body is None else jsontext.dumps(request.body).encode()
        headers = {**(request.headers or {}), **({} if data is None else {"Content-Type": "application/json"})}
        for may_renew in (True, False):
            authorization = self._signer.authorization()
            answer = self._exchange.send(
                request.method,
                self._base + request.path,
                params=request.params,
                headers=headers,
                data=data,
                authorization=authorization,
            )
            self._note(answer)
            expired = answer.status == 401 and not self._refusals.is_permission(answer)
            if not (expired and may_renew and self._signer.renew(authorization)):
                return self._checked(answer, request.accept)
        raise AssertionError("the second answer is checked")

    def _note(self, answer: Answer) -> None:
        left = next((answer.headers[name] for name in _LEFT_HEADERS if name in answer.headers), "")
        date = _http_date(answer.headers.get("date", ""))
        with self._lock:
            self._made += 1
            if left.isdigit():
                self._left_today = int(left)
            self._settle = answer.headers.get("x-zx-settle", self._settle)
            if date is not None:
                self._date = (date, self._clock.monotonic())

    def _checked(self, answer: Answer, accept: Collection[int]) -> Answer:
        """``answer`` where the caller can use it, else the class of reliability 1.3."""
        status = answer.status
        if 200 <= status < 300 or status == 304 or status in accept:
            return answer
        said = self._refusals.message(answer)
        because = f": {said}" if said else ""
        where = self.connection
        if status == 401:
            raise NotAllowed(
                where,
                f"{where} does not accept zx's sign-in{because}",
                _COMPARE if self._exchange.simulated else "give it a new sign-in; nothing was changed there",
            )
        if status == 403:
            raise NotAllowed(
                where,
                f"{where} refused access{because}",
                _COMPARE
                if self._exchange.simulated
                else "the signed-in user needs access to this organisation; nothing was changed there",
            )
        if status == 429:
            raise self._limited(answer)
        if 400 <= status < 500:
            raise Refused(where, f"{where} refused the request (HTTP {status}){because}")
        raise Unknown(
            where,
            f"{where} had a fault of its own (HTTP {status}){because}",
            "run the command again in a few minutes: zx first asks what arrived",
        )

    def _limited(self, answer: Answer) -> Limited:
        problem = self._refusals.limit_problem(answer)
        after = answer.headers.get("retry-after", "")
        names = {
            "day": "today's calls are used up",
            "minute": "the calls of this minute are used up",
            "concurrent": "too many calls at once",
            "appminute": "the app's calls of this minute are used up",
        }
        return Limited(
            self.connection,
            f"{self.connection} accepts no more calls for now: {names.get(problem, 'a call limit was reached')}",
            "nothing was sent; run the command again later",
            retry_after_s=float(after) if after.isdigit() else None,
            problem=problem,
        )


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
