"""The grammar is clean: every conflict and every collision of two terminals would be an error here."""

from __future__ import annotations

import re

from zx.syntax import grammar


def test_the_grammar_builds_strictly_with_all_its_start_symbols() -> None:
    parser = grammar.build(strict=True)
    assert list(parser.options.start) == list(grammar.START_SYMBOLS)


def test_every_keyword_ends_at_a_word_boundary() -> None:
    # Without it the contextual lexer reads `off` as `of` and `f` where only `of` may stand.
    for name, pattern in re.findall(r"^(_[A-Z_]+)\.\d+: /(.*)/$", grammar.source(), re.MULTILINE):
        assert pattern.endswith((r"\b", r"\b)")), name


def test_the_loader_completes_words_and_leaves_definitions_alone() -> None:
    made = grammar.completed("a: _UP_TO _IS_NOT _B\n_IS_NOT.4: /is/\n")
    assert r"_UP_TO.3: /up[ \t]+to\b/" in made
    assert r"_B.2: /b\b/" in made
    assert made.count("_IS_NOT.4:") == 1
