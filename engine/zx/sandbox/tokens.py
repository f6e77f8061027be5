"""OAuth tokens of either service, kept in the store. All are opaque; a *chain* is one consent of one person."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from zx.sandbox.store import Store

SIMULATOR = "zx-simulator"
"""Client id, client secret and refresh token that every sandbox takes besides those it minted: a workspace that names
a running simulator by its address alone (design 3, ``api``) signs in with them. Only loopback ever sees them."""


@dataclass(frozen=True, slots=True)
class Token:
    """``expires`` and ``used`` are seconds since 1970; ``used``: when a successor was first asked for."""

    token: str
    kind: str
    chain: str
    scope: str
    expires: float
    used: float | None


def mint(store: Store, kind: str, chain: str, scope: str, life: timedelta, prefix: str = "") -> str:
    """A new token of ``kind`` (``access``, ``refresh``, ``code``)."""
    token = prefix + secrets.token_hex(24)
    now = store.now().timestamp()
    store.execute("DELETE FROM token WHERE expires < ?", (now - 86_400,))
    store.execute(
        "INSERT INTO token VALUES (?, ?, ?, ?, ?, NULL)", (token, kind, chain, scope, now + life.total_seconds())
    )
    return token


def known(store: Store, kind: str, token: str) -> Token | None:
    """The token as it stands, also when it is past its life."""
    rows = store.execute("SELECT * FROM token WHERE token = ? AND kind = ?", (token, kind))
    return Token(*rows[0]) if rows else None


def alive(store: Store, kind: str, token: str) -> Token | None:
    found = known(store, kind, token)
    return found if found is not None and found.expires > store.now().timestamp() else None


def mark_used(store: Store, token: Token) -> None:
    """Notes the first use; later ones do not move it."""
    store.execute("UPDATE token SET used = ? WHERE token = ? AND used IS NULL", (store.now().timestamp(), token.token))


def forget(store: Store, token: Token) -> None:
    store.execute("DELETE FROM token WHERE token = ?", (token.token,))


def revoke_chain(store: Store, chain: str) -> None:
    store.execute("DELETE FROM token WHERE chain = ?", (chain,))


def stand(store: Store, scope: str) -> None:
    """Keeps the consent behind the refresh token ``SIMULATOR``, which never ends and is never superseded."""
    store.execute(
        "INSERT OR REPLACE INTO token VALUES (?, 'refresh', ?, ?, ?, NULL)", (SIMULATOR, SIMULATOR, scope, 1e12)
    )


def client_of(store: Store, prefix: str) -> dict[str, str]:
    """The one client registered with a sandbox; it outlives a reset, so a running client stays signed in."""
    text = store.meta("client")
    if text is None:
        text = json.dumps({"client_id": prefix + secrets.token_hex(12).upper(), "client_secret": secrets.token_hex(20)})
        store.set_meta("client", text)
    client: dict[str, str] = json.loads(text)
    return client
