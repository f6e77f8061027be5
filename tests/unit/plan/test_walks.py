"""The way of a quote from status to status, and the pieces around documents that are credited or cancelled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zx.model.record import Kind, Record
from zx.plan.action import Outcome
from zx.plan.cancelling import changed_by_people, is_settled, undoing
from zx.plan.compare import comparable_lines
from zx.plan.crediting import open_amount
from zx.plan.walks import closed, way
from zx.values.jsontext import digest

D = Decimal


@pytest.mark.parametrize(("current", "wanted", "gone"), [
    (None, "DRAFT", ("DRAFT",)),
    (None, "ACCEPTED", ("SENT", "ACCEPTED")),
    (None, "INVOICED", ("SENT", "ACCEPTED", "INVOICED")),
    ("DRAFT", "DECLINED", ("SENT", "DECLINED")),
    ("ACCEPTED", "DECLINED", ("SENT", "DECLINED")),
    ("DECLINED", "ACCEPTED", ("SENT", "ACCEPTED")),
    ("SENT", "SENT", ()),
    ("SENT", "DRAFT", None),
    ("DELETED", "SENT", None),
    ("DRAFT", "AUTHORISED", None),
])  # fmt: skip
def test_the_shortest_legal_way(current: str | None, wanted: str, gone: tuple[str, ...] | None) -> None:
    assert way(current, wanted) == gone


def test_what_a_closed_quote_keeps() -> None:
    assert closed("ACCEPTED", {"Terms", "Title", "Contact", "LineItems"}) == ("LineItems", "Title")
    assert closed("SENT", {"LineItems"}) == closed(None, {"LineItems"}) == ()


def test_cancelling_by_status() -> None:
    assert [undoing(one)[0] for one in ("DRAFT", "SUBMITTED", "SENT", "ACCEPTED")] == [Outcome.DELETE] * 4
    assert undoing("AUTHORISED") == undoing("PAID") == (Outcome.VOID, "VOIDED")


def record(**values: object) -> Record:
    return Record(Kind("xero", "Invoice"), "i1", "1", values)


def test_what_is_paid_by_being_worth_nothing_is_not_settled() -> None:
    assert is_settled(record(Status="PAID", Total=D("1.00"))) and is_settled(
        record(Status="AUTHORISED", AmountPaid=D(1))
    )
    assert not is_settled(record(Status="PAID", Total=D("0.00")))
    assert is_settled(record(Status="AUTHORISED", AppliedAmount=D("0.01")))


def test_a_change_by_a_person_is_named_and_xeros_own_filling_in_is_none() -> None:
    sent = [{"Description": "Widget", "Quantity": D(2), "UnitAmount": D(5), "ItemCode": "W-1"}]
    base = {
        "Reference": digest("PO 1"),
        "DueDate": digest(None),
        "Status": digest("DRAFT"),
        "LineItems": digest(comparable_lines(sent, sent)),
        "is new": "any",
    }
    there = [{**sent[0], "AccountCode": "200", "TaxType": "OUTPUT", "TaxAmount": D(1)}]
    stands = record(Reference="PO 1", DueDate="2026-04-01", Status="AUTHORISED", LineItems=there)
    assert changed_by_people(stands, base, digest) == ()
    moved = record(Reference="PO 2", Status="DRAFT", LineItems=[{**there[0], "Quantity": D(3)}])
    assert changed_by_people(moved, base, digest) == ("Reference", "LineItems")


def test_how_much_of_a_note_can_be_set_off() -> None:
    stands = record(Status="AUTHORISED", AmountDue=D("70.00"), CurrencyCode="AUD", Contact={"ContactID": "c1"})
    note = {"Status": "AUTHORISED", "Contact": "c1", "CurrencyCode": "AUD", "Left": D("110.00")}
    assert open_amount(stands, note) == D("70.00")
    assert open_amount(stands, {**note, "Left": D("30.00")}) == D("30.00")
    for other in ({"Status": "DRAFT"}, {"Contact": "c2"}, {"CurrencyCode": "USD"}, {"Left": D("0.00")}):
        assert open_amount(stands, {**note, **other}) == 0
    assert open_amount(record(**{**stands.values, "Status": "PAID"}), note) == 0
