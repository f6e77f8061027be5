"""A difference on a terminal: newly blocked first, then each line to blame with what it does, then single records."""

from __future__ import annotations

from zx.report.diff.view import CauseRow, DiffChange, DiffRecord, DiffView, PairTable
from zx.report.screen import Screen

_CAUSES = 6
_RECORDS = 6
_FIELDS = 4
_ROWS = 6
"""How many are shown when the screen is limited."""


def diff_text(view: DiffView, *, width: int, colour: bool, unicode: bool, whole: bool = False) -> str:
    """The difference in ``width`` columns, ending with a line feed; one screen unless ``whole`` is asked for."""
    screen = Screen(max(width, 30), colour, unicode)
    screen.say(f"zx diff {view.sync}", "bold")
    screen.wrapped(f"{view.old} → {view.new}", indent=2)
    screen.say(view.data, "dim", indent=2)
    screen.say()
    screen.wrapped(view.headline, view.mood, indent=2)
    screen.wrapped(view.subline, indent=2)
    screen.say(view.proof, "dim", indent=2)
    screen.say()
    screen.flow([(f"{one.symbol} {one.number:,} {one.words}", one.key) for one in view.counts], indent=2)
    if view.counts:
        screen.say()
    _causes(screen, view, whole)
    _money(screen, view, whole)
    _records(screen, view, whole)
    for table in view.totals:
        _totals(screen, table, whole or not table.reconciles)
    return "\n".join(screen.lines) + "\n"


def _causes(screen: Screen, view: DiffView, whole: bool) -> None:
    shown = view.causes if whole else view.causes[:_CAUSES]
    for cause in shown:
        _cause(screen, cause)
    if len(shown) < len(view.causes):
        screen.say(f"… {len(view.causes) - len(shown):,} more changed lines (--all)", "dim", indent=2)
    if shown:
        screen.say()


def _cause(screen: Screen, cause: CauseRow) -> None:
    how = "  (indirectly)" if cause.indirect else ""
    reach = f"{cause.records:,} {'record' if cause.records == 1 else 'records'}"
    screen.pair(f"{cause.where}{how}", ", ".join(filter(None, (reach, cause.money))), "bold", indent=2)
    if cause.old_text:
        screen.say(f"- {cause.old_text}", "bad", indent=6)
    if cause.text:
        screen.say(f"+ {cause.text}", "good", indent=6)
    said = ", ".join(cause.fields)
    examples = ", ".join(cause.examples)
    screen.wrapped(": ".join(filter(None, (said, examples))), "dim", indent=6)


def _money(screen: Screen, view: DiffView, whole: bool) -> None:
    for words, rows in (("account", view.accounts), ("tax code", view.taxes)):
        for row in rows if whole else rows[:_ROWS]:
            name = f"{words} {row.code}"
            screen.pair(f"{name:<22} {row.before} → {row.after}", f"{row.moved} {row.currency}", indent=2)
    for rate in view.rates if whole else view.rates[:_ROWS]:
        screen.pair(f"{rate.field}: {rate.differ} of {rate.values} values differ", f"{rate.share} equal", indent=2)
    if view.accounts or view.taxes or view.rates:
        screen.say()


def _records(screen: Screen, view: DiffView, whole: bool) -> None:
    shown = view.records if whole else view.records[:_RECORDS]
    for record in shown:
        _record(screen, record, whole)
    if len(shown) < len(view.records):
        screen.say(f"… {len(view.records) - len(shown):,} more (--all)", "dim", indent=2)
    if shown:
        screen.say()


def _record(screen: Screen, record: DiffRecord, whole: bool) -> None:
    title = f"{record.symbol} {record.word} {record.number}"
    if record.party and record.party != record.number:
        title += f"  {record.party}"
    screen.pair(title, f"{record.moved} {record.currency}".strip(), record.key, indent=2)
    screen.wrapped(record.outcomes, indent=6)
    for reason in record.reasons:
        screen.wrapped(reason, indent=6)
    for cause in record.causes:
        how = "indirectly by" if cause.indirect else "by"
        screen.say(f"{how} {cause.where}", "dim", indent=6)
    charged = [change for change in record.changes if change.charged] or list(record.changes)
    shown = list(record.changes) if whole else charged[:_FIELDS]
    for change in shown:
        _change(screen, change)
    if len(shown) < len(record.changes):
        screen.say(f"… {len(record.changes) - len(shown)} more fields", "dim", indent=6)


def _change(screen: Screen, change: DiffChange) -> None:
    name = f"{change.group} {change.field[:1].lower()}{change.field[1:]}" if change.group else change.field
    place = change.rule or f"{change.was} (taken out)"
    was = f" (was {change.was})" if change.was and change.rule and change.was != change.rule else ""
    screen.pair(f"{name:<18} {change.before} → {change.after}", f"{place}{was}", indent=6)


def _totals(screen: Screen, table: PairTable, whole: bool) -> None:
    if not whole:
        rows = [row for row in table.rows if row.kind in ("sum", "check")]
        parts = [(f"totals {table.currency}", "bold")]
        for row in rows:
            words = row.words.removeprefix("= ").replace("In scope", "in scope")
            same = row.old_amount == row.new_amount
            parts.append((f"{words} {row.new_amount if same else f'{row.old_amount} → {row.new_amount}'}", ""))
        screen.flow([*parts, ("✓ both add up", "good")], indent=2)
        return
    screen.say(f"totals {table.currency}", "bold", indent=2)
    screen.say(f"{'':<34} {'before':>16} {'now':>16}", "dim", indent=4)
    for row in table.rows:
        screen.say(f"{row.words:<34} {row.old_amount:>16} {row.new_amount:>16}", indent=4)
    screen.wrapped(table.sentence, "quiet" if table.reconciles else "bad", indent=4)
