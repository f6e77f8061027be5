"""Zoho's accounts server (reference/zoho 1.2 to 1.4): failures come with HTTP 200 and ``{"error": …}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from zx.sandbox import tokens
from zx.sandbox.store import Store
from zx.sandbox.zoho import errors

ACCESS_LIFE = timedelta(hours=1)
_REFRESH_LIFE = timedelta(days=20 * 365)
_CODE_LIFE = timedelta(minutes=2)
_SCOPES = (
    "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.org.ALL ZohoCRM.users.READ ZohoCRM.coql.READ"
    " ZohoSearch.securesearch.READ"
)
_WINDOW = timedelta(minutes=10)
_PREFIX = "1000."


def credentials(store: Store) -> dict[str, str]:
    """A consent as the self client gives it: client and a refresh token that never changes."""
    client = tokens.client_of(store, _PREFIX)
    return {**client, "refresh_token": _consent(store, _SCOPES)[1]}


def new_code(store: Store, scope: str) -> str:
    """A code as the browser brings it back: single use, two minutes. ``scope``: with commas; empty: all there is."""
    asked = " ".join(part.strip() for part in scope.split(",") if part.strip())
    return tokens.mint(store, "code", "", asked or _SCOPES, _CODE_LIFE, _PREFIX)


def token_answer(store: Store, form: Mapping[str, str], base: str, *, limits: bool) -> tuple[int, dict[str, Any]]:
    """Status and body for ``/oauth/v2/token``. ``base``: own address, told as ``api_domain``."""
    client = tokens.client_of(store, _PREFIX)
    if form.get("client_id") == tokens.SIMULATOR:
        client = dict.fromkeys(("client_id", "client_secret"), tokens.SIMULATOR)
        tokens.stand(store, _SCOPES)
    if form.get("client_id") != client["client_id"]:
        return 200, {"error": "invalid_client"}
    if form.get("client_secret") != client["client_secret"]:
        return 200, {"error": "invalid_client_secret"}
    grant = form.get("grant_type")
    if grant == "refresh_token":
        refresh = tokens.alive(store, "refresh", form.get("refresh_token", ""))
        if refresh is None:
            return 200, {"error": "invalid_code"}
        if limits and _too_often(store, refresh.token):
            return 400, {
                "error": "Access Denied",
                "error_description": "You have made too many requests continuously. Please try again after some time.",
                "status": "failure",
            }
        return 200, _access(store, refresh.chain, refresh.scope, base)
    if grant == "authorization_code":
        code = tokens.alive(store, "code", form.get("code", ""))
        if code is None:
            return 200, {"error": "invalid_code"}
        tokens.forget(store, code)
        chain, refresh_token = _consent(store, code.scope)
        return 200, {**_access(store, chain, code.scope, base), "refresh_token": refresh_token}
    return 200, {"error": "general_error"}


def revoke(store: Store, token: str) -> tuple[int, dict[str, Any]]:
    found = tokens.known(store, "refresh", token)
    if found is None:
        return 200, {"error": "invalid_code"}
    tokens.revoke_chain(store, found.chain)
    return 200, {"status": "success"}


def signed_in(store: Store, header: str | None) -> tokens.Token:
    """The living token of a request. Raises Refusal without the header in Zoho's own scheme, or for a dead token."""
    scheme, _, text = (header or "").partition(" ")
    if scheme != "Zoho-oauthtoken" or not text:
        raise errors.unauthenticated()
    token = tokens.alive(store, "access", text.strip())
    if token is None:
        raise errors.bad_token()
    return token


def _consent(store: Store, scope: str) -> tuple[str, str]:
    """(its chain, its refresh token) of a new consent."""
    chain = f"consent {store.counter('consents')} {store.now().timestamp()}"
    return chain, tokens.mint(store, "refresh", chain, scope, _REFRESH_LIFE, _PREFIX)


def _access(store: Store, chain: str, scope: str, base: str) -> dict[str, Any]:
    return {
        "access_token": tokens.mint(store, "access", chain, scope, ACCESS_LIFE, _PREFIX),
        "scope": scope,
        "api_domain": base,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
    }


def _too_often(store: Store, refresh_token: str) -> bool:
    """At most ten access tokens of one refresh token in ten minutes (reference/zoho 1.4)."""
    window = int(store.now().timestamp() // _WINDOW.total_seconds())
    key = f"refresh {refresh_token} {window}"
    ((made,),) = store.execute(
        "INSERT INTO calls VALUES (?, 1) ON CONFLICT (window) DO UPDATE SET made = made + 1 RETURNING made", (key,)
    )
    return int(made) > 10
