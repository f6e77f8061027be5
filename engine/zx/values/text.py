"""Text as people compare it."""

from __future__ import annotations

import unicodedata


def normalised(text: str) -> str:
    """``text`` for comparing names: NFC, case folded, trimmed, runs of white space as one blank."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def squeezed(text: str) -> str:
    """``text`` trimmed, runs of white space as one blank, NFC; the case stays."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digits(text: str) -> str:
    """Only the digits of ``text``: how telephone numbers are compared."""
    return "".join(character for character in text if character.isdigit())
