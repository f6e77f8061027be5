"""What every operation is handed: the workspace, its paths, a clock, and ears."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from zx.diagnostics.suggest import nearest
from zx.operations.errors import UsageError
from zx.ports.clock import Clock
from zx.ports.remote import Progress
from zx.values.dataclass import dataclass
from zx.workspace.clock import command_clock
from zx.workspace.config import discover, load
from zx.workspace.environment import Environment
from zx.workspace.paths import Paths
from zx.workspace.workspace import Connection, Sync, Workspace

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """``say`` hears notes in words, ``progress`` how far reading has come. ``transports`` carry the requests to
    addresses that begin so, in place of the network: tests simulate one."""

    workspace: Workspace
    paths: Paths
    environment: Environment
    clock: Clock
    say: Say
    progress: Progress
    transports: Mapping[str, BaseAdapter] = field(default_factory=dict)

    def only_sync(self, name: str | None) -> Sync:
        """The sync called ``name``, or the only one there is. Raises UsageError with the names."""
        syncs = self.workspace.syncs
        if not syncs:
            raise UsageError("zx.toml has no sync", "add a table like [sync.demo]; `zx init` shows one")
        if name is None:
            if len(syncs) > 1:
                raise UsageError("zx.toml has several syncs; say which", f"one of: {', '.join(syncs)}")
            return next(iter(syncs.values()))
        if name not in syncs:
            near = nearest(name, syncs)
            words = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"there is no sync {name!r} in zx.toml{words}", f"one of: {', '.join(syncs)}")
        return syncs[name]

    def syncs(self, name: str | None) -> list[Sync]:
        """The sync called ``name``, or all of them in the order of zx.toml."""
        if name is None and self.workspace.syncs:
            return list(self.workspace.syncs.values())
        return [self.only_sync(name)]

    def connection(self, name: str) -> Connection:
        """The connection of this full name. Raises UsageError with the names."""
        known = self.workspace.connections
        if name not in known:
            near = nearest(name, known)
            words = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"there is no connection {name!r} in zx.toml{words}", f"one of: {', '.join(known)}")
        return known[name]


def open_desk(start: Path, environment: Environment, *, say: Say, progress: Progress) -> Desk:
    """The desk for the workspace at or above ``start``. Raises UsageError, ConfigError, BadNow."""
    root = discover(start)
    if root is None:
        raise UsageError(
            f"there is no zx.toml in {start.resolve()} or above it", "make a workspace with `zx init`, or try `zx demo`"
        )
    clock = command_clock(environment)
    return Desk(load(root), Paths(root, environment), environment, clock, say, progress)
