"""The simulator on loopback: one threaded server per sandbox. Addresses are known as soon as ``serve`` returns."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from zx.sandbox.errors import PortInUse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = "127.0.0.1"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_log = logging.getLogger(__name__)


class _QuietHandler(WSGIRequestHandler):
    """Says nothing of requests that went well: stdout belongs to data, stderr to people."""

    def log(self, type: str, message: str, *args: Any) -> None:
        _log.debug(message, *args)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without the library's own ``Date``: the one of an answer comes from the sandbox's clock."""
        self.log_request(code)
        self.send_response_only(code, message)


@dataclass(slots=True)
class Served:
    """Running servers. ``addresses``: base URL by name, without a final slash."""

    addresses: Mapping[str, str]
    _running: list[tuple[BaseWSGIServer, threading.Thread, socket.socket]]

    def close(self) -> None:
        """Stops all servers; requests in flight are answered first."""
        for server, thread, listener in self._running:
            server.shutdown()
            thread.join()
            server.server_close()
            listener.close()
        self._running = []

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(apps: Mapping[str, WSGIApplication], ports: Mapping[str, int | None]) -> Served:
    """Serves each app on 127.0.0.1 at its port (a free one for None or when it is not named). Raises PortInUse."""
    running: list[tuple[BaseWSGIServer, threading.Thread, socket.socket]] = []
    addresses: dict[str, str] = {}
    try:
        for name, app in apps.items():
            listener = _listen(name, ports.get(name))
            port = listener.getsockname()[1]
            server = make_server(
                _HOST, port, loopback_only(app), threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
            )
            thread = threading.Thread(target=server.serve_forever, name=f"sandbox {name}", daemon=True)
            running.append((server, thread, listener))
            addresses[name] = f"http://{_HOST}:{port}"
    except PortInUse:
        for server, _, listener in running:
            server.server_close()
            listener.close()
        raise
    for _, thread, _ in running:
        thread.start()
    return Served(addresses, running)


def loopback_only(app: WSGIApplication) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """``app`` behind a check of the Host header, so that no web page can reach it under a name of its own."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", ""))
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name.lower() not in _LOOPBACK:
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"The sandbox answers on loopback only.\n"]
        return app(environ, start_response)

    return guarded


def _listen(name: str, port: int | None) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port or 0))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortInUse(name, port or 0) from None
        raise
    return listener
