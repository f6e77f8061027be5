"""The console script: loads the rest, so that Ctrl-C during loading ends as quietly as at any other time.

`zx check` where nothing changed since the last one is answered here: it needs neither click nor the settings.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if checked_before(sys.argv[1:], os.environ):
            sys.exit(0)
        from zx.cli.main import main as start
    except KeyboardInterrupt:
        sys.stderr.write("zx: interrupted\n")
        sys.exit(130)
    start()


def checked_before(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Answers `zx [-C DIR] check [SYNC]` if the last check said the same to the same (decision 0015), and says whether
    it did. Everything else, and every doubt, is for the command."""
    match [*arguments]:
        case ["check", *names] | ["-C", _, "check", *names] if len(names) < 2:
            asked = names[0] if names else None
        case _:
            return False
    folder = arguments[1] if arguments[0] == "-C" else "."
    if (asked or "").startswith("-") or env.get("ZX_NOW") or "_ZX_COMPLETE" in env or not os.path.isdir(folder):  # noqa: PTH112
        return False
    from pathlib import Path

    from zx.operations.remembered import still_clean

    seen = still_clean(Path(folder), asked)
    if seen is None:
        return False
    try:
        sys.stderr.write(f"{seen.clean}\n")
        sys.stderr.flush()
    except OSError:
        return False
    return True
