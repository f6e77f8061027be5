"""Text from records made safe to look at (reliability 3.1, S6).

Control characters move cursors and set titles, bidirectional controls turn an amount around, and zero-width ones make
two names of one look: all of them are shown instead of obeyed. Letters of every script stay as they are.
"""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers that show nothing
    "\u200b-\u200f\u2028-\u202f\u2060-\u206f"  # zero-width, separators, bidirectional controls, invisible signs
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff"  # fillers, selectors, byte order mark, specials
    "\ud800-\udfff"  # halves of a pair: no text can be written with them
    "\U000e0000-\U000e0fff"  # tags
    "]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """``text`` on one line, every invisible or active character as an escape: ``\\x1b``, ``\\u202e``."""
    return _INVISIBLE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """The same for text of several lines, which stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\u202f":
        return "\u00a0"  # a narrow blank between digits is a blank
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
