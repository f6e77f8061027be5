"""What answers in decisions.zx may speak of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """The syncs of the workspace, this sync, and the fields that each of its maps sets (none for a map that is switched
    off; None for all when the rules themselves have mistakes)."""

    syncs: Collection[str]
    sync: str
    maps: Mapping[str, Collection[str]] | None
