"""The arithmetic of summaries: whatever happens to a member, its documents add up to what it is worth now."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zx.model.posting import Part, Posting, Share
from zx.plan.groups import EMPTY, posted

DAYS = ("2026-03-10", "2026-03-11")


def share(amount: int) -> Share:
    return Share({"$Total": Decimal(amount)}, (Part(0, ("200",), {"$LineAmount": Decimal(amount)}),))


def posting(order: int, day: str, members: dict[str, Share]) -> Posting:
    return Posting(f"S{order:02}", order, "au", "daily", "Invoices", "Invoice", {"Date": day}, members)


def test_the_latest_document_of_a_group_says_what_a_member_contributes() -> None:
    found = posted([posting(2, DAYS[0], {"a": share(7)}), posting(1, DAYS[0], {"a": share(5), "b": share(1)})])
    key = (("Date", DAYS[0]),)
    assert found.share(key, "a") == share(7) and found.share(key, "b") == share(1)
    assert found.numbers[key, "a"] == "S02" and found.numbers[key, "b"] == "S01"


def test_who_left_a_group_holds_nothing_there_and_was_a_member_once() -> None:
    found = posted([posting(1, DAYS[0], {"a": share(5)}), posting(2, DAYS[0], {"a": EMPTY})])
    assert found.groups == {} and found.ever == {"a"}


def test_a_member_worth_nothing_is_a_member() -> None:
    assert posted([posting(1, DAYS[0], {"a": share(0)})]).groups == {"a": [(("Date", DAYS[0]),)]}


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(DAYS), st.integers(-9, 9)), max_size=12)


@given(STEPS)
def test_documents_of_differences_add_up_to_what_stands_now(steps: list[tuple[str, str, int]]) -> None:
    """Members are edited, moved and cancelled (worth 0 here) at will; each step is posted as differences."""
    written: list[Posting] = []
    sent: dict[str, Decimal] = dict.fromkeys(DAYS, Decimal(0))
    now: dict[str, tuple[str, int]] = {}
    for member, day, amount in steps:
        now[member] = (day, amount)
        known = posted(written)
        for other in DAYS:
            key = (("Date", other),)
            before, after = known.share(key, member), share(amount) if other == day else EMPTY
            if before != after:
                sent[other] += after.values.get("$Total", Decimal(0)) - before.values.get("$Total", Decimal(0))
                written.append(posting(len(written) + 1, other, {member: after}))
    for day in DAYS:
        assert sent[day] == sum(amount for place, amount in now.values() if place == day)
