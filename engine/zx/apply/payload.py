"""Ids that only become known during a push, put where ``After`` stands for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zx.plan.action import After


def awaited(value: Any) -> Iterator[str]:
    """The ids of the actions that ``value`` needs an id from."""
    if isinstance(value, After):
        yield value.action
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from awaited(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from awaited(item)


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    """``value`` as plain dicts and lists with every ``After`` replaced. KeyError when an id is missing."""
    if isinstance(value, After):
        return ids[value.action]
    if isinstance(value, Mapping):
        return {key: filled(item, ids) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [filled(item, ids) for item in value]
    return value
