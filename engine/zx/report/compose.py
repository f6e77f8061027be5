"""Makes the one view of a report from a plan, and from the result of a push where there was one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from zx.model.snapshot import Organisation
from zx.plan.action import Action, Finding, Outcome, Plan
from zx.report.about import About, Hint
from zx.report.reconcile import totals_tables
from zx.report.records import money_amount, record_views
from zx.report.results import GOOD, PushOutcome
from zx.report.view import Fact, FindingView, MapRow, Mood, ReasonRow, RuleRow, Side, Tile, TotalsTable, View
from zx.report.visible import visible, visible_lines
from zx.report.words import (
    RESULT_SYMBOLS,
    RESULT_TILES,
    SYMBOLS,
    SYSTEMS,
    TILES,
    added,
    age_words,
    counted,
    moment_words,
    sums,
)


def preview_view(plan: Plan, about: About) -> View:
    """What a preview shows."""
    return _view(plan, about, None)


def push_view(plan: Plan, results: PushOutcome, about: About) -> View:
    """What the report of a push shows: the preview with what became of each record."""
    return _view(plan, about, results)


def _view(plan: Plan, about: About, results: PushOutcome | None) -> View:
    totals = totals_tables(plan, results, _written_to(plan))
    mood, headline, subline = (
        _preview_verdict(plan, totals) if results is None else _push_verdict(plan, results, totals)
    )
    reached = _reached(plan)
    gaps, notices = _findings(plan, reached)
    columns = tuple((outcome, words) for outcome, words in TILES if plan.counts.get(outcome))
    return View(
        kind="push" if results else "preview",
        sync=visible(plan.sync),
        title=f"{'Report' if results else 'Preview'} of {visible(plan.sync)}",
        mood=mood,
        headline=headline,
        subline=subline,
        sides=(
            _side("From", about.zoho, plan.read_at.get(plan.zoho), about),
            _side("Into", about.xero, plan.read_at.get(plan.xero), about),
        ),
        rules=_rules(about),
        plan=visible(plan.digest),
        calls=_calls(about, results),
        hints=tuple(Hint(visible(hint.words), visible(hint.command)) for hint in about.hints),
        tiles=_tiles(plan, results),
        totals=totals,
        map_columns=tuple(words for _, words in columns),
        maps=_maps(plan, [outcome for outcome, _ in columns]),
        gaps=gaps,
        notices=notices,
        records=record_views(plan, results, {action.id for actions in reached.values() for action in actions}),
        rule_rows=_rule_rows(plan),
        reasons=_reasons(plan),
        facts=_facts(plan, about, results),
    )


def _written_to(plan: Plan) -> str:
    """The word for the side that receives documents: the system of the actions with money."""
    systems = {action.target.kind.system for action in plan.actions if action.totals and action.writes}
    return SYSTEMS[systems.pop()] if len(systems) == 1 else "Xero" if not systems else "the other side"


# --- verdicts


def _preview_verdict(plan: Plan, totals: tuple[TotalsTable, ...]) -> tuple[Mood, str, str]:
    sending = sum(action.writes for action in plan.actions)
    open_records = plan.counts.get("block", 0) + plan.counts.get("conflict", 0)
    if not all(table.reconciles for table in totals):
        return "bad", "The totals do not reconcile", "Nothing should be sent before the difference below is understood."
    if open_records:
        ready = (
            f"{counted(sending, 'change')} {'is' if sending == 1 else 'are'} ready: a push sends "
            f"{'it' if sending == 1 else 'those'} and leaves the rest untouched."
            if sending
            else "Nothing else has changed."
        )
        return "attention", f"{counted(open_records, 'record')} {_needs(open_records)} a person", ready
    if not sending:
        return "quiet", "Nothing to send", "Both sides agree on every record in scope."
    agree = "Every record read is accounted for"
    return (
        "good",
        f"Ready: {counted(sending, 'change')}",
        f"{agree}, and both sides agree to the cent." if totals else (f"{agree}."),
    )


def _push_verdict(plan: Plan, results: PushOutcome, totals: tuple[TotalsTable, ...]) -> tuple[Mood, str, str]:
    outcomes = [str(result.outcome) for result in results.actions.values()]
    good = sum(outcome in GOOD for outcome in outcomes)
    failed = [
        f"{outcomes.count(key):,} {words}" for key, words in RESULT_TILES if key not in GOOD and outcomes.count(key)
    ]
    open_records = plan.counts.get("block", 0) + plan.counts.get("conflict", 0)
    waiting = f"{counted(open_records, 'record')} still {_needs(open_records)} a person." if open_records else ""
    if not all(table.reconciles for table in totals):
        return (
            "bad",
            "The totals do not reconcile",
            f"{good:,} of {counted(len(outcomes), 'change')} were made. {waiting}",
        )
    if results.stopped:
        why = visible(str(results.stopped)).rstrip(".")
        return "bad", f"Stopped after {good:,} of {counted(len(outcomes), 'change')}", f"{why}. {waiting}".strip()
    if failed:
        sentence = f"{_sentence(failed)}. Nothing is lost, nothing is sent twice. {waiting}"
        return "bad", f"{good:,} of {counted(len(outcomes), 'change')} done", sentence.strip()
    if open_records:
        return "attention", f"{counted(good, 'change')} done", waiting
    if not outcomes:
        return "quiet", "Nothing was sent", "Both sides agreed already."
    return "good", f"All {counted(good, 'change')} done", "The totals that came back equal those that were sent."


def _needs(number: int) -> str:
    return "needs" if number == 1 else "need"


def _sentence(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# --- header


def _side(role: str, organisation: Organisation, read_at: str | None, about: About) -> Side:
    return Side(
        role=role,
        connection=visible(organisation.connection),
        organisation=visible(organisation.name),
        organisation_id=visible(organisation.id),
        simulated=organisation.simulated,
        read_at=moment_words(read_at),
        age=age_words(read_at, about.generated_at),
    )


def _rules(about: About) -> str:
    revision = visible(about.revision) if about.revision else "not in git"
    return f"{revision}, with edits not committed" if about.dirty else revision


def _calls(about: About, results: PushOutcome | None) -> tuple[str, ...]:
    """``xero.books: needs 4 of 812 calls left today``; after a push what was used."""
    lines = []
    for connection in sorted({*about.calls, *(results.calls if results else ())}):
        budget = about.calls.get(connection, {})
        left = budget.get("left_today")
        if results is not None:
            said = f"{counted(results.calls.get(connection, 0), 'call')} made"
            rest = f", {left:,} left today" if left is not None else ""
        else:
            said = f"needs {counted(budget.get('needed') or 0, 'call')}"
            rest = f" of {left:,} left today" if left is not None else ""
        lines.append(f"{visible(connection)}: {said}{rest}")
    return tuple(lines)


def _tiles(plan: Plan, results: PushOutcome | None) -> tuple[Tile, ...]:
    if results is None:
        return tuple(
            Tile(str(outcome), SYMBOLS[outcome], words, plan.counts.get(outcome, 0))
            for outcome, words in TILES
            if plan.counts.get(outcome, 0)
        )
    outcomes = [str(result.outcome) for result in results.actions.values()]
    made = [
        Tile(key, RESULT_SYMBOLS[key], words, outcomes.count(key)) for key, words in RESULT_TILES if key in outcomes
    ]
    kept = (Outcome.BLOCK, Outcome.CONFLICT, Outcome.SKIP, Outcome.UNCHANGED)
    rest = [
        Tile(f"plan-{outcome}", SYMBOLS[outcome], words, plan.counts.get(outcome, 0))
        for outcome, words in TILES
        if outcome in kept and plan.counts.get(outcome, 0)
    ]
    return tuple(made + rest)


# --- tables


def _maps(plan: Plan, columns: list[Outcome]) -> tuple[MapRow, ...]:
    rows = []
    for name, counts in plan.by_map.items():
        actions = [action for action in plan.actions if action.map == name]
        rows.append(
            MapRow(
                name=visible(name),
                route=_route(actions),
                read=counts.get("read", 0),
                counts=tuple(counts.get(outcome, 0) for outcome in columns),
                amounts=tuple(
                    sums({currency: amount})
                    for currency, amount in sorted(
                        added(_money(action) for action in actions if action.writes and action.totals).items()
                    )
                ),
            )
        )
    return tuple(rows)


def _route(actions: list[Action]) -> str:
    if not actions:
        return ""
    first = actions[0]
    source, target = first.source.kind, first.target.kind
    return visible(f"{SYSTEMS[source.system]} {source.name} → {SYSTEMS[target.system]} {target.name}")


def _money(action: Action) -> tuple[str, Decimal]:
    """Currency and amount of an action that has totals."""
    assert action.totals is not None
    return action.totals.currency, money_amount(action) or Decimal(0)


def _reached(plan: Plan) -> dict[int, list[Action]]:
    """The records each finding speaks of, by its place among the findings: those with a problem that has its line
    to paste, or a message that ends like its own. Biggest money first."""
    by_text: dict[str, dict[str, Action]] = {}
    for action in plan.actions:
        for problem in action.problems:
            for text in _endings(problem.message) | {text for text in (problem.fix, problem.summary) if text}:
                by_text.setdefault(text, {})[action.id] = action
    return {
        index: sorted(
            {**by_text.get(finding.message, {}), **by_text.get(finding.fix, {})}.values(),
            key=lambda action: -abs(money_amount(action) or Decimal(0)),
        )
        for index, finding in enumerate(plan.findings)
    }


def _endings(message: str) -> set[str]:
    """A message, and what follows each of its colons: ``line 2: no account`` is about ``no account`` too."""
    parts = message.split(": ")
    return {": ".join(parts[start:]) for start in range(len(parts))}


def _findings(
    plan: Plan, reached: Mapping[int, list[Action]]
) -> tuple[tuple[FindingView, ...], tuple[FindingView, ...]]:
    """Findings that stop documents, and the others; biggest reach first."""
    stopping = {
        problem.code
        for action in plan.actions
        if action.outcome is Outcome.BLOCK
        for problem in action.problems
        if problem.severity == "error"
    }
    ordered = sorted(plan.findings, key=_reach_order)
    gaps = [
        finding
        for finding in ordered
        if finding.severity == "error" and ((finding.fix and not finding.questions) or finding.code in stopping)
    ]
    rest = [finding for finding in ordered if finding not in gaps]
    where = {id(finding): reached[index] for index, finding in enumerate(plan.findings)}

    def views(findings: list[Finding]) -> tuple[FindingView, ...]:
        return tuple(_finding(finding, where[id(finding)]) for finding in findings)

    return views(gaps), views(rest)


def _reach_order(finding: Finding) -> tuple[bool, Decimal, int, str, str]:
    money = sum((abs(amount) for amount in finding.amounts.values()), Decimal(0))
    return finding.severity != "error", -money, -finding.documents, finding.rule, finding.message


def _finding(finding: Finding, actions: list[Action]) -> FindingView:
    reach = [counted(finding.documents, "record")]
    if finding.lines:
        reach.append(counted(finding.lines, "line"))
    if finding.amounts:
        reach.append(sums(finding.amounts))
    return FindingView(
        code=visible(finding.code),
        error=finding.severity == "error",
        message=visible(finding.message),
        reach=", ".join(reach),
        rule=visible(finding.rule),
        fix=visible_lines(finding.fix),
        help=visible(finding.help),
        where=_where(finding, actions),
        answers=bool(finding.questions),
        disputed=bool(actions) and all(action.outcome is Outcome.CONFLICT for action in actions),
    )


def _where(finding: Finding, actions: list[Action]) -> tuple[str, ...]:
    """Three records at most, and how many more there are."""
    named = [
        visible(action.target.label or action.source.label)
        + (f" ({sums(added([_money(action)]))})" if action.totals else "")
        for action in actions
    ] or [visible(example) for example in finding.examples]
    more = max(finding.documents, len(named)) - len(named[:3])
    return (*named[:3], f"{more:,} more") if more > 0 else tuple(named)


def _rule_rows(plan: Plan) -> tuple[RuleRow, ...]:
    """Every place that sets a field or stops a record, in the order of files and lines."""
    fields: dict[str, int] = {}
    records: dict[str, dict[str, Action]] = {}
    for action in plan.actions:
        for change in action.changes:
            for place in (change.rule, change.row):
                if place:
                    fields[place] = fields.get(place, 0) + 1
                    records.setdefault(place, {})[action.id] = action
        for problem in action.problems:
            if problem.rule:
                records.setdefault(problem.rule, {})[action.id] = action
    return tuple(
        RuleRow(
            place=visible(place),
            fields=fields.get(place, 0),
            records=len(records[place]),
            amount=sums(added(_money(action) for action in records[place].values() if action.totals)),
        )
        for place in sorted(records, key=_place_order)
    )


def _place_order(place: str) -> tuple[str, int, str]:
    file, _, line = place.rpartition(":")
    return file, int(line) if line.isdigit() else 0, place


def _reasons(plan: Plan) -> tuple[ReasonRow, ...]:
    """Records that stay as they are, by reason; most frequent first."""
    groups: dict[str, list[Action]] = {}
    for action in plan.actions:
        if action.outcome is Outcome.UNCHANGED:
            groups.setdefault("both sides agree already", []).append(action)
        elif action.outcome is Outcome.SKIP or not action.in_scope:
            groups.setdefault(action.reason or "out of scope", []).append(action)
    ordered: list[tuple[str, list[Action]]] = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return tuple(
        ReasonRow(
            visible(reason),
            len(actions),
            sums(added(_money(action) for action in actions if action.totals and action.in_scope)),
        )
        for reason, actions in ordered
    )


def _facts(plan: Plan, about: About, results: PushOutcome | None) -> tuple[Fact, ...]:
    facts: Mapping[str, str] = {
        "Made": f"{moment_words(about.generated_at)} by zx {about.version}",
        "Plan": plan.digest,
        "Rules": f"{counted(about.rule_files, 'file')}, revision {_rules(about)}, digest {plan.rules_digest}",
        "Snapshot": plan.snapshot_digest,
        "State": f"serial {plan.state_serial}, lineage {plan.state_lineage}",
        "Read": f"{counted(sum(counts.get('read', 0) for counts in plan.by_map.values()), 'record')}, "
        f"each with exactly one outcome",
    }
    if results is not None:
        took = f"{results.seconds:.1f} s"
        facts = {**facts, "Run": f"{about.run or 'without an id'}, {took}"}
    return tuple(Fact(name, visible(value)) for name, value in facts.items())
