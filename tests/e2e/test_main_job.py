"""Rules → pull → preview → push on the embedded sandbox, as a new user would try it."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.workspace import Place, root_copy

MONEY = re.compile(r"-?\d+\.\d{2,}")


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, dict[str, Any]]:
    place = root_copy(tmp_path_factory.mktemp("preview"))
    return place, place.preview()


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, dict[str, Any], dict[str, Any]]:
    place = root_copy(tmp_path_factory.mktemp("push"))
    before = place.preview()
    ran = place.zx("push", "--yes", "--format", "json")
    assert ran.code == 3, ran.err
    return place, before, ran.document


def documents(plan: dict[str, Any], action: str) -> list[dict[str, Any]]:
    return [item for item in plan["actions"] if item["map"] == "invoices" and item["action"] == action]


def test_records_in_equal_the_sum_of_counts(previewed: tuple[Place, dict[str, Any]]) -> None:
    place, plan = previewed
    zoho = place.dump("zoho.demo")
    read = {
        "invoices": "Invoices",
        "credit_notes": "Invoices",
        "organisations": "Accounts",
        "people": "Contacts",
        "items": "Products",
    }
    for name, counts in plan["by_map"].items():
        outcomes = {key: count for key, count in counts.items() if key != "read"}
        assert counts["read"] == sum(outcomes.values()) == len(zoho[read[name]])
    assert sum(plan["counts"].values()) == sum(len(zoho[module]) for module in set(read.values()))


def test_every_change_carries_an_existing_rule_line(previewed: tuple[Place, dict[str, Any]]) -> None:
    place, plan = previewed
    seen: set[str] = set()
    for action in plan["actions"]:
        for change in action["changes"]:
            seen |= {change["rule"], change["row"]} - {None}
        seen |= {problem["rule"] for problem in action["problems"]}
    assert len(seen) > 20
    for where in seen:
        file, _, line = where.rpartition(":")
        text = (place.path / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert text.strip() and not text.startswith("#"), where


def test_every_ready_document_is_equal_to_the_cent(previewed: tuple[Place, dict[str, Any]]) -> None:
    _, plan = previewed
    ready = documents(plan, "create")
    assert len(ready) >= 50
    for action in ready:
        assert action["totals"]["difference"] == "0.00", action["source"]
        assert MONEY.fullmatch(action["totals"]["source"])
    assert all(total["reconciles"] for total in plan["totals"])


def test_blocked_documents_name_cause_amount_and_cure(previewed: tuple[Place, dict[str, Any]]) -> None:
    _, plan = previewed
    blocked = documents(plan, "block")
    assert {item["source"]["label"] for item in blocked} == {"1013", "1017", "1024", "1027", "1032", "1034", "1038"}
    for item in blocked:
        assert item["totals"]["source"] and item["reason"]
        assert any(problem["message"] and problem["help"] for problem in item["problems"])
    tax = next(finding for finding in plan["findings"] if finding["fix"] == "| WET 29% | TAX001 |")
    assert tax["documents"] == 1 and tax["rule"].startswith("rules/tax.zx:")


def test_the_line_to_paste_cures_the_unmapped_tax(tmp_path: Path) -> None:
    place = root_copy(tmp_path)
    place.edit(
        "rules/tax.zx", "| missing     | BASEXCLUDED   |", "| WET 29% | TAX001 |\n| missing     | BASEXCLUDED   |"
    )
    labels = {item["source"]["label"] for item in documents(place.preview(), "block")}
    assert "1024" not in labels


def test_push_creates_exactly_the_ready_ones(pushed: tuple[Place, dict[str, Any], dict[str, Any]]) -> None:
    place, before, report = pushed
    ready = [item for item in before["actions"] if item["action"] in ("create", "adopt")]
    done = [item for item in report["actions"] if item.get("outcome") in ("done", "adopted")]
    assert {item["id"] for item in ready} == {item["id"] for item in done}
    xero = place.dump("xero.demo")
    by_number = {invoice["InvoiceNumber"]: invoice for invoice in xero["Invoices"]}
    contacts = {contact["ContactID"]: contact for contact in xero["Contacts"]}
    codes = {item["Code"] for item in xero["Items"]}
    for item in documents(before, "create"):
        invoice = by_number[item["target"]["label"]]
        assert Decimal(str(invoice["Total"])) == Decimal(item["totals"]["target"])
        assert invoice["Contact"]["ContactID"] in contacts
        assert {line["ItemCode"] for line in invoice["LineItems"] if line.get("ItemCode")} <= codes
    numbers = Counter(invoice["InvoiceNumber"] for invoice in xero["Invoices"])
    assert max(numbers.values()) == 1


def test_a_second_push_writes_nothing(pushed: tuple[Place, dict[str, Any], dict[str, Any]]) -> None:
    place, _, _ = pushed
    state, dumped = place.state(), place.dump("xero.demo")
    ran = place.zx("push", "--yes", "--format", "json")
    assert ran.code == 3
    assert not [item for item in ran.document["actions"] if item.get("outcome")]
    assert ran.document["counts"]["create"] == ran.document["counts"]["update"] == 0
    assert place.state() == state
    assert place.dump("xero.demo") == dumped


def test_editing_one_row_changes_exactly_the_documents_it_should(
    pushed: tuple[Place, dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    place = root_copy(tmp_path)
    before = {item["id"]: item for item in place.preview()["actions"]}
    zoho = place.dump("zoho.demo")
    free = {
        invoice["Invoice_Number"]
        for invoice in zoho["Invoices"]
        if any(tax["name"] == "GST Free" for line in invoice["Invoiced_Items"] for tax in line["Line_Tax"])
    }
    place.edit("rules/tax.zx", "| GST Free 0% | EXEMPTOUTPUT  |", "| GST Free 0% | BASEXCLUDED   |")
    after = {item["id"]: item for item in place.preview()["actions"]}
    assert before.keys() == after.keys()
    changed = {item["source"]["label"] for id, item in after.items() if item["payload"] != before[id]["payload"]}
    ready = {item["source"]["label"] for item in documents({"actions": list(before.values())}, "create")}
    assert changed and changed == free & ready
    for id, item in after.items():
        for new, old in zip(item["changes"], before[id]["changes"], strict=True):
            assert new == old or new["field"].endswith(".TaxType")
