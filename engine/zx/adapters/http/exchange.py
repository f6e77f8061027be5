"""One request, one answer: the only place of the adapters where bytes leave. Never retries, never follows."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests.models import PreparedRequest
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

import zx
from zx.ports.remote import NotReached, Unknown
from zx.values import jsontext
from zx.values.dataclass import dataclass

CONNECT_S = 10.0
READ_S = 60.0
MAX_BYTES = 32 * 1024 * 1024

_NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    NewConnectionError,
    ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body, every number a Decimal. Raises ValueError for anything that is not clean JSON."""
        try:
            return jsontext.loads(self.body)
        except RecursionError as error:
            raise ValueError("JSON nested too deep") from error

    def json_or_none(self) -> Any:
        """The parsed body, or None for a body that is no JSON (HTML of a gateway, plain text, nothing)."""
        try:
            return self.json()
        except ValueError:
            return None


class _Authorization(AuthBase):
    """Sets the header itself, so that no ``.netrc`` of the machine can put another in its place."""

    def __init__(self, value: str | None) -> None:
        self._value = value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._value is not None:
            request.headers["Authorization"] = self._value
        return request


class Exchange:
    """Sends requests of one connection over a session that was handed in."""

    def __init__(self, connection: str, session: requests.Session, *, simulated: bool) -> None:
        self._connection = connection
        self._session = session
        self.simulated = simulated

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
        authorization: str | None = None,
    ) -> Answer:
        """Raises NotReached when certainly no byte of the request arrived, Unknown when it may have been applied."""
        request = requests.Request(
            method,
            url,
            params=params,
            headers={"User-Agent": f"zx/{zx.__version__}", "Accept": "application/json", **(headers or {})},
            data=data,
            auth=_Authorization(authorization),
        )
        prepared = self._session.prepare_request(request)
        # A simulator is on this machine: a proxy of the environment must not see it.
        settings = (
            {"proxies": {}, "verify": True, "cert": None}
            if self.simulated
            else self._session.merge_environment_settings(prepared.url, {}, None, None, None)
        )
        settings["stream"] = True
        try:
            with self._session.send(
                prepared, timeout=(CONNECT_S, READ_S), allow_redirects=False, **settings
            ) as response:
                body = self._capped(response)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, body)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._classified(error, urlsplit(url).netloc) from error

    def _capped(self, response: requests.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(65536):
            size += len(part)
            if size > MAX_BYTES:
                raise Unknown(
                    self._connection,
                    f"{self._connection} answered with more than {MAX_BYTES // 2**20} MiB; zx read no further",
                    "if this repeats, please report it together with the name of the command",
                )
            parts.append(part)
        return b"".join(parts)

    def _classified(self, error: Exception, host: str) -> NotReached | Unknown:
        if any(isinstance(cause, _NEVER_SENT) for cause in _causes(error)):
            if self.simulated:
                advice = "is the simulator running? start it with `zx sandbox serve`"
            else:
                advice = "check the network of this machine, then run the command again"
            message = f"{self._connection} could not be reached at {host}: {_plainly(error)}; nothing was sent"
            return NotReached(self._connection, message, advice)
        return Unknown(
            self._connection,
            f"{self._connection} was reached and its answer never came: {_plainly(error)}",
            "run the command again: zx first asks what arrived",
        )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything it was raised from or wraps (requests hides urllib3's reason in ``args``)."""
    todo: list[BaseException] = [error]
    seen: set[int] = set()
    while todo:
        current = todo.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        todo += [item for item in inner if isinstance(item, BaseException)]


def _plainly(error: Exception) -> str:
    causes = list(_causes(error))
    for kind, words in (
        (ssl.SSLError, "its certificate or TLS connection is not good"),
        (requests.exceptions.ConnectTimeout, f"no connection within {CONNECT_S:.0f} s"),
        (requests.exceptions.ReadTimeout, f"no answer within {READ_S:.0f} s"),
        (ConnectionRefusedError, "nothing listens there"),
        (NewConnectionError, "no connection could be made"),
        (ConnectionResetError, "the connection was reset"),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection broke"
