"""The simulator without a network: an adapter for ``requests`` that calls the application in this process."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class SandboxTransport(BaseAdapter):
    """``session.mount("http://zoho.demo.sandbox/", SandboxTransport(app))``: the same bytes as over HTTP, no socket.

    Time-outs, certificates and proxies mean nothing here and are ignored.
    """

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        body, status, headers = self._run(request)
        raw = HTTPResponse(
            body=io.BytesIO(body),
            headers=HTTPHeaderDict(headers),
            status=int(status.split(" ", 1)[0]),
            reason=status.split(" ", 1)[-1],
            preload_content=False,
        )
        response = requests.Response()
        response.status_code = raw.status
        response.reason = raw.reason or ""
        response.headers = CaseInsensitiveDict(headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = raw
        response.url = request.url or ""
        response.request = request
        if not stream:
            _ = response.content
        return response

    def _run(self, request: requests.PreparedRequest) -> tuple[bytes, str, list[tuple[str, str]]]:
        sent: Any = request.body
        if isinstance(sent, str):
            sent = sent.encode()
        elif hasattr(sent, "read"):
            sent = sent.read()
        url = urlsplit(request.url or "")
        builder = EnvironBuilder(
            path=url.path or "/",
            base_url=f"{url.scheme}://{url.netloc}/",
            query_string=url.query,
            method=request.method or "GET",
            headers=list(request.headers.items()),
            data=sent or b"",
        )
        try:
            environ = builder.get_environ()
        finally:
            builder.close()
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return b"".join(chunks), status, list(headers.items())

    def close(self) -> None:
        """Nothing is held."""
