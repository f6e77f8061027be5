"""The simulator as a thing: its file, its data folder, its transport and its server."""

from __future__ import annotations

import json
import multiprocessing
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from zx.sandbox.app import Sandbox, open_sandbox
from zx.sandbox.errors import PortInUse, SandboxDataError, SandboxError, UnknownRecord
from zx.sandbox.server import serve

from .conftest import BASE, CONTACT, XERO_FILES, ZOHO_FILES, StillClock, write_folder, xero_client, zoho_client


def add_contacts(folder: Path, first: int) -> None:
    app = open_sandbox("xero", folder / "xero.db", folder / "data", StillClock())
    for number in range(first, first + 10):
        app.edit("Contacts", "new", {"Name": f"C{number}"})
    app.close()


def test_two_objects_see_one_file(tmp_path: Path, xero_app: Sandbox, clock: StillClock) -> None:
    other = open_sandbox("xero", tmp_path / "xero.db", tmp_path / "xero", clock)
    xero_client(xero_app).json("PUT", "/Contacts", {"Name": "Seen"})
    assert "Seen" in [contact["Name"] for contact in other.dump()["Contacts"]]
    xero_client(other).json("POST", "/Contacts", {"Name": "Seen", "FirstName": "Ann"})
    assert xero_app.dump()["Contacts"][-1]["FirstName"] == "Ann"
    assert other.credentials["tenant"] == xero_app.credentials["tenant"]
    other.close()


def test_two_processes_write_one_file(tmp_path: Path) -> None:
    write_folder(tmp_path / "data", XERO_FILES)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=add_contacts, args=(tmp_path, first)) for first in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    app = open_sandbox("xero", tmp_path / "xero.db", tmp_path / "data", StillClock())
    contacts = app.dump()["Contacts"]
    app.close()
    stamps = [contact["UpdatedDateUTC"] for contact in contacts[2:]]
    assert len(contacts) == 22
    assert stamps == sorted(set(stamps))


def test_a_killed_process_leaves_whole_requests(tmp_path: Path) -> None:
    """Each request writes an invoice and its contact: after a kill at any moment there is both or neither."""
    write_folder(tmp_path / "data", XERO_FILES)
    process = multiprocessing.get_context("spawn").Process(target=write_for_ever, args=(tmp_path,))
    process.start()
    deadline = time.monotonic() + 20
    while not (tmp_path / "going").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    process.kill()
    process.join()
    app = open_sandbox("xero", tmp_path / "xero.db", tmp_path / "data", StillClock())
    held = app.dump()
    app.edit("Contacts", "new", {"Name": "After"})
    app.close()
    used = [invoice["Contact"]["ContactID"] for invoice in held["Invoices"]]
    assert len(used) > 0
    assert sorted(used) == sorted(contact["ContactID"] for contact in held["Contacts"][2:])


def write_for_ever(folder: Path) -> None:
    app = open_sandbox("xero", folder / "xero.db", folder / "data", StillClock())
    client = xero_client(app)
    for number in range(100_000):
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}
        invoice = {"Type": "ACCREC", "Contact": {"Name": f"C{number}"}, "LineItems": [line]}
        assert client.call("PUT", "/Invoices", invoice).status_code == 200
        (folder / "going").touch()


def test_a_request_that_fails_inside_leaves_nothing(xero_app: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    client = xero_client(xero_app)

    def broken(*_: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("zx.sandbox.xero.service.show", broken)
    assert client.call("PUT", "/Contacts", {"Name": "Half"}).status_code == 500
    monkeypatch.undo()
    assert "Half" not in [contact["Name"] for contact in xero_app.dump()["Contacts"]]


def test_reset_starts_over_as_another_organisation(xero_app: Sandbox) -> None:
    client = xero_client(xero_app)
    tenant = xero_app.credentials["tenant"]
    xero_app.edit("Contacts", "new", {"Name": "Extra"})
    xero_app.reset()
    assert len(xero_app.dump()["Contacts"]) == 2
    assert xero_app.credentials["tenant"] != tenant
    assert client.call("GET", "/Organisation").status_code == 403


def test_a_changed_folder_is_noticed_and_never_written(tmp_path: Path, zoho_app: Sandbox) -> None:
    before = {path.name: path.read_bytes() for path in (tmp_path / "zoho").iterdir()}
    zoho_app.edit("Accounts", "new", {"Account_Name": "X"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "zoho").iterdir()} == before
    assert not zoho_app.data_changed()
    write_folder(tmp_path / "zoho", {"Accounts": []})
    assert zoho_app.data_changed()
    zoho_app.reset()
    assert not zoho_app.data_changed()
    assert zoho_app.dump()["Accounts"] == []


def test_missing_settings_are_the_demos_and_other_missing_files_are_empty(tmp_path: Path, clock: StillClock) -> None:
    empty = write_folder(tmp_path / "empty", {})
    app = open_sandbox("xero", tmp_path / "x.db", empty, clock)
    held = app.dump()
    app.close()
    assert held["Accounts"]
    assert held["TaxRates"]
    assert held["Currencies"]
    assert held["Organisation"]
    assert held["Contacts"] == held["Items"] == held["Invoices"] == []


@pytest.mark.parametrize(
    ("name", "text", "line", "part"),
    [
        ("Invoices", '[\n{"id": "1",}\n]', 2, "not clean JSON"),
        ("Invoices", '{"id": "1"}', None, "array of records"),
        ("Invoices", '[{"id": "1", "id": "2"}]', None, "one key twice"),
        ("Invoices", "[NaN]", None, "NaN"),
        ("invoices2", "[]", None, "no collection"),
        ("fields", "[]", None, "keyed by module"),
    ],
)
def test_broken_data_is_named_by_file_and_line(
    tmp_path: Path, clock: StillClock, name: str, text: str, line: int | None, part: str
) -> None:
    folder = write_folder(tmp_path / "data", {})
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    with pytest.raises(SandboxDataError) as caught:
        open_sandbox("zoho", tmp_path / "z.db", folder, clock)
    assert caught.value.file.endswith(f"{name}.json")
    assert caught.value.line == line
    assert part in caught.value.message


def test_xero_files_may_write_dates_either_way(tmp_path: Path, clock: StillClock) -> None:
    dated = {"Type": "ACCREC", "Contact": {"ContactID": CONTACT}, "Status": "DRAFT", "LineItems": [], "Total": 0}
    files = {
        **XERO_FILES,
        "Invoices": [
            {**dated, "InvoiceID": "1", "Date": "2026-03-02", "UpdatedDateUTC": "2026-03-02T01:02:03"},
            {
                **dated,
                "InvoiceID": "2",
                "Date": "/Date(1772409600000+0000)/",
                "UpdatedDateUTC": "/Date(1772413323000)/",
            },
        ],
    }
    app = open_sandbox("xero", tmp_path / "x.db", write_folder(tmp_path / "data", files), clock)
    first, second = app.dump()["Invoices"]
    app.close()
    for name in ("Date", "DateString", "UpdatedDateUTC"):
        assert first[name] == second[name]
    assert first["DateString"] == "2026-03-02T00:00:00"


def test_edits_of_what_is_not_there_list_what_is(zoho_app: Sandbox, xero_app: Sandbox) -> None:
    with pytest.raises(UnknownRecord, match="there are Accounts"):
        zoho_app.edit("Deals", "new", {})
    with pytest.raises(UnknownRecord, match="Brand refresh"):
        zoho_app.edit("Invoices", "1", {})
    with pytest.raises(UnknownRecord, match="there are Organisation"):
        xero_app.edit("Deals", "new", {})
    with pytest.raises(UnknownRecord, match=CONTACT):
        xero_app.edit("Contacts", "1", {})
    with pytest.raises(UnknownRecord, match="no field Stauts"):
        zoho_app.edit("Invoices", "713000000000418226", {"Stauts": "Approved"})
    with pytest.raises(UnknownRecord, match="no field Nmae"):
        xero_app.edit("Contacts", CONTACT, {"Nmae": "X"})
    with pytest.raises(SandboxError, match="Contact"):
        xero_app.edit("Invoices", "new", {"LineItems": []})


def test_dump_is_json_and_whole(zoho_app: Sandbox) -> None:
    held = zoho_app.dump()
    assert len(held["Invoices"][0]["Invoiced_Items"]) == len(ZOHO_FILES["Invoices"][0]["Invoiced_Items"])
    assert json.dumps(held, default=str)


def test_serve_answers_on_loopback_and_refuses_other_hosts(zoho_app: Sandbox, xero_app: Sandbox) -> None:
    with serve({"zoho.demo": zoho_app, "xero.demo": xero_app}, {"zoho.demo": None}) as served:
        address = served.addresses["zoho.demo"]
        given = zoho_app.credentials
        data = {"grant_type": "refresh_token", **{key: given[key] for key in ("client_id", "client_secret")}}
        answer = requests.post(
            f"{address}/oauth/v2/token", data={**data, "refresh_token": given["refresh_token"]}, timeout=5
        )
        assert answer.json()["api_domain"] == address
        assert answer.headers["Date"] == "Wed, 01 Apr 2026 09:00:00 GMT"
        foreign = requests.get(address, headers={"Host": "evil.example"}, timeout=5)
        assert foreign.status_code == 403
        port = int(address.rpartition(":")[2])
        with pytest.raises(PortInUse, match=str(port)):
            serve({"zoho.demo": zoho_app}, {"zoho.demo": port})
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_threads_of_a_server_do_not_mix(xero_app: Sandbox) -> None:
    client = xero_client(xero_app)
    with serve({"x": xero_app}, {}) as served:

        def put(number: int) -> None:
            requests.put(
                f"{served.addresses['x']}/api.xro/2.0/Contacts",
                json={"Name": f"T{number}"},
                headers=client.headers,
                timeout=10,
            )

        threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([contact for contact in xero_app.dump()["Contacts"] if contact["Name"].startswith("T")]) == 8


def test_the_transport_streams_and_keeps_the_address(zoho_app: Sandbox) -> None:
    client = zoho_client(zoho_app)
    answer = client.session.get(f"{BASE}/crm/v8/org", headers=client.headers, stream=True, timeout=5)
    assert b"".join(answer.iter_content(7)).startswith(b'{"org"')
    assert answer.url == f"{BASE}/crm/v8/org"
