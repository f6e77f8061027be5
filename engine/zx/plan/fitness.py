"""Is this organisation able to take the document? Accounts, tax rates, currencies and lock dates, looked up live; and
is the document all that Xero wants of one?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zx.catalog.schema import Catalogue
from zx.compile.program import MapProgram
from zx.model.problem import Problem
from zx.plan.document import BuiltLine

_APPROVED = frozenset({"SUBMITTED", "AUTHORISED"})
_PRINTABLE = re.compile(r"[ -~]*")
_NUMBERS = ("InvoiceNumber", "QuoteNumber", "CreditNoteNumber")
_CLASS_FLAGS = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}
_CLASSES = {
    **dict.fromkeys(("BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT"), "ASSET"),
    **dict.fromkeys(("CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG"), "LIABILITY"),
    **dict.fromkeys(("DEPRECIATN", "DIRECTCOSTS", "EXPENSE", "OVERHEADS"), "EXPENSE"),
    **dict.fromkeys(("OTHERINCOME", "REVENUE", "SALES"), "REVENUE"),
    "EQUITY": "EQUITY",
}
"""The class of an account by its type (reference/xero 2.6), where Xero does not say it."""


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

    def problems(self, program: MapProgram, fields: Mapping[str, Any], lines: Sequence[BuiltLine]) -> list[Problem]:
        """Everything that Xero would refuse of a document that is going to be written, lock dates aside."""
        found = self._shape(program, fields, lines)
        found += [problem for line in lines for problem in self._line(line)]
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
        return list(dict.fromkeys(found))

    def _shape(self, program: MapProgram, fields: Mapping[str, Any], lines: Sequence[BuiltLine]) -> list[Problem]:
        """What a document of Xero has, whatever the organisation (reference/xero 2.1)."""
        found = []
        for number, line in enumerate(lines, 1):
            if fields.get("Status") in _APPROVED and "UnitAmount" in line.fields and not line.fields.get("Description"):
                message = f"line {number}: it has no description, and Xero approves no document with such a line"
                rule = next(iter(line.rules.values())).rule
                help = "describe the line in Zoho, or send the document as a draft"
                found.append(Problem("R916", "error", message, rule, help=help, cause=f"no description:{rule}"))
        for name in _NUMBERS:
            text = fields.get(name)
            if isinstance(text, str) and not _PRINTABLE.fullmatch(text):
                odd = ", ".join(dict.fromkeys(character for character in text if not _PRINTABLE.fullmatch(character)))
                message = f'the number "{text}" holds characters that Xero does not take in a number: {odd}'
                rule = self._rule(program, name)
                help = "correct the number in Zoho, or the prefix in zx.toml"
                found.append(Problem("R916", "error", message, rule, help=help, cause=f"number:{name}:{odd}"))
        return found

    def payment_account_problem(self, code: Any, rule: str) -> Problem | None:
        """Xero takes payments on bank accounts and on accounts that are open for them (reference/xero 2.6, 2.8)."""
        account = None if self._accounts is None else self._accounts.get(str(code))
        if self._accounts is None or code is None:
            return None
        open_for_payments = account is not None and (
            account.attributes.get("Type") == "BANK" or account.attributes.get("EnablePaymentsToAccount") is True
        )
        if account is not None and open_for_payments and account.attributes.get("Status", "ACTIVE") == "ACTIVE":
            return None
        what = (
            "is unknown to the Xero organisation" if account is None else f'"{account.label}" takes no payments in Xero'
        )
        return Problem(
            "R911",
            "error",
            f"the account {code} {what}",
            rule,
            help="set payment_account in zx.toml to an active bank account, or to one that is open for payments",
            cause=f"payment account:{code}",
        )

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

        yield from self._together(line)

    def _together(self, line: BuiltLine) -> Iterator[Problem]:
        """An account that takes no lines, or a tax rate that is not for accounts of its class (reference/xero 2.6,
        2.7)."""
        code, tax = line.fields.get("AccountCode"), line.fields.get("TaxType")
        account = (self._accounts or {}).get(str(code))
        if account is None:
            return
        rule = line.rules.get("AccountCode")
        place = "" if rule is None else rule.rule
        kind = account.attributes.get("Type")
        if kind == "BANK" or account.attributes.get("SystemAccount") in ("DEBTORS", "CREDITORS"):
            yield Problem(
                "R911",
                "error",
                f'Xero takes no lines on the account {code} "{account.label}"',
                place,
                help="name an income account in the rules or settings",
                cause=f"account:{code}",
            )
        rate = (self._rates or {}).get(str(tax))
        flag = _CLASS_FLAGS.get(str(account.attributes.get("Class") or _CLASSES.get(str(kind))))
        if rate is not None and flag is not None and rate.attributes.get(flag) is False:
            yield Problem(
                "R911",
                "error",
                f'the Xero tax rate {tax} cannot be used with the account {code} "{account.label}"',
                place,
                help="name another account or another tax rate in the rules or settings",
                cause=f"unfit:{code}:{tax}",
            )

    def _rule(self, program: MapProgram, name: str) -> str:
        rule = program.fields.get(name)
        return program.rule if rule is None else rule.rule
