"""``zx diff REV [REV2]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.diff import Compared


@click.command()
@click.argument("revision", metavar="REV")
@click.argument("other", metavar="[REV2]", required=False)
@click.option("--sync", help="Which sync, when zx.toml has several.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare on the data of this file, which `zx pull --export` wrote.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.option("--all", "whole", is_flag=True, help="Show every record, not only the first screen.")
@click.option("--names", is_flag=True, help="In Markdown: show names of customers too.")
@click.option(
    "--state", "links", is_flag=True, help="Compare what zx remembers, not the rules: links added, removed, …"
)
@click.option("--exit-code", is_flag=True, help="Exit 4 when anything differs.")
@click.pass_obj
def command(
    face: Face,
    revision: str,
    other: str | None,
    sync: str | None,
    source: Path | None,
    form: str,
    whole: bool,
    names: bool,
    links: bool,
    exit_code: bool,
) -> int:
    """Show what a change of the rules does to the data that was last read.

    Compares the rules and settings of git revision REV with the files as they
    are, or with those of REV2: which records would go otherwise, field by
    field, how much money moves, and which changed line is to blame. Reads no
    network and needs no sign-in. Writes reports/diff.html, .json and .md. Exits 3 when records are newly blocked.
    """
    if links:
        return _state(face, (revision, other), sync, form, exit_code)
    from zx.cli.output import pretty
    from zx.operations.diff import diff
    from zx.report.diff.markdown import diff_markdown
    from zx.report.diff.terminal import diff_text

    with face.working() as desk:
        found = diff(desk, desk.only_sync(sync), revision, other, source=source)
    if form == "json":
        face.put(pretty(found.view.document))
    elif form == "md":
        face.put(diff_markdown(found.view, names=names))
    else:
        unicode = face.unicode(face.out)
        face.put(diff_text(found.view, width=face.width(), colour=face.colour(face.out), unicode=unicode, whole=whole))
        face.say(f"Look closer: {found.page}")
    return _exit(found, exit_code)


def _exit(found: Compared, exit_code: bool) -> int:
    if found.newly_blocked:
        return Exit.BLOCKED
    return Exit.CHANGES if exit_code and found.differs else Exit.DONE


def _state(face: Face, revisions: tuple[str, str | None], sync: str | None, form: str, exit_code: bool) -> int:
    from zx.cli.output import pretty
    from zx.operations.history import TURNS, state_diff
    from zx.report.visible import visible

    if form == "md":
        raise click.UsageError("--state is told as text or json")
    desk = face.desk()
    turns = state_diff(desk, desk.only_sync(sync), *revisions)
    if form == "json":
        made = [{"turn": one.turn, "links": str(one.entity), "source": one.source, "old": one.old or None,
                 "new": one.new or None} for one in turns]  # fmt: skip
        face.put(pretty(made))
    else:
        counts = [f"{sum(one.turn == turn for one in turns):,} {turn}" for turn in TURNS]
        face.put(f"links: {', '.join(counts)}" if turns else "links: no difference")
        for one in turns:
            ends = " → ".join(filter(None, dict.fromkeys((one.old, one.new))))
            face.put(visible(f"  {one.turn:<10} {one.entity} {one.source} → {ends}"))
    return Exit.CHANGES if exit_code and turns else Exit.DONE
