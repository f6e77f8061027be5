"""``zx log [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.operations.history import Entry


@click.command()
@click.argument("sync", required=False)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, sync: str | None, limit: int, form: str) -> int:
    """Show what earlier runs did, from the state in git: links made, taken back, sent once more.

    Each line is a commit that changed state/. What is not committed yet is
    shown by `zx diff --state HEAD`.
    """
    from zx.operations.history import log

    desk = face.desk()
    found = {one.name: log(desk, one, limit) for one in desk.syncs(sync)}
    if form == "json":
        face.put(pretty({name: [_document(entry) for entry in entries] for name, entries in found.items()}))
        return Exit.DONE
    for name, entries in found.items():
        face.put(f"{name}: {len(entries)} {'commit' if len(entries) == 1 else 'commits'} of its state")
        for entry in entries:
            face.put(_line(entry))
    return Exit.DONE


def _document(entry: Entry) -> dict[str, object]:
    return {
        "commit": entry.commit,
        "at": entry.at,
        "subject": entry.subject,
        "serial": entry.serial,
        "links": dict(entry.counts),
    }


def _line(entry: Entry) -> str:
    from zx.report.visible import visible
    from zx.report.words import moment_words

    counts = ", ".join(f"{number:,} {turn}" for turn, number in entry.counts.items() if number) or "no link changed"
    return f"  {entry.commit[:10]}  {moment_words(entry.at)}  {counts}  {visible(entry.subject)}"
