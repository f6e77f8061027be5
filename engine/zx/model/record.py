"""One record of one system, in the form all of the engine shares.

Values of a record (``values``) are, whatever the system:

* text: ``str``; blank text is absent. Enumerations and picklists are text.
* numbers and money: ``Decimal``. Booleans: ``bool``.
* dates: ``2026-03-31``; instants: ISO text with an offset, ``2026-03-31T04:05:06+00:00``.
* a Zoho lookup: ``{"id": …, "name": …}`` with the keys that came embedded (``Product_Code``).
* a nested object: ``dict``; lines and other lists: ``list`` of ``dict``, empty lists absent.
* Xero's addresses and telephone numbers: ``dict`` keyed by their type, ``{"POBOX": {"City": …}}``; blank ones absent.
* taxes (``Line_Tax``, ``$line_tax``): ``list`` of ``{"name": str, "percentage": Decimal, …}``.

What is missing is absent; ``None`` never stands in a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from zx.values.dataclass import dataclass

System = Literal["zoho", "xero"]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: ``Kind("zoho", "Invoices")``, ``Kind("xero", "Invoice")``. Written ``zoho.Invoices``."""

    system: System
    name: str

    def __str__(self) -> str:
        return f"{self.system}.{self.name}"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. ``version`` is the system's own stamp of its last change, an instant as text."""

    kind: Kind
    id: str
    version: str
    values: Values
