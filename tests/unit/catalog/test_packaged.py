"""The packaged catalogue hangs together, and says what the rules rely on."""

import re

import pytest

from zx.catalog.fieldtypes import Address, Enum, Keyed, Many, Nested, Ref, SetOf, Text
from zx.catalog.load import CatalogueDamaged, packaged, parse
from zx.catalog.schema import ADDRESS_PARTS, Field, Shape

CATALOGUE = packaged()
FIELDS = [(shape, field) for shape in CATALOGUE.shapes.values() for field in shape.fields.values()]
# Words that begin an item or a section of a rule file: a field spelled so could not start a line (language 3.4).
ITEM_WORDS = {
    *("let", "match", "only", "skip", "fail", "cancel", "warn", "never", "total", "spread", "override", "drop"),
    *("use", "setting", "table", "map", "lines", "line", "summary", "extend", "test", "decisions", "pick", "find"),
    *("given", "expect", "run", "with", "parent", "settings", "needed"),
}


@pytest.mark.parametrize(("shape", "field"), FIELDS, ids=lambda value: getattr(value, "name", ""))
def test_a_type_names_only_what_exists(shape: Shape, field: Field) -> None:
    system = shape.system
    match field.type:
        case Enum(_, name):
            assert CATALOGUE.enumeration(system, name) is not None
        case Ref(_, name) | SetOf(_, name):
            assert CATALOGUE.shape(system, name) is not None
        case Many(name) | Nested(name):
            assert CATALOGUE.shape(system, name) is not None
        case Keyed(name, key_field, keys):
            row = CATALOGUE.shape(system, name)
            assert row is not None
            key_type = row.fields[key_field].type
            assert isinstance(key_type, Enum)
            known = CATALOGUE.enumeration(system, key_type.name)
            assert known is not None and set(keys) <= set(known.values)
            assert set(field.group.values()) <= set(row.fields)
        case Address():
            assert tuple(field.group) == ADDRESS_PARTS
            assert set(field.group.values()) <= set(shape.fields)
        case Text(length):
            assert length is None or 1 <= length <= 32000


def test_no_field_is_spelled_like_an_item_keyword() -> None:
    assert not {field.name for _, field in FIELDS} & ITEM_WORDS
    assert all(re.fullmatch(r"\$?[A-Za-z_][A-Za-z0-9_]*", field.name) for _, field in FIELDS)


def test_shapes_name_their_own_fields() -> None:
    for shape in CATALOGUE.shapes.values():
        named = (shape.id_field, shape.key_field, shape.number_field, shape.version_field)
        assert {name for name in named if name} <= set(shape.fields), shape.full_name


def test_nothing_is_required_and_read_only_at_once() -> None:
    assert not [field.name for _, field in FIELDS if field.required and field.read_only]
    assert not [field.name for _, field in FIELDS if field.clearable and (field.required or field.read_only)]


def test_what_xero_wants_on_create() -> None:
    def required(name: str) -> set[str]:
        shape = CATALOGUE.shape("xero", name)
        assert shape is not None
        return {field.name for field in shape.fields.values() if field.required}

    assert required("Invoice") == {"Type", "Contact", "LineItems"}
    assert required("Contact") == {"Name"}
    assert required("Item") == {"Code"}
    assert required("Quote") == {"Contact", "Date", "LineItems"}


def test_what_may_be_missing_in_a_zoho_invoice() -> None:
    shape = CATALOGUE.shape("zoho", "Invoices")
    assert shape is not None
    present = {
        "id",
        "Subject",
        "Invoice_Number",
        "Currency",
        "Grand_Total",
        "Sub_Total",
        "Created_Time",
        "Modified_Time",
    }
    missing = {"Account_Name", "Contact_Name", "Status", "Invoice_Date", "Due_Date", "Discount", "Adjustment"}
    assert all(not shape.fields[name].optional for name in present)
    assert all(shape.fields[name].optional for name in missing)


def test_lists_are_told_from_records() -> None:
    lists = {key for key, shape in CATALOGUE.shapes.items() if CATALOGUE.is_list(shape.system, shape.name)}
    assert lists == {"zoho.Tax", "xero.Account", "xero.TaxRate", "xero.Currency"}


def test_zoho_pick_lists_are_open_and_xero_enumerations_closed() -> None:
    assert all(value.open == key.startswith("zoho.") for key, value in CATALOGUE.enumerations.items())


@pytest.mark.parametrize("text", ["text(12", "words", "text loud", "text(5) required,"])
def test_a_field_that_cannot_be_read_stops_the_loader(text: str) -> None:
    source = f'[shape.Thing]\nnoun = "thing"\n[shape.Thing.fields]\nName = "{text}"\n'
    with pytest.raises(CatalogueDamaged):
        parse({"xero": {"thing.toml": source}})


def test_one_name_stands_in_one_file() -> None:
    source = '[shape.Thing]\nnoun = "thing"\n'
    with pytest.raises(CatalogueDamaged, match="defined twice"):
        parse({"xero": {"a.toml": source, "b.toml": source}})
