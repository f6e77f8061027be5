"""Letters that look like Latin ones, and marks that change the direction of a text."""

from __future__ import annotations

import unicodedata

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеорсухіјѕһԁԛԝ", "ABESIJKMHOPCTYXaeopcyxijshdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι", "ABEZHIKMNOPTYXoi", strict=True))
_SAME = {**_CYRILLIC, **_GREEK}
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def latin(word: str) -> str | None:
    """``word`` with every look-alike as the Latin letter it seems to be; None when nothing or not all can be told."""
    if word.isascii():
        return None
    made = "".join(_SAME.get(character, character) for character in word)
    return made if made.isascii() else None


def is_mixed(word: str) -> bool:
    """Whether ``word`` has letters of more than one of the alphabets that look alike."""
    if word.isascii():
        return False
    names = (unicodedata.name(character, "") for character in word if character.isalpha())
    return len({script for name in names for script in _SCRIPTS if name.startswith(script)}) > 1
