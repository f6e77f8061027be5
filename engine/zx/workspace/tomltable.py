"""Typed reading of parsed TOML tables that reports every mistake with its place instead of stopping at the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.suggest import nearest
from zx.workspace.positions import KeyPath, Place

T = TypeVar("T")

UNREADABLE = "E0650"
UNKNOWN_KEY = "E0651"
WRONG_VALUE = "E0652"
MISSING_KEY = "E0653"
VERSION = "E0654"
UNKNOWN_CONNECTION = "E0655"
NOT_LOOPBACK = "E0656"
SANDBOX_FOLDER = "E0657"
TIMEZONE = "E0658"
RULE_FILE = "E0659"


class Findings:
    """The mistakes found in one file, with the places of its keys."""

    def __init__(self, file: str, places: Mapping[KeyPath, Place]) -> None:
        self.file = file
        self.places = places
        self.diagnostics: list[Diagnostic] = []
        self.meant: set[KeyPath] = set()
        """Keys that were proposed for unknown ones: they are there as soon as the spelling is right."""

    def place(self, path: KeyPath) -> Place:
        """The place of ``path``, or of the nearest table around it."""
        while path and path not in self.places:
            path = path[:-1]
        start = Span(self.file, 1, 1, 1, 1)
        return self.places.get(path, Place(start, start))

    def error(
        self, code: str, message: str, span: Span, *, label: str = "", help: str | None = None, fix: str | None = None
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, label=label, help=help, fix=fix))


def kind_of(value: Any) -> str:
    """What people call the type of a TOML value."""
    if isinstance(value, bool):
        return "true or false"
    for types, name in (
        (str, "a text"),
        ((int, Decimal), "a number"),
        (dt.datetime, "a time"),
        (dt.date, "a date"),
        (dt.time, "a time of day"),
        (list, "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, types):
            return name
    return "a value"


class Table:
    """One table of the file. Readers take a key and a default; a wrong value is reported and the default stands in."""

    def __init__(self, values: Mapping[str, Any], path: KeyPath, findings: Findings) -> None:
        self.values = values
        self.path = path
        self.findings = findings

    def __contains__(self, key: str) -> bool:
        return key in self.values

    @property
    def title(self) -> str:
        """``[sync.au]``: how messages name this table."""
        return f"[{'.'.join(str(part) for part in self.path)}]" if self.path else "zx.toml"

    def key_span(self, key: str) -> Span:
        return self.findings.place((*self.path, key)).key

    def value_span(self, key: str) -> Span:
        return self.findings.place((*self.path, key)).value

    def wrong(self, key: str, message: str, *, code: str = WRONG_VALUE, help: str | None = None) -> None:
        self.findings.error(code, message, self.value_span(key), help=help)

    def missing(self, key: str, example: str) -> None:
        if (*self.path, key) in self.findings.meant:
            return
        self.findings.error(
            MISSING_KEY,
            f"{self.title} does not say `{key}`",
            self.findings.place(self.path).key,
            fix=f"{key} = {example}",
        )

    def only(self, known: Iterable[str]) -> None:
        """Report every key that is not one of ``known``."""
        names = list(known)
        for key in self.values:
            if key in names:
                continue
            near = nearest(key, names)
            if near is not None:
                self.findings.meant.add((*self.path, near))
            self.findings.error(
                UNKNOWN_KEY,
                f"{self.title} has no key `{key}`",
                self.key_span(key),
                label=f"did you mean `{near}`?" if near else "",
                help=None if near else f"known keys: {', '.join(names)}",
                fix=near,
            )

    def table(self, key: str) -> Table:
        """The table under ``key``; an empty one when it is missing or no table."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"`{key}` is {kind_of(value)}, a table was expected", help=f"write it as a header, [{key}]")
            value = {}
        return Table(value, (*self.path, key), self.findings)

    def tables(self, key: str) -> list[tuple[str, Table]]:
        """The tables inside the table ``key``, in the order of the file."""
        outer = self.table(key)
        return [(name, outer.table(name)) for name in outer.values]

    def text(self, key: str) -> str | None:
        return self._read(key, "a text", None, lambda value: value if isinstance(value, str) else None)

    def boolean(self, key: str, default: bool) -> bool:
        return self._read(key, "true or false", default, lambda value: value if isinstance(value, bool) else None)

    def count(self, key: str, default: int) -> int:
        """A whole number, zero or more."""

        def read(value: Any) -> int | None:
            whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            return value if whole else None

        return self._read(key, "a whole number, zero or more", default, read)

    def strings(self, key: str) -> tuple[str, ...]:
        def read(value: Any) -> tuple[str, ...] | None:
            good = isinstance(value, list) and all(isinstance(item, str) for item in value)
            return tuple(value) if good else None

        return self._read(key, "a list of texts", (), read)

    def _read(self, key: str, expected: str, default: T, read: Callable[[Any], T | None]) -> T:
        if key not in self.values:
            return default
        value = read(self.values[key])
        if value is None:
            self.wrong(key, f"`{key}` is {kind_of(self.values[key])}, {expected} was expected")
            return default
        return value
