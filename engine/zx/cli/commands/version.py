"""``zx version``."""

from __future__ import annotations

import platform

import click

from zx import __version__
from zx.cli.exits import Exit
from zx.cli.face import Face


@click.command()
@click.pass_obj
def command(face: Face) -> int:
    """Say which zx this is, and on what it runs."""
    face.put(f"zx {__version__} (Python {platform.python_version()}, {platform.system()})")
    return Exit.DONE
