"""``zx fmt [FILE…]``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zx.cli.exits import Exit
from zx.cli.face import Face


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a file is laid out differently.")
@click.option("--retable", metavar="NAME", help="Widen the header of this table to its rows, so that they line up.")
@click.pass_obj
def command(face: Face, files: tuple[Path, ...], check: bool, retable: str | None) -> int:
    """Lay out rule files the one agreed way (all of them unless named).

    A folder stands for the rule files in it, `-` for the standard input, whose
    text goes to the standard output. Only white space changes, never a meaning
    and never the order. A file that cannot be read as rules is left as it is
    and shown.
    """
    from zx.diagnostics.render import render_text
    from zx.operations.fmt import fmt
    from zx.operations.fmt import retable as widen

    if Path("-") in files:
        return _stream(face, files, check)
    if retable is not None:
        if files or check:
            raise click.UsageError("--retable stands alone: it finds the table itself")
        result = widen(face.desk(), retable)
    else:
        result = fmt(face.desk(), [face.start / file for file in files], write=not check)
    for name in result.changed:
        face.put(name)
    if result.diagnostics:
        face.say(render_text(result.diagnostics, result.sources, colour=face.colour(face.err)))
        return Exit.BLOCKED
    verb = "would change" if check else "changed"
    face.say(f"{len(result.changed)} {verb}, {result.untouched} as they should be")
    return Exit.FAILED if check and result.changed else Exit.DONE


def _stream(face: Face, files: tuple[Path, ...], check: bool) -> int:
    """The standard input, laid out on the standard output; needs no workspace."""
    from zx.diagnostics.render import render_text
    from zx.operations.fmt import fmt_text

    if len(files) > 1:
        raise click.UsageError("`-` stands alone")
    try:
        given = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        face.say("zx: the standard input is not UTF-8 text")
        return Exit.BLOCKED
    text, result = fmt_text(given, "-")
    if text is None:
        face.say(render_text(result.diagnostics, result.sources, colour=face.colour(face.err)))
        return Exit.BLOCKED
    if not check:
        face.out.write(text)
        face.out.flush()
    return Exit.FAILED if check and result.changed else Exit.DONE
