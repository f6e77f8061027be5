"""Keyed digests of field values: what state remembers of a value without containing it.

A plain hash of a telephone number or a round amount can be guessed by trying; so the digest is keyed, and the key
stays out of git. With another key every digest differs: fields then have no known base, which is reported and never
overwritten.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Any

from zx.files.disk import DiskError, create_once, private_folder, read_limited
from zx.values import jsontext


class FieldDigest:
    """``FieldDigest(key)(value)``: 16 hexadecimal digits of HMAC-SHA256 over the canonical JSON of ``value``."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, value: Any) -> str:
        return hmac.new(self._key, jsontext.canonical(value).encode(), hashlib.sha256).hexdigest()[:16]


def load_key(path: Path) -> bytes:
    """The 32-byte key kept in ``path`` (0600 in a 0700 folder); made on first use. Raises DiskError."""
    private_folder(path.parent)
    try:
        text = read_limited(path, 200)
    except FileNotFoundError:
        create_once(path, secrets.token_hex(32).encode() + b"\n", 0o600)
        text = read_limited(path, 200)
    if not re.fullmatch(rb"[0-9a-f]{64}\s*", text):
        advice = (
            "restore it from a backup, or remove it: a new one is made then, every field counts as never agreed, and "
            "what differs is reported, not overwritten"
        )
        raise DiskError(path, "is no key of zx", "nothing was compared or sent", advice)
    return bytes.fromhex(text.decode())
