"""``zx sandbox serve|dump|edit|reset``."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from zx.cli.exits import Exit
from zx.cli.face import Face


@click.group()
def command() -> None:
    """Serve, show, edit or reset the simulated systems of this workspace."""


@command.command()
@click.option("--zoho-port", type=click.IntRange(1, 65535), help="Port for Zoho; a free one unless given.")
@click.option("--xero-port", type=click.IntRange(1, 65535), help="Port for Xero; a free one unless given.")
@click.option(
    "--calls-a-day",
    type=click.IntRange(min=0),
    metavar="N",
    help="Refuse calls (429) beyond N a day for each system and beyond Xero's 60 a minute; else none is refused.",
)
@click.pass_obj
def serve(face: Face, zoho_port: int | None, xero_port: int | None, calls_a_day: int | None) -> int:
    """Serve the sandboxes over HTTP on this machine only.

    Prints one line of JSON when ready: for each connection its address and the
    credentials of a client. Runs until it is interrupted.
    """
    from zx.operations.sandbox import serving
    from zx.values.jsontext import dumps

    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serving(face.desk(), zoho_port, xero_port, calls_a_day) as entries:
            face.put(dumps(entries))
            face.say("Serving on loopback; Ctrl-C ends it.")
            while not asked.wait(0.5):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return Exit.DONE


@command.command()
@click.argument("name", metavar="SYSTEM.NAME")
@click.pass_obj
def dump(face: Face, name: str) -> int:
    """Print everything a sandbox holds as JSON, as its API would return each record."""
    from zx.cli.output import pretty
    from zx.operations import sandbox

    face.put(pretty(sandbox.dump(face.desk(), name)))
    return Exit.DONE


@command.command()
@click.argument("name", metavar="SYSTEM.NAME")
@click.argument("collection")
@click.argument("record", metavar="ID|new")
@click.argument("fields", metavar="JSON")
@click.pass_obj
def edit(face: Face, name: str, collection: str, record: str, fields: str) -> int:
    """Change a record as a person in the web page would, or add one.

    Totals are computed again and the modified time moves. Example:

    \b
    zx sandbox edit zoho.demo Invoices new '{"Subject": "Test"}'
    """
    from zx.cli.output import pretty
    from zx.operations import sandbox

    face.put(pretty(sandbox.edit(face.desk(), name, collection, record, fields)))
    return Exit.DONE


@command.command()
@click.argument("name", metavar="[SYSTEM.NAME]", required=False)
@click.pass_obj
def reset(face: Face, name: str | None) -> int:
    """Start over: the sandbox (all of them unless named) is made anew from its data.

    It is another organisation then, so links of the old one no longer fit; zx
    says so at the next run and names the cure.
    """
    from zx.operations import sandbox

    for done in sandbox.reset(face.desk(), name):
        face.say(f"{done} was made anew from its data.")
    return Exit.DONE
