"""What one organisation adds to the packaged catalogue: its own fields, pick lists, taxes, accounts, currencies.

The metadata is plain JSON data as ``Reader.metadata()`` gives it:

* Zoho: ``{"org": {…}, "fields": {"Invoices": [field…], "Invoiced_Items": [field…], …}, "taxes": [tax…],
  "currencies": [currency…]}``, each entry as ``/settings/fields``, ``/org/taxes`` and ``/org/currencies`` return it
  (reference/zoho 4.14, 4.15).
* Xero: ``{"Organisation": {…}, "Accounts": […], "TaxRates": […], "Currencies": […]}`` (reference/xero 2.6, 2.7, 2.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from zx.catalog.fieldtypes import Bool, Date, DateTime, Enum, Money, Number, Ref, SetOf, Text, Type
from zx.catalog.schema import Catalogue, Enumeration, Field, ListEntry, Shape
from zx.values.money import plain

_ACCOUNT = (
    "Type",
    "Class",
    "Status",
    "SystemAccount",
    "TaxType",
    "EnablePaymentsToAccount",
    "AccountID",
    "Name",
    "CurrencyCode",
)
_TAX_RATE = (
    "EffectiveRate",
    "DisplayTaxRate",
    "Status",
    "CanApplyToAssets",
    "CanApplyToEquity",
    "CanApplyToExpenses",
    "CanApplyToLiabilities",
    "CanApplyToRevenue",
    "ReportTaxType",
    "Name",
)

_ORGANISATION = ("Name", "BaseCurrency", "PeriodLockDate", "EndOfYearLockDate")

_BY_DATA_TYPE: Mapping[str, Type] = {
    "integer": Number(),
    "bigint": Text(),  # travels as a string (reference/zoho 2.2)
    "double": Number(),
    "percent": Number(),
    "currency": Money(),
    "boolean": Bool(),
    "date": Date(),
    "datetime": DateTime(),
}
_TEXTS = frozenset({"text", "textarea", "email", "phone", "website", "autonumber"})


def with_metadata(
    catalogue: Catalogue,
    *,
    zoho: Mapping[str, Any] | None,
    xero: Mapping[str, Any] | None,
    read_at: Mapping[str, str],
) -> Catalogue:
    """``catalogue`` with what the organisations add; None where one was never read (nothing is then checked there)."""
    shapes = dict(catalogue.shapes)
    enumerations = dict(catalogue.enumerations)
    lists = dict(catalogue.lists)
    if zoho is not None:
        for module, fields in zoho.get("fields", {}).items():
            key = _zoho_shape(shapes, module)
            if key is not None:
                _Module(shapes, enumerations, key).read(fields)
        lists["zoho.Tax"] = _zoho_taxes(zoho.get("taxes", ()))
        lists["zoho.Currency"] = _entries(_active(zoho.get("currencies") or ()), "iso_code", (), label="name")
    if xero is not None:
        lists["xero.Account"] = _entries(xero.get("Accounts", ()), "Code", _ACCOUNT)
        lists["xero.TaxRate"] = _entries(xero.get("TaxRates", ()), "TaxType", _TAX_RATE)
        lists["xero.Organisation"] = _entries((xero.get("Organisation", {}),), "OrganisationID", _ORGANISATION)
        lists["xero.Currency"] = _entries(xero.get("Currencies", ()), "Code", (), label="Description")
    return Catalogue(shapes, enumerations, lists, {**catalogue.read_at, **read_at})


def tax_code(name: str, percentage: Decimal) -> str:
    """How people and rules name a Zoho tax: ``GST 10%``."""
    return f"{name} {plain(percentage)}%"


def _zoho_shape(shapes: Mapping[str, Shape], module: str) -> str | None:
    """The key of the shape that ``module`` describes: a module itself, or the rows of one (``Invoiced_Items``)."""
    if f"zoho.{module}" in shapes:
        return f"zoho.{module}"
    return next((key for key in shapes if key.startswith("zoho.") and key.endswith(f".{module}")), None)


class _Module:
    """Merges the field metadata of one Zoho module into its shape."""

    def __init__(self, shapes: dict[str, Shape], enumerations: dict[str, Enumeration], key: str) -> None:
        self._shapes = shapes
        self._enumerations = enumerations
        self._key = key

    def read(self, fields: Iterable[Mapping[str, Any]]) -> None:
        shape = self._shapes[self._key]
        merged = dict(shape.fields)
        for meta in fields:
            name = meta["api_name"]
            known = merged.get(name)
            field = self._refined(known, meta) if known is not None else self._custom(name, meta)
            if field is not None:
                merged[name] = field
        self._shapes[self._key] = replace(shape, fields=merged)

    def _refined(self, known: Field, meta: Mapping[str, Any]) -> Field:
        """A packaged field with the organisation's label, length and pick list; its type stays ours."""
        if isinstance(known.type, Enum):
            self._pick_list(known.type.name, meta)
        length = _length(meta)
        kind: Type = Text(length) if isinstance(known.type, Text) and length is not None else known.type
        return replace(
            known,
            type=kind,
            label=meta.get("field_label") or known.label,
            hidden=meta.get("visible") is False,
            required=known.required or (bool(meta.get("system_mandatory")) and not known.read_only),
        )

    def _custom(self, name: str, meta: Mapping[str, Any]) -> Field | None:
        """A field the packaged catalogue does not have; None for a type zx cannot use (files, nested tables)."""
        kind = self._type(name, meta)
        if kind is None:
            return None
        read_only = bool(
            meta.get("read_only") or meta.get("field_read_only") or meta["data_type"] in ("autonumber", "formula")
        )
        required = bool(meta.get("system_mandatory")) and not read_only
        return Field(
            name=name,
            type=kind,
            label=meta.get("field_label") or name,
            required=required,
            read_only=read_only,
            clearable=not (read_only or required),
            custom=bool(meta.get("custom_field", True)),
            unique=bool(meta.get("unique")),
            hidden=meta.get("visible") is False,
            embedded=("id", "name") if isinstance(kind, Ref) else (),
        )

    def _type(self, name: str, meta: Mapping[str, Any]) -> Type | None:
        data_type = meta["data_type"]
        if data_type in ("formula", "rollup_summary"):
            data_type = (meta.get("formula") or {}).get("return_type", "text")
        if data_type in _TEXTS:
            return Text(_length(meta))
        if data_type in _BY_DATA_TYPE:
            return _BY_DATA_TYPE[data_type]
        if data_type in ("picklist", "multiselectpicklist"):
            enumeration = f"{self._shapes[self._key].name}.{name}"
            self._pick_list(enumeration, meta)
            return Enum("zoho", enumeration) if data_type == "picklist" else SetOf("zoho", enumeration)
        if data_type in ("ownerlookup", "userlookup"):
            return Ref("zoho", "Users")
        if data_type == "lookup":
            return self._lookup(meta)
        if data_type == "linetax":
            return SetOf("zoho", "Tax")
        return None

    def _lookup(self, meta: Mapping[str, Any]) -> Type | None:
        module = ((meta.get("lookup") or {}).get("module") or {}).get("api_name")
        if not module:
            return None
        if f"zoho.{module}" not in self._shapes:  # a module zx does not read: only what the lookup itself carries
            part = {key: Field(key, Text(), key, optional=False, read_only=True) for key in ("id", "name")}
            self._shapes[f"zoho.{module}"] = Shape("zoho", module, f"Zoho {module} record", part, id_field="id")
        return Ref("zoho", module)

    def _pick_list(self, name: str, meta: Mapping[str, Any]) -> None:
        values = tuple(
            value
            for entry in meta.get("pick_list_values") or ()
            if entry.get("type", "used") == "used"
            and (value := entry.get("actual_value") or entry.get("display_value"))
            and value != "-None-"
        )
        if values or f"zoho.{name}" not in self._enumerations:
            self._enumerations[f"zoho.{name}"] = Enumeration(tuple(dict.fromkeys(values)), open=True)


def _length(meta: Mapping[str, Any]) -> int | None:
    """The length an organisation's metadata states for a text; None where it states none that makes sense."""
    try:
        length = int(Decimal(str(meta.get("length"))))
    except (InvalidOperation, ValueError):
        return None
    return length if length > 0 else None


def _active(currencies: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [currency for currency in currencies if currency.get("is_active", True)]


def _zoho_taxes(taxes: Iterable[Mapping[str, Any]]) -> dict[str, ListEntry]:
    entries: dict[str, ListEntry] = {}
    for tax in taxes:
        percentage = Decimal(str(tax["value"]))
        code = tax_code(tax["name"], percentage)
        entries[code] = ListEntry(code, code, {"name": tax["name"], "percentage": percentage})
    return entries


def _entries(
    records: Iterable[Mapping[str, Any]], key: str, attributes: tuple[str, ...], label: str = "Name"
) -> dict[str, ListEntry]:
    """An organisation list by code; entries without a code (some bank accounts) cannot be named in a rule."""
    return {
        str(record[key]): ListEntry(
            str(record[key]),
            str(record.get(label) or record[key]),
            {name: record[name] for name in attributes if record.get(name) not in (None, "")},
        )
        for record in records
        if record.get(key)
    }
