"""From what a rule says a document is worth to the lines that Zoho gets, with the total that Zoho will compute proven
equal to the source's (starter rules 2.1, 2.2).

Zoho knows a price with two decimals and a discount in money for the whole line, so an amount that does not divide is
sent as a price rounded up and the rest as the line's Discount. A gap of cents in the taxes goes to the document's
Adjustment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from zx.catalog.fieldtypes import Money
from zx.compile.program import Evaluated, FieldRule, Line, MapProgram, Section, Total
from zx.model.problem import Problem
from zx.plan.document import BuiltDocument, BuiltLine
from zx.plan.prices import single_description, spread_shares
from zx.values.dataclass import dataclass
from zx.values.money import CENT, ZERO, amount_text, round_half_up

STATED = "Total_After_Discount"
ADJUSTMENT = "Adjustment"
_HUNDRED = Decimal(100)
_ROWS = 200
"""The most rows of one document (reference/zoho 2.7)."""


@dataclass(frozen=True, slots=True)
class ZohoLine:
    """What Zoho computes of one line (reference/zoho 3.1)."""

    total: Decimal
    after_discount: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        return self.after_discount + self.tax


@dataclass(frozen=True, slots=True)
class ZohoPrice:
    """Quantity, price and discount whose line is worth the amount. ``single``: the quantity went into the
    description."""

    quantity: Decimal
    list_price: Decimal
    discount: Decimal
    single: bool = False


def zoho_price(amount: Decimal, quantity: Decimal) -> ZohoPrice:
    """The price per piece, rounded up to cents, and what is over; a negative quantity moves its sign to the price.

    Zoho takes no discount above the line itself (reference/zoho 3.2): then one piece at the full amount stands for all.
    """
    size = abs(quantity)
    if size:
        price = (amount / size).quantize(CENT, rounding=ROUND_CEILING)
        total = round_half_up(size * price)
        if abs(total - amount) <= abs(total):
            return ZohoPrice(size, price, total - amount)
    return ZohoPrice(Decimal(1), amount, ZERO, single=quantity != 1)


def zoho_line(fields: Mapping[str, Any]) -> ZohoLine:
    """Totals of a line in Zoho's own field names: half up to cents at each step (reference/zoho 3.4)."""
    total = round_half_up(fields.get("Quantity", Decimal(1)) * fields.get("List_Price", ZERO))
    after = total - round_half_up(fields.get("Discount", ZERO))
    return ZohoLine(total, after, _taxes(after, fields.get("Line_Tax")))


def grand_total(lines: Sequence[Mapping[str, Any]], header: Mapping[str, Any]) -> Decimal:
    """What Zoho will show as the document's total (reference/zoho 3.1)."""
    base = sum((zoho_line(line).net for line in lines), ZERO) - _amount(header.get("Discount"))
    return base + _taxes(base, header.get("$line_tax")) + _amount(header.get(ADJUSTMENT))


def tax_percentage(taxes: Any) -> Decimal:
    """The taxes of a line together: they add up and are not compounded (reference/zoho 3.1)."""
    return sum((_amount(tax.get("percentage")) for tax in taxes or ()), ZERO)


def _taxes(amount: Decimal, taxes: Any) -> Decimal:
    return sum((round_half_up(amount * _amount(tax.get("percentage")) / _HUNDRED) for tax in taxes or ()), ZERO)


def _amount(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


# --- the document -----------------------------------------------------------------------------------------------------


def build_zoho(program: MapProgram, evaluated: Evaluated) -> BuiltDocument:
    """The lines of ``evaluated`` as Zoho gets them. ``header`` of the result is the Adjustment that closes a gap."""
    stated = None if evaluated.total is None else evaluated.total.amount
    lines = [line for line in evaluated.lines if line.fields]
    amounts = [_stated_amount(line) for line in lines]
    problems = _spread(program, evaluated, lines, amounts)
    built = []
    for number, (line, amount) in enumerate(zip(lines, amounts, strict=True), 1):
        section = program.sections[line.section]
        made = _line(line, section, amount)
        built.append(made)
        if made.fields.get("Product_Name") is None:
            problems.append(_no_product(number, section))
    if len(built) > _ROWS:
        problems.append(_too_many(len(built), program))
    if evaluated.total is not None and stated is None and not problems:
        problems.append(_no_total(evaluated.total))
    predicted = grand_total([line.fields for line in built], evaluated.fields)
    if problems or evaluated.total is None or stated is None:
        return BuiltDocument(tuple(built), None if problems else predicted, stated, tuple(problems))
    return _close(built, evaluated, evaluated.total, stated, predicted)


def _stated_amount(line: Line) -> Decimal | None:
    amount = line.fields.get(STATED)
    return round_half_up(amount) if isinstance(amount, Decimal) else None


def _spread(
    program: MapProgram, evaluated: Evaluated, lines: Sequence[Line], amounts: list[Decimal | None]
) -> list[Problem]:
    """Takes what ``spread`` says off the amounts, in place, after the taxes on lines."""
    carriers = [
        index
        for index, line in enumerate(lines)
        if amounts[index] is not None and program.sections[line.section].source is not None
    ]
    for spread in evaluated.spreads:
        rates = [tax_percentage(lines[index].fields.get("Line_Tax")) for index in carriers]
        gross = [
            (amounts[index] or ZERO) + round_half_up((amounts[index] or ZERO) * rate / _HUNDRED)
            for index, rate in zip(carriers, rates, strict=True)
        ]
        shares = spread_shares(spread.amount, gross)
        if shares is None:
            worth = amount_text(sum(gross, ZERO))
            message = f"the discount of {amount_text(spread.amount)} cannot be spread over lines worth {worth}"
            help = "correct the discount in Xero"
            return [Problem("R905", "error", message, spread.rule, help=help, cause=f"spread:{spread.rule}")]
        for index, rate, share in zip(carriers, rates, shares, strict=True):
            lowered = round_half_up(share * _HUNDRED / (_HUNDRED + rate))
            amounts[index] = (amounts[index] or ZERO) - lowered
    return []


def _line(line: Line, section: Section, amount: Decimal | None) -> BuiltLine:
    fields = {name: value for name, value in line.fields.items() if name != STATED}
    rules = {name: section.fields[name] for name in fields if name in section.fields}
    rows = dict(line.rows)
    own = next(iter(section.fields.values()))
    # An absent tax would be filled from the product, an absent price too (reference/zoho 2.7, 3.3).
    fields.setdefault("Line_Tax", [])
    rules.setdefault("Line_Tax", section.fields.get("Line_Tax", own))
    if amount is None:
        fields.setdefault("Quantity", Decimal(1))
        fields.setdefault("List_Price", ZERO)
        for name in ("Quantity", "List_Price"):
            rules.setdefault(name, own)
        return BuiltLine(fields, rules, rows)
    rule = section.fields[STATED]
    quantity = fields.get("Quantity", Decimal(1))
    price = zoho_price(amount, quantity)
    if price.single:
        fields["Description"] = single_description(str(fields.get("Description", "")), quantity)
        rules.setdefault("Description", rule)
    fields["Quantity"], fields["List_Price"] = price.quantity, price.list_price
    rules.setdefault("Quantity", rule)
    rules["List_Price"] = replace(rule, target="List_Price")
    fields["Discount"] = price.discount
    rules["Discount"] = replace(rule, target="Discount")
    if STATED in rows:
        rows["List_Price"] = rows.pop(STATED)
    return BuiltLine(fields, rules, rows)


def _close(
    built: Sequence[BuiltLine], evaluated: Evaluated, total: Total, stated: Decimal, predicted: Decimal
) -> BuiltDocument:
    lines, gap = tuple(built), stated - predicted
    within = total.method is not None and total.limit is not None and abs(gap) <= total.limit
    if gap and not within:
        return BuiltDocument(lines, predicted, stated, (_gap(predicted, total, stated),))
    if gap and total.method != "rounding":
        unable = "Zoho computes its taxes itself: only rounding can close a gap there"
        return BuiltDocument(lines, predicted, stated, (_gap(predicted, total, stated, unable),))
    adjustment = _amount(evaluated.fields.get(ADJUSTMENT)) + gap
    header = {ADJUSTMENT: (adjustment, FieldRule(ADJUSTMENT, Money(), total.rule))}
    proven = grand_total([line.fields for line in lines], {**evaluated.fields, ADJUSTMENT: adjustment})
    problems = () if proven == stated else (_gap(proven, total, stated),)
    return BuiltDocument(lines, proven, stated, problems, header)


def _gap(predicted: Decimal, total: Total, stated: Decimal, unable: str = "") -> Problem:
    limit = "none" if total.method is None or total.limit is None else amount_text(total.limit)
    return Problem(
        "R905",
        "error",
        f"Zoho would make it {amount_text(predicted)}, Xero says {amount_text(stated)}: "
        f"{amount_text(abs(stated - predicted))} apart, " + (unable or f"{limit} may be closed"),
        total.rule,
        help="which line is taxed differently in Zoho? zx explain shows each; correct the tax table or the document",
        cause=f"gap:{total.rule}",
    )


def _no_product(number: int, section: Section) -> Problem:
    rule = section.fields.get("Product_Name")
    return Problem(
        "R916",
        "error",
        f"line {number}: it names no product, and Zoho takes no line without one",
        section.rule if rule is None else rule.rule,
        help="give the line an item in Xero, or set placeholder_product in zx.toml",
        cause=f"no product:{section.rule}",
    )


def _too_many(count: int, program: MapProgram) -> Problem:
    message = f"it has {count} lines, and Zoho takes {_ROWS} in one document"
    help = "divide the document in Xero"
    return Problem("R916", "error", message, program.rule, help=help, cause=f"rows:{program.name}")


def _no_total(total: Total) -> Problem:
    return Problem(
        "R905",
        "error",
        "its own total is missing, so that nothing can be proven",
        total.rule,
        help="open the document in Xero and save it; then run zx preview again",
        cause=f"no total:{total.rule}",
    )
