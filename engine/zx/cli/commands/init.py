"""``zx init [DIR]``."""

from __future__ import annotations

from pathlib import Path

import click

from zx.cli.exits import Exit
from zx.cli.face import Face


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def command(face: Face, folder: Path | None) -> int:
    """Make a new workspace in DIR (the current folder unless named).

    Writes zx.toml, the starter rules and what git needs; both connections are
    simulated ones with demo data, so everything can be tried at once. Never
    overwrites anything.
    """
    from zx.operations.init import init

    target = face.start / folder if folder else face.start
    names = init(target)
    face.say(f"Wrote {len(names)} files in {target}: zx.toml, the rules, and what git needs.")
    where = f"cd {folder} && " if folder else ""
    face.say(f"Next: {where}zx preview")
    return Exit.DONE
