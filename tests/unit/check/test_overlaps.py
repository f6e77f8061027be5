"""E0502: when the guards of two maps leave a record that both would send."""

from __future__ import annotations

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SettingValue, SyncRules, build
from zx.diagnostics.diagnostic import Span

PLACE = Span("zx.toml", 1, 1, 1, 2)


def meets(first: str, second: str, rest: str = "", **settings: str) -> bool:
    text = rest + "".join(
        f"map {name}: zoho.Accounts -> xero.Contact\n  match on Name\n  Name = Account_Name\n"
        + "".join(f"  {line}\n" for line in guards.split("; ") if line)
        for name, guards in (("one", first), ("two", second))
    )
    values = {name: SettingValue(value, PLACE) for name, value in settings.items()}
    found = build({"rules/a.zx": text}, packaged(), SyncRules("t", values, "Etc/UTC", PLACE)).diagnostics
    assert {one.code for one in found if one.is_error} <= {"E0502"}, found
    return "E0502" in {one.code for one in found}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", True),
        ('only when Account_Type is "Customer"', 'only when Account_Type is "Partner"', False),
        ('only when Account_Type is "Customer"', 'only when Account_Type in ("Customer", "Partner")', True),
        ('only when Account_Type is "Customer"', 'only when Account_Type is not "Customer"', False),
        ('skip when Phone is missing because "x"', "only when Phone is missing", False),
        ("only when Phone is present", 'only when Phone is "1"', True),
        ('fail when Phone is present because "x"', 'only when Phone is "1"', False),
        ('warn when Phone is present because "x"', 'only when Phone is "1"', True),
        ("only when (Employees otherwise 0) > 10", "only when (Employees otherwise 0) <= 10", False),
        ("only when (Employees otherwise 0) >= 10", "only when (Employees otherwise 0) <= 10", True),
        ("only when 10 < (Employees otherwise 0)", "only when (Employees otherwise 0) < 10", False),
        ("only when (Employees otherwise 0) > 10", "only when (Employees otherwise 0) in (3, 4)", False),
        ('only when Account_Name starts with "X"', 'only when not (Account_Name starts with "X")', False),
        ('only when Account_Name starts with "X"', 'only when Account_Name starts with "Y"', True),
        ('only when a; let a = Phone is "1" and Fax is missing', "only when Phone is missing or Fax is present", False),
        (
            'only when if Phone is "1" then Fax is "1" else Fax is "2"',
            'only when Phone is "1" and Fax is "2"',
            False,
        ),
        ("only when needed", "", False),
        ('never create because "x"', "", False),
        ('never create when Phone is missing because "x"', "only when Phone is missing", False),
    ],
)
def test_guards_of_two_maps(first: str, second: str, expected: bool) -> None:
    assert meets(first, second) is expected
    assert meets(second, first) is expected


def test_what_a_setting_switches_off_never_meets() -> None:
    setting = 'setting mode: one of (a, b, both) = "a"\n'
    guards = 'only when settings.mode is "a"', 'only when settings.mode in ("b", "both")'
    assert not meets(*guards, setting)
    assert not meets(*guards, setting, mode="b")
    assert meets("", guards[1], setting, mode="both")


def test_tables_are_told_apart_by_their_answers() -> None:
    table = "table kind(Phone: text?) -> one of (a, b)\n| Phone | Kind |\n| 1     | a    |\n| *     | b    |\n"
    assert not meets('only when kind(Phone) is "a"', 'only when kind(Phone) is "b"', table)
    assert meets('only when kind(Phone) is "a"', 'only when kind(Fax) is "b"', table)
