"""What a face read from the process environment, handed inward as a value."""

from __future__ import annotations

from pathlib import Path

from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """``now`` is the text of ZX_NOW, ``state_home`` where journals of services lie (``$XDG_STATE_HOME``),
    ``state_key`` the text of ZX_STATE_KEY."""

    state_home: Path
    now: str | None = None
    state_key: str | None = None
