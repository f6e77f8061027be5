"""Three-way comparison of a linked record: what the rules want, what both sides last agreed on, what stands there now
(reliability 1.7). A person's change is never reverted silently, and never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.compile.program import Owner
from zx.plan.forms import XERO_LINES, LineForm, id_in
from zx.plan.paths import read_path
from zx.runtime.support import set_text
from zx.runtime.values import CLEAR, TargetRef
from zx.values.dataclass import dataclass

_FORWARD = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2, "PAID": 3, "SENT": 1, "ACCEPTED": 2, "INVOICED": 3}


class Standing(StrEnum):
    SAME = "same"
    WRITE = "write"
    """Only the source changed: send it."""
    DRIFT = "drift"
    """Only the target changed, by a person: reported, kept."""
    CLASH = "clash"
    """Both changed: nothing is written until a person answers."""
    KEPT = "kept"
    """A person answered: the target's value counts."""


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
        inner = id_in(value)
        return inner if inner is not None else {key: comparable(item) for key, item in value.items()}
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list | tuple):
        return set_text(value) or None
    return value


def comparable_lines(
    lines: Sequence[Mapping[str, Any]], desired: Sequence[Mapping[str, Any]], form: LineForm = XERO_LINES
) -> list[Any]:
    """The owned part of ``lines``: of each what ``desired`` sets at its place, since a field the rules leave out stays
    as it is; a line that nobody asked for with all that counts."""
    return [
        owned(line, [key for key in form.keys if key in desired[index]] if index < len(desired) else _keys(line, form))
        for index, line in enumerate(lines)
    ]


def line_forms(lines: Sequence[Mapping[str, Any]], form: LineForm = XERO_LINES) -> Iterator[list[Any]]:
    """The forms in which ``lines`` may have been agreed on, whatever the rules want today: TaxAmount counts where the
    rules of that day set it, which is nowhere, on one line (a gap closed on the tax) or on all."""
    plain = [owned(line, _keys(line, form)) for line in lines]
    taxed = [owned(line, (*_keys(line, form), *form.derived)) for line in lines]
    yield plain
    for index in range(len(lines)):
        yield [*plain[:index], taxed[index], *plain[index + 1 :]]
    yield taxed


def _keys(line: Mapping[str, Any], form: LineForm) -> tuple[str, ...]:
    """What counts on a line that stands in the target; a line of Xero without account and price is text."""
    if form is XERO_LINES and comparable(line.get("AccountCode")) is None and not line.get("UnitAmount"):
        return ("Description",)
    return tuple(key for key in form.keys if key not in form.derived)


def owned(line: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """What ``keys`` of a line say, as it is compared."""
    found = {key: value for key in keys if (value := comparable(line.get(key))) is not None}
    if not found.get("Discount", True):
        del found["Discount"]  # no discount reads as 0 or as nothing
    return found


def stand(
    field: str,
    desired: Any,
    observed: Any,
    base: str | None,
    owner: Owner,
    digest: Callable[[Any], str],
    forms: Iterable[Any] = (),
) -> Compared:
    """How one field stands. ``desired`` and ``observed`` are comparable values; ``base`` the digest of the last
    agreement, ``forms`` other forms of what is observed in which it may have been made.

    A field that was never agreed on and is blank in the target is written: nobody's value is lost.
    """
    if desired == observed:
        return Compared(field, Standing.SAME, desired, observed)
    if field == "Status" and _forward(observed) > _forward(desired) >= 0:
        # A person approved or Xero marked it paid: moving forward is no drift (starter rules 2.6).
        return Compared(field, Standing.SAME, desired, observed)
    unmoved = observed is None if base is None else any(digest(form) == base for form in (observed, *forms))
    if owner is Owner.RULE or unmoved:
        return Compared(field, Standing.WRITE, desired, observed)
    if base is None or digest(desired) == base:
        return Compared(field, Standing.DRIFT, desired, observed)
    return Compared(field, Standing.CLASH, desired, observed)


def observed_value(values: Mapping[str, Any], path: str) -> Any:
    return comparable(read_path(values, path))


def _forward(status: Any) -> int:
    return _FORWARD.get(status, -1) if isinstance(status, str) else -1
