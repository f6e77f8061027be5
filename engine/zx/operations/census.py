"""Counts of what the last pull read, for findings that name numbers; counted once after each pull."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from zx.cache.snapshots import NotRead
from zx.catalog.schema import Catalogue
from zx.check.census import Census, Count, count
from zx.files.disk import DiskError, atomic_write
from zx.model.record import Kind
from zx.operations.desk import Desk
from zx.operations.kept import open_cache
from zx.values import jsontext
from zx.workspace.workspace import Sync

_FORMAT = 1
_COUNTED = ("Invoices", "Quotes", "Sales_Orders", "Accounts", "Contacts", "Products")
"""Kinds of Zoho records that rules read."""


def last_census(desk: Desk, sync: Sync, catalogue: Catalogue) -> Census:
    """What the last pull of ``sync`` read, counted; empty before the first."""
    path = desk.paths.cache(sync)
    if not path.exists():
        return {}
    kept = path.with_suffix(".census.json")
    with open_cache(desk, sync) as cache:
        read_at = cache.read_at(sync.zoho.name)
        known = _load(kept, read_at) if kept.exists() else None
        if known is not None:
            return known
        try:
            snapshot = cache.snapshot(sync.zoho.name, sync.xero.name)
        except NotRead:
            return {}
    kinds = [Kind("zoho", name) for name in _COUNTED]
    made = {kind: count(snapshot.records(kind), kind, catalogue) for kind in kinds}
    with suppress(DiskError):  # Then it is counted again next time.
        atomic_write(kept, jsontext.dumps(_plain(made, read_at)).encode(), 0o600)
    return made


def _plain(census: Census, read_at: str | None) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "read_at": read_at or "",
        "kinds": {
            kind.name: {
                "records": one.records,
                "present": dict(one.present),
                "taxes": {
                    name: [[list(taxes), lines] for taxes, lines in found.items()] for name, found in one.taxes.items()
                },
            }
            for kind, one in census.items()
        },
    }


def _load(path: Path, read_at: str | None) -> Census | None:
    """The kept counts, None when they are of another pull or cannot be read."""
    try:
        document = jsontext.loads(path.read_bytes())
        if document["format"] != _FORMAT or document["read_at"] != (read_at or ""):
            return None
        return {Kind("zoho", name): _count(one) for name, one in document["kinds"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _count(one: Any) -> Count:
    taxes = {
        name: Counter({tuple((str(tax), str(rate)) for tax, rate in carried): int(lines) for carried, lines in found})
        for name, found in one["taxes"].items()
    }
    return Count(int(one["records"]), Counter({name: int(number) for name, number in one["present"].items()}), taxes)
