"""From what a rule says a document is worth to the lines that are sent, with the total proven (starter rules 2.1, 2.2).

Order of work: lines as stated, spread, ``line`` sections, price forms, Xero's total predicted, the gap closed or the
document blocked. The engine never sends LineAmount, DiscountRate or, unless a rule states it, DiscountAmount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Money
from zx.catalog.schema import Catalogue
from zx.compile.program import Evaluated, FieldRule, Line, MapProgram, Section, Total
from zx.model.problem import Problem
from zx.model.record import Kind
from zx.plan.prices import price_form, single_description, spread_shares
from zx.plan.totals import DocumentTotals, line_tax, predict
from zx.runtime.values import TargetRef
from zx.values.dataclass import dataclass
from zx.values.money import ZERO, amount_text, plain, round_half_up

_HUNDRED = Decimal(100)
_SIGNED = frozenset({"LineAmount", "UnitAmount", "TaxAmount", "DiscountAmount"})
"""Amounts of a line; its quantity keeps its sign, which moves to the price by itself."""


@dataclass(frozen=True, slots=True)
class BuiltLine:
    """One line in Xero's field names, and for each of its fields the rule that set it."""

    fields: Mapping[str, Any]
    rules: Mapping[str, FieldRule]
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuiltDocument:
    """``total`` is the predicted one, ``stated`` the source's own with the sign that the target gives it; ``problems``
    are errors that forbid sending. ``header``: fields of the document that the engine sets to make it true, each with
    the rule behind it."""

    lines: tuple[BuiltLine, ...]
    total: Decimal | None
    stated: Decimal | None
    problems: tuple[Problem, ...] = ()
    header: Mapping[str, tuple[Any, FieldRule]] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A line while it is worked on: what it is worth (None: a text line or a stated price), and where that came
    from. ``lowered_by`` is the policy that took a share of a discount off it."""

    line: Line
    section: Section
    amount: Decimal | None
    lowered_by: str | None = None


class DocumentBuilder:
    """Builds the lines of documents for one organisation. ``items`` are the values of its items by code.
    ``fills_in_tax``: Xero fills in a tax type that is left out, as it does on everything but quotes (reference/xero
    2.3)."""

    def __init__(
        self, catalogue: Catalogue, items: Mapping[str, Mapping[str, Any]], *, fills_in_tax: bool = True
    ) -> None:
        self._fills_in_tax = fills_in_tax
        self._items = items
        self._tracked = frozenset(code for code, item in items.items() if item.get("IsTrackedAsInventory"))
        self._rates = {
            code: entry.attributes.get("EffectiveRate", ZERO)
            for code, entry in (catalogue.list("xero", "TaxRate") or {}).items()
        }
        self._accounts = catalogue.list("xero", "Account") or {}

    @property
    def rates(self) -> Mapping[str, Decimal]:
        return self._rates

    def build(
        self, program: MapProgram, evaluated: Evaluated, *, taxed_on_total: bool, stock: frozenset[str] = frozenset()
    ) -> BuiltDocument:
        """``taxed_on_total``: the source taxes the document as a whole, so its discount comes before the tax.
        ``stock``: codes of items that are about to be made as stock. A line that says nothing at all is left out."""
        amounts_are = str(evaluated.fields.get("LineAmountTypes", "Exclusive"))
        drafts = [
            _Draft(line, program.sections[line.section], line.fields.get("LineAmount"))
            for line in evaluated.lines
            if line.fields
        ]
        stated = None if evaluated.total is None else evaluated.total.amount
        if owed_back(program.target, stated):
            evaluated, stated = _turned(evaluated), -(stated or ZERO)
            drafts = [_turned_draft(draft) for draft in drafts]
        problems = self._spread(drafts, evaluated, amounts_are, taxed_on_total=taxed_on_total)
        built = []
        for number, draft in enumerate(drafts, 1):
            line, problem = self._line(draft, number, self._tracked | stock)
            built.append(line)
            if problem is not None:
                problems.append(problem)
        if evaluated.total is not None and stated is None and not problems:
            problems.append(_no_total(evaluated.total))
        if problems or evaluated.total is None or stated is None:
            total = None if problems else self._predicted(built, amounts_are).total
            return BuiltDocument(tuple(built), total, stated, tuple(problems))
        return self._close(built, evaluated.total, stated, amounts_are)

    # --- discount ---------------------------------------------------------------------------------------------------

    def _spread(
        self, drafts: list[_Draft], evaluated: Evaluated, amounts_are: str, *, taxed_on_total: bool
    ) -> list[Problem]:
        carriers = [draft for draft in drafts if draft.section.source is not None and draft.amount is not None]
        for spread in evaluated.spreads:
            rates = [self._rate(draft) for draft in carriers]
            net = amounts_are.lower() == "exclusive" and not taxed_on_total
            gross = []
            for draft, rate in zip(carriers, rates, strict=True):
                amount = draft.amount or ZERO
                gross.append(amount + line_tax(amount, rate, "exclusive") if net else amount)
            shares = spread_shares(spread.amount, gross)
            if shares is None:
                message = f"the discount of {amount_text(spread.amount)} cannot be spread over lines worth "
                return [
                    Problem(
                        "R905",
                        "error",
                        message + amount_text(sum(gross, ZERO)),
                        spread.rule,
                        help="correct the discount in Zoho",
                        cause=f"spread:{spread.rule}",
                    )
                ]
            for draft, rate, share in zip(carriers, rates, shares, strict=True):
                lowered = share * _HUNDRED / (_HUNDRED + rate) if net else share
                draft.amount = (draft.amount or ZERO) - round_half_up(lowered)
                if share:
                    draft.lowered_by = spread.rule
        return []

    def _rate(self, draft: _Draft) -> Decimal:
        rate: Decimal = self._rates.get(self.tax_type(draft.line.fields), ZERO)
        return rate

    def tax_type(self, fields: Mapping[str, Any]) -> str:
        """The line's own tax type, else what Xero fills in: the item's, else the account's (reference/xero 2.1)."""
        if not self._fills_in_tax:
            return str(fields.get("TaxType") or "")
        item = fields.get("ItemCode")
        code = item.code if isinstance(item, TargetRef) else item
        details = self._items.get(str(code), {}).get("SalesDetails") or {}
        account = self._accounts.get(fields.get("AccountCode") or details.get("AccountCode") or "")
        found = fields.get("TaxType") or details.get("TaxType")
        return str(found or (account.attributes.get("TaxType") if account is not None else None) or "")

    def _predicted(self, built: list[BuiltLine], amounts_are: str) -> DocumentTotals:
        lines = [
            {**line.fields, "TaxType": self.tax_type(line.fields)} if "UnitAmount" in line.fields else line.fields
            for line in built
        ]
        return predict(lines, amounts_are, self._rates)

    # --- one line ---------------------------------------------------------------------------------------------------

    def _line(self, draft: _Draft, number: int, tracked: frozenset[str]) -> tuple[BuiltLine, Problem | None]:
        fields = {name: value for name, value in draft.line.fields.items() if name != "LineAmount"}
        rules = {name: draft.section.fields[name] for name in fields if name in draft.section.fields}
        rows = dict(draft.line.rows)
        item = fields.get("ItemCode")
        if isinstance(item, TargetRef):
            fields["ItemCode"] = item.code
        if draft.amount is None:
            return BuiltLine(_as_stated(fields), rules, rows), None
        amount_rule = draft.section.fields["LineAmount"]
        quantity = fields.get("Quantity", Decimal(1))
        amount = round_half_up(draft.amount)
        form = price_form(amount, quantity)
        if form.single and quantity != 1:
            if fields.get("ItemCode") in tracked:
                return BuiltLine(fields, rules, rows), self._stock_problem(
                    fields, quantity, amount, number, amount_rule
                )
            fields["Description"] = single_description(str(fields.get("Description", "")), quantity)
            rules.setdefault("Description", amount_rule)
        fields["Quantity"] = form.quantity
        rules.setdefault("Quantity", amount_rule)
        fields["UnitAmount"] = form.unit_amount
        rules["UnitAmount"] = replace(amount_rule, target="UnitAmount", rule=draft.lowered_by or amount_rule.rule)
        if "LineAmount" in rows:
            rows["UnitAmount"] = rows.pop("LineAmount")
        return BuiltLine(fields, rules, rows), None

    def _stock_problem(
        self, fields: Mapping[str, Any], quantity: Decimal, amount: Decimal, number: int, rule: FieldRule
    ) -> Problem:
        code = fields.get("ItemCode")
        return Problem(
            "R906",
            "error",
            f"line {number}: {code} is tracked stock, and {plain(quantity)} of it for {amount_text(amount)} cannot be "
            "written in 4 decimals",
            rule.rule,
            help="quantity 1 would move the wrong stock: correct the quantity or price in Zoho",
            cause=f"stock:{code}",
        )

    # --- the gap ----------------------------------------------------------------------------------------------------

    def _close(self, built: list[BuiltLine], total: Total, stated: Decimal, amounts_are: str) -> BuiltDocument:
        predicted = self._predicted(built, amounts_are)
        if stated != round_half_up(stated):
            problem = _too_fine(total, stated)
            return BuiltDocument(tuple(built), predicted.total, stated, (problem,))
        gap = stated - predicted.total
        if gap == 0:
            return BuiltDocument(tuple(built), predicted.total, stated)
        if total.method is None or total.limit is None or abs(gap) > total.limit:
            return BuiltDocument(
                tuple(built), predicted.total, stated, (self._gap_problem(predicted.total, total, stated),)
            )
        rule = FieldRule("UnitAmount", Money(), total.rule)
        if total.method == "override":
            closed = self._override(built, gap, [line.tax for line in predicted.lines], rule)
            unable = "no line carries tax whose amount could take it"
        else:
            closed = self._rounding_line(built, gap, total, rule)
            unable = "the Xero organisation has no rounding account: name one with rounding_account"
        if closed is None:
            problem = self._gap_problem(predicted.total, total, stated, unable)
            return BuiltDocument(tuple(built), predicted.total, stated, (problem,))
        proven = self._predicted(closed, amounts_are).total
        problems = () if proven == stated else (self._gap_problem(proven, total, stated),)
        return BuiltDocument(tuple(closed), proven, stated, problems)

    def _override(
        self, built: list[BuiltLine], gap: Decimal, taxes: list[Decimal], rule: FieldRule
    ) -> list[BuiltLine] | None:
        """The gap on TaxAmount of the line with most tax; None when no line carries tax."""
        most = max(range(len(built)), key=lambda index: abs(taxes[index]), default=None)
        if most is None or taxes[most] == 0:
            return None
        line = built[most]
        fields = {**line.fields, "TaxAmount": taxes[most] + gap}
        changed = BuiltLine(fields, {**line.rules, "TaxAmount": replace(rule, target="TaxAmount")}, line.rows)
        return [*built[:most], changed, *built[most + 1 :]]

    def _rounding_line(
        self, built: list[BuiltLine], gap: Decimal, total: Total, rule: FieldRule
    ) -> list[BuiltLine] | None:
        """One more line on the rounding account, without tax; None when the organisation has no such account."""
        code = total.account or next(
            (code for code, entry in self._accounts.items() if entry.attributes.get("SystemAccount") == "ROUNDING"),
            None,
        )
        if code is None:
            return None
        own = self._accounts[code].attributes.get("TaxType") if code in self._accounts else None
        tax = own if own and self._rates.get(own, Decimal(1)) == 0 else "NONE"
        fields = {
            "Description": "Rounding",
            "Quantity": Decimal(1),
            "UnitAmount": gap,
            "AccountCode": code,
            "TaxType": tax,
        }
        return [*built, BuiltLine(fields, {name: replace(rule, target=name) for name in fields})]

    def _gap_problem(self, predicted: Decimal, total: Total, stated: Decimal, unable: str = "") -> Problem:
        """``unable``: why a gap within the limit could not be closed."""
        apart = abs(stated - predicted)
        limit = "none" if total.method is None or total.limit is None else amount_text(total.limit)
        return Problem(
            "R905",
            "error",
            f"Xero would make it {amount_text(predicted)}, Zoho says {amount_text(stated)}: {amount_text(apart)} "
            "apart, " + (unable or f"{limit} may be closed"),
            total.rule,
            help="which line is missing or taxed differently? zx explain shows each; correct the document in Zoho",
            cause=f"gap:{total.rule}",
        )


def owed_back(target: Kind, stated: Decimal | None) -> bool:
    """Whether every sign is turned: a credit note holds what is owed back (starter rules 2.2)."""
    return target == Kind("xero", "CreditNote") and stated is not None and stated < 0


def _turned(evaluated: Evaluated) -> Evaluated:
    spreads = tuple(replace(spread, amount=-spread.amount) for spread in evaluated.spreads)
    return replace(evaluated, spreads=spreads)


def _turned_draft(draft: _Draft) -> _Draft:
    fields = {name: -value if name in _SIGNED else value for name, value in draft.line.fields.items()}
    amount = None if draft.amount is None else -draft.amount
    return replace(draft, line=replace(draft.line, fields=fields), amount=amount)


def _as_stated(fields: dict[str, Any]) -> dict[str, Any]:
    """A line without LineAmount: with a price it is sent as it is, a negative quantity's sign on the price; without one
    it is a text line, of which Xero must not make an item's price."""
    if "UnitAmount" not in fields:
        return {name: value for name, value in fields.items() if name == "Description"}
    quantity = fields.get("Quantity", Decimal(1))
    if quantity < 0:
        return {**fields, "Quantity": -quantity, "UnitAmount": -fields["UnitAmount"]}
    return fields


def _too_fine(total: Total, stated: Decimal) -> Problem:
    """Currencies of three decimals (KWD, BHD …): Xero keeps two (reference/xero 4.1), so no line can close the gap."""
    decimals = -int(stated.normalize().as_tuple().exponent)
    return Problem(
        "R905",
        "error",
        f"its total of {amount_text(stated)} has {decimals} decimals, Xero keeps 2: no total there can be equal to it",
        total.rule,
        help="let it add up to whole hundredths in Zoho, by its adjustment for example, or enter it in Xero by hand",
        cause=f"decimals:{total.rule}",
    )


def _no_total(total: Total) -> Problem:
    return Problem(
        "R905",
        "error",
        "its own total is missing, so that nothing can be proven",
        total.rule,
        help="save the document in Zoho once more, so that Zoho works out its total; then run zx preview again",
        cause=f"no total:{total.rule}",
    )
