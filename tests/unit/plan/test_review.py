"""What is open, in the order in which a person should look at it."""

from __future__ import annotations

from decimal import Decimal as D

from tests.unit.plan.test_answers import clash, two_contacts
from tests.unit.plan.test_planner import change, sent
from tests.unit.plan.world import INVOICE, add_invoice, shop
from zx.plan.planner import make_plan
from zx.plan.review import review


def test_biggest_money_first_and_where_each_cure_goes() -> None:
    world = add_invoice(two_contacts(), "301", account="9", Grand_Total=D("990.00"))
    found = review(make_plan(world.inputs()))
    assert [(item.code, sum(item.amounts.values()), item.file) for item in found.items] == [
        ("R904", D("990.00"), ""),
        ("R907", D("220.00"), "decisions.zx"),
    ]
    assert (found.ready, found.waiting) == (False, 2)


def test_a_reported_difference_does_not_wait_but_can_be_answered() -> None:
    world = change(sent(add_invoice(shop(0), "101", Purchase_Order="PO 1")), INVOICE, "x-101", Reference="ours")
    found = review(make_plan(world.inputs()))
    (item,) = found.items
    assert (found.ready, found.waiting, item.code, item.stops) == (True, 0, "R910", False)


def test_one_cause_asks_about_each_of_its_records() -> None:
    world = sent(add_invoice(add_invoice(shop(0), "101", Purchase_Order="a"), "102", Purchase_Order="b"))
    for number in ("101", "102"):
        change(world, INVOICE, f"x-{number}", Status="VOIDED")
    (item,) = review(make_plan(world.inputs())).items
    assert [question.label for question in item.questions] == ["101", "102"]
    assert item.documents == 2


def test_nothing_open_is_ready() -> None:
    assert review(make_plan(sent(shop()).inputs())).items == ()
    assert not review(make_plan(clash().inputs())).ready
