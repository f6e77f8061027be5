"""Compares with a golden file; ``ZX_UPDATE_GOLDEN=1`` writes it anew, to be read in the diff."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "goldens"


def same_as_golden(name: str, text: str) -> None:
    path = FOLDER / name
    if os.environ.get("ZX_UPDATE_GOLDEN") == "1":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text, f"{name} is not what it was; see ZX_UPDATE_GOLDEN"
