"""``zx status [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.operations.status import Status


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
    """Say how each sync stands: last read, last push, what is open, what is linked.

    Looks only at what is on this disk; reads nothing from Zoho or Xero.
    """
    from zx.operations.status import status

    desk = face.desk()
    found = [status(desk, one) for one in desk.syncs(sync)]
    if form == "json":
        face.put(pretty([one.document() for one in found]))
    else:
        for one in found:
            face.put(_text(one))
    return Exit.DONE


def _text(status: Status) -> str:
    from zx.cli.words import bullet
    from zx.report.visible import visible
    from zx.report.words import moment_words

    def side(name: str) -> str:
        organisation = status.organisations.get(name)
        return f"{name} ({visible(organisation)})" if organisation else name

    lines = {
        "read": ", ".join(f"{name} {moment_words(at)}" for name, at in status.read_at.items())
        or "never; start with `zx pull`",
        "preview": _run(status.preview, "never"),
        "push": _run(status.push, "never"),
        "links": ", ".join(f"{number:,} {entity}" for entity, number in status.links.items()) or "none yet",
        "in doubt": f"{len(status.doubts)}; the next push looks them up first" if status.doubts else "nothing",
    }
    return "\n".join([f"{status.sync}: {side(status.zoho)} to {side(status.xero)}", *bullet(lines)])


def _run(summary: object, nothing: str) -> str:
    if not isinstance(summary, dict):
        return nothing
    from zx.report.words import moment_words

    return f"{moment_words(summary['at'])}: {summary['line'].partition(': ')[2]}"
