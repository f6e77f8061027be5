"""Lines for a terminal of some width: cut or wrapped, with or without colour and signs beyond ASCII.

Every text goes through the filter at this door; colours are added after it (reliability 3.1, S6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from rich.cells import cell_len, set_cell_size

from zx.report.visible import visible
from zx.values.dataclass import dataclass

_PLAIN = str.maketrans(
    {
        "→": "->", "…": "...", "−": "-", "·": ".", "✓": "ok", "✗": "x", "↔": "@", "–": "-", "—": "-", "“": '"',
        "”": '"', "‘": "'", "’": "'", "\u00a0": " ",
    }
)  # fmt: skip
_STYLES = {
    "good": "32", "bad": "1;31", "attention": "1;33", "quiet": "1", "dim": "2", "bold": "1",
    "create": "32", "update": "36", "adopt": "36", "void": "35", "delete": "35", "block": "33", "conflict": "31",
    "skip": "2", "unchanged": "2", "done": "32", "adopted": "36", "rejected": "31", "in_doubt": "33",
    "not_attempted": "2", "del": "2", "ins": "1",
    "newly_blocked": "33", "no_longer_affected": "35", "changed": "36", "newly_affected": "32", "newly_valid": "32",
}  # fmt: skip


@dataclass(slots=True)
class Screen:
    """Lines being collected. Every text goes through ``say`` or ``pair``; nothing else may add one."""

    width: int
    colour: bool
    unicode: bool
    lines: list[str] = field(default_factory=list)

    def clean(self, text: str) -> str:
        """``text`` safe for this terminal."""
        safe = visible(text)
        return safe if self.unicode else safe.translate(_PLAIN).encode("ascii", "backslashreplace").decode()

    def cut(self, text: str, width: int) -> str:
        """``text`` in at most ``width`` cells, with an ellipsis where something is missing."""
        if cell_len(text) <= width:
            return text
        dots = "…" if self.unicode else "..."
        return set_cell_size(text, max(width - len(dots), 0)).rstrip() + dots

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and style in _STYLES and text else text

    def say(self, text: str = "", style: str = "", *, indent: int = 0, whole: bool = False) -> None:
        """One line; cut to the width unless it has to stay ``whole`` because it will be copied."""
        safe = self.clean(text)
        shown = safe if whole else self.cut(safe, self.width - indent)
        self.lines.append(" " * indent + self.paint(shown, style) if shown else "")

    def pair(self, left: str, right: str, style: str = "", *, indent: int = 0, column: int | None = None) -> None:
        """``left``, and ``right`` in dim beside it at ``column``, or on a line of its own where both do not fit."""
        left, right = self.clean(left), self.clean(right)
        column = min(column or self.width, self.width)
        room = self.width - indent - cell_len(right) - 2
        if not right:
            self.wrapped(left, style, indent=indent)
        elif room >= cell_len(left):
            gap = max(column - indent - cell_len(left) - cell_len(right), 2)
            self.lines.append(" " * indent + self.paint(left, style) + " " * gap + self.paint(right, "dim"))
        else:
            self.wrapped(left, style, indent=indent)
            self.say(right, "dim", indent=indent + 2)

    def wrapped(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """``text`` over as many lines as it needs."""
        line = ""
        for word in self.clean(text).split(" "):
            if line and cell_len(line) + 1 + cell_len(word) > self.width - indent:
                self.say(line, style, indent=indent)
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line:
            self.say(line, style, indent=indent)

    def flow(self, parts: Iterable[tuple[str, str]], *, indent: int) -> None:
        """Short styled parts side by side, on more lines where they need it."""
        used, line = indent, ""
        for text, style in parts:
            safe = self.cut(self.clean(text), self.width - indent)
            if line and used + 3 + cell_len(safe) > self.width:
                self.lines.append(" " * indent + line)
                used, line = indent, ""
            gap = "   " if line else ""
            line += gap + self.paint(safe, style)
            used += len(gap) + cell_len(safe)
        if line:
            self.lines.append(" " * indent + line)
