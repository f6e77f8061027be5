"""Who has which target record and which name in this plan: no two records share one."""

from __future__ import annotations

from zx.model.decision import Verdict
from zx.model.link import Entity
from zx.model.record import Record
from zx.plan.answered import name_field
from zx.plan.inputs import PlanInputs
from zx.plan.judged import Judged, Wanted
from zx.plan.labels import noun_of
from zx.plan.match import Indexes
from zx.plan.names import another_name, name_holder
from zx.plan.origins import Origins


class Claims:
    """First come, first served, after the links of the state and the answers of people."""

    def __init__(self, inputs: PlanInputs, indexes: Indexes, origins: Origins) -> None:
        self._inputs = inputs
        self._indexes = indexes
        self._origins = origins
        # By the target's kind and its id, or ``field=name`` for a record that is about to be made.
        self._holders: dict[tuple[str, str], Wanted] = self._answered()

    def take(self, judged: Judged, target: Record) -> str:
        """Takes ``target`` for this record; else says who has it already, as in ``Zoho account 301``."""
        owner = self._origins.owner(judged.map.target, target.id) or self._sent_as(judged, target)
        holder = self._holders.setdefault((judged.map.target.name, target.id), judged.wanted)
        if owner or holder != judged.wanted:
            return owner or f"{holder[0]} {holder[1]}"
        self._origins.found(judged.record, target)
        return ""

    def take_name(self, judged: Judged, field: str, form: str) -> Wanted | None:
        """Takes a name, in compared form, for the record about to be made; else who makes one of that name already."""
        holder = self._holders.setdefault((judged.map.target.name, f"{field}={form}"), judged.wanted)
        return None if holder == judged.wanted else holder

    def name_holder(self, judged: Judged) -> tuple[str, str, Record] | None:
        """Field, name and holder, where the name, code or number of this record is taken in the target."""
        target, fields = judged.map.target, judged.evaluated.fields
        field = name_field(self._indexes.shape(target))
        value = None if field is None else fields.get(field)
        if field is None or value is None:
            return None
        holder = name_holder(self._indexes.index(target), field, value, fields.get("Type"))
        return None if holder is None else (field, str(value), holder)

    def free_name(self, judged: Judged) -> str:
        """Another name, code or number for this record, that nobody has in the target or takes in this plan."""
        target = judged.map.target
        field = name_field(self._indexes.shape(target))
        value = None if field is None else judged.evaluated.fields.get(field)
        if field is None or not isinstance(value, str):
            return ""
        claimed = (form.removeprefix(f"{field}=") for name, form in self._holders if name == target.name)
        type = judged.evaluated.fields.get("Type")
        return another_name(self._indexes.index(target), field, value, type, judged.record, claimed)

    def name_if_taken(self, judged: Judged) -> str:
        """A free name where the record's own is taken, blank where it is free."""
        return "" if self.name_holder(judged) is None else self.free_name(judged)

    def _answered(self) -> dict[tuple[str, str], Wanted]:
        """Targets that people gave to a record: nobody else takes them by its keys."""
        maps = self._inputs.program.maps
        return {
            (maps[answer.map].target.name, answer.target): (answer.map, answer.record)
            for answer in self._inputs.decisions.answers
            if answer.verdict is Verdict.SAME and answer.map in maps
        }

    def _sent_as(self, judged: Judged, target: Record) -> str:
        """The other record that ``target`` was sent as, the way back; empty when there is none."""
        link = self._inputs.state.link(Entity.of(judged.map.target, judged.map.source), target.id)
        if link is None or link.target_id == judged.record.id:
            return ""
        return f"{noun_of(self._inputs.catalogue, judged.map.source)} {link.target_id}"
