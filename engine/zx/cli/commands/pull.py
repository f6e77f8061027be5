"""``zx pull [SYNC]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.desk import Desk
    from zx.operations.planning import Ground


@click.command()
@click.argument("sync", required=False)
@click.option(
    "--export",
    "to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Then write all that was read to one file, for --from on another machine.",
)
@click.option("--redact", is_flag=True, help="With --export: pseudonyms in place of names and free text.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read nothing from a service; take over what FILE holds, which --export wrote.",
)
@click.pass_obj
def command(face: Face, sync: str | None, to: Path | None, redact: bool, source: Path | None) -> int:
    """Read what changed in Zoho and Xero since the last time (all syncs unless named).

    Also reads the field lists, accounts, tax rates and currencies, so that
    `zx check` knows them. Writes nothing in either system.
    """
    if redact and to is None:
        raise click.UsageError("--redact goes with --export FILE: what zx keeps for itself is never changed")
    if source is not None and to is not None:
        raise click.UsageError("--from and --export go different ways; give one of them")
    with face.working() as desk:
        if source is not None:
            return _take(face, desk, sync, source)
        chosen = desk.syncs(sync) if to is None else [desk.only_sync(sync)]
        from zx.cli.words import read_lines
        from zx.operations.connections import open_pair
        from zx.operations.pull import pull

        for one in chosen:
            with open_pair(desk, one) as pair:
                pulled = pull(desk, pair)
            for line in read_lines(pulled):
                face.put(line)
            if to is not None:
                _export(face, desk, pulled.ground, to, redact)
    return Exit.DONE


def _export(face: Face, desk: Desk, ground: Ground, to: Path, redact: bool) -> None:
    from zx.operations.kept import last_metadata
    from zx.operations.offline import export

    carried = export(desk, ground, last_metadata(desk, ground.sync), to, redact=redact)
    face.put(f"{to}: snapshot {carried.snapshot.digest[:12]}" + (", names and free text redacted" if redact else ""))
    if not redact:
        face.say(f"{to} holds customers' data; --redact leaves the people out.")


def _take(face: Face, desk: Desk, sync: str | None, source: Path) -> int:
    from zx.operations.offline import take_over

    one = desk.only_sync(sync)
    number, redacted = take_over(desk, one, source)
    face.put(f"{source}: {number:,} records taken over for sync {one.name}" + (", redacted" if redacted else ""))
    face.say("Nothing was read from a service. `zx preview --offline` uses it; the next pull reads everything anew.")
    return Exit.DONE
