"""The catalogue as a value: shapes with fields, enumerations, organisation lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from zx.catalog.fieldtypes import Type
from zx.values.dataclass import dataclass

ADDRESS_PARTS = ("street", "city", "region", "code", "country")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape. ``name`` is the system's API name.

    ``required``: the system wants it when a record is created. ``optional``: it may be missing in a record that is
    read. ``read_only``: cannot be set. ``clearable``: an explicit blank is accepted. ``group`` (address groups only)
    maps the parts of an address (``street``, …) to the flat fields or members that hold them, in this shape or in the
    row. ``embedded``: the keys of the record a lookup points to that come with the lookup itself
    (``id name Product_Code``). ``unique``: the organisation lets no two records hold the same. ``hidden``: the
    connected user may not see it (reference/zoho 4.15, ``visible``).
    """

    name: str
    type: Type
    label: str = ""
    required: bool = False
    optional: bool = True
    read_only: bool = False
    clearable: bool = False
    custom: bool = False
    unique: bool = False
    hidden: bool = False
    embedded: tuple[str, ...] = ()
    group: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a kind of record, of a row or of a nested object.

    ``noun`` is what people call one of it ("Zoho invoice"). ``id_field`` holds the system's own id (records only),
    ``key_field`` the code people know it by (an account's Code), ``number_field`` a document's number,
    ``version_field`` the
    stamp of its last change.
    """

    system: str
    name: str
    noun: str
    fields: Mapping[str, Field]
    id_field: str | None = None
    key_field: str | None = None
    number_field: str | None = None
    version_field: str | None = None

    @property
    def full_name(self) -> str:
        """``Zoho Invoices``, ``Xero Invoice``: how messages name it."""
        return f"{self.system.capitalize()} {self.name}"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Values of an enumeration. ``open``: the system stores values outside the list too (Zoho picklists)."""

    values: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of an organisation list: its code, what people call it, and what else the system says of it."""

    code: str
    label: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Both systems' offers. ``shapes`` and ``enumerations`` are keyed ``zoho.Invoices``, ``zoho.InvoiceStatus``.

    ``lists`` holds the organisation's lists (``xero.Account``, ``xero.TaxRate``, ``xero.Currency``, ``zoho.Tax``); a
    list that was never read is absent, and nothing is checked against it. ``read_at`` says when each system's live
    part was read.
    """

    shapes: Mapping[str, Shape]
    enumerations: Mapping[str, Enumeration]
    lists: Mapping[str, Mapping[str, ListEntry]] = field(default_factory=dict)
    read_at: Mapping[str, str] = field(default_factory=dict)

    def shape(self, system: str, name: str) -> Shape | None:
        return self.shapes.get(f"{system}.{name}")

    def enumeration(self, system: str, name: str) -> Enumeration | None:
        return self.enumerations.get(f"{system}.{name}")

    def list(self, system: str, name: str) -> Mapping[str, ListEntry] | None:
        return self.lists.get(f"{system}.{name}")

    def is_list(self, system: str, name: str) -> bool:
        """Whether references to this shape are codes of an organisation list."""
        shape = self.shape(system, name)
        return shape is not None and shape.id_field is None and shape.key_field is not None
