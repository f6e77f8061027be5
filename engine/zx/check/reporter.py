"""The bag of diagnostics: each mistake once, and silence where something is only tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span


class Reporter:
    """Collects diagnostics; equal code and place are one mistake.

    ``meant`` holds the names that were proposed for unknown ones: they are used, as soon as the spelling is right.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, Span], Diagnostic] = {}
        self._silent = 0
        self.meant: set[str] = set()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found.values())

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Nothing is reported inside: the same text is judged elsewhere, or only tried."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        label: str = "",
        *,
        others: Sequence[Label] = (),
        note: str | None = None,
        help: str | None = None,
        fix: str | None = None,
    ) -> None:
        self._add(Diagnostic(code, message, span, label, Severity.ERROR, tuple(others), note, help, fix))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        label: str = "",
        *,
        others: Sequence[Label] = (),
        help: str | None = None,
        fix: str | None = None,
    ) -> None:
        self._add(Diagnostic(code, message, span, label, Severity.WARNING, tuple(others), None, help, fix))

    def take(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds what another reporter found."""
        for diagnostic in diagnostics:
            self._add(diagnostic)

    def _add(self, diagnostic: Diagnostic) -> None:
        if not self._silent:
            if diagnostic.code in ("E0201", "E0209") and diagnostic.fix:
                self.meant.add(diagnostic.fix.removeprefix("settings."))
            self._found.setdefault((diagnostic.code, diagnostic.span), diagnostic)
