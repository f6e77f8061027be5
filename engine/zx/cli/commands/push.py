"""``zx push [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.push import Pushed
    from zx.operations.reports import Form, Report


@click.command()
@click.argument("sync", required=False)
@click.option("--yes", "-y", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option("--plan", metavar="ID", help="Send this plan (as a preview named it) or refuse it as stale.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N documents, with what they need.")
@click.option("--all-or-nothing", is_flag=True, help="Send only when nothing is left for a person.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "csv"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(
    face: Face, sync: str | None, yes: bool, plan: str | None, limit: int | None, all_or_nothing: bool, form: Form
) -> int:
    """Read what changed, show what would be sent, ask, and send exactly that.

    Blocked records never hold up ready ones unless --all-or-nothing. Writes
    reports/report.html, .json and .md. Exits 3 when something is left for a
    person, though everything else was sent.
    """
    from zx.cli.interrupt import Interruption
    from zx.cli.words import recovery_lines
    from zx.operations.push import Hooks, Wishes, push

    if not yes and not face.interactive:
        raise click.UsageError("there is no terminal to ask on, so nothing was sent; --yes sends without asking")

    def agree(report: Report) -> bool:
        agreed = yes or _asked(face, report)
        if agreed:
            interruption.finish_first()
        return agreed

    wishes = Wishes(plan, limit, all_or_nothing)
    with Interruption(face.say) as interruption, face.working() as desk:
        hooks = Hooks(agree, face.heard, interruption.asked)
        pushed = push(desk, desk.only_sync(sync), wishes, hooks)
    for line in recovery_lines(pushed.recovery):
        face.say(line)
    face.put(face.report_text(pushed.report) if form == "text" else pushed.report.render(form))
    return _end(face, pushed, interrupted=interruption.asked())


def _asked(face: Face, report: Report) -> bool:
    face.say(face.report_text(report))
    return face.ask("Send this?")


def _end(face: Face, pushed: Pushed, *, interrupted: bool) -> int:
    from zx.cli.failures import tell
    from zx.cli.words import push_line

    match pushed.end:
        case "declined":
            face.say("Nothing was sent.")
            return Exit.FAILED
        case "held":
            face.say("Nothing was sent: something is left for a person, and all or nothing was asked for.")
            return Exit.BLOCKED
        case "nothing":
            face.say("Nothing to send: everything is as the rules want it, or waits for a person.")
            return Exit.BLOCKED if pushed.left else Exit.DONE
    assert pushed.result is not None
    face.say(f"{push_line(pushed)}." + ("" if pushed.unkept else f" Report: {pushed.page}"))
    unkept = Exit.DONE if pushed.unkept is None else tell(pushed.unkept, face)
    if interrupted:
        face.say("zx: interrupted; what was under way was finished. `zx push` goes on from here.")
        return Exit.INTERRUPTED
    if pushed.result.failure is not None:
        return tell(pushed.result.failure, face)
    if pushed.result.stopped or pushed.result.count("in_doubt"):
        face.say(f"zx: {pushed.result.stopped or 'some requests have no answer yet'}")
        face.say("    run `zx push` again: it looks first, and sends nothing twice")
        return Exit.TEMPORARY
    return unkept or (Exit.BLOCKED if pushed.left else Exit.DONE)
