"""Is this organisation able to take the document? Accounts, tax rates, currencies and lock dates, looked up live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zx.catalog.schema import Catalogue
from zx.compile.program import MapProgram
from zx.model.problem import Problem
from zx.plan.document import BuiltLine


class OrganisationFitness:
    def __init__(self, catalogue: Catalogue) -> None:
        self._accounts = catalogue.list("xero", "Account")
        self._rates = catalogue.list("xero", "TaxRate")
        self._currencies = catalogue.list("xero", "Currency")
        organisation = catalogue.list("xero", "Organisation") or {}
        self._locks = [
            str(entry.attributes[name])[:10]
            for entry in organisation.values()
            for name in ("PeriodLockDate", "EndOfYearLockDate")
            if entry.attributes.get(name)
        ]

    def problems(
        self, program: MapProgram, fields: Mapping[str, Any], lines: Sequence[BuiltLine], *, linked: bool
    ) -> list[Problem]:
        """Everything that Xero would refuse for reasons of the organisation; ``linked`` documents are checked for
        lock dates
        only when something of them is going to be written."""
        found = [problem for line in lines for problem in self._line(line)]
        currency = fields.get("CurrencyCode")
        if currency and self._currencies is not None and currency not in self._currencies:
            found.append(
                Problem(
                    "R911",
                    "error",
                    f"the Xero organisation is not subscribed to the currency {currency}",
                    self._rule(program, "CurrencyCode"),
                    help=f"add {currency} in Xero under currencies",
                    cause=f"currency:{currency}",
                )
            )
        locked = None if linked else self.lock_problem(fields.get("Date"), self._rule(program, "Date"))
        if locked is not None:
            found.append(locked)
        return list(dict.fromkeys(found))

    def lock_problem(self, date: Any, rule: str) -> Problem | None:
        """Xero refuses documents dated on or before a lock date (reference/xero 2.1)."""
        last = max(self._locks, default="")
        if not isinstance(date, str) or date > last:
            return None
        return Problem(
            "R912",
            "error",
            f"its date {date} lies in a period that is locked in Xero (up to {last})",
            rule,
            help="move the lock date in Xero, or give the document a later date in Zoho",
            cause=f"lock:{last}",
        )

    def _line(self, line: BuiltLine) -> Iterator[Problem]:
        for name, entries, noun in (
            ("AccountCode", self._accounts, "account"),
            ("TaxType", self._rates, "tax rate"),
        ):
            code = line.fields.get(name)
            if code is None or entries is None or (name == "TaxType" and code == "NONE"):
                continue
            entry = entries.get(code)
            status = None if entry is None else entry.attributes.get("Status", "ACTIVE")
            if status == "ACTIVE":
                continue
            what = "has no" if entry is None else f"has {str(status).lower()} its"
            rule = line.rules.get(name)
            yield Problem(
                "R911",
                "error",
                f"the Xero organisation {what} {noun} {code}",
                rule.rule if rule is not None else "",
                help=f"name another {noun} in the rules or settings, or add it in Xero",
                cause=f"{noun}:{code}",
            )

    def _rule(self, program: MapProgram, name: str) -> str:
        rule = program.fields.get(name)
        return program.rule if rule is None else rule.rule
