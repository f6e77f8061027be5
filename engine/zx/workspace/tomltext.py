"""zx.toml from disk to parsed values, with limits that keep a hostile file cheap (reliability S12)."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.workspace.tomltable import UNREADABLE
from zx.workspace.workspace import ConfigError

MAX_BYTES = 1 << 20
MAX_LINE = 64 << 10
MAX_DOTS = 16
MAX_DEPTH = 16
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BRACKETS = re.compile(r"[\[{]")


def read_text(path: Path, shown: str) -> str:
    """The text of a hand-written file. Raises ConfigError when it is too large, unreadable or not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(shown, f"{shown} cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise unreadable(shown, f"{shown} is larger than 1 MiB")
    try:
        # Some editors put a byte order mark in front.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unreadable(shown, f"{shown} is not UTF-8 text", line, help="save the file as UTF-8") from error


def parse(text: str, shown: str) -> dict[str, Any]:
    """The parsed table; floats as Decimal. Raises ConfigError with the line where the text is no TOML."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            raise unreadable(shown, f"line {number} of {shown} is longer than 64 KiB", number)
        if line.split("=", 1)[0].count(".") > MAX_DOTS or len(_BRACKETS.findall(line)) > MAX_DEPTH:
            raise unreadable(shown, f"line {number} of {shown} is nested too deeply", number)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        row, column = 1, 1
        if place is not None:
            message = message[: place.start()]
            row = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
            column = int(place[2]) if place[2] else 1
        raise unreadable(
            shown, f"{shown} is not readable: {message[:1].lower()}{message[1:]}", row, column, text=text
        ) from error
    except RecursionError as error:
        raise unreadable(shown, f"{shown} is nested too deeply") from error


def unreadable(
    shown: str, message: str, line: int = 1, column: int = 1, *, text: str = "", help: str | None = None
) -> ConfigError:
    span = Span(shown, line, column, line, column + 1)
    return ConfigError((Diagnostic(UNREADABLE, message, span, help=help),), text)
