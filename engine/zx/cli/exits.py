"""The one table of exit codes (design 4)."""

from __future__ import annotations

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
