"""The rules of a sync, from files to a program; ``zx check``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue
from zx.compile.build import SettingValue, SyncRules, build
from zx.compile.program import Program
from zx.diagnostics.diagnostic import Diagnostic
from zx.operations.desk import Desk
from zx.operations.errors import Broken
from zx.workspace.rules import rule_files
from zx.workspace.workspace import ZX_TOML, Sync


@dataclass(frozen=True, slots=True)
class Metadata:
    """What both organisations add to the packaged catalogue, as last read; None where never read."""

    zoho: Mapping[str, Any] | None = None
    xero: Mapping[str, Any] | None = None
    read_at: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The rules of one sync judged. ``program`` is None when a mistake stands in the way; ``sources`` hold every text
    a diagnostic may point into."""

    sync: Sync
    program: Program | None
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]

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
    files = rule_files(desk.workspace.root, sync)
    catalogue = with_metadata(packaged(), zoho=metadata.zoho, xero=metadata.xero, read_at=metadata.read_at or {})
    settings = {name: SettingValue(setting.value, setting.span) for name, setting in sync.settings.items()}
    built = build(files.sources, catalogue, SyncRules(sync.name, settings, sync.timezone, sync.place))
    diagnostics = (*files.diagnostics, *built.diagnostics)
    program = None if any(found.is_error for found in files.diagnostics) else built.program
    return Checked(sync, program, catalogue, diagnostics, {ZX_TOML: desk.workspace.text, **files.sources})


def distinct(checked: Iterable[Checked]) -> tuple[Diagnostic, ...]:
    """The diagnostics of several syncs, each once, in the order of their places: shared files repeat themselves."""
    found = {diagnostic: None for one in checked for diagnostic in one.diagnostics}
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def _mistakes(number: int) -> str:
    return "a mistake" if number == 1 else f"{number} mistakes"
