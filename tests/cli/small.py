"""A workspace with three invoices that are ready to be sent, and what they need: quick enough to break it often."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NUMBERS = ("1002", "1003", "1004")
SENT = {
    "Invoices": Counter({f"Z-{number}": 1 for number in NUMBERS}),
    "Contacts": Counter(("Café Lumière", "Ironbark Legal Partners", "Mulga Mobile Espresso")),
    "Items": Counter(
        ("CHOC-1KG", "SLV-STD", "TEA-CHAI-1KG", "WB-DECAF-1KG", "WB-DRIP-10", "WB-HOUSE-1KG", "WB-SO-ETH", "WB-SO-PNG")
    ),
}
"""All that a push of this workspace makes in an empty Xero, each once."""
_NAME = {"Invoices": "InvoiceNumber", "Contacts": "Name", "Items": "Code"}


def small_workspace(root: Path) -> Path:
    """Makes the workspace in the folder ``root``, on embedded sandboxes of its own data; Xero has nothing but accounts
    and tax rates."""
    shutil.copytree(ROOT / "rules", root / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    packaged = files("zx.sandbox").joinpath("data", "zoho")
    zoho, xero = root / "fixtures" / "zoho", root / "fixtures" / "xero"
    zoho.mkdir(parents=True)
    xero.mkdir()
    for name in ("Accounts", "Contacts", "Products", "org", "taxes", "currencies", "fields"):
        (zoho / f"{name}.json").write_bytes(packaged.joinpath(f"{name}.json").read_bytes())
    invoices = json.loads(packaged.joinpath("Invoices.json").read_bytes())
    chosen = [invoice for invoice in invoices if invoice["Invoice_Number"] in NUMBERS]
    (zoho / "Invoices.json").write_text(json.dumps(chosen), encoding="utf-8")
    (xero / "Contacts.json").write_text("[]", encoding="utf-8")
    config = (ROOT / "zx.toml").read_text(encoding="utf-8")
    for folder in ("zoho", "xero"):
        config = config.replace("sandbox = true", f'sandbox = "fixtures/{folder}"', 1)
    (root / "zx.toml").write_text(config, encoding="utf-8")
    return root


def counted(dump: Mapping[str, Any]) -> dict[str, Counter[str]]:
    """How often each name, number and code stands in a dump of the Xero sandbox: compare with ``SENT``."""
    return {name: Counter(record[key] for record in dump[name]) for name, key in _NAME.items()}
