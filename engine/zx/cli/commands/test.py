"""``zx test [PATH…]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty
from zx.cli.words import counted

if TYPE_CHECKING:
    from zx.operations.test import Tested
    from zx.verify.coverage import Coverage
    from zx.verify.mutation import Mutation


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "containing", metavar="TEXT", default="", help="Only tests whose title holds TEXT.")
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that passed too.")
@click.option("--coverage", "covered", is_flag=True, help="Show which rule lines and table rows no test reaches.")
@click.option("--mutate", "mutated", is_flag=True, help="Change the rules bit by bit; write the missing tests.")
@click.option("--budget", type=click.FloatRange(0), default=120.0, show_default=True, help="Seconds for --mutate.")
@click.option("--accept", "accepted", is_flag=True, help="Write the files of `expect from` as it is now.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--junit", "junit_file", type=click.Path(path_type=Path), metavar="FILE", help="Also write JUnit XML.")
@click.pass_obj
def command(
    face: Face,
    paths: tuple[Path, ...],
    containing: str,
    verbose: bool,
    covered: bool,
    mutated: bool,
    budget: float,
    accepted: bool,
    form: str,
    junit_file: Path | None,
) -> int:
    """Run the tests of the rules (all of them, or those of PATHS).

    Needs no network and no data: a test gives the fields it is about, and
    says what must come of them. Exits 1 when a test fails, 3 when a file
    does not check.
    """
    from zx.diagnostics.render import render_json
    from zx.operations import test as operation
    from zx.report.rule_tests import junit, mutation_line

    with face.working() as desk:
        tested = operation.test(desk, paths, containing=containing)
        if accepted and not tested.broken:
            for name in operation.accept(desk, tested):
                face.say(f"wrote {name}")
            tested = operation.test(desk, paths, containing=containing)
        coverage = operation.coverage(tested) if covered else None
        mutation = operation.mutation(desk, tested, budget) if mutated and not tested.broken else None
    if form == "json":
        face.put(pretty(_document(tested, coverage, mutation)))
    else:
        _show(face, tested, coverage, mutation, verbose)
    mistakes = [found for found in tested.diagnostics if found.is_error]
    if junit_file is not None:
        operation.write_file(junit_file, junit(tested.results, render_json(mistakes)))
    face.say(_summary(len(tested.results), tested.failed, len(mistakes)))
    if mutation is not None:
        face.say(mutation_line(mutation))
    if mistakes:
        return Exit.BLOCKED
    return Exit.FAILED if tested.failed else Exit.DONE


def _document(tested: Tested, coverage: Coverage | None, mutation: Mutation | None) -> dict[str, Any]:
    from zx.diagnostics.render import render_json
    from zx.report.rule_tests import coverage_json, mutation_json, results_json

    found = [*tested.diagnostics, *(coverage.diagnostics() if coverage is not None else ())]
    document: dict[str, Any] = {
        "zx": 1,
        "passed": len(tested.results) - tested.failed,
        "failed": tested.failed,
        "tests": results_json(tested.results),
        "diagnostics": render_json(found),
    }
    if coverage is not None:
        document["coverage"] = coverage_json(coverage)
    if mutation is not None:
        document["mutation"] = mutation_json(mutation)
    return document


def _show(face: Face, tested: Tested, coverage: Coverage | None, mutation: Mutation | None, verbose: bool) -> None:
    from zx.diagnostics.render import render_text
    from zx.report.rule_tests import coverage_text, mutation_text, results_text

    colour = face.colour(face.out)
    found = [*tested.diagnostics, *(coverage.diagnostics() if coverage is not None else ())]
    parts = [
        render_text(found, tested.sources, colour=colour),
        results_text(tested.results, colour=colour, every=verbose),
        coverage_text(coverage) if coverage is not None else "",
        mutation_text(mutation) if mutation is not None else "",
    ]
    for part in parts:
        if part:
            face.put(part)


def _summary(ran: int, failed: int, mistakes: int) -> str:
    words = [f"{ran - failed} of {counted(ran, 'test')} passed"] if ran else ["no test was run"]
    if failed:
        words.append(f"{failed} failed")
    if mistakes:
        words.append(f"{counted(mistakes, 'mistake')} in the files")
    return ", ".join(words)
