"""Zoho's JSON as records (pure). Types come from the packaged catalogue; an organisation's own fields show theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Bool, Date, DateTime, Many, Money, Number, Ref, SetOf, Text, Type
from zx.catalog.load import packaged
from zx.catalog.schema import Shape
from zx.model.record import Kind, Record
from zx.values.dates import instant, instant_text
from zx.values.money import decimal_from, plain, round_half_up

# Keys that say nothing about the business, or move without it (reference/zoho 2.3).
_NOISE = frozenset(
    {"Tag", "Layout", "Locked__s", "Record_Status__s", "Change_Log_Time__s", "Last_Activity_Time", "Parent_Id"}
)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LONGEST_FRACTION = 9  # a rate's decimals; more is the noise of binary floats (reference/zoho 3.4)


def record(kind: Kind, raw: Mapping[str, Any], base_currency: str) -> Record:
    """A record as ``zx.model.record`` describes it. Without multi-currency Zoho names no currency: it is the
    organisation's (reference/zoho 3.6)."""
    shape = packaged().shape(kind.system, kind.name)
    values = _values(raw, shape)
    if base_currency:
        values.setdefault("Currency", base_currency)
    return Record(kind, str(values["id"]), values.get("Modified_Time", ""), values)


def row_field(kind: Kind) -> str | None:
    """The field that holds the lines of this kind: only a read by id carries it (reference/zoho 4.1)."""
    shape = packaged().shape(kind.system, kind.name)
    fields = shape.fields.values() if shape is not None else ()
    return next((field.name for field in fields if isinstance(field.type, Many)), None)


def _values(raw: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in raw.items():
        if name in _NOISE or (name.startswith("$") and name != "$line_tax"):
            continue
        field = shape.fields.get(name) if shape is not None else None
        decoded = _guessed(value) if field is None else _decoded(value, field.type)
        if name == "$line_tax" and decoded is not None:
            # An unset tax on the total is read as every tax of the organisation at 0 % (reference/zoho 3.3).
            decoded = [tax for tax in decoded if tax.get("percentage")] or None
        if decoded is not None:
            result[name] = decoded
    if "id" in raw and raw["id"] is not None:
        result["id"] = _id(raw["id"])
    return result


def _decoded(value: Any, kind: Type) -> Any:
    """``value`` as a field of type ``kind`` holds it, None for nothing. What does not fit its type stays as it came:
    the rules' checks then speak of it."""
    if value is None:
        return None
    match kind:
        case Text():
            return _text(value)
        case Number() | Money():
            number = decimal_from(value) if isinstance(value, str) else value
            return _quiet(number) if isinstance(number, Decimal) else None
        case Bool():
            return value if isinstance(value, bool) else None
        case Date():
            return value[:10] if isinstance(value, str) and value else None
        case DateTime():
            return _instant(value)
        case Ref():
            return _lookup(value)
        case Many(shape):
            rows = [_values(row, packaged().shape("zoho", shape)) for row in value if isinstance(row, dict)]
            return rows or None
        case SetOf(_, "Tax"):
            return [_values(tax, None) for tax in value if isinstance(tax, dict)] or None
    return _guessed(value)


def _guessed(value: Any) -> Any:
    """A value nobody told the type of: an organisation's own field."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return _quiet(value)
    if isinstance(value, str):
        return _instant(value) if _INSTANT.fullmatch(value) else _text(value)
    if isinstance(value, dict):
        return _values(value, None) or None
    if isinstance(value, list):
        items = [item for item in map(_guessed, value) if item is not None]
        return items or None
    return None


def _text(value: Any) -> str | None:
    if isinstance(value, Decimal):
        return plain(value)
    return value if isinstance(value, str) and value.strip() else None


def _lookup(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dict):
        found = _values(value, None)
        return found if "id" in found else None
    return {"id": _id(value)} if value else None


def _instant(value: Any) -> str | None:
    try:
        return instant_text(instant(value))
    except (TypeError, ValueError):
        return _text(value)


def _id(value: Any) -> str:
    """Ids are text end to end; numbers of this length do not survive a double (reference/zoho 7)."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def _quiet(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_LONGEST_FRACTION:
        quiet = round_half_up(number, _LONGEST_FRACTION)
        return Decimal(plain(quiet))
    return number
