"""The story of a sync, told to `zx sandbox serve` by Zoho's official SDK, which nobody here wrote or changed.

The SDK is pointed at the sandbox by an environment of its own data-centre type (reference/zoho 8.1). It proves shapes
and swallows what it cannot parse (8.2): so every test looks at values, and the specifications prove the raw types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api import coql as coql_api
from zohocrmsdk.src.com.zoho.crm.api.currencies import CurrenciesOperations
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.exception import SDKException
from zohocrmsdk.src.com.zoho.crm.api.fields import FieldsOperations, GetFieldsParam
from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zohocrmsdk.src.com.zoho.crm.api.modules import ModulesOperations
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations
from zohocrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    APIException,
    BodyWrapper,
    DeletedRecordsWrapper,
    DeleteRecordParam,
    GetDeletedRecordsParam,
    GetRecordsHeader,
    GetRecordsParam,
    LineItemProduct,
    LineTax,
    Record,
    RecordCountParam,
    RecordOperations,
    ResponseWrapper,
    SearchRecordsParam,
    SuccessResponse,
)
from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig
from zohocrmsdk.src.com.zoho.crm.api.taxes import TaxesOperations
from zohocrmsdk.src.com.zoho.crm.api.users import GetUsersParam, UsersOperations
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from tests.e2e.workspace import Place, root_copy, served

NOON = "2026-07-06T09:00:00+10:00"
LIST = "Subject,Invoice_Number,Account_Name,Status,Grand_Total,Modified_Time"


@dataclass(frozen=True)
class Sdk:
    """The SDK as it stands when it was last pointed somewhere: it keeps that for the thread, not for an object."""

    entry: dict[str, str]
    folder: Path

    def sign_in(self, **token: Any) -> None:
        """Points the SDK here. ``token`` in place of the sandbox's own consent; what it got lies in ``folder``."""
        keys = {name: self.entry[name] for name in ("client_id", "client_secret")}
        given = token or {"refresh_token": self.entry["refresh_token"]}
        resources = self.folder / "resources-of-sdk"
        resources.mkdir(exist_ok=True)
        api = self.entry["api"]
        Initializer.initialize(
            DataCenter.Environment(api, f"{self.entry['accounts']}/oauth/v2/token", api),
            OAuthToken(**keys, **given, find_user=False),
            store=FileStore(str(self.folder / "tokens.csv")),
            sdk_config=SDKConfig(pick_list_validation=False, connect_timeout=10, read_timeout=30),
            resource_path=str(resources),
            logger=Logger.get_instance(level=Logger.Levels.NOTSET),
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return root_copy(tmp_path_factory.mktemp("zoho-sdk"))


@pytest.fixture(scope="module")
def signed_in(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    with served(place, ZX_NOW=NOON) as (_, entries):
        yield Sdk(entries["zoho.demo"], tmp_path_factory.mktemp("sdk"))


@pytest.fixture
def sdk(signed_in: Sdk) -> Sdk:
    signed_in.sign_in()
    return signed_in


def params(*pairs: tuple[Any, Any]) -> ParameterMap:
    made = ParameterMap()
    for name, value in pairs:
        made.add(name, value)
    return made


def body(*records: Record, trigger: bool = False) -> BodyWrapper:
    made = BodyWrapper()
    made.set_data(list(records))
    if not trigger:
        made.set_trigger([])
    return made


def reference(record_id: int) -> Record:
    made = Record()
    made.set_id(record_id)
    return made


def a_row(product: int, quantity: float, price: float, *, tax: tuple[str, float] | None = None, **more: Any) -> Record:
    row = Record()
    named = LineItemProduct()
    named.set_id(product)
    row.add_key_value("Product_Name", named)
    row.add_key_value("Quantity", quantity)
    row.add_key_value("List_Price", price)
    if tax is not None:
        line = LineTax()
        line.set_name(tax[0])
        line.set_percentage(tax[1])
        row.add_key_value("Line_Tax", [line])
    for name, value in more.items():
        row.add_key_value(name, value)
    return row


def an_invoice(subject: str | None, account: int, *rows: Record) -> Record:
    record = Record()
    if subject is not None:
        record.add_key_value("Subject", subject)
    record.add_key_value("Account_Name", reference(account))
    record.add_key_value("Invoice_Date", date(2026, 7, 3))
    record.add_key_value("Due_Date", date(2026, 7, 17))
    record.add_key_value("Status", Choice("Created"))
    record.add_key_value("Invoiced_Items", list(rows))
    return record


def listed(module: str, *pairs: tuple[Any, Any], fields: str = "Modified_Time", header: HeaderMap | None = None) -> Any:
    asked = params((GetRecordsParam.fields, fields), *pairs)
    return RecordOperations(module).get_records(asked, header or HeaderMap())


def first_id(module: str) -> int:
    return int(listed(module, (GetRecordsParam.per_page, 1)).get_object().get_data()[0].get_id())


def whole(module: str, record_id: int) -> Record:
    answer = RecordOperations(module).get_record(record_id).get_object()
    assert isinstance(answer, ResponseWrapper)
    (record,) = answer.get_data()
    return record


def of(record: Record, *names: str) -> tuple[Any, ...]:
    return tuple(record.get_key_value(name) for name in names)


def done(answer: Any) -> list[int]:
    """The ids of what was written, all of it well."""
    results = answer.get_object().get_data()
    assert all(isinstance(one, SuccessResponse) for one in results)
    return [int(one.get_details()["id"]) for one in results]


def said(result: Any) -> str:
    return str(result.get_message().get_value())


class TestSigningIn:
    def test_the_first_call_gets_a_token_and_keeps_it(self, sdk: Sdk) -> None:
        assert listed("Accounts").get_status_code() == 200
        kept = (sdk.folder / "tokens.csv").read_text(encoding="utf-8")
        assert sdk.entry["refresh_token"] in kept
        assert Initializer.get_initializer().environment.url == sdk.entry["api"], "never taken to a real data centre"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"refresh_token": "1000.made.up"}, "invalid_code"),
            ({"client_secret": "guess"}, "invalid_client_secret"),
            ({"client_id": "1000.NOBODY"}, "invalid_client"),
        ],
    )
    def test_a_sign_in_nobody_knows(self, signed_in: Sdk, tmp_path: Path, wrong: dict[str, str], code: str) -> None:
        with pytest.raises(SDKException) as refused:
            Sdk({**signed_in.entry, **wrong}, tmp_path).sign_in()
        assert str(refused.value).endswith(code)

    def test_a_token_nobody_gave_is_401(self, signed_in: Sdk, tmp_path: Path) -> None:
        Sdk(signed_in.entry, tmp_path).sign_in(access_token="1000.made.up")
        with pytest.raises(SDKException) as refused:
            listed("Accounts")
        assert "INVALID_TOKEN" in str(refused.value)


class TestSettings:
    def test_the_organisation(self, sdk: Sdk) -> None:
        (org,) = OrgOperations().get_organization().get_object().get_org()
        assert org.get_company_name() == "Wattlebird Coffee Roasters Pty Ltd"
        assert (org.get_iso_code(), org.get_mc_status(), org.get_time_zone()) == ("AUD", True, "Australia/Sydney")
        assert org.get_license_details().get_paid() is True

    def test_taxes_and_currencies(self, sdk: Sdk) -> None:
        taxes = TaxesOperations().get_taxes().get_object().get_org_taxes()
        assert ("GST", 10.0) in [(tax.get_name(), tax.get_value()) for tax in taxes.get_taxes()]
        assert taxes.get_preference().get_auto_populate_tax() is False
        found = CurrenciesOperations().get_currencies().get_object().get_currencies()
        base = next(one for one in found if one.get_is_base())
        assert (base.get_iso_code(), base.get_exchange_rate()) == ("AUD", "1.000000000")
        assert base.get_format().get_decimal_separator().get_value() == "Period"

    def test_modules_and_fields(self, sdk: Sdk) -> None:
        modules = {one.get_api_name(): one for one in ModulesOperations().get_modules().get_object().get_modules()}
        assert modules["Invoiced_Items"].get_generated_type().get_value() == "subform"
        asked = params((GetFieldsParam.module, "Invoices"))
        fields = {one.get_api_name(): one for one in FieldsOperations().get_fields(asked).get_object().get_fields()}
        assert fields["Subject"].get_system_mandatory() is True
        assert fields["Grand_Total"].get_operation_type().get_api_create() is False
        assert "Created" in [one.get_actual_value() for one in fields["Status"].get_pick_list_values()]
        assert fields["Invoiced_Items"].get_associated_module().get_module() == "Invoiced_Items"
        assert fields["Account_Name"].get_lookup().get_module().get_api_name() == "Accounts"

    def test_the_current_user(self, sdk: Sdk) -> None:
        asked = params((GetUsersParam.type, "CurrentUser"))
        (user,) = UsersOperations().get_users(asked).get_object().get_users()
        assert user.get_full_name() == "Accounting Sync"


class TestReading:
    def test_page_by_page_every_invoice_comes_once(self, sdk: Sdk) -> None:
        seen: list[int] = []
        for page in range(1, 20):
            asked = (
                (GetRecordsParam.page, page),
                (GetRecordsParam.per_page, 30),
                (GetRecordsParam.sort_by, "id"),
                (GetRecordsParam.sort_order, "asc"),
            )
            answer = listed("Invoices", *asked, fields=LIST).get_object()
            seen += [one.get_id() for one in answer.get_data()]
            if not answer.get_info().get_more_records():
                break
        assert len(seen) == len(set(seen)) == 72 and seen == sorted(seen)
        assert page == 3 and answer.get_info().get_count() == 12

    def test_tokens_lead_from_page_to_page(self, sdk: Sdk) -> None:
        first = listed("Invoices", (GetRecordsParam.per_page, 50), fields=LIST).get_object()
        token = first.get_info().get_next_page_token()
        rest = listed(
            "Invoices", (GetRecordsParam.per_page, 50), (GetRecordsParam.page_token, token), fields=LIST
        ).get_object()
        both = [one.get_id() for one in (*first.get_data(), *rest.get_data())]
        assert len(both) == len(set(both)) == 72
        other = listed("Invoices", (GetRecordsParam.per_page, 51), (GetRecordsParam.page_token, token), fields=LIST)
        assert other.get_object().get_code().get_value() == "TOKEN_BOUND_DATA_MISMATCH"

    def test_a_list_has_no_rows_and_a_record_has_them(self, sdk: Sdk) -> None:
        thin = listed("Invoices", (GetRecordsParam.per_page, 1), fields="Invoiced_Items,Subject").get_object()
        assert "Invoiced_Items" not in thin.get_data()[0].get_key_values()
        record = whole("Invoices", thin.get_data()[0].get_id())
        rows = record.get_key_value("Invoiced_Items")
        assert rows and all(isinstance(row.get_key_value("Product_Name"), LineItemProduct) for row in rows)
        assert round(sum(row.get_key_value("Net_Total") for row in rows), 2) == record.get_key_value("Sub_Total")
        assert isinstance(record.get_key_value("Account_Name"), Record)
        assert record.get_key_value("Modified_Time").tzinfo is not None

    def test_what_nobody_has_is_204(self, sdk: Sdk) -> None:
        gone = RecordOperations("Invoices").get_record(5725767999999999999)
        assert (gone.get_status_code(), gone.get_object()) == (204, None)
        assert listed("Sales_Orders").get_status_code() == 204

    def test_nothing_newer_is_304(self, sdk: Sdk) -> None:
        header = HeaderMap()
        header.add(GetRecordsHeader.if_modified_since, datetime(2036, 1, 1, tzinfo=UTC))
        nothing = listed("Invoices", header=header)
        assert (nothing.get_status_code(), nothing.get_object()) == (304, None)

    def test_a_list_must_name_its_fields(self, sdk: Sdk) -> None:
        refused = RecordOperations("Invoices").get_records(ParameterMap(), HeaderMap())
        assert refused.get_status_code() == 400
        assert refused.get_object().get_code().get_value() == "REQUIRED_PARAM_MISSING"

    def test_counting_searching_and_asking(self, sdk: Sdk) -> None:
        criteria = "(Status:equals:Cancelled)"
        asked = params((SearchRecordsParam.criteria, criteria), (SearchRecordsParam.fields, LIST))
        found = RecordOperations("Invoices").search_records(asked, HeaderMap()).get_object().get_data()
        assert found and {one.get_key_value("Status").get_value() for one in found} == {"Cancelled"}
        count = RecordOperations("Invoices").record_count(params((RecordCountParam.criteria, criteria))).get_object()
        assert int(count.get_count()) == len(found)
        query = coql_api.BodyWrapper()
        query.set_select_query("select Subject, Grand_Total from Invoices where Status = 'Cancelled' limit 0, 200")
        rows = coql_api.CoqlOperations().get_records(query).get_object()
        assert {row.get_id() for row in rows.get_data()} == {one.get_id() for one in found}
        assert rows.get_info().get_more_records() is False


class TestWriting:
    def test_a_batch_with_one_bad_record(self, sdk: Sdk) -> None:
        account, product = first_id("Accounts"), first_id("Products")
        row = a_row(product, 2.0, 41.25, tax=("GST", 10.0), Discount="10%", Description="Blend – 咖啡")
        batch = body(an_invoice("From the SDK", account, row), an_invoice(None, account, a_row(product, 1.0, 5.0)))
        answer = RecordOperations("Invoices").create_records(batch, HeaderMap())
        assert answer.get_status_code() == 207
        good, bad = answer.get_object().get_data()
        assert isinstance(good, SuccessResponse) and isinstance(bad, APIException)
        assert said(good) == "record added"
        assert bad.get_code().get_value() == "MANDATORY_NOT_FOUND"
        assert bad.get_details() == {"api_name": "Subject", "json_path": "$.data[1].Subject"}
        made = whole("Invoices", int(good.get_details()["id"]))
        assert of(made, "Sub_Total", "Grand_Total", "Tax") == (81.68, 81.68, 0.0)
        (kept,) = made.get_key_value("Invoiced_Items")
        assert of(kept, "Total", "Discount", "Total_After_Discount") == (82.5, "8.25", 74.25)
        assert of(kept, "Tax", "Net_Total") == (7.43, 81.68)
        assert kept.get_key_value("Description") == "Blend – 咖啡"
        assert made.get_key_value("Invoice_Date") == date(2026, 7, 3)

    def test_rows_are_changed_added_and_taken_away(self, sdk: Sdk) -> None:
        account, product = first_id("Accounts"), first_id("Products")
        made = RecordOperations("Invoices").create_records(
            body(an_invoice("Rows", account, a_row(product, 1.0, 10.0), a_row(product, 2.0, 20.0))), HeaderMap()
        )
        (record_id,) = done(made)
        first, second = whole("Invoices", record_id).get_key_value("Invoiced_Items")
        changed, gone, change = Record(), Record(), Record()
        changed.set_id(first.get_id())
        changed.add_key_value("Quantity", 3.0)
        gone.set_id(second.get_id())
        gone.add_key_value("_delete", None)
        change.add_key_value("Invoiced_Items", [changed, gone, a_row(product, 1.0, 7.5)])
        answer = RecordOperations("Invoices").update_record(record_id, body(change), HeaderMap())
        assert (answer.get_status_code(), said(answer.get_object().get_data()[0])) == (200, "record updated")
        now = whole("Invoices", record_id)
        rows = now.get_key_value("Invoiced_Items")
        assert [of(row, "Quantity", "Net_Total") for row in rows] == [(3.0, 30.0), (1.0, 7.5)]
        assert rows[0].get_id() == first.get_id() and now.get_key_value("Grand_Total") == 37.5
        assert now.get_key_value("Modified_Time") > now.get_key_value("Created_Time")

    def test_a_quote(self, sdk: Sdk) -> None:
        record = Record()
        record.add_key_value("Subject", "Cupping room")
        record.add_key_value("Account_Name", reference(first_id("Accounts")))
        record.add_key_value("Valid_Till", date(2026, 8, 1))
        record.add_key_value("Quoted_Items", [a_row(first_id("Products"), 12.0, 85.0, Discount="20")])
        (record_id,) = done(RecordOperations("Quotes").create_records(body(record), HeaderMap()))
        made = whole("Quotes", record_id)
        assert of(made, "Valid_Till", "Sub_Total", "Grand_Total") == (date(2026, 8, 1), 1000.0, 1000.0)
        assert made.get_key_value("Quote_Number")

    def test_an_account_changes_is_found_by_its_change_and_goes_to_the_bin(self, sdk: Sdk) -> None:
        record = Record()
        record.add_key_value("Account_Name", "Plover Books")
        (record_id,) = done(RecordOperations("Accounts").create_records(body(record), HeaderMap()))
        change = Record()
        change.add_key_value("Phone", "02 5550 0101")
        change.add_key_value("Billing_City", None)
        RecordOperations("Accounts").update_record(record_id, body(change), HeaderMap())
        assert of(whole("Accounts", record_id), "Phone", "Billing_City") == ("02 5550 0101", None)
        header = HeaderMap()
        header.add(GetRecordsHeader.if_modified_since, datetime.fromisoformat("2026-07-05T22:00:00+00:00"))
        changed = listed("Accounts", header=header).get_object().get_data()
        assert record_id in [one.get_id() for one in changed]
        gone = RecordOperations("Accounts").delete_record(
            record_id, params((DeleteRecordParam.wf_trigger, False)), HeaderMap()
        )
        assert said(gone.get_object().get_data()[0]) == "record deleted"
        assert RecordOperations("Accounts").get_record(record_id).get_status_code() == 204
        bin_ = (
            RecordOperations("Accounts")
            .get_deleted_records(params((GetDeletedRecordsParam.type, "recycle")), HeaderMap())
            .get_object()
        )
        assert isinstance(bin_, DeletedRecordsWrapper)
        (dead,) = [one for one in bin_.get_data() if one.get_id() == record_id]
        assert (dead.get_display_name(), dead.get_type()) == ("Plover Books", "recycle")

    def test_one_call_adds_what_is_new_and_changes_what_is_known(self, sdk: Sdk) -> None:
        known, new = Record(), Record()
        known.add_key_value("Account_Name", "Godwit Stationers")
        (record_id,) = done(RecordOperations("Accounts").create_records(body(known), HeaderMap()))
        known.add_key_value("Phone", "02 5550 0102")
        new.add_key_value("Account_Name", "Tern & Daughters")
        answer = RecordOperations("Accounts").upsert_records(body(known, new), HeaderMap())
        first, second = answer.get_object().get_data()
        assert answer.get_status_code() == 200
        assert [(one.get_action().get_value(), said(one)) for one in (first, second)] == [
            ("update", "record updated"),
            ("insert", "record added"),
        ]
        assert (int(first.get_details()["id"]), first.get_duplicate_field()) == (record_id, "Account_Name")
        assert whole("Accounts", record_id).get_key_value("Phone") == "02 5550 0102"

    def test_an_id_nobody_has_cannot_be_changed(self, sdk: Sdk) -> None:
        change = Record()
        change.add_key_value("Phone", "1")
        answer = RecordOperations("Accounts").update_record(5725767999999999999, body(change), HeaderMap())
        assert answer.get_status_code() == 400 and isinstance(answer.get_object(), ActionWrapper)
        assert answer.get_object().get_data()[0].get_code().get_value() == "INVALID_DATA"


def test_an_expired_token_is_401_until_a_new_one_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "sdk").mkdir()
    place = root_copy(tmp_path / "place")
    with served(place, ZX_NOW=NOON) as (_, entries):
        Sdk(entries["zoho.demo"], tmp_path / "sdk").sign_in()
        assert listed("Accounts").get_status_code() == 200
        token = Initializer.get_initializer().token.get_access_token()
    with served(place, ZX_NOW="2026-07-06T11:00:00+10:00") as (_, entries):
        stale = Sdk(entries["zoho.demo"], tmp_path / "sdk")
        stale.sign_in(access_token=token)
        with pytest.raises(SDKException) as refused:
            listed("Contacts")
        assert "INVALID_TOKEN" in str(refused.value)
        (tmp_path / "sdk" / "tokens.csv").unlink()
        stale.sign_in()
        assert listed("Accounts").get_status_code() == 200


def test_beyond_the_credits_of_a_day_is_429(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    with served(root_copy(tmp_path / "place"), "--calls-a-day", "3", ZX_NOW=NOON) as (_, entries):
        Sdk(entries["zoho.demo"], tmp_path).sign_in()
        for _ in range(3):
            assert OrgOperations().get_organization().get_status_code() == 200
        refused = OrgOperations().get_organization()
        assert refused.get_status_code() == 429
        assert refused.get_object().get_code().get_value() == "TOO_MANY_REQUESTS"
        assert "24 hours" in said(refused.get_object())
