"""What tables are asked with: values that the guards above a call keep out need no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zx.check.coverage import Column
from zx.check.narrowing import listed
from zx.check.scope import Facts, Value
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class _Asked:
    """One argument as it may arrive: the only values it can have (None: any), those it cannot have."""

    among: tuple[str, ...] | None
    besides: frozenset[str]
    maybe: bool


class Asked:
    """The calls of every table. A value needs a row when any call can bring it."""

    def __init__(self) -> None:
        self._calls: dict[str, list[tuple[_Asked, ...]]] = {}

    def note(self, table: str, arguments: Sequence[Value], facts: Facts) -> None:
        self._calls.setdefault(table, []).append(tuple(_asked(argument, facts) for argument in arguments))

    def columns(self, table: str, columns: Sequence[Column]) -> list[Column]:
        """``columns`` narrowed to what the calls of ``table`` bring; as they are when nothing calls it."""
        calls = self._calls.get(table)
        if not calls or any(len(call) != len(columns) for call in calls):
            return list(columns)
        return [_narrowed(column, [call[index] for call in calls]) for index, column in enumerate(columns)]


def narrowed(column: Column, value: Value, facts: Facts) -> Column:
    """The column of a ``pick`` that ``value`` is the subject of."""
    return _narrowed(column, [_asked(value, facts)])


def _asked(value: Value, facts: Facts) -> _Asked:
    if value.is_constant:  # Another sync, or another day, may say something else here.
        return _Asked(None, frozenset(), True)
    besides = {
        text
        for kind, path, texts in facts
        if kind == "besides" and path == value.key and isinstance(texts, tuple)
        for text in texts
    }
    return _Asked(listed(facts, value.key), frozenset(besides), value.maybe)


def _narrowed(column: Column, asked: Sequence[_Asked]) -> Column:
    lists = [one.among for one in asked if one.among is not None]
    among = tuple(dict.fromkeys(value for one in lists for value in one)) if len(lists) == len(asked) else None
    besides = frozenset.intersection(*(one.besides for one in asked))
    optional = column.optional and any(one.maybe for one in asked)
    return replace(column, among=among, besides=besides, optional=optional)
