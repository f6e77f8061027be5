"""Calendar dates as ISO text (``2026-03-31``) and instants as ISO text with an offset. The clock is never read here."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def add_days(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def add_months(day: str, months: int) -> str:
    """The same day ``months`` later; the last day of the month where it has no such day (31 Jan + 1 month = 28 Feb)."""
    start = date.fromisoformat(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


def end_of_month(day: str) -> str:
    start = date.fromisoformat(day)
    return start.replace(day=calendar.monthrange(start.year, start.month)[1]).isoformat()


def days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def instant(text: str) -> datetime:
    """The instant written in ``text`` (ISO 8601 with offset or ``Z``), in UTC.

    Raises ValueError when ``text`` is no instant or has no offset: a time without a zone is never guessed.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return moment.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """``moment`` as the engine keeps instants: UTC, with ``+00:00``, milliseconds only where there are any."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds")


def local_date(text: str, zone: str) -> str:
    """The calendar date of the instant ``text`` in the IANA ``zone``."""
    return instant(text).astimezone(ZoneInfo(zone)).date().isoformat()
