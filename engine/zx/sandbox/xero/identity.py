"""Xero's identity server and connections (reference/xero 1.3 to 1.5): rotation with half an hour of grace."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from zx.sandbox import tokens
from zx.sandbox.store import Store
from zx.sandbox.xero import consent
from zx.sandbox.xero.organisation import new_id

ACCESS_LIFE = timedelta(minutes=30)
_REFRESH_LIFE = timedelta(days=60)
_GRACE_S = 30 * 60
SCOPES = (
    "openid profile email offline_access accounting.invoices accounting.payments accounting.contacts"
    " accounting.settings"
)
_KNOWN_SCOPES = frozenset(SCOPES.split()) | frozenset(
    f"{scope}.read" for scope in SCOPES.split() if scope.startswith("accounting.")
)
# Any of these grants reading a collection; writing wants one without ``.read`` (reference/xero 1.6).
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "Invoices": ("accounting.invoices",),
    "CreditNotes": ("accounting.invoices",),
    "Quotes": ("accounting.invoices",),
    "Items": ("accounting.invoices", "accounting.settings"),
    "Payments": ("accounting.payments",),
    "Contacts": ("accounting.contacts",),
}


def credentials(store: Store) -> dict[str, str]:
    """Client and a refresh token of a consent of its own, so that two processes never supersede each other's."""
    client = tokens.client_of(store, "")
    chain = f"consent {store.counter('consents')} {new_id()}"
    return {**client, "refresh_token": tokens.mint(store, "refresh", chain, SCOPES, _REFRESH_LIFE)}


def token_answer(store: Store, form: Mapping[str, str], header: str | None) -> tuple[int, dict[str, Any]]:
    """``/connect/token``: status and body."""
    grant = form.get("grant_type")
    if grant == "authorization_code":
        return _exchange(store, form, header)
    if not _client_known(store, form, header):
        return 400, {"error": "invalid_client"}
    if grant == "client_credentials":
        return _scoped(store, form, f"app {new_id()}", SCOPES, refresh=False)
    if grant != "refresh_token":
        return 400, {"error": "unsupported_grant_type"}
    found = tokens.alive(store, "refresh", form.get("refresh_token", ""))
    if found is None or (found.used is not None and store.now().timestamp() - found.used > _GRACE_S):
        return 400, {"error": "invalid_grant"}
    if found.token != tokens.SIMULATOR:
        tokens.mark_used(store, found)
    return _scoped(store, form, found.chain, found.scope, refresh=True)


def authorise(store: Store, asked: Mapping[str, str]) -> tuple[int, Any]:
    """``/identity/connect/authorize``: status, and an address or an error."""
    return consent.approve(store, asked, _KNOWN_SCOPES)


def _exchange(store: Store, form: Mapping[str, str], header: str | None) -> tuple[int, dict[str, Any]]:
    """Tokens for a code. A client without a secret proves itself by the verifier (reference/xero 1.3)."""
    secret = _client_known(store, form, header)
    public = form.get("client_id") in (tokens.client_of(store, "")["client_id"], tokens.SIMULATOR) and header is None
    if not (secret or public):
        return 400, {"error": "invalid_client"}
    found = consent.redeemed(store, form)
    if found is None or not (secret or found[1]):
        return 400, {"error": "invalid_grant"}
    scope = found[0]
    chain = f"consent {store.counter('consents')} {new_id()}"
    return _scoped(store, {}, chain, scope, refresh="offline_access" in scope.split())


def revoke(store: Store, form: Mapping[str, str], header: str | None) -> tuple[int, dict[str, Any] | None]:
    if not _client_known(store, form, header):
        return 400, {"error": "invalid_client"}
    found = tokens.known(store, "refresh", form.get("token", ""))
    if found is not None:
        tokens.revoke_chain(store, found.chain)
    return 200, None


def connections(store: Store, name: str) -> list[dict[str, Any]]:
    """A bare array; empty once the organisation was disconnected."""
    if store.meta("disconnected"):
        return []
    moment = f"{store.meta('connected')}0000"
    return [
        {
            "id": store.meta("connection"),
            "authEventId": store.meta("connection"),
            "tenantId": store.meta("tenant"),
            "tenantType": "ORGANISATION",
            "tenantName": name,
            "createdDateUtc": moment,
            "updatedDateUtc": moment,
        }
    ]


def allowed(scope: str, collection: str, *, write: bool) -> bool:
    granted = set(scope.split())
    needed = _NEEDED.get(collection, ("accounting.settings",))
    return any(name in granted or (not write and f"{name}.read" in granted) for name in needed)


def _scoped(
    store: Store, form: Mapping[str, str], chain: str, granted: str, *, refresh: bool
) -> tuple[int, dict[str, Any]]:
    """Tokens; a refresh can never widen what was consented to."""
    scope = granted
    asked = form.get("scope", "").split()
    if asked:
        if not _KNOWN_SCOPES.issuperset(asked):
            return 400, {"error": "invalid_scope"}
        scope = granted if refresh else " ".join(asked)
    answer: dict[str, Any] = {
        "access_token": tokens.mint(store, "access", chain, scope, ACCESS_LIFE),
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "token_type": "Bearer",
        "scope": scope,
    }
    if refresh:
        answer["refresh_token"] = tokens.mint(store, "refresh", chain, granted, _REFRESH_LIFE)
    return 200, answer


def _client_known(store: Store, form: Mapping[str, str], header: str | None) -> bool:
    """HTTP Basic, or id and secret in the body: the SDK does the latter (reference/xero 7.3)."""
    given = form.get("client_id"), form.get("client_secret")
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        given = user, password
    if given == (tokens.SIMULATOR, tokens.SIMULATOR):
        tokens.stand(store, SCOPES)
        return True
    client = tokens.client_of(store, "")
    return given == (client["client_id"], client["client_secret"])
