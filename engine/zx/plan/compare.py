"""Three-way comparison of a linked record: what the rules want, what both sides last agreed on, what stands there now
(reliability 1.7). A person's change is never reverted silently, and never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.compile.program import Owner
from zx.plan.paths import read_path
from zx.runtime.values import CLEAR, TargetRef

LINE_KEYS = ("Description", "Quantity", "UnitAmount", "TaxAmount", "AccountCode", "TaxType", "ItemCode")
"""Fields of a line that zx owns. TaxAmount only counts where zx set it: Xero computes it otherwise."""

_FORWARD = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2, "PAID": 3, "SENT": 1, "ACCEPTED": 2, "INVOICED": 3}


class Standing(StrEnum):
    SAME = "same"
    WRITE = "write"
    """Only the source changed: send it."""
    DRIFT = "drift"
    """Only the target changed, by a person: reported, kept."""
    CLASH = "clash"
    """Both changed: nothing is written until a person answers."""


@dataclass(frozen=True, slots=True)
class Compared:
    field: str
    standing: Standing
    desired: Any
    observed: Any


def comparable(value: Any) -> Any:
    """``value`` in the one form that is digested and compared: references by id, numbers as they count."""
    if value is CLEAR or value is None:
        return None
    if isinstance(value, TargetRef):
        return value.id
    if isinstance(value, Decimal):
        return value.normalize() + 0
    if isinstance(value, Mapping):
        inner = value.get("ContactID")
        return inner if inner is not None else {key: comparable(item) for key, item in value.items()}
    if isinstance(value, str):
        return value.strip() or None
    return value


def comparable_lines(lines: Sequence[Mapping[str, Any]], desired: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The owned part of ``lines``: a text line by its description alone; TaxAmount only where ``desired`` sets it."""
    result = []
    for index, line in enumerate(lines):
        wish = desired[index] if index < len(desired) else {}
        keys = LINE_KEYS if index >= len(desired) or "UnitAmount" in wish else ("Description",)
        result.append(
            {
                key: comparable(line.get(key))
                for key in keys
                if comparable(line.get(key)) is not None and (key != "TaxAmount" or "TaxAmount" in wish)
            }
        )
    return result


def stand(
    field: str, desired: Any, observed: Any, base: str | None, owner: Owner, digest: Callable[[Any], str]
) -> Compared:
    """How one field stands. ``desired`` and ``observed`` are comparable values; ``base`` the digest of the last
    agreement."""
    if desired == observed:
        return Compared(field, Standing.SAME, desired, observed)
    if field == "Status" and _forward(observed) > _forward(desired) >= 0:
        # A person approved or Xero marked it paid: moving forward is no drift (starter rules 2.6).
        return Compared(field, Standing.SAME, desired, observed)
    if owner is Owner.RULE or (base is not None and digest(observed) == base):
        return Compared(field, Standing.WRITE, desired, observed)
    if base is None or digest(desired) == base:
        return Compared(field, Standing.DRIFT, desired, observed)
    return Compared(field, Standing.CLASH, desired, observed)


def observed_value(values: Mapping[str, Any], path: str) -> Any:
    return comparable(read_path(values, path))


def _forward(status: Any) -> int:
    return _FORWARD.get(status, -1) if isinstance(status, str) else -1
