"""The types of fields and rule expressions: one vocabulary for catalogue and checker."""

from __future__ import annotations

from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """``text(255)``; without a length, as long as it likes."""

    length: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency of its record."""


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class DateTime:
    """An instant."""


@dataclass(frozen=True, slots=True)
class Bool:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A closed list written in the rules."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enum:
    """An enumeration or picklist of a system: ``Enum("zoho", "InvoiceStatus")``; its values are in the catalogue."""

    system: str
    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a record: ``Ref("xero", "Account")``, ``Ref("zoho", "Accounts")``.

    ``name`` is a shape of the catalogue. Where the organisation's records are an *organisation list* of the catalogue
    (``xero.Account``, ``xero.TaxRate``, ``xero.Currency``), the value at run time is the code as text. A Zoho lookup
    is a dict with ``id``; a reference to a contact or an item of Xero is a ``zx.runtime.values.TargetRef``.
    """

    system: str
    name: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list of rows; ``shape`` names the row's shape in the same system (``Invoices.Invoiced_Items``)."""

    shape: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A list whose rows are told apart by a key: ``Addresses[POBOX]``. ``key_field`` is where the system keeps the
    key."""

    shape: str
    key_field: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """An object inside a record: ``SalesDetails.UnitPrice``."""

    shape: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as one value: a dict with any of ``street city region code country``."""


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set of named things: ``set of zoho.Tax`` (each with a percentage), multi-select picklists (without)."""

    system: str
    name: str


Type = Text | Number | Money | Date | DateTime | Bool | OneOf | Enum | Ref | Many | Keyed | Nested | Address | SetOf
