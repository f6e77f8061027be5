"""The story of a sync, told to `zx sandbox serve` by Xero's official SDK, which nobody here wrote or changed.

The SDK is pointed at the sandbox by what it offers for that: base addresses and the addresses of its token calls
(reference/xero 7.1). What it reads it checks against its own models, strictly (7.4).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    AccountingApi,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    Invoice,
    Invoices,
    Item,
    Items,
    LineAmountTypes,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
    Purchase,
    Quote,
    QuoteLineAmountTypes,
    Quotes,
    QuoteStatusCodes,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException
from xero_python.exceptions.http_status_exceptions import RateLimitException
from xero_python.identity import IdentityApi

from tests.e2e.workspace import Place, root_copy, served

NOBODY = "8a1b0000-0000-4000-8000-000000000009"
DAY = date(2026, 7, 6)


@dataclass
class Sdk:
    """An SDK client signed in at one served sandbox. ``token``: what it keeps between its calls."""

    entry: dict[str, str]
    token: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.token = self.token or {
            "access_token": "none yet",
            "refresh_token": self.entry["refresh_token"],
            "expires_at": time.time() - 1,
            "expires_in": 1800,
            "scope": ["offline_access", "accounting.invoices"],
            "token_type": "Bearer",
        }
        keys = OAuth2Token(client_id=self.entry["client_id"], client_secret=self.entry["client_secret"])
        configuration = Configuration()
        configuration.oauth2_token = keys  # its constructor hands out one shared default
        self.client = ApiClient(
            configuration,
            oauth2_token_getter=lambda: dict(self.token),
            oauth2_token_saver=self.token.update,
        )
        self.client.rest_client.pool_manager.connection_pool_kw["retries"] = False
        self.books = AccountingApi(self.client, base_url=f"{self.entry['api']}/api.xro/2.0")
        self.identity = IdentityApi(self.client, base_url=self.entry["api"])
        self.tenant = self.entry["tenant"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return root_copy(tmp_path_factory.mktemp("xero-sdk"))


@pytest.fixture(scope="module")
def sdk(place: Place) -> Iterator[Sdk]:
    addresses = pytest.MonkeyPatch()
    with served(place, ZX_NOW="2026-07-06T09:00:00+10:00") as (_, entries):
        entry = entries["xero.demo"]
        point_at(addresses, entry)
        yield Sdk(entry)
    addresses.undo()


def point_at(patch: pytest.MonkeyPatch, entry: dict[str, str]) -> None:
    """The token calls know no base address: the SDK has one class attribute for each."""
    for name in ("refresh_token_url", "client_credentials_token_url"):
        patch.setattr(TokenApi, name, f"{entry['identity']}/connect/token")
    patch.setattr(TokenApi, "revoke_token_url", f"{entry['identity']}/connect/revocation")


def a_line(**more: Any) -> LineItem:
    given = {"description": "Beans", "quantity": Decimal(3), "unit_amount": Decimal("10.45"), "account_code": "200"}
    return LineItem(**{**given, "tax_type": "OUTPUT", **more})


def an_invoice(contact: str, number: str, status: str = "AUTHORISED", **more: Any) -> Invoice:
    given: dict[str, Any] = {
        "type": "ACCREC",
        "contact": Contact(contact_id=contact),
        "date": DAY,
        "due_date": DAY + timedelta(days=14),
        "line_amount_types": LineAmountTypes.EXCLUSIVE,
        "line_items": [a_line()],
        "status": status,
        "invoice_number": number,
    }
    return Invoice(**given, **more)


@pytest.fixture(scope="module")
def contact(sdk: Sdk) -> str:
    """A customer of our own, made by the SDK."""
    asked = Contacts(contacts=[Contact(name="Kelp & Co", contact_number="sdk-1", email_address="ap@kelp.example")])
    (made,) = sdk.books.create_contacts(sdk.tenant, asked, summarize_errors=False).contacts
    assert (made.contact_number, made.contact_status, len(made.addresses), len(made.phones)) == (
        "sdk-1",
        "ACTIVE",
        2,
        4,
    )
    return str(made.contact_id)


def sent(sdk: Sdk, invoice: Invoice) -> Invoice:
    (made,) = sdk.books.create_invoices(
        sdk.tenant, Invoices(invoices=[invoice]), summarize_errors=False, unitdp=4
    ).invoices
    assert made.status_attribute_string == "OK", made.validation_errors
    return made


def a_note(sdk: Sdk, contact: str, number: str, **line: Any) -> CreditNote:
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(contact_id=contact),
        date=DAY,
        credit_note_number=number,
        line_amount_types=LineAmountTypes.EXCLUSIVE,
        line_items=[a_line(**line)],
        status="AUTHORISED",
    )
    (made,) = sdk.books.create_credit_notes(
        sdk.tenant, CreditNotes(credit_notes=[note]), summarize_errors=False
    ).credit_notes
    assert made.status_attribute_string == "OK", made.validation_errors
    return made


class TestSigningIn:
    def test_an_old_token_is_renewed_before_a_call_and_the_new_one_kept(self, sdk: Sdk) -> None:
        (org,) = sdk.books.get_organisations(sdk.tenant).organisations
        assert (org.organisation_id, org.base_currency.value) == (sdk.tenant, "AUD")
        assert sdk.token["access_token"] != "none yet"
        assert sdk.token["refresh_token"] != sdk.entry["refresh_token"], "it rotates"
        assert sdk.token["expires_at"] > time.time() + 1700

    def test_the_connections_of_a_consent(self, sdk: Sdk) -> None:
        (connection,) = sdk.identity.get_connections()
        assert (connection.tenant_id, connection.tenant_type) == (sdk.tenant, "ORGANISATION")
        assert isinstance(connection.created_date_utc, datetime)

    def test_a_token_nobody_gave_is_401(self, sdk: Sdk) -> None:
        stranger = Sdk(sdk.entry, {**sdk.token, "access_token": "made-up", "expires_at": None})
        with pytest.raises(HTTPStatusException) as refused:
            stranger.books.get_organisations(sdk.tenant)
        assert refused.value.status == 401
        assert b"AuthenticationUnsuccessful" in refused.value.body

    def test_another_tenant_is_403(self, sdk: Sdk) -> None:
        with pytest.raises(HTTPStatusException) as refused:
            sdk.books.get_organisations(NOBODY)
        assert refused.value.status == 403

    def test_a_scope_that_was_not_granted_is_401_and_says_so(self, sdk: Sdk) -> None:
        narrow = Sdk(sdk.entry, {**sdk.token, "scope": ["accounting.contacts.read"]})
        client = TokenApi(narrow.client, sdk.entry["client_id"], sdk.entry["client_secret"])
        granted = client.get_client_credentials_token(app_store_billing=False)
        assert granted["expires_in"] == 1800 and "refresh_token" not in granted

    def test_a_refresh_token_that_is_gone_is_invalid_grant(self, sdk: Sdk) -> None:
        stranger = Sdk(sdk.entry, {**sdk.token, "refresh_token": "made-up", "expires_at": 1})
        with pytest.raises(AccountingBadRequestException) as refused:
            stranger.books.get_organisations(sdk.tenant)
        assert refused.value.error_data == {"error": "invalid_grant"}


class TestReading:
    def test_lists_of_the_organisation(self, sdk: Sdk) -> None:
        accounts = sdk.books.get_accounts(sdk.tenant, where='Status=="ACTIVE" AND Type=="BANK"').accounts
        assert "090" in [account.code for account in accounts]
        assert {account.type.value for account in accounts} == {"BANK"}
        rates = {rate.tax_type: rate for rate in sdk.books.get_tax_rates(sdk.tenant).tax_rates}
        assert rates["OUTPUT"].effective_rate == 10 and rates["OUTPUT"].can_apply_to_revenue is True
        assert {one.code.value for one in sdk.books.get_currencies(sdk.tenant).currencies} >= {"AUD", "USD"}

    def test_page_by_page_every_invoice_comes_once(self, sdk: Sdk) -> None:
        seen: list[str] = []
        page, pages = 0, 1
        while page < pages:
            page += 1
            answer = sdk.books.get_invoices(sdk.tenant, page=page, page_size=4, order="UpdatedDateUTC ASC")
            pages = answer.pagination.page_count
            assert len(answer.invoices) <= 4 and all(one.line_items for one in answer.invoices)
            seen += [one.invoice_id for one in answer.invoices]
        assert len(seen) == len(set(seen)) == answer.pagination.item_count > 4
        assert sdk.books.get_invoices(sdk.tenant, page=page + 1, page_size=4).invoices == []

    def test_without_pages_invoices_are_thin(self, sdk: Sdk) -> None:
        answer = sdk.books.get_invoices(sdk.tenant)
        assert answer.pagination is None
        assert all(one.line_items == [] for one in answer.invoices)

    def test_one_by_id_and_by_number(self, sdk: Sdk) -> None:
        some = sdk.books.get_invoices(sdk.tenant, page=1, page_size=1).invoices[0]
        for key in (some.invoice_id, some.invoice_number):
            (one,) = sdk.books.get_invoice(sdk.tenant, key).invoices
            assert (one.invoice_id, one.total) == (some.invoice_id, some.total)
            assert one.date == some.date and isinstance(one.updated_date_utc, datetime)

    @pytest.mark.parametrize("kind", ["invoice", "contact", "credit_note", "payment", "quote", "item"])
    def test_what_nobody_has_is_404(self, sdk: Sdk, kind: str) -> None:
        with pytest.raises(NotFoundException) as gone:
            getattr(sdk.books, f"get_{kind}")(sdk.tenant, NOBODY)
        assert gone.value.status == 404

    def test_only_what_changed(self, sdk: Sdk, contact: str) -> None:
        later = datetime.fromisoformat("2026-07-05T22:59:00+00:00")
        changed = sdk.books.get_contacts(sdk.tenant, if_modified_since=later).contacts
        assert contact in [one.contact_id for one in changed]
        assert len(changed) < len(sdk.books.get_contacts(sdk.tenant).contacts)
        never = datetime.fromisoformat("2036-07-05T22:59:00+00:00")
        assert sdk.books.get_contacts(sdk.tenant, if_modified_since=never).contacts == []


class TestWriting:
    def test_a_batch_with_one_bad_element(self, sdk: Sdk, contact: str) -> None:
        batch = [
            an_invoice(contact, "SDK-1"),
            an_invoice(contact, "SDK-2"),
            an_invoice(contact, "SDK-3", reference="third"),
        ]
        batch[1].line_items = [a_line(account_code="nope")]
        good, bad, third = sdk.books.create_invoices(
            sdk.tenant, Invoices(invoices=batch), summarize_errors=False, unitdp=4, idempotency_key="sdk-batch"
        ).invoices
        assert [one.status_attribute_string for one in (good, bad, third)] == ["OK", "ERROR", "OK"]
        assert (good.sub_total, good.total_tax, good.total) == (Decimal("31.35"), Decimal("3.14"), Decimal("34.49"))
        assert (good.amount_due, third.reference) == (good.total, "third")
        assert bad.invoice_id == "00000000-0000-0000-0000-000000000000" and bad.has_errors
        assert bad.date == DAY, "what was sent is told again in the service's own form"
        assert "'nope' is not a valid code" in bad.validation_errors[0].message
        again = sdk.books.create_invoices(
            sdk.tenant, Invoices(invoices=batch), summarize_errors=False, unitdp=4, idempotency_key="sdk-batch"
        ).invoices
        assert [one.invoice_id for one in again] == [one.invoice_id for one in (good, bad, third)], "the same answer"

    def test_the_same_batch_summarised_is_400_and_the_good_one_is_kept(self, sdk: Sdk, contact: str) -> None:
        batch = [an_invoice(contact, "SDK-4"), an_invoice(contact, "SDK-5")]
        batch[1].line_items = [a_line(tax_type="NOSUCH")]
        with pytest.raises(AccountingBadRequestException) as refused:
            sdk.books.create_invoices(sdk.tenant, Invoices(invoices=batch), summarize_errors=True)
        assert refused.value.error_data["ErrorNumber"] == 10 and len(refused.value.error_data["Elements"]) == 1
        assert "The TaxType code 'NOSUCH' does not exist" in refused.value.reason
        found = sdk.books.get_invoices(sdk.tenant, invoice_numbers=["SDK-4", "SDK-5"], page=1).invoices
        assert [one.invoice_number for one in found] == ["SDK-4"]

    def test_a_number_is_taken_once_and_for_all(self, sdk: Sdk, contact: str) -> None:
        first = sent(sdk, an_invoice(contact, "SDK-6", "DRAFT"))
        (gone,) = sdk.books.update_invoice(
            sdk.tenant, first.invoice_id, Invoices(invoices=[Invoice(status="DELETED")])
        ).invoices
        assert gone.status == "DELETED"
        with pytest.raises(AccountingBadRequestException, match="Invoice # must be unique"):
            sdk.books.create_invoices(sdk.tenant, Invoices(invoices=[an_invoice(contact, "SDK-6")]))
        with pytest.raises(AccountingBadRequestException, match="not of valid status for modification"):
            sdk.books.update_or_create_invoices(sdk.tenant, Invoices(invoices=[an_invoice(contact, "SDK-6")]))

    def test_an_update_keeps_changes_and_replaces_lines(self, sdk: Sdk, contact: str) -> None:
        made = sent(sdk, an_invoice(contact, "SDK-7"))
        kept = LineItem(line_item_id=made.line_items[0].line_item_id, quantity=Decimal(4))
        asked = Invoice(reference="PO 7", line_items=[kept, a_line(description="Freight", quantity=Decimal(1))])
        (now,) = sdk.books.update_invoice(sdk.tenant, made.invoice_id, Invoices(invoices=[asked]), unitdp=4).invoices
        assert [one.quantity for one in now.line_items] == [4, 1]
        assert now.line_items[0].line_item_id == kept.line_item_id
        assert (now.reference, now.sub_total) == ("PO 7", Decimal("52.25"))
        (only,) = sdk.books.update_invoice(
            sdk.tenant, made.invoice_id, Invoices(invoices=[Invoice(reference="PO 8")])
        ).invoices
        assert len(only.line_items) == 2 and only.updated_date_utc > now.updated_date_utc

    def test_four_decimals_only_where_asked_for(self, sdk: Sdk, contact: str) -> None:
        made = sent(sdk, an_invoice(contact, "SDK-8"))
        fine = Invoice(line_items=[a_line(unit_amount=Decimal("7.7454"), quantity=Decimal(10))])
        (four,) = sdk.books.update_invoice(sdk.tenant, made.invoice_id, Invoices(invoices=[fine]), unitdp=4).invoices
        assert (four.line_items[0].unit_amount, four.sub_total) == (Decimal("7.7454"), Decimal("77.45"))
        (two,) = sdk.books.get_invoice(sdk.tenant, made.invoice_id).invoices
        assert two.line_items[0].unit_amount == Decimal("7.75")

    def test_an_item_and_a_contact(self, sdk: Sdk) -> None:
        asked = Item(
            code="SDK-W", name="Widget", sales_details=Purchase(unit_price=Decimal("1.2345"), account_code="200")
        )
        (item,) = sdk.books.create_items(sdk.tenant, Items(items=[asked]), unitdp=4).items
        assert item.sales_details.unit_price == Decimal("1.2345")
        with pytest.raises(AccountingBadRequestException, match="Price List Item with Code 'SDK-W' already exists"):
            sdk.books.create_items(sdk.tenant, Items(items=[asked]))
        (renamed,) = sdk.books.update_item(
            sdk.tenant, item.item_id, Items(items=[Item(code="SDK-W", name="Wodget")])
        ).items
        assert renamed.name == "Wodget" and renamed.sales_details.account_code == "200"
        sdk.books.delete_item(sdk.tenant, item.item_id)
        with pytest.raises(NotFoundException):
            sdk.books.get_item(sdk.tenant, item.item_id)
        with pytest.raises(AccountingBadRequestException, match="already assigned to another contact"):
            sdk.books.create_contacts(sdk.tenant, Contacts(contacts=[Contact(name="KELP & co")]))

    def test_unicode_and_long_texts_are_what_was_sent(self, sdk: Sdk, contact: str) -> None:
        text = "Überseetee – 茶 ☕ " + "x" * 3900
        made = sent(sdk, an_invoice(contact, "SDK-9"))
        line = LineItem(line_item_id=made.line_items[0].line_item_id, description=text)
        (now,) = sdk.books.update_invoice(
            sdk.tenant, made.invoice_id, Invoices(invoices=[Invoice(line_items=[line])])
        ).invoices
        assert now.line_items[0].description == text


class TestPaying:
    def test_a_payment_settles_and_its_deletion_opens_again(self, sdk: Sdk, contact: str) -> None:
        made = sent(sdk, an_invoice(contact, "SDK-20"))
        part = Payment(
            invoice=Invoice(invoice_id=made.invoice_id),
            account=Account(code="090"),
            date=DAY + timedelta(days=1),
            amount=Decimal("10.00"),
            reference="first",
        )
        (first,) = sdk.books.create_payment(sdk.tenant, part).payments
        assert (first.invoice.amount_due, first.payment_type, first.status) == (
            Decimal("24.49"), "ACCRECPAYMENT", "AUTHORISED",
        )  # fmt: skip
        part.amount = Decimal("24.50")
        with pytest.raises(AccountingBadRequestException, match="exceeds the amount outstanding"):
            sdk.books.create_payment(sdk.tenant, part)
        part.amount = Decimal("24.49")
        (rest,) = sdk.books.create_payments(sdk.tenant, Payments(payments=[part]), summarize_errors=False).payments
        (paid,) = sdk.books.get_invoice(sdk.tenant, made.invoice_id).invoices
        assert (paid.status, paid.amount_due, paid.amount_paid) == ("PAID", 0, made.total)
        assert paid.fully_paid_on_date == DAY + timedelta(days=1)
        assert {one.payment_id for one in paid.payments} == {first.payment_id, rest.payment_id}
        with pytest.raises(AccountingBadRequestException, match="payment or credit note allocated"):
            change = Invoice(line_items=[a_line(quantity=Decimal(9))])
            sdk.books.update_invoice(sdk.tenant, made.invoice_id, Invoices(invoices=[change]))
        (gone,) = sdk.books.delete_payment(sdk.tenant, rest.payment_id, PaymentDelete(status="DELETED")).payments
        assert gone.status == "DELETED"
        (open_again,) = sdk.books.get_invoice(sdk.tenant, made.invoice_id).invoices
        assert (open_again.status, open_again.amount_due) == ("AUTHORISED", Decimal("24.49"))
        listed = sdk.books.get_payments(sdk.tenant, where='Reference=="first"', page=1).payments
        assert {one.status for one in listed if one.invoice.invoice_id == made.invoice_id} == {"AUTHORISED", "DELETED"}


class TestCreditNotes:
    def test_a_note_is_set_against_an_invoice_and_taken_off_again(self, sdk: Sdk, contact: str) -> None:
        made = sent(sdk, an_invoice(contact, "SDK-30"))
        note = a_note(sdk, contact, "SDK-CN-1", quantity=Decimal(1))
        assert (note.total, note.remaining_credit) == (Decimal("11.50"), Decimal("11.50"))
        asked = Allocation(amount=Decimal("11.50"), date=DAY, invoice=Invoice(invoice_id=made.invoice_id))
        (allocation,) = sdk.books.create_credit_note_allocation(
            sdk.tenant, note.credit_note_id, Allocations(allocations=[asked])
        ).allocations
        assert (allocation.amount, allocation.invoice.invoice_id) == (Decimal("11.50"), made.invoice_id)
        (used,) = sdk.books.get_credit_note(sdk.tenant, note.credit_note_id).credit_notes
        assert (used.status, used.remaining_credit) == ("PAID", 0)
        (less,) = sdk.books.get_invoice(sdk.tenant, made.invoice_id).invoices
        assert (less.amount_credited, less.amount_due) == (Decimal("11.50"), Decimal("22.99"))
        assert [one.credit_note_id for one in less.credit_notes] == [note.credit_note_id]
        taken = sdk.books.delete_credit_note_allocations(
            sdk.tenant, note.credit_note_id, used.allocations[0].allocation_id
        )
        assert taken.is_deleted is True and taken.allocation_id == used.allocations[0].allocation_id
        (whole,) = sdk.books.get_invoice(sdk.tenant, made.invoice_id).invoices
        assert (whole.amount_credited, whole.amount_due) == (0, made.total)
        (free,) = sdk.books.get_credit_note(sdk.tenant, note.credit_note_id).credit_notes
        assert (free.status, free.remaining_credit) == ("AUTHORISED", Decimal("11.50"))

    def test_more_than_is_owed_cannot_be_set_off(self, sdk: Sdk, contact: str) -> None:
        made = sent(sdk, an_invoice(contact, "SDK-31"))
        note = a_note(sdk, contact, "SDK-CN-2", quantity=Decimal(9))
        asked = Allocation(amount=Decimal("40"), date=DAY, invoice=Invoice(invoice_id=made.invoice_id))
        with pytest.raises(AccountingBadRequestException, match="exceeds the amount outstanding"):
            sdk.books.create_credit_note_allocation(sdk.tenant, note.credit_note_id, Allocations(allocations=[asked]))
        refund = Payment(
            credit_note=CreditNote(credit_note_id=note.credit_note_id),
            account=Account(code="090"),
            date=DAY,
            amount=Decimal("5"),
        )
        (paid_out,) = sdk.books.create_payment(sdk.tenant, refund).payments
        assert paid_out.payment_type == "ARCREDITPAYMENT"
        (left,) = sdk.books.get_credit_note(sdk.tenant, note.credit_note_id).credit_notes
        assert left.remaining_credit == left.total - 5


class TestQuotes:
    def test_a_quote_goes_its_way_to_invoiced(self, sdk: Sdk, contact: str) -> None:
        asked = Quote(
            quote_number="SDK-Q-1",
            contact=Contact(contact_id=contact),
            date=DAY,
            expiry_date=DAY + timedelta(days=30),
            title="Offer",
            line_amount_types=QuoteLineAmountTypes.EXCLUSIVE,
            line_items=[a_line(unit_amount=Decimal("10.4545")), a_line(tax_type=None)],
        )
        (made,) = sdk.books.create_quotes(sdk.tenant, Quotes(quotes=[asked]), summarize_errors=False).quotes
        assert (made.status, made.line_items[0].unit_amount) == (QuoteStatusCodes.DRAFT, Decimal("10.4545"))
        assert made.line_items[1].tax_amount == 0, "a quote takes no tax from its account"
        for status in ("SENT", "ACCEPTED", "INVOICED"):
            move = Quote(contact=Contact(contact_id=contact), date=DAY, status=QuoteStatusCodes(status))
            (now,) = sdk.books.update_quote(sdk.tenant, made.quote_id, Quotes(quotes=[move])).quotes
            assert now.status == QuoteStatusCodes(status)
        with pytest.raises(AccountingBadRequestException):
            back = Quote(contact=Contact(contact_id=contact), date=DAY, status=QuoteStatusCodes.DECLINED)
            sdk.books.update_quote(sdk.tenant, made.quote_id, Quotes(quotes=[back]))
        found = sdk.books.get_quotes(sdk.tenant, quote_number="sdk-q", status="INVOICED").quotes
        assert [one.quote_id for one in found] == [made.quote_id]


def test_an_expired_token_is_401_until_it_is_renewed(place: Place, tmp_path: Path, monkeypatch: Any) -> None:
    workspace = root_copy(tmp_path)
    with served(workspace, ZX_NOW="2026-07-06T09:00:00+10:00") as (_, entries):
        point_at(monkeypatch, entries["xero.demo"])
        morning = Sdk(entries["xero.demo"])
        morning.books.get_organisations(morning.tenant)
    with served(workspace, ZX_NOW="2026-07-06T11:00:00+10:00") as (_, entries):
        point_at(monkeypatch, entries["xero.demo"])
        stale = Sdk(entries["xero.demo"], {**morning.token, "expires_at": None})
        with pytest.raises(HTTPStatusException) as refused:
            stale.books.get_organisations(stale.tenant)
        assert refused.value.status == 401 and b"TokenExpired: token expired at 07/06/2026" in refused.value.body
        stale.token["expires_at"] = 1
        assert stale.books.get_organisations(stale.tenant).organisations


def test_beyond_the_limits_is_429_with_its_headers(tmp_path: Path, monkeypatch: Any) -> None:
    with served(root_copy(tmp_path), "--calls-a-day", "62", ZX_NOW="2026-07-06T09:00:01+10:00") as (_, entries):
        point_at(monkeypatch, entries["xero.demo"])
        sdk = Sdk(entries["xero.demo"])
        for left in range(59, -1, -1):
            _, status, headers = sdk.books.get_organisations(sdk.tenant, _return_http_data_only=False)
            assert (status, headers["X-MinLimit-Remaining"]) == (200, str(left))
        for problem, longest in (("minute", 60), ("minute", 60), ("day", 86_400)):
            with pytest.raises(RateLimitException) as refused:
                sdk.books.get_organisations(sdk.tenant)
            assert refused.value.rate_limit == problem
            assert 0 < int(refused.value.headers["Retry-After"]) <= longest
