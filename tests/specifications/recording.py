"""Keeps every exchange with a sandbox, and every request of an adapter, while tests run: one file for each that is new.

Only the standard library, and nothing of the tests: a ``zx`` that runs as a child records too (``in_children``). The
folder is named by the environment variable ``ZX_RECORD``; without it nothing is recorded.
"""

from __future__ import annotations

import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode, urlsplit

VARIABLE = "ZX_RECORD"
_KEPT_HEADERS = ("user-agent", "accept", "content-type", "if-modified-since", "idempotency-key", "xero-tenant-id")
# What differs in every answer and says nothing: without it the same answer is kept once.
_PASSING = re.compile(rb'"(?:Id|DateTimeUTC)":\s*"[^"]*"')


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``status`` is 0 for a request whose answer came from no sandbox.

    ``sent`` and ``received`` are header lines by lower-case name; bodies are text, undecodable bytes escaped.
    """

    system: str
    method: str
    path: str
    query: str
    sent: Mapping[str, str]
    request: str
    status: int
    received: Mapping[str, str]
    answer: str
    test: str

    @property
    def by_zx(self) -> bool:
        return self.sent.get("user-agent", "").startswith("zx/")


class Recorder:
    """Writes exchanges into ``folder``, each under the digest of what it says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()

    def keep(self, exchange: Exchange) -> None:
        said = asdict(exchange) | {"test": "", "answer": ""}
        text = json.dumps(said, sort_keys=True).encode() + _PASSING.sub(b"", exchange.answer.encode())
        digest = hashlib.blake2b(text, digest_size=16).hexdigest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        path = self._folder / f"{digest}.json"
        if not path.exists():
            path.write_text(json.dumps(asdict(exchange)), encoding="utf-8")


def read(folder: Path) -> list[Exchange]:
    """Everything recorded; a file that a killed process left unfinished is passed over."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(Exchange(**json.loads(path.read_text(encoding="utf-8"))))
        except ValueError:
            continue
    return found


def install() -> None:
    """Records from now on, in this process, into the folder that ``ZX_RECORD`` names."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return
    recorder = Recorder(Path(folder))
    hooks = {"zx.sandbox.app": _hook_sandbox, "zx.adapters.http.exchange": _hook_adapter}
    for name in [name for name in hooks if name in sys.modules]:
        hooks.pop(name)(sys.modules[name], recorder)
    sys.meta_path.insert(0, _AfterImport(hooks, recorder))


_Hook = Callable[[ModuleType, Recorder], None]


class _AfterImport(importlib.abc.MetaPathFinder):
    """Hooks a module right after its import, so that a command that needs no sandbox imports none."""

    def __init__(self, hooks: dict[str, _Hook], recorder: Recorder) -> None:
        self._hooks = hooks
        self._recorder = recorder

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        hook = self._hooks.pop(name, None)
        if hook is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            hook(module, self._recorder)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _hook_sandbox(module: ModuleType, recorder: Recorder) -> None:
    call = module.Sandbox.__call__

    def recorded(self: Any, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else b""
        environ["wsgi.input"] = io.BytesIO(body)
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told[:] = [int(status.split(" ", 1)[0]), {name.lower(): value for name, value in headers}]
            return start_response(status, headers, *more)

        chunks = call(self, environ, start)
        answer = b"".join(chunks)
        getattr(chunks, "close", lambda: None)()
        status, received = told
        sent = {name: environ["HTTP_" + name.upper().replace("-", "_")] for name in _sent_names(environ)}
        if environ.get("CONTENT_TYPE"):
            sent["content-type"] = environ["CONTENT_TYPE"]
        recorder.keep(
            Exchange(
                self.system,
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
                environ.get("QUERY_STRING", ""),
                sent,
                body.decode(errors="backslashreplace"),
                status,
                received,
                answer.decode(errors="backslashreplace"),
                _test(),
            )
        )
        return [answer]

    module.Sandbox.__call__ = recorded


def _hook_adapter(module: ModuleType, recorder: Recorder) -> None:
    """Requests alone: their answers may come from a server that a test made up."""
    send = module.Exchange.send

    def recorded(self: Any, method: str, url: str, **given: Any) -> Any:
        sent = {"user-agent": "zx/tests", "accept": "application/json"}
        sent |= {name.lower(): value for name, value in (given.get("headers") or {}).items()}
        recorder.keep(
            Exchange(
                self._connection.partition(".")[0],
                method,
                urlsplit(url).path,
                urlencode(given.get("params") or {}),
                {name: value for name, value in sorted(sent.items()) if name in _KEPT_HEADERS},
                (given.get("data") or b"").decode(errors="backslashreplace"),
                0,
                {},
                "",
                _test(),
            )
        )
        return send(self, method, url, **given)

    module.Exchange.send = recorded


def _sent_names(environ: Mapping[str, Any]) -> list[str]:
    return [name for name in _KEPT_HEADERS if "HTTP_" + name.upper().replace("-", "_") in environ]


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
