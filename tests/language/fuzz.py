"""Damaged rule files by the thousand: whatever a file holds, zx says what is wrong, where, and soon.

``python -m tests.language.fuzz [COUNT [FIRST]]`` tries inputs of one seed each, so that every finding can be repeated.
An input is a few sections of real rules, damaged as people and merges damage them, or bytes that never were rules. It
is parsed, laid out, and checked against the packaged catalogue. No exception, no second of work, no message without
a line that the file has.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.diagnostics.codes import CODES
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.render import render_text
from zx.syntax.formatter import format_text
from zx.syntax.parser import parse

MOST_S = 1.0
"""Processor time one input may take."""

_FILE = "rules/fuzz.zx"
_SYNC = SyncRules("fuzz", {}, "Australia/Sydney", Span("zx.toml", 1, 1, 1, 2))
_SECTION = re.compile(r"(?m)^(?=[a-z])")
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[$\w]+|[^\s\w]|[ \t]+|\n')
_ODD = (
    "(",
    ")",
    "|",
    "||",
    '"',
    '\\"',
    "{",
    "{{",
    "}",
    "#",
    "##",
    "=",
    "==",
    "!=",
    "->",
    ":",
    "?",
    ",",
    ".",
    "&",
    "-",
    "*",
    "\t",
    "\r\n",
    "\r",
    "\x00",
    "\ufeff",
    "\u202e",
    "\u201c",
    "\u2019",
    "\u00a0",
    "А",
    "é",
    "e\u0301",
    "\U0001f600",
    "\ud800",
    "<<<<<<< HEAD\n",
    "=======\n",
    ">>>>>>> other\n",
    "0",
    "9" * 40,
    "1e9",
    "10%",
    "2026-02-30",
    "2026-02-28",
    "14 days",
    "missing",
    "clear",
    "yes",
    "otherwise",
    "is",
    "is missing",
    "in",
    "not in",
    "pick",
    "let",
    "via",
    "find",
    "per",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "on create",
    "always",
    "parent",
    "settings.",
    "needed",
    "sequence()",
    'fail "x"',
    'skip "x"',
    'warn "x" then',
    "only when",
    "total must be",
    "spread",
    "match on",
    "override",
    "drop",
)


@lru_cache(maxsize=1)
def pool() -> tuple[str, ...]:
    """Sections of the starter rules and of the faulty files kept as examples."""
    starter = [one.read_text("utf-8") for one in files("zx.starter").iterdir() if one.name.endswith(".zx")]
    faulty = [path.read_bytes().decode("utf-8") for path in sorted((Path(__file__).parent / "reject").glob("*.zx"))]
    bodies = [re.sub(r"\A(?:#(?!#)[^\n]*\n)*", "", text) for text in (*starter, *faulty)]
    return tuple(part for text in bodies for part in _SECTION.split(text) if part.strip() and len(part) < 3000)


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    return tuple(sorted({token for part in pool() for token in _TOKEN.findall(part) if token.strip()}))


def text_of(seed: int) -> str:
    """The input of one seed."""
    chance = random.Random(seed)
    if seed % 10 == 9:
        return _bytes(chance)
    text = "".join(chance.choice(pool()) for _ in range(chance.randint(1, 3)))
    for _ in range(chance.randint(1, 6)):
        text = chance.choice(_DAMAGE)(text, chance)
    return text


def _bytes(chance: random.Random) -> str:
    """Bytes that never were rules, or a stretch of rules in which bytes are wrong."""
    raw = bytearray(chance.randbytes(chance.randint(0, 200)))
    if chance.random() < 0.5:
        raw = bytearray(chance.choice(pool()).encode())
        for _ in range(chance.randint(1, 20)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw).decode("utf-8", chance.choice(("replace", "surrogateescape", "ignore")))


def _token(text: str, chance: random.Random) -> str:
    """One word or sign replaced, left out, doubled, or one put in."""
    found = [match.span() for match in _TOKEN.finditer(text) if match[0].strip()]
    if not found:
        return text
    start, end = chance.choice(found)
    new = chance.choice((chance.choice(words()), chance.choice(_ODD), "", text[start:end] * 2))
    return text[: start if chance.random() < 0.7 else end] + new + text[end:]


def _lines(text: str, chance: random.Random) -> str:
    """Lines left out, doubled, moved, joined or cut."""
    lines = text.split("\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = lines[at]
    match chance.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, line)
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
        case 4:
            lines[at] = line[: chance.randint(0, len(line))]
        case _:
            lines[at] = " " * chance.randint(0, 5) + line.lstrip()
    return "\n".join(lines)


def _splice(text: str, chance: random.Random) -> str:
    """A stretch of other rules in the middle of a line."""
    other, at = chance.choice(pool()), chance.randint(0, len(text))
    start = chance.randint(0, len(other))
    return text[:at] + other[start : start + chance.randint(1, 60)] + text[at:]


def _nest(text: str, chance: random.Random) -> str:
    """Something said very often, or very deep."""
    found = [match.span() for match in _TOKEN.finditer(text) if match[0].strip()]
    if not found:
        return text
    start, end = chance.choice(found)
    word, often = text[start:end], chance.choice((3, 40, 120))
    around = ("(" * often + word + ")" * often, f"{word} & " * often, "not " * often + word, f"left({word}, " * often)
    return text[:start] + chance.choice(around) + text[end:]


_DAMAGE = (_token, _token, _token, _lines, _lines, _splice, _nest)


@dataclass(frozen=True)
class Tried:
    """What one input led to. ``seconds`` is processor time."""

    codes: frozenset[str]
    seconds: float


def attempt(text: str) -> Tried:
    """Raises AssertionError, or whatever zx raises, when ``text`` is not treated as it must be."""
    began = time.process_time()
    _module, found = parse(text, _FILE)
    laid_out, refused = format_text(text, _FILE)
    assert laid_out is None or format_text(laid_out, _FILE)[0] == laid_out
    made = build({_FILE: text}, packaged(), _SYNC)
    assert made.program is None or not any(one.is_error for one in made.diagnostics)
    said = (*found, *refused, *made.diagnostics)
    render_text(said, {_FILE: text}, colour=True)
    seconds = time.process_time() - began
    for one in said:
        _assert_has_a_place(one, text)
    assert seconds < MOST_S, f"{seconds:.1f} s"
    return Tried(frozenset(one.code for one in said), seconds)


def _assert_has_a_place(one: Diagnostic, text: str) -> None:
    assert one.code in CODES, one
    assert one.message and not one.message.isspace(), one
    last = text.count("\n") + 1
    if one.span.file == _FILE:
        assert 1 <= one.span.line <= one.span.end_line <= last and one.span.column >= 1, one
    else:
        assert one.span.file == "zx.toml", one


def main(count: int, first: int = 0) -> int:
    worst, seen, failures = (0.0, 0), Counter[str](), 0
    for seed in range(first, first + count):
        try:
            tried = attempt(text_of(seed))
        except Exception as error:
            failures += 1
            print(f"seed {seed}: {error.__class__.__name__}: {str(error)[:200]}", flush=True)
            continue
        seen.update(tried.codes)
        worst = max(worst, (tried.seconds, seed))
        if (seed + 1 - first) % 10_000 == 0:
            print(f"{seed + 1 - first:,} inputs, worst {worst[0] * 1000:.0f} ms (seed {worst[1]})", flush=True)
    print(f"{count:,} inputs, {failures} failures, {len(seen)} codes, worst {worst[0] * 1000:.0f} ms (seed {worst[1]})")
    return 1 if failures else 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given or [100_000])))
