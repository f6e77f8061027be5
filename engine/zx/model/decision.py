"""Answers that people gave in ``decisions.zx`` (starter rules 2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from zx.values.dataclass import dataclass

DECISIONS = "decisions.zx"
"""The one file that holds answers, at the top of a workspace."""
AT = 8
"""Hexadecimal digits of a digest behind ``at``."""


class Verdict(StrEnum):
    SAME = "is"
    """This source record is that target record."""
    NEW = "is new"
    """It is none of those that are there: make one, also after the one it had is gone."""
    KEEPS = "keeps"
    """Of two values one side's counts."""
    OUT = "stays out"
    """Never sent, never asked again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line. ``target`` is the record it is (``is``), ``name`` the name of a new one where its own is taken (``is
    new as``); ``side``, ``field`` and ``at`` belong to ``keeps``: the winner, the target's field, and the digest of the
    two values that were seen. ``place`` is ``decisions.zx:4``, blank for an answer nobody has given yet."""

    map: str
    record: str
    verdict: Verdict
    because: str
    target: str = ""
    name: str = ""
    side: str = ""
    field: str = ""
    at: str = ""
    place: str = ""

    @property
    def question(self) -> tuple[str, ...]:
        """What it answers: two answers to one question contradict or repeat each other."""
        return (self.map, self.record, *((self.field, self.at) if self.verdict is Verdict.KEEPS else ()))

    @property
    def line(self) -> str:
        """The line as it stands in the file, without indentation."""
        words = [self.map, _quoted(self.record), self.verdict.value]
        match self.verdict:
            case Verdict.SAME:
                words.append(_quoted(self.target))
            case Verdict.NEW if self.name:
                words += ["as", _quoted(self.name)]
            case Verdict.KEEPS:
                words += [self.side, self.field, "at", _quoted(self.at)]
        return " ".join((*words, "because", _quoted(self.because)))

    @property
    def said(self) -> tuple[str, ...]:
        """The answer itself: neither where it stands nor why it was given."""
        return (self.map, self.record, self.verdict.value, self.target, self.name, self.side, self.field, self.at)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer a question, in words and as the answer itself. ``sides`` show what it is about: a field, its
    value in the source, its value in the target."""

    words: str
    answer: Answer
    sides: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say of one record (``label``), the likeliest answer first. ``replaces`` is the place of an
    answer that did not settle it, ``systems`` the names of source and target."""

    label: str
    about: str
    choices: tuple[Choice, ...]
    replaces: str = ""
    systems: tuple[str, str] = ("Zoho", "Xero")

    @property
    def line(self) -> str:
        """The line to paste that answers it in the likeliest way."""
        return self.choices[0].answer.line


@dataclass(frozen=True, slots=True)
class Decisions:
    """All answers for one sync. Their order means nothing."""

    answers: tuple[Answer, ...] = ()
    _identities: Mapping[tuple[str, str], Answer] = field(init=False, repr=False, compare=False)
    _kept: Mapping[tuple[str, str, str], tuple[Answer, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        identities: dict[tuple[str, str], Answer] = {}
        kept: dict[tuple[str, str, str], tuple[Answer, ...]] = {}
        for answer in self.answers:
            if answer.verdict is Verdict.KEEPS:
                key = (answer.map, answer.record, answer.field)
                kept[key] = (*kept.get(key, ()), answer)
            else:
                identities.setdefault((answer.map, answer.record), answer)
        object.__setattr__(self, "_identities", identities)
        object.__setattr__(self, "_kept", kept)

    def identity(self, map: str, record: str) -> Answer | None:
        """What was said of the record as a whole: which one it is, that it is new, or that it stays out."""
        return self._identities.get((map, record))

    def kept(self, map: str, record: str, field: str) -> tuple[Answer, ...]:
        """Every answer about one field of the record, whatever values it was given for."""
        return self._kept.get((map, record, field), ())

    def fields(self, map: str, record: str) -> Iterable[tuple[str, tuple[Answer, ...]]]:
        """The fields of the record that somebody decided about."""
        return [(key[2], answers) for key, answers in self._kept.items() if key[:2] == (map, record)]

    @property
    def pinned(self) -> list[tuple[str, ...]]:
        """What a plan's digest holds of the answers."""
        return sorted(answer.said for answer in self.answers)


NO_ANSWERS = Decisions()
"""Where nobody has answered anything."""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
