"""What a summary needs of each document: the map that makes it, cut down to the fields that are read.

Members are evaluated only for these (starter rules 2.7): whose customer or item is in doubt is summed up all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zx.check.typed import TypedBody, TypedMap, TypedSection, TypedSummary
from zx.compile.reads import paths, roots

_HEADER = frozenset({"Type", "LineAmountTypes", "CurrencyCode"})
"""What tells a document from another of its number, what its amounts are, and what they are counted in."""
_WORTH = frozenset({"LineAmount", "UnitAmount", "DiscountAmount", "TaxAmount", "TaxType", "AccountCode"})
"""What a line is worth, and the tax Xero will reckon for it."""


def document_of(typed: TypedMap, summary: TypedSummary) -> TypedMap:
    """The map ``typed`` with those fields of header and lines that ``summary`` reads, that say what a document is
    worth, or by which it is recognised where it was sent already."""
    header, rows = set(_HEADER), set(_WORTH)
    for node, body in roots(summary.member):
        inside = body is not summary.member.body
        for read in paths(node, body):
            name = read.keys[0] if read.keys else read.path.partition(".")[0]
            (rows if inside and not read.parent else header).add(name)
    header |= {key.target for match in typed.matches for key in match.keys if key.node is None}
    return replace(
        typed,
        body=_only(typed.body, header),
        sections=tuple(replace(section, body=_only(section.body, _of(section, rows))) for section in typed.sections),
    )


def _of(section: TypedSection, names: Iterable[str]) -> set[str]:
    """A price stated as such has its quantity beside it; a line without tax type takes its item's."""
    stated = {field.target for field in section.body.fields}
    more = {"Quantity"} if "LineAmount" not in stated else set()
    if "TaxType" not in stated:
        more.add("ItemCode")
    return {*names, *more}


def _only(body: TypedBody, names: Iterable[str]) -> TypedBody:
    wanted = set(names)
    return replace(body, fields=tuple(field for field in body.fields if field.target.partition(".")[0] in wanted))
