"""The network between zx and one service: every outcome class of reliability 1.3, late application included."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import NewConnectionError

from tests.world.clocks import TrueClock
from tests.world.effects import Effects
from zx.sandbox.transport import SandboxTransport

READ_FAULTS = ("refused", "timeout", "unavailable", "limited", "truncated")
WRITE_FAULTS = (
    "refused",
    "lost request",
    "lost answer",
    "late",
    "5xx before",
    "5xx after",
    "limited",
    "truncated",
    "garbage",
    "twice",
)


@dataclass(slots=True)
class Weather:
    """Which faults a story has (a swarm: each story another choice), how often, and how late a late request may be."""

    chance: Random
    share: float
    writes: Collection[str]
    reads: Collection[str]
    latest_s: float
    injected: Counter[str] = field(default_factory=Counter)

    def draw(self, writing: bool) -> str | None:
        kinds = sorted(self.writes if writing else self.reads)
        # A life reads thirty times as often as it writes.
        if not kinds or self.chance.random() >= (self.share if writing else self.share / 20):
            return None
        fault = self.chance.choice(kinds)
        self.injected[fault] += 1
        return fault


CALM = Weather(Random(0), 0.0, (), (), 0.0)


class Wire(BaseAdapter):
    """Carries requests of one life to ``service``. ``sees`` is told each write just before it leaves."""

    def __init__(
        self,
        service: SandboxTransport,
        effects: Effects,
        clock: TrueClock,
        weather: Weather,
        sees: Callable[[requests.PreparedRequest], None],
    ) -> None:
        super().__init__()
        self._service = service
        self._effects = effects
        self._clock = clock
        self._weather = weather
        self._sees = sees

    def send(self, request: requests.PreparedRequest, *arguments: Any, **more: Any) -> requests.Response:
        path = urlsplit(request.url or "").path
        writing = request.method in ("PUT", "POST", "DELETE") and not path.endswith(("/token", "/coql"))
        name = f"{request.method} {path}"
        if writing:
            self._sees(request)
        self._effects.point(f"before {name}")
        self._clock.pass_time(self._weather.chance.uniform(0.05, 0.4))
        response = self._exchange(request, self._weather.draw(writing), writing)
        self._effects.point(f"after {name}")
        return response

    def _exchange(self, request: requests.PreparedRequest, fault: str | None, writing: bool) -> requests.Response:
        if fault == "refused":
            raise requests.exceptions.ConnectionError(NewConnectionError(None, "refused"))  # type: ignore[arg-type]
        if fault in ("lost request", "timeout"):
            self._clock.pass_time(60)
            raise requests.exceptions.ReadTimeout("no answer")
        if fault == "late":
            self._clock.after(self._weather.chance.uniform(1, self._weather.latest_s), lambda: self._applied(request))
            self._clock.pass_time(60)
            raise requests.exceptions.ReadTimeout("no answer")
        if fault in ("5xx before", "unavailable"):
            return _answer(request, 503, b"<html>Service Unavailable</html>")
        if fault == "limited":
            return _answer(request, 429, b"", {"Retry-After": "5", "X-Rate-Limit-Problem": "minute"})
        response = self._applied(request)
        if fault == "lost answer":
            raise requests.exceptions.ConnectionError("connection reset by peer")
        if fault == "5xx after":
            return _answer(request, 502, b"<html>Bad Gateway</html>")
        if fault == "truncated":
            return _answer(request, response.status_code, response.content[: len(response.content) // 2])
        if fault == "garbage":
            return _answer(request, response.status_code, b"\x1f\x8b garbage")
        if fault == "twice" and writing:
            self._applied(request)
        return response

    def _applied(self, request: requests.PreparedRequest) -> requests.Response:
        return self._service.send(request)

    def close(self) -> None:
        """Nothing is held."""


def _answer(
    request: requests.PreparedRequest, status: int, body: bytes, headers: dict[str, str] | None = None
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.raw = HTTPResponse(body=io.BytesIO(body), status=status, preload_content=False)
    response.headers.update(headers or {})
    response.url = request.url or ""
    response.request = request
    _ = response.content
    return response
