"""One document of a summary: from the differences of a group to what is sent, numbered and proven like any other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from zx.compile.program import Evaluated, FieldRule, Line, Scope, SummaryProgram
from zx.model.posting import Posting
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.action import Action, Outcome, Subject, SummedUp, Totals
from zx.plan.crediting import CREDIT_NOTE
from zx.plan.cures import completed
from zx.plan.document import BuiltDocument, DocumentBuilder
from zx.plan.fitness import OrganisationFitness
from zx.plan.groups import Key, Moved, rows
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.labels import label_of
from zx.plan.match import is_dead
from zx.plan.members import Member
from zx.plan.wish import Wish, WishMaker
from zx.values.dataclass import dataclass
from zx.values.money import ZERO, amount_text

SEQUENCE = "$sequence"
_MARK = "\ue000\ue000"
"""Stands where the sequence will stand, until it is known what comes before it."""
_LAST = 100
_NAMED = 8
"""Members named one by one in a reason; the JSON document names all."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a summary with what it lacks. ``first``: nothing of it was posted before."""

    key: Key
    keys: dict[str, Any]
    moved: tuple[Moved, ...]
    members: dict[str, Member]
    first: bool


@dataclass(frozen=True, slots=True)
class Made:
    """``action`` is None when there is nothing to post: every line is 0.00. ``judged`` says whom it asks for."""

    action: Action | None
    judged: Judged


class PostingMaker:
    """Makes the documents of one plan; numbers that are given are not given again."""

    def __init__(self, inputs: PlanInputs, judge: Judge, wishes: WishMaker) -> None:
        self._inputs = inputs
        self._judge = judge
        self._wishes = wishes
        self._fitness = OrganisationFitness(inputs.catalogue)
        items = judge.index(Kind("xero", "Item")).records if inputs.catalogue.shape("xero", "Item") else ()
        self._builder = DocumentBuilder(inputs.catalogue, {str(item.values.get("Code")): item.values for item in items})
        self._linked = {link.target_id for links in inputs.state.links.values() for link in links.values()}

    def make(self, program: SummaryProgram, group: Group, given: set[str], order: int) -> Made:
        """The next document of ``group``. ``given`` are the numbers that are taken; the new one is added."""
        values = {
            **{name: value for name, value in group.keys.items() if value is not None},
            **rows(program, group.moved),
        }
        judged = self._evaluate(program, group, values, _MARK)
        number_field = self._judge.shape(program.target).number_field or ""
        template = judged.evaluated.fields.get(number_field)
        if judged.evaluated.scope is not Scope.IN or not isinstance(template, str):
            return Made(self._blocked(program, group, judged, self._errors(judged, program, number_field)), judged)
        if all(_worth(line) == 0 for line in self._lines(judged.evaluated, drop=False) if _worth(line) is not None):
            return Made(None, judged)
        credit = self._is_credit(judged.evaluated)
        kind = CREDIT_NOTE if credit else program.target
        number, there = self._number(program, group, template, given, kind)
        if number is None:
            problem = _no_number(program, template.replace(_MARK, ""))
            return Made(self._blocked(program, group, judged, (problem,)), judged)
        given.add(number)
        judged = self._evaluate(program, group, values, number[len(template.partition(_MARK)[0]) :][:2])
        evaluated = replace(judged.evaluated, lines=self._lines(judged.evaluated, drop=not group.first))
        built = self._builder.build(replace(program.group, target=kind), evaluated, taxed_on_total=False)
        wish = self._wish(program, evaluated, built, kind, number_field)
        problems = self._problems(judged, evaluated, built, wish, program)
        posting = self._posting(program, group, number, kind, order)
        action = self._action(program, group, posting, built, kind)
        if there is not None and not problems and not self._same(there, built, evaluated):
            problems = (_taken(program, number, there),)
        if any(problem.severity == "error" for problem in problems):
            return Made(self._refused(action, problems), judged)
        if there is not None:
            target = replace(action.target, id=there.id)
            reason = f"the same document, by its number; {action.reason}"
            return Made(replace(action, outcome=Outcome.ADOPT, target=target, reason=reason), judged)
        shape = self._judge.shape(kind)
        payload = self._wishes.payload(shape, wish)
        changes = self._wishes.creations(judged, wish)
        field = shape.number_field or ""
        action = replace(action, payload=payload, changes=changes, after=tuple(dict.fromkeys(wish.after)))
        return Made(replace(action, marker=(field, number), enforced=True, problems=problems), judged)

    # --- what the rules say ---------------------------------------------------------------------------------------

    def _evaluate(self, program: SummaryProgram, group: Group, values: dict[str, Any], sequence: str) -> Judged:
        record = Record(program.group.source, "", "", {**values, SEQUENCE: sequence, "$id": program.name})
        judged = self._judge.look(program.group, record, traced=True)
        if judged.evaluated.scope is Scope.IN:
            self._judge.check_complete(judged)
        return judged

    def _lines(self, evaluated: Evaluated, *, drop: bool) -> tuple[Line, ...]:
        """Of a delta only the lines in which something changed."""
        return tuple(line for line in evaluated.lines if not drop or _worth(line) is None or _worth(line) != 0)

    def _is_credit(self, evaluated: Evaluated) -> bool:
        return evaluated.total is not None and evaluated.total.amount is not None and evaluated.total.amount < 0

    def _wish(
        self, program: SummaryProgram, evaluated: Evaluated, built: BuiltDocument, kind: Kind, number_field: str
    ) -> Wish:
        fields, rules = dict(evaluated.fields), dict(program.group.fields)
        if kind == CREDIT_NOTE:
            fields, rules = _as_credit_note(fields, rules, number_field, set(self._judge.shape(kind).fields))
        return Wish(fields, rules, evaluated.rows, built.lines)

    # --- numbers --------------------------------------------------------------------------------------------------

    def _number(
        self, program: SummaryProgram, group: Group, template: str, given: Collection[str], kind: Kind
    ) -> tuple[str | None, Record | None]:
        """The first free number for the text before the sequence, and the living document that has it already. A number
        that was fixed for this group and never sent is its own; one that a dead document has is taken."""
        kept = self._kept(program, group)
        before, mark, after = template.partition(_MARK)
        numbers = [f"{before}{n:02}{after}" for n in range(_LAST)] if mark else [template]
        for number in (*(one for one in kept if one in numbers), *numbers):
            if number in given and number not in kept:
                continue
            there = self._there(number, kind)
            if there is None or not is_dead(there):
                return number, there
        return None, None

    def _kept(self, program: SummaryProgram, group: Group) -> list[str]:
        state = self._inputs.state
        return sorted(
            number
            for number, posting in state.postings.items()
            if state.link(posting.entity, number) is None
            and (posting.sync, posting.summary) == (self._inputs.sync, program.name)
            and tuple(sorted(posting.group.items())) == group.key
        )

    def _there(self, number: str, kind: Kind) -> Record | None:
        field = self._judge.shape(kind).number_field or ""
        hits = self._judge.index(kind).hits(field, number)
        return next((hit for hit in hits if not is_dead(hit)), hits[0] if hits else None)

    def _same(self, there: Record, built: BuiltDocument, evaluated: Evaluated) -> bool:
        currency = evaluated.fields.get("CurrencyCode")
        return (
            there.id not in self._linked
            and there.values.get("Total") == built.total
            and currency in (None, there.values.get("CurrencyCode"))
            and there.values.get("Date", "")[:10] == evaluated.fields.get("Date", "")
        )

    # --- problems -------------------------------------------------------------------------------------------------

    def _errors(self, judged: Judged, program: SummaryProgram, number_field: str) -> tuple[Problem, ...]:
        found = judged.evaluated.problems
        if any(problem.severity == "error" for problem in found):
            return found
        message = judged.evaluated.reason or f"the summary has no {number_field}, and zx knows it by nothing else"
        help = f"set {number_field} in the summary: a prefix, the day and sequence()"
        return (Problem("R916", "error", message, program.rule, help=help, cause=f"no number:{program.name}"),)

    def _problems(
        self, judged: Judged, evaluated: Evaluated, built: BuiltDocument, wish: Wish, program: SummaryProgram
    ) -> tuple[Problem, ...]:
        rule = wish.rules.get("Date")
        lock = self._fitness.lock_problem(wish.fields.get("Date"), program.rule if rule is None else rule.rule)
        found = [*judged.blocked, *built.problems, *self._fitness.problems(program.group, wish.fields, built.lines)]
        found += [] if lock is None else [lock]
        warnings = [problem for problem in evaluated.problems if problem.severity == "warning"]
        return tuple(dict.fromkeys((*found, *warnings)))

    # --- actions --------------------------------------------------------------------------------------------------

    def _posting(self, program: SummaryProgram, group: Group, number: str, kind: Kind, order: int) -> Posting:
        members = {item.member: item.now for item in group.moved}
        source = program.source.name
        return Posting(
            number,
            order,
            self._inputs.sync,
            program.name,
            source,
            kind.name,
            dict(group.key),
            dict(sorted(members.items())),
        )

    def _action(
        self, program: SummaryProgram, group: Group, posting: Posting, built: BuiltDocument, kind: Kind
    ) -> Action:
        members = tuple(self._summed(item, group) for item in group.moved)
        currency = next((text for name, text in group.key if name in ("CurrencyCode", "Currency")), "")
        turned = kind == CREDIT_NOTE
        stated = (built.stated or ZERO) * (-1 if turned else 1)
        return Action(
            f"{program.name}:{posting.number}",
            Outcome.CREATE,
            program.name,
            posting.entity,
            self._source(program, group, posting.number),
            Subject(self._inputs.connection(kind.system), kind, None, posting.number),
            totals=Totals(currency, stated, built.total, turned),
            reason=_said(members, currency, first=group.first),
            members=members,
            posting=posting,
        )

    def _source(self, program: SummaryProgram, group: Group, id: str) -> Subject:
        label = " ".join(text for name in program.keys if (text := dict(group.key).get(name)))
        return Subject(self._inputs.connection(program.source.system), program.source, id, label)

    def _summed(self, item: Moved, group: Group) -> SummedUp:
        member = group.members.get(item.member)
        now, before = (next(iter(share.values.values()), ZERO) for share in (item.now, item.before))
        label = item.member if member is None else label_of(self._judge.shape(member.record.kind), member.record)
        return SummedUp(item.member, label, now - before)

    def _refused(self, action: Action, problems: tuple[Problem, ...]) -> Action:
        first = next(problem for problem in problems if problem.severity == "error")
        made = tuple(completed(problem, self._inputs.catalogue) for problem in problems)
        return replace(action, outcome=Outcome.BLOCK, reason=f"{first.message} ({action.reason})", problems=made)

    def _blocked(self, program: SummaryProgram, group: Group, judged: Judged, problems: tuple[Problem, ...]) -> Action:
        """A group whose document could not even be numbered."""
        stated = ZERO if judged.evaluated.total is None else judged.evaluated.total.amount or ZERO
        id = "/".join(text for _, text in group.key)
        posting = self._posting(program, group, id, program.target, 0)
        action = self._action(program, group, posting, BuiltDocument((), None, stated), program.target)
        return self._refused(replace(action, posting=None), problems)


def _worth(line: Line) -> Decimal | None:
    amount = line.fields.get("LineAmount", line.fields.get("UnitAmount"))
    return amount if isinstance(amount, Decimal) else None


def _as_credit_note(
    fields: dict[str, Any], rules: dict[str, FieldRule], number_field: str, known: Collection[str]
) -> tuple[dict[str, Any], dict[str, FieldRule]]:
    """The same header in the fields that a credit note has."""
    names = {number_field: "CreditNoteNumber"}
    made = {names.get(name, name): value for name, value in fields.items() if names.get(name, name) in known}
    if "Type" in made:
        made["Type"] = "ACCRECCREDIT"
    return made, {names.get(name, name): rule for name, rule in rules.items()}


def _said(members: Sequence[SummedUp], currency: str, *, first: bool) -> str:
    shown = ", ".join(f"{member.label} {amount_text(member.amount)}" for member in members[:_NAMED])
    more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
    total = amount_text(sum((member.amount for member in members), ZERO))
    count = f"{len(members)} document{'' if len(members) == 1 else 's'}"
    what = f"sums up {count}" if first else f"a change of {count} since the day was posted"
    return f"{what}, {total} {currency}: {shown}{more}"


def _taken(program: SummaryProgram, number: str, there: Record) -> Problem:
    return Problem(
        "R908",
        "error",
        f"there is a document {number} in Xero already, over {amount_text(there.values.get('Total', ZERO))}, and zx "
        "does not know it as this summary",
        program.rule,
        help="bring back state/ from git if it was lost, or choose another summary_prefix in zx.toml",
        cause=f"taken:{program.target}:{there.id}",
    )


def _no_number(program: SummaryProgram, text: str) -> Problem:
    return Problem(
        "R916",
        "error",
        f"no number is left for {text}: a summary's number is given once, and sequence() counts from 00 to 99",
        program.rule,
        help="let sequence() stand in InvoiceNumber; group the day into fewer summaries, or choose another prefix",
        cause=f"no number:{program.name}:{text}",
    )
