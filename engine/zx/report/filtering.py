"""The filter of record lists: one grammar for the terminal and for the page (``report.js`` speaks the same).

``rule:invoices.zx:42 amount>1000 -action:create "blue gum"``: every term must hold. A term is a word, or ``key:value``,
or ``amount`` with a comparison; ``-`` in front turns it round, commas give a choice, quotation marks keep blanks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from zx.diagnostics.suggest import nearest
from zx.report.view import RecordView, View
from zx.values.dataclass import dataclass

KEYS = ("action", "map", "rule", "field", "number", "name", "currency", "sign", "text")
"""What may stand before a colon."""

_TERM = re.compile(r'(?P<not>-?)(?:(?P<key>[a-z]+)(?P<sign>:|>=|<=|>|<|=))?(?P<value>"[^"]*"?|\S*)')
_COMPARISONS = (">", ">=", "<", "<=", "=")


class BadFilter(ValueError):
    """The filter cannot be understood; ``help`` says what can."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: ``key`` with one of ``values`` (in small letters), or ``amount`` compared by ``sign``."""

    key: str
    sign: str
    values: tuple[str, ...]
    negated: bool


def parse_filter(text: str) -> tuple[Term, ...]:
    """The terms of ``text``. Raises BadFilter."""
    return tuple(_term(match) for match in _TERM.finditer(text.strip()) if match.group())


def _term(match: re.Match[str]) -> Term:
    key, sign, raw = match["key"] or "text", match["sign"] or ":", match["value"]
    quoted = raw.startswith('"')
    value = raw.strip('"').lower()
    negated = bool(match["not"])
    if sign == ":" and key in KEYS:
        return Term(key, sign, (value,) if quoted or key == "text" else tuple(value.split(",")), negated)
    if key == "amount" and sign in _COMPARISONS:
        try:
            Decimal(value.replace(",", ""))
        except InvalidOperation:
            raise BadFilter(f"{match.group()!r} compares with no number", "write it like amount>1000") from None
        return Term(key, sign, (value.replace(",", ""),), negated)
    if key == "amount":
        raise BadFilter(f"{match.group()!r} does not compare", "write it like amount>1000 or amount<=0.05")
    if sign == ":":
        near = nearest(key, KEYS)
        help = f"did you mean {near}:? " if near else ""
        raise BadFilter(f"there is no filter {key}:", f"{help}there are {', '.join(KEYS)} and amount")
    raise BadFilter(f"{match.group()!r} compares what is no amount", "only amount can be compared: amount>1000")


def chosen(view: View, terms: tuple[Term, ...]) -> View:
    """``view`` with only the records that fit ``terms``, each with all that is to be said of it."""
    if not terms:
        return view
    kept = (replace(record, explained=False) for record in view.records if fits(record, terms))
    return replace(view, records=tuple(kept))


def fits(record: RecordView, terms: tuple[Term, ...]) -> bool:
    """Whether every term holds of ``record``."""
    return all(_holds(record, term) != term.negated for term in terms)


def _holds(record: RecordView, term: Term) -> bool:
    if term.key == "amount":
        return bool(record.amount) and _compared(Decimal(record.amount.replace(",", "")), term)
    return any(_is(record, term.key, value) for value in term.values)


def _compared(amount: Decimal, term: Term) -> bool:
    bound = Decimal(term.values[0])
    match term.sign:
        case ">":
            return amount > bound
        case ">=":
            return amount >= bound
        case "<":
            return amount < bound
        case "<=":
            return amount <= bound
    return amount == bound


def _is(record: RecordView, key: str, value: str) -> bool:
    match key:
        case "action":
            return value in (record.key, record.word.lower(), record.result)
        case "map":
            return value == record.map.lower()
        case "currency":
            return value == record.currency.lower()
        case "sign":
            return bool(record.amount) and record.amount.startswith("-") == (value in ("-", "minus"))
        case "number":
            return value in record.number.lower()
        case "name":
            return value in record.party.lower()
        case "field":
            return any(value in f"{change.group} {change.field}".lower() for change in record.changes)
        case "rule":
            return any(_names(place, value) for place in _places(record))
    return value in _all_text(record)


def _places(record: RecordView) -> list[str]:
    changes = [place for change in record.changes for place in (change.rule, change.row)]
    return [*changes, *(problem.rule for problem in record.problems)]


def _names(place: str, value: str) -> bool:
    """Whether ``value`` names ``place``: wholly, without its folder, or without its line."""
    place = place.lower()
    file = place.rpartition(":")[0]
    return bool(value) and any(one == value or one.endswith(f"/{value}") for one in (place, file))


def _all_text(record: RecordView) -> str:
    """Every text of the record, as the page searches it."""
    words = [
        record.result or record.key, record.word, record.map, record.source, record.target, record.source_id,
        record.target_id, record.number, record.party, record.amount, record.currency, record.source_total,
        record.target_total, record.difference, record.reason, record.result_words, *record.waits_for, *record.messages,
    ]  # fmt: skip
    for problem in record.problems:
        words += [problem.code, problem.message, problem.rule, problem.help, problem.fix]
    for change in record.changes:
        words += [change.group, change.field, change.before, change.after, change.rule, change.row, change.reads]
    return " ".join(words).lower()
