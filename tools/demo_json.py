"""What both halves of the demo data share: exact JSON, ids, days and a die that falls the same way everywhere."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import demo_business as business

T = TypeVar("T")


def cents(amount: Decimal) -> Decimal:
    """Two decimals, halves away from zero: the rounding of both systems (reference/zoho 3.4, reference/xero 4.1)."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def compact(value: Any) -> str:
    """JSON text of ``value`` with Decimals as numbers, exactly as they stand."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{compact(key)}:{compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(compact(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def write_records(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """A JSON array with one record a line, so that a change of one record is a change of one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "[\n" + ",\n".join(compact(record) for record in records) + "\n]\n" if records else "[]\n"
    path.write_text(text, encoding="utf-8", newline="\n")


class Dice:
    """Seeded choices. Only ``random()`` is used: its sequence is the one Python promises to keep between versions."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]

    def between(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def happens(self, share: float) -> bool:
        return self._random.random() < share


def uuid(*parts: str) -> str:
    """The same uuid for the same name, on every machine."""
    return str(uuid5(NAMESPACE_URL, "https://" + business.DOMAIN + "/" + "/".join(parts)))


def local(day: date, hour: int, minute: int = 0) -> str:
    """An instant as Zoho writes it: seconds, with the organisation's offset of that day (reference/zoho 7)."""
    moment = datetime(day.year, day.month, day.day, hour, minute, 7, tzinfo=ZoneInfo(business.ZONE))
    return moment.isoformat(timespec="seconds")


def slash_date(day: date, hour: int = 0, minute: int = 0) -> str:
    """A day or an instant as Xero writes it, ``/Date(1551139200000+0000)/`` (reference/xero 3.2)."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return f"/Date({milliseconds}+0000)/"
