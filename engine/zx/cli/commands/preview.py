"""``zx preview [SYNC]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.preview import Previewed
    from zx.operations.reports import Form


@click.command()
@click.argument("sync", required=False)
@click.option("--offline", is_flag=True, help="Read nothing; use what the last pull read.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read nothing; use the data of this file, which `zx pull --export` wrote.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "csv"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.option("--all", "whole", is_flag=True, help="Show every record, not only the first screen.")
@click.option(
    "--filter",
    "wanted",
    metavar="FILTER",
    help="List only records that fit, like 'amount>1000 rule:tax.zx -action:create'.",
)
@click.option("--exit-code", is_flag=True, help="Exit 4 when there is something to send.")
@click.pass_obj
def command(
    face: Face,
    sync: str | None,
    offline: bool,
    source: Path | None,
    form: Form,
    whole: bool,
    wanted: str | None,
    exit_code: bool,
) -> int:
    """Show what a push would do, and why: each record, each field, both totals.

    Reads what changed first. Writes reports/preview.html, .json and .md; writes
    nothing in Zoho or Xero. Exits 3 when something is left for a person.
    """
    from zx.operations.preview import preview
    from zx.report.filtering import BadFilter, parse_filter

    if wanted is not None and form != "text":
        raise click.UsageError("--filter chooses what the terminal lists; the documents hold everything")
    try:
        terms = parse_filter(wanted or "")
    except BadFilter as error:
        raise click.UsageError(f"{error}; {error.help}") from None
    with face.working() as desk:
        result = preview(desk, desk.only_sync(sync), offline=offline, source=source)
    if form == "text":
        face.put(face.report_text(result.report, whole=whole, terms=terms))
        face.say(f"Look closer: {result.page}")
    else:
        face.put(result.report.render(form))
    return _exit(result, exit_code)


def _exit(result: Previewed, exit_code: bool) -> int:
    if result.report.open:
        return Exit.BLOCKED
    return Exit.CHANGES if exit_code and result.changes else Exit.DONE
