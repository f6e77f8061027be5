"""How often, in the words of zx.toml: ``15m``, ``1h at :05``, ``daily 02:30``, ``manual``."""

from __future__ import annotations

import re

from zx.workspace.workspace import MANUAL, Schedule

FORMS = '"15m", "1h at :05", "daily 02:30" or "manual"'
_PERIOD = re.compile(r"(\d{1,4})\s*(m|h)(?:\s+at\s+:([0-5]\d))?")
_DAILY = re.compile(r"daily\s+([01]\d|2[0-3]):([0-5]\d)")


def schedule(text: str) -> Schedule | None:
    """The schedule written in ``text``, or None when it is none. A minute of the hour goes with whole hours only."""
    if text == "manual":
        return MANUAL
    period = _PERIOD.fullmatch(text)
    if period and int(period[1]) > 0 and not (period[3] and period[2] == "m"):
        seconds = int(period[1]) * (3600 if period[2] == "h" else 60)
        return Schedule(text, period_s=seconds, minute=int(period[3]) if period[3] else None)
    daily = _DAILY.fullmatch(text)
    return Schedule(text, at=f"{daily[1]}:{daily[2]}") if daily else None
