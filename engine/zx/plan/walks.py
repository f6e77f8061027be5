"""The way of a Xero quote from one status to another (reference/xero 2.3), and what each write on it must carry."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zx.model.record import Kind
from zx.plan.action import Step

QUOTE = Kind("xero", "Quote")
_MOVES: Mapping[str | None, tuple[str, ...]] = {
    None: ("DRAFT", "SENT"),
    "DRAFT": ("SENT", "DELETED"),
    "SENT": ("ACCEPTED", "DECLINED", "DELETED"),
    "ACCEPTED": ("INVOICED", "SENT", "DELETED"),
    "DECLINED": ("SENT", "DELETED"),
    "INVOICED": ("SENT", "DELETED"),
}
_EDITABLE = frozenset({"DRAFT", "SENT"})
_EDITABLE_WHEN_CLOSED = frozenset({"Status", "Contact", "Terms"})
"""What Xero lets change on a quote that is accepted, declined or invoiced (reference/xero 2.3)."""
_ALWAYS = ("Contact", "Date")
"""An update of a quote carries these even when they stay as they are (reference/xero 2.3)."""


def way(current: str | None, wanted: str) -> tuple[str, ...] | None:
    """The statuses to set one after the other, the shortest way; () when it stands there, None when no way leads
    there. ``current`` is None for a quote that is about to be made."""
    todo: deque[tuple[str | None, tuple[str, ...]]] = deque([(current, ())])
    seen = {current}
    while todo:
        status, gone = todo.popleft()
        if status == wanted:
            return gone
        for further in _MOVES.get(status, ()):
            if further not in seen:
                seen.add(further)
                todo.append((further, (*gone, further)))
    return None


def to_walk(target: Kind, current: str | None, wanted: Any) -> tuple[str, ...] | None:
    """As ``way`` for a quote; () for what is no quote, where nothing is to be walked."""
    return way(current, wanted) if target == QUOTE and isinstance(wanted, str) else ()


def closed(status: str | None, fields: set[str]) -> tuple[str, ...]:
    """Those of ``fields`` that cannot change while a quote has this status."""
    if status is None or status in _EDITABLE:
        return ()
    return tuple(sorted(fields - _EDITABLE_WHEN_CLOSED))


def held(values: Mapping[str, Any]) -> dict[str, Any]:
    """What every update of this quote carries beside what changes."""
    contact = values.get("Contact") or {}
    kept: dict[str, Any] = {"Contact": {"ContactID": contact["ContactID"]}} if contact.get("ContactID") else {}
    return {**kept, **({"Date": values["Date"]} if values.get("Date") else {})}


def walked(
    payload: Mapping[str, Any], statuses: Sequence[str], who: Mapping[str, Any], digest: Callable[[Any], str]
) -> tuple[dict[str, Any], dict[str, str], tuple[Step, ...]]:
    """``payload`` with the first status, the base that goes with it, and the steps to the others. ``who``: how a step
    names the quote (its id, or what stands for it)."""
    carried = {name: payload[name] for name in _ALWAYS if name in payload}
    steps = tuple(Step({**who, **carried, "Status": status}, {"Status": digest(status)}) for status in statuses[1:])
    return {**payload, "Status": statuses[0]}, {"Status": digest(statuses[0])}, steps
