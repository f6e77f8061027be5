"""Is this Zoho organisation able to take the record? Currencies and taxes, looked up live (reference/zoho 3.3, 3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zx.catalog.live import tax_code
from zx.compile.program import MapProgram
from zx.model.problem import Problem
from zx.plan.document import BuiltLine
from zx.plan.inputs import PlanInputs


class ZohoFitness:
    def __init__(self, inputs: PlanInputs) -> None:
        self._taxes = inputs.catalogue.list("zoho", "Tax")
        self._currencies = inputs.catalogue.list("zoho", "Currency")
        self._base = inputs.snapshot.zoho.base_currency
        self._theirs = inputs.snapshot.xero.base_currency

    def problems(
        self, program: MapProgram, fields: Mapping[str, Any], lines: Sequence[BuiltLine]
    ) -> tuple[Problem, ...]:
        """Everything that Zoho would refuse, or keep otherwise than it was meant."""
        found = [*self._money(program, fields), *(problem for line in lines for problem in self._line(line))]
        return tuple(dict.fromkeys(found))

    def _money(self, program: MapProgram, fields: Mapping[str, Any]) -> Iterator[Problem]:
        currency = fields.get("Currency")
        if currency and self._currencies is not None:
            known = set(self._currencies) or {self._base}
            if currency not in known:
                yield Problem(
                    "R911",
                    "error",
                    f"the Zoho organisation has no active currency {currency}",
                    program.fields["Currency"].rule,
                    help=f"add {currency} in Zoho under currencies",
                    cause=f"currency:zoho:{currency}",
                )
        rate = program.fields.get("Exchange_Rate")
        if rate is None or fields.get("Exchange_Rate") is None or self._currencies == {}:
            return
        if "CurrencyRate" in rate.reads and self._base and self._theirs and self._base != self._theirs:
            yield Problem(
                "R911",
                "error",
                f"Zoho counts exchange rates in {self._base}, Xero in {self._theirs}: the rate cannot be taken over",
                rate.rule,
                help="leave Exchange_Rate out of the rules, so that Zoho uses its own rate",
                cause="base currencies",
            )

    def _line(self, line: BuiltLine) -> Iterator[Problem]:
        if self._taxes is None:
            return
        for tax in line.fields.get("Line_Tax") or ():
            code = tax_code(str(tax.get("name")), tax["percentage"])
            if code not in self._taxes:
                rule = line.rules["Line_Tax"].rule
                yield Problem(
                    "R911",
                    "error",
                    f"the Zoho organisation has no tax {code}",
                    rule,
                    help="name a tax that Zoho has in the table of taxes, or add it in Zoho",
                    cause=f"tax:zoho:{code}",
                )
