"""Places in texts, and what zx has to say about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(slots=True, order=True, unsafe_hash=True)
class Span:
    """A stretch of one file. Lines and columns count from 1; ``end_column`` is the column after the last character.

    A value: never changed. It is not frozen only because each word of the rules has one, and making a frozen one takes
    four times as long.

    ``file`` is relative to the workspace with forward slashes, as people see it: ``rules/invoices.zx``.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def place(self) -> str:
        """``rules/invoices.zx:23``: how provenance names a rule."""
        return f"{self.file}:{self.line}"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a diagnostic, with a few words of its own."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in one text: a stable code, one sentence, a place, and at most one cure of each kind.

    ``label`` is the short text under the carets. ``fix`` is text that may replace the marked stretch or line as it
    stands; ``help`` is advice in words.
    """

    code: str
    message: str
    span: Span
    label: str = ""
    severity: Severity = Severity.ERROR
    others: tuple[Label, ...] = ()
    note: str | None = None
    help: str | None = None
    fix: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR
