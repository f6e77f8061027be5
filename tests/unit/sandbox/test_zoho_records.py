"""Zoho: totals, rows, batches, conditions and deletions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zx.sandbox.app import Sandbox

from .conftest import ACCOUNT_ID, PRODUCT_ID, Client

INVOICE = "713000000000418226"
VAT = {"name": "VAT", "percentage": 20}


def invoice(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"Subject": "June", "Account_Name": {"id": ACCOUNT_ID}, "Invoiced_Items": rows, **more}


def row(quantity: Any, price: Any, **more: Any) -> dict[str, Any]:
    return {"Product_Name": {"id": PRODUCT_ID}, "Quantity": quantity, "List_Price": Decimal(str(price)), **more}


def added(zoho: Client, body: dict[str, Any], module: str = "Invoices") -> dict[str, Any]:
    answer = zoho.json("POST", f"/{module}", {"data": [body], "trigger": []}, status=201)["data"][0]
    assert answer["message"] == "record added"
    return read(zoho, answer["details"]["id"], module)


def read(zoho: Client, record_id: str, module: str = "Invoices") -> dict[str, Any]:
    record: dict[str, Any] = zoho.json("GET", f"/{module}/{record_id}")["data"][0]
    return record


def test_line_level_tax_as_in_the_reference_example(zoho: Client) -> None:
    rows = [
        row(3, "412.5", Discount="10%", Line_Tax=[VAT]),
        row(7, "18.99", Line_Tax=[VAT]),
        row(40, "6.25", Line_Tax=[{"name": "Zero Rated", "percentage": 0}]),
    ]
    record = added(zoho, invoice(rows, Discount=46, Adjustment=Decimal("-0.02")))
    first = record["Invoiced_Items"][0]
    assert [str(first[key]) for key in ("Total", "Discount", "Total_After_Discount", "Tax", "Net_Total")] == [
        *("1237.5", "123.75", "1113.75", "222.75", "1336.5")
    ]
    assert first["Line_Tax"][0]["display_name"] == "VAT - 20.0 %"
    assert record["Invoiced_Items"][1]["Tax"] == Decimal("26.59")
    assert [str(record[key]) for key in ("Sub_Total", "Tax", "Grand_Total")] == ["1746.02", "0", "1700"]


def test_record_level_tax_as_in_the_reference_example(zoho: Client) -> None:
    body = {
        "Subject": "Fit-out",
        "Account_Name": {"id": ACCOUNT_ID},
        "Quoted_Items": [row(12, 85, Discount=20), row(1, "349.99")],
        "Discount": Decimal("49.99"),
        "$line_tax": [VAT],
    }
    quote = added(zoho, body, "Quotes")
    assert [str(quote[key]) for key in ("Sub_Total", "Tax", "Grand_Total")] == ["1349.99", "260", "1560"]
    assert quote["$line_tax"][0]["value"] == 260


def test_sent_totals_are_ignored_and_stored_ones_are_kept(zoho: Client) -> None:
    assert added(zoho, invoice([row(1, 10)], Grand_Total=999))["Grand_Total"] == 10
    zoho.json("PUT", f"/Invoices/{INVOICE}", {"data": [{"Subject": "Renamed"}]})
    record = read(zoho, INVOICE)
    assert (record["Subject"], record["Grand_Total"]) == ("Renamed", Decimal("252.94"))


def test_rows_are_merged_appended_and_deleted(zoho: Client) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "713000000000418231", "Quantity": 8},
        {"id": "713000000000418230", "_delete": None},
        row(1, 90, Line_Tax=[VAT]),
    ]
    zoho.json("PUT", f"/Invoices/{INVOICE}", {"data": [{"Invoiced_Items": rows}]})
    record = read(zoho, INVOICE)
    assert [entry["Quantity"] for entry in record["Invoiced_Items"]] == [8, 1]
    assert record["Grand_Total"] == Decimal("151.92") + 108


def test_rows_without_ids_append(zoho: Client) -> None:
    zoho.json("PUT", f"/Invoices/{INVOICE}", {"data": [{"Invoiced_Items": [row(1, 100)]}]})
    assert len(read(zoho, INVOICE)["Invoiced_Items"]) == 3


def test_an_unknown_row_is_named_by_its_path(zoho: Client) -> None:
    body = {"data": [{"Invoiced_Items": [{"id": "1", "Quantity": 2}]}]}
    item = zoho.json("PUT", f"/Invoices/{INVOICE}", body, status=400)["data"][0]
    assert item["details"]["json_path"] == "$.data[0].Invoiced_Items[0].id"


def test_a_mixed_batch_is_207_and_keeps_its_order(zoho: Client) -> None:
    bodies = [invoice([row(1, 1)]), {"Subject": "no account", "Invoiced_Items": [row(1, 1)]}, invoice([row(1, 2)])]
    bodies[2]["Due_Date"] = "31/12/2026"
    results = zoho.json("POST", "/Invoices", {"data": bodies}, status=207)["data"]
    assert [item["code"] for item in results] == ["SUCCESS", "MANDATORY_NOT_FOUND", "INVALID_DATA"]
    assert results[1]["details"]["json_path"] == "$.data[1].Account_Name"
    assert results[2]["details"] == {
        "api_name": "Due_Date",
        "json_path": "$.data[2].Due_Date",
        "expected_data_type": "date",
    }


def test_a_unique_field_refuses_the_second(zoho: Client) -> None:
    first = added(zoho, invoice([row(1, 1)], Xero_ID="abc"))
    item = zoho.json("POST", "/Invoices", {"data": [invoice([row(1, 1)], Xero_ID="ABC")]}, status=400)["data"][0]
    assert (item["code"], item["details"]["id"]) == ("DUPLICATE_DATA", first["id"])


def test_too_long_and_too_many(zoho: Client) -> None:
    item = zoho.json("POST", "/Accounts", {"data": [{"Account_Name": "x" * 201}]}, status=400)["data"][0]
    assert item["details"]["maximum_length"] == 200
    body = {"data": [{"Account_Name": "x"}] * 101}
    assert zoho.json("POST", "/Accounts", body, status=400)["code"] == "LIMIT_EXCEEDED"


def test_an_unknown_tax_is_refused(zoho: Client) -> None:
    bad = invoice([row(1, 1, Line_Tax=[{"name": "GST", "percentage": 10}])])
    item = zoho.json("POST", "/Invoices", {"data": [bad]}, status=400)["data"][0]
    assert item["details"]["json_path"] == "$.data[0].Invoiced_Items[0].Line_Tax[0].name"


def test_a_stale_update_is_412(zoho: Client) -> None:
    body = {"data": [{"Subject": "late"}]}
    stale = {"If_Unmodified_Since": "2026-03-14T16:40:20+00:00"}
    item = zoho.json("PUT", f"/Invoices/{INVOICE}", body, status=412, **stale)["data"][0]
    assert item["code"] == "ALREADY_MODIFIED"
    zoho.json("PUT", f"/Invoices/{INVOICE}", body, If_Unmodified_Since="2026-03-14T16:40:21+00:00")


def test_stamps_grow_under_a_clock_that_stands_still(zoho: Client) -> None:
    stamps = []
    for subject in ("a", "b", "c"):
        answer = zoho.json("PUT", f"/Invoices/{INVOICE}", {"data": [{"Subject": subject}]})
        stamps.append(answer["data"][0]["details"]["Modified_Time"])
    assert stamps == sorted(set(stamps))
    assert stamps[0].endswith("+01:00")  # British summer time


def test_a_change_after_an_answer_is_found_from_its_date(zoho: Client) -> None:
    seen = zoho.call("GET", "/Accounts?fields=Account_Name").headers["Date"]
    assert seen == "Wed, 01 Apr 2026 09:00:00 GMT"
    zoho.json("PUT", f"/Accounts/{ACCOUNT_ID}", {"data": [{"Account_Name": "New"}]})
    since = {"If_Modified_Since": "2026-04-01T09:00:00+00:00"}
    assert len(zoho.json("GET", "/Accounts?fields=id", **since)["data"]) == 1
    assert zoho.call("GET", "/Products?fields=id", **since).status_code == 304


def test_lists_never_show_rows_and_want_fields(zoho: Client) -> None:
    shown = zoho.json("GET", "/Invoices?fields=Subject,Invoiced_Items,Due_Date")
    assert shown["data"] == [{"Subject": "Brand refresh", "Due_Date": None, "id": INVOICE}]
    assert shown["info"]["more_records"] is False
    assert zoho.json("GET", "/Invoices", status=400)["details"] == {"param_name": "fields"}
    many = ",".join(f"f{n}" for n in range(51))
    assert zoho.json("GET", f"/Invoices?fields={many}", status=400)["code"] == "LIMIT_EXCEEDED"
    assert zoho.call("GET", "/Quotes?fields=id").status_code == 204


def test_pages_by_number_and_by_token(zoho: Client) -> None:
    for start in (0, 100):
        zoho.json("POST", "/Accounts", {"data": [{"Account_Name": f"A{start + n}"} for n in range(100)]}, status=201)
    query = "/Accounts?fields=Account_Name&per_page=150&sort_by=id&sort_order=asc"
    first = zoho.json("GET", query)
    token = first["info"]["next_page_token"]
    rest = zoho.json("GET", f"{query}&page_token={token}")
    ids = [entry["id"] for entry in first["data"] + rest["data"]]
    assert (len(first["data"]), len(ids), len(set(ids))) == (150, 201, 201)
    assert zoho.json("GET", f"{query}&page=14", status=400)["code"] == "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
    other = f"/Accounts?fields=Account_Name&per_page=100&page_token={token}"
    assert zoho.json("GET", other, status=400)["code"] == "TOKEN_BOUND_DATA_MISMATCH"


def test_a_deleted_record_is_gone_and_listed_as_deleted(zoho: Client) -> None:
    zoho.json("DELETE", f"/Invoices?ids={INVOICE}")
    assert zoho.call("GET", f"/Invoices/{INVOICE}").status_code == 204
    gone = zoho.json("GET", "/Invoices/deleted?type=all")["data"]
    assert (gone[0]["id"], gone[0]["display_name"]) == (INVOICE, "Brand refresh")
    item = zoho.json("DELETE", f"/Invoices/{INVOICE}", status=400)["data"][0]
    assert item["message"] == "record not deleted"


def test_search(zoho: Client) -> None:
    def found(criteria: str) -> list[str]:
        answer = zoho.call("GET", f"/Accounts/search?criteria={criteria}")
        return [] if answer.status_code == 204 else [entry["Account_Name"] for entry in answer.json()["data"]]

    names = ["Smith (Old), Ltd", "Smith and Sons", "Jones"]
    zoho.json("POST", "/Accounts", {"data": [{"Account_Name": name, "Employees": 5} for name in names]}, status=201)
    assert found("(Account_Name:equals:jones)") == ["Jones"]
    assert found("(Account_Name:starts_with:Smith)") == names[:2]
    assert found(r"(Account_Name:in:Smith \(Old\)\, Ltd,Jones)") == [names[0], "Jones"]
    assert found("((Account_Name:starts_with:Smith)and(Account_Name:not_equal:Smith and Sons))") == names[:1]
    assert found("(((Account_Name:equals:Jones)or(Employees:greater_than:9))and(Employees:equals:5))") == ["Jones"]
    assert found("(Employees:between:6,9)") == []
    assert zoho.json("GET", "/Accounts/search?criteria=(Nope:equals:1)", status=400)["code"] == "INVALID_QUERY"
    assert zoho.json("GET", "/Accounts/search", status=400)["code"] == "EXPECTED_PARAM_MISSING"


def test_coql(zoho: Client) -> None:
    def found(clauses: str) -> list[str]:
        answer = zoho.call("POST", "/coql", {"select_query": f"select Account_Name from Accounts {clauses}"})
        return [] if answer.status_code == 204 else [entry["Account_Name"] for entry in answer.json()["data"]]

    def code(query: str) -> str:
        refused: str = zoho.json("POST", "/coql", {"select_query": query}, status=400)["code"]
        return refused

    names = ["O'Hara", "Smith", "Jones"]
    zoho.json("POST", "/Accounts", {"data": [{"Account_Name": name, "Employees": 5} for name in names]}, status=201)
    assert found(r"where Account_Name in ('O\'Hara', 'Smith', 'Nobody') limit 0, 200") == names[:2]
    assert found("where Account_Name like '%s' and Employees is not null") == ["Jones"]
    assert found("where ((Employees = 5 and Account_Name != 'Smith') and Account_Name != 'Jones')") == names[:1]
    assert found("where Employees between 1 and 9 order by Account_Name desc limit 2 offset 1") == ["O'Hara", "Jones"]
    assert found(f"where id = '{ACCOUNT_ID}'") == ["Quayside Ceramics Ltd"]
    assert found("where Employees > 9") == []
    assert code("select id from Accounts") == "SYNTAX_ERROR"
    assert code("select id from Accounts where Employees = 1 and Employees = 2 and Employees = 3") == "SYNTAX_ERROR"
    assert code("select Nope from Accounts where id is not null") == "INVALID_QUERY"
    assert code("select id from Unicorns where id is not null") == "INVALID_MODULE"


def test_metadata_holds_custom_fields_and_picklist_values_that_occur(zoho: Client) -> None:
    fields = {entry["api_name"]: entry for entry in zoho.json("GET", "/settings/fields?module=Accounts")["fields"]}
    assert (fields["Region_Code"]["custom_field"], fields["Region_Code"]["data_type"]) == (True, "text")
    assert fields["Account_Name"]["system_mandatory"] is True
    assert "Currency" not in fields
    status = {entry["api_name"]: entry for entry in zoho.json("GET", "/settings/fields?module=Invoices")["fields"]}[
        "Status"
    ]
    assert "Part-paid" in [value["actual_value"] for value in status["pick_list_values"]]
    assert zoho.json("GET", "/org/currencies", status=403)["code"] == "CURRENCIES_NOT_ENABLED"
    assert [tax["name"] for tax in zoho.json("GET", "/org/taxes")["org_taxes"]["taxes"]] == ["VAT", "Zero Rated"]


def test_sign_in_failures(zoho: Client) -> None:
    zoho.headers = {"Authorization": "Bearer " + zoho.headers["Authorization"].split()[1]}
    assert zoho.json("GET", "/org", status=401)["code"] == "AUTHENTICATION_FAILURE"
    zoho.headers = {"Authorization": "Zoho-oauthtoken 1000.none"}
    assert zoho.json("GET", "/org", status=401)["code"] == "INVALID_TOKEN"
    assert zoho.json("GET", "/Invoices/" + INVOICE, status=401)


def test_an_edit_by_a_person_recomputes_and_moves_the_stamp(zoho: Client, zoho_app: Sandbox) -> None:
    before = read(zoho, INVOICE)
    edited = zoho_app.edit("Invoices", INVOICE, {"Invoiced_Items": [{"id": "713000000000418230", "Quantity": 2}]})
    assert [str(edited["Sub_Total"]), str(edited["Grand_Total"])] == ["372.93", "372.93"]
    assert edited["Modified_Time"] > before["Modified_Time"]
    assert edited["Modified_By"]["name"] != "Accounting Sync"
    assert read(zoho, INVOICE) == edited
    fresh = zoho_app.edit(
        "Invoices",
        "new",
        {"Subject": "New", "Account_Name": ACCOUNT_ID, "Invoiced_Items": [{"Product_Name": PRODUCT_ID, "Quantity": 2}]},
    )
    assert (fresh["Grand_Total"], fresh["Account_Name"]["name"], fresh["Invoice_Number"]) == (
        825,
        "Quayside Ceramics Ltd",
        "HL-1044",
    )


def test_renaming_an_account_shows_in_its_invoices(zoho: Client, zoho_app: Sandbox) -> None:
    zoho_app.edit("Accounts", ACCOUNT_ID, {"Account_Name": "Quayside Group"})
    assert read(zoho, INVOICE)["Account_Name"]["name"] == "Quayside Group"
    assert zoho_app.dump()["Invoices"][0]["Account_Name"]["name"] == "Quayside Group"
