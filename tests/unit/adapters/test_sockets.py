"""The classes of a broken connection, over real sockets on this machine."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
import requests

from tests.unit.adapters.wire import MemoryTokens, StillClock, spec
from zx.adapters.connect import Connection, connect
from zx.model.record import Kind
from zx.ports.remote import NotReached, Unknown

SIGNED_IN = {
    "access_token": "at",
    "expires_at": "2027-01-01T00:00:00+00:00",
    "refresh_token": "rt",
}
BODY = {"InvoiceNumber": "Z-1"}


def at(port: int) -> Connection:
    base = f"http://127.0.0.1:{port}"
    tokens = MemoryTokens(xero_demo=SIGNED_IN)
    return connect(spec("xero", api=base, identity=base, refresh_token=""), requests.Session(), StillClock(), tokens)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def answer_once(server: socket.socket, answer: bytes, *, reset: bool = False) -> threading.Thread:
    """Takes one request, sends ``answer`` as it stands and hangs up; with ``reset`` rudely."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotReached, match="nothing listens there"):
        at(port).writer.create(Kind("xero", "Invoice"), [BODY], "k")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"])
@pytest.mark.parametrize("reset", [False, True])
def test_an_answer_that_breaks_off_may_have_been_applied(listener: socket.socket, answer: bytes, reset: bool) -> None:
    thread = answer_once(listener, answer, reset=reset)
    with pytest.raises(Unknown):
        at(listener.getsockname()[1]).writer.create(Kind("xero", "Invoice"), [BODY], "k")
    thread.join()


def test_no_proxy_of_the_environment_sees_a_simulator(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    body = b'{"Organisations":[{"OrganisationID":"o","Name":"Demo"}]}'
    thread = answer_once(listener, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert at(listener.getsockname()[1]).reader.organisation().name == "Demo"
    thread.join()
