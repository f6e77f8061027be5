"""The plan as data: what zx would do, to which record, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zx.model.decision import Question
from zx.model.link import Entity, Link
from zx.model.posting import Posting
from zx.model.problem import Problem
from zx.model.record import Kind
from zx.values.dataclass import dataclass


class Outcome(StrEnum):
    """The one outcome of a record in a plan: a closed list, *unchanged* included."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    BLOCK = "block"
    CONFLICT = "conflict"
    VOID = "void"
    DELETE = "delete"
    ADOPT = "adopt"


WRITES = frozenset({Outcome.CREATE, Outcome.UPDATE, Outcome.VOID, Outcome.DELETE, Outcome.ADOPT})
"""Outcomes that a push carries out. An adoption writes only zx's own state."""


@dataclass(frozen=True, slots=True)
class After:
    """Stands in a payload for the id that another action of the plan will bring: ``{"ContactID":
    After("organisations:57…")}``."""

    action: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One side of an action. ``connection`` is the full name, ``zoho.acme``; ``id`` is None before the record
    exists."""

    connection: str
    kind: Kind
    id: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a write would set: from what stands there now (None: nothing) to what, by which rule and table
    row."""

    field: str
    before: Any
    after: Any
    rule: str
    row: str | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """The source's own total beside the total the target will compute; ``target`` is None for a document that is not
    going to stand there (skipped, or blocked before its lines could be worked out).

    ``turned``: the target states what is owed back (a credit note for a document below zero), so its total has the
    other sign.
    """

    currency: str
    source: Decimal
    target: Decimal | None
    turned: bool = False

    @property
    def counted(self) -> Decimal | None:
        """The target's total with the sign of the source."""
        return None if self.target is None else self.as_source(self.target)

    @property
    def difference(self) -> Decimal | None:
        return None if self.counted is None else self.counted - self.source

    def as_source(self, total: Decimal) -> Decimal:
        """A total of the target with the sign of the source."""
        return -total if self.turned else total


@dataclass(frozen=True, slots=True)
class Step:
    """A further write to the same target once the one before is done: the next status on the way of a quote, a credit
    note set against its invoice. ``payload`` is a whole element like an action's; ``base`` holds the digests that
    change in the link when this is done too."""

    payload: Mapping[str, Any]
    base: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SummedUp:
    """A record in a document of a summary: ``amount`` is what this document holds of it."""

    id: str
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Action:
    """What becomes of one source record under one map.

    ``payload`` is the whole element to send, in the target's own field names, Decimals for numbers and ``After`` for
    ids not known yet. ``base`` are the digests to keep in the link when the action is done; ``base_after`` holds
    the fields with an id that another action brings: what will be compared, ``After`` in the place of the id.
    ``marker`` is the field and value by which the record is found again after a doubt; ``enforced`` says that the
    target refuses a second one (replay class R2, else R3). ``then`` are the writes that follow, each when the one
    before is done.
    ``prior`` is the link as it stands.

    A document of a summary has ``members`` and the ``posting`` that state keeps of it. The record of a member has an
    action of its own that says what becomes of the record; ``within`` is the id of the action that carries it out.
    """

    id: str
    outcome: Outcome
    map: str
    entity: Entity
    source: Subject
    target: Subject
    after: tuple[str, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    totals: Totals | None = None
    reason: str | None = None
    problems: tuple[Problem, ...] = ()
    marker: tuple[str, str] | None = None
    enforced: bool = False
    base: Mapping[str, str] = field(default_factory=dict)
    base_after: Mapping[str, Any] = field(default_factory=dict)
    prior: Link | None = None
    observed_version: str | None = None
    in_scope: bool = True
    then: tuple[Step, ...] = ()
    within: str = ""
    members: tuple[SummedUp, ...] = ()
    posting: Posting | None = None

    @property
    def writes(self) -> bool:
        return self.outcome in WRITES and not self.within


@dataclass(frozen=True, slots=True)
class Finding:
    """Problems of one root cause together: how far it reaches, and the line to paste, or the lines, one for each of
    its ``questions``."""

    code: str
    severity: str
    message: str
    rule: str
    documents: int
    lines: int
    amounts: Mapping[str, Decimal]
    fix: str = ""
    help: str = ""
    examples: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrencyTotals:
    """Money of the documents of one currency, by outcome. ``reconciles``: in scope = skipped + blocked + conflict +
    ready, added up two ways, and every ready document has a difference of 0.00."""

    currency: str
    in_scope: Decimal
    skipped: Decimal
    blocked: Decimal
    conflict: Decimal
    ready: Decimal
    reconciles: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a push would do. ``actions`` has one entry for each record read by each map, *unchanged* included,
    in the order in which they would be sent. ``digest`` pins rules, snapshot, state and result."""

    sync: str
    zoho: str
    xero: str
    digest: str
    rules_digest: str
    snapshot_digest: str
    read_at: Mapping[str, str]
    state_serial: int
    state_lineage: str
    actions: tuple[Action, ...]
    findings: tuple[Finding, ...]
    totals: tuple[CurrencyTotals, ...]
    by_map: Mapping[str, Mapping[str, int]]
    counts: Mapping[str, int]

    @property
    def verdict(self) -> str:
        """``blocked`` when something is left for a person, ``unchanged`` when there is nothing to send, else
        ``ready``."""
        if self.counts["block"] or self.counts["conflict"] or not all(total.reconciles for total in self.totals):
            return "blocked"
        return "ready" if any(action.writes for action in self.actions) else "unchanged"
