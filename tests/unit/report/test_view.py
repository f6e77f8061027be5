from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.report.sample_plan import (
    HOSTILE,
    plan_of,
    quiet_plan,
    ready_plan,
    sample_about,
    sample_plan,
    sample_push,
)
from zx.plan.action import Plan, Totals
from zx.report.compose import preview_view, push_view
from zx.report.palette import CONTROL_PAIRS, DARK, LIGHT, TEXT_PAIRS, contrast
from zx.report.view import View
from zx.report.words import age_words, counted, field_group, field_words


def _view(plan: Plan) -> View:
    return preview_view(plan, sample_about())


def test_verdicts_in_words() -> None:
    assert (_view(sample_plan()).mood, _view(sample_plan()).headline) == ("attention", "4 records need a person")
    assert (_view(quiet_plan()).mood, _view(quiet_plan()).headline) == ("quiet", "Nothing to send")
    assert (_view(ready_plan()).mood, _view(ready_plan()).headline) == ("good", "Ready: 17 changes")


def test_verdicts_of_a_push() -> None:
    plan = ready_plan()
    done = sample_push(plan)
    good = {key: result for key, result in done.actions.items() if result.outcome == "done"}
    assert push_view(plan, replace(done, actions=good), sample_about()).mood == "good"
    stopped = push_view(plan, replace(done, actions=good, stopped="Xero said 429"), sample_about())
    assert (stopped.mood, stopped.subline) == ("bad", "Xero said 429.")


def test_every_record_read_is_in_exactly_one_place() -> None:
    view = _view(sample_plan())
    read = sum(row.read for row in view.maps)
    assert read == sum(sum(row.counts) for row in view.maps)
    skipped = [record for record in view.records if record.key == "skip"]
    assert read == len(view.records) - len(skipped) + sum(row.records for row in view.reasons)


def test_records_come_exceptions_first_then_biggest_money() -> None:
    view = _view(sample_plan())
    assert [record.number for record in view.records[:3]] == ["Z-1023", "Z-1021", "Z-1022"]
    creates = [
        Decimal(record.amount.replace(",", "")) for record in view.records if record.key == "create" and record.amount
    ]
    assert creates == sorted(creates, reverse=True)


def test_a_document_names_its_contact_known_or_new() -> None:
    parties = {record.number: record.party for record in _view(sample_plan()).records}
    assert parties["Z-1001"] == "Northwind Trading"
    assert parties["Z-1031"] == "Harbour Office Supplies"


def test_totals_add_up_and_say_so() -> None:
    (aud, eur) = _view(sample_plan()).totals
    amounts = {row.words: row.amount for row in aud.rows}
    assert amounts["In scope in Zoho"] == "21,490.85"
    assert amounts["− to be voided"] == "66.00"
    assert amounts["= ready for Xero"] == amounts["Xero works out"] == "2,533.35"
    assert aud.reconciles
    assert eur.rows[-1].amount == "1,234.50"


def test_a_cent_between_the_sides_is_a_fault_with_the_record() -> None:
    plan = sample_plan()
    actions = [
        replace(action, totals=Totals("AUD", Decimal("375.35"), Decimal("375.36")))
        if action.source.label == "1001"
        else action
        for action in plan.actions
    ]
    view = _view(replace(plan, actions=tuple(actions)))
    assert (view.mood, view.headline) == ("bad", "The totals do not reconcile")
    assert view.totals[0].sentence == "The two sides are 0.01 apart. Look at 1001."


def test_sums_of_the_plan_are_added_up_again() -> None:
    plan = sample_plan()
    wrong = replace(plan.totals[0], ready=plan.totals[0].ready + 1, blocked=plan.totals[0].blocked - 1)
    table = _view(replace(plan, totals=(wrong,))).totals[0]
    assert not table.reconciles
    assert "What is ready adds up to 2,533.35 by records and to 2,534.35 by sums." in table.sentence


def test_another_total_that_came_back_is_a_fault() -> None:
    plan = ready_plan()
    push = sample_push(plan)
    actions = dict(push.actions)
    key = next(action.id for action in plan.actions if action.source.label == "1001")
    actions[key] = replace(actions[key], total=Decimal("375.36"), mismatch=True)
    view = push_view(plan, replace(push, actions=actions), sample_about())
    assert view.mood == "bad"
    assert "Xero made other totals than it was sent: look at 1001." in view.totals[0].sentence


def test_findings_that_stop_documents_come_apart_from_notices() -> None:
    view = _view(sample_plan())
    assert [finding.code for finding in view.gaps] == ["R101", "R301"]
    assert view.gaps[0].where == ("Z-1021 (1,402.50 AUD)", "Z-1022 (144.00 AUD)")
    assert [finding.code for finding in view.notices] == ["R501", "R902"]
    assert view.notices[0].disputed


def test_a_problem_of_a_line_belongs_to_its_finding() -> None:
    plan = sample_plan()
    actions = [
        replace(action, problems=tuple(replace(p, message=f"line 1: {p.message}", fix="") for p in action.problems))
        for action in plan.actions
    ]
    findings = tuple(replace(finding, fix="") for finding in plan.findings)
    view = _view(plan_of(actions, findings, ("AUD", "EUR")))
    assert all(record.explained for record in view.records if record.key == "block")


def test_no_string_of_a_view_acts() -> None:
    text = repr(_view(sample_plan()))
    assert "\\x1b]0" not in text.replace("\\\\x1b", "")
    assert not any(character in text for character in "\u202e\u200b\ufeff\x07")
    assert len(HOSTILE) == 7


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("DueDate", ("", "Due date")),
        ("LineItems[1].TaxType", ("Line 2", "Tax type")),
        ("LineItems[2]", ("Line 3", "Whole line")),
        ("ContactID", ("", "Contact ID")),
        ("Addresses[POBOX].PostalCode", ("", "Addresses POBOX postal code")),
        ("Purchase_Order", ("", "Purchase order")),
    ],
)
def test_fields_in_words(field: str, words: tuple[str, str]) -> None:
    assert field_group(field) == words
    assert field_words("") == ""


def test_ages_in_words() -> None:
    now = "2026-03-31T04:05:06+00:00"
    assert age_words("2026-03-31T04:05:00+00:00", now) == "just now"
    assert age_words("2026-03-31T01:05:00+00:00", now) == "3 h old"
    assert age_words("2026-03-28T01:05:00+00:00", now) == "3 days old"
    assert age_words(None, now) == "never read"
    assert (counted(1, "record"), counted(1204, "record")) == ("1 record", "1,204 records")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_and_every_control_seen(palette: dict[str, str]) -> None:
    for ink, ground in TEXT_PAIRS:
        assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for mark, ground in CONTROL_PAIRS:
        assert contrast(palette[mark], palette[ground]) >= 3, (mark, ground)
    assert set(LIGHT) == set(DARK)
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
