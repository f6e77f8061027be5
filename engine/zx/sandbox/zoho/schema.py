"""The modules of a simulated Zoho organisation: the packaged catalogue, its custom fields and its picklists.

Fields are kept in the shape of the field-metadata endpoint (reference/zoho 4.15), as ``fields.json`` holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Address, Bool, Date, DateTime, Enum, Many, Money, Number, OneOf, Ref, SetOf, Text
from zx.catalog.schema import Catalogue, Field, Shape

MODULES = ("Accounts", "Contacts", "Products", "Quotes", "Sales_Orders", "Invoices")
SUBFORMS: Mapping[str, str] = {
    "Invoices": "Invoiced_Items",
    "Quotes": "Quoted_Items",
    "Sales_Orders": "Ordered_Items",
}
STAGE_FIELDS = {"Quotes": "Quote_Stage", "Invoices": "Status", "Sales_Orders": "Status"}
NUMBERS = {"Invoices": "Invoice_Number", "Quotes": "Quote_Number", "Sales_Orders": "SO_Number"}
_ORDER = tuple(name for module in MODULES for name in (module, SUBFORMS.get(module)) if name)
_INTERNAL = {"Sales_Orders": "SalesOrders", "Invoiced_Items": "InvoicedItems", "Quoted_Items": "QuotedItems"}
# Keys that the service itself puts into records (reference/zoho 2.3, 2.7, 2.8): never custom fields.
SYSTEM_FIELDS = frozenset(
    [
        "Tag",
        "Layout",
        "Locked__s",
        "Record_Status__s",
        "Change_Log_Time__s",
        "Last_Activity_Time",
        "Tax",
        "Product_Details",
        "Discount_Type__s",
        "Discount_Percentage__s",
        "Parent_Id",
        "Sequence_Number",
        "Currency",
        "Exchange_Rate",
        "Created_By",
        "Modified_By",
        "Owner",
        "Created_Time",
        "Modified_Time",
        "Layout",
        "Total_After_Discount",
        "Record_Image",
        "Unsubscribed_Mode",
        "Unsubscribed_Time",
        "Enrich_Status__s",
    ]
)
_JSON_TYPES = {
    "double": "double",
    "currency": "double",
    "percent": "double",
    "integer": "integer",
    "boolean": "boolean",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "userlookup": "jsonobject",
    "subform": "jsonarray",
    "linetax": "jsonarray",
    "multiselectpicklist": "jsonarray",
}
_LENGTHS = {"textarea": 32000, "text": 255, "picklist": 120, "currency": 16, "double": 16, "subform": 0, "bigint": 18}


@dataclass(frozen=True, slots=True)
class ZohoField:
    """One field; ``meta`` as the metadata endpoint gives it."""

    meta: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.meta["api_name"])

    @property
    def data_type(self) -> str:
        return str(self.meta.get("data_type", "text"))

    @property
    def length(self) -> int | None:
        length = self.meta.get("length")
        return None if length is None else int(length)

    @property
    def mandatory(self) -> bool:
        return bool(self.meta.get("system_mandatory"))

    @property
    def read_only(self) -> bool:
        return bool(self.meta.get("read_only") or self.meta.get("field_read_only"))

    @property
    def unique(self) -> bool:
        return bool(self.meta.get("unique"))

    @property
    def lookup_module(self) -> str | None:
        module = (self.meta.get("lookup") or {}).get("module") or {}
        name = module.get("api_name") if isinstance(module, Mapping) else module
        return str(name) if name else None


@dataclass(frozen=True, slots=True)
class Module:
    """A module, or the row module of a subform (then ``parent`` names its module)."""

    name: str
    fields: Mapping[str, ZohoField]
    parent: str | None = None

    @property
    def subform(self) -> str | None:
        return SUBFORMS.get(self.name)


@dataclass(frozen=True, slots=True)
class Schema:
    modules: Mapping[str, Module]

    def module(self, name: str) -> Module | None:
        """By API name, in any case (reference/zoho 4)."""
        found = self.modules.get(name)
        if found is None:
            found = next((module for key, module in self.modules.items() if key.lower() == name.lower()), None)
        return found

    def rows_of(self, module: Module) -> Module | None:
        return self.modules.get(module.subform) if module.subform else None


def build_schema(
    catalogue: Catalogue, extra: Mapping[str, list[dict[str, Any]]], *, multi_currency: bool, prefix: int
) -> Schema:
    """The modules of the catalogue with ``extra`` fields (by module) laid over them. ``prefix``: first metadata id."""
    modules: dict[str, Module] = {}
    for name in MODULES:
        modules[name] = Module(name, _fields(catalogue, name, extra.get(name, []), multi_currency, prefix))
        subform = SUBFORMS.get(name)
        if subform is not None:
            shape = f"{name}.{subform}"
            over = [*extra.get(shape, []), *extra.get(subform, [])]
            modules[subform] = Module(subform, _fields(catalogue, shape, over, multi_currency, prefix), name)
    return Schema(modules)


def inferred(
    schema: Schema, records: Mapping[str, Iterable[Mapping[str, Any]]], given: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """The extra fields of an organisation: those ``given``, custom fields that occur in ``records``, and picklist
    values that occur (design 4)."""
    extra: dict[str, dict[str, dict[str, Any]]] = {
        module: {str(meta["api_name"]): dict(meta) for meta in fields} for module, fields in given.items()
    }
    for name, module in schema.modules.items():
        rows = _rows(records, module)
        known = dict(module.fields)
        found = extra.setdefault(name, {})
        for key in dict.fromkeys(key for row in rows for key in row):
            values = [row[key] for row in rows if row.get(key) is not None]
            if key in found:
                continue
            if key not in known:
                if not key.startswith("$") and key not in SYSTEM_FIELDS:
                    found[key] = _custom(key, values)
            elif known[key].data_type == "picklist":
                meta = _with_values(known[key], values)
                if meta is not None:
                    found[key] = meta
    return {module: list(fields.values()) for module, fields in extra.items() if fields}


def display_name(module: str, record: Mapping[str, Any]) -> str | None:
    """What a lookup to ``record`` shows."""
    if module == "Contacts":
        whole = record.get("Full_Name")
        parts = [record.get("First_Name"), record.get("Last_Name")]
        return str(whole) if whole else " ".join(str(part) for part in parts if part) or None
    key = {"Accounts": "Account_Name", "Products": "Product_Name"}.get(module, "Subject")
    value = record.get(key)
    return None if value is None else str(value)


def module_id(api_name: str) -> str:
    """The id of a module's own metadata."""
    return str(5_725_767_000_000_002_000 + _ORDER.index(api_name))


def module_name(api_name: str) -> str:
    """The internal name (reference/zoho 2.1)."""
    return _INTERNAL.get(api_name, api_name.replace("_", ""))


def _fields(
    catalogue: Catalogue, shape_name: str, extra: Iterable[Mapping[str, Any]], multi_currency: bool, prefix: int
) -> dict[str, ZohoField]:
    shape = catalogue.shapes[f"zoho.{shape_name}"]
    metas: dict[str, dict[str, Any]] = {}
    for field in shape.fields.values():
        if isinstance(field.type, Address) or (field.name in ("Currency", "Exchange_Rate") and not multi_currency):
            continue
        metas[field.name] = _meta(catalogue, shape, field)
    for meta in extra:
        name = str(meta["api_name"])
        metas[name] = {**_blank(name, str(meta.get("data_type", "text"))), **metas.get(name, {}), **meta}
    start = prefix + sum(ord(letter) * 131 for letter in shape_name) * 1000
    result = {}
    for position, (name, meta) in enumerate(metas.items()):
        meta.setdefault("id", str(start + position))
        result[name] = ZohoField(meta)
    return result


def _blank(name: str, data_type: str) -> dict[str, Any]:
    label = name.replace("__s", "").replace("_", " ")
    return {
        "api_name": name,
        "field_label": label,
        "display_label": label,
        "data_type": data_type,
        "json_type": _JSON_TYPES.get(data_type, "string"),
        "length": _LENGTHS.get(data_type, 255),
        "decimal_place": 2 if data_type == "currency" else None,
        "system_mandatory": False,
        "read_only": False,
        "field_read_only": False,
        "custom_field": True,
        "visible": True,
        "searchable": data_type != "subform",
        "sortable": data_type not in ("subform", "textarea", "linetax"),
        "filterable": data_type not in ("subform", "linetax"),
        "operation_type": {"web_update": True, "api_create": True, "web_create": True, "api_update": True},
        "view_type": {"view": True, "edit": True, "quick_create": False, "create": True},
        "pick_list_values": [],
        "lookup": {},
        "unique": {},
        "external": None,
        "formula": {},
        "currency": {"rounding_option": "normal", "precision": 2} if data_type == "currency" else {},
        "auto_number": {},
    }


def _meta(catalogue: Catalogue, shape: Shape, field: Field) -> dict[str, Any]:
    kind = field.type
    data_type = _data_type(shape, field)
    meta = _blank(field.name, data_type)
    meta["custom_field"] = False
    meta["system_mandatory"] = field.required
    meta["read_only"] = meta["field_read_only"] = field.read_only
    if field.label:
        meta["field_label"] = meta["display_label"] = field.label
    if field.read_only:
        meta["operation_type"] = {"web_update": False, "api_create": False, "web_create": False, "api_update": False}
    if isinstance(kind, Text) and kind.length is not None:
        meta["length"] = kind.length
    if isinstance(kind, Enum):
        enumeration = catalogue.enumeration(kind.system, kind.name)
        meta["pick_list_values"] = _choices(enumeration.values if enumeration else ())
    if isinstance(kind, OneOf):
        meta["pick_list_values"] = _choices(kind.values)
    if isinstance(kind, Ref) and data_type == "lookup":
        meta["lookup"] = {"api_name": field.name, "display_label": shape.name, "module": {"api_name": kind.name}}
    if isinstance(kind, Many):
        meta["associated_module"] = {"module": kind.shape.rpartition(".")[2]}
    return meta


def _data_type(shape: Shape, field: Field) -> str:
    kind = field.type
    if isinstance(kind, Ref):
        return "ownerlookup" if kind.name == "Users" else "lookup"
    if isinstance(kind, SetOf):
        return "linetax" if kind.name == "Tax" else "multiselectpicklist"
    if isinstance(kind, Text):
        if field.name == NUMBERS.get(shape.name):
            return "autonumber"
        if field.name in ("Email", "Secondary_Email"):
            return "email"
        if field.name == "id":
            return "bigint"  # the official SDK sends ids as numbers, and only for this type
        return "textarea" if (kind.length or 0) > 255 else "text"
    if field.name == "Employees":
        return "integer"
    plain: dict[type, str] = {
        Number: "double",
        Money: "currency",
        Date: "date",
        DateTime: "datetime",
        Bool: "boolean",
        Enum: "picklist",
        OneOf: "picklist",
        Many: "subform",
    }
    return plain.get(type(kind), "text")


def _choices(values: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {
            "display_value": value,
            "actual_value": value,
            "reference_value": value,
            "sequence_number": position,
            "type": "used",
        }
        for position, value in enumerate(values, 1)
    ]


def _with_values(field: ZohoField, values: Iterable[Any]) -> dict[str, Any] | None:
    known = [str(choice["actual_value"]) for choice in field.meta["pick_list_values"]]
    new = [value for value in dict.fromkeys(str(value) for value in values) if value not in known]
    return {**field.meta, "pick_list_values": _choices([*known, *new])} if new else None


def _custom(key: str, values: list[Any]) -> dict[str, Any]:
    return _blank(key, _custom_type(values[0] if values else None))


def _custom_type(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case Decimal():
            return "double"
        case list():
            return "multiselectpicklist"
        case dict():
            return "lookup"
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return "date"
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)", value):
            return "datetime"
        case str() if len(value) > 255:
            return "textarea"
        case _:
            return "text"


def _rows(records: Mapping[str, Iterable[Mapping[str, Any]]], module: Module) -> list[Mapping[str, Any]]:
    if module.parent is None:
        return list(records.get(module.name, ()))
    return [row for record in records.get(module.parent, ()) for row in record.get(module.name) or ()]
