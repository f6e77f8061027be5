"""What a terminal face knows: where the command started, what the environment says, and where text goes."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from zx.cli.bar import Bar

if TYPE_CHECKING:
    from zx.apply.results import PushEvent
    from zx.operations.desk import Desk
    from zx.operations.reports import Report
    from zx.ports.remote import Progress
    from zx.report.filtering import Term
    from zx.workspace.environment import Environment


@dataclass(slots=True)
class Face:
    """One command's surroundings. ``start`` is the folder it was called in (or named by ``-C``)."""

    start: Path
    env: Mapping[str, str]
    out: TextIO
    err: TextIO
    bar: Bar | None = None

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked."""
        return sys.stdin is not None and sys.stdin.isatty() and self.err.isatty()

    @property
    def debug(self) -> bool:
        return self.env.get("ZX_DEBUG", "") not in ("", "0")

    @property
    def environment(self) -> Environment:
        from zx.workspace.environment import Environment

        home = self.env.get("XDG_STATE_HOME", "")
        state_home = Path(home) if home and Path(home).is_absolute() else Path.home() / ".local" / "state"
        return Environment(state_home, self.env.get("ZX_NOW") or None, self.env.get("ZX_STATE_KEY") or None)

    def colour(self, stream: TextIO) -> bool:
        """Colour on terminals only, unless NO_COLOR is set to anything or the terminal is a dumb one."""
        return stream.isatty() and not self.env.get("NO_COLOR") and self.env.get("TERM") != "dumb"

    def width(self) -> int:
        """Columns to write in; 100 where nobody knows."""
        if self.env.get("COLUMNS", "").isdigit():
            return max(int(self.env["COLUMNS"]), 40)
        with contextlib.suppress(OSError, ValueError):
            return max(os.get_terminal_size(self.out.fileno()).columns, 40)
        return 100

    def put(self, text: str) -> None:
        """Data, to standard output."""
        self._hush()
        _write(self.out, text)

    def say(self, text: str) -> None:
        """Talk, to standard error."""
        self._hush()
        _write(self.err, text)

    def ask(self, question: str) -> bool:
        """Yes or no, from a person at the terminal; no is the default."""
        self._hush()
        return click.confirm(question, default=False, err=True)

    def _hush(self) -> None:
        if self.bar is not None:
            self.bar.hush()

    def report_text(self, report: Report, *, whole: bool = False, terms: tuple[Term, ...] = ()) -> str:
        """A report for this terminal: its width, its colours, about one screen of it unless ``whole``. ``terms`` choose
        which records are listed."""
        height = None if whole else 40
        unicode, colour = self.unicode(self.out), self.colour(self.out)
        return report.text(width=self.width(), colour=colour, unicode=unicode, height=height, terms=terms)

    def unicode(self, stream: TextIO) -> bool:
        """Whether ``stream`` can carry signs beyond ASCII."""
        return (stream.encoding or "").lower().replace("-", "") in ("utf8", "utf8sig", "utf16")

    def heard(self, event: PushEvent) -> None:
        """Tells what a push is doing, one line for each request, while somebody watches."""
        if event.kind == "waiting":
            self.say(
                f"No answer for {event.count or 'some'} records; waiting {event.seconds:.0f} s until it is certain "
                "what became of them. Nothing is sent twice."
            )
        elif event.kind == "sending" and self.err.isatty():
            what = event.target.name if event.target else "records"
            self.say(f"[{event.done}/{event.total}] {event.connection}: sending {event.count} {what}")

    def desk(self, progress: Progress | None = None) -> Desk:
        """The workspace around ``start``, ready to work in."""
        from zx.operations.desk import open_desk

        return open_desk(self.start, self.environment, say=self.say, progress=progress or silent)

    @contextlib.contextmanager
    def working(self) -> Iterator[Desk]:
        """A desk whose reading shows as a bar when it takes long and there is a terminal to show it on."""
        if not self.err.isatty() or self.env.get("TERM") == "dumb":
            yield self.desk()
            return
        self.bar = Bar(self.err, colour=self.colour(self.err))
        try:
            yield self.desk(self.bar)
        finally:
            self._hush()


def silent(what: str, done: int, total: int | None) -> None:
    """Progress that nobody sees."""


def _write(stream: TextIO, text: str) -> None:
    stream.write(text if text.endswith("\n") else text + "\n")
    stream.flush()
