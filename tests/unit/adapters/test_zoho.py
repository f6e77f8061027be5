"""Zoho: JSON to records, whole records by id, pages, deletions, verdicts. Bodies after reference/zoho 2.10 and 4."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.adapters.wire import Reply, Sent, Wire, connected
from zx.adapters.zoho import codec
from zx.model.record import Kind
from zx.ports.remote import Refused, Verdict
from zx.values import jsontext

INVOICES, ACCOUNTS = Kind("zoho", "Invoices"), Kind("zoho", "Accounts")
ORG = Reply(
    body={"org": [{"zgid": "8001", "company_name": "Demo", "iso_code": "AUD", "time_zone": "Australia/Sydney"}]}
)
NOTHING = Reply(204)

RAW = jsontext.loads(
    """{
 "id": 713000000000418226, "Subject": "Brand refresh", "Invoice_Number": "HL-1043", "Purchase_Order": "  ",
 "Account_Name": {"name": "Quayside Ceramics", "id": "713000000000391044"}, "Contact_Name": null,
 "Invoice_Date": "2025-05-12", "Status": "Approved", "Tag": [], "Locked__s": false, "$approved": true,
 "Billing_Street": "4 Wharf Row", "Billing_State": null,
 "Invoiced_Items": [{"id": "1", "Quantity": 3, "List_Price": 412.5, "Discount": 0, "Total_After_Discount": 1113.75,
   "Product_Name": {"Product_Code": "BW-DAY", "Currency": "GBP", "name": "Workshop", "id": "713000000000377010"},
   "Line_Tax": [{"percentage": 0, "name": "GST Free", "id": "9", "value": 0}], "Net_Total": 159.51999999999998,
   "Description": null, "Parent_Id": {"name": "Brand refresh", "id": "713000000000418226"}}],
 "Sub_Total": 1746.02, "Discount": 0, "Adjustment": -0.02, "Grand_Total": 1700,
 "$line_tax": [{"percentage": 0, "name": "VAT", "value": 0}, {"percentage": 10, "name": "GST", "value": 170}],
 "Sync_To_Xero": false, "Approved_At": "2025-05-14T16:40:21+10:00", "Regions": ["North", "South"],
 "Modified_Time": "2025-05-14T16:40:21+01:00"
}"""
)


class TestCodec:
    values = codec.record(INVOICES, RAW, "GBP").values

    def test_ids_are_text_and_versions_instants(self) -> None:
        record = codec.record(INVOICES, RAW, "GBP")
        assert (record.id, record.version) == ("713000000000418226", "2025-05-14T15:40:21+00:00")
        assert self.values["id"] == "713000000000418226"

    def test_blank_is_absent(self) -> None:
        assert not {"Purchase_Order", "Contact_Name", "Billing_State", "Tag"} & set(self.values)
        assert None not in self.values.values()

    def test_system_keys_are_left_out_but_the_tax_on_the_total(self) -> None:
        assert not {"$approved", "Locked__s"} & set(self.values)
        assert self.values["$line_tax"] == [{"percentage": Decimal(10), "name": "GST", "value": Decimal(170)}]

    def test_a_tax_on_the_total_that_is_all_zero_is_none(self) -> None:
        zero = {**RAW, "$line_tax": [{"percentage": Decimal(0), "name": "GST", "value": Decimal(0)}]}
        assert "$line_tax" not in codec.record(INVOICES, zero, "").values

    def test_a_tax_of_zero_on_a_line_is_a_tax(self) -> None:
        (row,) = self.values["Invoiced_Items"]
        assert [tax["name"] for tax in row["Line_Tax"]] == ["GST Free"]

    def test_lines_keep_what_the_product_lookup_carries(self) -> None:
        (row,) = self.values["Invoiced_Items"]
        assert row["Product_Name"]["Product_Code"] == "BW-DAY"
        assert row["Quantity"] == Decimal(3) and "Description" not in row and "Parent_Id" not in row

    def test_the_noise_of_binary_floats_is_rounded_away(self) -> None:
        assert self.values["Invoiced_Items"][0]["Net_Total"] == Decimal("159.52")

    def test_own_fields_show_their_types(self) -> None:
        assert self.values["Sync_To_Xero"] is False
        assert self.values["Approved_At"] == "2025-05-14T06:40:21+00:00"
        assert self.values["Regions"] == ["North", "South"]

    def test_the_organisation_says_the_currency_where_the_record_does_not(self) -> None:
        assert self.values["Currency"] == "GBP"
        assert codec.record(INVOICES, {**RAW, "Currency": "EUR"}, "GBP").values["Currency"] == "EUR"


def listed(*ids: str, more: bool = False, token: str | None = None) -> Reply:
    rows = [{"id": id, "Modified_Time": "2026-03-01T10:00:00+11:00"} for id in ids]
    return Reply(body={"data": rows, "info": {"more_records": more, "next_page_token": token}})


def single(id: str, **fields: Any) -> Reply:
    return Reply(body={"data": [{"id": id, "Modified_Time": "2026-03-01T10:00:00+11:00", **fields}]})


def quiet(what: str, done: int, total: int | None) -> None: ...


class TestReading:
    def test_documents_are_listed_then_read_one_by_one(self) -> None:
        wire = Wire(listed("1", "2"), ORG, single("1", Subject="a"), NOTHING, NOTHING)
        page = connected(wire, "zoho").reader.changed(INVOICES, None, quiet)
        assert [record.id for record in page.records] == ["1"], "2 went while it was read"
        first = wire.sent[0]
        assert first.path == "/crm/v8/Invoices"
        assert first.params["fields"] == "Modified_Time"
        assert first.headers["Authorization"] == "Zoho-oauthtoken at-1"
        assert wire.sent[2].path == "/crm/v8/Invoices/1"

    def test_changes_are_asked_for_from_a_second_before(self) -> None:
        deleted = Reply(body={"data": [{"id": "7"}, {"id": "1"}], "info": {"more_records": False}})
        wire = Wire(listed("1"), ORG, single("1"), deleted)
        page = connected(wire, "zoho").reader.changed(INVOICES, "2026-03-31T04:05:06.500+00:00", quiet)
        assert wire.sent[0].headers["If-Modified-Since"] == "2026-03-31T04:05:05+00:00"
        assert wire.sent[-1].path == "/crm/v8/Invoices/deleted"
        assert page.deleted == ("7",), "a record that was restored is not deleted"

    def test_nothing_changed_is_no_error(self) -> None:
        wire = Wire(Reply(304), NOTHING)
        page = connected(wire, "zoho").reader.changed(INVOICES, "2026-03-31T04:05:06+00:00", quiet)
        assert page.records == () and page.deleted == ()

    def test_beyond_two_thousand_rows_the_page_token_leads_on(self) -> None:
        pages = [listed(str(number), more=True, token=f"t{number}") for number in range(1, 11)]
        asked: list[dict[str, str]] = []

        def reply(answer: Reply) -> Any:
            def answering(sent: Sent) -> Reply:
                asked.append(sent.params)
                return answer

            return answering

        wire = Wire(
            *map(reply, [*pages, listed("11")]), ORG, *[single(str(number)) for number in range(1, 12)], NOTHING
        )
        page = connected(wire, "zoho").reader.changed(INVOICES, None, quiet)
        assert len(page.records) == 11
        assert [params.get("page") for params in asked] == [*map(str, range(1, 11)), None]
        assert asked[-1]["page_token"] == "t10"
        constant = ("fields", "per_page", "sort_by", "sort_order")
        assert len({tuple(params[name] for name in constant) for params in asked}) == 1

    def test_records_without_lines_are_read_fifty_fields_at_a_time(self) -> None:
        own = [{"api_name": f"Own_{number}", "data_type": "text", "custom_field": True} for number in range(70)]
        ours = [{"api_name": name, "data_type": "text"} for name in ("Account_Name", "Modified_Time")]
        fields = Reply(
            body={"fields": [*ours, *own, {"api_name": "Sub", "data_type": "subform", "custom_field": True}]}
        )

        def row(sent: Sent) -> Reply:
            names = sent.params["fields"].split(",")
            assert len(names) <= 50
            return Reply(
                body={"data": [{"id": "1", **dict.fromkeys(names, "x"), "Modified_Time": "2026-03-01T10:00:00Z"}]}
            )

        wire = Wire(fields, row, row, ORG, NOTHING)
        (record,) = connected(wire, "zoho").reader.changed(ACCOUNTS, None, quiet).records
        assert {f"Own_{number}" for number in range(70)} < set(record.values)
        assert "Sub" not in record.values and record.values["Currency"] == "AUD"

    def test_parts_of_two_versions_are_never_joined(self) -> None:
        own = [{"api_name": f"Own_{number}", "data_type": "text", "custom_field": True} for number in range(60)]
        old = {"id": "1", "Own_1": "old", "Modified_Time": "2026-03-01T10:00:00Z"}
        new = {"id": "1", "Own_59": "new", "Modified_Time": "2026-03-01T10:00:09Z"}
        whole = single("1", Own_1="new", Own_59="new")
        wire = Wire(
            Reply(body={"fields": own}), Reply(body={"data": [old]}), Reply(body={"data": [new]}), ORG, whole, NOTHING
        )
        (record,) = connected(wire, "zoho").reader.changed(ACCOUNTS, None, quiet).records
        assert record.values["Own_1"] == "new"

    def test_metadata_of_an_organisation_without_quotes_and_currencies(self) -> None:
        def answer(sent: Sent) -> Reply:
            module = sent.params.get("module")
            if sent.path.endswith("/settings/fields"):
                return (
                    Reply(400, {"code": "INVALID_MODULE"})
                    if module == "Quotes"
                    else Reply(body={"fields": [{"api_name": module}]})
                )
            if sent.path.endswith("/org/taxes"):
                return Reply(body={"org_taxes": {"taxes": [{"name": "GST", "value": 10}]}})
            if sent.path.endswith("/org/currencies"):
                return Reply(403, {"code": "CURRENCIES_NOT_ENABLED", "message": "Multi currency is not enabled"})
            return ORG

        metadata = connected(Wire(*[answer] * 12), "zoho").reader.metadata()
        assert metadata["fields"]["Quotes"] == [] and metadata["currencies"] == []
        assert metadata["fields"]["Invoiced_Items"] == [{"api_name": "Invoiced_Items"}]
        assert metadata["taxes"] == [{"name": "GST", "value": Decimal(10)}]

    def test_a_refused_read_says_what_zoho_says(self) -> None:
        said = {
            "code": "INVALID_TOKEN_X",
            "message": "no such thing",
            "details": {"param_name": "module"},
            "status": "error",
        }
        wire = Wire(ORG, Reply(400, said))
        with pytest.raises(Refused, match="no such thing"):
            connected(wire, "zoho").reader.metadata()


def success(id: str) -> dict[str, Any]:
    return {"code": "SUCCESS", "details": {"id": id}, "message": "record added", "status": "success"}


class TestWriting:
    def test_an_insert_starts_no_workflow_and_every_element_has_a_verdict(self) -> None:
        missing = {
            "code": "MANDATORY_NOT_FOUND",
            "details": {"api_name": "Account_Name", "json_path": "$.data[1].Account_Name"},
            "message": "required field not found",
            "status": "error",
        }
        taken = {"code": "DUPLICATE_DATA", "details": {"id": "9"}, "message": "duplicate data", "status": "error"}
        broken = {"code": "INTERNAL_ERROR", "details": {}, "message": "Internal Server Error", "status": "error"}
        wire = Wire(Reply(207, {"data": [success("1"), missing, taken, broken]}))
        results = connected(wire, "zoho").writer.create(INVOICES, [{"Subject": "a"}] * 4, "k")
        assert [result.verdict for result in results] == [
            Verdict.DONE,
            Verdict.REJECTED,
            Verdict.EXISTS,
            Verdict.UNKNOWN,
        ]
        assert results[0].id == "1" and results[2].id == "9"
        assert results[1].messages == ("required field not found (MANDATORY_NOT_FOUND, Account_Name)",)
        assert (wire.sent[0].method, wire.sent[0].json()["trigger"]) == ("POST", [])

    def test_money_leaves_exactly_as_it_stands(self) -> None:
        wire = Wire(Reply(201, {"data": [success("1")]}))
        connected(wire, "zoho").writer.create(INVOICES, [{"Discount": Decimal("0.10")}], "k")
        assert b'"Discount":0.10' in wire.sent[0].body

    def test_an_update_names_its_record_and_hears_of_it(self) -> None:
        wire = Wire(Reply(200, {"data": [success("2")]}))
        writer = connected(wire, "zoho").writer
        (result,) = writer.update(INVOICES, [{"id": "1"}], "k")
        assert result.verdict is Verdict.UNKNOWN, "another id came back"
        with pytest.raises(AssertionError):
            writer.update(INVOICES, [{"Subject": "x"}], "k")

    def test_all_failed_is_still_one_verdict_each(self) -> None:
        error = {"code": "INVALID_DATA", "details": {}, "message": "invalid data", "status": "error"}
        wire = Wire(Reply(400, {"data": [error]}))
        (result,) = connected(wire, "zoho").writer.create(INVOICES, [{}], "k")
        assert result.verdict is Verdict.REJECTED

    def test_a_refusal_without_elements_is_of_the_whole_request(self) -> None:
        wire = Wire(Reply(400, {"code": "INVALID_MODULE", "message": "the module name given seems to be invalid"}))
        with pytest.raises(Refused, match="module name"):
            connected(wire, "zoho").writer.create(INVOICES, [{}], "k")

    def test_an_answer_of_another_length_decides_nothing(self) -> None:
        wire = Wire(Reply(200, {"data": [success("1")]}))
        results = connected(wire, "zoho").writer.create(INVOICES, [{}, {}], "k")
        assert {result.verdict for result in results} == {Verdict.UNKNOWN}

    def test_find_asks_the_database_and_compares_exactly(self) -> None:
        wire = Wire(
            Reply(body={"data": [{"id": "1"}, {"id": "2"}]}),
            ORG,
            single("1", Subject="O'Hara"),
            single("2", Subject="o'hara"),
        )
        found = connected(wire, "zoho").writer.find(INVOICES, "Subject", ["O'Hara"])
        assert [record.id for record in found] == ["1"]
        assert (
            wire.sent[0].json()["select_query"] == "select id from Invoices where Subject in ('O\\'Hara') limit 0, 200"
        )
