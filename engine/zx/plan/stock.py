"""Is there stock for what is approved? Xero lets no tracked item go below zero (reference/xero 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.document import BuiltLine
from zx.values.money import ZERO, plain

_POSTED = frozenset({"AUTHORISED", "PAID"})
"""Statuses in which a document has taken its stock."""


class StockCount:
    """What is on hand while the documents of a plan take from it, in the order in which they are decided."""

    def __init__(self, items: Iterable[Record]) -> None:
        self._on_hand: dict[str, Decimal] = {
            str(item.values.get("Code")): item.values.get("QuantityOnHand") or ZERO
            for item in items
            if item.values.get("IsTrackedAsInventory")
        }

    def take(
        self, status: Any, lines: Sequence[BuiltLine], coming: frozenset[str], existing: Record | None
    ) -> list[Problem]:
        """Takes what a document needs that is approved by being written; when there is too little, takes nothing and
        says so. ``coming``: codes of tracked items that this plan makes, empty; ``existing``: the document as it
        stands."""
        before = "" if existing is None else existing.values.get("Status")
        if status not in _POSTED and before not in _POSTED:
            return []
        needed = _needed([line.fields for line in lines])
        if existing is not None and before in _POSTED:
            for code, quantity in _needed(existing.values.get("LineItems") or []).items():
                needed[code] = needed.get(code, ZERO) - quantity
        for code in coming:
            self._on_hand.setdefault(code, ZERO)
        wanting = {code: needed[code] for code in needed if code in self._on_hand and needed[code] > 0}
        problems = [
            Problem(
                "R906",
                "error",
                f"{plain(quantity)} of {code} are needed, {plain(self._on_hand[code])} are in stock in Xero",
                _rule(lines, code),
                help="enter the stock in Xero (a bill or an adjustment), or send the document as a draft",
                cause=f"out of stock:{code}",
            )
            for code, quantity in wanting.items()
            if quantity > self._on_hand[code]
        ]
        if not problems:
            for code, quantity in wanting.items():
                self._on_hand[code] -= quantity
        return problems


def _needed(lines: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    needed: dict[str, Decimal] = {}
    for line in lines:
        code = line.get("ItemCode")
        if code:
            needed[str(code)] = needed.get(str(code), ZERO) + (line.get("Quantity") or ZERO)
    return needed


def _rule(lines: Sequence[BuiltLine], code: str) -> str:
    line = next(line for line in lines if line.fields.get("ItemCode") == code)
    return line.rules["ItemCode"].rule if "ItemCode" in line.rules else next(iter(line.rules.values())).rule
