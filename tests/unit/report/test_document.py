from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.unit.report.golden import same_as_golden
from tests.unit.report.sample_plan import quiet_plan, ready_plan, sample_about, sample_plan, sample_push
from zx.plan.action import After
from zx.report.document import preview_document, push_document
from zx.report.plain import plain_value
from zx.runtime.values import CLEAR, TargetRef

SCHEMAS = Path(__file__).parents[3] / "docs" / "schema"


def _validate(document: dict[str, Any], name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


@pytest.mark.parametrize("plan", [sample_plan(), quiet_plan(), ready_plan()])
def test_a_preview_follows_its_schema(plan: Any) -> None:
    _validate(preview_document(plan, sample_about()), "preview")


def test_a_push_follows_its_schema() -> None:
    plan = sample_plan()
    _validate(push_document(plan, sample_push(plan), sample_about(run="r-1")), "push")


def test_the_schema_refuses_a_float_and_an_unknown_key() -> None:
    document = preview_document(sample_plan(), sample_about())
    document["actions"][0]["payload"]["Total"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        _validate(document, "preview")
    document = preview_document(sample_plan(), sample_about())
    document["more"] = True
    with pytest.raises(jsonschema.ValidationError):
        _validate(document, "preview")


def test_a_preview_has_exactly_the_agreed_keys() -> None:
    document = preview_document(sample_plan(), sample_about())
    assert list(document) == [
        "zx", "sync", "verdict", "plan", "by_map", "rules", "snapshot", "counts", "actions", "findings", "totals",
        "calls",
    ]  # fmt: skip
    assert document["verdict"] == "blocked"
    assert document["rules"]["revision"] == "8c1f2d0"
    assert document["snapshot"]["zoho_at"] == "2026-03-31T04:01:06+00:00"
    assert document["calls"]["xero.demo"] == {"needed": 4, "left_today": 812}


def test_verdicts() -> None:
    assert preview_document(quiet_plan(), sample_about())["verdict"] == "unchanged"
    assert preview_document(ready_plan(), sample_about())["verdict"] == "ready"


def test_actions_leave_out_unchanged_and_out_of_scope() -> None:
    plan = sample_plan()
    listed = {action["id"] for action in preview_document(plan, sample_about())["actions"]}
    for action in plan.actions:
        assert (action.id in listed) == (action.outcome != "unchanged" and action.in_scope)


def test_an_action_says_who_what_and_why() -> None:
    document = preview_document(sample_plan(), sample_about())
    invoice = next(action for action in document["actions"] if action["source"]["label"] == "1001")
    assert invoice["source"]["system"] == "zoho.demo"
    assert invoice["source"]["kind"] == "Invoices"
    assert invoice["target"] == {"system": "xero.demo", "kind": "Invoice", "id": None, "label": "Z-1001"}
    assert invoice["payload"]["Contact"] == {"ContactID": {"after": "organisations:5725767000001200201"}}
    assert invoice["totals"] == {"currency": "AUD", "source": "375.35", "target": "375.35", "difference": "0.00"}
    tax = next(change for change in invoice["changes"] if change["field"] == "LineItems[0].TaxType")
    assert (tax["rule"], tax["row"], tax["reads"]) == ("rules/invoices.zx:60", "rules/tax.zx:4", ["Line_Tax"])


def test_amounts_have_two_decimals_quantities_and_prices_none_too_many() -> None:
    assert plain_value({"LineAmount": Decimal("12.5"), "TaxAmount": Decimal(3)}, "") == {
        "LineAmount": "12.50",
        "TaxAmount": "3.00",
    }
    assert plain_value({"Quantity": Decimal("2.0000"), "UnitAmount": Decimal("0.3333")}, "") == {
        "Quantity": "2",
        "UnitAmount": "0.3333",
    }
    assert plain_value(Decimal("1E+3"), "Quantity") == "1000"
    assert plain_value(Decimal("-0.5"), "LineItems[0].LineAmount") == "-0.50"


def test_no_number_with_a_fraction_anywhere() -> None:
    plan = sample_plan()

    def look(value: object) -> None:
        assert not isinstance(value, Decimal)
        if isinstance(value, dict):
            for key, item in value.items():
                assert not isinstance(item, float), key
                look(item)
        if isinstance(value, list):
            for item in value:
                look(item)

    look(push_document(plan, sample_push(plan), sample_about()))


def test_signals_of_rules_have_a_form() -> None:
    assert plain_value(CLEAR, "Reference") == ""
    assert plain_value(TargetRef("xero", "Account", "a-1", code="200"), "AccountCode") == "200"
    assert plain_value(TargetRef("xero", "Contact", "c-1"), "Contact") == "c-1"
    assert plain_value(TargetRef("xero", "Contact", None, map="people", source_id="7"), "x") == {"after": "people:7"}
    assert plain_value([After("items:1")], "x") == [{"after": "items:1"}]


def test_what_has_no_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="Total: a float"):
        plain_value(1.5, "Total")


def test_a_push_says_what_became_of_each_action() -> None:
    plan = sample_plan()
    document = push_document(plan, sample_push(plan), sample_about(run="r-1"))
    by_label = {action["source"]["label"]: action for action in document["actions"]}
    assert by_label["1001"]["outcome"] == "done"
    assert by_label["1001"]["total"] == "375.35"
    assert by_label["1001"]["target"]["id"].startswith("77770000")
    assert by_label["1003"]["outcome"] == "rejected"
    assert by_label["1003"]["messages"]
    assert by_label["1021"]["outcome"] is None
    assert (document["run"], document["duration_ms"], document["stopped"]) == ("r-1", 3250, None)
    assert document["calls"]["xero.demo"] == {"needed": 4, "left_today": 812, "used": 6}


def test_golden() -> None:
    plan = sample_plan()
    text = json.dumps(preview_document(plan, sample_about()), indent=1, ensure_ascii=False) + "\n"
    same_as_golden("preview.json", text)
    text = json.dumps(push_document(plan, sample_push(plan), sample_about(run="r-1")), indent=1, ensure_ascii=False)
    same_as_golden("push.json", text + "\n")
