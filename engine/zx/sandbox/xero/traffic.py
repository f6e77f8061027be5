"""Call limits and idempotency keys (reference/xero 3.9, 5.1, 5.2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from werkzeug.wrappers import Request

from zx.sandbox.store import Store
from zx.sandbox.xero import errors
from zx.sandbox.xero.errors import Fault

PER_MINUTE = 60
PER_DAY = 5000
_PER_APP_MINUTE = 10_000
_AT_ONCE = 5
_KEY_LENGTH = 128
_KEY_LIFE_S = 360


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after this call. ``problem`` names the limit that refuses it."""

    day: int
    minute: int
    problem: str | None
    retry_after_s: int

    def headers(self) -> dict[str, str]:
        left = {
            "X-DayLimit-Remaining": str(max(self.day, 0)),
            "X-MinLimit-Remaining": str(max(self.minute, 0)),
            "X-AppMinLimit-Remaining": str(_PER_APP_MINUTE - PER_MINUTE + max(self.minute, 0)),
        }
        if self.problem is not None:
            left["X-Rate-Limit-Problem"] = self.problem
            if self.retry_after_s:  # the concurrent limit names no time (reference/xero 5.2)
                left["Retry-After"] = str(self.retry_after_s)
        return left


def count_call(store: Store, *, enforce: bool, per_day: int = PER_DAY, at_once: int = 1) -> Allowance:
    """Counts one call in its fixed minute and day. Without ``enforce`` the counters stop short of the end, because a
    sandbox without limits has always something left."""
    now = store.now().timestamp()
    minute, day = int(now // 60), int(now // 86_400)
    store.execute(
        "DELETE FROM calls WHERE window LIKE 'minute %' AND window != ? AND window < ?",
        (f"minute {minute:012d}", f"minute {minute:012d}"),
    )
    day_left = per_day - _bump(store, f"day {day}")
    minute_left = PER_MINUTE - _bump(store, f"minute {minute:012d}")
    if not enforce:
        return Allowance(max(day_left, per_day // 5), max(minute_left, PER_MINUTE // 2), None, 0)
    if day_left < 0:
        return Allowance(day_left, minute_left, "day", int(86_400 - now % 86_400) + 1)
    if minute_left < 0:
        return Allowance(day_left, minute_left, "minute", int(60 - now % 60) + 1)
    if at_once > _AT_ONCE:
        return Allowance(day_left, minute_left, "concurrent", 0)
    return Allowance(day_left, minute_left, None, 0)


def replayed(store: Store, request: Request, client: str) -> tuple[str | None, Fault | None]:
    """(the key to keep the answer under, a stored answer). Raises Fault for a bad or a reused key."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method not in ("POST", "PUT", "PATCH"):
        return None, None
    if not key or len(key) > _KEY_LENGTH:
        raise errors.bad_key(f"Idempotency Key must be 1 to {_KEY_LENGTH} characters long.")
    now = store.now().timestamp()
    store.execute("DELETE FROM replay WHERE at < ?", (now - _KEY_LIFE_S,))
    kept = f"{client} {key}"
    rows = store.execute("SELECT request, status, body FROM replay WHERE key = ?", (kept,))
    if not rows:
        return kept, None
    same, status, body = rows[0]
    if same != _fingerprint(request):
        raise errors.bad_key(f"Idempotency Key: {key} is used with a different request.")
    return None, Fault(int(status), body)


def keep(store: Store, key: str, request: Request, status: int, body: str) -> None:
    """Remembers an answer, errors too, for six minutes from the first call."""
    store.execute(
        "INSERT INTO replay VALUES (?, ?, ?, ?, ?)", (key, store.now().timestamp(), _fingerprint(request), status, body)
    )


def _bump(store: Store, window: str) -> int:
    ((made,),) = store.execute(
        "INSERT INTO calls VALUES (?, 1) ON CONFLICT (window) DO UPDATE SET made = made + 1 RETURNING made", (window,)
    )
    return int(made)


def _fingerprint(request: Request) -> str:
    whole = hashlib.sha256()
    for part in (request.method, request.full_path, request.headers.get("xero-tenant-id", "")):
        whole.update(part.encode() + b"\0")
    whole.update(request.get_data())
    return whole.hexdigest()
