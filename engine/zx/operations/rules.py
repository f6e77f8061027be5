"""The rules of a sync, from files to a program; ``zx check``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from zx.catalog.schema import Catalogue
from zx.check.typed import TypedRules
from zx.compile.bound import Parts
from zx.compile.build import SettingValue, SyncRules, build
from zx.compile.program import Program
from zx.diagnostics.diagnostic import Diagnostic, Severity
from zx.operations.desk import Desk
from zx.operations.errors import Broken
from zx.operations.metadata import Metadata
from zx.workspace.rules import RuleFiles, rule_files
from zx.workspace.workspace import ZX_TOML, Sync

_PREFIXES = frozenset({"prefix", "quote_prefix", "summary_prefix"})
"""Settings of the starter rules that stand in front of a number."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The rules of one sync judged; ``sources`` hold every text a diagnostic may point into.

    ``program`` is None when a mistake stands in the way, and so are ``typed`` and ``parts``: what it was made from, and
    what its functions are made of.
    """

    sync: Sync
    program: Program | None
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    typed: TypedRules | None = None
    parts: Parts | None = None

    @property
    def errors(self) -> int:
        return sum(found.is_error for found in self.diagnostics)

    @property
    def warnings(self) -> int:
        return len(self.diagnostics) - self.errors

    def usable(self) -> Program:
        """The program. Raises Broken when there is none."""
        if self.program is None or self.errors:
            raise Broken(
                f"the rules of sync {self.sync.name} have {_mistakes(self.errors)}; nothing was read or sent",
                tuple(found for found in self.diagnostics if found.is_error),
                self.sources,
            )
        return self.program


def check(desk: Desk, sync: Sync, metadata: Metadata) -> Checked:
    """Reads and builds the rules of ``sync`` against the packaged catalogue and what was last read. No network."""
    return check_files(rule_files(desk.workspace.root, sync), desk.workspace.text, sync, metadata)


def check_files(files: RuleFiles, zx_toml: str, sync: Sync, metadata: Metadata) -> Checked:
    """Builds the rules of ``sync`` from ``files``, wherever they come from; ``zx_toml`` is the text it stands in."""
    catalogue = metadata.catalogue()
    settings = {name: SettingValue(setting.value, setting.span, setting.key) for name, setting in sync.settings.items()}
    built = build(files.sources, catalogue, SyncRules(sync.name, settings, sync.timezone, sync.place))
    odd = odd_prefixes(sync)
    if any(found.is_error for found in files.diagnostics):
        # Part of the rules is not there: only what each text says of itself can be judged.
        shapes = tuple(found for found in built.diagnostics if found.code[1:3] == "01")
        diagnostics, program = (*files.diagnostics, *shapes, *odd), None
    else:
        diagnostics, program = (*files.diagnostics, *built.diagnostics, *odd), None if odd else built.program
    return Checked(sync, program, catalogue, diagnostics, {ZX_TOML: zx_toml, **files.sources}, built.typed, built.parts)


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
                    note="Xero takes letters, digits and signs of ASCII in a number",
                    help="choose up to four of A-Z, a-z, 0-9 and signs like - or /",
                )
            )
    return tuple(found)


def distinct(checked: Iterable[Checked]) -> tuple[Diagnostic, ...]:
    """The diagnostics of several syncs, each once, in the order of their places: shared files repeat themselves."""
    results = list(checked)
    every = [*(diagnostic for one in results for diagnostic in one.diagnostics), *clashing_prefixes(results)]
    found = dict.fromkeys(every)
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def clashing_prefixes(checked: Iterable[Checked]) -> tuple[Diagnostic, ...]:
    """Warnings for syncs that number invoices in one Xero organisation so that their numbers may meet (F02)."""
    found = []
    for first, second in combinations(checked, 2):
        if first.sync.xero != second.sync.xero or first.sync.zoho == second.sync.zoho:
            continue
        ours, theirs = _prefix(first), _prefix(second)
        if ours is None or theirs is None or not (ours.startswith(theirs) or theirs.startswith(ours)):
            continue
        setting = second.sync.settings.get("prefix")
        how = "have one prefix" if ours == theirs else "have prefixes of which one begins with the other"
        found.append(
            Diagnostic(
                "E0604",
                f"syncs {first.sync.name} and {second.sync.name} share a Xero organisation and {how}",
                second.sync.place if setting is None else setting.span,
                severity=Severity.WARNING,
                note="documents whose numbers meet will be blocked",
                help="give each of them a prefix of its own",
            )
        )
    return tuple(found)


def _prefix(checked: Checked) -> str | None:
    """The prefix in effect; None where the rules have no such setting or could not be built."""
    value = None if checked.program is None else checked.program.settings.get("prefix")
    return value if isinstance(value, str) else None


def _mistakes(number: int) -> str:
    return "a mistake" if number == 1 else f"{number} mistakes"
