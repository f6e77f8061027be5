"""What a report shows, as ready strings and sorted rows. Terminal, Markdown and HTML render it and decide nothing.

Every string is on one line and free of control characters (``zx.report.visible``). Amounts are text with thousands
separators and two decimals; ``currency`` stands beside them.
"""

from __future__ import annotations

from typing import Literal

from zx.report.about import Hint
from zx.values.dataclass import dataclass

Mood = Literal["good", "attention", "bad", "quiet"]
"""How a verdict feels; words say the same."""


@dataclass(frozen=True, slots=True)
class Side:
    """One organisation. ``age`` is how old its data were when the report was made: ``4 min``."""

    role: str
    connection: str
    organisation: str
    organisation_id: str
    simulated: bool
    read_at: str
    age: str


@dataclass(frozen=True, slots=True)
class Tile:
    """How many records had one outcome. ``key`` is the outcome's name in documents."""

    key: str
    symbol: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """One line of a reconciliation. ``kind``: ``sum`` (a line of its own), ``part``, ``check`` or ``wrong``."""

    kind: str
    words: str
    documents: str
    amount: str


@dataclass(frozen=True, slots=True)
class TotalsTable:
    currency: str
    rows: tuple[TotalsRow, ...]
    reconciles: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """Outcomes of one map: ``counts`` in the order of ``View.map_columns``; ``amounts`` of what will be
    sent, one for each currency."""

    name: str
    route: str
    read: int
    counts: tuple[int, ...]
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One root cause. ``reach`` is ``2 records, 3 lines, 144.00 AUD``; ``where`` the biggest of the records with their
    money, ``Z-1021 (144.00 AUD)``; ``fix`` the line to paste, may be blank, and ``into`` where it goes: a rule, or the
    file of answers (``answers``: one line for each record). ``disputed``: all of them are conflicts, which show more
    when shown one by one."""

    code: str
    error: bool
    message: str
    reach: str
    rule: str
    fix: str
    help: str
    where: tuple[str, ...]
    disputed: bool
    answers: bool = False

    @property
    def into(self) -> str:
        return "decisions.zx" if self.answers else self.rule


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One field. ``group`` is blank for the header, else ``Line 2``. ``had`` is False where nothing stood before."""

    group: str
    field: str
    had: bool
    before: str
    after: str
    rule: str
    row: str
    reads: str


@dataclass(frozen=True, slots=True)
class ProblemView:
    code: str
    error: bool
    message: str
    rule: str
    help: str
    fix: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """One action. ``key`` is its outcome; ``result`` what a push made of it (blank in a preview), ``result_words`` the
    same for people. ``number`` names the record on the side that will hold it, ``party`` whom it concerns;
    ``personal`` says that ``number`` is a name rather than a number. ``amount`` and ``currency`` are blank for records
    without money. ``explained``: a finding says all there is to say about its problems."""

    key: str
    symbol: str
    word: str
    map: str
    source: str
    target: str
    source_id: str
    target_id: str
    number: str
    party: str
    personal: bool
    amount: str
    currency: str
    source_total: str
    target_total: str
    difference: str
    reason: str
    waits_for: tuple[str, ...]
    changes: tuple[ChangeView, ...]
    problems: tuple[ProblemView, ...]
    explained: bool = False
    result: str = ""
    result_words: str = ""
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A place in the rules: how many fields it would set, in how many records, and the money of those documents."""

    place: str
    fields: int
    records: int
    amount: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why records stay as they are."""

    words: str
    records: int
    amount: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class View:
    """A whole report. ``records`` come exceptions first, biggest money first; ``gaps`` are findings that stop
    documents, ``notices`` all others."""

    kind: Literal["preview", "push"]
    sync: str
    title: str
    mood: Mood
    headline: str
    subline: str
    sides: tuple[Side, ...]
    rules: str
    plan: str
    calls: tuple[str, ...]
    hints: tuple[Hint, ...]
    tiles: tuple[Tile, ...]
    totals: tuple[TotalsTable, ...]
    map_columns: tuple[str, ...]
    maps: tuple[MapRow, ...]
    gaps: tuple[FindingView, ...]
    notices: tuple[FindingView, ...]
    records: tuple[RecordView, ...]
    rule_rows: tuple[RuleRow, ...]
    reasons: tuple[ReasonRow, ...]
    facts: tuple[Fact, ...]

    @property
    def disputes(self) -> tuple[RecordView, ...]:
        """Records on which both sides claim to be right."""
        return tuple(record for record in self.records if record.key == "conflict" or record.result == "conflict")

    @property
    def sends_money(self) -> bool:
        """Whether a map sends documents with an amount; otherwise a column of amounts would be empty."""
        return any(row.amounts for row in self.maps)
