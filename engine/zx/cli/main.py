"""Entry point: the group of commands, each imported only when it is called, so that ``zx --help`` is quick."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import click

from zx import __version__
from zx.cli.exits import Exit
from zx.cli.face import Face

COMMANDS: Mapping[str, str] = {
    "init": "Make a new workspace with starter rules, on the sandbox.",
    "check": "Look for mistakes in zx.toml and the rules. Needs no network.",
    "fmt": "Lay out rule files the one agreed way.",
    "test": "Run the tests of the rules. Needs no network.",
    "pull": "Read what changed in Zoho and Xero. Writes nothing there.",
    "preview": "Show what a push would do, and why. Writes nothing there.",
    "push": "Show what would be sent, ask, and send exactly that.",
    "report": "Show the last report again.",
    "review": "Settle what is open: answer questions, add missing rows.",
    "diff": "Show what a change of the rules does to the same data.",
    "explain": "Show one record, field by field: which rule, from what.",
    "status": "Say how it stands: last run, what is open, what is linked.",
    "log": "Show what earlier runs did, from the state in git.",
    "why": "Explain a code such as E0402.",
    "demo": "Play the whole story in a temporary workspace.",
    "sandbox": "Serve, show, edit or reset the simulated systems.",
    "version": "Say which zx this is.",
}
_EPILOG = """\b
Exit codes: 0 done, 1 failed, 2 wrong usage or zx.toml, 3 something needs a
person, 4 changes present (with --exit-code), 74 disk, 75 try again later,
77 permission, 130 interrupted."""


class Commands(click.Group):
    """Knows the names and one-line helps of all commands, and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"zx.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from zx.diagnostics.suggest import nearest

            near = nearest(args[0], COMMANDS)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {near!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Work in DIR instead of the current folder."
)
@click.version_option(__version__, prog_name="zx", message="%(prog)s %(version)s")
@click.pass_obj
def cli(face: Face, folder: Path | None) -> None:
    """Keep Zoho CRM and Xero in step by plain-text rules.

    The usual order: check, pull, preview, push, report. Start with `zx demo`.
    """
    if folder is not None:
        if not folder.is_dir():
            raise click.UsageError(f"there is no folder {str(folder)!r}")
        face.start = folder


def run(arguments: Sequence[str], env: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    """One command from arguments to exit code; prints to ``out`` and ``err`` and never raises."""
    face = Face(Path(), env, out, err)
    try:
        result = cli.main(list(arguments), prog_name="zx", standalone_mode=False, obj=face)
    except click.ClickException as error:
        error.show(file=err)
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        face.say("zx: interrupted")
        return Exit.INTERRUPTED
    except SystemExit as end:  # click's: the shell asked for completions, or nobody reads the output any more
        return _nobody_reads() if end.code else Exit.DONE
    except Exception as error:  # the one place where every failure becomes a message and a code
        from zx.cli.failures import tell

        return tell(error, face)
    return int(result) if isinstance(result, int) else Exit.DONE


def _nobody_reads() -> int:
    """The reader of our output went away (``zx preview | head``): end quietly."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return Exit.IO


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """An interruption that arrives inside a finalizer would be printed and forgotten by Python: end there and then,
    which is as safe as kill -9."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.stderr.write("zx: interrupted\n")
        sys.stderr.flush()
        os._exit(Exit.INTERRUPTED)
    sys.__unraisablehook__(unraisable)


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # Asked to end is ended the same way whoever asks: a service manager or a person at the keyboard (reliability F35).
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.unraisablehook = _unraisable
    sys.exit(run(sys.argv[1:], os.environ, sys.stdout, sys.stderr))
