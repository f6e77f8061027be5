"""Writes docs/cli.md from the commands themselves: ``.venv/bin/python tools/make_cli_reference.py``.

A test compares the file with what would be written, so no option stays undocumented and no page describes one that is
gone.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from zx.cli.exits import MEANINGS
from zx.cli.main import COMMANDS, cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """\
# Commands

<!-- Written by tools/make_cli_reference.py from the commands themselves; change their help, then run it again. -->

`zx -C DIR …` works in another folder. Data goes to standard output, talk and progress to standard error. Colour and
progress bars appear on a terminal only; `NO_COLOR=1` switches colour off, `COLUMNS` sets the width.
`ZX_NOW=2026-03-31T09:00:00+11:00` sets the clock of a run on simulators; `ZX_DEBUG=1` shows where an internal
error happened.

The shell completes commands and options after one line in its startup file: `eval "$(_ZX_COMPLETE=bash_source zx)"` in
`~/.bashrc`, `eval "$(_ZX_COMPLETE=zsh_source zx)"` in `~/.zshrc`, or `_ZX_COMPLETE=fish_source zx | source` in fish.
"""


def page() -> str:
    """The whole text of docs/cli.md."""
    context = click.Context(cli, info_name="zx")
    parts = [HEAD, _exits()]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts += _command(command, name, context)
    return "\n".join(parts)


def _exits() -> str:
    rows = [f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["## Exit codes", "", "| Code | Means |", "|---|---|", *rows, ""])


def _command(command: click.Command, name: str, parent: click.Context, level: str = "##") -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    yield f"{level} zx {' '.join([*context.command_path.split(' ')[1:]])}\n"
    if not isinstance(command, click.Group):
        pieces = " ".join(command.collect_usage_pieces(context))
        yield f"```sh\n{context.command_path} {pieces}".rstrip() + "\n```\n"
    yield _prose(command.help or "")
    options = [_option(option, context) for option in command.params if isinstance(option, click.Option)]
    if options:
        yield "\n".join(["| Option | Does |", "|---|---|", *options, ""])
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            assert inner.name
            yield from _command(inner, inner.name, context, level + "#")


def _prose(text: str) -> str:
    """Help as Markdown: paragraphs in one piece, examples as code."""
    blocks = []
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith("\b\n"):
            blocks.append("```sh\n" + block.removeprefix("\b\n").strip() + "\n```")
        else:
            blocks.append(re.sub(r"\s*\n\s*", " ", block))
    return "\n\n".join(blocks) + "\n"


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None, "every option has a help"
    names, words = (part.replace("|", r"\|").replace("  [", " [") for part in record)
    return f"| `{names}` | {words} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
