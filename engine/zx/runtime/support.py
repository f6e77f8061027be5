"""What generated code calls while it judges one record. Every function is pure; the world is in the context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any, Final

from zx.runtime.values import CLEAR, Stop, TargetRef
from zx.values.dates import add_days, add_months
from zx.values.money import ZERO, plain

UNSET: Final = object()
"""A ``let`` that nobody asked for yet."""

Warnings = list[tuple[str, str]]
"""Warnings of a record so far: the message and the place of the rule."""

_TWELVE = Decimal(1).scaleb(-12)
_WIDE = Context(prec=40, rounding=ROUND_HALF_EVEN)


def cells(count: int) -> list[Any]:
    """Room for so many ``let`` values."""
    return [UNSET] * count


class Tracer:
    """Stands in for the ``let`` values when a record is judged carefully: keeps the table rows that decided each.

    A row is kept with its depth: what the result of a row asks for lies one deeper than the row itself.
    """

    __slots__ = ("_arguments", "_cache", "_depth", "_lets", "_rows", "_seen")

    def __init__(
        self, lets: Sequence[Callable[..., Any]], arguments: tuple[Any, ...], seen: set[str] | None = None
    ) -> None:
        self._lets = lets
        self._seen = seen
        self._arguments = arguments
        self._cache: dict[int, tuple[Any, tuple[tuple[int, str], ...]]] = {}
        self._rows: list[tuple[int, str]] = []
        self._depth = 0

    def let(self, index: int) -> Any:
        known = self._cache.get(index)
        if known is None:
            if self._seen is not None:
                code = self._lets[index].__code__  # generated code stands where its rule stands
                self._seen.add(f"{code.co_filename}:{code.co_firstlineno}")
            rows, depth = self._rows, self._depth
            self._rows, self._depth = [], 0
            try:
                known = (self._lets[index](*self._arguments, self), tuple(self._rows))
            finally:
                self._rows, self._depth = rows, depth
            self._cache[index] = known
        self._rows.extend((self._depth + depth, place) for depth, place in known[1])
        return known[0]

    def hit(self, place: str) -> None:
        """Notes that the table row at ``place`` decides; its result is worked out until ``done``."""
        self._rows.append((self._depth, place))
        self._depth += 1
        if self._seen is not None:
            self._seen.add(place)

    def done(self, value: Any) -> Any:
        """The result of the row that was hit last."""
        self._depth -= 1
        return value

    def taken(self) -> tuple[str, ...]:
        """The rows since the last call, each once: first the one that gave the value, then those that led there.

        The value comes from the last row that no other row asked for: arguments and what was tried before
        ``otherwise`` come earlier, what a row's formula asks for lies deeper.
        """
        if not self._rows:
            self._depth = 0
            return ()
        rows, self._rows, self._depth = self._rows, [], 0
        top = min((depth for depth, _ in rows), default=0)
        deciding = [place for depth, place in rows if depth == top][-1:]
        return tuple(dict.fromkeys((*deciding, *(place for _, place in rows))))


def show(value: Any) -> str:
    """``value`` in a message: sets as in a cell, lookups by name, missing as "(none)"."""
    if value is None or value is CLEAR:
        return "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, TargetRef):
        return value.code or value.id or "(new)"
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("Name") or value.get("id") or "(none)")
    if isinstance(value, list | tuple):
        return set_text(value) if value else "(none)"
    return str(value)


def set_text(entries: Sequence[Any]) -> str:
    """A set as a cell names it: ``GST 5% + PST 7%``, in the order of the names."""
    return " + ".join(sorted(set_member(entry) for entry in entries))


def set_member(entry: Any) -> str:
    """One entry of a set as cells name it: a tax with its percentage, a reference by its name."""
    if not isinstance(entry, Mapping):
        return _quoted(str(entry), (",", "|", " + "))
    name = _quoted(str(entry.get("name", "")), (",", "|", "+"))
    percentage = entry.get("percentage")
    return name if percentage is None else f"{name} {plain(percentage)}%"


def _quoted(text: str, marks: Sequence[str]) -> str:
    if any(mark in text for mark in marks) or '"' in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


_WORDS = frozenset({"missing", "present", "*"})


def cell(value: Any) -> str:
    """``value`` as a cell of a table that matches exactly it."""
    if value is None:
        return "missing"
    if isinstance(value, list | tuple) and value:
        return set_text(value)
    if isinstance(value, Mapping | TargetRef):
        return "present"
    text = show(value)
    needs = text in _WORDS or text != text.strip() or text[:1] in ("=", "<", ">", '"')
    needs = needs or text.startswith(("fail ", "skip ", "cancel ", "warn "))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if needs else _quoted(text, (",", "|"))


def halt(outcome: str, message: str, rule: str) -> Any:
    """``fail "…"`` and its kin inside an expression."""
    raise Stop(outcome, message, rule, cause=rule)


def row_halt(
    outcome: str, message: str, rule: str, table: str, arguments: tuple[Any, ...], choices: tuple[str, ...]
) -> Any:
    """A table row that stops the record: the cure is a row of its own above it, ending in one of ``choices``."""
    if outcome != "fail":
        raise Stop(outcome, message, rule, cause=rule)
    cells = " | ".join(cell(argument) for argument in arguments)
    raise Stop(
        "fail",
        message,
        rule,
        code="R903",
        help=f"add a row above {rule}" + (f"; it ends in {_either(choices)}" if choices else ""),
        fix=f"| {cells} | … |",
        cause=f"{table}: {cells}",
    )


def _either(choices: tuple[str, ...]) -> str:
    *more, last = choices
    return f"{', '.join(more)} or {last}" if more else last


def no_row(table: str, rule: str, arguments: tuple[Any, ...]) -> Any:
    """No row of a table fits: never silent, and the cure is a row."""
    cells = " | ".join(cell(argument) for argument in arguments)
    shown = ", ".join(f'"{show(argument)}"' for argument in arguments)
    raise Stop(
        "fail",
        f"{table} has no row for {shown}",
        rule,
        code="R903",
        help=f"add a row to the table at {rule}",
        fix=f"| {cells} | … |",
        cause=f"{table}: {cells}",
    )


def csv_hit(tracer: Tracer, lines: Mapping[Any, int], file: str, key: Any) -> None:
    """Notes the line of a CSV file that decided, if one did."""
    line = lines.get(key)
    if line is not None:
        tracer.hit(f"{file}:{line}")


def warn(warnings: Warnings, message: str, rule: str) -> None:
    """``warn "…" then x``; used for its effect, gives None."""
    warnings.append((message, rule))


def divide(left: Decimal, right: Decimal) -> Decimal:
    """Half-even at 12 places (language 3.4). Raises Stop for a division by zero."""
    if right == 0:
        raise Stop("fail", f"{plain(left)} cannot be divided by 0", cause="division by zero")
    quotient = _WIDE.quantize(_WIDE.divide(left, right), _TWELVE)
    return _WIDE.add(_WIDE.normalize(quotient), ZERO)


def ratio(left: Decimal, right: Decimal) -> Decimal:
    """A division that is rounded at once: all its 28 digits. Raises Stop for a division by zero."""
    if right == 0:
        raise Stop("fail", f"{plain(left)} cannot be divided by 0", cause="division by zero")
    return left / right


_UNITS = {"day": (add_days, 1), "week": (add_days, 7), "month": (add_months, 1), "year": (add_months, 12)}


@lru_cache(maxsize=1 << 14)
def shift(day: str, amount: Decimal, unit: str, sign: int) -> str:
    """``day`` plus or minus so many whole days, weeks, months or years."""
    move, factor = _UNITS[unit]
    return move(day[:10], int(amount) * factor * sign)


def set_key(entries: Any) -> Any:
    """A set in the form tables compare: order and ids play no part. None for the empty set."""
    if not entries:
        return None
    return frozenset(
        (entry.get("name"), entry.get("percentage")) if isinstance(entry, dict) else entry for entry in entries
    )


def code_of(value: Any) -> str | None:
    """A reference as text: its code or name."""
    if isinstance(value, TargetRef):
        return value.code
    if isinstance(value, Mapping):
        name = value.get("name") or value.get("Name")
        return None if name is None else str(name)
    return None if value is None else str(value)


def same(left: Any, right: Any) -> bool:
    """Whether two references mean the same record."""
    if isinstance(left, TargetRef) and isinstance(right, TargetRef):
        if left.id is not None or right.id is not None:
            return left.id == right.id
        return (left.map, left.source_id, left.code) == (right.map, right.source_id, right.code)
    if isinstance(left, Mapping) and isinstance(right, Mapping) and "id" in left and "id" in right:
        return bool(left["id"] == right["id"])
    if isinstance(left, str) or isinstance(right, str):
        return code_of(left) == code_of(right)
    return bool(left == right)


def follow(context: Any, reference: Any, system: str, kind: str, key: str, embedded: bool) -> Any:
    """A field of the record a reference points to: of the lookup itself, of what the target holds, or fetched."""
    if isinstance(reference, TargetRef):
        return reference.values.get(key)
    if embedded or (key in reference and reference.get(key) is not None):
        return reference.get(key)
    return context.fetch(system, kind, reference).get(key)


def whole(context: Any, reference: Any, system: str, kind: str) -> Mapping[str, Any]:
    """All values of the record a reference points to."""
    values: Mapping[str, Any] = (
        reference.values if isinstance(reference, TargetRef) else context.fetch(system, kind, reference)
    )
    return values


def column(rows: Any, key: str) -> list[Any]:
    """One field of all rows (of a keyed list in the order of its keys), missing ones left out."""
    return [row[key] for row in _listed(rows) if row.get(key) is not None]


def _listed(rows: Any) -> Any:
    return [rows[name] for name in sorted(rows)] if isinstance(rows, dict) else rows or ()


def sum_of(rows: Any, key: str) -> Decimal:
    """One field of all rows added up; missing ones are left out."""
    rows = _listed(rows)
    try:
        return sum([row[key] for row in rows], ZERO)
    except (KeyError, TypeError):
        return sum((row[key] for row in rows if row.get(key) is not None), ZERO)


def first_of(rows: Any, key: str) -> Any:
    """One field of the first row that has it."""
    for row in rows if rows.__class__ is list else _listed(rows):
        value = row.get(key)
        if value is not None:
            return set_member(value) if value.__class__ is dict and "percentage" in value else value
    return None


def address(values: Any, parts: tuple[tuple[str, str], ...]) -> dict[str, Any] | None:
    """An address value from the fields or members that hold its parts; missing when all are."""
    if values is None:
        return None
    found = {part: values[key] for part, key in parts if values.get(key) is not None}
    return found or None
