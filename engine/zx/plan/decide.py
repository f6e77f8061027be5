"""From one judged record to the one action that becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zx.catalog.schema import Shape
from zx.compile.program import Evaluated, MapProgram, Scope
from zx.model.decision import Verdict
from zx.model.link import Entity
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan import crediting, walks
from zx.plan.acceptance import Acceptance, source_amount
from zx.plan.action import Action, After, Change, Outcome, Step, Subject, Totals
from zx.plan.answered import CARRIED_OUT, outlived, seal, settled
from zx.plan.cancelling import GONE, changed_by_people, is_settled, undoing
from zx.plan.compare import Compared, Standing, comparable
from zx.plan.cures import completed
from zx.plan.document import BuiltDocument, owed_back
from zx.plan.forms import PAYMENT, line_form, total_of
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged, Made
from zx.plan.labels import label_of, noun_of
from zx.plan.names import marker_field, marker_value
from zx.plan.paths import read_path
from zx.plan.payments import Conflict, PaymentDesk
from zx.plan.questions import Asker, asked, shown
from zx.plan.wish import Wish, WishMaker
from zx.runtime.values import TargetRef
from zx.values.money import ZERO, amount_text

_ENFORCED = frozenset({"InvoiceNumber", "QuoteNumber", "CreditNoteNumber", "Code"})
"""Fields whose uniqueness Xero enforces itself (reference/xero 3.7): replay class R2."""
_EDITABLE_WHEN_PAID = frozenset({"Reference", "DueDate", "InvoiceNumber", "CreditNoteNumber", "Contact", "Url"})
"""What Xero lets change once something is paid on an invoice or applied of a credit note (reference/xero 2.1)."""


class Decider:
    def __init__(self, inputs: PlanInputs, judge: Judge) -> None:
        self._inputs = inputs
        self._judge = judge
        self._wishes = WishMaker(inputs, judge)
        self._acceptance = Acceptance(inputs, judge, self._wishes)
        self._payments = PaymentDesk(inputs.snapshot)

    # --- the one outcome --------------------------------------------------------------------------------------------

    def decide(self, judged: Judged, *, needed: bool = False) -> Action:
        """``needed``: somebody asks for it, so that a marker alone does not keep it out."""
        action = self._decided(judged, needed)
        self._payments.heard(action)
        return action

    def _decided(self, judged: Judged, needed: bool) -> Action:
        evaluated = judged.evaluated
        if self._judge.is_echo(judged) and judged.origin is not None and (judged.partner is not None or not needed):
            return self._action(judged, Outcome.SKIP, reason=judged.origin.words, in_scope=False)
        match evaluated.scope:
            case Scope.OUT:
                return self._left(judged, "out of scope", in_scope=False)
            case Scope.SKIP:
                return self._left(judged, evaluated.reason, in_scope=True)
            case Scope.CANCEL:
                return self._cancel(judged)
        policy = judged.never("create")
        if policy is not None and judged.existing is None and not judged.linked:
            return self._action(judged, Outcome.SKIP, reason=policy.reason)
        if judged.blocked:
            return self._part_paid(judged) or self._blocked(judged, judged.blocked)
        if judged.linked:
            return self._linked(judged)
        if judged.existing is not None:
            return self._adopt(judged, judged.existing)
        return self._create(judged)

    def not_needed(self, map_name: str, record: Record) -> Action:
        """A contact or item that no document asks for."""
        program = self._inputs.program.maps[map_name]
        judged = Judged(program, record, Evaluated(Scope.OUT), self._link(program.source, program.target, record.id))
        return self._action(judged, Outcome.SKIP, reason="not needed", in_scope=False)

    def taken(self, program: MapProgram, record: Record, reason: str) -> tuple[Judged, Action]:
        """A document that a summary sends in place of the map."""
        judged = Judged(program, record, Evaluated(Scope.OUT), None)
        return judged, self._action(judged, Outcome.SKIP, reason=reason, in_scope=False)

    def make(self, made: Made) -> Action:
        """The record that ``find … or create`` makes from one field."""
        payload: dict[str, Any] = {made.field: made.value}
        shape = self._judge.shape(made.kind)
        field_name = marker_field(shape)
        if field_name is not None:
            payload[field_name] = marker_value(shape, f"find-{self._inputs.digest(made.value)}")
        rule = made.map.rule
        changes = tuple(Change(name, None, value, rule) for name, value in payload.items())
        source = Subject(
            self._inputs.connection(made.map.source.system), Kind(made.map.source.system, "settings"), None, made.value
        )
        target = Subject(self._inputs.connection(made.kind.system), made.kind, None, made.value)
        marked_by = made.field if field_name is None else field_name
        marker = (marked_by, str(payload[marked_by]))
        return Action(
            made.action_id,
            Outcome.CREATE,
            f"find {made.kind}",
            Entity("settings", made.kind.name),
            replace(source, id=made.value),
            target,
            payload=payload,
            changes=changes,
            marker=marker,
        )

    # --- outcomes without a write -----------------------------------------------------------------------------------

    def _left(self, judged: Judged, reason: str, *, in_scope: bool) -> Action:
        if (
            not judged.linked
            or (in_scope and self._made_up_for(judged))
            or (judged.existing is not None and judged.existing.values.get("Status") in ("VOIDED", "DELETED"))
        ):
            return self._action(judged, Outcome.SKIP, reason=reason, in_scope=in_scope)
        if in_scope and judged.map.target == PAYMENT and judged.existing is not None:
            return self._action(judged, Outcome.SKIP, reason=reason)  # made once: what comes later is no departure
        if judged.answer is not None and judged.answer.verdict is Verdict.OUT:
            still = f"{reason}, still in {judged.map.target.system.capitalize()} as {self._target_label(judged)}"
            return self._action(judged, Outcome.SKIP, reason=still)
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        system = judged.map.target.system.capitalize()
        where = self._target_label(judged)
        note = "no longer in scope" if not in_scope else reason
        problem = Problem(
            "R913",
            "warning",
            f"{note}, still in {system} as {where}",
            judged.evaluated.rule or judged.map.rule,
            help=f"nothing is undone without a rule (cancel when …) or a person: {_undo_word(judged.map.target)} the "
            f"{noun} in {system} by hand",
            cause=f"left:{judged.map.name}:{note}",
            summary=f"{note}, still in {system}",
        )
        return self._action(judged, Outcome.SKIP, reason=f"{note}, still in {system} as {where}", problems=(problem,))

    def _made_up_for(self, judged: Judged) -> bool:
        """Whether another map makes up for the whole of what stands there: a credit note over a paid invoice."""
        money = source_amount(judged.record)
        there = None if judged.existing is None else judged.existing.values.get("Total")
        return money is not None and money[1] == there and self._judge.taken_over(judged)

    def _blocked(self, judged: Judged, problems: tuple[Problem, ...]) -> Action:
        return self._action(judged, Outcome.BLOCK, reason=problems[0].message, problems=problems)

    def _conflict(self, judged: Judged, problem: Problem, changes: tuple[Change, ...] = ()) -> Action:
        return self._action(judged, Outcome.CONFLICT, reason=problem.message, problems=(problem,), changes=changes)

    # --- cancelling -------------------------------------------------------------------------------------------------

    def _cancel(self, judged: Judged) -> Action:
        reason, rule = judged.evaluated.reason, judged.evaluated.rule or judged.map.rule
        target = judged.existing
        if not judged.linked:
            return self._action(judged, Outcome.SKIP, reason=reason)
        status = None if target is None else target.values.get("Status")
        if target is None or status in GONE:
            return self._action(judged, Outcome.UNCHANGED, reason=reason)
        refused = self._kept_from_cancelling(judged, target, reason, rule)
        if refused is not None:
            return self._conflict(judged, refused)
        locked = self._acceptance.locked(judged, target.values.get("Date"), rule)
        if locked is not None:
            return self._blocked(judged, (locked,))
        outcome, status_after = undoing(status)
        id_field = self._judge.shape(judged.map.target).id_field or ""
        change = Change("Status", status, status_after, rule)
        carried = walks.held(target.values) if judged.map.target == walks.QUOTE else {}
        return replace(
            self._action(judged, outcome, reason=reason, changes=(change,)),
            payload={id_field: target.id, **carried, "Status": status_after},
            base={**(judged.link.base if judged.link else {}), "Status": self._inputs.digest(status_after)},
            observed_version=target.version,
        )

    def _kept_from_cancelling(self, judged: Judged, target: Record, reason: str, rule: str) -> Problem | None:
        """What a person did with it in Xero goes before a cancellation in Zoho (starter rules 2.4)."""
        label, name = self._target_label(judged), judged.map.name
        verb = "deleted" if undoing(target.values.get("Status"))[0] is Outcome.DELETE else "voided"
        fields = changed_by_people(target, judged.link.base if judged.link else {}, self._inputs.digest)
        leave = "or leave it as it is"
        if is_settled(target):
            note = judged.map.target == crediting.CREDIT_NOTE
            why = f"{label} is set off or refunded in Xero" if note else f"{label} has payments in Xero"
            other = "" if note else "raise a credit note there; "
            help = f"take that back in Xero and the next push has it undone; {other}{leave}"
        elif judged.map.target == walks.QUOTE and target.values.get("Status") == "INVOICED":
            why = f"the quote {label} was billed in Xero"
            help = f"mark the quote as sent in Xero and the next push deletes it; {leave}"
        elif fields:
            why = f"a person changed {', '.join(fields)} of {label} in Xero"
            help = f"take the change back in Xero and the next push has it {verb}; undo it there by hand; {leave}"
        else:
            return None
        short = why.replace(label, "it")
        problem = Problem(
            "R909",
            "error",
            f"{reason}, but {why}: it was not {verb}",
            rule,
            help=help,
            cause=f"kept:{name}:{reason}:{short}",
            summary=f"{reason}, but {short}: nothing was {verb}",
        )
        asker = Asker(self._inputs.catalogue, judged)
        question = asker.question(problem.message, asker.out("left as it is in Xero"))
        return asked(problem, (question,), self._inputs.sync)

    # --- creating and adopting --------------------------------------------------------------------------------------

    def _create(self, judged: Judged) -> Action:
        shape = self._judge.shape(judged.map.target)
        wish, built = self._wishes.make(judged, traced=True)
        if judged.map.target == PAYMENT:
            stopped = self._unpayable(judged, wish)
            if stopped is not None:
                return stopped
        problems = (*self._acceptance.unfit(judged, wish, built, None), *self._problems(judged, built))
        if any(problem.severity == "error" for problem in problems):
            return self._refused(judged, problems, built)
        marker = self._wishes.marker(judged, wish, shape)
        if marker is not None and marker[0] not in wish.fields:
            wish.fields[marker[0]] = marker[1]
        payload, base = self._wishes.payload(shape, wish), self._wishes.base(wish)
        action = self._action(
            judged, Outcome.CREATE, problems=problems, changes=self._wishes.creations(judged, wish), built=built
        )
        who = {shape.id_field or "": After(action.id)}
        then: tuple[Step, ...] = ()
        statuses = self._way(judged, None, wish.fields.get("Status"))
        if statuses:
            payload, first, then = walks.walked(payload, statuses, who, self._inputs.digest)
            base |= first
        credited = self._credited(judged, wish, built, None, who, wish.fields.get("Status"))
        if credited is not None:
            action = replace(action, changes=(*action.changes, credited[1]))
            then = (*then, credited[0])
        return replace(
            action,
            payload=payload,
            after=tuple(dict.fromkeys((*wish.after, *self._payments.after(wish)))),
            marker=marker,
            enforced=marker is not None and self._is_enforced(shape, marker[0]),
            base=base | self._sealed(judged),
            base_after=self._wishes.base_after(wish),
            target=replace(action.target, label=self._wished_label(judged, wish)),
            then=then,
        )

    def _is_enforced(self, shape: Shape, field: str) -> bool:
        own = shape.fields.get(field)
        return own is not None and own.unique if shape.system == "zoho" else field in _ENFORCED

    def _part_paid(self, judged: Judged) -> Action | None:
        """A payment of which a part is there already is no question of which payment it is, but of money."""
        if judged.map.target != PAYMENT or judged.linked or judged.existing is not None:
            return None
        wish, _ = self._wishes.make(judged, traced=False)
        verdict = self._payments.verdict(judged, wish)
        return self._conflict(judged, verdict.problem) if isinstance(verdict, Conflict) else None

    def _unpayable(self, judged: Judged, wish: Wish) -> Action | None:
        """What keeps a payment from being made: its invoice, its account, a locked day."""
        verdict = self._payments.verdict(judged, wish)
        if isinstance(verdict, Conflict):
            return self._conflict(judged, verdict.problem)
        problems = () if verdict is None else (verdict,)
        problems = (*problems, *self._acceptance.of_payment(judged, wish))
        return self._blocked(judged, problems) if problems else None

    def _way(self, judged: Judged, current: str | None, wanted: Any) -> tuple[str, ...] | None:
        """The statuses to set one after the other, for a quote; () where nothing is to be walked."""
        if judged.map.target != walks.QUOTE or not isinstance(wanted, str):
            return ()
        return walks.way(current, wanted)

    def _credited(
        self,
        judged: Judged,
        wish: Wish,
        built: BuiltDocument | None,
        note: Record | None,
        who: Mapping[str, Any],
        status: Any,
    ) -> tuple[Step, Change] | None:
        """A credit note set against the invoice of the same record; ``note``: as it stands in Xero, None for a new
        one; ``status``: what it will have."""
        if judged.map.target != crediting.CREDIT_NOTE or built is None or built.total is None:
            return None
        link = self._link(judged.map.source, crediting.INVOICE, judged.record.id)
        invoice = None if link is None else self._inputs.snapshot.get(crediting.INVOICE, link.target_id)
        done = judged.link is not None and crediting.ALLOCATIONS in judged.link.base
        if invoice is None or done or (note is not None and note.values.get(crediting.ALLOCATIONS)):
            return None
        there = {} if note is None else note.values
        left = {
            "Status": status,
            "Contact": comparable(there.get("Contact", wish.fields.get("Contact"))),
            "CurrencyCode": there.get("CurrencyCode", wish.fields.get("CurrencyCode")),
            "Left": there.get("RemainingCredit", built.total),
        }
        amount = crediting.open_amount(invoice, left)
        if amount <= 0:
            return None
        date = str(there.get("Date", wish.fields.get("Date")) or "")
        return crediting.allocation(invoice, amount, date, who, judged.map.rule, self._inputs.digest)

    def _sealed(self, judged: Judged) -> dict[str, str]:
        """What the link of a new record remembers of the answer that made it."""
        answer = judged.answer
        made = answer is not None and answer.verdict is Verdict.NEW
        return {CARRIED_OUT: seal(answer, self._inputs.digest)} if answer is not None and made else {}

    def _adopt(self, judged: Judged, target: Record) -> Action:
        why = "the same record, by its keys"
        if judged.answer is not None and judged.answer.verdict is Verdict.SAME:
            why = f"the same record: {judged.answer.because} ({judged.answer.place})"
        if judged.never("update") is not None and not judged.map.sections:
            return replace(self._action(judged, Outcome.ADOPT, reason=why), base={})
        wish, built = self._wishes.make(judged, traced=False)
        problems = self._problems(judged, built)
        if any(problem.severity == "error" for problem in problems):
            return self._refused(judged, problems, built)
        stranger = None if judged.marked else self._stranger(judged, target, built)
        if stranger is not None:
            return self._action(judged, Outcome.BLOCK, reason=stranger.message, problems=(stranger,), built=built)
        # What differs is kept, whoever is right: from now on what the rules want today counts as agreed on.
        compared = [
            item if item.standing is Standing.SAME else replace(item, standing=Standing.DRIFT)
            for item in self._wishes.compare(judged, wish, target, {})
        ]
        drifts = self._drifts(judged, wish, compared, {}, target, built)
        base = {
            item.field: self._inputs.digest(item.observed if item.standing is Standing.SAME else item.desired)
            for item in compared
        }
        return replace(
            self._action(judged, Outcome.ADOPT, reason=why, problems=(*problems, *drifts), built=built),
            base=base,
        )

    def _stranger(self, judged: Judged, target: Record, built: BuiltDocument | None) -> Problem | None:
        """A document of our number that is not ours: another customer or another total."""
        if built is None:
            return None
        form = line_form(judged.map.target)
        contact = comparable(judged.evaluated.fields.get(form.buyer))
        theirs = comparable(target.values.get(form.buyer))
        total = total_of(target)
        money = "Currency" if judged.map.target.system == "zoho" else "CurrencyCode"
        currency = judged.evaluated.fields.get(money)
        same_money = currency in (None, target.values.get(money)) and total == built.stated
        named = judged.answer is not None and judged.answer.target == target.id
        if (contact == theirs or named) and (built.stated is None or same_money):
            return None
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        label = label_of(self._judge.shape(judged.map.target), target)
        buyer = target.values.get(form.buyer, {})
        whose = buyer.get("Name", buyer.get("name", "somebody"))
        problem = Problem(
            "R908",
            "error",
            f"there is a {noun} {label} already, for {whose} over {amount_text(total or ZERO)}: "
            "it was not made by zx and is not the same",
            judged.map.rule,
            help="give one of the two another subject in Zoho"
            if judged.map.target.system == "zoho"
            else "give one of the two another number, or choose a prefix in zx.toml that no document has yet",
            cause=f"taken:{judged.map.target}:{target.id}",
        )
        asker, shape = Asker(self._inputs.catalogue, judged), self._judge.shape(judged.map.target)
        same = asker.same(target, shape, judged.evaluated.fields, "the same one, entered by hand")
        new = asker.new("another one of this number", self._judge.claims.free_name(judged))
        choices = (same if same_money or built.stated is None else None, new, asker.out("already in the books"))
        return asked(problem, (asker.question(problem.message, *choices),), self._inputs.sync)

    # --- a linked record --------------------------------------------------------------------------------------------

    def _linked(self, judged: Judged) -> Action:
        target = judged.existing
        if target is None or target.values.get("Status") in ("VOIDED", "DELETED"):
            return self._undone(judged, target)
        if judged.never("update") is not None:
            return self._action(judged, Outcome.UNCHANGED, reason="kept as it is by a rule")
        wish, built = self._wishes.make(judged, traced=False)
        problems = self._problems(judged, built)
        if any(problem.severity == "error" for problem in problems):
            return self._refused(judged, problems, built)
        base = judged.link.base if judged.link is not None else {}
        compared = self._wishes.compare(judged, wish, target, base)
        decisions, digest = self._inputs.decisions, self._inputs.digest
        compared = settled(compared, decisions, judged.map, judged.record.id, digest)
        problems = (*problems, *outlived(compared, decisions, judged.map, judged.record.id, shown))
        clashes = [item for item in compared if item.standing is Standing.CLASH]
        if clashes:
            return self._clash(judged, wish, target, clashes, problems)
        kept = self._kept_uneven(judged, compared, target, built, problems)
        if kept is not None:
            return kept
        writes = [item for item in compared if item.standing is Standing.WRITE]
        problems = (*problems, *self._drifts(judged, wish, compared, base, target, built))
        id_field = self._judge.shape(judged.map.target).id_field or ""
        status = wish.fields.get("Status") if any(item.field == "Status" for item in writes) else None
        credited = self._credited(
            judged, wish, built, target, {id_field: target.id}, status or target.values.get("Status")
        )
        if not writes and credited is not None:
            return self._credit(judged, target, credited, problems, built)
        if not writes:
            return self._settled(judged, compared, base, problems)
        traced, _ = self._wishes.make(judged, traced=True)
        action = self._update(judged, traced, target, compared, problems, built)
        if credited is None or action.outcome is not Outcome.UPDATE:
            return action
        return replace(action, then=(*action.then, credited[0]), changes=(*action.changes, credited[1]))

    def _credit(
        self,
        judged: Judged,
        target: Record,
        credited: tuple[Step, Change],
        problems: tuple[Problem, ...],
        built: BuiltDocument | None,
    ) -> Action:
        """Nothing changes on a credit note but that it is set against its invoice, now that both are approved."""
        step, change = credited
        return replace(
            self._action(judged, Outcome.UPDATE, problems=problems, changes=(change,), built=built),
            payload=step.payload,
            base={**(judged.link.base if judged.link is not None else {}), **step.base},
            observed_version=target.version,
        )

    def _undone(self, judged: Judged, target: Record | None) -> Action:
        noun = noun_of(self._inputs.catalogue, judged.map.target)
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        what = f"gone from {there}" if target is None else f"{target.values['Status'].lower()} in {there}"
        help = f"cancel it in {here} too; zx never makes a second one by itself"
        if judged.map.target == PAYMENT:
            help = "set the invoice in Zoho back, or enter the payment in Xero; zx never makes a second one by itself"
        problem = Problem(
            "R915",
            "error",
            f"the {noun} {self._target_label(judged)} is {what}, but {here} still has it",
            judged.map.rule,
            help=help,
            cause=f"undone:{judged.map.name}:{what}",
            summary=f"the {noun} is {what}, but {here} still has it",
        )
        asker, again = Asker(self._inputs.catalogue, judged), " again" if judged.answer is not None else ""
        # A dead number stays taken (reference/xero 2.1), so another one needs another number.
        new = asker.new(f"{what}{again} by mistake", self._judge.claims.free_name(judged))
        question = asker.question(problem.message, asker.out(f"{what}{again} on purpose"), new)
        return self._conflict(judged, asked(problem, (question,), self._inputs.sync))

    def _settled(
        self, judged: Judged, compared: list[Compared], base: Mapping[str, str], problems: tuple[Problem, ...]
    ) -> Action:
        """Nothing to send. Where both sides came to agree on their own, the link learns it (an adoption)."""
        agreed = {
            item.field: self._inputs.digest(item.desired)
            for item in compared
            if item.standing is Standing.SAME and item.desired == item.observed
        }
        if all(base.get(name) == digest for name, digest in agreed.items()):
            return self._action(judged, Outcome.UNCHANGED, problems=problems)
        action = self._action(judged, Outcome.ADOPT, reason="both sides agree again", problems=problems)
        return replace(action, base={**base, **agreed})

    def _update(
        self,
        judged: Judged,
        wish: Wish,
        target: Record,
        compared: list[Compared],
        problems: tuple[Problem, ...],
        built: BuiltDocument | None,
    ) -> Action:
        shape = self._judge.shape(judged.map.target)
        writes = [item for item in compared if item.standing is Standing.WRITE]
        sent = {item.field for item in writes}
        changes = self._changes(wish, target, [item.field for item in writes])
        refused = self._not_editable(judged, target, compared) or self._uneven(judged, target, compared, built)
        if refused is not None:
            return replace(refused, changes=changes)
        unfit = self._acceptance.unfit(judged, wish, built, target)
        if unfit:
            return self._refused(judged, (*unfit, *problems), built)
        statuses: tuple[str, ...] | None = ()
        if "Status" in sent:
            statuses = self._way(judged, target.values.get("Status"), wish.fields.get("Status"))
            if statuses is None:
                return replace(self._no_way(judged, target, wish), changes=changes)
        fields = {name: value for name, value in wish.fields.items() if name in sent}
        lines = self._wishes.with_line_ids(wish.lines, target) if wish.form.list in sent else ()
        body = replace(wish, fields=fields, lines=lines)
        payload = {shape.id_field or "": target.id, **self._wishes.payload(shape, body, target.values)}
        prior = judged.link.base if judged.link is not None else {}
        base = {**prior}
        base.update(
            {
                item.field: self._inputs.digest(item.desired)
                for item in compared
                if item.standing in (Standing.WRITE, Standing.SAME)
            }
        )
        then: tuple[Step, ...] = ()
        if judged.map.target == walks.QUOTE:
            payload = {**walks.held(target.values), **payload}
        if statuses:
            who = {shape.id_field or "": target.id}
            payload, first, then = walks.walked(payload, statuses, who, self._inputs.digest)
            base |= first
        return replace(
            self._action(judged, Outcome.UPDATE, problems=problems, changes=changes, built=built),
            payload=payload,
            after=tuple(dict.fromkeys(wish.after)),
            base=base,
            base_after=self._wishes.base_after(body),
            observed_version=target.version,
            then=then,
        )

    def _no_way(self, judged: Judged, target: Record, wish: Wish) -> Action:
        there, wanted = target.values.get("Status"), wish.fields.get("Status")
        message = f"{self._target_label(judged)} is {there} in Xero, and no way leads back from there to {wanted}"
        help = "mark the quote as sent in Xero, or move its stage in Zoho; then run zx preview again"
        rule, cause = self._rule_of(wish, "Status", judged), f"way:{judged.map.name}:{there}:{wanted}"
        return self._conflict(judged, Problem("R909", "error", message, rule, help=help, cause=cause))

    def _changes(self, wish: Wish, target: Record, names: list[str]) -> tuple[Change, ...]:
        """What stands in the target beside what the rules want, for these fields."""
        changes: list[Change] = []
        for name in names:
            if name == wish.form.list:
                changes += self._wishes.line_changes(wish, target)
            else:
                changes.append(self._wishes.change(wish, name, read_path(target.values, name), wish.fields[name]))
        return tuple(changes)

    def _not_editable(self, judged: Judged, target: Record, compared: list[Compared]) -> Action | None:
        if judged.map.target.system == "zoho":
            return None
        rule = judged.map.rule
        fields = {item.field for item in compared if item.standing is Standing.WRITE}
        paid = target.values.get("Status") == "PAID" or crediting.applied(target.values)
        closed = walks.closed(target.values.get("Status"), fields) if judged.map.target == walks.QUOTE else ()
        if closed:
            status, names = str(target.values.get("Status")).lower(), ", ".join(closed)
            message = f"{self._target_label(judged)} is {status} in Xero, so {names} cannot change there"
            help = "undo the change in Zoho, or mark the quote as sent in Xero"
            cause, summary = f"closed:{judged.map.name}:{names}", f"{status} in Xero, so {names} cannot change there"
            return self._kept_there(
                judged,
                Problem("R909", "error", message, rule, help, cause=cause, summary=summary),
                [item for item in compared if item.field in closed],
            )
        locked_fields = sorted(fields - _EDITABLE_WHEN_PAID)
        is_document = line_form(judged.map.target).list in self._judge.shape(judged.map.target).fields
        if paid and is_document and locked_fields:
            message = (
                f"{self._target_label(judged)} has payments in Xero, so {', '.join(locked_fields)} cannot change there"
            )
            help = "undo the change in Zoho, or remove the payment in Xero first"
            names = ", ".join(locked_fields)
            cause, summary = f"paid:{judged.map.name}:{names}", f"payments in Xero keep {names} from changing there"
            return self._kept_there(
                judged,
                Problem("R909", "error", message, rule, help, cause=cause, summary=summary),
                [item for item in compared if item.field in locked_fields],
            )
        locked = self._acceptance.locked(judged, target.values.get("Date"), rule) if judged.map.sections else None
        return None if locked is None else self._blocked(judged, (locked,))

    def _kept_there(self, judged: Judged, problem: Problem, items: list[Compared]) -> Action:
        """What the state of the document in Xero keeps from changing: a person may say that Xero's values count."""
        asker = Asker(self._inputs.catalogue, judged)
        questions = (asker.values(item, self._inputs.digest, both=False) for item in items)
        return self._conflict(judged, asked(problem, questions, self._inputs.sync))

    def _clash(
        self, judged: Judged, wish: Wish, target: Record, clashes: list[Compared], problems: tuple[Problem, ...]
    ) -> Action:
        fields = ", ".join(item.field for item in clashes)
        changes = self._changes(wish, target, [item.field for item in clashes])
        problem = Problem(
            "R909",
            "error",
            f"{fields} changed in Zoho and in Xero since they last agreed: nothing was written",
            self._rule_of(wish, clashes[0].field, judged),
            help="make both sides equal",
            cause=f"clash:{judged.map.name}:{fields}",
        )
        asker = Asker(self._inputs.catalogue, judged)
        questions = (asker.values(item, self._inputs.digest) for item in clashes)
        problem = asked(problem, questions, self._inputs.sync)
        action = self._conflict(judged, problem, changes)
        outdated = tuple(one for one in problems if one.code == "W0802")
        return replace(action, problems=(*action.problems, *outdated))

    def _kept_uneven(
        self,
        judged: Judged,
        compared: list[Compared],
        target: Record,
        built: BuiltDocument | None,
        problems: tuple[Problem, ...],
    ) -> Action | None:
        """A document whose lines a person keeps as they are in the target though they come to another total: it is
        left as it is, and counts as skipped, since its money is not the source's any more."""
        lines = line_form(judged.map.target).list
        kept = any(item.field == lines and item.standing is Standing.KEPT for item in compared)
        total = total_of(target)
        if not kept or built is None or built.stated is None or total == built.stated:
            return None
        system = judged.map.target.system.capitalize()
        reason = (
            f"its lines are kept as they are in {system}: {amount_text(total or ZERO)} there, "
            f"{amount_text(built.stated)} by the rules"
        )
        return self._action(judged, Outcome.SKIP, reason=reason, problems=problems)

    def _uneven(
        self, judged: Judged, target: Record, compared: list[Compared], built: BuiltDocument | None
    ) -> Action | None:
        """Lines that a person changed in the target stay as they are there; where they come to another total, nothing
        else is sent either: to the cent or not at all."""
        sent = {item.field for item in compared if item.standing is Standing.WRITE}
        total = total_of(target)
        lines = line_form(judged.map.target).list
        if built is None or built.stated is None or total == built.stated or sent & {lines, *built.header}:
            return None
        fields = ", ".join(sorted(sent))
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        message = (
            f"{self._target_label(judged)} was changed in {there} to {amount_text(total or ZERO)}, {here} says "
            f"{amount_text(built.stated)}: {fields} changed in {here} and was not written"
        )
        help = "make the lines equal on both sides, then run zx preview again"
        problem = Problem("R909", "error", message, judged.map.rule, help=help, cause=f"uneven:{judged.record.id}")
        asker = Asker(self._inputs.catalogue, judged)
        questions = (asker.values(item, self._inputs.digest) for item in compared if item.field == lines)
        return self._conflict(judged, asked(problem, questions, self._inputs.sync))

    def _drifts(
        self,
        judged: Judged,
        wish: Wish,
        compared: list[Compared],
        base: Mapping[str, str],
        target: Record,
        built: BuiltDocument | None,
    ) -> tuple[Problem, ...]:
        """One warning for what a person holds otherwise in the target; ``base``: what was ever agreed on."""
        sent = {item.field for item in compared if item.standing is Standing.WRITE}
        kept = [item for item in compared if item.standing in (Standing.DRIFT, Standing.CLASH)]
        total, lines = total_of(target), line_form(judged.map.target).list
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        settled = built is not None and bool({lines, *built.header} & sent)
        uneven = built is not None and built.stated is not None and not settled and total != built.stated
        if not kept and not uneven:
            return ()
        fields = ", ".join(item.field for item in kept) or "its total"
        verb = "was changed" if not kept or any(item.field in base for item in kept) else "differs"
        sides = [
            f"{item.field} {shown(item.observed)} there, {shown(item.desired)} by the rules"
            for item in kept
            if item.field != lines
        ]
        if uneven and built is not None:
            sides.append(f"total {amount_text(total or ZERO)} there, {amount_text(built.stated or ZERO)} in {here}")
        message = f"{fields} {verb} in {there} and is kept" + (f": {'; '.join(sides)}" if sides else "")
        problem = Problem(
            "R910",
            "warning",
            message,
            self._rule_of(wish, kept[0].field if kept else lines, judged),
            help=f"change {here} to match, or leave it: zx will not overwrite it",
            cause=f"drift:{judged.map.name}:{fields}:{verb}",
            summary=f"{fields} {verb} in {there} and is kept",
        )
        asker = Asker(self._inputs.catalogue, judged)
        questions = (asker.values(item, self._inputs.digest) for item in kept)
        return (asked(problem, questions, self._inputs.sync),)

    def _refused(self, judged: Judged, problems: tuple[Problem, ...], built: BuiltDocument | None) -> Action:
        first = next(problem for problem in problems if problem.severity == "error")
        return self._action(judged, Outcome.BLOCK, reason=first.message, problems=problems, built=built)

    def _problems(self, judged: Judged, built: BuiltDocument | None) -> tuple[Problem, ...]:
        """What is wrong with the document by itself, and what its rules warn of."""
        warnings = tuple(problem for problem in judged.evaluated.problems if problem.severity == "warning")
        if built is None:
            return warnings
        lineless = () if built.lines else (self._acceptance.lineless(judged),)
        return (*built.problems, *lineless, *warnings)

    # --- small things -----------------------------------------------------------------------------------------------

    def _action(
        self,
        judged: Judged,
        outcome: Outcome,
        *,
        reason: str | None = None,
        problems: tuple[Problem, ...] = (),
        changes: tuple[Change, ...] = (),
        built: BuiltDocument | None = None,
        in_scope: bool = True,
    ) -> Action:
        program = judged.map
        source_shape = self._judge.shape(program.source)
        source = Subject(
            self._inputs.connection(program.source.system),
            program.source,
            judged.record.id,
            label_of(source_shape, judged.record),
        )
        target_id = (
            judged.link.target_id if judged.link is not None else (judged.existing.id if judged.existing else None)
        )
        target = Subject(
            self._inputs.connection(program.target.system), program.target, target_id, self._target_label(judged)
        )
        return Action(
            f"{program.name}:{judged.record.id}",
            outcome,
            program.name,
            Entity.of(program.source, program.target),
            source,
            target,
            changes=changes,
            totals=self._totals(judged, outcome, built),
            reason=reason,
            problems=tuple(completed(problem, self._inputs.catalogue) for problem in problems),
            prior=judged.link,
            in_scope=in_scope,
        )

    def _totals(self, judged: Judged, outcome: Outcome, built: BuiltDocument | None) -> Totals | None:
        money = source_amount(judged.record)
        if money is None or not judged.map.sections:
            return None
        currency, amount = money
        turned = owed_back(judged.map.target, amount)
        if outcome in (Outcome.SKIP, Outcome.VOID, Outcome.DELETE) or judged.evaluated.scope is Scope.CANCEL:
            return Totals(currency, amount, None)
        if outcome in (Outcome.UNCHANGED, Outcome.ADOPT) and judged.existing is not None:
            return Totals(currency, amount, total_of(judged.existing), turned)
        return Totals(currency, amount, None if built is None else built.total, turned)

    def _target_label(self, judged: Judged) -> str:
        shape = self._judge.shape(judged.map.target)
        if judged.existing is not None:
            return label_of(shape, judged.existing)
        paid = judged.evaluated.fields.get("Invoice")
        if isinstance(paid, TargetRef):
            return str(paid.values.get("InvoiceNumber") or paid.id or "")
        for name in (shape.number_field, shape.key_field):
            value = None if name is None else judged.evaluated.fields.get(name)
            if isinstance(value, str):
                return value
        return ""

    def _wished_label(self, judged: Judged, wish: Wish) -> str:
        return self._target_label(judged) or str(wish.fields.get("Reference", wish.fields.get("Subject", "")))

    def _rule_of(self, wish: Wish, name: str, judged: Judged) -> str:
        rule = wish.rules.get(name)
        if rule is None and wish.lines:
            rule = next(iter(wish.lines[0].rules.values()), None)
        return judged.map.rule if rule is None else rule.rule

    def _link(self, source: Kind, target: Kind, source_id: str) -> Any:
        return self._inputs.state.link(Entity.of(source, target), source_id)


def _undo_word(target: Kind) -> str:
    return "void" if target.system == "xero" else "delete"
