"""``python -m tests.cli.struck N HOW COMMAND…``: the ``zx`` command, struck at the N-th effect on disk or wire.

HOW is ``before`` or ``after`` (SIGKILL at that moment; a write is then torn in its middle), or the name of an errno
that the effect raises instead, once (``EIO``) or from then on (``ENOSPC``). N of 0 strikes nothing. With ``STRUCK_LOG``
set to a file, the names of all effects are written there, one a line. A stand-in for ``strace --inject`` (reliability
1.14 T3) that works wherever Python does.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests.adapters

from zx.cli.main import main
from zx.sandbox.transport import SandboxTransport

_WRITING = os.O_WRONLY | os.O_RDWR
_AREAS = ("journal", "state", "reports", "last", "snapshot", "sandbox", "pairs")


class Effects:
    """Counts effects and strikes at the one it was told."""

    def __init__(self, at: int, how: str) -> None:
        self._at = at
        self._how = how
        self._error = getattr(errno, how, None)
        self._paths: dict[int, str] = {}
        self.names: list[str] = []

    def of_os(self, name: str) -> None:
        real = getattr(os, name)

        def counted(*arguments: Any, **more: Any) -> Any:
            if name == "open" and not arguments[1] & _WRITING:
                return real(*arguments, **more)
            handle = isinstance(arguments[0], int)
            if handle and arguments[0] not in self._paths:
                return real(*arguments, **more)
            path = self._paths[arguments[0]] if handle else str(arguments[0])
            torn = (
                (lambda: real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])) if name == "write" else None
            )
            result = self._effect(f"{name} {_area(path)}", lambda: real(*arguments, **more), torn)
            if name == "open":
                self._paths[result] = path
            return result

        setattr(os, name, counted)

    def of_wire(self, adapter: type[requests.adapters.BaseAdapter]) -> None:
        real: Callable[..., requests.Response] = adapter.send

        def counted(sender: Any, request: requests.PreparedRequest, *arguments: Any, **more: Any) -> requests.Response:
            name = f"{request.method} {urlsplit(request.url or '').path}"
            result: requests.Response = self._effect(name, lambda: real(sender, request, *arguments, **more), None)
            return result

        adapter.send = counted  # type: ignore[method-assign, assignment]

    def _effect(self, name: str, real: Callable[[], Any], torn: Callable[[], Any] | None) -> Any:
        self.names.append(name)
        number = len(self.names)
        if self._error is not None and not name.startswith(("GET", "PUT", "POST")):
            lasting = self._how == "ENOSPC" and name.startswith(("write", "open"))
            if number == self._at or (0 < self._at < number and lasting):
                raise OSError(self._error, os.strerror(self._error))
        if number == self._at and self._error is None:
            if self._how == "after":
                (torn or real)()
            os.kill(os.getpid(), signal.SIGKILL)
        return real()


def _area(path: str) -> str:
    parts = Path(path).parts
    return next((name for name in _AREAS if name in parts), "elsewhere")


if __name__ == "__main__":
    effects = Effects(int(sys.argv[1]), sys.argv[2])
    sys.argv = ["zx", *sys.argv[3:]]
    for call in ("write", "fsync", "fdatasync", "replace", "link", "unlink", "mkdir", "open", "ftruncate"):
        if hasattr(os, call):
            effects.of_os(call)
    for one in (SandboxTransport, requests.adapters.HTTPAdapter):
        effects.of_wire(one)
    try:
        main()
    finally:
        if log := os.environ.get("STRUCK_LOG"):
            Path(log).write_text("\n".join(effects.names), encoding="utf-8")
