"""Xero: lists, filters, pages, keys, limits, tokens and refusals of whole requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from zx.sandbox.app import Sandbox, open_sandbox

from .conftest import ARCHIVED, BASE, CONTACT, XERO_FILES, Client, StillClock, write_folder, xero_client


def invoice(number: str, **more: Any) -> dict[str, Any]:
    line = {"Description": "x", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}
    return {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Contact": {"ContactID": CONTACT},
        "Date": "2026-03-02",
        "DueDate": "2026-03-09",
        "LineItems": [line],
        **more,
    }


def numbers(xero: Client, query: str) -> list[str]:
    return [entry["InvoiceNumber"] for entry in xero.json("GET", f"/Invoices?{query}")["Invoices"]]


@pytest.fixture
def filled(xero: Client) -> Client:
    elements = [
        invoice("N-1", Reference="Deal one"),
        invoice("N-2", Status="AUTHORISED", Date="2026-03-31"),
        invoice("N-3", Date="2026-04-01", Reference="deal TWO"),
    ]
    xero.json("PUT", "/Invoices", {"Invoices": elements})
    return xero


def test_lists_are_thin_until_paged(filled: Client) -> None:
    thin = filled.json("GET", "/Invoices")
    assert ("pagination" in thin, thin["Invoices"][0]["LineItems"]) == (False, [])
    assert thin["Invoices"][0]["Contact"] == {"ContactID": CONTACT, "Name": "Acme Pty Ltd"}
    page = filled.json("GET", "/Invoices?page=2&pageSize=2")
    assert page["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 2, "itemCount": 3}
    assert len(page["Invoices"][0]["LineItems"]) == 1
    assert filled.json("GET", "/Invoices?page=9")["Invoices"] == []
    assert filled.json("GET", "/Invoices?page=1&pageSize=5000")["pagination"]["pageSize"] == 1000
    assert "pagination" in filled.json("GET", "/Invoices?Statuses=DRAFT")
    assert "LineItems" not in filled.json("GET", "/Invoices?summaryOnly=True")["Invoices"][0]
    one = filled.json("GET", "/Invoices")["Invoices"][0]["InvoiceID"]
    assert len(filled.json("GET", f"/Invoices?IDs={one}")["Invoices"][0]["LineItems"]) == 1


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('Status=="DRAFT"', ["N-1", "N-3"]),
        ('Status!="DRAFT"', ["N-2"]),
        ("Date>=DateTime(2026,03,31) AND Date<DateTime(2026,04,01)", ["N-2"]),
        (f'Contact.ContactID==guid("{CONTACT}") && InvoiceNumber=="n-1"', ["N-1"]),
        ('Reference.Contains("DEAL")', ["N-1", "N-3"]),
        ('InvoiceNumber.StartsWith("N") and InvoiceNumber.EndsWith("3")', ["N-3"]),
        ('Reference!=null AND (InvoiceNumber=="N-1" OR InvoiceNumber=="N-2")', ["N-1"]),
        ("AmountDue>10.99 and AmountDue<=11", ["N-1", "N-2", "N-3"]),
        ('Contact.Name.ToLower()=="acme pty ltd" AND IsDiscounted==false', ["N-1", "N-2", "N-3"]),
    ],
)
def test_where(filled: Client, where: str, found: list[str]) -> None:
    assert numbers(filled, f"where={quote(where)}&page=1") == found


@pytest.mark.parametrize("where", ['Status="', "Nope==1", "(Date", 'Status=="DRAFT" Date', "Date>5"])
def test_a_bad_where_is_a_parse_error(filled: Client, where: str) -> None:
    assert filled.json("GET", f"/Invoices?where={quote(where)}", status=400)["Type"] == "QueryParseException"


def test_order_and_filters(filled: Client) -> None:
    assert numbers(filled, "order=Date%20DESC") == ["N-3", "N-2", "N-1"]
    assert numbers(filled, "InvoiceNumbers=N-3,N-1") == ["N-1", "N-3"]
    assert numbers(filled, "ContactIDs=" + ARCHIVED) == []
    assert numbers(filled, "searchTerm=two") == ["N-3"]
    names = [entry["Name"] for entry in filled.json("GET", "/Contacts")["Contacts"]]
    assert names == ["Acme Pty Ltd"]
    assert len(filled.json("GET", "/Contacts?includeArchived=true")["Contacts"]) == 2


def test_modified_since_is_inclusive_at_whole_seconds(filled: Client) -> None:
    assert len(filled.json("GET", "/Invoices", If_Modified_Since="2026-04-01T09:00:00")["Invoices"]) == 3
    assert filled.json("GET", "/Invoices", If_Modified_Since="2026-04-01T09:00:01+00:00")["Invoices"] == []
    rfc = "Wed, 01 Apr 2026 09:00:00 GMT"
    assert len(filled.json("GET", "/Invoices", If_Modified_Since=rfc)["Invoices"]) == 3


def test_stamps_grow_by_a_millisecond_under_a_clock_that_stands_still(filled: Client) -> None:
    stamps = [entry["UpdatedDateUTC"] for entry in filled.json("GET", "/Invoices")["Invoices"]]
    # The records of the files took the first stamp of this second, .250, because they carry none of their own.
    assert stamps == [f"/Date(1775034000{tail}+0000)/" for tail in ("251", "252", "253")]


def test_an_idempotency_key_replays_and_refuses_another_body(xero: Client, clock: StillClock) -> None:
    key = {"Idempotency_Key": "k-1"}
    first = xero.json("PUT", "/Invoices", {"Invoices": [invoice("K-1")]}, **key)
    assert xero.json("PUT", "/Invoices", {"Invoices": [invoice("K-1")]}, **key) == first
    other = xero.json("PUT", "/Invoices", {"Invoices": [invoice("K-2")]}, status=400, **key)
    assert other["Message"] == "Idempotency Key: k-1 is used with a different request."
    clock.sleep(359)
    assert xero.json("PUT", "/Invoices", {"Invoices": [invoice("K-1")]}, **key) == first
    clock.sleep(2)
    late = xero.json("PUT", "/Invoices", {"Invoices": [invoice("K-1")]}, status=400, **key)
    assert "unique" in late["Elements"][0]["ValidationErrors"][0]["Message"]


def test_an_error_is_remembered_too(xero: Client) -> None:
    bad, key = {"Invoices": [invoice("K-3", Contact={"Name": "Later"}, CurrencyCode="EUR")]}, {"Idempotency_Key": "k"}
    first = xero.json("PUT", "/Invoices", bad, status=400, **key)
    assert xero.json("PUT", "/Invoices", bad, status=400, **key) == first
    assert xero.call("PUT", "/Invoices", bad, Idempotency_Key="x" * 129).status_code == 400
    assert xero.call("PUT", "/Invoices", bad, Idempotency_Key="").status_code == 400


def test_refusals_of_whole_requests(xero: Client) -> None:
    assert xero.call("GET", "/Invoices", Accept="*/*").status_code == 406
    assert xero.json("GET", "/Invoices", status=403, xero_tenant_id="x")["Detail"] == "AuthenticationUnsuccessful"
    assert xero.json("GET", "/Invoices", status=401, Authorization="Bearer x")["Status"] == 401
    missing = xero.call("GET", "/Invoices/nothing")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert xero.call("GET", "/Unicorns").status_code == 404
    assert xero.json("PUT", "/Accounts", {"Code": "1"}, status=501)["ErrorNumber"] == 20
    answer = xero.session.put(f"{BASE}/api.xro/2.0/Invoices", data=b"{", headers=xero.headers, timeout=5)
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (400, 14)


def test_every_answer_tells_what_is_left(xero: Client) -> None:
    headers = xero.call("GET", "/Organisation").headers
    assert headers["X-DayLimit-Remaining"] == "4999"
    assert headers["X-MinLimit-Remaining"] == "59"
    assert headers["X-Zx-Settle"] == "2"
    assert headers["Date"] == "Wed, 01 Apr 2026 09:00:00 GMT"


def test_limits_refuse_when_they_are_on(tmp_path: Path, clock: StillClock) -> None:
    app = open_sandbox("xero", tmp_path / "l.db", write_folder(tmp_path / "d", XERO_FILES), clock, limits=True)
    client = xero_client(app)
    for _ in range(60):
        assert client.call("GET", "/Organisation").status_code == 200
    refused = client.call("GET", "/Organisation")
    assert (refused.status_code, refused.headers["X-Rate-Limit-Problem"]) == (429, "minute")
    clock.sleep(int(refused.headers["Retry-After"]))
    assert client.call("GET", "/Organisation").status_code == 200
    app.close()


def test_tokens_rotate_with_half_an_hour_of_grace(xero_app: Sandbox, xero: Client, clock: StillClock) -> None:
    given = xero_app.credentials

    def refresh(token: str, **more: str) -> Any:
        data = {"grant_type": "refresh_token", "refresh_token": token, **more}
        return xero.session.post(f"{BASE}/connect/token", data=data, timeout=5)

    secret = {"client_id": given["client_id"], "client_secret": given["client_secret"]}
    second = refresh(given["refresh_token"], **secret).json()["refresh_token"]
    assert second != given["refresh_token"]
    clock.sleep(29 * 60)
    assert refresh(given["refresh_token"], **secret).status_code == 200
    clock.sleep(2 * 60)
    assert refresh(given["refresh_token"], **secret).json() == {"error": "invalid_grant"}
    assert refresh(second, **secret).status_code == 200
    assert refresh(second, client_id="x").json() == {"error": "invalid_client"}
    assert "TokenExpired" in xero.json("GET", "/Organisation", status=401)["Detail"]


def test_a_custom_connection_asks_with_its_secret_and_may_ask_for_less(xero_app: Sandbox, xero: Client) -> None:
    given = xero_app.credentials
    data = {"grant_type": "client_credentials", "scope": "accounting.contacts.read"}
    auth = (given["client_id"], given["client_secret"])
    answer = xero.session.post(f"{BASE}/connect/token", data=data, auth=auth, timeout=5).json()
    assert "refresh_token" not in answer
    xero.headers["Authorization"] = f"Bearer {answer['access_token']}"
    assert xero.call("GET", "/Contacts").status_code == 200
    assert xero.json("PUT", "/Contacts", {"Name": "x"}, status=401)["Detail"] == "AuthorizationUnsuccessful"


def test_connections(xero: Client) -> None:
    listed = xero.session.get(f"{BASE}/Connections", headers=xero.headers, timeout=5).json()
    assert [(entry["tenantId"], entry["tenantName"]) for entry in listed] == [(xero.headers["xero-tenant-id"], "Books")]
    assert xero.json("GET", "/Organisation")["Organisations"][0]["OrganisationID"] == listed[0]["tenantId"]
    gone = xero.session.delete(f"{BASE}/connections/{listed[0]['id']}", headers=xero.headers, timeout=5)
    assert gone.status_code == 204
    assert xero.call("GET", "/Organisation").status_code == 403
