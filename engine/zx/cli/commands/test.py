"""``zx test [PATH…]``."""

from __future__ import annotations

from pathlib import Path

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty
from zx.cli.words import counted


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "containing", metavar="TEXT", default="", help="Only tests whose title holds TEXT.")
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that passed too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--junit", "junit_file", type=click.Path(path_type=Path), metavar="FILE", help="Also write JUnit XML.")
@click.pass_obj
def command(
    face: Face, paths: tuple[Path, ...], containing: str, verbose: bool, form: str, junit_file: Path | None
) -> int:
    """Run the tests of the rules (all of them, or those of PATHS).

    Needs no network and no data: a test gives the fields it is about, and
    says what must come of them. Exits 1 when a test fails, 3 when a file
    does not check.
    """
    from zx.diagnostics.render import render_json, render_text
    from zx.operations.test import test, write_file
    from zx.report.rule_tests import junit, results_json, results_text

    tested = test(face.desk(), paths, containing=containing)
    mistakes = [found for found in tested.diagnostics if found.is_error]
    if form == "json":
        face.put(
            pretty(
                {
                    "zx": 1,
                    "passed": len(tested.results) - tested.failed,
                    "failed": tested.failed,
                    "tests": results_json(tested.results),
                    "diagnostics": render_json(tested.diagnostics),
                }
            )
        )
    else:
        if tested.diagnostics:
            face.put(render_text(tested.diagnostics, tested.sources, colour=face.colour(face.out)))
        text = results_text(tested.results, colour=face.colour(face.out), every=verbose)
        if text:
            face.put(text)
    if junit_file is not None:
        write_file(junit_file, junit(tested.results, render_json(mistakes)))
    face.say(_summary(len(tested.results), tested.failed, len(mistakes)))
    if mistakes:
        return Exit.BLOCKED
    return Exit.FAILED if tested.failed else Exit.DONE


def _summary(ran: int, failed: int, mistakes: int) -> str:
    words = [f"{ran - failed} of {counted(ran, 'test')} passed"] if ran else ["no test was run"]
    if failed:
        words.append(f"{failed} failed")
    if mistakes:
        words.append(f"{counted(mistakes, 'mistake')} in the files")
    return ", ".join(words)
