"""What the organisations themselves add to the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Metadata:
    """What both organisations add to the packaged catalogue, as last read; None where never read."""

    zoho: Mapping[str, Any] | None = None
    xero: Mapping[str, Any] | None = None
    read_at: Mapping[str, str] | None = None

    def catalogue(self) -> Catalogue:
        """The packaged catalogue with what was read."""
        return with_metadata(packaged(), zoho=self.zoho, xero=self.xero, read_at=self.read_at or {})
