"""Lines put into texts where they belong: an answer into decisions.zx, a row into a table of the rules."""

from __future__ import annotations

import re

from zx.syntax.formatter import format_text

_HEAD = "# Answers given by people, one per line. `zx review` appends; a line is edited and reviewed like code.\n"
_SECTION = re.compile(r"decisions[ \t]+for[ \t]+(\S+)")


def with_answer(text: str, file: str, sync: str, line: str, replaces: int | None = None) -> str | None:
    """``text`` of decisions.zx with ``line`` behind the last answer of ``sync``, or in place of line number
    ``replaces``, in the house layout. None where it could not be read then."""
    lines = text.split("\n") if text.strip() else [*_HEAD.rstrip("\n").split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    if replaces is not None and 0 < replaces <= len(lines):
        lines[replaces - 1] = line
    else:
        end = _end_of_section(lines, sync)
        if end is None:
            lines += ["", f"decisions for {sync}"] if text.strip() else [f"decisions for {sync}"]
            end = len(lines)
        lines.insert(end, line)
    return format_text("\n".join(lines) + "\n", file)[0]


def _end_of_section(lines: list[str], sync: str) -> int | None:
    """The place behind the last answer of the last section for ``sync``."""
    end = None
    inside = False
    for number, line in enumerate(lines, 1):
        section = _SECTION.match(line)
        inside = section[1] == sync if section is not None else inside
        if inside and line.strip() and not (section is None and line.lstrip().startswith("#")):
            end = number
    return end


def with_row(text: str, file: str, number: int, row: str) -> str | None:
    """``text`` of a rule file with ``row`` above the table row in line ``number`` (where that line is a table's header
    line: behind its last row), in the house layout. None where there is no table, or it could not be read then."""
    lines = text.split("\n")
    if not 0 < number <= len(lines):
        return None
    place = number - 1
    if not _is_row(lines[place]):
        rows = place + 1
        while rows < len(lines) and not _is_row(lines[rows]) and _is_between(lines[rows]):
            rows += 1
        place = rows
        while place < len(lines) and (_is_row(lines[place]) or _is_between(lines[place])):
            place += 1
        while place > rows and not _is_row(lines[place - 1]):
            place -= 1
        if place <= rows:
            return None
    indent = lines[min(place, len(lines) - 1) if _is_row(lines[place : place + 1][0]) else place - 1]
    lines.insert(place, indent[: len(indent) - len(indent.lstrip())] + row)
    return format_text("\n".join(lines), file)[0]


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _is_between(line: str) -> bool:
    """A blank or a comment inside a table."""
    return not line.strip() or line.lstrip().startswith("#")
