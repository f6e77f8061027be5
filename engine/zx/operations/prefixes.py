"""Prefixes of numbers: characters that Xero takes in none (E0601), syncs whose numbers may meet (E0604)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations

from zx.check import ir
from zx.check.typed import TypedRules
from zx.compile.reads import roots
from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.values.dataclass import dataclass
from zx.workspace.workspace import Sync

_PREFIXES = frozenset({"prefix", "quote_prefix", "summary_prefix"})
"""Settings of the starter rules that stand in front of a number."""


@dataclass(frozen=True, slots=True)
class Prefixed:
    """A sync and its rules, which have no mistake."""

    sync: Sync
    rules: TypedRules

    @property
    def prefix(self) -> str | None:
        """The prefix in effect; None where the rules have no such setting."""
        value = self.rules.settings.get("prefix")
        return value if isinstance(value, str) else None

    @property
    def place(self) -> Span:
        setting = self.sync.settings.get("prefix")
        return self.sync.place if setting is None else setting.span


def odd_prefixes(sync: Sync) -> tuple[Diagnostic, ...]:
    """Errors for prefixes with characters that Xero takes in no number: printable ASCII, no spaces (F02)."""
    found = []
    for name, setting in sync.settings.items():
        if name not in _PREFIXES or not isinstance(setting.value, str):
            continue
        odd = [character for character in setting.value if not "!" <= character <= "~"]
        if odd:
            shown = ", ".join("a space" if character == " " else repr(character) for character in dict.fromkeys(odd))
            found.append(
                Diagnostic(
                    "E0601",
                    f'the {name} "{setting.value}" holds {shown}',
                    setting.span,
                    f"sync {sync.name}",
                    note="Xero takes letters, digits and signs of ASCII in a number",
                    help="choose up to four of A-Z, a-z, 0-9 and signs like - or /",
                )
            )
    return tuple(found)


def clashing_prefixes(syncs: Iterable[Prefixed]) -> tuple[Diagnostic, ...]:
    """Syncs that number invoices in one Xero organisation so that one takes those of the other for its own (an error),
    or that their numbers may meet (a warning, F02)."""
    every = [one for one in syncs if one.prefix is not None]
    found = [taken for first, second in permutations(every, 2) if (taken := _taken(first, second)) is not None]
    said = {diagnostic.span for diagnostic in found}
    met = [one for first, second in combinations(every, 2) if (one := _met(first, second)) is not None]
    return (*found, *(one for one in met if one.span not in said))


def _taken(first: Prefixed, second: Prefixed) -> Diagnostic | None:
    """Whether ``first`` reads back from Xero by its prefix, and that of ``second`` begins with it."""
    ours, theirs = first.prefix, second.prefix
    if first.sync.xero != second.sync.xero or not ours or theirs is None or not theirs.startswith(ours):
        return None
    test = next(_asked(first.rules, ours), None)
    if test is None:
        return None
    names = f"syncs {first.sync.name} and {second.sync.name}"
    return Diagnostic(
        "E0604",
        f"{names} share a Xero organisation, and {'their prefixes are equal' if ours == theirs else _BEGINS}",
        second.place,
        f'`starts with settings.prefix` in sync {first.sync.name} ("{ours}") would take these invoices',
        note=f"it is asked at {test.place}",
        help="choose prefixes of which none begins with the other",
    )


_BEGINS = "one prefix begins with the other"


def _asked(rules: TypedRules, prefix: str) -> Iterator[Span]:
    """Where a map from Xero asks whether a number begins with the prefix."""
    for made in rules.maps.values():
        if made.source.system != "xero":
            continue
        for root in (*(node for node, _ in roots(made)), *(let.node for let in made.body.lets)):
            for node in ir.walk(root):
                if isinstance(node, ir.TextTest) and node.operator == "starts with":
                    right = node.right
                    if isinstance(right, ir.Const) and right.value == prefix:
                        yield node.span


def _met(first: Prefixed, second: Prefixed) -> Diagnostic | None:
    if first.sync.xero != second.sync.xero or first.sync.zoho == second.sync.zoho:
        return None
    ours, theirs = first.prefix, second.prefix
    if ours is None or theirs is None or not (ours.startswith(theirs) or theirs.startswith(ours)):
        return None
    how = "have one prefix" if ours == theirs else "have prefixes of which one begins with the other"
    return Diagnostic(
        "E0604",
        f"syncs {first.sync.name} and {second.sync.name} share a Xero organisation and {how}",
        second.place,
        severity=Severity.WARNING,
        note="documents whose numbers meet will be blocked",
        help="give each of them a prefix of its own",
    )
