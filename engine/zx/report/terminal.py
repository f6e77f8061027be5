"""A report on a terminal: exceptions before bulk, biggest money first, one screen unless asked for more.

Strings of the view carry no control characters; they go through the filter once more at this door, and colours are
added after it (reliability 3.1, S6).
"""

from __future__ import annotations

from rich.cells import cell_len

from zx.report.screen import Screen
from zx.report.view import ChangeView, FindingView, RecordView, TotalsTable, View

_FAILED = ("rejected", "in_doubt", "conflict")
_FAILURES = 8
"""Failures shown when the screen is limited."""
_ANSWERS = 3
"""Lines to paste of one finding; the rest is for `zx review`."""
_ERRORS = 8
"""Findings that stop documents, shown when the screen is limited; they come first."""
_FINDINGS = 4
"""Findings of any kind shown when the screen is limited."""
_CHANGES = 4
"""Fields shown of one record when the screen is limited."""


def preview_text(view: View, *, width: int, colour: bool, unicode: bool, height: int | None = 40) -> str:
    """The preview in ``width`` columns and about ``height`` lines (None: everything), ending with a line feed."""
    screen = Screen(max(width, 30), colour, unicode)
    _header(screen, view)
    _tiles(screen, view)
    failed = [record for record in view.records if record.result in _FAILED]
    _failures(screen, failed if height is None else failed[:_FAILURES], len(failed))
    _findings(screen, view, limited=height is not None)
    tail = Screen(screen.width, colour, unicode)
    _totals(tail, view)
    _foot(tail, view)
    room = None if height is None else max(height - len(screen.lines) - len(tail.lines), 6)
    _records(screen, view, room, [record for record in view.records if record.result not in _FAILED])
    return "\n".join([*screen.lines, *tail.lines]) + "\n"


def push_text(view: View, *, width: int, colour: bool, unicode: bool, height: int | None = 40) -> str:
    """The report of a push: what failed first, with what the service said."""
    return preview_text(view, width=width, colour=colour, unicode=unicode, height=height)


def status_line(view: View, *, unicode: bool = True) -> str:
    """How a sync is, in one line without colour: for ``zx status`` and for logs."""
    screen = Screen(10_000, False, unicode)
    counts = ", ".join(f"{tile.number:,} {tile.words}" for tile in view.tiles)
    return screen.clean(f"{view.sync}: {view.headline} ({counts}; plan {view.plan[:8]})")


def _header(screen: Screen, view: View) -> None:
    into = view.sides[-1]
    made_of = " → ".join(
        f"{side.organisation} ({side.connection}{', simulated' if side.simulated else ''})" for side in view.sides
    )
    screen.say(f"zx {view.kind} {view.sync}", "bold")
    screen.wrapped(made_of, indent=2)
    screen.flow([(f"snapshot {into.age}", "dim"), (f"rules {view.rules}", "dim")], indent=2)
    screen.flow([(call, "dim") for call in view.calls], indent=2)
    screen.say()
    screen.wrapped(view.headline, view.mood, indent=2)
    if view.subline:
        screen.wrapped(view.subline, indent=2)
    screen.say()


def _tiles(screen: Screen, view: View) -> None:
    parts = [(f"{tile.symbol} {tile.number:,} {tile.words}", tile.key.removeprefix("plan-")) for tile in view.tiles]
    screen.flow(parts, indent=2)
    if parts:
        screen.say()


# --- records


def _failures(screen: Screen, records: list[RecordView], number: int) -> None:
    """What a push could not do comes before everything else, with what the service said."""
    for record in records:
        screen.lines += _card(screen, record, limited=True)
    if len(records) < number:
        screen.say(f"… {number - len(records):,} more (--all, or open report.html)", "dim", indent=2)
    if records:
        screen.say()


def _records(screen: Screen, view: View, room: int | None, listed: list[RecordView]) -> None:
    """The other records as far as there is ``room``; those that findings explain wait for ``--all``."""
    shown = 0
    used = 0
    records = [record for record in listed if room is None or not record.explained or record.key != "block"]
    for record in records:
        lines = _card(screen, record, limited=room is not None)
        rest = len(records) - shown > 1
        if room is not None and shown and used + len(lines) + rest > room:
            break
        screen.lines += lines
        used += len(lines)
        shown += 1
    left = len(records) - shown
    if left:
        file = "report.html" if view.kind == "push" else "preview.html"
        screen.say(f"… {left:,} more (--all, or open {file})", "dim", indent=2)
    if records:
        screen.say()


def _card(screen: Screen, record: RecordView, *, limited: bool) -> list[str]:
    card = Screen(screen.width, screen.colour, screen.unicode)
    money = f"{record.amount} {record.currency}".strip()
    if limited and record.key == "skip" and not record.result:
        money = record.reason if not money else f"{money}  {record.reason}"
    title = f"{record.symbol} {record.word:<8} {record.number}"
    if record.party and record.party != record.number:
        title += f"  {record.party}"
    card.pair(title, money, record.result or record.key, indent=2)
    if record.reason and not (limited and record.key == "skip"):
        card.wrapped(record.reason, indent=6)
    for problem in () if limited and record.explained else record.problems:
        card.pair(f"{problem.code} {problem.message}", problem.rule, indent=6)
        if problem.help and not limited:
            card.wrapped(problem.help, "dim", indent=8)
    for message in record.messages:
        card.wrapped(message, indent=6)
    if record.result in ("rejected", "in_doubt", "conflict"):
        card.wrapped(record.result_words, "dim", indent=6)
    show = record.changes if not limited or record.key in ("update", "conflict") else ()
    kept = show if not limited else show[:_CHANGES]
    for change in kept:
        _change(card, change, new=record.key == "create")
    if len(kept) < len(show):
        card.say(f"… {len(show) - len(kept)} more fields", "dim", indent=6)
    return card.lines


def _change(card: Screen, change: ChangeView, *, new: bool) -> None:
    name = f"{change.group} {change.field[:1].lower()}{change.field[1:]}" if change.group else change.field
    values = change.after if new and not change.had else f"{change.before} → {change.after}"
    card.pair(f"{name:<18} {values}", change.rule + (f" · {change.row}" if change.row else ""), indent=6)


# --- what to do


def _findings(screen: Screen, view: View, *, limited: bool) -> None:
    every = view.gaps + view.notices
    errors = sum(finding.error for finding in every)
    shown = every[: max(_FINDINGS, min(errors, _ERRORS))] if limited else every
    for finding in shown:
        _finding(screen, finding)
    if len(shown) < len(every):
        screen.say(f"… {len(every) - len(shown)} more findings (--all)", "dim", indent=2)
    if every:
        screen.say()


def _finding(screen: Screen, finding: FindingView) -> None:
    style = ("conflict" if not finding.fix else "block") if finding.error else "dim"
    screen.pair(f"{'?' if finding.error else '·'} {finding.message}", finding.reach, style, indent=2)
    screen.pair(", ".join(finding.where), f"{finding.code} {finding.rule}".strip(), indent=6)
    if finding.help:
        screen.wrapped(finding.help, indent=6)
    lines = finding.fix.split("\n") if finding.fix else []
    for line in lines[:_ANSWERS]:
        screen.say(line, "bold", indent=6, whole=True)
    if len(lines) > _ANSWERS:
        screen.say(f"… {len(lines) - _ANSWERS} more (zx review)", "dim", indent=6)


def _totals(screen: Screen, view: View) -> None:
    for table in view.totals:
        _totals_line(screen, table)


def _totals_line(screen: Screen, table: TotalsTable) -> None:
    """The sums of one currency in a line where they agree, the whole table where they do not."""
    if table.reconciles:
        sums = [row for row in table.rows if row.kind in ("sum", "check")]
        parts = [(f"totals {table.currency}", "bold")]
        parts += [(f"{row.words.removeprefix('= ').replace('In scope', 'in scope')} {row.amount}", "") for row in sums]
        screen.flow([*parts, ("✓ equal", "good")], indent=2)
        return
    screen.say(f"totals {table.currency}", "bad", indent=2)
    for row in table.rows:
        screen.say(f"{row.words:<34} {row.documents:>7} {row.amount:>16}", indent=4)
    screen.wrapped(table.sentence, "bad", indent=4)


def _foot(screen: Screen, view: View) -> None:
    screen.say(f"plan {view.plan}", "dim", indent=2)
    # Lines and commands to copy are never cut, whatever the width.
    for hint in view.hints:
        words, command = screen.clean(f"{hint.words}:"), screen.clean(hint.command)
        if cell_len(words) + cell_len(command) + 3 <= screen.width:
            screen.lines.append(f"  {words} {screen.paint(command, 'bold')}")
        else:
            screen.say(words, indent=2)
            screen.say(command, "bold", indent=4, whole=True)
