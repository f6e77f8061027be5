"""Will the organisation take it? Everything that would be refused of a record that is going to be written."""

from __future__ import annotations

from typing import Any

from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan import crediting, walks
from zx.plan.document import BuiltDocument
from zx.plan.fitness import OrganisationFitness
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.stock import StockCount
from zx.plan.wish import Wish, WishMaker
from zx.plan.zoho_fitness import ZohoFitness


class Acceptance:
    """Asks about the documents of one plan in the order in which they are decided: each takes its stock."""

    def __init__(self, inputs: PlanInputs, judge: Judge, wishes: WishMaker) -> None:
        self._inputs = inputs
        self._wishes = wishes
        self._fitness = OrganisationFitness(inputs.catalogue)
        self._zoho_fitness = ZohoFitness(inputs)
        items = Kind("xero", "Item")
        self._stock = StockCount(judge.index(items).records if inputs.catalogue.shape("xero", "Item") else ())

    def of_payment(self, judged: Judged, wish: Wish) -> list[Problem]:
        """What is wrong with the account and the day of a payment."""
        rule, day = judged.map.fields["Account"].rule, judged.map.fields.get("Date")
        found = [
            self._fitness.payment_account_problem(wish.fields.get("Account"), rule),
            self._fitness.lock_problem(wish.fields.get("Date"), rule if day is None else day.rule),
        ]
        return [problem for problem in found if problem is not None]

    def locked(self, judged: Judged, date: Any, rule: str) -> Problem | None:
        """Lock dates hold for what is posted; quotes are not."""
        return None if judged.map.target == walks.QUOTE else self._fitness.lock_problem(date, rule)

    def unfit(
        self, judged: Judged, wish: Wish, built: BuiltDocument | None, target: Record | None
    ) -> tuple[Problem, ...]:
        """What the organisation would refuse, asked only of a document that is going to be written. ``target``: what
        stands there now."""
        if judged.map.target.system == "zoho":
            return self._zoho_fitness.problems(
                judged.map, judged.evaluated.fields, () if built is None else built.lines
            )
        if built is None:
            return ()
        found = self._fitness.problems(judged.map, wish.fields, built.lines)
        if target is None:
            rule = wish.rules.get("Date")
            locked = self.locked(judged, wish.fields.get("Date"), judged.map.rule if rule is None else rule.rule)
            found += [] if locked is None else [locked]
        found += self._foreign_rate(wish)
        if not found and not built.problems and judged.map.target == crediting.INVOICE:
            status = wish.fields.get("Status")
            found = self._stock.take(status, built.lines, self._wishes.coming_stock(judged.evaluated), target)
        return tuple(found)

    def _foreign_rate(self, wish: Wish) -> list[Problem]:
        """Zoho's rates count in its own base currency, Xero's in Xero's (reference/xero 4.7, zoho 3.6)."""
        rule, snapshot = wish.rules.get("CurrencyRate"), self._inputs.snapshot
        ours, theirs = snapshot.zoho.base_currency, snapshot.xero.base_currency
        pinned = wish.fields.get("CurrencyRate") is not None and rule is not None and "Exchange_Rate" in rule.reads
        if rule is None or not pinned or not ours or not theirs or ours == theirs:
            return []
        return [
            Problem(
                "R911",
                "error",
                f"Zoho counts exchange rates in {ours}, Xero in {theirs}: the rate cannot be pinned",
                rule.rule,
                help='set currency_rate = "xero", so that Xero uses its own rate of the day',
                cause="base currencies",
            )
        ]

    def by_itself(self, judged: Judged, built: BuiltDocument | None) -> tuple[Problem, ...]:
        """What is wrong with the document by itself, and what its rules warn of."""
        warnings = tuple(problem for problem in judged.evaluated.problems if problem.severity == "warning")
        if built is None:
            return warnings
        lineless = () if built.lines else (self._lineless(judged),)
        return (*built.problems, *lineless, *warnings)

    def _lineless(self, judged: Judged) -> Problem:
        rule = judged.map.sections[0].rule if judged.map.sections else judged.map.rule
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        message, help = f"it has no lines, and {there} takes no document without any", f"add its lines in {here}"
        return Problem("R916", "error", message, rule, help=help, cause=f"no lines:{judged.map.name}")
