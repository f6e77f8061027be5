"""No text of rules makes a build raise: what is damaged is reported, what still builds still judges."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SettingValue, SyncRules, build
from zx.diagnostics.diagnostic import Span

PLACE = Span("zx.toml", 1, 1, 1, 5)
PIECES = re.compile(r'"[^"\n]*"|\$?\w+|\s+|[^\w\s]')
SOURCES = {
    f"rules/{entry.name}": entry.read_text("utf-8")
    for entry in sorted(files("zx.starter").iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".zx")
}


def damaged(seed: int) -> dict[str, str]:
    """The starter rules with one to three words left out, put in or exchanged for words of other places."""
    chance = random.Random(seed)
    words = [word for text in SOURCES.values() for word in PIECES.findall(text) if not word.isspace()]
    sources = dict(SOURCES)
    for _ in range(chance.randint(1, 3)):
        file = chance.choice(sorted(sources))
        pieces = PIECES.findall(sources[file])
        place = chance.randrange(len(pieces))
        change = chance.choice(["out", "in", "other", "other"])
        if change == "out":
            del pieces[place]
        elif change == "in":
            pieces.insert(place, f" {chance.choice(words)} ")
        elif not pieces[place].isspace():
            pieces[place] = chance.choice(words)
        sources[file] = "".join(pieces)
    return sources


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_rule_set_is_reported_and_never_raises(seed: int) -> None:
    sources = damaged(seed)
    settings = {"start_date": SettingValue("2026-03-01", PLACE)}
    made = build(sources, packaged(), SyncRules("demo", settings, "Australia/Sydney", PLACE))
    errors = [found for found in made.diagnostics if found.is_error]
    assert (made.program is None) == bool(errors)
    for found in made.diagnostics:
        lines = sources.get(found.span.file, "\n" * 9).split("\n")
        assert 1 <= found.span.line <= len(lines) + 1
