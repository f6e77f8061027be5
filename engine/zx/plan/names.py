"""Names, numbers, codes and markers that must be unique in the target: who has one, and which is still free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zx.catalog.schema import Shape
from zx.model.record import Record
from zx.plan.forms import PAYMENT
from zx.plan.match import TargetIndex, is_dead
from zx.values.text import normalised

XERO_ID = "Xero_ID"
"""The custom field of a Zoho organisation that holds the id of the Xero record (reliability 1.4), where it has one."""


def name_holder(index: TargetIndex, field: str, value: Any, type: Any) -> Record | None:
    """Who has the name already; ``type`` is the ``Type`` the new record would have. The name of an archived contact is
    free again; numbers and codes never are (reference/xero 2.1, 2.4, 3.7)."""
    for record in index.hits(field, value):
        if not _freed(record, field) and _of_type(record, type):
            return record
    return None


def another_name(index: TargetIndex, field: str, value: str, type: Any, source: Record, claimed: Iterable[str]) -> str:
    """A name that nobody has in the target nor takes in this plan (``claimed``, in compared form): a person's with the
    town or house that tells two of one name apart, else counted; a number with ``-1`` behind it."""
    taken = {
        normalised(str(held))
        for record in index.records
        if (held := record.values.get(field)) and not _freed(record, field) and _of_type(record, type)
    } | set(claimed)
    if field == "Name":
        for place in _places(source):
            if normalised(f"{value} ({place})") not in taken:
                return f"{value} ({place})"
    form, count = ("{} ({})", 2) if field == "Name" else ("{}-{}", 1)
    while normalised(form.format(value, count)) in taken:
        count += 1
    return form.format(value, count)


def _places(source: Record) -> list[str]:
    values = source.values
    house = values.get("Account_Name")
    places = [values.get("Mailing_City"), values.get("Billing_City")]
    places.append(house.get("name") if isinstance(house, Mapping) else None)
    return [str(place) for place in places if place]


def _freed(record: Record, field: str) -> bool:
    return field == "Name" and is_dead(record)


def _of_type(record: Record, type: Any) -> bool:
    return type is None or record.values.get("Type", type) == type


def marker_field(shape: Shape) -> str | None:
    """Where zx leaves the source's id in a target that gives it a place of its own (reliability 1.4): a contact's
    number, a payment's reference, and in Zoho the custom field that an organisation made for it."""
    if shape.system == "zoho":
        own = shape.fields.get(XERO_ID)
        return XERO_ID if own is not None and own.custom and not own.read_only else None
    return {"Contact": "ContactNumber", PAYMENT.name: "Reference"}.get(shape.name)


def marker_value(shape: Shape, source_id: str, number: int = 1) -> str:
    """``zx-`` and the source's id, counted from the second target on; at most 50 characters as Xero's ContactNumber
    allows (reference/xero 2.4). Zoho's field holds the plain id."""
    ending = "" if number == 1 else f"-{number}"
    return (source_id if shape.system == "zoho" else f"zx-{source_id}"[: 50 - len(ending)]) + ending


def marked(index: TargetIndex, source_id: str) -> Iterator[Record]:
    """Every target that zx made for this record, archived ones too: they keep their marker."""
    number, field = 1, marker_field(index.shape)
    while field is not None:
        hits = index.hits(field, marker_value(index.shape, source_id, number))
        if not hits:
            return
        yield from hits
        number += 1
