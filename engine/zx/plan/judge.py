"""Judges records on demand: evaluates each record once under each map that wants it, has its target found, and answers
what rules ask while they are evaluated (``via``, ``find``, lookups)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from zx.catalog.schema import Shape
from zx.compile.program import Evaluated, MapProgram, Scope
from zx.model.decision import Verdict
from zx.model.link import Entity, Link
from zx.model.record import Kind, Record
from zx.plan.answered import kept_out, renamed
from zx.plan.claims import Claims
from zx.plan.completeness import incomplete
from zx.plan.finder import Finder
from zx.plan.forms import id_in
from zx.plan.identity import Identity
from zx.plan.identity_problems import IdentityProblems
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged, Made, Wanted
from zx.plan.match import Indexes, TargetIndex
from zx.plan.origins import Origins
from zx.plan.references import References
from zx.runtime.values import Context, TargetRef
from zx.values.dates import local_date

Rules = Callable[[Record, Context], Evaluated]
"""The rules of a map as one function."""


class Judge:
    """Implements ``zx.runtime.values.Context`` over one snapshot and one state.

    ``indexes``, ``origins`` and ``claims`` are there for whoever decides about the records judged.
    """

    def __init__(self, inputs: PlanInputs) -> None:
        self._inputs = inputs
        self._judged: dict[Wanted, Judged] = {}
        self._asking: list[Judged] = []
        self.indexes = Indexes(inputs.catalogue, inputs.snapshot)
        self.origins = Origins(inputs.state, inputs.snapshot, inputs.catalogue)
        self.claims = Claims(inputs, self.indexes, self.origins)
        problems = IdentityProblems(inputs, self.indexes, self.claims)
        self._identity = Identity(inputs, self.indexes, self.claims, problems, self.check_complete)
        self._references = References(inputs, self.indexes)
        self._finder = Finder(inputs.catalogue, self.indexes)
        self.run_date = local_date(inputs.now, inputs.timezone)
        self.timezone = inputs.timezone

    @property
    def made(self) -> Mapping[str, Made]:
        """What ``find … or create`` makes, by the id of its action."""
        return self._finder.made

    # --- what rules ask ---------------------------------------------------------------------------------------------

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        program = self._inputs.program.maps.get(map_name)
        source_id = id_in(value) if isinstance(value, Mapping) else value
        if program is None or not source_id:
            return None
        asker = self._asker
        if asker is not None and asker.record.id == source_id and not program.needed:
            return self._references.of_itself(program, str(source_id))
        judged = self.judge(program, str(source_id))
        if asker is not None:
            asker.asks.add((map_name, str(source_id)))
        if judged is None:
            raise self._references.unread(program, source_id, value)
        return self._references.to(judged)

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        return self._finder.find(self._asker, system, kind, field, value, or_create)

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = Kind("zoho" if system == "zoho" else "xero", kind)
        record = self._inputs.snapshot.get(wanted, str(lookup.get("id", "")))
        return {} if record is None else record.values

    # --- judging ----------------------------------------------------------------------------------------------------

    def judge(self, program: MapProgram, source_id: str) -> Judged | None:
        """The record under the map, judged once; None when the snapshot has no such record."""
        known = self._judged.get((program.name, source_id))
        if known is not None:
            return known
        record = self._inputs.snapshot.get(program.source, source_id)
        return None if record is None else self.judge_record(program, record)

    def judge_record(self, program: MapProgram, record: Record) -> Judged:
        wanted = (program.name, record.id)
        known = self._judged.get(wanted)
        if known is not None:
            return known
        link = self._inputs.state.link(Entity.of(program.source, program.target), record.id)
        answer = self._inputs.decisions.identity(program.name, record.id)
        judged = Judged(program, record, Evaluated(Scope.OUT), link, answer=answer)
        self._judged[wanted] = judged
        if answer is not None and answer.verdict is Verdict.OUT:
            judged.evaluated = kept_out(answer)
            judged.existing = None if link is None else self._inputs.snapshot.get(program.target, link.target_id)
            return judged
        judged.evaluated = renamed(self._evaluated(judged, program.evaluate), answer, self.shape(program.target))
        judged.origin = None if link is not None else self.origins.of(record, program.target)
        if judged.origin is not None and judged.follows and judged.partner is not None:
            judged.link, judged.origin = Link(judged.partner), None
        if judged.partner is not None:
            judged.existing = self._inputs.snapshot.get(program.target, judged.partner)
            self._identity.check_standing(judged)
            return judged
        if judged.evaluated.scope in (Scope.IN, Scope.FAIL, Scope.CANCEL):
            self._identity.find(judged)
        elif link is not None:
            judged.existing = self._inputs.snapshot.get(program.target, link.target_id)
        if judged.evaluated.scope is Scope.FAIL and not judged.blocked and not judged.shielded:
            judged.blocked = judged.evaluated.problems
        return judged

    def judge_unasked(self, program: MapProgram, record: Record) -> Judged | None:
        """The record judged, where ``only when needed or …`` takes it though nobody asks for it; else None.

        Where that cannot be answered and nobody asks, nobody knows whether it should be sent: it is blocked (decision
        0008).
        """
        assert program.unasked is not None
        asked = (program.name, record.id) in self._judged
        link = self._inputs.state.link(Entity.of(program.source, program.target), record.id)
        lonely = Judged(program, record, Evaluated(Scope.OUT), link)
        lonely.evaluated = self._asked_of(lonely, program.unasked)
        if lonely.evaluated.scope is Scope.IN:
            return self.judge_record(program, record)
        if lonely.evaluated.scope is Scope.OUT or asked:
            return None
        if link is not None:
            lonely.existing = self._inputs.snapshot.get(program.target, link.target_id)
        lonely.blocked = lonely.evaluated.problems
        return lonely

    def look(self, program: MapProgram, record: Record, *, traced: bool = False) -> Judged:
        """The record under a map that is part of a summary: evaluated, and not looked for in the target."""
        judged = Judged(program, record, Evaluated(Scope.OUT), None)
        answer = self._inputs.decisions.identity(program.name, record.id)
        if answer is not None and answer.verdict is Verdict.OUT:
            judged.evaluated = kept_out(answer)
        else:
            judged.evaluated = self._evaluated(judged, program.trace if traced else program.evaluate)
        return judged

    def trace(self, judged: Judged) -> Evaluated:
        """The same judgement with the table rows that decided it."""
        return renamed(self._evaluated(judged, judged.map.trace), judged.answer, self.shape(judged.map.target))

    # --- what is known once records are judged ----------------------------------------------------------------------

    def asked(self, wanted: Wanted) -> Judged | None:
        """A record that was judged already, for whatever reason."""
        return self._judged.get(wanted)

    def is_echo(self, judged: Judged) -> bool:
        """Whether the record came from the other side, so that its map, which may create, leaves it alone; asked once
        all records are judged, since they tell of each other. A document is an echo whatever it came from; a contact
        that only carries a marker may still be needed by somebody."""
        if judged.linked or judged.evaluated.scope is Scope.OUT:
            return False
        judged.origin = judged.origin or self.origins.of(judged.record, judged.map.target)
        return judged.origin is not None and not judged.follows

    def taken_over(self, judged: Judged) -> bool:
        """Whether another map sends this record on purpose: what stands by this one is left as it is."""
        return any(
            self.judge_record(program, judged.record).evaluated.scope in (Scope.IN, Scope.FAIL)
            for program in self._inputs.program.maps.values()
            if program.source == judged.map.source and program.name != judged.map.name and program.sections
        )

    def check_complete(self, judged: Judged) -> None:
        """Blocks a new record that lacks something the target wants of every new one."""
        if judged.blocked or judged.never_made:
            return
        problem = incomplete(judged, self.shape(judged.map.target))
        if problem is not None:
            judged.block(problem)

    def shape(self, kind: Kind) -> Shape:
        return self.indexes.shape(kind)

    def index(self, kind: Kind) -> TargetIndex:
        return self.indexes.index(kind)

    # --- small things -----------------------------------------------------------------------------------------------

    @property
    def _asker(self) -> Judged | None:
        """The record whose rules are being evaluated."""
        return self._asking[-1] if self._asking else None

    def _evaluated(self, judged: Judged, rules: Rules) -> Evaluated:
        return _stated(self._asked_of(judged, rules))

    def _asked_of(self, judged: Judged, rules: Rules) -> Evaluated:
        """What ``rules`` say of the record; what they ask meanwhile is asked for its sake."""
        self._asking.append(judged)
        try:
            return rules(judged.record, self)
        finally:
            self._asking.pop()


def _stated(evaluated: Evaluated) -> Evaluated:
    """Without fields whose value is missing: data that contradicts its catalogue may bring such."""
    if all(value is not None for value in evaluated.fields.values()):
        return evaluated
    return replace(evaluated, fields={name: value for name, value in evaluated.fields.items() if value is not None})
