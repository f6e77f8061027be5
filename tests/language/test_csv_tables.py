"""Tables from CSV files: looked up as data, typed, with the line of the file as provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.catalog.load import packaged
from zx.compile.build import Build, SyncRules, build
from zx.compile.program import Evaluated
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record

RULES = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
  FirstName = left(short(Account_Name) otherwise "none", 255)
table short(Name: text) -> text from "short.csv" key "Name" value "Short"
"""
CSV = 'Name,Other,Short\nQuay,1,Q\n"Bay, Co",2,\nDune,3,D\n'


class World:
    run_date = "2026-04-01"
    timezone = "Australia/Sydney"

    def via(self, map_name: str, value: Any) -> None: ...

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> None: ...

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


def made(csv: str = CSV, rules: str = RULES) -> Build:
    place = Span("zx.toml", 1, 1, 1, 2)
    sources = {"rules/a.zx": rules, "rules/short.csv": csv}
    return build(sources, packaged(), SyncRules("t", {}, World.timezone, place))


def judged(name: str | None, rules: str = RULES, **values: Any) -> Evaluated:
    program = made(rules=rules).program
    assert program is not None, made(rules=rules).diagnostics
    record = Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": name, **values})
    one = program.maps["organisations"]
    fast, careful = one.evaluate(record, World()), one.trace(record, World())
    assert fast.fields == careful.fields
    return careful


def test_a_row_of_the_file_decides_and_is_named() -> None:
    found = judged("Dune")
    assert found.fields["FirstName"] == "D"
    assert found.rows == {"FirstName": ("rules/short.csv:4",)}


def test_a_blank_cell_is_missing_and_so_is_what_has_no_line() -> None:
    assert judged("Bay, Co").fields["FirstName"] == "none"
    assert judged("Bay, Co").rows == {"FirstName": ("rules/short.csv:3",)}
    found = judged("Elsewhere")
    assert found.fields["FirstName"] == "none" and found.rows == {}


def test_several_keys_are_looked_up_together_and_a_blank_one_is_a_missing_value() -> None:
    rules = (
        RULES.replace("short(Account_Name)", "short(Account_Name, Phone)")
        .replace(
            'table short(Name: text) -> text from "short.csv" key "Name"',
            'table short(Name: text, Phone: text?) -> text from "short.csv" key "Name", "Short"',
        )
        .replace('value "Short"', 'value "Other"')
    )
    assert judged("Quay", rules, Phone="Q").fields["FirstName"] == "1"
    assert judged("Bay, Co", rules).fields["FirstName"] == "2"
    assert judged("Quay", rules).fields["FirstName"] == "none"


def test_values_have_the_type_of_the_table() -> None:
    rules = RULES.replace('left(short(Account_Name) otherwise "none", 255)', "text(short(Account_Name) otherwise 0)")
    rules = rules.replace("-> text", "-> number").replace('value "Short"', 'value "Other"')
    assert judged("Dune", rules.replace("text(short", "left(text(short").replace("0)", "0), 9)")).fields == {
        "Name": "Dune",
        "FirstName": "3",
    }


def test_the_text_of_the_file_is_part_of_the_rules_digest() -> None:
    first, same, other = made().program, made(CSV.replace("\n", "\r\n")).program, made(CSV + "Pier,4,P\n").program
    assert first is not None and same is not None and other is not None
    assert first.digest == same.digest != other.digest
    assert set(first.sources) == {"rules/a.zx", "rules/short.csv"}


def test_a_large_file_is_data_and_not_code() -> None:
    lines = "".join(f"N{number},{number},S{number}\n" for number in range(20_000))
    program = made("Name,Other,Short\n" + lines).program
    assert program is not None
    record = Record(Kind("zoho", "Accounts"), "a1", "", {"id": "a1", "Account_Name": "N19999"})
    found = program.maps["organisations"].trace(record, World())
    assert (found.fields["FirstName"], found.rows["FirstName"]) == ("S19999", ("rules/short.csv:20001",))


def test_only_the_first_mistakes_of_a_file_are_shown() -> None:
    lines = "".join(f"N{number},only two\n" for number in range(500))
    found = made("Name,Other,Short\n" + lines).diagnostics
    assert {one.code for one in found} == {"E0405"} and len(found) == 20
