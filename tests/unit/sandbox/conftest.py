"""A small organisation on each side, a clock that stands still, and signed-in clients without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from zx.sandbox.app import Sandbox, open_sandbox
from zx.sandbox.transport import SandboxTransport
from zx.values.jsontext import dumps, loads

BASE = "http://sandbox.example"
CONTACT = "a0000000-0000-4000-8000-000000000001"
ARCHIVED = "a0000000-0000-4000-8000-000000000002"
ACCOUNT_ID = "713000000000391044"
PRODUCT_ID = "713000000000377010"


@dataclass
class StillClock:
    """Stands still unless it is moved."""

    at: datetime = datetime(2026, 4, 1, 9, 0, 0, 250000, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Client:
    """A signed-in client of one sandbox; bodies and answers hold Decimals."""

    app: Sandbox
    prefix: str
    headers: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.mount(BASE, SandboxTransport(self.app))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        data = None if body is None else dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.session.request(method, f"{BASE}{self.prefix}{path}", data=data, headers=sent, timeout=5)

    def json(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self.call(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        return loads(answer.content)


def write_folder(folder: Path, files: Mapping[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return folder


ZOHO_FILES: Mapping[str, Any] = {
    "org": {"company_name": "Harrow Lane", "time_zone": "Europe/London", "iso_code": "GBP", "mc_status": False},
    "taxes": [
        {"id": "713000000000301007", "name": "VAT", "display_label": "VAT", "value": 20, "sequence_number": 1},
        {"id": "713000000000301009", "name": "Zero Rated", "display_label": "Zero Rated", "value": 0},
    ],
    "currencies": [],
    "fields": {
        "Invoices": [
            {"api_name": "Xero_ID", "data_type": "text", "length": 50, "unique": {"casesensitive": "0"}},
        ]
    },
    "Accounts": [
        {
            "id": ACCOUNT_ID,
            "Account_Name": "Quayside Ceramics Ltd",
            "Region_Code": "SW",
            "Modified_Time": "2026-03-01T10:00:00+00:00",
        }
    ],
    "Products": [
        {"id": PRODUCT_ID, "Product_Name": "Brand workshop (day)", "Product_Code": "BW-DAY", "Unit_Price": 412.5},
        {"id": "713000000000377014", "Product_Name": "Stock photo licence", "Product_Code": "SPL-01"},
    ],
    "Invoices": [
        {
            "id": "713000000000418226",
            "Subject": "Brand refresh",
            "Invoice_Number": "HL-1043",
            "Account_Name": {"name": "Quayside Ceramics Ltd", "id": ACCOUNT_ID},
            "Status": "Part-paid",
            "Invoiced_Items": [
                {
                    "id": "713000000000418230",
                    "Product_Name": {"name": "Brand workshop (day)", "id": PRODUCT_ID},
                    "Quantity": 1,
                    "List_Price": 100,
                    "Total": 100,
                    "Discount": 0,
                    "Total_After_Discount": 100,
                    "Tax": 20,
                    "Line_Tax": [{"percentage": 20, "name": "VAT", "id": "713000000000301007", "value": 20}],
                    "Net_Total": 120,
                    "Description": "As agreed",
                },
                {
                    "id": "713000000000418231",
                    "Product_Name": {"name": "Stock photo licence", "id": "713000000000377014"},
                    "Quantity": 7,
                    "List_Price": 18.99,
                    "Total": 132.93,
                    "Discount": 0,
                    "Total_After_Discount": 132.93,
                    "Tax": 0,
                    "Line_Tax": [],
                    "Net_Total": 132.93,
                    "Description": None,
                },
            ],
            "Sub_Total": 252.93,
            "Discount": 0,
            "Tax": 0,
            "Adjustment": 0,
            "Grand_Total": 252.94,
            "$line_tax": [],
            "Created_Time": "2026-03-12T09:14:03+00:00",
            "Modified_Time": "2026-03-14T16:40:21+00:00",
        }
    ],
}

XERO_FILES: Mapping[str, Any] = {
    "Organisation": [
        {"OrganisationID": "x", "Name": "Books", "BaseCurrency": "AUD", "PeriodLockDate": "/Date(1767139200000+0000)/"}
    ],
    "Currencies": [{"Code": "AUD", "Description": "Australian Dollar"}, {"Code": "USD", "Description": "US Dollar"}],
    "Accounts": [
        {"AccountID": f"b0000000-0000-4000-8000-00000000{number:04d}", "Code": code, "Name": name, "Status": status}
        | {"Type": kind, "Class": group, "TaxType": tax}
        for number, (code, name, status, kind, group, tax) in enumerate(
            [
                ("200", "Sales", "ACTIVE", "REVENUE", "REVENUE", "OUTPUT"),
                ("260", "Other Revenue", "ARCHIVED", "REVENUE", "REVENUE", "OUTPUT"),
                ("090", "Bank", "ACTIVE", "BANK", "ASSET", "BASEXCLUDED"),
                ("630", "Inventory", "ACTIVE", "INVENTORY", "ASSET", "BASEXCLUDED"),
                ("310", "Cost of Goods", "ACTIVE", "DIRECTCOSTS", "EXPENSE", "INPUT"),
            ]
        )
    ],
    "TaxRates": [
        {"TaxType": tax, "Name": tax, "Status": "ACTIVE", "EffectiveRate": rate, "CanApplyToRevenue": revenue}
        for tax, rate, revenue in [
            ("OUTPUT", 10, True),
            ("OUTPUT15", 15, True),
            ("OUTPUT20", 20, True),
            ("CUSTOM95", 9.5, True),
            ("COMPOUND", 10.24, True),
            ("INPUT", 10, False),
            ("EXEMPTOUTPUT", 0, True),
        ]
    ],
    "Contacts": [
        {"ContactID": CONTACT, "Name": "Acme Pty Ltd", "ContactStatus": "ACTIVE", "EmailAddress": "ap@acme.example"},
        {"ContactID": ARCHIVED, "Name": "Old Friends", "ContactStatus": "ARCHIVED"},
    ],
    "Items": [
        {
            "ItemID": "c0000000-0000-4000-8000-000000000001",
            "Code": "WID-1",
            "Name": "Widget",
            "Description": "A widget",
            "SalesDetails": {"UnitPrice": 10.45, "AccountCode": "200", "TaxType": "OUTPUT"},
        },
        {
            "ItemID": "c0000000-0000-4000-8000-000000000002",
            "Code": "STK",
            "Name": "Stocked",
            "Description": "Stocked",
            "SalesDetails": {"UnitPrice": 5, "AccountCode": "200", "TaxType": "OUTPUT"},
            "PurchaseDetails": {"COGSAccountCode": "310"},
            "InventoryAssetAccountCode": "630",
            "IsTrackedAsInventory": True,
            "QuantityOnHand": 3,
        },
    ],
}


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def zoho_app(tmp_path: Path, clock: StillClock) -> Iterator[Sandbox]:
    app = open_sandbox("zoho", tmp_path / "zoho.db", write_folder(tmp_path / "zoho", ZOHO_FILES), clock)
    yield app
    app.close()


@pytest.fixture
def xero_app(tmp_path: Path, clock: StillClock) -> Iterator[Sandbox]:
    app = open_sandbox("xero", tmp_path / "xero.db", write_folder(tmp_path / "xero", XERO_FILES), clock)
    yield app
    app.close()


@pytest.fixture
def zoho(zoho_app: Sandbox) -> Client:
    return zoho_client(zoho_app)


@pytest.fixture
def xero(xero_app: Sandbox) -> Client:
    return xero_client(xero_app)


def zoho_client(app: Sandbox) -> Client:
    given = app.credentials
    client = Client(app, "", {})
    answer = client.session.post(
        f"{BASE}/oauth/v2/token",
        data={
            "grant_type": "refresh_token",
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "refresh_token": given["refresh_token"],
        },
        timeout=5,
    ).json()
    assert answer["api_domain"] == BASE
    client.prefix = "/crm/v8"
    client.headers = {"Authorization": f"Zoho-oauthtoken {answer['access_token']}"}
    return client


def xero_client(app: Sandbox) -> Client:
    given = app.credentials
    client = Client(app, "", {})
    answer = client.session.post(
        f"{BASE}/connect/token",
        data={"grant_type": "refresh_token", "refresh_token": given["refresh_token"]},
        auth=(given["client_id"], given["client_secret"]),
        timeout=5,
    ).json()
    client.prefix = "/api.xro/2.0"
    client.headers = {
        "Authorization": f"Bearer {answer['access_token']}",
        "xero-tenant-id": given["tenant"],
        "Accept": "application/json",
    }
    return client
