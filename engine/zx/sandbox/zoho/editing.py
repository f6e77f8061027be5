"""An edit as a person makes it in the web page: no restriction of the API but arithmetic."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from zx.sandbox.errors import UnknownRecord
from zx.sandbox.zoho.checks import id_text
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import NUMBERS, SYSTEM_FIELDS, Module, display_name
from zx.sandbox.zoho.totals import RECORD_INPUTS, compute_record
from zx.sandbox.zoho.writing import blank_record, finish, new_row, next_number, row_defaults

_OWN = frozenset({"id", "Created_Time", "Modified_Time", "Created_By", "Modified_By"})


def edit(org: Organisation, module: Module, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Merges ``fields`` into a record (``new``: adds one) and returns it. Raises UnknownRecord.

    Rows: an id merges into its row (``_delete`` takes the row away), no id adds a row; a list in which no row has an id
    replaces them all.
    """
    _check_names(module, fields)
    at = org.store.stamp()
    who = _person(org)
    if record_id == "new":
        record = blank_record(org, module, who, at)
        if module.subform:
            record[NUMBERS[module.name]] = next_number(org, module)
    else:
        stored = org.store.get(module.name, record_id)
        if stored is None:
            raise UnknownRecord(f"Zoho {module.name} has no record {record_id}{_choices(org, module)}")
        record = copy.deepcopy(stored)
    for name, value in fields.items():
        if name not in _OWN and name != module.subform:
            record[name] = _lookup(org, module, name, value)
    rows = record.get(module.subform or "") or []
    if module.subform and module.subform in fields:
        rows = _rows(org, module, record, rows, fields[module.subform] or [], org.moment_text(at))
    moved = module.subform in fields or not RECORD_INPUTS.isdisjoint(fields) or record_id == "new"
    if module.subform and moved:
        record["$line_tax"] = _taxes(org, record.get("$line_tax"))
        compute_record(record, rows)
    if module.name == "Contacts" and not {"First_Name", "Last_Name"}.isdisjoint(fields):
        record["Full_Name"] = None
    record["Modified_Time"] = org.moment_text(at)
    record["Modified_By"] = {"name": who["name"], "id": who["id"]}
    finish(org, module, record, rows, recompute=False)
    return record


def _check_names(module: Module, fields: Mapping[str, Any]) -> None:
    """A field nobody has would be kept and never read: a slip of the finger must not look like an edit."""
    for name in fields:
        if name not in module.fields and name not in SYSTEM_FIELDS and not name.startswith("$"):
            raise UnknownRecord(f"Zoho {module.name} has no field {name}; there are {', '.join(module.fields)}")


def _person(org: Organisation) -> dict[str, str]:
    """Somebody of the organisation other than the user whose token zx uses."""
    for module in ("Invoices", "Accounts"):
        for record in org.store.all(module):
            owner = record.get("Owner")
            if isinstance(owner, dict) and owner.get("name") and owner.get("id"):
                return {"name": owner["name"], "id": str(owner["id"]), "email": str(owner.get("email") or "")}
    return {"name": "Robin Marsh", "id": str(int(org.user["id"]) - 1), "email": "robin@crm.example"}


def _rows(
    org: Organisation, module: Module, record: Mapping[str, Any], rows: list[dict[str, Any]], sent: Any, moment: str
) -> list[dict[str, Any]]:
    rows_module = org.schema.modules[module.subform or ""]
    known = {str(row["id"]): row for row in rows}
    if not any(isinstance(item, Mapping) and item.get("id") is not None for item in sent):
        rows = []
    for item in sent:
        row_id = None if item.get("id") is None else id_text(item["id"])
        if row_id is not None and row_id not in known:
            raise UnknownRecord(f"{module.name} {record['id']} has no row {row_id}; rows: {', '.join(known) or 'none'}")
        if row_id is not None and "_delete" in item:
            rows.remove(known[row_id])
            continue
        row = known[row_id] if row_id is not None else new_row(org, record, len(rows) + 1, moment)
        for name, value in item.items():
            if name not in _OWN:
                row[name] = _lookup(org, rows_module, name, value)
        if "Line_Tax" in item:
            row["Line_Tax"] = _taxes(org, item["Line_Tax"])
        row["Modified_Time"] = moment
        if row_id is None:
            row_defaults(org, row, item)
            rows.append(row)
    return rows


def _lookup(org: Organisation, module: Module, name: str, value: Any) -> Any:
    """A lookup given by its id alone (text or object) becomes the object Zoho shows."""
    field = module.fields.get(name)
    target_module = field.lookup_module if field is not None and field.data_type == "lookup" else None
    if target_module is None or value is None:
        return value
    record_id = id_text(value["id"]) if isinstance(value, Mapping) and "id" in value else value
    target = org.store.get(target_module, str(record_id)) if isinstance(record_id, str) else None
    if target is None:
        if isinstance(value, Mapping):
            return value
        raise UnknownRecord(f"{name}: Zoho {target_module} has no record {value}")
    shown = {"name": display_name(target_module, target), "id": target["id"]}
    return {"Product_Code": target.get("Product_Code"), **shown} if target_module == "Products" else shown


def _taxes(org: Organisation, given: Any) -> list[dict[str, Any]]:
    """Taxes with the keys Zoho shows; one the organisation does not know stays as it was written (a renamed tax)."""
    result = []
    for tax in given or []:
        own = next((entry for entry in org.taxes if entry.get("name") == tax.get("name")), {})
        percentage = tax.get("percentage", own.get("value"))
        result.append({"percentage": percentage, "id": str(own.get("id", "0")), **tax})
    return result


def _choices(org: Organisation, module: Module) -> str:
    records = org.store.all(module.name)
    if not records:
        return "; it is empty"
    shown = ", ".join(f"{record['id']} ({display_name(module.name, record)})" for record in records[:8])
    return f"; there are {shown}" + (f" and {len(records) - 8} more" if len(records) > 8 else "")
