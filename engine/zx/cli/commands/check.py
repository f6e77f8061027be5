"""``zx check [SYNC]``."""

from __future__ import annotations

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty


@click.command()
@click.argument("sync", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, sync: str | None, form: str) -> int:
    """Look for mistakes in zx.toml and in the rules (of all syncs unless named).

    Needs no network: the fields, accounts and tax rates are those of the last
    `zx pull`. Exits 3 when there is a mistake; warnings alone do not count.
    """
    from zx.diagnostics.render import render_json, render_text
    from zx.operations.pull import last_metadata
    from zx.operations.rules import check, distinct

    desk = face.desk()
    results = [check(desk, one, last_metadata(desk, one)) for one in desk.syncs(sync)]
    found = distinct(results)
    if form == "json":
        face.put(pretty(render_json(found)))
    elif found:
        sources = {name: text for one in results for name, text in one.sources.items()}
        face.put(render_text(found, sources, colour=face.colour(face.out)))
    errors = sum(diagnostic.is_error for diagnostic in found)
    files = len({name for one in results for name in one.sources})
    names = ", ".join(one.sync.name for one in results)
    if errors:
        face.say(f"{_counted(errors, 'mistake')} and {_counted(len(found) - errors, 'warning')} in {files} files")
        return Exit.BLOCKED
    words = f", {_counted(len(found), 'warning')}" if found else ""
    face.say(f"{files} files, sync {names}: no mistakes{words}")
    return Exit.DONE


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
