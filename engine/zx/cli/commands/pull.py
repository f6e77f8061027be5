"""``zx pull [SYNC]``."""

from __future__ import annotations

import click

from zx.cli.exits import Exit
from zx.cli.face import Face


@click.command()
@click.argument("sync", required=False)
@click.pass_obj
def command(face: Face, sync: str | None) -> int:
    """Read what changed in Zoho and Xero since the last time (all syncs unless named).

    Also reads the field lists, accounts, tax rates and currencies, so that
    `zx check` knows them. Writes nothing in either system.
    """
    from zx.cli.words import read_lines
    from zx.operations.connections import open_pair
    from zx.operations.pull import pull

    with face.working() as desk:
        for one in desk.syncs(sync):
            with open_pair(desk, one) as pair:
                pulled = pull(desk, pair)
            for line in read_lines(pulled):
                face.put(line)
    return Exit.DONE
