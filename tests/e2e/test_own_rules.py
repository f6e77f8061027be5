"""What a customer adds: own Zoho fields, a small file of own rules, a table of several columns; as a preview judges."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.workspace import Place, root_copy

LOCAL = """use "documents.zx"

## How urgent a delivery is: the score a person gave, and whether it was marked.
table urgency(Score: number?, Rush: bool?) -> one of (late, normal, quick, unknown)
| Score   | Rush    | Urgency |
| missing | *       | unknown |
| < 0     | *       | late    |
| 0, 1, 2 | no      | normal  |
| >= 10   | yes     | quick   |
| *       | missing | normal  |
| *       | *       | late    |

table ledger(Code: text?, Category: zoho.ProductCategory?, Amount: money?) -> xero.Account
| Product code | Category            | Amount | Account |
| "FEE, fixed" | *                   | *      | 260     |
| present      | Equipment, "Coffee" | >= 500 | 260     |
| *            | *                   | *      | = line_account(Code, Category) |

extend invoices
  skip when Sync_To_Xero is no because "not marked for Xero"
  warn when Sync_To_Xero is missing because "nobody said whether {Invoice_Number} goes to Xero"
  fail when Approved_On is present and Approved_On < 2025-01-01 because "approved on {Approved_On}"
  cancel when Score in (12.5, 13) because "recalled"
  let how = urgency(Score, Rush)
  let mark = before(Note, "-") otherwise "none"
  let week = if Approved_On is present then Approved_On + 1 weeks else missing
  let clerk = find xero.Contact by Name = "Nobody at all"
  override Reference = pick how
    | Urgency       | Reference                                          |
    | quick         | = "Q/" & upper(left(mark, 9)) |
    | late, unknown | = "L/" & left(mark, 9) & "/" & text(Score otherwise 0) |
    | *             | = left(proper(trim("  plain ")), 9) & len(Note otherwise "") |
  override DueDate = week otherwise end_of_month(day) + settings.due_days days
  override Contact = clerk otherwise Account_Name via organisations otherwise buyer_contact

extend lines of invoices
  override Description = left(if Product_Name.name starts with "Fr" then "Carriage" else if Quantity > 10
    then "Bulk " & Product_Name.name else Description otherwise Product_Name.name, 4000)
  override AccountCode = ledger(Product_Name.Product_Code, Product_Name.Product_Category, Total_After_Discount)
"""

OWN: dict[str, dict[str, Any]] = {
    "1002": {"Sync_To_Xero": True, "Rush": None, "Score": 3, "Approved_On": "2025-08-20", "Note": "AB-77/x"},
    "1003": {"Sync_To_Xero": False, "Rush": True, "Score": 10, "Approved_On": None, "Note": None},
    "1004": {"Sync_To_Xero": True, "Rush": True, "Score": 12.5, "Approved_On": "2025-02-28", "Note": "no dash"},
    "1005": {"Sync_To_Xero": True, "Rush": False, "Score": 0, "Approved_On": "2024-12-31", "Note": "ZZ-1"},
    "1006": {"Sync_To_Xero": True, "Rush": True, "Score": 11, "Approved_On": None, "Note": "quick-one"},
    "1007": {"Sync_To_Xero": None, "Rush": False, "Score": -1, "Approved_On": "2025-09-30", "Note": "AB-"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The root workspace with six invoices of the demo that have own fields, and with own rules."""
    place = root_copy(tmp_path_factory.mktemp("shop"))
    folder = place.path / "fixtures" / "zoho"
    with as_file(files("zx.sandbox") / "data" / "zoho") as packaged:
        shutil.copytree(packaged, folder)
    records = json.loads((folder / "Invoices.json").read_text("utf-8"))
    kept = [{**one, **OWN[one["Invoice_Number"]]} for one in records if one["Invoice_Number"] in OWN]
    (folder / "Invoices.json").write_text(json.dumps(kept), "utf-8")
    place.edit("zx.toml", "[zoho.demo]\nsandbox = true", '[zoho.demo]\nsandbox = "fixtures/zoho"')
    (place.path / "rules" / "local.zx").write_text(LOCAL, "utf-8")
    ran = place.zx("pull")
    assert ran.code == 0, ran.err
    return place


@pytest.fixture(scope="module")
def found(shop: Place) -> dict[str, dict[str, Any]]:
    """The actions on invoices by number."""
    ran = shop.zx("preview", "--format", "json")
    assert ran.code == 3, ran.err
    return {one["source"]["label"]: one for one in ran.document["actions"] if one["map"] == "invoices"}


def test_own_rules_check_clean(shop: Place) -> None:
    ran = shop.zx("check", "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, []), ran.out


def test_outcomes(found: dict[str, dict[str, Any]]) -> None:
    assert {number: (one["action"], one["reason"]) for number, one in found.items()} == {
        "1002": ("create", None),
        "1003": ("skip", "not marked for Xero"),
        "1004": ("skip", "recalled"),
        "1005": ("block", "approved on 2024-12-31"),
        "1006": ("create", None),
        "1007": ("create", None),
    }
    problems = [(number, p["severity"], p["message"]) for number, one in found.items() for p in one["problems"]]
    assert ("1007", "warning", "nobody said whether 1007 goes to Xero") in problems


def test_values_of_own_fields(found: dict[str, dict[str, Any]]) -> None:
    names = ("Reference", "Date", "DueDate")
    sent = {number: [found[number]["payload"][name] for name in names] for number in ("1002", "1006", "1007")}
    assert sent == {
        "1002": ["Plain7", "2025-08-04", "2025-08-27"],
        "1006": ["Q/QUICK", sent["1006"][1], "2025-09-30"],
        "1007": ["L/AB/-1", "2025-08-27", "2025-10-07"],
    }
    assert [line["Description"] for line in found["1002"]["payload"]["LineItems"]] == ["Carriage"]


def test_every_row_and_rule_is_the_line_it_says(shop: Place, found: dict[str, dict[str, Any]]) -> None:
    texts = {path.name: path.read_text("utf-8").split("\n") for path in (shop.path / "rules").glob("*.zx")}

    def line(place: str) -> str:
        file, number = place.removeprefix("rules/").split(":")
        return texts[file][int(number) - 1].strip()

    rows = {(number, c["field"]): line(c["row"]) for number, one in found.items() for c in one["changes"] if c["row"]}
    assert rows["1002", "Reference"].startswith('| *             | = left(proper(trim("  plain ")')
    assert rows["1006", "Reference"].startswith('| quick         | = "Q/"')
    assert rows["1007", "Reference"].startswith('| late, unknown | = "L/"')
    assert rows["1002", "LineItems[0].AccountCode"].endswith("= line_account(Code, Category) |")
    assert rows["1002", "LineItems[0].TaxType"] == "| GST 10%     | OUTPUT        |"
    for one in found.values():
        for change in one["changes"]:
            head = change["field"].rpartition(".")[2]
            rule = line(change["rule"])
            derived = head == "UnitAmount" or rule.startswith("total must be")
            assert rule.removeprefix("override ").startswith(head) or derived, rule


def test_explain_shows_the_same_lines(shop: Place, found: dict[str, dict[str, Any]]) -> None:
    ran = shop.zx("explain", "1007")
    assert ran.code in (0, 3), ran.err
    for change in found["1007"]["changes"]:
        assert change["rule"] in ran.out
        assert change["row"] is None or change["row"] in ran.out


def test_formatting_own_rules_changes_no_meaning(shop: Place, tmp_path: Path) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(shop.path / "rules", copy)
    before = shop.zx("preview", "--format", "json", "--offline").document
    assert shop.zx("fmt").code == 0
    assert shop.zx("fmt", "--check").code == 0
    after = shop.zx("preview", "--format", "json", "--offline").document
    assert after["rules"]["digest"] == before["rules"]["digest"]
    assert [one["payload"] for one in after["actions"]] == [one["payload"] for one in before["actions"]]
    shutil.copytree(copy, shop.path / "rules", dirs_exist_ok=True)
