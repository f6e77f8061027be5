"""The bag of diagnostics: each mistake once, and silence where something is only tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span

_UNKNOWN_NAME = frozenset({"E0201", "E0209", "W0507"})
"""What is wrong with a name, wherever it stands."""
_MOST_PLACES = 4


class Reporter:
    """Collects diagnostics; equal code and place are one mistake, and so is one unknown name in several places.

    ``meant`` holds the names that were proposed for unknown ones: they are used, as soon as the spelling is right.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, Span], Diagnostic] = {}
        self._names: dict[tuple[str, str], tuple[str, Span]] = {}
        self._silent = 0
        self.meant: set[str] = set()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found.values())

    @property
    def is_silent(self) -> bool:
        return self._silent > 0

    def is_wrong(self, stretch: Span | None = None) -> bool:
        """Whether there is a mistake, in the lines of ``stretch`` if it is given."""
        places = (found.span for found in self._found.values() if found.is_error)
        return any(
            stretch is None or (place.file == stretch.file and stretch.line <= place.line <= stretch.end_line)
            for place in places
        )

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
        if self._silent:
            return
        if diagnostic.code in _UNKNOWN_NAME:
            if diagnostic.fix:
                self.meant.add(diagnostic.fix.removeprefix("settings."))
            key = self._names.setdefault((diagnostic.code, diagnostic.message), (diagnostic.code, diagnostic.span))
            if key in self._found and key[1] != diagnostic.span:
                self._found[key] = _with_place(self._found[key], diagnostic)
                return
        self._found.setdefault((diagnostic.code, diagnostic.span), diagnostic)


def _with_place(known: Diagnostic, again: Diagnostic) -> Diagnostic:
    """``known`` shown at the first of its places, with the others beside it."""
    spans = sorted({known.span, again.span, *(other.span for other in known.others)})
    others = tuple(Label(span, "and here") for span in spans[1 : 1 + _MOST_PLACES])
    return replace(known, span=spans[0], others=others)
