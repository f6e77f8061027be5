"""The one table of exit codes (design 4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Exit(IntEnum):
    """How a command ended.

    ``FAILED`` also covers what no retry cures without looking first (a damaged state file, a request a service
    refused as a whole) and zx's own mistakes. ``BLOCKED``: something is left for a person, though everything else may
    be done; mistakes in rules and a plan that went stale count here. ``USAGE`` covers zx.toml as well as arguments.
    ``TEMPORARY``: the same command may do better later (service not reached, a limit, a full disk, another zx at
    work).
    """

    DONE = 0
    FAILED = 1
    USAGE = 2
    BLOCKED = 3
    CHANGES = 4
    IO = 74
    TEMPORARY = 75
    PERMISSION = 77
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.DONE: "done",
    Exit.FAILED: "failed: a damaged state file, a request refused as a whole, a mistake in zx itself; or you said no",
    Exit.USAGE: "wrong usage, or a zx.toml that cannot be used",
    Exit.BLOCKED: "something is left for a person, though everything else may be done: a blocked record, totals that "
    "do not reconcile, a mistake in the rules, a stale plan",
    Exit.CHANGES: "there is something to send (only with `--exit-code`)",
    Exit.IO: "a file could not be read or written",
    Exit.TEMPORARY: "try again later: a service not reached, a limit, a full disk, another zx at work",
    Exit.PERMISSION: "not allowed: the sign-in or its permissions",
    Exit.INTERRUPTED: "interrupted; what was under way was finished",
}
"""The table as people read it."""
