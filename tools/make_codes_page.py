"""Writes docs/reference/codes.md from the registry of codes. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zx.diagnostics.codes import CODES, CodeInfo
from zx.diagnostics.examples import examples

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "codes.md"

_GROUPS = (
    ("01", "Writing"),
    ("02", "Names"),
    ("03", "Types and missing values"),
    ("04", "Tables"),
    ("05", "Whole maps"),
    ("06", "Settings and zx.toml"),
    ("07", "Tests"),
    ("08", "Decisions"),
    ("9", "One record"),
)
_HEAD = """# Codes

Made by `tools/make_codes_page.py` from what `zx why CODE` shows; the examples of rules are run by the tests of zx. `E`
is a mistake: nothing is sent while one is left. `W` is a warning and keeps nothing from being sent. `R` is about one
record: it waits, the others go on.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for number, title in _GROUPS for line in _group(number, title))])


def _group(number: str, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    for code in sorted((code for code in CODES if code[1:].startswith(number)), key=lambda code: code[1:]):
        yield from _code(CODES[code])


def _code(info: CodeInfo) -> Iterator[str]:
    example = examples()[info.code]
    yield f"### {info.code}: {info.title}\n"
    yield f"{info.explanation.strip()}\n"
    yield from ("```text", *(f"- {line}" for line in example.wrong), *(f"+ {line}" for line in example.right), "```\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
