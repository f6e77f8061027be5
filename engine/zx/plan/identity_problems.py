"""What to say where a record's target is not certain, not usable or not its own, with the answers a person can give."""

from __future__ import annotations

from zx.model.decision import Answer
from zx.model.problem import Problem
from zx.model.record import Record
from zx.plan.claims import Claims
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged, Wanted
from zx.plan.labels import label_of, noun_of
from zx.plan.match import Indexes, is_dead
from zx.plan.questions import Asker, asked

_OFFERED = 4
"""Candidates of a question that are named."""


class IdentityProblems:
    """Words the problems; ``claims`` knows which names are free for the answers that make another record."""

    def __init__(self, inputs: PlanInputs, indexes: Indexes, claims: Claims) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._claims = claims

    # --- which one is it? -------------------------------------------------------------------------------------------

    def which(self, judged: Judged, question: str, candidates: tuple[Record, ...]) -> Problem:
        """Records of the target look like it, and none of them for certain."""
        shape = self._indexes.shape(judged.map.target)
        noun = self._noun(judged)
        names = ", ".join(f'"{label_of(shape, record)}" ({record.id})' for record in candidates[:_OFFERED])
        label = label_of(self._indexes.shape(judged.map.source), judged.record)
        system = judged.map.target.system.capitalize()
        dead = all(is_dead(record) for record in candidates)
        cure = (
            f"restore the {noun} in {system}, or give one of the two another name"
            if dead
            else f"merge the {noun}s in {system}, or make their names differ"
        )
        asker, fields = Asker(self._inputs.catalogue, judged), judged.evaluated.fields
        living = [record for record in candidates[:_OFFERED] if not is_dead(record)]
        # The one that agrees in most goes first.
        same = sorted(
            (asker.same(record, shape, fields, "it is the same") for record in living),
            key=lambda choice: -sum(ours == theirs for _, ours, theirs in choice.sides),
        )
        problem = Problem(
            "R907",
            "error",
            f'which {noun} is "{label}"? {question}: {names}',
            judged.map.rule,
            help=cure,
            cause=f"question:{judged.map.name}:{judged.record.id}",
        )
        choices = (*same, asker.new("it is another one", self._claims.name_if_taken(judged)))
        return asked(problem, (asker.question(f'which {noun} is "{label}"?', *choices),), self._inputs.sync)

    def unusable_answer(self, judged: Judged, answer: Answer, target: Record | None) -> Problem:
        """A person named a record that is not there or that nothing can be written to."""
        noun, system = self._noun(judged), judged.map.target.system.capitalize()
        what = "is not there" if target is None else "is archived" if not judged.map.sections else "is void"
        return Problem(
            "R907",
            "error",
            f"{answer.place} says that it is the {noun} {answer.target}, which {what}",
            answer.place,
            help=f"correct the id as {system} shows it, or delete the line and answer again with `zx review`",
            cause=f"answer:{answer.place}",
        )

    # --- it cannot be written to ------------------------------------------------------------------------------------

    def archived(self, judged: Judged, target: Record) -> Problem:
        label = label_of(self._indexes.shape(judged.map.target), target)
        problem = Problem(
            "R907",
            "error",
            f'the {self._noun(judged)} "{label}" ({target.id}) is archived',
            judged.map.rule,
            help=f"restore it in {judged.map.target.system.capitalize()}",
            cause=f"archived:{judged.map.target}:{target.id}",
        )
        return self._anew(judged, problem, "the old one is archived")

    def gone(self, judged: Judged) -> Problem:
        """What it is linked to, or came from, stands there no more."""
        system = judged.map.target.system.capitalize()
        target = judged.link.target_id if judged.link is not None else judged.partner or ""
        problem = Problem(
            "R915",
            "error",
            f"the {self._noun(judged)} {target} that this record was linked to is gone",
            judged.map.rule,
            help=f"it was deleted or merged in {system}: enter it again there",
            cause=f"gone:{judged.map.target}:{target}",
        )
        return self._anew(judged, problem, "the old one is gone")

    # --- it, or its name, is somebody else's ------------------------------------------------------------------------

    def claimed(self, judged: Judged, target: Record, other: str) -> Problem:
        """``other`` has the record of the target already."""
        label = label_of(self._indexes.shape(judged.map.target), target)
        problem = Problem(
            "R908",
            "error",
            f'the {self._noun(judged)} "{label}" already belongs to {other}',
            judged.map.rule,
            help=f"two records cannot share one: merge them in {judged.map.source.system.capitalize()}, or give "
            "this one a name of its own",
            cause=f"claimed:{judged.map.target}:{target.id}:{judged.record.id}",
        )
        return self._other_name(judged, problem)

    def name_claimed(self, judged: Judged, field: str, value: str, form: str, holder: Wanted) -> Problem:
        """Another record of this plan makes one of this name; ``form`` is the name in compared form."""
        other = self._inputs.program.maps[holder[0]].source
        first = self._inputs.snapshot.get(other, holder[1])
        name = label_of(self._indexes.shape(other), first) if first is not None else holder[1]
        problem = Problem(
            "R908",
            "error",
            f'{field} "{value}" is already taken by {noun_of(self._inputs.catalogue, other)} "{name}" '
            f"({holder[1]}) of this same plan",
            judged.map.rule,
            help=f"{field} must be unique in {judged.map.target.system.capitalize()}: change one of the two in "
            f"{judged.map.source.system.capitalize()}",
            cause=f"taken:{judged.map.target}:{field}:{form}",
        )
        return self._other_name(judged, problem)

    def name_taken(self, judged: Judged, field: str, value: str, holder: Record) -> Problem:
        """A record of the target has the name that a new one is to have."""
        system = judged.map.target.system.capitalize()
        problem = Problem(
            "R907",
            "error",
            f'a new {self._noun(judged)} cannot be called "{value}": {field} is taken by another ({holder.id})',
            judged.answer.place if judged.answer is not None else judged.map.rule,
            help=f"{field} must be unique in {system}",
            cause=f"name:{judged.map.target}:{judged.record.id}",
        )
        return self._other_name(judged, problem)

    # --- answers that make another ----------------------------------------------------------------------------------

    def _anew(self, judged: Judged, problem: Problem, because: str) -> Problem:
        """``problem`` with the answer that makes another one."""
        asker = Asker(self._inputs.catalogue, judged)
        new = asker.new(f"{because}, once more" if judged.answer else because, self._claims.name_if_taken(judged))
        return asked(problem, (asker.question(problem.message, new),), self._inputs.sync)

    def _other_name(self, judged: Judged, problem: Problem) -> Problem:
        """``problem`` with the answer that makes another one under a name of its own."""
        asker, name = Asker(self._inputs.catalogue, judged), self._claims.free_name(judged)
        if not name:
            return problem
        question = asker.question(problem.message, asker.new("two of one name", name))
        return asked(problem, (question,), self._inputs.sync)

    def _noun(self, judged: Judged) -> str:
        return noun_of(self._inputs.catalogue, judged.map.target)
