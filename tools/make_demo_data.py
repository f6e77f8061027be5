"""Writes the packaged demo data of the sandbox: ``python tools/make_demo_data.py [FOLDER]``.

Needs nothing but Python and knows nothing of zx. The same bytes come out every time; a test compares them with what is
committed, so a change of the data is made here (mostly in ``demo_business.py``) and then run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import demo_xero as xero
import demo_zoho as zoho
from demo_json import compact, write_records

PACKAGED = Path(__file__).resolve().parent.parent / "engine" / "zx" / "sandbox" / "data"


def write(folder: Path) -> None:
    files = {
        "zoho/Invoices": zoho.invoices(),
        "zoho/Quotes": zoho.quotes(),
        "zoho/Accounts": zoho.accounts(),
        "zoho/Contacts": zoho.contacts(),
        "zoho/Products": zoho.products(),
        "zoho/taxes": zoho.taxes(),
        "zoho/org": zoho.organisation(),
        "zoho/currencies": zoho.currencies(),
        "xero/Organisation": xero.organisation(),
        "xero/Accounts": xero.accounts(),
        "xero/TaxRates": xero.tax_rates(),
        "xero/Contacts": xero.contacts(),
        "xero/Items": xero.items(),
        "xero/Invoices": xero.invoices(),
        "xero/Quotes": xero.quotes(),
        "xero/CreditNotes": xero.credit_notes(),
        "xero/Payments": xero.payments(),
        "xero/Currencies": xero.currencies(),
    }
    for name, records in files.items():
        write_records(folder / f"{name}.json", records)
    modules = (
        f"{compact(module)}:[\n" + ",\n".join(compact(field) for field in fields) + "\n]"
        for module, fields in zoho.fields().items()
    )
    (folder / "zoho" / "fields.json").write_text("{\n" + ",\n".join(modules) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGED)
