"""``zx report [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.reports import Form


@click.command()
@click.argument("sync", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "csv"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, sync: str | None, form: Form) -> int:
    """Show the report of the last push again (before the first push, the last preview)."""
    from zx.operations.report import last_report

    desk = face.desk()
    face.put(last_report(desk, desk.only_sync(sync), form))
    return Exit.DONE
