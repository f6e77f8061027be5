from __future__ import annotations

from typing import Any

from zx.cache.redact import Redactor, known_words
from zx.catalog.load import packaged
from zx.model.record import Kind, Record

ACCOUNT = Kind("zoho", "Accounts")


def redacted(words: set[str], **values: Any) -> dict[str, Any]:
    made = Redactor(b"key", packaged(), words)(Record(ACCOUNT, "5725", "2026-01-01T00:00:00+00:00", values))
    return dict(made.values)


def test_names_go_and_codes_and_numbers_stay() -> None:
    found = redacted(set(), id="5725", Account_Name="Canary Cove Pty Ltd", Phone="02 5550 1234", Currency="AUD")
    assert found["id"] == "5725" and found["Currency"] == "AUD"
    assert "canary" not in found["Account_Name"].lower() and len(found["Account_Name"]) == len("Canary Cove Pty Ltd")
    assert found["Account_Name"][0].isupper() and found["Phone"] != "02 5550 1234" and found["Phone"][2] == " "


def test_equal_words_have_equal_pseudonyms_wherever_they_stand() -> None:
    make = Redactor(b"key", packaged(), set())
    whole, upper = make.text("Canary Cove (canary)"), make.text("CANARY")
    assert whole.split()[0].lower() == whole.split("(")[1][:-1] == upper.lower()
    assert make.text("first last") == f"{make.text('first')} {make.text('last')}"
    assert Redactor(b"other", packaged(), set()).text("Canary") != make.text("Canary")


def test_short_words_do_not_become_one() -> None:
    make = Redactor(b"key", packaged(), set())
    pairs = [first + second for first in "abcdefghijklm" for second in "abcdefghijklm"]
    assert len({make.text(word) for word in pairs}) == len(pairs)


def test_words_that_stand_in_the_rules_stay() -> None:
    rules = {"rules/a.zx": 'Name = "Freight"  # Canary\n| Consulting – onsite | 205 |\n', "rules/t.csv": "Gadget,200\n"}
    words = known_words(rules)
    assert {"freight", "consulting", "onsite", "gadget"} <= words and "canary" not in words
    assert redacted(set(words), Account_Name="Freight Canary")["Account_Name"].startswith("Freight ")
