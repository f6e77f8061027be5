"""The words of reports: outcomes, fields, values, moments and sums as a bookkeeper says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from zx.plan.action import After, Outcome
from zx.report.figures import leaf, money_text, number_words
from zx.report.plain import settled
from zx.report.visible import visible
from zx.values.dates import instant

SYMBOLS: Mapping[str, str] = {
    "create": "+",
    "update": "~",
    "void": "−",
    "delete": "−",
    "adopt": "↔",
    "block": "?",
    "conflict": "!",
    "skip": "·",
    "unchanged": "=",
}
"""Repeat in one character what the word says; a colour may repeat it again."""

WORDS: Mapping[str, str] = {"block": "blocked", "skip": "skipped"}
"""What a record is called beside its symbol, where the outcome's own name reads like an order."""

TILES: tuple[tuple[Outcome, str], ...] = (
    (Outcome.BLOCK, "blocked"),
    (Outcome.CONFLICT, "in conflict"),
    (Outcome.CREATE, "new"),
    (Outcome.UPDATE, "changed"),
    (Outcome.ADOPT, "adopted"),
    (Outcome.VOID, "voided"),
    (Outcome.DELETE, "deleted"),
    (Outcome.SKIP, "skipped"),
    (Outcome.UNCHANGED, "unchanged"),
)
"""Every outcome, exceptions first, and how it reads after a number."""

RESULT_SYMBOLS: Mapping[str, str] = {
    "done": "✓",
    "adopted": "↔",
    "rejected": "✗",
    "in_doubt": "?",
    "conflict": "!",
    "not_attempted": "·",
}

RESULT_TILES: tuple[tuple[str, str], ...] = (
    ("rejected", "rejected"),
    ("in_doubt", "in doubt"),
    ("conflict", "changed meanwhile"),
    ("not_attempted", "not sent"),
    ("done", "done"),
    ("adopted", "adopted"),
)

SYSTEMS = {"zoho": "Zoho", "xero": "Xero"}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LINE = re.compile(r"^(?P<list>[A-Za-z_]+)\[(?P<index>\d+)\](?:\.(?P<rest>.+))?$")


def counted(number: int, word: str, many: str = "") -> str:
    """``1 document``, ``3 documents``, ``1,204 documents``."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def sums(amounts: Mapping[str, Decimal]) -> str:
    """``144.00 AUD, 20.00 NZD``; blank when there is none."""
    return ", ".join(f"{money_text(amount)} {visible(currency)}" for currency, amount in sorted(amounts.items()))


def added(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Amounts added up by currency."""
    result: dict[str, Decimal] = {}
    for currency, amount in pairs:
        result[currency] = result.get(currency, Decimal(0)) + amount
    return result


def field_group(field: str) -> tuple[str, str]:
    """The part of a record a field belongs to, and its own words: ``LineItems[1].TaxType`` is ("Line 2", "Tax type"),
    ``DueDate`` ("", "Due date")."""
    match = _LINE.match(field)
    if match is None:
        return "", field_words(field)
    rest = match["rest"]
    return f"Line {int(match['index']) + 1}", field_words(rest) if rest else "Whole line"


def field_words(field: str) -> str:
    """``Addresses[POBOX].City`` as ``Addresses POBOX city``: the target's own name, spaced out."""
    words: list[str] = []
    for part in re.split(r"[.\[\]_\s]+", visible(field)):
        words += _CAMEL.sub(" ", part).split()
    kept = [word if word.isupper() else word.lower() for word in words]
    if kept and not kept[0].isupper():
        kept[0] = kept[0][:1].upper() + kept[0][1:]
    return " ".join(kept)


def value_words(value: object, field: str, names: Mapping[str, str]) -> str:
    """``value`` of ``field`` for people. ``names`` gives labels for ids: of records that exist, and of actions that
    will make them."""
    value = settled(value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number_words(value, field)
    if isinstance(value, After):
        return f"the new {names.get(value.action, visible(value.action))}"
    if isinstance(value, str):
        if not value.strip():
            return "blank"
        return names.get(value, visible(value)) if leaf(field).lower().endswith("id") else visible(value)
    if isinstance(value, Mapping):
        if len(value) == 1:
            (key,) = value
            return value_words(value[key], str(key), names)
        return ", ".join(
            f"{field_words(str(key))}: {value_words(item, str(key), names)}" for key, item in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(value_words(item, field, names) for item in value) or "nothing"
    return visible(str(value))


def moment_words(text: str | None) -> str:
    """``2026-03-31T04:05:06+00:00`` as ``2026-03-31 04:05:06 UTC``."""
    if not text:
        return "never"
    return instant(text).strftime("%Y-%m-%d %H:%M:%S UTC")


def age_words(text: str | None, now: str) -> str:
    """How long before ``now`` the instant ``text`` was: ``just now``, ``4 min``, ``3 h``, ``2 days``."""
    if not text:
        return "never read"
    gone: timedelta = instant(now) - instant(text)
    minutes = int(gone.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min old"
    return f"{minutes // 60} h old" if minutes < 48 * 60 else f"{minutes // 1440} days old"
