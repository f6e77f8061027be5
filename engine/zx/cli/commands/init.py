"""``zx init [DIR]``."""

from __future__ import annotations

import shlex
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
    started = init(target)
    place = "this folder" if target == Path() else str(target)
    face.say(f"Wrote {len(started.written)} files in {place}: zx.toml, the rules, and what git needs.")
    for name, lines in started.wanted.items():
        face.say(f"Your {name} was left as it is. Add to it:")
        for line in lines:
            face.say(f"    {line}")
    where = f"cd {shlex.quote(str(folder))} && " if folder else ""
    face.say(f"Next: {where}zx preview")
    return Exit.DONE
