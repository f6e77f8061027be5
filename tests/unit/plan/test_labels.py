from tests.unit.plan.world import INVOICES, ITEM
from zx.catalog.load import packaged
from zx.model.record import Kind, Record
from zx.plan.labels import label_of, names_of


def record(kind: Kind, **values: str) -> Record:
    return Record(kind, "1", "2026-01-01T00:00:00+00:00", values)


def test_an_item_is_called_by_its_code_on_both_sides() -> None:
    for kind, values in (
        (ITEM, {"Code": "W-1", "Name": "Widget"}),
        (Kind("zoho", "Products"), {"Product_Code": "W-1", "Product_Name": "Widget"}),
    ):
        shape = packaged().shape(kind.system, kind.name)
        assert shape is not None
        assert label_of(shape, record(kind, **values)) == "W-1"
        assert names_of(shape, record(kind, **values)) == {"W-1", "Widget"}


def test_a_reference_is_no_name() -> None:
    shape = packaged().shape("zoho", "Invoices")
    assert shape is not None
    assert "PO 7" not in names_of(shape, record(INVOICES, Invoice_Number="1001", Reference="PO 7"))
