"""W0307 and W0308 speak only of what is needless in every use, whatever the settings."""

from __future__ import annotations

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SyncRules, build
from zx.diagnostics.diagnostic import Span

HEAD = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
"""


def codes(items: str, rest: str = "") -> list[str]:
    place = Span("zx.toml", 1, 1, 1, 2)
    made = build({"rules/a.zx": HEAD + items + rest}, packaged(), SyncRules("t", {}, "Etc/UTC", place))
    return [found.code for found in made.diagnostics]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ('  FirstName = left(Phone otherwise "none", 9)\n', []),
        ('  FirstName = left(trim(Account_Name) otherwise "none", 9)\n', ["W0307"]),
        ('  fail when Account_Name is present and Phone is present because "x"\n', ["W0308"]),
        ('  fail when Phone is present and Phone is present because "x"\n', ["W0308"]),
        ('  fail when Phone is present and len(Phone) > 3 because "x"\n', []),
        ('  fail when "a" in ("b", "c") because "x"\n', ["W0308"]),
        ('  fail when Account_Name is "x" or 1 is 1 because "x"\n', ["W0308"]),
        # The let is also worked out where nothing is settled yet.
        ('  only when Phone is present\n  let called = Phone otherwise "none"\n  FirstName = left(called, 9)\n', []),
        # A mistake in the line comes first.
        ("  FirstName = left(Account_Name otherwise Nmae, 9)\n", ["E0201"]),
    ],
)
def test_needless_parts(items: str, expected: list[str]) -> None:
    assert codes(items) == expected


def test_a_switch_is_no_doubt() -> None:
    settings = 'setting mode: one of (a, b) = "a"\nsetting short: text? = "S"\n'
    items = (
        '  fail when settings.mode is "b" and Phone is missing because "x"\n'
        '  let own = if settings.mode is "a" then Account_Name else missing\n'
        '  FirstName = left(own otherwise settings.short otherwise "none", 9)\n'
        '  LastName = if own is present then "y" else "n"\n'
    )
    assert codes(items, settings) == []


def test_rows_that_several_maps_share_are_judged_in_all_of_them() -> None:
    maps = (
        "map people: zoho.Contacts -> xero.Contact\n  match on Name\n  Name = Last_Name\n  only when Phone is present\n"
        'extend organisations, people\n  FirstName = left(Phone otherwise "none", 9)\n'
    )
    assert codes("", maps) == []
    assert codes("  only when Phone is present\n", maps) == ["W0307"]
