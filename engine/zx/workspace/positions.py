"""Where each key of a TOML text stands. The standard parser gives values without places, and messages need places.

The scan relies on the text being valid TOML (``tomllib`` has accepted it), so it follows the structure and checks
nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from zx.diagnostics.diagnostic import Span
from zx.values.dataclass import dataclass

KeyPath = tuple[str | int, ...]
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "e": "\x1b"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands, and where its value does (for a table, its header)."""

    key: Span
    value: Span


def positions(text: str, file: str) -> Mapping[KeyPath, Place]:
    """The place of every key and array element, by path: ``("sync", "au", "rules", 0)``.

    Tables come under their header's place; a table that only dotted keys make has none.
    """
    scanner = _Scanner(text, file)
    scanner.document()
    return scanner.places


class _Scanner:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.at = 0
        self.places: dict[KeyPath, Place] = {}
        self._starts = [0] + [index + 1 for index, character in enumerate(text) if character == "\n"]
        self._arrays: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self._blank(newlines=True)
            if self.at >= len(self.text):
                return
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        self._blank()
        keys = [name for name, _ in self._keys()]
        self._blank()
        self.at += 2 if double else 1
        span = self._span(start, self.at)
        path: KeyPath = ()
        for index, name in enumerate(keys):
            path = (*path, name)
            if index < len(keys) - 1 and path in self._arrays:
                path = (*path, self._arrays[path])
        if double:
            self._arrays[path] = self._arrays.get(path, -1) + 1
            self.places.setdefault(path, Place(span, span))
            path = (*path, self._arrays[path])
        self.places[path] = Place(span, span)
        return path

    def _pair(self, table: KeyPath) -> None:
        keys = self._keys()
        path: KeyPath = (*table, *(name for name, _ in keys))
        self._blank()
        self.at += 1  # the equals sign
        self._blank()
        value = self._value(path)
        self.places[path] = Place(keys[-1][1], value)
        for end in range(1, len(keys)):
            part: KeyPath = (*table, *(name for name, _ in keys[:end]))
            self.places.setdefault(part, Place(keys[end - 1][1], keys[end - 1][1]))

    def _keys(self) -> list[tuple[str, Span]]:
        keys = []
        while True:
            start = self.at
            if self.text[self.at] in "\"'":
                name = self._string()
            else:
                while self.at < len(self.text) and self.text[self.at] in _BARE:
                    self.at += 1
                name = self.text[start : self.at]
            keys.append((name, self._span(start, self.at)))
            self._blank()
            if self.text[self.at : self.at + 1] != ".":
                return keys
            self.at += 1
            self._blank()

    def _value(self, path: KeyPath) -> Span:
        start = self.at
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\r\n":
                self.at += 1
            while self.text[self.at - 1] in " \t":
                self.at -= 1
        return self._span(start, self.at)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self._blank(newlines=True)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            element = (*path, index)
            span = self._value(element)
            self.places[element] = Place(span, span)
            index += 1

    def _inline(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._blank(newlines=True)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)

    def _string(self) -> str:
        """The text of the string that starts here (escapes resolved as far as keys need it)."""
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            return self._long_string(quote)
        self.at += 1
        parts = []
        while self.text[self.at] != quote:
            if quote == '"' and self.text[self.at] == "\\":
                parts.append(self._escape())
            else:
                parts.append(self.text[self.at])
                self.at += 1
        self.at += 1
        return "".join(parts)

    def _long_string(self, quote: str) -> str:
        start = self.at
        self.at += 3
        while not self.text.startswith(quote * 3, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += 3
        while self.text.startswith(quote, self.at):  # up to two quotes may belong to the text
            self.at += 1
        return self.text[start : self.at]

    def _escape(self) -> str:
        letter = self.text[self.at + 1]
        digits = {"x": 2, "u": 4, "U": 8}.get(letter, 0)
        self.at += 2 + digits
        return chr(int(self.text[self.at - digits : self.at], 16)) if digits else _ESCAPES[letter]

    def _blank(self, *, newlines: bool = False) -> None:
        """Past white space and, where lines may end, past line ends and comments."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in " \t" or (newlines and character in "\r\n"):
                self.at += 1
            elif newlines and character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _span(self, start: int, end: int) -> Span:
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end) - 1
        return Span(self.file, first + 1, start - self._starts[first] + 1, last + 1, end - self._starts[last] + 1)
