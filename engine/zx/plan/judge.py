"""Judges records on demand: evaluates each record once under each map that wants it, finds out which record of the
target it is, and answers what rules ask while they are evaluated (``via``, ``find``, lookups)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from zx.catalog.fieldtypes import Many
from zx.catalog.schema import Shape
from zx.compile.program import Evaluated, MapProgram, Never, Scope
from zx.model.decision import Answer, Verdict
from zx.model.link import Entity, Link
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.answered import is_carried_out, kept_out, name_field, renamed
from zx.plan.forms import id_in
from zx.plan.inputs import PlanInputs
from zx.plan.labels import label_of, noun_of
from zx.plan.match import TargetIndex, find_match, is_dead
from zx.plan.names import another_name, marked, name_holder
from zx.plan.origins import Origin, Origins
from zx.plan.paths import read_path, steps
from zx.plan.questions import Asker, asked
from zx.runtime.support import code_of
from zx.runtime.values import Stop, TargetRef
from zx.values.dataclass import dataclass
from zx.values.dates import local_date
from zx.values.text import normalised

_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")
"""What Xero takes as an address (reference/xero 2.4)."""

_OFFERED = 4
"""Candidates of a question that are named."""

Wanted = tuple[str, str]
"""A map's name and the id of a source record."""


@dataclass(slots=True)
class Judged:
    """One source record under one map. ``existing`` is the target record it is, ``linked`` that a link says so.

    ``blocked`` is set when it may not be written and nothing that needs it may be either. ``asks`` are the records
    this one asked for by ``via``; ``makes`` are targets made by ``find … or create``. ``answer`` is what a person said
    of the record as a whole; ``lost`` the link to a target that is gone, where the answer makes another. ``origin``
    says where it came from, when that is the other side: a map that may create leaves it alone, and who asks for it
    gets what it came from. ``marked``: ``existing`` carries zx's own marker for it.
    """

    map: MapProgram
    record: Record
    evaluated: Evaluated
    link: Link | None
    existing: Record | None = None
    blocked: tuple[Problem, ...] = ()
    asks: set[Wanted] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)
    answer: Answer | None = None
    lost: Link | None = None
    origin: Origin | None = None
    marked: bool = False

    @property
    def follows(self) -> bool:
        """Whether its map makes nothing, so that it may follow the link of the other way (starter rules 2.5)."""
        return any(policy.verb == "create" and not policy.conditional for policy in self.evaluated.never)

    @property
    def partner(self) -> str | None:
        """The id of the record of the target kind that it came from."""
        origin = self.origin
        return origin.id if origin is not None and origin.kind == self.map.target else None

    @property
    def linked(self) -> bool:
        return self.link is not None

    def never(self, verb: str) -> Never | None:
        """The policy that forbids ``verb`` for this record, if one holds."""
        return next((policy for policy in self.evaluated.never if policy.verb == verb), None)


@dataclass(frozen=True, slots=True)
class Made:
    """A target record that ``find … or create`` wants: made once, from one field alone."""

    kind: Kind
    field: str
    value: str
    map: MapProgram

    @property
    def action_id(self) -> str:
        return f"find:{self.kind.name}:{self.value}"


class Judge:
    """Implements ``zx.runtime.values.Context`` over one snapshot and one state."""

    def __init__(self, inputs: PlanInputs) -> None:
        self._inputs = inputs
        self._judged: dict[Wanted, Judged] = {}
        self._indexes: dict[Kind, TargetIndex] = {}
        self._asking: list[Judged | None] = []
        self.origins = Origins(inputs.state, inputs.snapshot, inputs.catalogue)
        self._claims = self._answered_claims()
        self.made: dict[str, Made] = {}
        self.run_date = local_date(inputs.now, inputs.timezone)
        self.timezone = inputs.timezone

    # --- what rules ask ---------------------------------------------------------------------------------------------

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        program = self._inputs.program.maps.get(map_name)
        source_id = id_in(value) if isinstance(value, Mapping) else value
        if program is None or not source_id:
            return None
        itself = self._asking and self._asking[-1] is not None and self._asking[-1].record.id == source_id
        if itself and not program.needed:
            return self._own_link(program, str(source_id))
        judged = self.judge(program, str(source_id))
        asker = self._asking[-1] if self._asking else None
        if asker is not None:
            asker.asks.add((map_name, str(source_id)))
        if judged is None:
            noun = noun_of(self._inputs.catalogue, program.source)
            name = value.get("name", value.get("Name", source_id)) if isinstance(value, Mapping) else source_id
            raise Stop(
                "fail",
                f'the {noun} "{name}" was not read: it may be deleted, or not visible to the user who signed in',
                code="R904",
                help=f"look for {noun} {source_id} in {program.source.system.capitalize()}",
                cause=f"gone:{program.source}:{source_id}",
            )
        return self._reference(judged)

    def find(self, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        value = code_of(value) if isinstance(value, TargetRef | Mapping) else value
        if value is None:
            return None
        catalogue = self._inputs.catalogue
        if catalogue.is_list(system, kind):
            return self._find_in_list(system, kind, field, str(value))
        wanted = Kind("zoho" if system == "zoho" else "xero", kind)
        index = self.index(wanted)
        hits = index.hits(field, value)
        living = [record for record in hits if not is_dead(record)]
        if len(living) > 1:
            noun = noun_of(catalogue, wanted)
            raise Stop(
                "fail",
                f'{len(living)} {noun}s have {field} "{value}"',
                code="R907",
                help=f"leave one of them active in {system.capitalize()}, or name another in the rules",
                cause=f"find:{wanted}:{field}:{value}",
            )
        if living:
            return self._found(wanted, living[0])
        if not or_create:
            return None
        return self._make(wanted, field, str(value), hits)

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
        self._asking.append(judged)
        try:
            judged.evaluated = renamed(_stated(program.evaluate(record, self)), answer, self.shape(program.target))
        finally:
            self._asking.pop()
        judged.origin = None if link is not None else self.origins.of(record, program.target)
        if judged.origin is not None and judged.follows and judged.partner is not None:
            judged.link, judged.origin = Link(judged.partner), None
        if judged.partner is not None:
            judged.existing = self._inputs.snapshot.get(program.target, judged.partner)
        elif judged.evaluated.scope in (Scope.IN, Scope.FAIL, Scope.CANCEL):
            self._identify(judged)
        elif link is not None:
            judged.existing = self._inputs.snapshot.get(program.target, link.target_id)
        if judged.partner is not None:
            self._check_partner(judged)
        elif judged.evaluated.scope is Scope.FAIL and not judged.blocked and not self._shielded(judged):
            judged.blocked = judged.evaluated.problems
        return judged

    def _check_partner(self, judged: Judged) -> None:
        """Who asks for a record that came from the other side gets what it came from, when that still stands."""
        if judged.existing is None:
            self._block(judged, self._gone(judged, judged.partner or ""))
        elif is_dead(judged.existing):
            self._block(judged, self._archived(judged, judged.existing))

    def is_echo(self, judged: Judged) -> bool:
        """Whether the record came from the other side, so that its map, which may create, leaves it alone; asked once
        all records are judged, since they tell of each other. A document is an echo whatever it came from; a contact
        that only carries a marker may still be needed by somebody."""
        if judged.linked or judged.evaluated.scope is Scope.OUT:
            return False
        judged.origin = judged.origin or self.origins.of(judged.record, judged.map.target)
        return judged.origin is not None and not judged.follows

    def judge_unasked(self, program: MapProgram, record: Record) -> Judged | None:
        """The record judged, where ``only when needed or …`` takes it though nobody asks for it; else None.

        Where that cannot be answered and nobody asks, nobody knows whether it should be sent: it is blocked (decision
        0008).
        """
        assert program.unasked is not None
        asked = (program.name, record.id) in self._judged
        link = self._inputs.state.link(Entity.of(program.source, program.target), record.id)
        lonely = Judged(program, record, Evaluated(Scope.OUT), link)
        self._asking.append(lonely)
        try:
            lonely.evaluated = program.unasked(record, self)
        finally:
            self._asking.pop()
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
            return judged
        self._asking.append(judged)
        try:
            judged.evaluated = _stated((program.trace if traced else program.evaluate)(record, self))
        finally:
            self._asking.pop()
        return judged

    def asked(self, wanted: Wanted) -> Judged | None:
        """A record that was judged already, for whatever reason."""
        return self._judged.get(wanted)

    def taken_over(self, judged: Judged) -> bool:
        """Whether another map sends this record on purpose: what stands by this one is left as it is."""
        return any(
            self.judge_record(program, judged.record).evaluated.scope in (Scope.IN, Scope.FAIL)
            for program in self._inputs.program.maps.values()
            if program.source == judged.map.source and program.name != judged.map.name and program.sections
        )

    def trace(self, judged: Judged) -> Evaluated:
        """The same judgement with the table rows that decided it."""
        self._asking.append(judged)
        try:
            evaluated = _stated(judged.map.trace(judged.record, self))
            return renamed(evaluated, judged.answer, self.shape(judged.map.target))
        finally:
            self._asking.pop()

    def shape(self, kind: Kind) -> Shape:
        shape = self._inputs.catalogue.shape(kind.system, kind.name)
        if shape is None:
            raise LookupError(f"the catalogue has no {kind}")
        return shape

    def index(self, kind: Kind) -> TargetIndex:
        index = self._indexes.get(kind)
        if index is None:
            index = TargetIndex(self.shape(kind), list(self._inputs.snapshot.records(kind)))
            self._indexes[kind] = index
        return index

    # --- which record of the target is it? --------------------------------------------------------------------------

    def _identify(self, judged: Judged) -> None:
        self._replace_link(judged)
        if judged.link is not None:
            judged.existing = self._inputs.snapshot.get(judged.map.target, judged.link.target_id)
            if judged.map.needed and judged.existing is not None and is_dead(judged.existing):
                self._block(judged, self._archived(judged, judged.existing))
            elif judged.map.needed and judged.existing is None:
                self._block(judged, self._gone(judged))
            return
        marked, answer = self._marked(judged), judged.answer
        if answer is not None and answer.verdict is Verdict.SAME:
            self._take_named(judged, answer)
            return
        if marked is not None and not (is_dead(marked) and answer is not None):
            if is_dead(marked):
                self._block(judged, self._archived(judged, marked))
            elif self._claim(judged, marked):
                judged.existing, judged.marked = marked, True
            return
        if answer is not None:
            self._make_new(judged)
            return
        kind = judged.evaluated.fields.get("Type")
        found = find_match(self.index(judged.map.target), judged.evaluated.match, kind)
        twins = 0 if found.record is None else self._twins(judged)
        if twins and found.record is not None:
            system = judged.map.source.system.capitalize()
            self._block(judged, self._question(judged, f"{twins + 1} of {system} have its name", (found.record,)))
        elif found.record is not None and self._claim(judged, found.record):
            judged.existing = found.record
        elif found.question and judged.evaluated.scope is not Scope.CANCEL:
            self._block(judged, self._question(judged, found.question, found.candidates))
        elif found.record is None and judged.evaluated.scope is Scope.IN:
            self._claim_new(judged)
            self.check_complete(judged)

    def _twins(self, judged: Judged) -> int:
        """How many others of Xero have the same name and no link of their own: which of them it is that Zoho knows is
        a question the way back too, and no matter of who comes first."""
        source = judged.map.source
        field = self.shape(source).key_field
        if source.system != "xero" or judged.map.sections or field is None:
            return 0
        links = self._inputs.state.links.get(Entity.of(source, judged.map.target), {})
        others = self.index(source).hits(field, judged.record.values.get(field))
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

    def _take_named(self, judged: Judged, answer: Answer) -> None:
        """The record that a person named, if it can be written to and nobody else has it."""
        target = self._inputs.snapshot.get(judged.map.target, answer.target)
        if target is not None and not is_dead(target):
            if self._claim(judged, target):
                judged.existing = target
            return
        noun, system = noun_of(self._inputs.catalogue, judged.map.target), judged.map.target.system.capitalize()
        what = "is not there" if target is None else "is archived" if not judged.map.sections else "is void"
        self._block(
            judged,
            Problem(
                "R907",
                "error",
                f"{answer.place} says that it is the {noun} {answer.target}, which {what}",
                answer.place,
                help=f"correct the id as {system} shows it, or delete the line and answer again with `zx review`",
                cause=f"answer:{answer.place}",
            ),
        )

    def _make_new(self, judged: Judged) -> None:
        """A new record, as a person said; its name, code or number must be free in the target."""
        if judged.evaluated.scope is not Scope.IN:
            return
        self._claim_new(judged)
        self.check_complete(judged)
        shape = self.shape(judged.map.target)
        field = name_field(shape)
        value = None if field is None else judged.evaluated.fields.get(field)
        if judged.blocked or field is None or value is None or self._never_written(judged):
            return
        holder = name_holder(self.index(judged.map.target), field, value, judged.evaluated.fields.get("Type"))
        if holder is not None:
            self._block(judged, self._name_taken(judged, field, str(value), holder))

    def free_name(self, judged: Judged) -> str:
        """Another name, code or number for this record, that nobody has in the target or takes in this plan."""
        target = judged.map.target
        field = name_field(self.shape(target))
        value = None if field is None else judged.evaluated.fields.get(field)
        if field is None or not isinstance(value, str):
            return ""
        claimed = (form.removeprefix(f"{field}=") for name, form in self._claims if name == target.name)
        type = judged.evaluated.fields.get("Type")
        return another_name(self.index(target), field, value, type, judged.record, claimed)

    def _answered_claims(self) -> dict[tuple[str, str], Wanted]:
        """Targets that people gave to a record: nobody else takes them by its keys."""
        maps = self._inputs.program.maps
        return {
            (maps[answer.map].target.name, answer.target): (answer.map, answer.record)
            for answer in self._inputs.decisions.answers
            if answer.verdict is Verdict.SAME and answer.map in maps
        }

    def _marked(self, judged: Judged) -> Record | None:
        """The target that carries our marker for this record: made by zx, its link lost. One that lives goes first."""
        hits = list(marked(self.index(judged.map.target), judged.record.id))
        living = [record for record in hits if not is_dead(record)]
        return living[0] if len(living) == 1 else hits[0] if len(hits) == 1 else None

    def _claim(self, judged: Judged, target: Record) -> bool:
        """Takes ``target`` for this record; blocks when another record has it already."""
        wanted = (judged.map.name, judged.record.id)
        owner = self.origins.owner(judged.map.target, target.id) or self._spoken_for(judged, target)
        holder = self._claims.setdefault((judged.map.target.name, target.id), wanted)
        if not owner and holder == wanted:
            self.origins.found(judged.record, target)
            return True
        other = owner or f"{holder[0]} {holder[1]}"
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        problem = Problem(
            "R908",
            "error",
            f'the {noun} "{label_of(self.shape(judged.map.target), target)}" already belongs to {other}',
            judged.map.rule,
            help=f"two records cannot share one: merge them in {judged.map.source.system.capitalize()}, or give "
            "this one a name of its own",
            cause=f"claimed:{judged.map.target}:{target.id}:{judged.record.id}",
        )
        self._block(judged, self._other_name(judged, problem))
        return False

    def _spoken_for(self, judged: Judged, target: Record) -> str:
        """The other record that ``target`` was sent as, the way back; empty when there is none."""
        link = self._inputs.state.link(Entity.of(judged.map.target, judged.map.source), target.id)
        if link is None or link.target_id == judged.record.id:
            return ""
        return f"{noun_of(self._inputs.catalogue, judged.map.source)} {link.target_id}"

    def _claim_new(self, judged: Judged) -> None:
        """Codes, names and numbers are unique in the target: the second record that wants to make one is blocked."""
        shape = self.shape(judged.map.target)
        field = shape.number_field or shape.key_field
        value = None if field is None else judged.evaluated.fields.get(field)
        if field is None or value is None or self._never_written(judged):
            return
        form = normalised(str(value))
        wanted = (judged.map.name, judged.record.id)
        holder = self._claims.setdefault((judged.map.target.name, f"{field}={form}"), wanted)
        if holder == wanted:
            return
        other = self._inputs.program.maps[holder[0]].source
        first = self._inputs.snapshot.get(other, holder[1])
        name = label_of(self.shape(other), first) if first is not None else holder[1]
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
        self._block(judged, self._other_name(judged, problem))

    def check_complete(self, judged: Judged) -> None:
        """What the target wants of every new record must be there; lines are judged when they are built."""
        if judged.blocked or self._never_written(judged):
            return
        shape = self.shape(judged.map.target)
        stated = {steps(path)[0] for path in judged.evaluated.fields}
        lacking = [
            name
            for name, field in shape.fields.items()
            if field.required and name not in stated and not isinstance(field.type, Many)
        ]
        if lacking:
            rule = judged.map.fields.get(lacking[0])
            problem = Problem(
                "R916",
                "error",
                f"a {shape.noun} needs a value for {' and '.join(lacking)}, and the rules give none",
                judged.map.rule if rule is None else rule.rule,
                help=f"fill in the fields in {judged.map.source.system.capitalize()} that the rule reads, or change "
                "the rule",
                cause=f"lacking:{judged.map.name}:{','.join(lacking)}",
            )
            self._block(judged, problem)
            return
        email = judged.evaluated.fields.get("EmailAddress")
        if isinstance(email, str) and not _EMAIL.fullmatch(email):
            problem = Problem(
                "R916",
                "error",
                f'Xero takes no e-mail address like "{email}"',
                judged.map.fields["EmailAddress"].rule,
                help="correct the address in Zoho: one address, letters without accents",
                cause=f"email:{judged.record.id}",
            )
            self._block(judged, problem)

    def _never_written(self, judged: Judged) -> bool:
        return judged.never("create") is not None

    def _shielded(self, judged: Judged) -> bool:
        """A record that a ``never`` keeps from being written is judged no further (starter rules 2.5)."""
        return judged.never("create" if judged.existing is None and not judged.linked else "update") is not None

    def _block(self, judged: Judged, problem: Problem) -> None:
        judged.blocked = (problem,)

    # --- answers ----------------------------------------------------------------------------------------------------

    def _own_link(self, program: MapProgram, source_id: str) -> TargetRef | None:
        """``id via invoices``: what this record itself is linked to, missing before the first send."""
        link = self._inputs.state.link(Entity.of(program.source, program.target), source_id)
        if link is None:
            return None
        record = self._inputs.snapshot.get(program.target, link.target_id)
        values: Mapping[str, Any] = {} if record is None else record.values
        return TargetRef(
            program.target.system, program.target.name, link.target_id, None, program.name, source_id, values
        )

    def _reference(self, judged: Judged) -> TargetRef | None:
        evaluated = judged.evaluated
        if judged.partner is not None:
            return self._came_from(judged)
        if evaluated.scope in (Scope.OUT, Scope.CANCEL):
            return None
        if evaluated.scope is Scope.SKIP:
            # Kept out on purpose: who needs it cannot go without it, so it waits, with the same reason.
            raise self._because_of(judged, Problem("R904", "error", evaluated.reason, evaluated.rule))
        if judged.blocked:
            raise self._because_of(judged, judged.blocked[0])
        shape = self.shape(judged.map.target)
        target = judged.map.target
        if judged.existing is not None:
            code = None if shape.key_field is None else read_path(judged.existing.values, shape.key_field)
            return TargetRef(
                target.system,
                target.name,
                judged.existing.id,
                code,
                judged.map.name,
                judged.record.id,
                judged.existing.values,
            )
        policy = judged.never("create")
        if policy is not None:
            problem = Problem(
                "R904",
                "error",
                policy.reason,
                policy.rule,
                help=f"add it in {target.system.capitalize()} by hand, or change the rule at {policy.rule}",
                cause=f"never:{policy.rule}:{judged.record.id}",
            )
            judged.blocked = (problem,)
            raise self._because_of(judged, problem)
        code = None if shape.key_field is None else evaluated.fields.get(shape.key_field)
        return TargetRef(target.system, target.name, None, code, judged.map.name, judged.record.id)

    def _came_from(self, judged: Judged) -> TargetRef:
        """A record that came from the other side is there already, whatever its map says of it today."""
        if judged.blocked or judged.existing is None:
            raise self._because_of(judged, judged.blocked[0])
        target, shape, existing = judged.map.target, self.shape(judged.map.target), judged.existing
        code = None if shape.key_field is None else read_path(existing.values, shape.key_field)
        return TargetRef(
            target.system, target.name, existing.id, code, judged.map.name, judged.record.id, existing.values
        )

    def _because_of(self, judged: Judged, problem: Problem) -> Stop:
        noun = noun_of(self._inputs.catalogue, judged.map.source)
        label = label_of(self.shape(judged.map.source), judged.record)
        return Stop(
            "fail",
            f'it needs {noun} "{label}", which is blocked: {problem.message}',
            problem.rule,
            code="R904",
            help=problem.help,
            fix=problem.fix,
            cause=problem.cause or f"{problem.code}:{problem.rule}:{problem.message}",
        )

    def _found(self, kind: Kind, record: Record) -> Any:
        shape = self.shape(kind)
        asker = self._asking[-1] if self._asking else None
        if kind.system == "zoho" and (asker is None or asker.map.target.system != "zoho"):
            return {"id": record.id, "name": label_of(shape, record), **record.values}
        code = None if shape.key_field is None else read_path(record.values, shape.key_field)
        # A lookup of Zoho shows a product by its name.
        code = record.values.get("Product_Name", code) if kind.system == "zoho" else code
        return TargetRef(kind.system, kind.name, record.id, code, values=record.values)

    def _find_in_list(self, system: str, kind: str, field: str, value: str) -> str | None:
        shape = self._inputs.catalogue.shape(system, kind)
        entries = self._inputs.catalogue.list(system, kind) or {}
        for code, entry in entries.items():
            theirs = code if shape is not None and field == shape.key_field else entry.attributes.get(field)
            if theirs is not None and normalised(str(theirs)) == normalised(value):
                return code
        return None

    def _make(self, kind: Kind, field: str, value: str, dead: list[Record]) -> TargetRef:
        noun = noun_of(self._inputs.catalogue, kind)
        if dead:
            raise Stop(
                "fail",
                f'the {noun} with {field} "{value}" is archived',
                code="R907",
                help=f"restore it in {kind.system.capitalize()}, or name another in the settings",
                cause=f"archived:{kind}:{field}:{value}",
            )
        asker = self._asking[-1] if self._asking else None
        if asker is None:
            raise LookupError("find … or create was asked outside a record")
        made = Made(kind, field, value, asker.map)
        self.made.setdefault(made.action_id, made)
        asker.makes.add(made.action_id)
        return TargetRef(kind.system, kind.name, None, value, None, made.action_id)

    # --- problems ---------------------------------------------------------------------------------------------------

    def _question(self, judged: Judged, question: str, candidates: tuple[Record, ...]) -> Problem:
        shape = self.shape(judged.map.target)
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        names = ", ".join(f'"{label_of(shape, record)}" ({record.id})' for record in candidates[:4])
        label = label_of(self.shape(judged.map.source), judged.record)
        system = judged.map.target.system.capitalize()
        dead = all(is_dead(record) for record in candidates)
        cure = (
            f"restore the {noun} in {system}, or give one of the two another name"
            if dead
            else f"merge the {noun}s in {system}, or make their names differ"
        )
        asker, fields = self.asker(judged), judged.evaluated.fields
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
        choices = (*same, asker.new("it is another one", self._name_if_taken(judged)))
        return asked(problem, (asker.question(f'which {noun} is "{label}"?', *choices),), self._inputs.sync)

    def _archived(self, judged: Judged, target: Record) -> Problem:
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        label = label_of(self.shape(judged.map.target), target)
        problem = Problem(
            "R907",
            "error",
            f'the {noun} "{label}" ({target.id}) is archived',
            judged.map.rule,
            help=f"restore it in {judged.map.target.system.capitalize()}",
            cause=f"archived:{judged.map.target}:{target.id}",
        )
        return self._anew(judged, problem, "the old one is archived")

    def _gone(self, judged: Judged, partner: str = "") -> Problem:
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        system = judged.map.target.system.capitalize()
        target = judged.link.target_id if judged.link is not None else partner
        problem = Problem(
            "R915",
            "error",
            f"the {noun} {target} that this record was linked to is gone",
            judged.map.rule,
            help=f"it was deleted or merged in {system}: enter it again there",
            cause=f"gone:{judged.map.target}:{target}",
        )
        return self._anew(judged, problem, "the old one is gone")

    # --- questions --------------------------------------------------------------------------------------------------

    def asker(self, judged: Judged) -> Asker:
        return Asker(self._inputs.catalogue, judged.map, judged.record, judged.answer)

    def _anew(self, judged: Judged, problem: Problem, because: str) -> Problem:
        """``problem`` with the answer that makes another one."""
        asker = self.asker(judged)
        new = asker.new(f"{because}, once more" if judged.answer else because, self._name_if_taken(judged))
        return asked(problem, (asker.question(problem.message, new),), self._inputs.sync)

    def _other_name(self, judged: Judged, problem: Problem) -> Problem:
        """``problem`` with the answer that makes another one under a name of its own."""
        asker, name = self.asker(judged), self.free_name(judged)
        if not name:
            return problem
        question = asker.question(problem.message, asker.new("two of one name", name))
        return asked(problem, (question,), self._inputs.sync)

    def _name_taken(self, judged: Judged, field: str, value: str, holder: Record) -> Problem:
        noun, system = noun_of(self._inputs.catalogue, judged.map.target), judged.map.target.system.capitalize()
        problem = Problem(
            "R907",
            "error",
            f'a new {noun} cannot be called "{value}": {field} is taken by another ({holder.id})',
            judged.answer.place if judged.answer is not None else judged.map.rule,
            help=f"{field} must be unique in {system}",
            cause=f"name:{judged.map.target}:{judged.record.id}",
        )
        return self._other_name(judged, problem)

    def _name_if_taken(self, judged: Judged) -> str:
        """A free name where the record's own is taken, blank where it is free."""
        target = judged.map.target
        field = name_field(self.shape(target))
        value = None if field is None else judged.evaluated.fields.get(field)
        if field is None or value is None:
            return ""
        holder = name_holder(self.index(target), field, value, judged.evaluated.fields.get("Type"))
        return "" if holder is None else self.free_name(judged)


def _stated(evaluated: Evaluated) -> Evaluated:
    """Without fields whose value is missing: data that contradicts its catalogue may bring such."""
    if all(value is not None for value in evaluated.fields.values()):
        return evaluated
    return replace(evaluated, fields={name: value for name, value in evaluated.fields.items() if value is not None})
