"""A pattern made for the character ahead finds what the whole choice of terminals would find."""

from __future__ import annotations

import re
import string

import pytest

from zx.syntax.grammar import parser
from zx.syntax.terminals import Terminals

WORDS = (
    "is not missing",
    "is new",
    "Invoice_Date",
    "$line_tax",
    "invoices",
    "fail when",
    "fail",
    "on create",
    "always",
    "<= 1",
    "-> x",
    "- 1",
    "2026-01-01",
    "10%",
    "10.5",
    '"a | b"',
    "| a |",
    "# note",
    "\n  otherwise",
    "\nlet",
    "\r\n",
    "é",
    *string.punctuation,
)


@pytest.mark.parametrize("word", WORDS)
def test_as_the_whole_choice(word: str) -> None:
    scanners = list(dict.fromkeys(parser().scanners))
    terminals = Terminals(scanners)
    for number, scanner in enumerate(scanners):
        whole, ours = re.compile(scanner).match(word), terminals.matcher(number, word[0])(word, 0)
        assert (whole and (whole.lastgroup, whole.end())) == (ours and (ours.lastgroup, ours.end()))


@pytest.mark.parametrize("body", ("<=|>", r"a?b", "a*b", "[ab]?c", r"\$?b", "(a|b)", "(?:a|x)c|b", r"\||b"))
def test_what_may_begin_otherwise_is_kept(body: str) -> None:
    terminals = Terminals([f"(?P<ONE>{body})"])
    for text in ("b", "bc", "c", ">", "xc"):
        wanted = re.compile(body).match(text)
        assert (terminals.matcher(0, text[0])(text, 0) is not None) == (wanted is not None)
