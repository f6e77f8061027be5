"""A scripted network: every request is recorded and answered from a list or by a function. No socket is opened."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from zx.adapters.connect import Connection, ConnectionSpec, connect

DATE = "Tue, 31 Mar 2026 04:05:06 GMT"


@dataclass(frozen=True)
class Sent:
    """One request as it left."""

    method: str
    host: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Answering = Reply | Exception | Callable[[Sent], Reply]
TOKEN = Reply(body={"access_token": "at-1", "expires_in": 1800, "token_type": "Bearer"})


class Wire(BaseAdapter):
    """Replies to token calls with ``token`` replies in turn (the last one for ever), to others from ``replies``."""

    def __init__(self, *replies: Answering, token: tuple[Answering, ...] = (TOKEN,)) -> None:
        super().__init__()
        self.replies = list(replies)
        self.token = list(token)
        self.sent: list[Sent] = []
        self.tokens_asked: list[Sent] = []

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        assert timeout is not None, "every request has a time limit"
        url = urlsplit(request.url or "")
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()  # type: ignore[union-attr]
        params = dict(parse_qsl(url.query))
        sent = Sent(request.method or "", url.netloc, url.path, params, request.headers, body)
        if url.path.endswith("/token"):
            self.tokens_asked.append(sent)
            answer = self.token.pop(0) if len(self.token) > 1 else self.token[0]
        else:
            self.sent.append(sent)
            assert self.replies, f"nobody expected {sent.method} {sent.path}"
            answer = self.replies.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return self._response(request, answer if isinstance(answer, Reply) else answer(sent))

    def close(self) -> None: ...

    def _response(self, request: requests.PreparedRequest, reply: Reply) -> requests.Response:
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update({"Date": DATE, **reply.headers})
        response.url = request.url or ""
        response.request = request
        response.raw = HTTPResponse(body=io.BytesIO(reply.bytes()), status=reply.status, preload_content=False)
        return response


class StillClock:
    """Stands at one instant; sleeping moves it and is remembered."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 31, 4, 5, 6, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


class MemoryTokens:
    def __init__(self, **kept: dict[str, Any]) -> None:
        self.kept: dict[str, dict[str, Any]] = {name.replace("_", "."): value for name, value in kept.items()}
        self.saved: list[dict[str, Any]] = []

    def load(self, name: str) -> dict[str, Any] | None:
        return self.kept.get(name)

    def save(self, name: str, tokens: dict[str, Any]) -> None:
        self.kept[name] = tokens
        self.saved.append(tokens)


def spec(system: Literal["zoho", "xero"], **changes: Any) -> ConnectionSpec:
    base = f"http://{system}-demo.localhost"
    settings: dict[str, Any] = {
        "name": f"{system}.demo",
        "system": system,
        "api": base,
        "identity": base,
        "client_id": "client",
        "client_secret": "secret",
        "refresh_token": "rt-0",
        "tenant": "tenant-1" if system == "xero" else None,
        "simulated": True,
    }
    return ConnectionSpec(**{**settings, **changes})


def connected(
    wire: Wire,
    system: Literal["zoho", "xero"],
    clock: StillClock | None = None,
    tokens: MemoryTokens | None = None,
    **changes: Any,
) -> Connection:
    session = requests.Session()
    session.mount("http://", wire)
    session.mount("https://", wire)
    return connect(spec(system, **changes), session, clock or StillClock(), tokens or MemoryTokens())
