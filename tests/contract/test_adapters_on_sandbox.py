"""Readers and writers against the sandboxes: two programs that share nothing but the catalogue must agree."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
import requests

from tests.unit.adapters.wire import MemoryTokens, StillClock
from zx.adapters.connect import Connection, ConnectionSpec, connect
from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.model.record import Kind
from zx.ports.remote import NotAllowed, Result, Verdict
from zx.sandbox.app import Sandbox, open_sandbox
from zx.sandbox.transport import SandboxTransport

XERO = {
    "Invoice": "Invoices",
    "Quote": "Quotes",
    "CreditNote": "CreditNotes",
    "Payment": "Payments",
    "Contact": "Contacts",
    "Item": "Items",
}
ZOHO = ("Invoices", "Quotes", "Sales_Orders", "Accounts", "Contacts", "Products")
INVOICE, CONTACT, ITEM = Kind("xero", "Invoice"), Kind("xero", "Contact"), Kind("xero", "Item")
CREDIT, QUOTE, PAYMENT = Kind("xero", "CreditNote"), Kind("xero", "Quote"), Kind("xero", "Payment")
ACCOUNTS = Kind("zoho", "Accounts")


def quiet(what: str, done: int, total: int | None) -> None: ...


class Side:
    """One sandbox with an open connection to it."""

    def __init__(self, system: Literal["zoho", "xero"], folder: Path, data: Path | None = None) -> None:
        self.clock = StillClock()
        self.sandbox: Sandbox = open_sandbox(system, folder / f"{system}.db", data, self.clock)
        self.session = requests.Session()
        base = f"http://{system}-demo.localhost"
        self.session.mount(base, SandboxTransport(self.sandbox))
        keys = self.sandbox.credentials
        self.spec: dict[str, Any] = {
            "name": f"{system}.demo",
            "system": system,
            "api": base,
            "identity": base,
            "client_id": keys["client_id"],
            "client_secret": keys["client_secret"],
            "refresh_token": keys["refresh_token"],
            "tenant": keys.get("tenant"),
            "simulated": True,
        }

    def connect(self, **changes: Any) -> Connection:
        return connect(ConnectionSpec(**{**self.spec, **changes}), self.session, self.clock, MemoryTokens())


@pytest.fixture
def zoho(tmp_path: Path) -> Iterator[Side]:
    side = Side("zoho", tmp_path)
    with side.session:
        yield side
    side.sandbox.close()


@pytest.fixture
def xero(tmp_path: Path) -> Iterator[Side]:
    side = Side("xero", tmp_path)
    with side.session:
        yield side
    side.sandbox.close()


class TestReading:
    @pytest.mark.parametrize("module", ZOHO)
    def test_all_of_zoho(self, zoho: Side, module: str) -> None:
        kept = {record["id"]: record for record in zoho.sandbox.dump().get(module, [])}
        page = zoho.connect().reader.changed(Kind("zoho", module), None, quiet)
        assert {record.id for record in page.records} == set(kept)
        shape = packaged().shape("zoho", module)
        assert shape is not None
        wanted = {field.name for field in shape.fields.values() if not field.optional}
        assert all(wanted <= set(record.values) for record in page.records)
        for record in page.records:
            if "Grand_Total" in wanted:
                assert record.values["Grand_Total"] == kept[record.id]["Grand_Total"]
                (rows,) = [value for name, value in record.values.items() if name.endswith("_Items")]
                assert sum(row["Net_Total"] for row in rows) == record.values["Sub_Total"]

    @pytest.mark.parametrize("name", XERO)
    def test_all_of_xero(self, xero: Side, name: str) -> None:
        kept = xero.sandbox.dump()[XERO[name]]
        page = xero.connect().reader.changed(Kind("xero", name), None, quiet)
        assert len(page.records) == len(kept) > 0
        shape = packaged().shape("xero", name)
        assert shape is not None
        wanted = {field.name for field in shape.fields.values() if not field.optional}
        assert all(wanted <= set(record.values) for record in page.records)

    @pytest.mark.parametrize("system", ["zoho", "xero"])
    def test_the_organisation(self, system: str, request: pytest.FixtureRequest) -> None:
        side: Side = request.getfixturevalue(system)
        organisation = side.connect().reader.organisation()
        assert organisation.connection == f"{system}.demo"
        assert organisation.simulated and organisation.base_currency == "AUD"
        assert organisation.settle_s == float(side.sandbox.settle_s)
        assert organisation.id and organisation.name and organisation.timezone

    def test_the_only_organisation_of_a_sign_in_needs_no_name(self, xero: Side) -> None:
        reader = xero.connect(tenant=None).reader
        assert reader.organisation().id == xero.spec["tenant"]

    def test_an_organisation_with_one_currency_lists_none(self, tmp_path: Path) -> None:
        (tmp_path / "org.json").write_text('[{"company_name": "Kelp", "iso_code": "NZD", "mc_status": false}]')
        side = Side("zoho", tmp_path, tmp_path)
        with side.session:
            reader = side.connect().reader
            assert reader.metadata()["currencies"] == []
            assert reader.organisation().base_currency == "NZD"
        side.sandbox.close()

    def test_the_lists_of_both(self, zoho: Side, xero: Side) -> None:
        catalogue = with_metadata(
            packaged(),
            zoho=zoho.connect().reader.metadata(),
            xero=xero.connect().reader.metadata(),
            read_at={},
        )
        taxes, accounts, rates = (
            catalogue.list("zoho", "Tax"),
            catalogue.list("xero", "Account"),
            catalogue.list("xero", "TaxRate"),
        )
        assert taxes is not None and "GST 10%" in taxes
        assert accounts is not None and accounts["200"].attributes["Class"] == "REVENUE"
        assert rates is not None and rates["OUTPUT"].attributes["EffectiveRate"] == Decimal(10)
        status = catalogue.enumeration("zoho", "InvoiceStatus")
        assert status is not None and "Paid" in status.values, "a value the organisation added"

    def test_only_what_changed_since_the_services_own_time(self, zoho: Side) -> None:
        reader = zoho.connect().reader
        record = reader.changed(ACCOUNTS, None, quiet).records[0]
        zoho.clock.sleep(3600)
        since = reader.server_time()
        assert reader.changed(ACCOUNTS, since, quiet).records == ()
        zoho.clock.sleep(60)
        zoho.sandbox.edit("Accounts", record.id, {"Phone": "02 5550 1234"})
        (changed,) = reader.changed(ACCOUNTS, since, quiet).records
        assert (changed.id, changed.values["Phone"]) == (record.id, "02 5550 1234")
        assert changed.version > record.version

    def test_only_what_changed_in_xero(self, xero: Side) -> None:
        reader = xero.connect().reader
        contact = reader.changed(CONTACT, None, quiet).records[0]
        xero.clock.sleep(3600)
        since = reader.server_time()
        assert reader.changed(CONTACT, since, quiet).records == ()
        xero.sandbox.edit("Contacts", contact.id, {"EmailAddress": "new@books.example"})
        (changed,) = reader.changed(CONTACT, since, quiet).records
        assert (changed.id, changed.values["EmailAddress"]) == (contact.id, "new@books.example")

    def test_an_old_access_token_is_renewed_in_passing(self, xero: Side) -> None:
        reader = xero.connect().reader
        reader.organisation()
        xero.clock.sleep(7200)
        assert len(reader.changed(ITEM, None, quiet).records) > 0

    @pytest.mark.parametrize("system", ["zoho", "xero"])
    def test_a_sign_in_that_is_not_known(self, system: str, request: pytest.FixtureRequest) -> None:
        side: Side = request.getfixturevalue(system)
        with pytest.raises(NotAllowed, match="sign-in"):
            side.connect(refresh_token="made-up").reader.organisation()


def invoice(contact: str, number: str, **line: Any) -> dict[str, Any]:
    fields = {
        "Description": "Beans",
        "Quantity": Decimal(3),
        "UnitAmount": Decimal("33.3367"),
        "AccountCode": "200",
        "TaxType": "OUTPUT",
        **line,
    }
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact},
        "InvoiceNumber": number,
        "Date": "2026-03-31",
        "DueDate": "2026-04-30",
        "LineAmountTypes": "Exclusive",
        "Status": "DRAFT",
        "LineItems": [fields],
    }


class TestWritingXero:
    def test_a_contact_and_its_invoice(self, xero: Side) -> None:
        writer = xero.connect().writer
        (made,) = writer.create(CONTACT, [{"Name": "Kelp & Co", "ContactNumber": "zx-1"}], "key-1")
        assert made.verdict is Verdict.DONE and made.id
        (sent,) = writer.create(INVOICE, [invoice(made.id, "T-1")], "key-2")
        assert sent.verdict is Verdict.DONE and sent.record is not None
        assert sent.record.values["Total"] == Decimal("110.01")
        (found,) = writer.find(INVOICE, "InvoiceNumber", ["T-1", "T-2"])
        assert found.values["LineItems"][0]["UnitAmount"] == Decimal("33.3367"), "four decimals on the way back too"
        assert found.values["Contact"] == {"ContactID": made.id, "Name": "Kelp & Co", "id": made.id}
        assert (found.values["Date"], found.values["DueDate"]) == ("2026-03-31", "2026-04-30")
        assert [record.id for record in writer.find(CONTACT, "ContactNumber", ["zx-1"])] == [made.id]

    def test_good_bad_and_taken_in_one_request(self, xero: Side) -> None:
        connection = xero.connect()
        contact = connection.reader.changed(CONTACT, None, quiet).records[0].id
        writer = connection.writer
        writer.create(INVOICE, [invoice(contact, "T-1")], "key-1")
        bodies = [
            invoice(contact, "T-2"),
            {**invoice(contact, "T-3", AccountCode="nope"), "Status": "AUTHORISED"},
            invoice(contact, "T-1"),
        ]
        results = writer.create(INVOICE, bodies, "key-2")
        assert [result.verdict for result in results] == [Verdict.DONE, Verdict.REJECTED, Verdict.EXISTS]
        assert "nope" in results[1].messages[0]
        assert {
            record.values["InvoiceNumber"] for record in writer.find(INVOICE, "InvoiceNumber", ["T-1", "T-2", "T-3"])
        } == {
            "T-1",
            "T-2",
        }

    def test_an_update_by_id_and_a_dead_invoice_that_is_still_found(self, xero: Side) -> None:
        connection = xero.connect()
        contact = connection.reader.changed(CONTACT, None, quiet).records[0].id
        writer = connection.writer
        (made,) = writer.create(INVOICE, [invoice(contact, "T-1")], "key-1")
        assert made.id is not None
        (updated,) = writer.update(INVOICE, [{"InvoiceID": made.id, "Reference": "order 7"}], "key-2")
        assert updated.verdict is Verdict.DONE
        (now,) = writer.read(INVOICE, [made.id, "00000000-0000-4000-8000-000000000000"])
        assert now.values["Reference"] == "order 7" and len(now.values["LineItems"]) == 1
        (deleted,) = writer.update(INVOICE, [{"InvoiceID": made.id, "Status": "DELETED"}], "key-3")
        assert deleted.verdict is Verdict.DONE
        (dead,) = writer.find(INVOICE, "InvoiceNumber", ["T-1"])
        assert dead.values["Status"] == "DELETED"
        (again,) = writer.create(INVOICE, [invoice(contact, "T-1")], "key-4")
        assert again.verdict is Verdict.EXISTS

    def test_an_item_and_an_archived_contact(self, xero: Side) -> None:
        writer = xero.connect().writer
        details = {"UnitPrice": Decimal("1.2345"), "AccountCode": "200", "TaxType": "OUTPUT"}
        (made,) = writer.create(ITEM, [{"Code": "W-1", "Name": "Widget", "SalesDetails": details}], "key-1")
        assert made.verdict is Verdict.DONE
        (item,) = writer.find(ITEM, "Code", ["W-1"])
        assert item.values["SalesDetails"]["UnitPrice"] == Decimal("1.2345")
        (taken,) = writer.create(ITEM, [{"Code": "W-1"}], "key-2")
        assert taken.verdict is Verdict.EXISTS
        (contact,) = writer.create(CONTACT, [{"Name": "Gone Ltd"}], "key-3")
        writer.update(CONTACT, [{"ContactID": contact.id, "ContactStatus": "ARCHIVED"}], "key-4")
        (archived,) = writer.find(CONTACT, "Name", ["Gone Ltd"])
        assert archived.values["ContactStatus"] == "ARCHIVED"

    def test_credit_notes_quotes_and_payments_by_number_and_reference(self, xero: Side) -> None:
        connection = xero.connect()
        writer = connection.writer
        contact = connection.reader.changed(CONTACT, None, quiet).records[0].id
        body = {
            name: value for name, value in invoice(contact, "T-1").items() if name not in ("DueDate", "InvoiceNumber")
        }
        credits = [{**body, "Type": "ACCRECCREDIT", "CreditNoteNumber": f"C-{number}"} for number in (1, 2, 11)]
        assert {result.verdict for result in writer.create(CREDIT, credits, "key-1")} == {Verdict.DONE}
        found = writer.find(CREDIT, "CreditNoteNumber", ["C-1", "C-2"])
        assert sorted(record.values["CreditNoteNumber"] for record in found) == ["C-1", "C-2"]
        assert [record.id for record in writer.read(CREDIT, [record.id for record in found])] == [r.id for r in found]
        quotes = [
            {**body, "QuoteNumber": f"Q-{number}", "LineAmountTypes": "EXCLUSIVE", "Type": None} for number in (1, 11)
        ]
        sent = [{name: value for name, value in quote.items() if value is not None} for quote in quotes]
        assert {result.verdict for result in writer.create(QUOTE, sent, "key-2")} == {Verdict.DONE}
        (quote,) = writer.find(QUOTE, "QuoteNumber", ["Q-1"])
        assert quote.values["QuoteNumber"] == "Q-1" and quote.values["Total"] == Decimal("110.01")
        (made,) = writer.create(INVOICE, [{**invoice(contact, "T-1"), "Status": "AUTHORISED"}], "key-3")
        payment = {
            "Invoice": {"InvoiceID": made.id},
            "Account": {"Code": "090"},
            "Date": "2026-04-01",
            "Amount": Decimal("110.01"),
            "Reference": "zx-9",
        }
        (paid,) = writer.create(PAYMENT, [payment], "key-4")
        assert paid.verdict is Verdict.DONE
        (known,) = writer.find(PAYMENT, "Reference", ["zx-9"])
        assert (known.id, known.values["Account"], known.values["Invoice"]["id"]) == (paid.id, "090", made.id)
        assert made.id is not None
        (settled,) = writer.read(INVOICE, [made.id])
        assert (settled.values["Status"], settled.values["AmountDue"]) == ("PAID", Decimal("0.00"))

    def test_a_credit_note_is_set_against_an_invoice_up_to_what_is_due(self, xero: Side) -> None:
        connection = xero.connect()
        writer = connection.writer
        contact = connection.reader.changed(CONTACT, None, quiet).records[0].id
        (made,) = writer.create(INVOICE, [{**invoice(contact, "T-2"), "Status": "AUTHORISED"}], "key-1")
        note = {
            name: value for name, value in invoice(contact, "T-2").items() if name not in ("DueDate", "InvoiceNumber")
        }
        note |= {"Type": "ACCRECCREDIT", "CreditNoteNumber": "CT-2", "Status": "AUTHORISED"}
        (credit,) = writer.create(CREDIT, [note], "key-2")

        def set_off(amount: str, key: str) -> Result:
            entry = {"Amount": Decimal(amount), "Date": "2026-04-01", "Invoice": {"InvoiceID": made.id}}
            (result,) = writer.update(CREDIT, [{"CreditNoteID": credit.id, "Allocations": [entry]}], key)
            return result

        assert set_off("110.02", "key-3").verdict is Verdict.REJECTED
        done = set_off("110.01", "key-4")
        assert (done.verdict, done.id) == (Verdict.DONE, credit.id)
        again = set_off("110.01", "key-5")
        assert again.verdict is Verdict.REJECTED and again.messages
        assert made.id is not None and credit.id is not None
        (settled,), (used,) = writer.read(INVOICE, [made.id]), writer.read(CREDIT, [credit.id])
        assert (settled.values["Status"], settled.values["AmountDue"]) == ("PAID", Decimal("0.00"))
        assert (used.values["Status"], used.values["RemainingCredit"]) == ("PAID", Decimal("0.00"))


class TestWritingZoho:
    def test_insert_update_read(self, zoho: Side) -> None:
        connection = zoho.connect()
        made, refused = connection.writer.create(ACCOUNTS, [{"Account_Name": "O'Hara & Co"}, {"Phone": "1"}], "key-1")
        assert made.verdict is Verdict.DONE and made.id
        assert refused.verdict is Verdict.REJECTED and "Account_Name" in refused.messages[0]
        (updated,) = connection.writer.update(ACCOUNTS, [{"id": made.id, "Phone": "02 5550 1"}], "key-2")
        assert updated.verdict is Verdict.DONE
        (read,) = connection.writer.read(ACCOUNTS, [made.id, "1"])
        assert (read.values["Account_Name"], read.values["Phone"], read.values["Currency"]) == (
            "O'Hara & Co",
            "02 5550 1",
            "AUD",
        )
