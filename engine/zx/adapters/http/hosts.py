"""Where zx may send anything: the vendors' own hosts, or loopback for a simulator (reliability 3.1, S15).

A token never leaves for a host that is not in this list, whatever a configuration or an answer says.
"""

from __future__ import annotations

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from zx.model.record import System
from zx.ports.remote import NotAllowed

# reference/zoho 1.1: data centre to (accounts server, API domain); environments put another word before zohoapis.
_ZOHO_DOMAINS = ("com", "eu", "in", "com.au", "jp", "ca", "com.cn", "sa", "uk", "ae")
_ZOHO_ENVIRONMENTS = ("www", "sandbox", "developer")
_ZOHO_ACCOUNTS = frozenset(
    {"accounts.zohocloud.ca"} | {f"accounts.zoho.{domain}" for domain in _ZOHO_DOMAINS if domain != "ca"}
)
_ZOHO_API = frozenset(f"{word}.zohoapis.{domain}" for word in _ZOHO_ENVIRONMENTS for domain in _ZOHO_DOMAINS)

_KNOWN = {
    ("zoho", "api"): _ZOHO_API,
    ("zoho", "identity"): _ZOHO_ACCOUNTS,
    ("xero", "api"): frozenset({"api.xero.com"}),
    ("xero", "identity"): frozenset({"identity.xero.com"}),
}


def is_loopback(host: str) -> bool:
    """``127.0.0.1``, ``::1``, ``localhost`` and names below ``.localhost``."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_base(
    connection: str, system: System, role: Literal["api", "identity"], base: str, *, simulated: bool
) -> str:
    """``base`` without a trailing slash. Raises NotAllowed when zx must not send there."""
    parts = urlsplit(base)
    host = (parts.hostname or "").lower()
    if simulated:
        allowed = parts.scheme in ("http", "https") and is_loopback(host)
        advice = "a simulator is reached on this machine only, for example http://127.0.0.1:8702"
    else:
        allowed = parts.scheme == "https" and host in _KNOWN[system, role] and parts.port in (None, 443)
        advice = "correct the data centre or the address of this connection in zx.toml"
    if not allowed or parts.username is not None or parts.query or parts.fragment:
        raise NotAllowed(
            connection, f"{connection}: {base!r} is no address zx may send {system.capitalize()} data to", advice
        )
    return base.rstrip("/")
