"""zx.toml as values (design 3): connections, syncs, and how the daemon may act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.values.dataclass import dataclass

ZX_TOML = "zx.toml"
SETTLE_S = 600
"""How long a real service may still apply a request that nobody waits for any more: may be raised, never lowered."""


class ConfigError(Exception):
    """The workspace cannot be used as it is. ``text`` is that of zx.toml, for showing the places."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], text: str) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics
        self.text = text


class Reach(StrEnum):
    """How a connection's system is reached."""

    EMBEDDED = "embedded sandbox"
    SIMULATOR = "running simulator"
    SERVICE = "real service"


@dataclass(frozen=True, slots=True)
class Connection:
    """One organisation of one system. ``name`` is the full one, ``zoho.acme``.

    ``data`` is an embedded sandbox's data folder (None: the packaged demo data), ``api`` a running simulator's base.
    """

    name: str
    system: Literal["zoho", "xero"]
    reach: Reach
    place: Span
    data: Path | None = None
    api: str | None = None
    data_centre: str | None = None
    tenant: str | None = None
    verify_history: bool = False
    calls_reserved: int = 50
    settle_s: Decimal | None = None

    @property
    def short(self) -> str:
        """The name without its system: ``acme``."""
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of one setting (dates as ISO text), its place in zx.toml and the place of its name."""

    value: str | Decimal | bool
    span: Span
    key: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a sync is due. ``period_s`` for a period (``minute`` after the hour, if said), ``at`` ("02:30") for daily,
    neither for manual."""

    text: str
    period_s: int | None = None
    minute: int | None = None
    at: str | None = None


MANUAL = Schedule("manual")


@dataclass(frozen=True, slots=True)
class Sync:
    """One Zoho organisation into one Xero organisation by some rules."""

    name: str
    zoho: Connection
    xero: Connection
    rules: tuple[str, ...]
    rules_place: Span
    timezone: str
    every: Schedule
    settings: Mapping[str, Setting]
    place: Span

    @property
    def pair(self) -> str:
        """The name of the folder that holds this pair's state: ``acme--books``."""
        return f"{self.zoho.short}--{self.xero.short}"


@dataclass(frozen=True, slots=True)
class RunPolicy:
    """``[run]``: what an unattended cycle may do (design 3)."""

    push: Literal["never", "committed", "any"] = "committed"
    commit_state: bool = True
    max_creates: int | None = 500
    max_total: Decimal | None = None
    max_changed_share: Decimal | None = None
    no_deletes: bool = False
    all_or_nothing: bool = False
    status_page: str | None = None
    on_attention: tuple[str, ...] = ()
    keep_days: int = 90


@dataclass(frozen=True, slots=True)
class Workspace:
    """A loaded zx.toml. ``connections`` by full name, ``syncs`` by name, both in the order of the file."""

    root: Path
    connections: Mapping[str, Connection]
    syncs: Mapping[str, Sync]
    run: RunPolicy = field(default_factory=RunPolicy)
    text: str = ""
