"""Xero's JSON as records (pure), by the types of the packaged catalogue.

Members it does not know are left out: Xero has no fields of an organisation's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Bool, Date, DateTime, Keyed, Many, Money, Nested, Number, Ref, Text, Type
from zx.catalog.load import packaged
from zx.catalog.schema import Field, Shape
from zx.model.record import Kind, Record
from zx.values.dates import instant, instant_text
from zx.values.money import decimal_from, plain

NIL_ID = "00000000-0000-0000-0000-000000000000"

_TICKS = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_ZONED = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def record(kind: Kind, raw: Mapping[str, Any]) -> Record:
    """A record as ``zx.model.record`` describes it. Raises ValueError for one without its id."""
    shape = shape_of(kind)
    decoded = values(raw, shape)
    id = decoded.get(shape.id_field or "")
    if not id or id == NIL_ID:
        raise ValueError(f"a {shape.noun} without {shape.id_field}")
    return Record(kind, id, decoded.get(shape.version_field or "", ""), decoded)


def shape_of(kind: Kind) -> Shape:
    shape = packaged().shape("xero", kind.name)
    if shape is None:
        raise LookupError(f"no {kind} in the catalogue")
    return shape


def values(raw: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The members of ``raw`` that ``shape`` knows, blank ones left out."""
    result: dict[str, Any] = {}
    for name, field in shape.fields.items():
        value = raw.get(name)
        decoded = None if value is None else _decoded(value, field)
        if decoded is not None:
            result[name] = decoded
    return result


def moment(text: str) -> datetime | None:
    """``/Date(1552326816230+0000)/``, or ISO text whose missing zone is UTC (reference/xero 3.2)."""
    ticks = _TICKS.fullmatch(text)
    if ticks is not None:
        return _EPOCH + timedelta(milliseconds=int(ticks[1]))
    try:
        return instant(text if _ZONED.search(text) else text + ("Z" if "T" in text else "T00:00:00Z"))
    except ValueError:
        return None


def _decoded(value: Any, field: Field) -> Any:
    """``value`` as the field holds it, None for nothing."""
    kind: Type = field.type
    match kind:
        case Number() | Money():
            return decimal_from(value) if isinstance(value, str) else value if isinstance(value, Decimal) else None
        case Bool():
            return value if isinstance(value, bool) else None
        case Date():
            # The calendar day in UTC, whatever the organisation's zone (reference/xero 3.2).
            day = moment(value) if isinstance(value, str) else None
            return day.date().isoformat() if day is not None else None
        case DateTime():
            when = moment(value) if isinstance(value, str) else None
            return instant_text(when) if when is not None else None
        case Ref(_, name):
            return _reference(value, name, field.embedded)
        case Many(name):
            return [values(row, _shape(name)) for row in _objects(value)] or None
        case Nested(name):
            return (values(value, _shape(name)) if isinstance(value, dict) else {}) or None
        case Keyed(name, key_field, _):
            return _keyed(value, _shape(name), key_field)
        case Text():
            return _text(value)
    return _text(value)


def _keyed(value: Any, shape: Shape, key_field: str) -> dict[str, Any] | None:
    """Rows by their key; Xero sends every key, blank or not (reference/xero 2.4)."""
    rows: dict[str, Any] = {}
    for row in _objects(value):
        members = values(row, shape)
        key = members.pop(key_field, None)
        if key is not None and members:
            rows[key] = members
    return rows or None


def _reference(value: Any, name: str, embedded: tuple[str, ...]) -> Any:
    """A code as it is; an object as its embedded keys and ``id``, or as its code where the shape is a list."""
    if not isinstance(value, dict):
        return _text(value)
    shape = _shape(name)
    if packaged().is_list("xero", name):
        return _text(value.get(shape.key_field or ""))
    kept = {key: text for key in embedded if (text := _text(value.get(key))) is not None}
    id = _text(value.get(shape.id_field or ""))
    return {**kept, "id": id} if id is not None and id != NIL_ID else kept or None


def _objects(value: Any) -> Iterable[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else ()


def _shape(name: str) -> Shape:
    return packaged().shapes[f"xero.{name}"]


def _text(value: Any) -> str | None:
    if isinstance(value, Decimal):
        return plain(value)
    return value if isinstance(value, str) and value.strip() else None
