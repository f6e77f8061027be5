"""Summaries in a plan: one document for each closed group, one outcome for each member (starter rules 2.7).

A group is posted when its day is over in the sync's zone. What was posted is never changed: what a group lacks later
goes out as one more document. A member that moved from one group to another moves in both or in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from zx.compile.program import Evaluated, Scope, SummaryProgram
from zx.model.link import Entity
from zx.model.posting import Posting, Share, in_order
from zx.model.problem import Problem
from zx.model.record import Kind
from zx.plan.action import Action, Finding, Outcome, Subject, Totals
from zx.plan.cures import completed
from zx.plan.groups import EMPTY, Key, Moved, Posted, key_value, posted
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.labels import label_of, noun_of
from zx.plan.match import is_dead
from zx.plan.members import Member, MemberFinder, Standing
from zx.plan.postings import Group, Made, PostingMaker
from zx.plan.wish import WishMaker
from zx.values.dataclass import dataclass

OPEN = "its day is not over"


@dataclass(slots=True)
class Summed:
    """What became of one summary. ``taken`` are the records that no map sends; ``members`` has one action for each
    record of the source, ``groups`` one for each document; ``found`` are records that are no longer there."""

    program: SummaryProgram
    taken: dict[str, str]
    members: list[tuple[Judged, Action]] = field(default_factory=list)
    groups: list[tuple[Judged, Action]] = field(default_factory=list)
    found: tuple[Finding, ...] = ()


class Summaries:
    """Plans the summaries of one plan, in the order of the rules."""

    def __init__(self, inputs: PlanInputs, judge: Judge) -> None:
        self._inputs = inputs
        self._judge = judge
        self._finder = MemberFinder(inputs, judge)
        self._maker = PostingMaker(inputs, judge, WishMaker(inputs, judge))
        self._given = set(inputs.state.postings)

    def plan(self) -> list[Summed]:
        """One entry for each summary that takes new records or has posted some."""
        found = []
        for program in self._inputs.program.summaries.values():
            own = [one for one in self._posted_ones() if self._is_own(one, program)]
            if program.active or own:
                found.append(self._summed(program, own))
        return found

    def _posted_ones(self) -> list[Posting]:
        state = self._inputs.state
        return [one for one in state.postings.values() if state.link(one.entity, one.number) is not None]

    def _is_own(self, posting: Posting, program: SummaryProgram) -> bool:
        """By name; a posting whose summary was renamed belongs to the only one there is."""
        if posting.sync != self._inputs.sync or posting.source != program.source.name:
            return False
        names = {one.name for one in self._inputs.program.summaries.values() if one.source == program.source}
        return posting.summary == program.name or (posting.summary not in names and len(names) == 1)

    def _summed(self, program: SummaryProgram, own: list[Posting]) -> Summed:
        known = posted(own)
        others = [one for one in self._posted_ones() if one not in own and one.source == program.source.name]
        members = self._finder.find(program, known, _latest(others))
        work = _Work(self._inputs, self._judge, self._maker, program, known, members)
        work.settle(self._given)
        self._given |= {
            made.action.posting.number for made in work.made.values() if made.action and made.action.posting
        }
        summed = Summed(program, {member.id: f"in the summary {program.name}" for member in members})
        summed.groups = [(made.judged, made.action) for made in work.made.values() if made.action is not None]
        summed.members = [*work.outcomes(), *self._untaken(program, summed.taken)]
        summed.found = tuple(_gone(self._inputs, program, known))
        return summed

    def _untaken(self, program: SummaryProgram, taken: Mapping[str, str]) -> Iterable[tuple[Judged, Action]]:
        """Every record has one outcome under every map: those that the summary leaves are out of its scope."""
        shape = self._judge.shape(program.source)
        for record in self._inputs.snapshot.records(program.source):
            if record.id not in taken:
                action = Action(
                    f"{program.name}:{record.id}",
                    Outcome.SKIP,
                    program.name,
                    Entity.of(program.source, program.target),
                    Subject(
                        self._inputs.connection(program.source.system),
                        program.source,
                        record.id,
                        label_of(shape, record),
                    ),
                    Subject(self._inputs.connection(program.target.system), program.target, None, ""),
                    reason="out of scope",
                    in_scope=False,
                )
                yield Judged(program.member, record, Evaluated(Scope.OUT), None), action


@dataclass(slots=True)
class _Work:
    """One summary on its way: groups with what they lack, then documents, then what that means for each member."""

    inputs: PlanInputs
    judge: Judge
    maker: PostingMaker
    program: SummaryProgram
    known: Posted
    members: list[Member]
    made: dict[Key, Made] = field(default_factory=dict)
    groups: dict[Key, Group] = field(default_factory=dict)
    undone: dict[Key, Problem] = field(default_factory=dict)
    withheld: dict[str, Problem] = field(default_factory=dict)

    def settle(self, given: set[str]) -> None:
        """Makes the documents; again without members that move between a group that can be posted and one that
        cannot."""
        for key, documents in self.known.documents.items():
            problem = next((found for one in documents if (found := self._undone(one)) is not None), None)
            if problem is not None:
                self.undone[key] = problem
        while True:
            self.groups = self._lacking()
            self.made = self._documents(set(given))
            torn = self._torn()
            if not torn:
                return
            self.withheld |= torn

    def _undone(self, posting: Posting) -> Problem | None:
        """A posted document that a person took out of the target."""
        kind = Kind(self.program.target.system, posting.target)
        link = self.inputs.state.link(posting.entity, posting.number)
        if link is None or kind not in self.inputs.program.reads:
            return None
        target = self.inputs.snapshot.get(kind, link.target_id)
        if target is not None and not is_dead(target):
            return None
        what = "gone from Xero" if target is None else f"{str(target.values['Status']).lower()} in Xero"
        return Problem(
            "R915",
            "error",
            f"the summary {posting.number} is {what}, but Zoho still has its documents",
            self.program.rule,
            help="cancel them in Zoho too, or enter the summary again in Xero; zx never makes a second one by itself",
            cause=f"undone:{self.program.name}:{posting.number}",
        )

    # --- groups ---------------------------------------------------------------------------------------------------

    def _lacking(self) -> dict[Key, Group]:
        """The groups whose members contribute otherwise than what was posted, by key."""
        moved: dict[Key, list[Moved]] = {}
        keys: dict[Key, dict[str, object]] = {}
        by_id = {member.id: member for member in self.members}
        for member in self.members:
            if member.standing not in (Standing.IN, Standing.GONE) or member.id in self.withheld:
                continue
            now = {member.key: member.share} if member.key is not None else {}
            for key in {*now, *member.held}:
                assert key is not None
                before, share = self.known.share(key, member.id), now.get(key, EMPTY)
                if member.key == key and member.entry is not None:
                    keys[key] = dict(member.entry.keys)
                if before != share:
                    entry = member.entry if key == member.key else None
                    moved.setdefault(key, []).append(Moved(member.id, before, share, entry))
        return {
            key: Group(
                key,
                keys.get(key) or self._keys_from(key),
                tuple(sorted(found, key=lambda item: _number(by_id[item.member]))),
                by_id,
                key not in self.known.documents,
            )
            for key, found in moved.items()
            if self._is_closed(key) and key not in self.undone
        }

    def _keys_from(self, key: Key) -> dict[str, object]:
        """The keys of a group that no member has any more."""
        fields = self.program.member.fields
        return {name: key_value(text, fields[name].type) for name, text in key if name in fields}

    def _is_closed(self, key: Key) -> bool:
        return dict(key).get(self.program.date, "") < self.judge.run_date

    def _documents(self, given: set[str]) -> dict[Key, Made]:
        """In the order of their numbers: by currency, then by the time the first of its documents was made."""
        order = max((one.order for one in self.inputs.state.postings.values()), default=0)
        made = {}
        for place, key in enumerate(sorted(self.groups, key=self._rank), 1):
            made[key] = self.maker.make(self.program, self.groups[key], given, order + place)
        return made

    def _rank(self, key: Key) -> tuple[str, str, Key]:
        names = dict(key)
        group = self.groups[key]
        times = [group.members[item.member].record.values.get("Created_Time") for item in group.moved]
        made = min((str(time) for time in times if time), default="")
        return names.get("CurrencyCode", names.get("Currency", "")), made, key

    def _torn(self) -> dict[str, Problem]:
        """Members that are in two groups of which one cannot be posted."""
        stopped = {key: made.action for key, made in self.made.items() if made.action and _stops(made.action)}
        found: dict[str, Problem] = {}
        for key, action in stopped.items():
            for item in self.groups[key].moved:
                touched = [other for other, group in self.groups.items() if _moves(group, item.member)]
                if len(touched) > 1:
                    found[item.member] = action.problems[0]
        for key, problem in self.undone.items():
            for member in self.members:
                elsewhere = [other for other, group in self.groups.items() if _moves(group, member.id)]
                if key in member.held and elsewhere:
                    found[member.id] = problem
        return {id: problem for id, problem in found.items() if id not in self.withheld}

    # --- members --------------------------------------------------------------------------------------------------

    def outcomes(self) -> Iterable[tuple[Judged, Action]]:
        for member in self.members:
            yield member.judged, self._outcome(member)

    def _outcome(self, member: Member) -> Action:
        problems = member.problems
        if member.standing is Standing.BLOCK:
            return self._action(member, Outcome.BLOCK, member.reason, problems=problems)
        if member.standing is Standing.SKIP:
            return self._action(member, Outcome.SKIP, member.reason)
        if member.standing is Standing.KEPT:
            return self._kept(member)
        if member.id in self.withheld:
            problem = self.withheld[member.id]
            return self._action(member, Outcome.BLOCK, problem.message, problems=(problem,))
        carrying = [self.made[key] for key, group in self.groups.items() if _moves(group, member.id)]
        actions = [made.action for made in carrying if made.action is not None]
        undone = next((self.undone[key] for key in (*member.held, member.key) if key in self.undone), None)
        if undone is not None and member.standing is not Standing.GONE:
            return self._action(member, Outcome.CONFLICT, undone.message, problems=(undone,))
        stopped = next((action for action in actions if _stops(action)), None)
        if stopped is not None:
            return self._action(member, Outcome.BLOCK, stopped.reason or "", within=stopped.id)
        if actions:
            own = next((made.action for key, made in self._of(member) if key == member.key and made.action), actions[0])
            return self._action(member, self._written(member, own), f"in {own.target.label}", within=own.id)
        return self._settled(member)

    def _of(self, member: Member) -> Iterable[tuple[Key, Made]]:
        return ((key, self.made[key]) for key, group in self.groups.items() if _moves(group, member.id))

    def _written(self, member: Member, own: Action) -> Outcome:
        if own.outcome is Outcome.ADOPT:
            return Outcome.ADOPT
        if member.standing is Standing.GONE:
            return Outcome.VOID
        return Outcome.UPDATE if member.held else Outcome.CREATE

    def _settled(self, member: Member) -> Action:
        """Nothing is to be posted for it now."""
        key = member.key
        if member.standing is Standing.GONE:
            return self._action(member, Outcome.UNCHANGED, member.reason)
        if key is not None and not self._is_closed(key) and (key not in member.held or self._differs(member)):
            day = dict(key)[self.program.date]
            return self._action(member, Outcome.SKIP, f"{OPEN}: it goes into the summary of {day}")
        if key in member.held or member.held:
            return self._action(member, Outcome.UNCHANGED, f"in {self._label(member)}")
        return self._action(member, Outcome.SKIP, "its day comes to 0.00 on every line: there is nothing to post")

    def _differs(self, member: Member) -> bool:
        key = member.key
        return key is not None and self.known.share(key, member.id) != member.share

    def _kept(self, member: Member) -> Action:
        label = self._label(member)
        target = noun_of(self.inputs.catalogue, self.program.target)
        problem = Problem(
            "R913",
            "warning",
            f"{member.reason}, still in Xero in the summary {label}",
            member.rule or self.program.rule,
            help=f"nothing is undone without a rule (cancel when …) or a person: correct the {target} in Xero by hand",
            cause=f"left:{self.program.name}:{member.reason}",
            summary=f"{member.reason}, still in Xero in a summary",
        )
        return self._action(member, Outcome.SKIP, problem.message, problems=(problem,))

    def _label(self, member: Member) -> str:
        """The latest document that speaks of the member."""
        numbers = [self.known.numbers[key, member.id] for key in member.held]
        return " and ".join(sorted(numbers))

    def _action(
        self, member: Member, outcome: Outcome, reason: str, *, problems: tuple[Problem, ...] = (), within: str = ""
    ) -> Action:
        program, inputs = self.program, self.inputs
        totals = member.totals
        if totals is not None and outcome in (Outcome.SKIP, Outcome.BLOCK, Outcome.CONFLICT, Outcome.VOID):
            totals = Totals(totals.currency, totals.source, None)
        if outcome not in (Outcome.BLOCK, Outcome.CONFLICT) and not problems:
            problems = member.problems
        label = label_of(self.judge.shape(program.source), member.record)
        source = Subject(inputs.connection(program.source.system), program.source, member.id, label)
        number = self._label(member) if member.held else ""
        if within:
            number = next(
                made.action.target.label for _, made in self._of(member) if made.action and made.action.id == within
            )
        target = Subject(inputs.connection(program.target.system), program.target, None, number)
        return Action(
            f"{program.name}:{member.id}",
            outcome,
            program.name,
            Entity.of(program.source, program.target),
            source,
            target,
            totals=totals,
            reason=reason,
            problems=tuple(completed(problem, inputs.catalogue) for problem in problems),
            within=within,
        )


def _moves(group: Group, member: str) -> bool:
    return any(item.member == member for item in group.moved)


def _stops(action: Action) -> bool:
    return action.outcome in (Outcome.BLOCK, Outcome.CONFLICT)


def _number(member: Member) -> tuple[str, str]:
    return str(member.record.values.get("Invoice_Number", "")), member.id


def _latest(postings: Iterable[Posting]) -> dict[str, str]:
    """The number of the document that holds something of each member."""
    found: dict[str, str] = {}
    for posting in in_order(postings):
        for member, share in posting.members.items():
            found[member] = posting.number if not share.empty else ""
    return {member: number for member, number in found.items() if number}


def _gone(inputs: PlanInputs, program: SummaryProgram, known: Posted) -> Iterable[Finding]:
    """Members whose record is no longer in the source (as ``deleted``): nothing is undone because one is absent."""
    gone = [id for id in sorted(known.groups) if inputs.snapshot.get(program.source, id) is None]
    if not gone:
        return
    numbers = sorted({known.numbers[key, id] for id in gone for key in known.groups[id]})
    noun = noun_of(inputs.catalogue, program.source)
    what = f"a {noun} was" if len(gone) == 1 else f"{len(gone)} {noun}s were"
    amounts: dict[str, Decimal] = {}
    for id in gone:
        for key in known.groups[id]:
            worth: Share = known.share(key, id)
            currency = dict(key).get("CurrencyCode", dict(key).get("Currency", ""))
            amounts[currency] = amounts.get(currency, Decimal(0)) + next(iter(worth.values.values()), Decimal(0))
    yield Finding(
        "R917",
        "warning",
        f"{what} deleted in Zoho, still in Xero in the summary {', '.join(numbers)}",
        program.rule,
        len(gone),
        0,
        amounts,
        help="cancel it in Zoho instead, so that a change of the day is posted, or correct Xero by hand: "
        "zx undoes nothing because a record is absent",
        examples=tuple(gone[:3]),
    )
