"""What the catalogue says is never missing, is there in every record of the demo data once it is decoded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest

from zx.adapters.xero import codec as xero
from zx.adapters.zoho import codec as zoho
from zx.catalog.fieldtypes import Keyed, Many, Nested
from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.catalog.schema import Shape
from zx.model.record import Kind, Record
from zx.values import jsontext

DATA = files("zx.sandbox").joinpath("data")
ZOHO = ("Invoices", "Quotes", "Accounts", "Contacts", "Products")
XERO = {
    "Invoice": "Invoices",
    "Quote": "Quotes",
    "CreditNote": "CreditNotes",
    "Payment": "Payments",
    "Contact": "Contacts",
    "Item": "Items",
}


def rows(system: str, name: str) -> Any:
    return jsontext.loads(DATA.joinpath(system, f"{name}.json").read_bytes())


def missing(shape: Shape, values: Mapping[str, Any], where: str = "") -> Iterator[str]:
    for field in shape.fields.values():
        value = values.get(field.name)
        if value is None:
            if not field.optional:
                yield where + field.name
            continue
        match field.type:
            case Many(name):
                inner = [(name, row) for row in value]
            case Nested(name):
                inner = [(name, value)]
            case Keyed(name, key_field, _):
                inner = [(name, {**row, key_field: key}) for key, row in value.items()]
            case _:
                inner = []
        for name, row in inner:
            yield from missing(packaged().shapes[f"{shape.system}.{name}"], row, f"{field.name}.")


def check(records: list[Record]) -> None:
    assert records
    for record in records:
        shape = packaged().shape(record.kind.system, record.kind.name)
        assert shape is not None
        assert not list(missing(shape, record.values)), record.id


@pytest.mark.parametrize("module", ZOHO)
def test_zoho(module: str) -> None:
    check([zoho.record(Kind("zoho", module), raw, "AUD") for raw in rows("zoho", module)])


@pytest.mark.parametrize("name", XERO)
def test_xero(name: str) -> None:
    check([xero.record(Kind("xero", name), raw) for raw in rows("xero", XERO[name])])


def test_every_field_of_a_zoho_invoice_is_known_with_the_organisations_own() -> None:
    metadata = {"fields": rows("zoho", "fields"), "taxes": rows("zoho", "taxes")}
    shape = with_metadata(packaged(), zoho=metadata, xero=None, read_at={}).shape("zoho", "Invoices")
    assert shape is not None
    records = [zoho.record(Kind("zoho", "Invoices"), raw, "AUD") for raw in rows("zoho", "Invoices")]
    assert not {name for record in records for name in record.values} - set(shape.fields)
