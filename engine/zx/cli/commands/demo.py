"""``zx demo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face, silent

if TYPE_CHECKING:
    from zx.operations.demo import Again, Finished, Made, Step
    from zx.operations.preview import Previewed
    from zx.operations.push import Pushed
    from zx.plan.action import Finding


@click.command()
@click.pass_obj
def command(face: Face) -> int:
    """Play the whole story in a temporary workspace: pull, check, preview, push, report.

    Both systems are simulated, so no account is needed and nothing real is
    touched. The folder stays, to look around in.
    """
    from zx.cli.words import folded
    from zx.operations.demo import demo

    for number, step in enumerate(demo(face.environment, say=face.say, progress=silent), start=1):
        title, lines = _told(step)
        shown = [part for line in lines for part in folded(line, face.width() - 3)]
        face.put("\n".join([f"{number}. {title}", *(f"   {line}" if line else "" for line in shown), ""]))
    return Exit.DONE


def _told(step: Step) -> tuple[str, list[str]]:
    from zx.cli.words import read_lines
    from zx.operations.demo import Again, Finished, Made
    from zx.operations.preview import Previewed
    from zx.operations.pull import Pulled
    from zx.operations.rules import Checked

    match step:
        case Made():
            return _made(step)
        case Pulled():
            return "Pull: read both systems. They are simulated; nothing real is touched.", read_lines(step)
        case Checked():
            return "Check: the rules fit the fields, accounts and tax rates just read.", [
                f"{len([name for name in step.sources if name.startswith('rules/')])} rule files, no mistakes"
            ]
        case Previewed():
            return _previewed(step)
        case Again():
            return _again(step)
        case Finished():
            return _finished(step)
    return _pushed(step)


def _made(step: Made) -> tuple[str, list[str]]:
    return "A workspace: zx.toml and rules, plain text to keep in git.", [str(step.folder)]


def _previewed(step: Previewed) -> tuple[str, list[str]]:
    from zx.cli.words import counted, plan_line

    gaps = [finding for finding in step.plan.findings if finding.severity == "error"]
    lines = [plan_line(step.plan), ""]
    if gaps:
        lines.append(f"{counted(len(gaps), 'question')} for a person; what is ready need not wait:")
    for finding in gaps:
        lines += _finding(finding)
    return "Preview: what would be sent, to the cent, before anything is.", [*lines, "", f"Page: {step.page}"]


def _finding(finding: Finding) -> list[str]:
    """What is blocked and why; then what cures it, a row to paste on a line of its own."""
    from zx.report.visible import visible

    where = visible(", ".join(finding.examples))
    lines = [f"- {where}: {visible(finding.message)} ({finding.rule})"]
    if finding.help:
        lines.append(f"    cure: {visible(finding.help)}")
    lines += [f"      {visible(line)}" for line in finding.fix.split("\n") if line]
    return lines


def _pushed(step: Pushed) -> tuple[str, list[str]]:
    from zx.cli.words import push_line

    assert step.result is not None
    calls = ", ".join(f"{name} {number}" for name, number in step.result.calls.items())
    return "Push: sent exactly that, each once.", [push_line(step), f"calls: {calls}"]


def _again(step: Again) -> tuple[str, list[str]]:
    from zx.cli.words import plan_line

    return "Push again: nothing is sent twice.", [plan_line(step.pushed.plan)]


def _finished(step: Finished) -> tuple[str, list[str]]:
    return "Look around:", [
        f"report    {step.report}",
        f"preview   {step.preview}",
        f"rules     {step.folder / 'rules'}",
        f"then      cd {step.folder} && zx explain 1003",
        "The folder is yours; delete it when you are done.",
    ]
