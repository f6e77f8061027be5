"""A progress bar for what takes longer than a moment, on terminals only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

SLOW_S = 1.0
"""A bar appears for what takes longer than this."""


class Bar:
    """A ``zx.ports.remote.Progress``. It goes away by itself when something is said (``hush``) or at the end."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        self._stream = stream
        self._colour = colour
        self._began: float | None = None
        self._shown: Progress | None = None

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if self._began is None:
            self._began = time.monotonic()
        if self._shown is None and time.monotonic() - self._began > SLOW_S:
            self._shown = self._show()
        if self._shown is not None:
            from rich.markup import escape

            self._shown.update(self._shown.task_ids[0], description=escape(what), completed=done, total=total)

    def hush(self) -> None:
        """Clears the line for something else; the next slow stretch shows a bar again."""
        if self._shown is not None:
            self._shown.stop()
            self._shown = None
        self._began = None

    def _show(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(file=self._stream, no_color=not self._colour, highlight=False)
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
        )
        bar.add_task("", total=None)
        bar.start()
        return bar
