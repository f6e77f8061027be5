"""What Zoho checks before it takes a record: mandatory fields, types, lengths, lookups, taxes (reference/zoho 4.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zx.sandbox.store import Store
from zx.sandbox.zoho import errors
from zx.sandbox.zoho.schema import Module, ZohoField, display_name
from zx.sandbox.zoho.totals import amount, discount_amount, line_total, tidy
from zx.values.money import decimal_from

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)")
_NUMERIC = frozenset({"double", "currency", "percent", "integer", "bigint"})
_TEXTUAL = frozenset({"text", "email", "phone", "website", "picklist", "textarea", "autonumber"})


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks and normalises incoming values. ``taxes`` are the organisation's; ``free_rates``: other percentages are
    allowed on a record; ``currencies``: the active codes, None without multi-currency."""

    store: Store
    taxes: tuple[Mapping[str, Any], ...]
    free_rates: bool
    currencies: frozenset[str] | None

    def values(self, module: Module, given: Mapping[str, Any], path: str, *, creating: bool) -> dict[str, Any]:
        """The writable fields of ``given`` as Zoho keeps them. Unknown and read-only fields are dropped in silence
        (reference/zoho 4.5). Raises Refusal."""
        result: dict[str, Any] = {}
        for name, value in given.items():
            field = module.fields.get(name)
            if field is None or name == "id" or (field.read_only and name != "Parent_Id"):
                continue
            if field.data_type in ("subform", "autonumber") or name == "Parent_Id":
                continue
            result[name] = self._value(field, value, f"{path}.{name}")
        if creating:
            for field in module.fields.values():
                if field.mandatory and field.data_type != "subform" and result.get(field.name) in (None, ""):
                    raise errors.mandatory(field.name, f"{path}.{field.name}")
        else:
            for name, value in result.items():
                if module.fields[name].mandatory and value in (None, ""):
                    raise errors.mandatory(name, f"{path}.{name}")
        return result

    def unique(self, module: Module, values: Mapping[str, Any], path: str, own_id: str | None) -> None:
        """Raises Refusal when a field marked unique holds what another record holds."""
        for name, value in values.items():
            field = module.fields.get(name)
            if field is None or not field.unique or value in (None, ""):
                continue
            for other in self.store.find(module.name, name, str(value).casefold()):
                if other["id"] != own_id:
                    raise errors.duplicate(name, f"{path}.{name}", module.name, str(other["id"]))

    def discount(self, row: Mapping[str, Any], path: str) -> None:
        """A line's discount may not be more than the line (reference/zoho 3.2)."""
        total = line_total(row)
        if abs(discount_amount(row.get("Discount"), total)) > abs(total):
            raise errors.bad_data("Discount", f"{path}.Discount")

    def _value(self, field: ZohoField, value: Any, path: str) -> Any:
        if value is None:
            return [] if field.data_type == "linetax" else None
        kind = field.data_type
        if field.name == "Discount" and isinstance(value, str) and value.strip().endswith("%"):
            return value.strip()
        if kind in _NUMERIC:
            return self._number(field, value, path)
        if kind in _TEXTUAL:
            return self._text(field, value, path)
        if kind == "boolean":
            if isinstance(value, str) and value.lower() in ("true", "false"):
                return value.lower() == "true"
            return self._typed(field, value, path, bool, "boolean")
        if kind == "date":
            return self._date(field, value, path)
        if kind == "datetime":
            if not isinstance(value, str) or not _MOMENT.fullmatch(value) or not _is_moment(value):
                raise errors.bad_data(field.name, path, expected_data_type="datetime")
            return value
        if kind in ("lookup", "ownerlookup", "userlookup"):
            return self._lookup(field, value, path)
        if kind == "linetax":
            return self._taxes(value, path)
        if kind == "multiselectpicklist":
            return self._typed(field, value, path, list, "jsonarray")
        return value

    def _typed(self, field: ZohoField, value: Any, path: str, wanted: type, name: str) -> Any:
        if not isinstance(value, wanted):
            raise errors.bad_data(field.name, path, expected_data_type=name)
        return value

    def _number(self, field: ZohoField, value: Any, path: str) -> Any:
        if isinstance(value, str):
            value = decimal_from(value)
        if not isinstance(value, Decimal):
            raise errors.bad_data(field.name, path, expected_data_type=field.data_type)
        if field.data_type in ("integer", "bigint") and value != value.to_integral_value():
            raise errors.bad_data(field.name, path, expected_data_type=field.data_type)
        if len(value.as_tuple().digits) > 0 and abs(value) >= Decimal(10) ** 16:
            raise errors.bad_data(field.name, path, maximum_length=16)
        return tidy(value)

    def _text(self, field: ZohoField, given: Any, path: str) -> str:
        if isinstance(given, Decimal) and field.data_type in ("phone", "text"):
            given = format(given, "f")
        if not isinstance(given, str):
            raise errors.bad_data(field.name, path, expected_data_type=field.data_type)
        value: str = given.rstrip()
        if field.length and field.data_type != "picklist" and len(value) > field.length:
            raise errors.bad_data(field.name, path, maximum_length=field.length)
        if field.data_type == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise errors.bad_data(field.name, path, expected_data_type="email")
        if field.name == "Currency" and self.currencies is not None and value not in self.currencies:
            raise errors.bad_data("Currency", path, supported_values=sorted(self.currencies))
        return value

    def _date(self, field: ZohoField, value: Any, path: str) -> str:
        try:
            day = date.fromisoformat(str(value))
        except (TypeError, ValueError):
            raise errors.bad_data(field.name, path, expected_data_type="date") from None
        return day.isoformat()

    def _lookup(self, field: ZohoField, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping) or "id" not in value:
            raise errors.bad_data(field.name, path, expected_data_type="jsonobject")
        record_id = id_text(value["id"])
        module = field.lookup_module
        if field.data_type != "lookup" or module is None:
            return {**value, "id": record_id}
        target = self.store.get(module, record_id)
        if target is None:
            raise errors.bad_data(field.name, f"{path}.id")
        result: dict[str, Any] = {"name": display_name(module, target), "id": record_id}
        if module == "Products":
            result = {"Product_Code": target.get("Product_Code"), **result}
        return result

    def _taxes(self, value: Any, path: str) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise errors.bad_data("Line_Tax", path, expected_data_type="jsonarray")
        result = []
        for position, given in enumerate(value):
            place = f"{path}[{position}]"
            if not isinstance(given, Mapping):
                raise errors.bad_data("Line_Tax", place, expected_data_type="jsonobject")
            tax = self._tax(given)
            if tax is None:
                raise errors.bad_data("name", f"{place}.name")
            percentage = amount(given.get("percentage", tax.get("value")))
            if percentage != amount(tax.get("value")) and percentage != 0 and not self.free_rates:
                raise errors.bad_data("percentage", f"{place}.percentage")
            if percentage == 0 and amount(tax.get("value")) != 0:
                continue  # how a tax is taken off (reference/zoho 3.3)
            result.append(
                {
                    "percentage": tidy(percentage),
                    "name": tax["name"],
                    "id": str(tax["id"]),
                    "display_name": f"{tax['name']} - {_one_decimal(percentage)} %",
                }
            )
        return result

    def _tax(self, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
        name, tax_id = given.get("name"), given.get("id")
        if name is None and tax_id is not None:
            return next((tax for tax in self.taxes if str(tax.get("id")) == id_text(tax_id)), None)
        named = [tax for tax in self.taxes if tax.get("name") == name]
        exact = [tax for tax in named if amount(tax.get("value")) == amount(given.get("percentage"))]
        return next(iter([*exact, *named]), None)


def id_text(value: Any) -> str:
    """An id as text; the official SDK sends numbers (reference/zoho 7)."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _one_decimal(number: Decimal) -> str:
    text = format(tidy(number), "f")
    return text if "." in text else f"{text}.0"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
