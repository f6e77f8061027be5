"""Is it there? Judging what a marker query found for one source record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.apply.ledger import Ledger
from zx.model.link import Entity
from zx.model.record import Record
from zx.values.dataclass import dataclass

# Archived contacts and voided documents keep their number (reference/xero 3.7), so a marker query returns them, too.
_DEAD = {"Status": frozenset({"VOIDED", "DELETED"}), "ContactStatus": frozenset({"ARCHIVED", "GDPRREQUEST"})}


class Presence(StrEnum):
    NONE = "none"
    OURS = "ours"
    TAKEN = "taken"
    """There, but linked to another source record."""
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Sighting:
    presence: Presence
    record: Record | None = None
    ids: tuple[str, ...] = ()


def judge(found: Iterable[Record], marker: tuple[str, str], entity: Entity, source_id: str, ledger: Ledger) -> Sighting:
    """What ``found``, the answer to a query for one or more markers, says of this one."""
    hits = [record for record in found if record.values.get(marker[0]) == marker[1]]
    if len(hits) > 1:
        hits = [record for record in hits if not dead(record)] or hits
    ids = tuple(sorted(record.id for record in hits))
    if not hits:
        return Sighting(Presence.NONE)
    if len(hits) > 1:
        return Sighting(Presence.SEVERAL, None, ids)
    if ledger.taken(entity, source_id, hits[0].id):
        return Sighting(Presence.TAKEN, hits[0], ids)
    return Sighting(Presence.OURS, hits[0], ids)


def dead(record: Record) -> bool:
    """Voided, deleted or archived."""
    return any(record.values.get(name) in words for name, words in _DEAD.items())


def total_of(record: Record | None) -> Decimal | None:
    """The total that the target computed: ``Total`` in Xero, ``Grand_Total`` in Zoho; None for what has none."""
    if record is None:
        return None
    total = record.values.get("Total", record.values.get("Grand_Total"))
    return total if isinstance(total, Decimal) else None


def stands(body: Any, values: Any) -> bool:
    """Whether a record with ``values`` already says everything that ``body`` would set."""
    if isinstance(body, dict):
        return isinstance(values, dict) and all(
            stands(item, values[key]) if key in values else _blank(item) for key, item in body.items()
        )
    if isinstance(body, list):
        return (
            isinstance(values, Sequence)
            and len(body) == len(values)
            and all(stands(item, value) for item, value in zip(body, values, strict=True))
        )
    return bool(body == values)


def _blank(item: Any) -> bool:
    return item is None or item in ("", [], {})
