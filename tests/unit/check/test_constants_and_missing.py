"""Settings fold, missing values are tracked, lists are checked only where rules are alive."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue, ListEntry
from zx.compile.build import Build, SettingValue, SyncRules, build
from zx.diagnostics.diagnostic import Span

PLACE = Span("zx.toml", 10, 1, 10, 5)
GIVEN = Span("zx.toml", 12, 10, 12, 19)

MAP = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
"""


def catalogue(**lists: dict[str, ListEntry]) -> Catalogue:
    known = packaged()
    named = {name.replace("_", ".", 1): entries for name, entries in lists.items()}
    return Catalogue(known.shapes, known.enumerations, named)


def built(text: str, settings: dict[str, str | Decimal | bool] | None = None, known: Catalogue | None = None) -> Build:
    values = {name: SettingValue(value, GIVEN) for name, value in (settings or {}).items()}
    sync = SyncRules("au", values, "Australia/Sydney", PLACE)
    return build({"rules/a.zx": text}, known or catalogue(), sync)


def codes(
    text: str, settings: dict[str, str | Decimal | bool] | None = None, known: Catalogue | None = None
) -> list[str]:
    return [found.code for found in built(text, settings, known).diagnostics]


# --- settings ---------------------------------------------------------------------------------------------------------

PREFIX = MAP + '  FirstName = settings.prefix\nsetting prefix: text(4) = ""\n'


def test_a_prefix_that_is_too_long_says_so_at_its_value() -> None:
    found = built(PREFIX, {"prefix": "SYDNEY-"}).diagnostics
    assert [one.code for one in found] == ["E0601"]
    assert found[0].message == 'the prefix "SYDNEY-" has 7 characters, 4 are allowed'
    assert found[0].span == GIVEN
    assert found[0].label == "sync au; the limit is set in rules/a.zx:5, text(4)"


@pytest.mark.parametrize(
    ("declared", "value", "code"),
    [
        ("bool", "yes", "E0601"),
        ("bool", True, None),
        ("number", "14", "E0601"),
        ("number", Decimal(14), None),
        ("money", Decimal("0.05"), None),
        ("date", "2026-07-01", None),
        ("date", "1 July", "E0601"),
        ("one of (each, daily)", "daily", None),
        ("one of (each, daily)", "dayly", "E0601"),
        ("text", "x", None),
        ("text", Decimal(1), "E0601"),
        ("xero.Account", "200", None),
    ],
)
def test_values_of_settings_fit_their_types(declared: str, value: str | Decimal | bool, code: str | None) -> None:
    text = MAP + f'  skip when settings.s is missing because "x"\nsetting s: {declared}\n'
    assert codes(text, {"s": value}) == ([code] if code else [])


def test_a_setting_without_a_value_is_asked_for_at_the_sync() -> None:
    found = built(MAP + '  skip when settings.s is missing because "x"\nsetting s: date\n').diagnostics
    assert [(one.code, one.span) for one in found] == [("E0602", PLACE)]


def test_an_unknown_setting_has_a_near_name() -> None:
    found = built(PREFIX, {"prefx": "A"}).diagnostics
    assert [(one.code, one.fix) for one in found] == [("E0603", "prefix")]


def test_a_wrong_setting_is_one_message_however_often_it_is_read() -> None:
    text = MAP + "  FirstName = settings.p\n  LastName = settings.p & settings.p\nsetting p: text(4)\n"
    assert codes(text, {"p": "TOO LONG"}) == ["E0601"]


def test_a_map_that_settings_switch_off_is_not_in_the_program() -> None:
    text = MAP + "  only when settings.on\nsetting on: bool = no\n"
    off, on = built(text).program, built(text, {"on": True}).program
    assert off is not None and on is not None
    assert list(off.maps) == [] and off.reads == frozenset()
    assert list(on.maps) == ["organisations"]


ACCOUNT = MAP + '  SalesDefaultAccountCode = if settings.stock then "630" else "200"\nsetting stock: bool = no\n'


def test_live_lists_are_asked_only_for_what_settings_leave_alive() -> None:
    known = catalogue(xero_Account={"200": ListEntry("200", "Sales")})
    assert codes(ACCOUNT, {}, known) == []
    assert codes(ACCOUNT, {"stock": True}, known) == ["E0205"]
    assert codes(ACCOUNT, {"stock": True}) == []  # a list that was never read is not checked against


def test_a_branch_that_is_switched_off_is_still_typed() -> None:
    text = ACCOUNT.replace('"630"', "Employees")
    assert codes(text) == ["E0301"]


# --- missing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guards",
    [
        "  only when Website is present\n",
        '  skip when Website is missing because "x"\n',
        '  fail when Website is missing because "x"\n',
        '  only when Website is "a.example"\n',
        '  only when Website in ("a.example", "b.example")\n',
        "  only when known\n  let known = Website is present\n",
        "  only when not (Website is missing)\n",
        '  only when Website is present and Phone is "1"\n',
    ],
)
def test_guards_settle_what_may_be_missing(guards: str) -> None:
    text = MAP.replace("Account_Name", "left(Website, 255)")
    assert codes(text) == ["E0303"]
    assert codes(text + guards) == []


@pytest.mark.parametrize(
    "guards",
    [
        '  only when Website is present or Phone is "1"\n',
        '  warn when Website is missing because "x"\n',
        '  skip when Website is present because "x"\n',
        '  only when Website is not "a.example"\n',
    ],
)
def test_other_guards_do_not(guards: str) -> None:
    assert codes(MAP.replace("Account_Name", "left(Website, 255)") + guards) == ["E0303"]


def test_presence_holds_inside_and_and_if() -> None:
    assert codes(MAP + '  warn when Employees is present and Employees > 5 because "x"\n') == []
    assert codes(MAP + '  warn when Employees is missing or Employees > 5 because "x"\n') == []
    assert codes(MAP + '  warn when Employees is present or Employees > 5 because "x"\n') == ["E0302"]
    assert codes(MAP + '  FirstName = if Employees is present and Employees > 5 then "many" else "few"\n') == []


def test_a_guard_on_the_length_of_a_text_settles_its_length() -> None:
    text = "map items: zoho.Products -> xero.Item\n  match on Code\n"
    text += "  only when Product_Code is present\n  Code = Product_Code\n"
    assert codes(text) == ["W0306"]
    assert codes(text + '  fail when len(Product_Code) > 30 because "x"\n') == []
    assert codes(text + '  fail when len(Product_Code) > 31 because "x"\n') == ["W0306"]


def test_otherwise_and_join_settle() -> None:
    assert codes(MAP.replace("Account_Name", 'left(Website otherwise "none", 255)')) == []
    people = 'map people: zoho.Contacts -> xero.Contact\n  match on Name\n  Name = join(" ", First_Name, Last_Name)\n'
    assert codes(people) == []
    assert codes(people.replace("First_Name, Last_Name", "First_Name, Email")) == ["E0303"]


# --- tables -----------------------------------------------------------------------------------------------------------

TABLE = """table size(Kind: one of (a, b)?, Total: number) -> text(5)
| Kind    | Total | Size  |
| a       | < 10  | small |
| a       | >= 10 | large |
| b       | *     | other |
| missing | *     | none  |
"""


def test_every_combination_needs_a_row() -> None:
    text = MAP + '  FirstName = size("a", 5)\n' + TABLE
    assert codes(text) == []
    for gone in ("| a       | >= 10 | large |\n", "| missing | *     | none  |\n", "| b       | *     | other |\n"):
        assert codes(text.replace(gone, "")) == ["E0402"]
    assert codes(text.replace(">= 10", "> 10")) == ["E0402"]


def test_a_gap_names_the_row_that_is_missing() -> None:
    found = built(MAP + '  FirstName = size("a", 5)\n' + TABLE.replace(">= 10", "> 10")).diagnostics
    assert found[0].message == 'no row for Kind "a" and Total 10'
    assert found[0].help == 'add | a | 10 | … |, or add | * | * | fail "…" |'


def test_a_result_that_may_be_missing_must_be_promised_as_such() -> None:
    table = "table word(Code: text?) -> text(9){}\n| Code | Word |\n| *    | = left(Code, 9) |\n"
    text = MAP + "  FirstName = word(Phone)\n"
    assert codes(text + table.format("?")) == []
    assert codes(text + table.format("")) == ["E0303"]


def test_cells_narrow_the_parameters_of_a_row() -> None:
    table = "table word(Code: text?) -> text(9)\n| Code | Word |\n| present | = left(Code, 9) |\n| * | none |\n"
    assert codes(MAP + "  FirstName = word(Phone)\n" + table) == []


@pytest.mark.parametrize(
    "written", ["round(2.5, 1000000)", "9999-12-31 + 1 days", "0001-01-01 - 1 months", "2026-01-01 + 99999999 years"]
)
def test_what_cannot_be_worked_out_is_a_mistake_of_the_rules(written: str) -> None:
    found = built(f"{MAP}  FirstName = left(text({written}), 5)\n").diagnostics
    assert [(one.code, one.message) for one in found] == [("E0301", f"`{written}` cannot be worked out")]
