"""JSON text with exact decimals in both directions.

The standard library cannot write a Decimal as a number, so ``simplejson`` does. Reading refuses NaN, Infinity and
duplicate keys (reliability 3.1, S20): an answer that says two things says nothing.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

import simplejson


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object names one key twice")
    return result


def loads(text: str | bytes) -> Any:
    """Parsed JSON; every number is a Decimal. Raises ValueError for anything that is not clean JSON."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_constant, object_pairs_hook=_object)


def dumps(value: Any) -> str:
    """Compact JSON; Decimals as numbers, exactly as they stand."""
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """The one JSON text of ``value``: sorted keys, numbers without needless zeros. Equal values have equal texts."""
    return simplejson.dumps(
        _plain_numbers(value), use_decimal=True, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def digest(value: Any) -> str:
    """BLAKE2 digest (32 hexadecimal digits) of the canonical text of ``value``."""
    return hashlib.blake2b(canonical(value).encode(), digest_size=16).hexdigest()


def _plain_numbers(value: Any) -> Any:
    kind = type(value)
    if kind is str:  # most of it, so first
        return value
    if kind is dict:
        return {key: item if type(item) is str else _plain_numbers(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain_numbers(item) for item in value]
    if isinstance(value, Decimal):
        return Decimal(format(value.normalize(), "f"))
    if isinstance(value, dict):
        return {key: _plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_numbers(item) for item in value]
    return value
