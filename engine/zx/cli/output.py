"""Documents for standard output."""

from __future__ import annotations

from typing import Any

import simplejson


def pretty(value: Any) -> str:
    """Indented JSON with exact decimals."""
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=2)
