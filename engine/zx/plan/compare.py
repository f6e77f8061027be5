"""Three-way comparison of a linked record: what the rules want, what both sides last agreed on, what stands there now
(reliability 1.7). A person's change is never reverted silently, and never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.compile.program import Owner
from zx.plan.paths import read_path
from zx.runtime.values import CLEAR, TargetRef

LINE_KEYS = ("Description", "Quantity", "UnitAmount", "TaxAmount", "AccountCode", "TaxType", "ItemCode")
"""Fields of a line that zx owns."""

_FILLED_IN = frozenset({"Description", "AccountCode", "TaxType", "TaxAmount"})
"""What Xero fills in itself where a line does not say it (reference/xero 2.1, 4.1): only counts where zx set it."""

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
    """The owned part of ``lines``: a text line by its description alone; what Xero fills in only where ``desired``
    sets it."""
    result = []
    for index, line in enumerate(lines):
        wish = desired[index] if index < len(desired) else {}
        more = index >= len(desired)
        keys = LINE_KEYS if more or "UnitAmount" in wish else ("Description",)
        result.append(
            {
                key: comparable(line.get(key))
                for key in keys
                if comparable(line.get(key)) is not None
                and (key not in _FILLED_IN or key in wish or (more and key != "TaxAmount"))
            }
        )
    return result


def line_forms(lines: Sequence[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """The forms in which ``lines`` may have been agreed on, whatever the rules want today: without any TaxAmount, or
    with that of the one line whose tax was overridden."""
    bare = [{key: form for key in _keys_of(line) if (form := comparable(line.get(key))) is not None} for line in lines]
    yield bare
    for index, line in enumerate(lines):
        tax = comparable(line.get("TaxAmount"))
        if tax is not None:
            yield [*bare[:index], {**bare[index], "TaxAmount": tax}, *bare[index + 1 :]]


def _keys_of(line: Mapping[str, Any]) -> tuple[str, ...]:
    if line.get("AccountCode") is None and not line.get("UnitAmount"):
        return ("Description",)
    return tuple(key for key in LINE_KEYS if key != "TaxAmount")


def stand(
    field: str,
    desired: Any,
    observed: Any,
    base: str | None,
    owner: Owner,
    digest: Callable[[Any], str],
    also: Iterable[Any] = (),
) -> Compared:
    """How one field stands. ``desired`` and ``observed`` are comparable values; ``base`` the digest of the last
    agreement; ``also`` are other forms in which what is observed may have been agreed on."""
    if desired == observed:
        return Compared(field, Standing.SAME, desired, observed)
    if field == "Status" and _forward(observed) > _forward(desired) >= 0:
        # A person approved or Xero marked it paid: moving forward is no drift (starter rules 2.6).
        return Compared(field, Standing.SAME, desired, observed)
    if owner is Owner.RULE or (base is not None and any(digest(form) == base for form in (observed, *also))):
        return Compared(field, Standing.WRITE, desired, observed)
    if base is None or digest(desired) == base:
        return Compared(field, Standing.DRIFT, desired, observed)
    return Compared(field, Standing.CLASH, desired, observed)


def observed_value(values: Mapping[str, Any], path: str) -> Any:
    return comparable(read_path(values, path))


def _forward(status: Any) -> int:
    return _FORWARD.get(status, -1) if isinstance(status, str) else -1
