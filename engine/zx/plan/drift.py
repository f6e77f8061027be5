"""What a person holds otherwise in the target than the rules want it: kept, reported, never overwritten unasked
(reliability 1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zx.model.problem import Problem
from zx.plan.action import Action, Change, Outcome
from zx.plan.compare import Compared, Standing
from zx.plan.inputs import PlanInputs
from zx.plan.outcomes import Outcomes
from zx.plan.questions import Asker, asked, shown
from zx.plan.side_by_side import SideBySide
from zx.values.money import ZERO, amount_text


class Drift:
    """Speaks of one record at a time, both sides of it in a ``SideBySide``."""

    def __init__(self, inputs: PlanInputs, outcomes: Outcomes) -> None:
        self._inputs = inputs
        self._outcomes = outcomes

    def clash(
        self, sides: SideBySide, clashes: list[Compared], changes: tuple[Change, ...], problems: tuple[Problem, ...]
    ) -> Action:
        """Both sides changed: a person must say whose value counts."""
        judged = sides.judged
        fields = ", ".join(item.field for item in clashes)
        problem = Problem(
            "R909",
            "error",
            f"{fields} changed in Zoho and in Xero since they last agreed: nothing was written",
            sides.wish.rule_of(clashes[0].field, judged.map),
            help="make both sides equal",
            cause=f"clash:{judged.map.name}:{fields}",
        )
        action = self._outcomes.conflict(judged, self._whose(sides, problem, clashes), changes)
        outdated = tuple(one for one in problems if one.code == "W0802")
        return replace(action, problems=(*action.problems, *outdated))

    def kept_uneven(self, sides: SideBySide, problems: tuple[Problem, ...]) -> Action | None:
        """A document whose lines a person keeps as they are in the target though they come to another total: it is
        left as it is, and counts as skipped, since its money is not the source's any more."""
        stated = sides.stated_otherwise
        kept = any(item.field == sides.lines and item.standing is Standing.KEPT for item in sides.compared)
        if not kept or stated is None:
            return None
        system = sides.judged.map.target.system.capitalize()
        reason = (
            f"its lines are kept as they are in {system}: {amount_text(sides.total or ZERO)} there, "
            f"{amount_text(stated)} by the rules"
        )
        return self._outcomes.action(sides.judged, Outcome.SKIP, reason=reason, problems=problems)

    def uneven(self, sides: SideBySide) -> Action | None:
        """Lines that a person changed in the target stay as they are there; where they come to another total, nothing
        else is sent either: to the cent or not at all."""
        judged, stated = sides.judged, sides.stated_otherwise
        if stated is None or sides.sends_money:
            return None
        fields = ", ".join(sorted(sides.sent))
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        message = (
            f"{self._outcomes.target_label(judged)} was changed in {there} to {amount_text(sides.total or ZERO)}, "
            f"{here} says {amount_text(stated)}: {fields} changed in {here} and was not written"
        )
        help = "make the lines equal on both sides, then run zx preview again"
        problem = Problem("R909", "error", message, judged.map.rule, help=help, cause=f"uneven:{judged.record.id}")
        lines = [item for item in sides.compared if item.field == sides.lines]
        return self._outcomes.conflict(judged, self._whose(sides, problem, lines))

    def kept(self, sides: SideBySide, base: Mapping[str, str]) -> tuple[Problem, ...]:
        """One warning for all that differs and is kept; ``base``: what was ever agreed on."""
        judged = sides.judged
        kept = [item for item in sides.compared if item.standing in (Standing.DRIFT, Standing.CLASH)]
        here, there = judged.map.source.system.capitalize(), judged.map.target.system.capitalize()
        stated = None if sides.sends_money else sides.stated_otherwise
        if not kept and stated is None:
            return ()
        fields = ", ".join(item.field for item in kept) or "its total"
        verb = "was changed" if not kept or any(item.field in base for item in kept) else "differs"
        values = [
            f"{item.field} {shown(item.observed)} there, {shown(item.desired)} by the rules"
            for item in kept
            if item.field != sides.lines
        ]
        if stated is not None:
            values.append(f"total {amount_text(sides.total or ZERO)} there, {amount_text(stated)} in {here}")
        message = f"{fields} {verb} in {there} and is kept" + (f": {'; '.join(values)}" if values else "")
        problem = Problem(
            "R910",
            "warning",
            message,
            sides.wish.rule_of(kept[0].field if kept else sides.lines, judged.map),
            help=f"change {here} to match, or leave it: zx will not overwrite it",
            cause=f"drift:{judged.map.name}:{fields}:{verb}",
            summary=f"{fields} {verb} in {there} and is kept",
        )
        return (self._whose(sides, problem, kept),)

    def _whose(self, sides: SideBySide, problem: Problem, items: list[Compared]) -> Problem:
        """``problem`` with the question whose value counts, for each of ``items``."""
        asker = Asker(self._inputs.catalogue, sides.judged)
        questions = (asker.values(item, self._inputs.digest) for item in items)
        return asked(problem, questions, self._inputs.sync)
