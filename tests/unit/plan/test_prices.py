from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from zx.plan.prices import price_form, single_description, spread_shares
from zx.values.money import round_half_up

cents = st.decimals(min_value="-99999", max_value="99999", places=2)


def test_two_decimals_where_they_do_then_four_then_quantity_one() -> None:
    assert (price_form(D("1113.75"), D(3)).unit_amount, price_form(D("28.00"), D(7)).unit_amount) == (
        D("371.25"),
        D("4.00"),
    )
    assert price_form(D("100.01"), D(3)).unit_amount == D("33.3367")
    single = price_form(D("1000000.01"), D("333.3333"))
    assert single.quantity == 1 or round_half_up(single.quantity * single.unit_amount) == D("1000000.01")
    odd = price_form(D("1.23"), D("0.12345"))
    assert (odd.quantity, odd.unit_amount, odd.single) == (1, D("1.23"), True)


def test_a_negative_quantity_moves_its_sign_to_the_price() -> None:
    form = price_form(D("-20.00"), D(-2))
    assert (form.quantity, form.unit_amount) == (2, D("-10.00"))


@given(cents, st.decimals(min_value="-5000", max_value="5000", places=4))
def test_every_form_is_worth_the_amount_to_the_cent(amount: D, quantity: D) -> None:
    form = price_form(amount, quantity)
    assert round_half_up(form.quantity * form.unit_amount) == amount
    assert form.quantity > 0


def test_the_description_keeps_the_quantity_and_its_limit() -> None:
    assert single_description("Beans", D("0.12345")) == "Beans (quantity 0.12345)"
    assert len(single_description("x" * 4000, D("0.12345"))) == 4000


def test_shares_by_largest_remainder() -> None:
    assert spread_shares(D("46.00"), [D("1225.13"), D("132.93"), D("241.08")]) == [D("35.24"), D("3.82"), D("6.94")]


@given(st.lists(st.decimals(min_value="0", max_value="9999", places=2), min_size=1, max_size=9), st.integers(0, 100))
def test_shares_add_up_and_never_exceed_their_line(gross: list[D], percent: int) -> None:
    total = round_half_up(sum(gross, D(0)) * percent / 100)
    shares = spread_shares(total, gross)
    if shares is None:
        assert total > 0 and sum(gross) == 0
        return
    assert sum(shares) == total
    assert all(0 <= share <= amount for share, amount in zip(shares, gross, strict=True))


def test_a_surcharge_is_shared_like_a_discount() -> None:
    assert spread_shares(D("-1.00"), [D("10"), D("20"), D("-5")]) == [D("-0.33"), D("-0.67"), D("0.00")]


def test_lines_that_cannot_carry_a_discount_say_so() -> None:
    assert spread_shares(D("10.00"), [D("5.00")]) is None
    assert spread_shares(D("1.00"), [D("-5.00"), D("0.00")]) is None
