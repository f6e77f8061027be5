"""Answers of shapes nobody foresaw: never a crash, and never taken for "there is nothing"."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.unit.adapters.wire import Reply, Wire, connected
from zx.model.record import Kind
from zx.ports.remote import NotReached, Unknown, Verdict

System = Literal["zoho", "xero"]
INVOICES = {"zoho": Kind("zoho", "Invoices"), "xero": Kind("xero", "Invoice")}
SENSELESS: tuple[Any, ...] = (
    b"",
    b"<html>hello</html>",
    b"null",
    {},
    [],
    {"org": "x", "Organisations": "x"},
    {"org": [5], "Organisations": [5]},
    {"data": 5, "Invoices": 5},
    {"data": [5], "Invoices": [5]},
    {"data": [{}], "Invoices": [{}]},
)


def _nothing(*_: object) -> None:
    """Progress that nobody sees."""


@pytest.mark.parametrize("system", ["zoho", "xero"])
@pytest.mark.parametrize("body", SENSELESS, ids=repr)
def test_an_organisation_that_says_nothing_readable_is_unknown(system: System, body: Any) -> None:
    wire = Wire(*[Reply(body=body)] * 4)
    with pytest.raises(Unknown):
        connected(wire, system).reader.organisation()


@pytest.mark.parametrize("system", ["zoho", "xero"])
@pytest.mark.parametrize("body", SENSELESS, ids=repr)
def test_a_list_that_says_nothing_readable_is_not_an_empty_one(system: System, body: Any) -> None:
    wire = Wire(*[Reply(body=body)] * 8)
    with pytest.raises(Unknown):
        connected(wire, system).reader.changed(INVOICES[system], None, _nothing)


@pytest.mark.parametrize("system", ["zoho", "xero"])
@pytest.mark.parametrize("body", SENSELESS, ids=repr)
def test_a_marker_is_not_missing_because_the_answer_makes_no_sense(system: System, body: Any) -> None:
    """Believed absent it would be sent a second time (lemma L3)."""
    wire = Wire(*[Reply(body=body)] * 8)
    field = {"zoho": "Invoice_Number", "xero": "InvoiceNumber"}[system]
    with pytest.raises(Unknown):
        connected(wire, system).writer.find(INVOICES[system], field, ["Z-1"])


@pytest.mark.parametrize("system", ["zoho", "xero"])
@pytest.mark.parametrize("body", SENSELESS, ids=repr)
def test_a_write_without_a_readable_answer_is_in_doubt(system: System, body: Any) -> None:
    wire = Wire(Reply(body=body))
    (result,) = connected(wire, system).writer.create(INVOICES[system], [{"InvoiceNumber": "Z-1"}], "key")
    assert result.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("system", ["zoho", "xero"])
@pytest.mark.parametrize("reply", [Reply(body=b"<html>"), Reply(404), Reply(401), Reply(500), Reply(302)], ids=str)
def test_what_gives_no_token_is_no_simulator(system: System, reply: Reply) -> None:
    with pytest.raises(NotReached, match=f"{system}-demo.localhost") as raised:
        connected(Wire(token=(reply,)), system).reader.organisation()
    assert "zx sandbox serve" in raised.value.advice
