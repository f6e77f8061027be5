"""``--limit``: a few documents with all they need."""

from __future__ import annotations

from dataclasses import replace

from zx.model.link import Entity
from zx.model.record import Kind
from zx.operations.push import first
from zx.plan.action import Action, Outcome, Plan, Subject


def action(name: str, *after: str, outcome: Outcome = Outcome.CREATE) -> Action:
    map_name, _, record = name.partition(":")
    return Action(
        id=name,
        outcome=outcome,
        map=map_name,
        entity=Entity("Invoices", "Invoice"),
        source=Subject("zoho.demo", Kind("zoho", "Invoices"), record, record),
        target=Subject("xero.demo", Kind("xero", "Invoice"), None, record),
        after=after,
    )


def plan(*actions: Action) -> Plan:
    return Plan("s", "zoho.demo", "xero.demo", "d", "r", "n", {}, 0, "", actions, (), (), {}, {})


def test_a_limit_counts_documents_and_brings_what_they_need() -> None:
    made = plan(
        action("items:1"),
        action("contacts:1"),
        action("contacts:2"),
        action("invoices:1", "contacts:1", "items:1"),
        action("invoices:2", "contacts:2"),
    )
    assert first(made, 1) == {"items:1", "contacts:1", "invoices:1"}
    assert first(made, 9) == {name.id for name in made.actions}


def test_what_is_not_written_does_not_count() -> None:
    made = plan(
        action("invoices:1", outcome=Outcome.UNCHANGED),
        action("invoices:2", outcome=Outcome.BLOCK),
        replace(action("invoices:3"), outcome=Outcome.UPDATE),
    )
    assert first(made, 1) == {"invoices:3"}
