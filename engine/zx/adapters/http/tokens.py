"""Access tokens: cached, renewed once for all who wait, saved before their first use (reliability 1.6 F17, F18)."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from zx.adapters.http.exchange import Answer, Exchange
from zx.ports.clock import Clock
from zx.ports.remote import Limited, NotAllowed, NotReached, RemoteError, Unknown
from zx.values.dates import instant, instant_text
from zx.values.money import decimal_from

_MARGIN_S = 120


class TokenStore(Protocol):
    """Keeps what a connection signed in with: private, on disk when ``save`` returns."""

    def load(self, name: str) -> dict[str, Any] | None: ...

    def save(self, name: str, tokens: dict[str, Any]) -> None: ...


class TokenRefused(Exception):
    """The identity server does not take this refresh token (``code`` as it says)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Tokens:
    """The access token of one connection (a Signer of the client).

    Both vendors' refresh grant is one form POST (reference/zoho 1.2, reference/xero 1.3, 7.3). Zoho reports errors with
    HTTP 200 and keeps the refresh token; Xero rotates it and accepts the superseded one for 30 minutes: the new one is
    saved before it is used, the old one kept and tried once when the new one is refused.
    """

    def __init__(
        self,
        connection: str,
        *,
        url: str,
        scheme: str,
        client: tuple[str, str],
        refresh_token: str,
        store: TokenStore,
        exchange: Exchange,
        clock: Clock,
        simulated: bool = False,
    ) -> None:
        self._connection = connection
        self._simulated = simulated
        self._url = url
        self._scheme = scheme
        self._client = client
        self._given = refresh_token
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Any] | None = None

    def authorization(self) -> str:
        with self._lock:
            kept = self._kept if self._kept is not None else self._loaded()
            if not self._usable(kept):
                kept = self._refreshed(kept)
            self._kept = kept
            return f"{self._scheme} {kept['access_token']}"

    def renew(self, refused: str) -> bool:
        with self._lock:
            kept = self._loaded()  # another process may have renewed it already
            if not (self._usable(kept) and f"{self._scheme} {kept['access_token']}" != refused):
                kept = self._refreshed(kept)
            self._kept = kept
            return f"{self._scheme} {kept['access_token']}" != refused

    def _loaded(self) -> dict[str, Any]:
        """What the store holds for the sign-in we were given; an older sign-in's tokens are of no use."""
        stored = self._store.load(self._connection) or {}
        if self._given and stored.get("sign_in") != self._sign_in():
            return {"refresh_token": self._given, "sign_in": self._sign_in()}
        return stored

    def _sign_in(self) -> str:
        text = "\n".join((self._url, self._client[0], self._given))
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    def _usable(self, kept: Mapping[str, Any]) -> bool:
        if not kept.get("access_token") or not kept.get("expires_at"):
            return False
        return instant(kept["expires_at"]) - timedelta(seconds=_MARGIN_S) > self._clock.now()

    def _refreshed(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        candidates = [token for token in (kept.get("refresh_token"), kept.get("previous_refresh_token")) if token]
        if not candidates:
            raise NotAllowed(self._connection, f"{self._connection} is not signed in", "give it a new sign-in")
        refusal = ""
        for token in candidates:
            try:
                granted = self._grant(token)
            except TokenRefused as error:
                refusal = error.code
                continue
            fresh = self._merged(kept, token, granted)
            self._store.save(self._connection, fresh)
            return fresh
        raise NotAllowed(
            self._connection,
            f"{self._connection}: the sign-in is no longer accepted ({refusal})",
            "give it a new sign-in; nothing was changed there",
        )

    def _merged(self, kept: Mapping[str, Any], used: str, granted: Mapping[str, Any]) -> dict[str, Any]:
        seconds = decimal_from(str(granted.get("expires_in", "")))
        lifetime = timedelta(seconds=int(seconds) if seconds is not None else 0)
        fresh = {
            "access_token": str(granted["access_token"]),
            "expires_at": instant_text(self._clock.now() + lifetime),
            "refresh_token": str(granted.get("refresh_token") or used),
        }
        if fresh["refresh_token"] != used:
            fresh["previous_refresh_token"] = used
        if sign_in := kept.get("sign_in"):
            fresh["sign_in"] = sign_in
        return fresh

    def _grant(self, refresh_token: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self._client[0],
            "client_secret": self._client[1],
        }
        try:
            answer = self._exchange.send(
                "POST",
                self._url,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                data=urlencode(form).encode(),
            )
        except Unknown as error:
            # Whatever became of the token, the request it was for has not been sent.
            raise NotReached(self._connection, error.message, error.advice) from error
        body = answer.json_or_none()
        if not isinstance(body, dict):
            body = {}
        if 200 <= answer.status < 300 and body.get("access_token"):
            return body
        raise self._failure(answer, body)

    def _failure(self, answer: Answer, body: Mapping[str, Any]) -> RemoteError | TokenRefused:
        error = str(body.get("error", ""))
        described = str(body.get("error_description", ""))
        if answer.status == 429 or "too many requests" in described.lower():
            after = answer.headers.get("retry-after", "")
            return Limited(
                self._connection,
                f"{self._connection} gives out no more access tokens for now",
                "wait ten minutes, then run the command again",
                retry_after_s=float(after) if after.isdigit() else 600.0,
                problem="tokens",
            )
        if error in ("invalid_grant", "invalid_code"):
            return TokenRefused(error)
        if self._simulated and not error:
            return self._no_simulator(answer)
        if error in ("invalid_client", "invalid_client_secret", "unauthorized_client") or answer.status in (401, 403):
            return NotAllowed(
                self._connection,
                f"{self._connection}: the identity server does not know this app ({error or _status(answer)})",
                "check client id, client secret and data centre",
            )
        return NotReached(
            self._connection,
            f"{self._connection}: no access token could be had ({error or _status(answer)})",
            "run the command again in a few minutes",
        )

    def _no_simulator(self, answer: Answer) -> NotReached:
        """What answers here is no simulator, or one in trouble."""
        where = urlsplit(self._url).netloc
        return NotReached(
            self._connection,
            f"{self._connection}: what answers at {where} gives no access token as a simulator does "
            f"({_status(answer)}); nothing was sent",
            "compare `api` in zx.toml with the addresses that `zx sandbox serve` prints",
        )


def _status(answer: Answer) -> str:
    return f"HTTP {answer.status}"
