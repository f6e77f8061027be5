"""The console script: loads the rest, so that Ctrl-C during loading ends as quietly as at any other time."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from zx.cli.main import main as start
    except KeyboardInterrupt:
        sys.stderr.write("zx: interrupted\n")
        sys.exit(130)
    start()
