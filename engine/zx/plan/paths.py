"""Target paths (``Addresses[POBOX].City``, ``SalesDetails.UnitPrice``) in records and in payloads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.catalog.fieldtypes import Keyed
from zx.catalog.schema import Shape


def steps(path: str) -> list[str]:
    """The names along ``path``, a selector as a step of its own: ``Addresses[POBOX].City`` has three."""
    return path.replace("[", ".").replace("]", "").split(".")


def read_path(values: Any, path: str) -> Any:
    """What stands at ``path`` in the values of a record; None when anything on the way is missing."""
    current = values
    for step in steps(path):
        if not isinstance(current, Mapping):
            return None
        current = current.get(step)
    return current


def build_payload(shape: Shape, fields: Mapping[str, Any], existing: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``fields`` (path → value) as the nested element the target wants; keyed lists become lists of rows with their
    key. Xero replaces such a row as a whole (reference/xero 2.4), so it starts from the one in ``existing``."""
    payload: dict[str, Any] = {}
    for path, value in fields.items():
        first, *rest = steps(path)
        kind = shape.fields[first].type if first in shape.fields else None
        if isinstance(kind, Keyed):
            key, *inside = rest
            rows = payload.setdefault(first, [])
            row = next((row for row in rows if row[kind.key_field] == key), None)
            if row is None:
                row = {kind.key_field: key, **_row(existing, first, key)}
                rows.append(row)
            _put(row, inside, value)
        else:
            _put(payload, [first, *rest], value)
    return payload


def _row(existing: Mapping[str, Any] | None, name: str, key: str) -> Mapping[str, Any]:
    row = None if existing is None else read_path(existing, f"{name}[{key}]")
    return row if isinstance(row, Mapping) else {}


def _put(into: dict[str, Any], names: list[str], value: Any) -> None:
    *outer, last = names
    for name in outer:
        into = into.setdefault(name, {})
    into[last] = value
