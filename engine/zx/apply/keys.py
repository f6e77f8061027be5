"""Idempotency keys (reliability 1.5): deterministic, 35 characters, without personal data.

A key is a seat belt for the next seconds, never the guard against duplicates: Xero forgets it after six minutes
(reference/xero 3.9). It contains the digest of the body, so one key never goes out with two bodies, and the attempt, so
an error remembered under it is never taken for the answer to a new request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def item_key(
    *, tenant: str, entity: str, operation: str, source_id: str, generation: int, attempt: int, body_digest: str
) -> str:
    return _key([tenant, entity, operation, source_id, str(generation), str(attempt), body_digest])


def batch_key(item_keys: Sequence[str]) -> str:
    """The key of a request with several elements; of one element, its own."""
    return item_keys[0] if len(item_keys) == 1 else _key(item_keys)


def _key(parts: Sequence[str]) -> str:
    # Lengths in front of the parts: no two lists of parts give one text.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digest = hashlib.blake2b(text.encode(), digest_size=20).digest()
    return "zx1" + base64.b32encode(digest).decode().lower()
