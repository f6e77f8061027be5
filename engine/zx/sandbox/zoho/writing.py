"""Insert, update and delete of Zoho records, one at a time (reference/zoho 4.4, 4.5, 4.7)."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.checks import id_text
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import NUMBERS, Module, display_name
from zx.sandbox.zoho.totals import RECORD_INPUTS, amount, compute_record

Person = Mapping[str, str]


def insert(
    org: Organisation, module: Module, given: Mapping[str, Any], path: str, who: Person, at: datetime
) -> dict[str, Any]:
    """Adds a record and returns it. Raises Refusal."""
    values = org.checker.values(module, given, path, creating=True)
    org.checker.unique(module, values, path, None)
    record = blank_record(org, module, who, at)
    record.update(values)
    rows: list[dict[str, Any]] = []
    if module.subform:
        sent = given.get(module.subform)
        if not sent:
            raise errors.mandatory(module.subform, f"{path}.{module.subform}")
        rows = merged_rows(org, module, record, [], sent, path, at)
        record[NUMBERS[module.name]] = next_number(org, module)
    finish(org, module, record, rows)
    return record


def update(
    org: Organisation, module: Module, record_id: str, given: Mapping[str, Any], path: str, who: Person, at: datetime
) -> dict[str, Any]:
    """Changes the fields that are given; totals move only when something that makes them was sent. Raises Refusal."""
    stored = org.store.get(module.name, record_id)
    if stored is None:
        raise errors.bad_id(record_id)
    values = org.checker.values(module, given, path, creating=False)
    org.checker.unique(module, values, path, record_id)
    record = copy.deepcopy(stored)
    record.update(values)
    recompute = not RECORD_INPUTS.isdisjoint(values)
    if module.subform and module.subform in given:
        rows = merged_rows(org, module, record, record.get(module.subform) or [], given[module.subform] or [], path, at)
        if not rows:
            raise errors.mandatory(module.subform, f"{path}.{module.subform}")
        record[module.subform] = rows
        recompute = True
    if module.name == "Contacts" and not {"First_Name", "Last_Name"}.isdisjoint(values):
        record["Full_Name"] = None
    record["Modified_Time"] = org.moment_text(at)
    record["Modified_By"] = _short(who)
    finish(org, module, record, record.get(module.subform or "") or [], recompute=recompute)
    return record


def delete(org: Organisation, module: Module, record_id: str, who: Person, at: datetime) -> None:
    """Moves a record to the recycle bin. Raises Refusal."""
    stored = org.store.get(module.name, record_id)
    if stored is None:
        raise errors.Refusal("INVALID_DATA", "record not deleted", id=record_id)
    org.store.put(module.name, record_id, {**stored, "$deleted_by": _short(who)}, deleted=at)


def merged_rows(
    org: Organisation,
    module: Module,
    record: Mapping[str, Any],
    stored: list[dict[str, Any]],
    sent: Any,
    path: str,
    at: datetime,
) -> list[dict[str, Any]]:
    """Rows after an update: a known id changes its row, ``_delete`` takes it away, no id appends, ``[]`` empties, rows
    that are not mentioned stay (reference/zoho 4.5)."""
    rows_module = org.schema.rows_of(module)
    if rows_module is None or not isinstance(sent, list):
        raise errors.bad_data(module.subform or "", f"{path}.{module.subform}", expected_data_type="jsonarray")
    rows = copy.deepcopy(stored) if sent else []
    by_id = {str(row["id"]): row for row in rows}
    for position, item in enumerate(sent):
        place = f"{path}.{module.subform}[{position}]"
        if not isinstance(item, Mapping):
            raise errors.bad_data(str(module.subform), place, expected_data_type="jsonobject")
        row_id = None if item.get("id") is None else id_text(item["id"])
        if row_id is not None and row_id not in by_id:
            raise errors.Refusal(
                "INVALID_DATA", "the id given seems to be invalid", api_name="id", json_path=f"{place}.id"
            )
        if row_id is not None and "_delete" in item:
            rows.remove(by_id[row_id])
            continue
        row = by_id[row_id] if row_id is not None else new_row(org, record, len(rows) + 1, org.moment_text(at))
        values = org.checker.values(rows_module, item, place, creating=row_id is None)
        row.update(values)
        row["Modified_Time"] = org.moment_text(at)
        if row_id is None:
            row_defaults(org, row, values)
            rows.append(row)
        org.checker.discount(row, place)
    return rows


def blank_record(org: Organisation, module: Module, who: Person, at: datetime) -> dict[str, Any]:
    moment = org.moment_text(at)
    record: dict[str, Any] = {
        "id": org.new_id(),
        "Owner": dict(who),
        "Created_By": _short(who),
        "Modified_By": _short(who),
        "Created_Time": moment,
        "Modified_Time": moment,
        "Tag": [],
        "Locked__s": False,
        "Record_Status__s": "Available",
        "$approval_state": "approved",
        "$approved": True,
        "$editable": True,
        "$state": "save",
    }
    if org.multi_currency and "Currency" in module.fields:
        record["Currency"] = org.base_currency
        record["Exchange_Rate"] = Decimal(1)
    return record


def new_row(org: Organisation, record: Mapping[str, Any], number: int, moment: str) -> dict[str, Any]:
    return {
        "id": org.new_id(),
        "Sequence_Number": Decimal(number),
        "Parent_Id": {"name": record.get("Subject"), "id": record["id"]},
        "Created_Time": moment,
        "Modified_Time": moment,
    }


def row_defaults(org: Organisation, row: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Price from the product; its taxes only where the organisation fills them in (reference/zoho 2.7, 3.3)."""
    lookup = row.get("Product_Name") or {}
    product = org.store.get("Products", str(lookup.get("id"))) or {}
    if given.get("Quantity") is None:
        row["Quantity"] = Decimal(1)
    if given.get("List_Price") is None:
        row["List_Price"] = amount(product.get("Unit_Price"))
    if "Line_Tax" not in given:
        row["Line_Tax"] = []
        if org.preference["auto_populate_tax"] and product.get("Taxable"):
            chosen = {str(tax.get("id")) for tax in product.get("Tax") or []}
            names = [{"name": tax["name"], "percentage": tax["value"]} for tax in org.taxes if str(tax["id"]) in chosen]
            rows_module = org.schema.modules["Invoiced_Items"]
            row.update(org.checker.values(rows_module, {"Line_Tax": names}, "$", creating=False))
    row.setdefault("Discount", Decimal(0))
    row.setdefault("Description", None)


def finish(
    org: Organisation, module: Module, record: dict[str, Any], rows: list[dict[str, Any]], *, recompute: bool = True
) -> None:
    if module.subform:
        record[module.subform] = rows
        if recompute:
            compute_record(record, rows)
    if module.name == "Contacts" and not record.get("Full_Name"):
        record["Full_Name"] = display_name("Contacts", {**record, "Full_Name": None})
    if org.multi_currency and record.get("Currency") and "Currency" in module.fields:
        _rate(org, record)
    org.store.put(module.name, record["id"], record)


def _rate(org: Organisation, record: dict[str, Any]) -> None:
    """The currency's rate at save time unless one was sent (reference/zoho 3.6)."""
    if record["Currency"] == org.base_currency:
        record["Exchange_Rate"] = Decimal(1)
    elif record.get("Exchange_Rate") in (None, 1):
        rates = {entry["iso_code"]: entry.get("exchange_rate") for entry in org.currencies}
        record["Exchange_Rate"] = amount(rates.get(record["Currency"])) or Decimal(1)


def next_number(org: Organisation, module: Module) -> str:
    """The number after the highest of the same form; Zoho's own default looks like an id (reference/zoho 2.4)."""
    field = NUMBERS[module.name]
    best: tuple[int, str, int] | None = None
    for record in org.store.all(module.name):
        match = re.fullmatch(r"(.*?)(\d{1,12})", str(record.get(field) or ""))
        if match and (best is None or int(match[2]) > best[0]):
            best = (int(match[2]), match[1], len(match[2]))
    if best is None:
        return org.new_id()
    return f"{best[1]}{best[0] + 1:0{best[2]}d}"


def _short(who: Person) -> dict[str, str]:
    return {"name": who["name"], "id": who["id"]}
