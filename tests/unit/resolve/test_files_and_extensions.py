"""Names across files: `use`, `extend`, `override`, `drop`."""

from __future__ import annotations

from collections.abc import Mapping

from zx.diagnostics.diagnostic import Diagnostic
from zx.resolve.resolver import resolve
from zx.resolve.ruleset import RuleSet
from zx.resolve.unseen import report_unseen
from zx.syntax import ast
from zx.syntax.parser import parse

BASE = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
lines of organisations: Rows -> Addresses
  City = Town
line extra of organisations -> Addresses
  City = Billing_City
"""


def resolved(sources: Mapping[str, str]) -> tuple[RuleSet, list[Diagnostic]]:
    modules = {}
    for file, text in sources.items():
        module, wrong = parse(text, file)
        assert not wrong
        modules[file] = module
    rules, wrong = resolve(modules)
    return rules, [*wrong, *report_unseen(rules.unseen, rules.visible)]


def codes(sources: Mapping[str, str]) -> list[str]:
    return [found.code for found in resolved(sources)[1]]


def targets(items: tuple[object, ...]) -> list[str]:
    return [item.target.text for item in items if isinstance(item, ast.Assign)]


def test_extend_adds_overrides_and_drops() -> None:
    rules, wrong = resolved(
        {
            "rules/a.zx": BASE,
            "rules/b.zx": 'use "a.zx"\n'
            "extend organisations\n  FirstName = Phone\n  override Name = trim(Account_Name)\n"
            "extend lines of organisations\n  drop City\nextend extra\n  Region = Billing_State\n",
        }
    )
    assert not wrong
    rule = rules.maps["organisations"]
    assert targets(rule.items) == ["Name", "FirstName"]
    name = rule.items[1]
    assert isinstance(name, ast.Assign) and isinstance(name.value, ast.Call)
    assert [targets(section.items) for section in rule.sections] == [[], ["City", "Region"]]


def test_extending_lines_of_one_map_leaves_the_others_alone() -> None:
    shared = BASE + BASE.partition("lines of")[0].replace("organisations", "people")
    shared = shared.replace("lines of organisations:", "lines of organisations, people:")
    rules, wrong = resolved({"rules/a.zx": shared, "rules/b.zx": 'use "a.zx"\nextend lines of people\n  drop City\n'})
    assert not wrong
    assert targets(rules.maps["organisations"].sections[0].items) == ["City"]
    assert targets(rules.maps["people"].sections[0].items) == []


def test_line_sections_come_after_lines_in_the_order_of_their_names() -> None:
    text = BASE + "line another of organisations -> Addresses\n  City = Billing_City\n"
    rules, _ = resolved({"rules/a.zx": text})
    assert [section.name for section in rules.maps["organisations"].sections] == ["lines", "another", "extra"]


def test_use_is_transitive_and_relative_to_the_using_file() -> None:
    sources = {
        "rules/deep/a.zx": BASE,
        "rules/b.zx": 'use "deep/a.zx"\n',
        "rules/c.zx": 'use "b.zx"\nextend organisations\n  FirstName = Phone\n',
    }
    assert codes(sources) == []
    sources["rules/c.zx"] = "extend organisations\n  FirstName = Phone\n"
    assert codes(sources) == ["E0207"]


def test_files_in_a_circle_are_reported_once() -> None:
    sources = {"rules/a.zx": 'use "b.zx"\n' + BASE, "rules/b.zx": 'use "a.zx"\n'}
    assert codes(sources) == ["E0206"]
    assert codes({"rules/a.zx": 'use "a.zx"\n' + BASE}) == ["E0206"]


def test_a_file_that_the_sync_does_not_list_cannot_be_used() -> None:
    found = resolved({"rules/a.zx": 'use "setings.zx"\n' + BASE, "rules/settings.zx": ""})[1]
    assert [one.code for one in found] == ["E0206"]
    assert "rules/settings.zx" in found[0].label


def test_settings_may_share_a_name_with_a_map() -> None:
    assert codes({"rules/a.zx": BASE + "setting organisations: bool = no\n"}) == []
    assert codes({"rules/a.zx": BASE + "table organisations(A: text) -> text\n| A | B |\n| * | x |\n"}) == ["E0208"]


def test_overriding_or_dropping_nothing_is_an_error() -> None:
    extension = 'use "a.zx"\nextend organisations\n  override Nam = Phone\n  drop FirstName\n'
    found = resolved({"rules/a.zx": BASE, "rules/b.zx": extension})[1]
    assert [(one.code, one.fix) for one in found] == [("E0210", "Name"), ("E0210", None)]


def test_a_field_set_twice_shows_both_places() -> None:
    found = resolved({"rules/a.zx": BASE, "rules/b.zx": 'use "a.zx"\nextend organisations\n  Name = Phone\n'})[1]
    assert [one.code for one in found] == ["E0211"]
    assert found[0].others[0].span.place == "rules/a.zx:3"
