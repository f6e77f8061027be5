"""``zx review [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.plan.review import Review


@click.command()
@click.argument("sync", required=False)
@click.option("--offline", is_flag=True, help="Read nothing; use what the last pull read.")
@click.option("--list", "listed", is_flag=True, help="Only list what is open, on a terminal too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, sync: str | None, offline: bool, listed: bool, form: str) -> int:
    """Settle what is still open: by root cause, biggest money first.

    Reads what changed first. On a terminal it goes through everything that a
    person can answer, shows both sides, and writes the answer where it belongs:
    a line into decisions.zx, or a row into the rules if they still check with
    it. Without a terminal it lists the lines to paste. Writes nothing in Zoho
    or Xero. Exits 3 while something is open.
    """
    from zx.cli.person import Person
    from zx.operations.review import look, walk
    from zx.report.review import review_document, review_text, summary

    with face.working() as desk:
        chosen = desk.only_sync(sync)
        found = look(desk, chosen, offline=offline)
    if form == "json":
        face.put(pretty(review_document(found)))
        return _exit(found)
    if listed or not face.interactive or not found.items:
        face.put(review_text(found))
        return _exit(found)
    if walk(desk, chosen, found, Person(face)):
        found = look(desk, chosen, offline=True)
        face.say("")
    face.put(summary(found))
    if found.waiting:
        face.say("What is left: zx review --list")
    return _exit(found)


def _exit(found: Review) -> int:
    return Exit.DONE if found.ready else Exit.BLOCKED
