"""Xero: JSON to records, pages, verdicts, marker queries. Bodies after reference/xero 2.12, 3.8 and 5.5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.adapters.wire import Reply, Sent, Wire, connected
from zx.adapters.xero import codec
from zx.model.record import Kind
from zx.ports.remote import NotAllowed, Refused, Verdict
from zx.values import jsontext

INVOICE, CONTACT, ITEM = Kind("xero", "Invoice"), Kind("xero", "Contact"), Kind("xero", "Item")
QUOTE, CREDIT, PAYMENT = Kind("xero", "Quote"), Kind("xero", "CreditNote"), Kind("xero", "Payment")
STAMP = "/Date(1772409600100+0000)/"
INVOICE_ID = "8a1b0000-0000-4000-8000-000000000003"


def raw(text: str) -> Any:
    return jsontext.loads(text)


INVOICE_RAW = raw(
    """{"Type":"ACCREC","InvoiceID":"i-1","InvoiceNumber":"Z-1","Reference":"","AmountDue":32.76,"AmountPaid":0.00,
 "Contact":{"ContactID":"c-1","ContactStatus":"ACTIVE","Name":"Acme","Addresses":[],"HasValidationErrors":false},
 "DateString":"2026-03-02T00:00:00","Date":"/Date(1772409600000+0000)/","DueDate":"/Date(1773619200000+0000)/",
 "Status":"AUTHORISED","LineAmountTypes":"Exclusive","LineItems":[{"ItemCode":"WID-1","Description":"Widget",
 "UnitAmount":10.4500,"TaxType":"OUTPUT","TaxAmount":2.98,"LineAmount":29.78,"AccountCode":"200","Quantity":3.0000,
 "Item":{"ItemID":"x","Code":"WID-1"},"Tracking":[],"LineItemID":"l-1","ValidationErrors":[]}],"SubTotal":29.78,
 "TotalTax":2.98,"Total":32.76,"UpdatedDateUTC":"/Date(1772409600100+0000)/","CurrencyCode":"AUD","Payments":[],
 "HasErrors":false}"""
)
CONTACT_RAW = raw(
    """{"ContactID":"c-1","Name":"Acme","ContactStatus":"ACTIVE","EmailAddress":"","IsSupplier":false,"IsCustomer":true,
 "Addresses":[{"AddressType":"STREET","City":"","Region":"","PostalCode":"","Country":""},
  {"AddressType":"POBOX","AddressLine1":"1 High St","City":"Perth","Region":"WA","PostalCode":"6000","Country":""}],
 "Phones":[{"PhoneType":"DDI","PhoneNumber":"","PhoneAreaCode":"","PhoneCountryCode":""},
  {"PhoneType":"DEFAULT","PhoneNumber":"5551234","PhoneAreaCode":"08","PhoneCountryCode":""}],
 "PaymentTerms":{"Sales":{"Day":20,"Type":"OFFOLLOWINGMONTH"}},"UpdatedDateUTC":"/Date(1772409600100+0000)/"}"""
)


class TestCodec:
    def test_an_invoice(self) -> None:
        record = codec.record(INVOICE, INVOICE_RAW)
        assert (record.id, record.version) == ("i-1", "2026-03-02T00:00:00.100+00:00")
        assert record.values["Date"] == "2026-03-02" and record.values["DueDate"] == "2026-03-16"
        assert record.values["Contact"] == {"ContactID": "c-1", "Name": "Acme", "id": "c-1"}
        assert record.values["AmountPaid"] == Decimal(0)
        assert not {"Reference", "Payments", "HasErrors", "DateString"} & set(record.values)
        (line,) = record.values["LineItems"]
        assert line == {
            "LineItemID": "l-1",
            "Description": "Widget",
            "Quantity": Decimal(3),
            "UnitAmount": Decimal("10.45"),
            "LineAmount": Decimal("29.78"),
            "ItemCode": "WID-1",
            "AccountCode": "200",
            "TaxType": "OUTPUT",
            "TaxAmount": Decimal("2.98"),
        }

    def test_a_contact_keeps_the_addresses_and_numbers_that_say_something(self) -> None:
        values = codec.record(CONTACT, CONTACT_RAW).values
        address = {"AddressLine1": "1 High St", "City": "Perth", "Region": "WA", "PostalCode": "6000"}
        assert values["Addresses"] == {"POBOX": address}
        assert values["Phones"] == {"DEFAULT": {"PhoneNumber": "5551234", "PhoneAreaCode": "08"}}
        assert values["PaymentTerms"] == {"Sales": {"Day": Decimal(20), "Type": "OFFOLLOWINGMONTH"}}
        assert values["IsSupplier"] is False and "EmailAddress" not in values

    def test_a_payment_names_its_account_by_code(self) -> None:
        payment = raw(
            '{"PaymentID":"p-1","Date":"/Date(1772409600000+0000)/","Amount":5,"Account":{"AccountID":"a","Code":"090"},'
            '"Invoice":{"InvoiceID":"i-1","InvoiceNumber":"Z-1","Type":"ACCREC"},"Status":"AUTHORISED"}'
        )
        values = codec.record(PAYMENT, payment).values
        assert values["Account"] == "090"
        assert values["Invoice"] == {"InvoiceID": "i-1", "InvoiceNumber": "Z-1", "id": "i-1"}

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("/Date(1551139200000+0000)/", "2019-02-26"),
            ("/Date(1551225599000)/", "2019-02-26"),
            ("2019-02-26T00:00:00", "2019-02-26"),
            ("2019-02-26", "2019-02-26"),
        ],
    )
    def test_dates_are_the_calendar_day_in_utc(self, text: str, day: str) -> None:
        assert codec.record(INVOICE, {"InvoiceID": "i", "Date": text}).values["Date"] == day

    def test_a_record_that_was_not_made_is_none(self) -> None:
        with pytest.raises(ValueError, match="InvoiceID"):
            codec.record(INVOICE, {"InvoiceID": codec.NIL_ID})


def quiet(what: str, done: int, total: int | None) -> None: ...


def invoices(*ids: str, pages: int | None = None) -> Reply:
    rows = [{"InvoiceID": id, "InvoiceNumber": f"N-{id}", "UpdatedDateUTC": STAMP} for id in ids]
    paging = {} if pages is None else {"pagination": {"page": 1, "pageSize": 1000, "pageCount": pages, "itemCount": 3}}
    return Reply(body={"Invoices": rows, **paging})


class TestReading:
    def test_pages_are_read_to_the_last_one_xero_names(self) -> None:
        told: list[tuple[int, int | None]] = []
        wire = Wire(invoices("1", "2", pages=2), invoices("2", "3", pages=2))
        page = connected(wire, "xero").reader.changed(
            INVOICE, None, lambda what, done, total: told.append((done, total))
        )
        assert [record.id for record in page.records] == ["1", "2", "3"], "a row that slid to the next page counts once"
        assert told[-1] == (3, 3)
        first, second = (sent.params for sent in wire.sent)
        assert first == {
            "page": "1",
            "pageSize": "1000",
            "order": "InvoiceID",
            "unitdp": "4",
            "includeArchived": "true",
        }
        assert second["page"] == "2"

    def test_without_a_page_count_only_an_empty_page_is_the_end(self) -> None:
        wire = Wire(invoices("1"), invoices("2"), invoices())
        page = connected(wire, "xero").reader.changed(INVOICE, None, quiet)
        assert [record.id for record in page.records] == ["1", "2"]

    def test_changes_are_asked_for_from_a_second_before(self) -> None:
        wire = Wire(invoices(pages=0))
        connected(wire, "xero").reader.changed(INVOICE, "2026-03-31T15:05:06+11:00", quiet)
        assert wire.sent[0].headers["If-Modified-Since"] == "2026-03-31T04:05:05"

    def test_items_come_in_one_answer_with_four_decimals(self) -> None:
        wire = Wire(Reply(body={"Items": [{"ItemID": "i", "Code": "W"}]}))
        (record,) = connected(wire, "xero").reader.changed(ITEM, None, quiet).records
        assert record.values["Code"] == "W" and record.version == ""
        assert wire.sent[0].params == {"unitdp": "4"}

    def test_records_by_id_forty_at_a_time_in_the_order_asked_for(self) -> None:
        def answer(sent: Sent) -> Reply:
            ids = sent.params["IDs"].split(",")
            assert len(ids) <= 40
            return invoices(*sorted(id for id in ids if id != "7"), pages=1)

        ids = [str(number) for number in range(60)]
        wire = Wire(answer, answer)
        found = connected(wire, "xero").writer.read(INVOICE, ids)
        assert [record.id for record in found] == [id for id in ids if id != "7"]

    def test_a_credit_note_that_is_gone_is_left_out(self) -> None:
        here, gone = "8a1b0000-0000-4000-8000-000000000001", "8a1b0000-0000-4000-8000-000000000002"
        known = Reply(body={"CreditNotes": [{"CreditNoteID": here, "UpdatedDateUTC": STAMP}]})
        wire = Wire(known, Reply(404, b"<html>not found</html>"))
        assert [record.id for record in connected(wire, "xero").writer.read(CREDIT, [here, gone])] == [here]

    def test_the_only_organisation_needs_no_name(self) -> None:
        connections = Reply(body=[{"id": "x", "tenantId": "t-9", "tenantType": "ORGANISATION", "tenantName": "Demo"}])
        wire = Wire(connections, invoices(pages=0))
        connected(wire, "xero", tenant=None).reader.changed(INVOICE, None, quiet)
        assert wire.sent[0].path == "/connections"
        assert wire.sent[1].headers["xero-tenant-id"] == "t-9"

    def test_of_two_organisations_none_is_guessed(self) -> None:
        wire = Wire(Reply(body=[{"tenantId": "a"}, {"tenantId": "b"}]))
        with pytest.raises(NotAllowed, match="2 Xero organisations"):
            connected(wire, "xero", tenant=None).reader.organisation()

    def test_metadata_is_plain_values(self) -> None:
        organisation = {
            "OrganisationID": "o",
            "Name": "D",
            "BaseCurrency": "AUD",
            "PeriodLockDate": "/Date(1551139200000)/",
        }
        account = {"AccountID": "a", "Code": "200", "Name": "Sales", "Type": "REVENUE", "SystemAccount": ""}
        rate = {"TaxType": "OUTPUT", "Name": "GST", "EffectiveRate": 10, "TaxComponents": [{"Name": "GST", "Rate": 10}]}
        wire = Wire(
            Reply(body={"Organisations": [organisation]}),
            Reply(body={"Accounts": [account]}),
            Reply(body={"TaxRates": [rate]}),
            Reply(body={"Currencies": [{"Code": "AUD"}]}),
        )
        metadata = connected(wire, "xero").reader.metadata()
        assert metadata["Organisation"]["PeriodLockDate"] == "2019-02-26"
        assert metadata["Accounts"] == [{"AccountID": "a", "Code": "200", "Name": "Sales", "Type": "REVENUE"}]
        assert metadata["TaxRates"][0]["EffectiveRate"] == Decimal(10)


def done(number: str, **changes: Any) -> dict[str, Any]:
    return {"InvoiceID": f"id-{number}", "InvoiceNumber": number, "StatusAttributeString": "OK", **changes}


def failed(*messages: str, **changes: Any) -> dict[str, Any]:
    errors = [{"Message": message} for message in messages]
    return {
        "InvoiceID": codec.NIL_ID,
        "HasErrors": True,
        "StatusAttributeString": "ERROR",
        "ValidationErrors": errors,
        **changes,
    }


def verdicts(reply: Reply, *bodies: dict[str, Any], kind: Kind = INVOICE) -> list[Verdict]:
    results = connected(Wire(reply), "xero").writer.create(kind, bodies, "k")
    assert len(results) == len(bodies)
    return [result.verdict for result in results]


class TestWriting:
    def test_a_create_is_one_put_that_judges_each_element(self) -> None:
        wire = Wire(Reply(body={"Invoices": [done("Z-1"), failed("A Contact must be specified")]}))
        bodies = [{"InvoiceNumber": "Z-1", "CurrencyRate": Decimal("1.10")}, {"InvoiceNumber": "Z-2"}]
        results = connected(wire, "xero").writer.create(INVOICE, bodies, "zx1abc")
        (sent,) = wire.sent
        assert (sent.method, sent.path) == ("PUT", "/api.xro/2.0/Invoices")
        assert sent.params == {"summarizeErrors": "false", "unitdp": "4"}
        assert sent.headers["Idempotency-Key"] == "zx1abc"
        assert sent.body == b'{"Invoices":[{"InvoiceNumber":"Z-1","CurrencyRate":1.10},{"InvoiceNumber":"Z-2"}]}'
        assert (results[0].verdict, results[0].id) == (Verdict.DONE, "id-Z-1")
        assert (results[1].verdict, results[1].messages) == (Verdict.REJECTED, ("A Contact must be specified",))

    @pytest.mark.parametrize(
        "message",
        [
            "Invoice # must be unique.",
            "Price List Item with Code 'X' already exists",
            "The contact name X is already assigned to another contact. The contact name must be unique",
        ],
    )
    def test_taken_is_no_rejection(self, message: str) -> None:
        assert verdicts(Reply(body={"Invoices": [failed(message)]}), {"InvoiceNumber": "Z-1"}) == [Verdict.EXISTS]

    def test_an_error_inside_a_line_is_found(self) -> None:
        line = {"ValidationErrors": [{"Message": "Account code '999' is not a valid code for this document."}]}
        wire = Wire(Reply(body={"Invoices": [done("Z-1", LineItems=[line])]}))
        (result,) = connected(wire, "xero").writer.create(INVOICE, [{"InvoiceNumber": "Z-1"}], "k")
        assert result.verdict is Verdict.REJECTED and "999" in result.messages[0]

    @pytest.mark.parametrize(
        "element",
        [done("Z-1", InvoiceID=codec.NIL_ID), {"InvoiceNumber": "Z-1"}, done("Z-2"), done(""), "nonsense", None],
    )
    def test_success_without_id_or_echo_is_unknown(self, element: Any) -> None:
        assert verdicts(Reply(body={"Invoices": [element]}), {"InvoiceNumber": "Z-1"}) == [Verdict.UNKNOWN]

    @pytest.mark.parametrize("body", [{"Invoices": []}, {"Invoices": [done("1")] * 3}, {}, [], b"<html>", b'{"Invoi'])
    def test_an_answer_that_makes_no_sense_decides_nothing(self, body: Any) -> None:
        assert verdicts(Reply(body=body), {"InvoiceNumber": "1"}, {"InvoiceNumber": "2"}) == [Verdict.UNKNOWN] * 2

    def test_a_warning_is_told_and_no_failure(self) -> None:
        element = done("Z-1", StatusAttributeString="WARNING", Warnings=[{"Message": "Only AUTHORISED invoices"}])
        wire = Wire(Reply(body={"Invoices": [element]}))
        (result,) = connected(wire, "xero").writer.create(INVOICE, [{"InvoiceNumber": "Z-1"}], "k")
        assert (result.verdict, result.messages) == (Verdict.DONE, ("Only AUTHORISED invoices",))

    def test_of_a_refused_batch_only_the_named_elements_are_decided(self) -> None:
        """Others of the same request have been created all the same (reference/xero 3.8)."""
        reply = Reply(400, {"ErrorNumber": 10, "Elements": [failed("Invoice # must be unique.", InvoiceNumber="Z-2")]})
        bodies = ({"InvoiceNumber": "Z-1"}, {"InvoiceNumber": "Z-2"})
        assert verdicts(reply, *bodies) == [Verdict.UNKNOWN, Verdict.EXISTS]

    def test_a_refusal_without_elements_is_of_the_whole_request(self) -> None:
        reply = Reply(400, {"ErrorNumber": 10, "Message": "Idempotency Key: k is used with a different request."})
        with pytest.raises(Refused, match="different request"):
            verdicts(reply, {"InvoiceNumber": "Z-1"})

    def test_a_name_is_echoed_without_its_outer_blanks(self) -> None:
        reply = Reply(body={"Contacts": [{"ContactID": "c", "Name": "Acme", "HasValidationErrors": False}]})
        assert verdicts(reply, {"Name": "Acme "}, kind=CONTACT) == [Verdict.DONE]

    def test_an_update_goes_by_id_only(self) -> None:
        wire = Wire(Reply(body={"Invoices": [done("Z-1", InvoiceID=INVOICE_ID)]}))
        writer = connected(wire, "xero").writer
        (result,) = writer.update(INVOICE, [{"InvoiceID": INVOICE_ID, "Reference": "x"}], "k")
        assert result.verdict is Verdict.DONE and wire.sent[0].method == "POST"
        with pytest.raises(AssertionError):
            writer.update(INVOICE, [{"InvoiceNumber": "Z-1"}], "k")

    def test_an_empty_key_is_left_out(self) -> None:
        wire = Wire(Reply(body={"Invoices": [done("Z-1")]}))
        connected(wire, "xero").writer.create(INVOICE, [{"InvoiceNumber": "Z-1"}], "")
        assert "Idempotency-Key" not in wire.sent[0].headers


class TestFinding:
    def test_invoices_by_number_dead_ones_too(self) -> None:
        rows = [
            {"InvoiceID": "1", "InvoiceNumber": "Z-1", "Status": "VOIDED"},
            {"InvoiceID": "2", "InvoiceNumber": "z-1"},
        ]
        wire = Wire(Reply(body={"Invoices": rows, "pagination": {"pageCount": 1}}))
        found = connected(wire, "xero").writer.find(INVOICE, "InvoiceNumber", ["Z-1", "Z-2", "Z-1"])
        assert [record.id for record in found] == ["1"]
        assert wire.sent[0].params["InvoiceNumbers"] == "Z-1,Z-2"
        assert "Statuses" not in wire.sent[0].params

    def test_a_number_with_a_comma_cannot_go_into_a_list(self) -> None:
        empty = Reply(body={"Invoices": []})
        wire = Wire(empty, empty)
        connected(wire, "xero").writer.find(INVOICE, "InvoiceNumber", ["Z-1", 'a,"b'])
        assert wire.sent[0].params["InvoiceNumbers"] == "Z-1"
        assert wire.sent[1].params["where"] == 'InvoiceNumber=="a,\\"b"'

    def test_contacts_archived_ones_too(self) -> None:
        wire = Wire(Reply(body={"Contacts": []}))
        connected(wire, "xero").writer.find(CONTACT, "ContactNumber", ["zx-1", "zx-2"])
        assert wire.sent[0].params["where"] == 'ContactNumber=="zx-1" OR ContactNumber=="zx-2"'
        assert wire.sent[0].params["includeArchived"] == "true"

    def test_quotes_match_in_part_so_they_are_compared(self) -> None:
        rows = [{"QuoteID": "1", "QuoteNumber": "Q-1"}, {"QuoteID": "2", "QuoteNumber": "Q-11"}]
        wire = Wire(Reply(body={"Quotes": rows}), Reply(body={"Quotes": []}))
        assert [record.id for record in connected(wire, "xero").writer.find(QUOTE, "QuoteNumber", ["Q-1"])] == ["1"]
        assert wire.sent[0].params["QuoteNumber"] == "Q-1"

    def test_items_by_code(self) -> None:
        wire = Wire(Reply(body={"Items": [{"ItemID": "1", "Code": "W"}, {"ItemID": "2", "Code": "w"}]}))
        assert [record.id for record in connected(wire, "xero").writer.find(ITEM, "Code", ["W"])] == ["1"]

    def test_nothing_asked_nothing_sent(self) -> None:
        wire = Wire()
        assert connected(wire, "xero").writer.find(INVOICE, "InvoiceNumber", []) == []
        assert connected(wire, "xero").writer.read(INVOICE, []) == []
