"""Text as a terminal can show it: nothing hidden, and every stretch as wide as it looks."""

from __future__ import annotations

import unicodedata

TAB_WIDTH = 4

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_NO_WIDTH = frozenset(("Mn", "Me"))


def visible(character: str) -> str:
    """``character`` so that it can be seen: control characters as their pictures, other hidden ones by number."""
    if character == "\t":
        return " " * TAB_WIDTH
    if unicodedata.category(character) not in _HIDDEN:
        return character
    number = ord(character)
    if number < 0x20:
        return chr(0x2400 + number)
    if number == 0x7F:
        return "\u2421"
    return f"<U+{number:04X}>"


def visible_text(text: str) -> str:
    return "".join(visible(character) for character in text)


def width(text: str) -> int:
    """How many columns ``text``, already made visible, takes on a terminal."""
    total = 0
    for character in text:
        if unicodedata.category(character) in _NO_WIDTH:
            continue
        total += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return total
