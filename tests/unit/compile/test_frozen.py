"""A program kept as bytes is the program it was."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from zx.catalog.load import packaged
from zx.compile.build import Build, SettingValue, SyncRules, build
from zx.compile.frozen import Unfit, freeze, thaw
from zx.compile.program import Program
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record

PLACE = Span("zx.toml", 1, 1, 1, 2)
CSV = {"rules/a.csv": "Code,Rate\nW-1,1.50\nW-2,\n"}
RULES = """map items: zoho.Products -> xero.Item
  match on Code
  Code = left(Product_Code otherwise fail "no code", 30) on create
  Name = left(replace_all(Product_Name, "[0-9]", "#"), 50)
  SalesDetails.UnitPrice = rate(Product_Code) otherwise kind(Product_Category, Unit_Price)
  skip when matches(Product_Name, "^old") because "old"
table rate(Code: text) -> money from "a.csv" key "Code" value "Rate"
table kind(Category: zoho.ProductCategory?, Price: money?) -> money?
| Category | Price | Result |
| missing  | > 10  | 2.50   |
| *        | *     | missing |
"""


class World:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"

    def via(self, map_name: str, value: Any) -> None: ...

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> None: ...

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


def made(sources: Mapping[str, str]) -> Build:
    settings = {"start_date": SettingValue("2025-08-01", PLACE)} if len(sources) > 2 else {}
    return build(sources, packaged(), SyncRules("demo", settings, "Australia/Sydney", PLACE))


def both(sources: Mapping[str, str]) -> tuple[Program, Program]:
    found = made(sources)
    assert found.program is not None and found.parts is not None, found.diagnostics
    return found.program, thaw(freeze(found.program, found.parts), sources)


def test_a_program_comes_back_as_it_was() -> None:
    folder = files("zx.starter")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".zx"))
    first, second = both({f"rules/{name}": (folder / name).read_text("utf-8") for name in names})
    assert (first.reads, first.digest, first.settings, first.sources) == (
        second.reads,
        second.digest,
        second.settings,
        second.sources,
    )
    assert list(first.maps) == list(second.maps)
    for one, other in zip(first.maps.values(), second.maps.values(), strict=True):
        assert (one.source, one.target, one.rule, one.fields, one.sections, one.needed, one.via, one.states_total) == (
            *(other.source, other.target, other.rule, other.fields, other.sections, other.needed, other.via),
            other.states_total,
        )


@pytest.mark.parametrize("code", ["W-1", "W-2", None])
@pytest.mark.parametrize("name", ["Cup 12", "old cup"])
def test_it_judges_records_as_before(code: str | None, name: str) -> None:
    first, second = both({"rules/a.zx": RULES, **CSV})
    values = {"id": "1", "Product_Code": code, "Product_Name": name, "Unit_Price": Decimal(11)}
    record = Record(Kind("zoho", "Products"), "1", "", values)
    one, other = first.maps["items"], second.maps["items"]
    assert one.evaluate(record, World()) == other.evaluate(record, World())
    assert one.trace(record, World()) == other.trace(record, World())
    assert (
        other.evaluate.__self__.body.lets == () and other.trace(record, World()).rows == one.trace(record, World()).rows
    )  # type: ignore[attr-defined]


def test_bytes_that_hold_no_program_are_unfit() -> None:
    found = made({"rules/a.zx": RULES, **CSV})
    assert found.program is not None and found.parts is not None
    data = freeze(found.program, found.parts)
    for other in (b"", data[: len(data) // 2], marshal.dumps(None), marshal.dumps(({}, {}, {}, ())), b"x" * 99):
        with pytest.raises(Unfit):
            thaw(other, {})


def test_names_of_maps_never_meet_names_of_the_machine() -> None:
    for name in ("_halt", "_k0", "None", "True", "v", "W", "_f_left", "__builtins__", "__debug__", "class"):
        rules = RULES.replace("map items", f"map {name}")
        first, second = both({"rules/a.zx": rules, **CSV})
        record = Record(Kind("zoho", "Products"), "1", "", {"id": "1", "Product_Code": "W-1", "Product_Name": "Cup"})
        assert first.maps[name].evaluate(record, World()).fields["Code"] == "W-1"
        assert second.maps[name].evaluate(record, World()) == first.maps[name].evaluate(record, World())


def test_the_scope_of_what_nobody_asks_for_comes_back() -> None:
    rules = {"rules/a.zx": RULES.replace("match on Code", 'match on Code\n  only when needed or Product_Name is "Tea"')}
    program, again = both({**CSV, **rules})

    def scopes(one: Program, name: str) -> str:
        unasked = one.maps["items"].unasked
        assert unasked is not None
        return unasked(Record(Kind("zoho", "Products"), "1", "", {"Product_Name": name}), World()).scope.value

    assert [scopes(one, name) for one in (program, again) for name in ("Tea", "Ink")] == ["in", "out"] * 2
