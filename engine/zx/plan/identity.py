"""Which record of the target is this one? The stored link, zx's marker, a person's answer, then the keys of the map
(product F06); else a new one, whose name must be free."""

from __future__ import annotations

from collections.abc import Callable

from zx.compile.program import Scope
from zx.model.decision import Answer, Verdict
from zx.model.link import Entity
from zx.model.record import Record
from zx.plan.answered import is_carried_out
from zx.plan.claims import Claims
from zx.plan.identity_problems import IdentityProblems
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged
from zx.plan.match import Indexes, find_match, is_dead
from zx.plan.names import marked
from zx.values.text import normalised


class Identity:
    """Finds the target of each judged record, or blocks the record with a question. ``check_complete`` blocks a new
    record that lacks something."""

    def __init__(
        self,
        inputs: PlanInputs,
        indexes: Indexes,
        claims: Claims,
        problems: IdentityProblems,
        check_complete: Callable[[Judged], None],
    ) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._claims = claims
        self._problems = problems
        self._check_complete = check_complete

    def find(self, judged: Judged) -> None:
        """Sets ``existing`` where it is certain, else ``blocked``; neither for a new record that can be made."""
        self._replace_link(judged)
        if judged.link is not None:
            judged.existing = self._inputs.snapshot.get(judged.map.target, judged.link.target_id)
            if judged.map.needed:
                self.check_standing(judged)
            return
        marker_of, answer = self._marked(judged), judged.answer
        if answer is not None and answer.verdict is Verdict.SAME:
            self._take_named(judged, answer)
        elif marker_of is not None and not (is_dead(marker_of) and answer is not None):
            if is_dead(marker_of):
                judged.block(self._problems.archived(judged, marker_of))
            elif self._take(judged, marker_of):
                judged.marked = True
        elif answer is not None:
            self._make_new(judged)
        else:
            self._match(judged)

    def check_standing(self, judged: Judged) -> None:
        """Who asks for a record that is linked, or came from the other side, gets its target when that still stands."""
        if judged.existing is None:
            judged.block(self._problems.gone(judged))
        elif is_dead(judged.existing):
            judged.block(self._problems.archived(judged, judged.existing))

    def _match(self, judged: Judged) -> None:
        """By the keys of ``match on``."""
        kind = judged.evaluated.fields.get("Type")
        found = find_match(self._indexes.index(judged.map.target), judged.evaluated.match, kind)
        twins = 0 if found.record is None else self._twins(judged)
        if twins and found.record is not None:
            system = judged.map.source.system.capitalize()
            judged.block(self._problems.which(judged, f"{twins + 1} of {system} have its name", (found.record,)))
        elif found.record is not None and self._take(judged, found.record):
            return
        elif found.question and judged.evaluated.scope is not Scope.CANCEL:
            judged.block(self._problems.which(judged, found.question, found.candidates))
        elif found.record is None and judged.evaluated.scope is Scope.IN:
            self._take_name(judged)
            self._check_complete(judged)

    def _twins(self, judged: Judged) -> int:
        """How many others of Xero have the same name and no link of their own: which of them it is that Zoho knows is
        a question the way back too, and no matter of who comes first."""
        source = judged.map.source
        field = self._indexes.shape(source).key_field
        if source.system != "xero" or judged.map.sections or field is None:
            return 0
        links = self._inputs.state.links.get(Entity.of(source, judged.map.target), {})
        others = self._indexes.index(source).hits(field, judged.record.values.get(field))
        return sum(1 for other in others if other.id not in (judged.record.id, *links) and not is_dead(other))

    def _replace_link(self, judged: Judged) -> None:
        """Drops a link where a person said that the record is another one, or that what is gone be made anew.

        A document that still stands is not let go by that: it would stand there twice.
        """
        link, answer = judged.link, judged.answer
        if link is None or answer is None:
            return
        target = self._inputs.snapshot.get(judged.map.target, link.target_id)
        gone = target is None or is_dead(target)
        if answer.verdict is Verdict.NEW:
            drop = gone and not is_carried_out(answer, link.base, self._inputs.digest)
        else:
            drop = answer.target != link.target_id and (gone or not judged.map.sections)
        if drop:
            judged.lost, judged.link = link, None

    def _marked(self, judged: Judged) -> Record | None:
        """The target that carries our marker for this record: made by zx, its link lost. One that lives goes first."""
        hits = list(marked(self._indexes.index(judged.map.target), judged.record.id))
        living = [record for record in hits if not is_dead(record)]
        return living[0] if len(living) == 1 else hits[0] if len(hits) == 1 else None

    def _take_named(self, judged: Judged, answer: Answer) -> None:
        """The record that a person named, if it can be written to and nobody else has it."""
        target = self._inputs.snapshot.get(judged.map.target, answer.target)
        if target is None or is_dead(target):
            judged.block(self._problems.unusable_answer(judged, answer, target))
        else:
            self._take(judged, target)

    def _take(self, judged: Judged, target: Record) -> bool:
        """Takes ``target`` for this record; blocks when another record has it already."""
        owner = self._claims.take(judged, target)
        if owner:
            judged.block(self._problems.claimed(judged, target, owner))
            return False
        judged.existing = target
        return True

    def _make_new(self, judged: Judged) -> None:
        """A new record, as a person said; its name, code or number must be free in the target."""
        if judged.evaluated.scope is not Scope.IN:
            return
        self._take_name(judged)
        self._check_complete(judged)
        taken = None if judged.blocked or judged.never_made else self._claims.name_holder(judged)
        if taken is not None:
            judged.block(self._problems.name_taken(judged, *taken))

    def _take_name(self, judged: Judged) -> None:
        """Codes, names and numbers are unique in the target: the second record that wants to make one is blocked."""
        shape = self._indexes.shape(judged.map.target)
        field = shape.number_field or shape.key_field
        value = None if field is None else judged.evaluated.fields.get(field)
        if field is None or value is None or judged.never_made:
            return
        form = normalised(str(value))
        holder = self._claims.take_name(judged, field, form)
        if holder is not None:
            judged.block(self._problems.name_claimed(judged, field, str(value), form, holder))
