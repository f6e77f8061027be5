"""Keys: deterministic, short, and never one for two requests."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zx.apply.keys import batch_key, item_key
from zx.apply.markers import stands
from zx.apply.payload import awaited, filled
from zx.plan.action import After

PARTS = {
    "tenant": "t",
    "entity": "Invoices-Invoice",
    "operation": "create",
    "source_id": "57",
    "generation": 1,
    "attempt": 1,
    "body_digest": "d",
}


def key(**changes: object) -> str:
    return item_key(**{**PARTS, **changes})  # type: ignore[arg-type]


def test_a_key_changes_with_each_of_its_parts_only() -> None:
    others = {key(**{name: 9 if isinstance(value, int) else f"{value}x"}) for name, value in PARTS.items()}
    assert len({key(), *others}) == len(PARTS) + 1
    assert key() == key() and len(key()) == 35 and key().startswith("zx1") and key() == key().lower()
    assert key(tenant="a", entity="bc") != key(tenant="ab", entity="c")


def test_the_key_of_a_batch_depends_on_its_order() -> None:
    assert batch_key(["a"]) == "a"
    assert batch_key(["a", "b"]) != batch_key(["b", "a"]) != batch_key(["b", "a", "c"])
    assert len(batch_key(["a", "b"])) == 35


def test_ids_are_filled_in_at_any_depth() -> None:
    payload = {"Contact": {"ContactID": After("p:1")}, "Lines": [{"ItemID": After("q:2")}, "x", Decimal(1)]}
    assert list(awaited(payload)) == ["p:1", "q:2"]
    assert filled(payload, {"p:1": "a", "q:2": "b"}) == {
        "Contact": {"ContactID": "a"},
        "Lines": [{"ItemID": "b"}, "x", Decimal(1)],
    }
    with pytest.raises(KeyError):
        filled(payload, {"p:1": "a"})


@pytest.mark.parametrize(
    ("body", "values", "same"),
    [
        ({"A": "x"}, {"A": "x", "B": 1}, True),
        ({"A": Decimal("1.0")}, {"A": Decimal(1)}, True),
        ({"A": ""}, {}, True),
        ({"A": "x"}, {}, False),
        ({"L": [{"P": 1}]}, {"L": [{"P": 1, "Q": 2}]}, True),
        ({"L": [{"P": 1}]}, {"L": [{"P": 1}, {"P": 2}]}, False),
        ({"L": {"P": 1}}, {"L": "x"}, False),
    ],
)
def test_whether_a_record_says_what_was_sent(body: object, values: object, same: bool) -> None:
    assert stands(body, values) is same
