"""The consent page, which approves at once, and its code: single use, five minutes (reference/xero 1.3)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from zx.sandbox import tokens
from zx.sandbox.store import Store
from zx.values.jsontext import dumps, loads

_CODE_LIFE = timedelta(minutes=5)
_VERIFIER = range(43, 129)


def approve(store: Store, asked: Mapping[str, str], known_scopes: frozenset[str]) -> tuple[int, Any]:
    """Status, and where the browser is sent or an error: a page of Xero's own, which nobody reads in a simulator."""
    back, challenge = asked.get("redirect_uri", ""), asked.get("code_challenge", "")
    if asked.get("client_id") not in (tokens.client_of(store, "")["client_id"], tokens.SIMULATOR):
        return 400, {"error": "unauthorized_client"}
    if asked.get("response_type") != "code" or not _may_return(back):
        return 400, {"error": "invalid_request"}
    if challenge and asked.get("code_challenge_method") != "S256":
        return 400, {"error": "invalid_request"}
    if not known_scopes.issuperset(asked.get("scope", "").split()):
        return 400, {"error": "invalid_scope"}
    bound = dumps({"redirect_uri": back, "challenge": challenge})
    code = tokens.mint(store, "code", bound, asked.get("scope", ""), _CODE_LIFE)
    return 302, f"{back}?{urlencode({'code': code, 'state': asked.get('state', ''), 'scope': asked.get('scope', '')})}"


def redeemed(store: Store, form: Mapping[str, str]) -> tuple[str, bool] | None:
    """(the scope of a good code, whether it was bound to a verifier); the code is used up. None for any other."""
    code = tokens.alive(store, "code", form.get("code", ""))
    if code is None:
        return None
    tokens.forget(store, code)
    bound = loads(code.chain)
    if form.get("redirect_uri") != bound["redirect_uri"]:
        return None
    if not bound["challenge"]:
        return code.scope, False
    verifier = form.get("code_verifier", "")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return (code.scope, True) if len(verifier) in _VERIFIER and digest == bound["challenge"] else None


def _may_return(address: str) -> bool:
    """https anywhere, http to ``localhost`` only: Xero refuses 127.0.0.1 (reference/xero 1.3)."""
    url = urlsplit(address)
    return bool(url.hostname) and (url.scheme == "https" or (url.scheme == "http" and url.hostname == "localhost"))
