"""Cures that only the live organisation can complete: the row to paste, with the value it should have."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from zx.catalog.schema import Catalogue
from zx.model.problem import Problem
from zx.values.money import ZERO, plain

_OPEN_TAX_ROW = re.compile(r"^\| (?P<taxes>[^|]+%) \| … \|$")
_PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)%(?: \+ |$)")


def completed(problem: Problem, catalogue: Catalogue) -> Problem:
    """``problem`` with the Xero tax rate filled into its row, where exactly one rate for sales equals the Zoho taxes.

    Equal percentages are evidence, not proof, so the rates are named and a person pastes the row; with several
    rates, or none, the row stays open and the help says which there are.
    """
    row = _OPEN_TAX_ROW.match(problem.fix)
    rates = catalogue.list("xero", "TaxRate")
    if row is None or rates is None:
        return problem
    wanted = sum((Decimal(number) for number in _PERCENTAGE.findall(row["taxes"])), ZERO)
    fitting = [
        entry
        for entry in rates.values()
        if entry.attributes.get("EffectiveRate") == wanted
        and entry.attributes.get("Status", "ACTIVE") == "ACTIVE"
        and entry.attributes.get("CanApplyToRevenue", True)
    ]
    if not fitting:
        return replace(
            problem, help=f"{problem.help}; the organisation has no rate of {plain(wanted)} %: add one in Xero"
        )
    named = ", ".join(f'{entry.code} "{entry.label}"' for entry in fitting)
    help = f"{problem.help}; of {plain(wanted)} % in this organisation: {named}"
    if len(fitting) > 1:
        return replace(problem, help=help)
    return replace(problem, help=help, fix=f"| {row['taxes']} | {fitting[0].code} |")
