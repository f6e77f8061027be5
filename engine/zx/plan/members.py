"""Which records a summary takes, and what each of them is now: in, kept, gone, blocked (starter rules 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from zx.compile.program import Evaluated, Scope, SummaryProgram
from zx.model.link import Entity
from zx.model.posting import Share
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.action import Totals
from zx.plan.crediting import CREDIT_NOTE
from zx.plan.document import BuiltDocument, DocumentBuilder
from zx.plan.forms import source_amount
from zx.plan.groups import EMPTY, Entry, Key, Posted, entry_of, share_of
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.match import find_match, is_dead
from zx.plan.totals import predict
from zx.values.dataclass import dataclass

LINES = "LineItems"


class Standing(Enum):
    """``IN``: it contributes. ``GONE``: it must not stand in the target, so what was posted of it is taken back.
    ``KEPT``: what was posted of it stays, since nothing says otherwise. ``SKIP``, ``BLOCK``: as a rule says."""

    IN = "in"
    GONE = "gone"
    KEPT = "kept"
    SKIP = "skip"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Member:
    """One record that a summary takes. ``entry``, ``key`` and ``share`` only where it is IN; ``held`` are the groups
    that something of it was posted in."""

    record: Record
    judged: Judged
    standing: Standing
    held: tuple[Key, ...]
    totals: Totals | None
    reason: str = ""
    rule: str = ""
    problems: tuple[Problem, ...] = ()
    entry: Entry | None = None
    share: Share = EMPTY

    @property
    def key(self) -> Key | None:
        return None if self.entry is None else self.entry.key

    @property
    def id(self) -> str:
        return self.record.id


class MemberFinder:
    def __init__(self, inputs: PlanInputs, judge: Judge) -> None:
        self._inputs = inputs
        self._judge = judge
        items = judge.index(Kind("xero", "Item")).records if inputs.catalogue.shape("xero", "Item") else ()
        self._builder = DocumentBuilder(inputs.catalogue, {str(item.values.get("Code")): item.values for item in items})

    def find(self, program: SummaryProgram, posted: Posted, elsewhere: Mapping[str, str]) -> list[Member]:
        """Every record of the source that the summary takes; the others are left to the map. ``elsewhere``: numbers of
        the documents of other summaries, by member."""
        entities = [Entity.of(program.source, kind) for kind in (program.target, CREDIT_NOTE)]
        found = []
        for record in self._inputs.snapshot.records(program.source):
            if any(self._inputs.state.link(entity, record.id) is not None for entity in entities):
                continue  # A record sent one way before stays that way.
            if not program.active and record.id not in posted.ever and record.id not in elsewhere:
                continue
            member = self._member(program, record, tuple(posted.groups.get(record.id, ())), elsewhere)
            if member is not None:
                found.append(member)
        return found

    def _member(
        self, program: SummaryProgram, record: Record, held: tuple[Key, ...], elsewhere: Mapping[str, str]
    ) -> Member | None:
        if record.id in elsewhere:
            judged = Judged(program.member, record, Evaluated(Scope.OUT), None)
            reason = f"in the summary {elsewhere[record.id]} of another sync or summary"
            return Member(record, judged, Standing.SKIP, held, self._totals(record, None), reason)
        if program.document is None:
            judged = Judged(program.member, record, Evaluated(Scope.IN), None)
            return self._judged(program, judged, record, held, None)
        if not held and self._inputs.decisions.identity(program.document.name, record.id) is not None:
            return None  # A person said which document it is, or that it is none.
        if not held and self._judge.origins.of(record, program.document.target) is not None:
            return None  # It came from the other side and never goes back.
        judged = self._judge.look(program.document, record)
        evaluated = judged.evaluated
        if evaluated.scope is Scope.IN and (held or judged.never("create") is None):
            return self._document(program, judged, held)
        if evaluated.scope is Scope.FAIL:
            return self._blocked(judged, held, evaluated.problems)
        return self._out(judged, held, evaluated) if held else None

    def _out(self, judged: Judged, held: tuple[Key, ...], evaluated: Evaluated) -> Member:
        """What was posted and is no longer to be sent: only a ``cancel`` takes it back."""
        standing = Standing.GONE if evaluated.scope is Scope.CANCEL else Standing.KEPT
        reason = "no longer in scope" if evaluated.scope in (Scope.OUT, Scope.IN) else evaluated.reason
        totals = self._totals(judged.record, None)
        return Member(judged.record, judged, standing, held, totals, reason, evaluated.rule)

    def _blocked(self, judged: Judged, held: tuple[Key, ...], problems: tuple[Problem, ...]) -> Member:
        first = next(problem for problem in problems if problem.severity == "error")
        totals = self._totals(judged.record, None)
        return Member(judged.record, judged, Standing.BLOCK, held, totals, first.message, first.rule, problems)

    def _document(self, program: SummaryProgram, judged: Judged, held: tuple[Key, ...]) -> Member | None:
        """The member as the document that the map would send."""
        taxed_on_total = bool(judged.record.values.get("$line_tax"))
        built = self._builder.build(judged.map, judged.evaluated, taxed_on_total=taxed_on_total)
        if built.problems:
            return self._blocked(judged, held, (*built.problems, *judged.evaluated.problems))
        if not held and self._is_there(judged, built):
            return None
        values = self._values(judged.evaluated, built)
        record = replace(judged.record, kind=program.member.source, values=values)
        return self._judged(program, judged, record, held, built)

    def _is_there(self, judged: Judged, built: BuiltDocument) -> bool:
        """Whether the target has this very document by itself: sent one by one, its link lost."""
        evaluated = judged.evaluated
        found = find_match(self._judge.index(judged.map.target), evaluated.match, evaluated.fields.get("Type")).record
        if found is None or is_dead(found) or built.total is None:
            return False
        currency = evaluated.fields.get("CurrencyCode")
        return found.values.get("Total") == built.total and currency in (None, found.values.get("CurrencyCode"))

    def _values(self, evaluated: Evaluated, built: BuiltDocument) -> dict[str, Any]:
        """A document as rules of a summary see it: what its map states, and what Xero works out of it. Lines without an
        amount do not enter."""
        amounts = str(evaluated.fields.get("LineAmountTypes", "Exclusive"))
        figures = predict([line.fields for line in built.lines], amounts, self._builder.rates)
        lines = [
            {"TaxAmount": worth.tax, **line.fields, "LineAmount": worth.amount}
            for line, worth in zip(built.lines, figures.lines, strict=True)
            if "UnitAmount" in line.fields
        ]
        total = figures.total if built.total is None else built.total
        worked_out = {"Total": total, "SubTotal": total - figures.tax, "TotalTax": figures.tax, LINES: lines}
        return {**evaluated.fields, **worked_out}

    def _judged(
        self,
        program: SummaryProgram,
        judged: Judged,
        record: Record,
        held: tuple[Key, ...],
        built: BuiltDocument | None,
    ) -> Member | None:
        """The member as the summary's own guards and keys see it."""
        looked = self._judge.look(program.member, record)
        judged.asks |= looked.asks
        judged.makes |= looked.makes
        evaluated = looked.evaluated
        # What names the record is the source's own; the document it became has another shape.
        asked = replace(judged, evaluated=replace(evaluated, fields={}, lines=()))
        if evaluated.scope is Scope.OUT or (evaluated.scope is Scope.CANCEL and not held):
            return self._out(asked, held, evaluated) if held else None
        if evaluated.scope is Scope.FAIL:
            return self._blocked(asked, held, evaluated.problems)
        if evaluated.scope is Scope.SKIP and not held:
            totals = self._totals(judged.record, None)
            return Member(judged.record, asked, Standing.SKIP, held, totals, evaluated.reason, evaluated.rule)
        if evaluated.scope is not Scope.IN:
            return self._out(asked, held, evaluated)
        entry = entry_of(program, evaluated)
        if not entry.keys.get(program.date):
            return self._blocked(asked, held, (_no_day(program),))
        warnings = tuple(
            problem for problem in (*judged.evaluated.problems, *evaluated.problems) if problem.severity == "warning"
        )
        totals = self._totals(judged.record, built)
        if totals is not None and built is None:
            totals = replace(totals, target=totals.source)  # raw records are summed up as they are
        share = share_of(program, entry)
        return Member(judged.record, asked, Standing.IN, held, totals, "", "", warnings, entry, share)

    def _totals(self, record: Record, built: BuiltDocument | None) -> Totals | None:
        money = source_amount(record)
        return None if money is None else Totals(*money, None if built is None else built.total)


def _no_day(program: SummaryProgram) -> Problem:
    return Problem(
        "R916",
        "error",
        f"it has no {program.date}, so it belongs to no day of the summary `{program.name}`",
        program.rule,
        help="give it its date in Zoho",
        cause=f"no day:{program.name}",
    )
