"""What becomes of documents after the first push, told by the commands alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import simplejson

from tests.e2e.workspace import ROOT, ZX, Place, environment, root_copy


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = root_copy(tmp_path_factory.mktemp("sent"))
    ran = place.zx("push", "--yes", "--format", "json")
    assert ran.code == 3, ran.err
    for connection, calls in ran.document["calls"].items():
        assert calls["needed"] == calls.get("used", 0), connection
    return place


@pytest.fixture
def place(sent: Place, tmp_path: Path) -> Place:
    """A workspace of its own in which everything ready was sent."""
    return Place(Path(shutil.copytree(sent.path, tmp_path / "w")))


def zoho(place: Place, number: str) -> dict[str, Any]:
    return next(one for one in place.dump("zoho.demo")["Invoices"] if one["Invoice_Number"] == number)


def xero(place: Place, number: str) -> dict[str, Any]:
    return next(one for one in place.dump("xero.demo")["Invoices"] if one["InvoiceNumber"] == f"Z-{number}")


def edit(place: Place, connection: str, collection: str, record: str, fields: dict[str, Any]) -> dict[str, Any]:
    ran = place.zx("sandbox", "edit", connection, collection, record, json.dumps(fields))
    assert ran.code == 0, ran.err
    edited: dict[str, Any] = json.loads(ran.out)
    return edited


def push(place: Place) -> dict[str, Any]:
    ran = place.zx("push", "--yes", "--format", "json")
    assert ran.code in (0, 3), ran.err
    schema = json.loads((ROOT / "docs" / "schema" / "push.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(ran.document)
    return ran.document


def writing(document: dict[str, Any]) -> dict[str, tuple[str, set[str]]]:
    """Label → action and changed fields of all that would be written."""
    return {
        item["source"]["label"]: (item["action"], {change["field"] for change in item["changes"]})
        for item in document["actions"]
        if item["action"] in ("create", "update", "void", "delete", "adopt")
    }


def settled(place: Place) -> None:
    """The next push writes nothing, here and there."""
    state, dumped = place.state(), place.dump("xero.demo")
    assert not [item for item in push(place)["actions"] if item["outcome"]]
    assert place.state() == state and place.dump("xero.demo") == dumped


def test_edits_in_zoho_are_sent_and_nothing_else(place: Place) -> None:
    lines = [line["LineItemID"] for line in xero(place, "1007")["LineItems"]]
    edit(place, "zoho.demo", "Invoices", zoho(place, "1002")["id"], {"Status": "Cancelled"})
    edit(place, "zoho.demo", "Invoices", zoho(place, "1003")["id"], {"Status": "Cancelled"})
    edit(place, "zoho.demo", "Invoices", zoho(place, "1011")["id"], {"Purchase_Order": "PO-1", "Status": "Paid"})
    rows = zoho(place, "1007")["Invoiced_Items"]
    edit(place, "zoho.demo", "Invoices", zoho(place, "1007")["id"],
         {"Invoiced_Items": [{"id": rows[0]["id"], "_delete": None}]})  # fmt: skip
    before = place.preview()
    planned = writing(before)
    assert planned.keys() == {"1002", "1003", "1007", "1011"}
    assert planned["1002"] == ("delete", {"Status"}) and planned["1003"] == ("void", {"Status"})
    assert planned["1011"] == ("update", {"Reference", "Status"})
    assert planned["1007"][0] == "update" and "LineItems[0]" in planned["1007"][1]
    done = {item["source"]["label"]: item for item in push(place)["actions"] if item["outcome"]}
    assert done.keys() == planned.keys() and {item["outcome"] for item in done.values()} == {"done"}
    assert [line["LineItemID"] for line in xero(place, "1007")["LineItems"]] == lines[1:]
    assert xero(place, "1007")["Total"] == zoho(place, "1007")["Grand_Total"]
    assert (xero(place, "1002")["Status"], xero(place, "1003")["Status"]) == ("DELETED", "VOIDED")
    assert (xero(place, "1011")["Status"], xero(place, "1011")["Reference"]) == ("AUTHORISED", "PO-1")
    settled(place)


def test_what_people_do_in_xero_is_kept_and_said(place: Place) -> None:
    edit(place, "xero.demo", "Invoices", xero(place, "1011")["InvoiceID"], {"Reference": "ours"})
    edit(place, "xero.demo", "Invoices", xero(place, "1012")["InvoiceID"], {"Status": "AUTHORISED"})
    edit(place, "xero.demo", "Invoices", xero(place, "1015")["InvoiceID"], {"Status": "DELETED"})
    line = xero(place, "1020")["LineItems"][0]["LineItemID"]
    edit(place, "xero.demo", "Invoices", xero(place, "1020")["InvoiceID"],
         {"LineItems": [{"LineItemID": line, "UnitAmount": 99}]})  # fmt: skip
    total = str(xero(place, "1020")["Total"])
    plan = place.preview()
    assert writing(plan) == {}
    said = {tuple(finding["examples"]): finding for finding in plan["findings"] if finding["code"] in ("R910", "R915")}
    assert said.keys() == {("1011",), ("1015",), ("1020",)}
    assert total in said[("1020",)]["message"]
    assert [sums["reconciles"] for sums in plan["totals"]] == [False, True]
    edit(place, "zoho.demo", "Invoices", zoho(place, "1011")["id"], {"Purchase_Order": "theirs"})
    edit(place, "zoho.demo", "Invoices", zoho(place, "1020")["id"], {"Purchase_Order": "PO-2"})
    plan = place.preview()
    conflicts = {item["source"]["label"]: item for item in plan["actions"] if item["action"] == "conflict"}
    assert conflicts.keys() == {"1011", "1015", "1020"} and writing(plan) == {}
    (change,) = conflicts["1011"]["changes"]
    assert (change["field"], change["from"], change["to"]) == ("Reference", "ours", "theirs")
    edit(place, "xero.demo", "Invoices", xero(place, "1011")["InvoiceID"], {"Reference": "theirs"})
    assert writing(push(place)) == {"1011": ("adopt", set())}
    settled(place)


def test_a_new_rule_line_fills_what_was_sent_before(place: Place) -> None:
    place.edit("rules/invoices.zx", '  LineAmountTypes = "Exclusive"\n',
               '  LineAmountTypes = "Exclusive"\n  Url = "https://crm.example/" & Invoice_Number\n')  # fmt: skip
    assert set(map(str, writing(push(place)).values())) == {"('update', {'Url'})"}
    assert xero(place, "1007")["Url"] == "https://crm.example/1007"
    settled(place)


def test_one_customer_for_all_meets_no_conflict(place: Place) -> None:
    place.edit("zx.toml", 'prefix = "Z-"', 'prefix = "Z-"\ncustomer = "single"')
    plan = place.preview()
    assert plan["counts"]["conflict"] == 0 and plan["counts"]["update"] > 50
    assert plan["by_map"]["find xero.Contact"]["create"] == 1
    push(place)
    settled(place)


def test_a_deleted_zoho_invoice_is_said_until_somebody_voids_it(place: Place) -> None:
    invoice = zoho(place, "1007")["id"]
    served = subprocess.Popen(
        [ZX, "sandbox", "serve"], cwd=place.path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=environment(),
    )  # fmt: skip
    try:
        assert served.stdout is not None
        base = json.loads(served.stdout.readline())["zoho.demo"]
        keys = {name: base[name] for name in ("client_id", "client_secret", "refresh_token")}
        signed = requests.post(
            f"{base['accounts']}/oauth/v2/token", data={"grant_type": "refresh_token", **keys}, timeout=10
        ).json()
        headers = {"Authorization": f"Zoho-oauthtoken {signed['access_token']}"}
        answer = requests.delete(f"{base['api']}/crm/v8/Invoices/{invoice}", headers=headers, timeout=10)
        assert answer.status_code == 200
    finally:
        served.terminate()
        served.communicate(timeout=10)
    plan = place.preview()
    (finding,) = [one for one in plan["findings"] if one["code"] == "R917"]
    assert finding["examples"] == ["Z-1007"] and "still in Xero as Z-1007" in finding["message"]
    assert plan["by_map"]["invoices"]["read"] == 71 and writing(plan) == {}
    settled(place)


def test_a_plan_is_sent_as_it_was_seen_or_not_at_all(place: Place) -> None:
    invoice, other, theirs = zoho(place, "1007")["id"], zoho(place, "1009")["id"], xero(place, "1009")["InvoiceID"]
    edit(place, "zoho.demo", "Invoices", invoice, {"Purchase_Order": "PO-7"})
    state, plan = place.state(), place.preview()["plan"]
    moves: tuple[Callable[[], Any], ...] = (
        lambda: edit(place, "zoho.demo", "Invoices", other, {"Purchase_Order": "later"}),
        lambda: edit(place, "xero.demo", "Invoices", theirs, {"DueDate": "2026-12-24"}),
        lambda: place.edit("rules/accounts.zx", "= settings.sales_account |", '= "260" |'),
    )
    for move in moves:
        move()
        stale = place.zx("push", "--yes", "--plan", plan[:8], "--format", "json")
        assert (stale.code, stale.out) == (3, "") and "is stale" in stale.err
        before, plan = plan, place.preview()["plan"]
        assert plan != before
    assert place.state() == state and xero(place, "1007").get("Reference") != "PO-7"
    assert place.zx("push", "--yes", "--plan", plan[:8]).code == 3
    assert xero(place, "1007")["Reference"] == "PO-7"
    assert place.zx("push", "--yes", "--plan", plan[:8]).code == 3


def test_the_order_of_records_in_a_data_folder_does_not_matter(tmp_path: Path) -> None:
    documents = []
    for name, turn in (("as-is", False), ("turned", True)):
        (tmp_path / name).mkdir()
        place = root_copy(tmp_path / name)
        toml = place.path / "zx.toml"
        text = toml.read_text(encoding="utf-8")
        for system in ("zoho", "xero"):
            text = text.replace(f"[{system}.demo]\nsandbox = true", f'[{system}.demo]\nsandbox = "data/{system}"')
            shutil.copytree(ROOT / "engine" / "zx" / "sandbox" / "data" / system, place.path / "data" / system)
        toml.write_text(text, encoding="utf-8")
        for file in (place.path / "data").rglob("*.json") if turn else ():
            rows = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
            if isinstance(rows, list):
                file.write_text(simplejson.dumps(rows[::-1], use_decimal=True), encoding="utf-8")
        ran = place.zx("preview", "--format", "json", ZX_NOW="2026-11-22T10:00:00+11:00")
        assert ran.code == 3, ran.err
        documents.append(ran.document)
    first, second = documents
    assert {name for name in first if first[name] != second[name]} <= {"plan", "snapshot"}
