"""Where everything of a workspace lies (design 3)."""

from __future__ import annotations

from pathlib import Path

from zx.values.dataclass import dataclass
from zx.workspace.environment import Environment
from zx.workspace.workspace import Connection, Reach, Sync


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one workspace; nothing is created here."""

    root: Path
    environment: Environment

    @property
    def private(self) -> Path:
        """``.zx``: snapshots and sandbox data, ignored by git, for this user only."""
        return self.root / ".zx"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def last(self) -> Path:
        """Summaries of the last runs, one file per sync."""
        return self.private / "last"

    def sandbox(self, connection: Connection) -> Path:
        """The file that holds the sandbox's own copy of its data."""
        return self.private / "sandbox" / f"{connection.name}.sqlite"

    def cache(self, sync: Sync) -> Path:
        return self.private / "snapshot" / f"{sync.pair}.sqlite"

    def remembered(self, sync: Sync) -> Path:
        """The state as it was when the snapshot was read."""
        return self.private / "snapshot" / f"{sync.pair}.state.json"

    @property
    def states(self) -> Path:
        """The git-tracked state, one folder per pair of connections in it."""
        return self.root / "state"

    def guarded(self, sync: Sync, pair: str) -> Path:
        """The folder of journal and lock for one pair of organisations (``pair`` is their name in state).

        Two embedded sandboxes are this workspace's own, so it lies inside; anything else may be reached from several
        workspaces of this user, so they share it (design 3).
        """
        if sync.zoho.reach is Reach.EMBEDDED and sync.xero.reach is Reach.EMBEDDED:
            return self.private / "pairs" / pair
        return self.environment.state_home / "zx" / pair
