"""What an organisation adds to the packaged catalogue."""

from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Bool, Enum, Ref, Text
from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue


def picks(*values: str) -> list[dict[str, str]]:
    return [{"display_value": value, "actual_value": value, "type": "used"} for value in values]


ZOHO: dict[str, Any] = {
    "org": {"company_name": "Harrow Lane"},
    "fields": {
        "Invoices": [
            {"api_name": "Subject", "data_type": "text", "length": Decimal(90), "field_label": "Betreff"},
            {"api_name": "Status", "data_type": "picklist", "pick_list_values": picks("-None-", "Created", "Bezahlt")},
            {"api_name": "Sync_To_Xero", "data_type": "boolean", "custom_field": True},
            {"api_name": "Region", "data_type": "picklist", "pick_list_values": picks("North"), "custom_field": True},
            {"api_name": "Project", "data_type": "lookup", "lookup": {"module": {"api_name": "Projects"}}},
            {"api_name": "Scan", "data_type": "fileupload"},
        ],
        "Invoiced_Items": [{"api_name": "Job", "data_type": "text", "length": 40, "custom_field": True}],
    },
    "taxes": [{"name": "GST", "value": Decimal("10.0")}, {"name": "VAT", "value": Decimal("12.5")}],
    "currencies": [],
}
XERO: dict[str, Any] = {
    "Organisation": {"BaseCurrency": "AUD"},
    "Accounts": [
        {"Code": "200", "Name": "Sales", "Type": "REVENUE", "Status": "ACTIVE", "SystemAccount": ""},
        {"Name": "A bank account without a code", "Type": "BANK"},
    ],
    "TaxRates": [{"TaxType": "OUTPUT", "Name": "GST on Income", "EffectiveRate": Decimal("10.0000")}],
    "Currencies": [{"Code": "AUD", "Description": "Australian Dollar"}],
}


def live() -> Catalogue:
    return with_metadata(packaged(), zoho=ZOHO, xero=XERO, read_at={"zoho.demo": "2026-03-31T04:05:06+00:00"})


def test_custom_fields_join_the_shape_of_their_module_and_rows() -> None:
    invoices, rows = live().shape("zoho", "Invoices"), live().shape("zoho", "Invoices.Invoiced_Items")
    assert invoices is not None and rows is not None
    assert invoices.fields["Sync_To_Xero"].type == Bool()
    assert invoices.fields["Sync_To_Xero"].custom
    assert invoices.fields["Project"].type == Ref("zoho", "Projects")
    assert live().shape("zoho", "Projects") is not None
    assert "Scan" not in invoices.fields
    assert rows.fields["Job"].type == Text(40)


def test_pick_lists_are_the_organisations_own() -> None:
    catalogue = live()
    status, region = catalogue.enumeration("zoho", "InvoiceStatus"), catalogue.enumeration("zoho", "Invoices.Region")
    assert status is not None and status.values == ("Created", "Bezahlt") and status.open
    assert region is not None and region.values == ("North",)
    invoices = catalogue.shape("zoho", "Invoices")
    assert invoices is not None and invoices.fields["Region"].type == Enum("zoho", "Invoices.Region")


def test_a_packaged_field_takes_label_and_length_and_keeps_the_rest() -> None:
    invoices = live().shape("zoho", "Invoices")
    assert invoices is not None
    subject = invoices.fields["Subject"]
    assert (subject.label, subject.type, subject.required, subject.optional) == ("Betreff", Text(90), True, False)


def test_taxes_are_named_with_their_percentage() -> None:
    taxes = live().list("zoho", "Tax")
    assert taxes is not None and list(taxes) == ["GST 10%", "VAT 12.5%"]
    assert taxes["GST 10%"].attributes == {"name": "GST", "percentage": Decimal("10.0")}


def test_xero_lists_by_code() -> None:
    catalogue = live()
    accounts, rates = catalogue.list("xero", "Account"), catalogue.list("xero", "TaxRate")
    assert accounts is not None and rates is not None
    assert list(accounts) == ["200"]
    assert accounts["200"].label == "Sales" and "SystemAccount" not in accounts["200"].attributes
    assert rates["OUTPUT"].attributes["EffectiveRate"] == Decimal("10.0000")


def test_a_list_that_was_never_read_is_absent() -> None:
    catalogue = with_metadata(packaged(), zoho=ZOHO, xero=None, read_at={})
    assert catalogue.list("xero", "Account") is None
    assert catalogue.list("zoho", "Tax") is not None


def test_the_packaged_catalogue_stays_as_it_is() -> None:
    live()
    status, invoices = packaged().enumeration("zoho", "InvoiceStatus"), packaged().shape("zoho", "Invoices")
    assert status is not None and status.values == ("Created", "Approved", "Delivered", "Cancelled")
    assert invoices is not None and "Sync_To_Xero" not in invoices.fields
