"""``zx check [SYNC]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face

if TYPE_CHECKING:
    from zx.operations.desk import Desk

FORMATS = ("text", "plain", "json", "sarif", "github")


@click.command()
@click.argument("sync", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.option("--reads", is_flag=True, help="Say which records are read, and which rules want them.")
@click.option(
    "--fix",
    is_flag=False,
    flag_value="all",
    metavar="[CODE]",
    help="Put in the fixes that are proposed (of one code only), lay out what changed, and check again.",
)
@click.option("--cost", is_flag=True, help="Say how much work one record is at most.")
@click.pass_obj
def command(face: Face, sync: str | None, form: str, reads: bool, cost: bool, fix: str | None) -> int:
    """Look for mistakes in zx.toml and in the rules (of all syncs unless named).

    Needs no network: the fields, accounts and tax rates are those of the last
    `zx pull`. Exits 3 when there is a mistake; warnings alone do not count.

    Formats: text draws each mistake below its line, plain says it in words
    (for screen readers), json, sarif (code scanning) and github (annotations
    in a pull request) are for programs.
    """
    from zx.operations.checked import known_clean, look, remember_clean

    if (reads or cost) and form not in ("text", "plain"):
        raise click.UsageError("--reads and --cost are for people: use --format text or plain")
    desk = face.desk()
    if fix is not None:
        _fix(face, desk, sync, fix)
    syncs = desk.syncs(sync)
    seen = look(desk, sync, syncs) if form == "text" and not reads and not cost else None
    if seen is not None and known_clean(desk, seen):
        face.say(seen.clean)
        return Exit.DONE
    from zx.cli import findings
    from zx.operations.kept import last_metadata
    from zx.operations.rules import check, distinct

    results = [check(desk, one, last_metadata(desk, one), counting=True, compiling=False) for one in syncs]
    if any(one.answers is not None and one.answers.decisions.answers for one in results):
        from zx.operations.answered import with_data

        # What the data say of answers takes a plan, and a plan takes a program.
        results = [with_data(desk, check(desk, one, last_metadata(desk, one), counting=True)) for one in syncs]
    found = distinct(results)
    findings.show(face, form, found, results)
    for one in results:
        if reads and one.sound:
            findings.reads(face, one)
        if cost and one.sound:
            findings.cost(face, one)
    errors = sum(diagnostic.is_error for diagnostic in found)
    files = len({name for one in results for name in one.sources})
    names = ", ".join(one.sync.name for one in results)
    if errors:
        face.say(f"{_counted(errors, 'mistake')} and {_counted(len(found) - errors, 'warning')} in {files} files")
        return Exit.BLOCKED
    if seen is not None and not found:
        remember_clean(desk, seen)
    words = f", {_counted(len(found), 'warning')}" if found else ""
    face.say(f"{files} files, sync {names}: no mistakes{words}")
    return Exit.DONE


def _fix(face: Face, desk: Desk, sync: str | None, code: str) -> None:
    from zx.diagnostics.codes import CODES
    from zx.operations.fix import fix

    wanted = None if code == "all" else code.upper()
    if wanted is not None and wanted not in CODES:
        raise click.UsageError(f"there is no code {code}; to name a sync as well, write it first: zx check SYNC --fix")
    done = fix(desk, desk.syncs(sync), wanted)
    for one in done:
        face.say(f"fixed {one.diagnostic.span.place} ({one.diagnostic.code})")
        if one.before:
            face.say(f"  - {one.before}")
        face.say(f"  + {one.after}")
    if not done:
        face.say("nothing could be fixed without a person")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
