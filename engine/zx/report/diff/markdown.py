"""A difference as one comment of a pull request: what the change of the rules does to yesterday's data.

As in a preview, text from records stands in code spans that cannot be left, and names are off unless asked for.
"""

from __future__ import annotations

import re

from zx.report.diff.view import CauseRow, DiffRecord, DiffView, MovedRow, PairTable
from zx.report.markdown import LIMIT, block, code, letters, within

TOP = 10
_MARKS = {"good": "✅", "attention": "⚠️", "bad": "❌", "quiet": "🔁"}


def diff_markdown(view: DiffView, *, names: bool = False, limit: int = LIMIT) -> str:
    """The comment, ending with a line feed, never longer than ``limit`` characters; cut from the bottom."""
    marker = re.sub(r"[^A-Za-z0-9_.-]", "_", view.sync)
    blocks = [f"<!-- zx diff sync={marker} -->", f"### {_MARKS[view.mood]} zx diff {code(view.sync)}: {view.headline}"]
    counts = " · ".join(f"{one.number:,} {one.words}" for one in view.counts)
    blocks.append("\n\n".join(filter(None, (view.subline, counts))))
    blocks.append(f"{code(view.old)} → {code(view.new)}, {view.data}  \n{view.proof}")
    blocks += _causes(view, names)
    blocks += _moved("account", view.accounts)
    blocks += _moved("tax code", view.taxes)
    blocks += _rates(view)
    blocks += [_totals(table) for table in view.totals] if view.records else []
    blocks += _top(view, names)
    return within(blocks, f"Names {'shown' if names else 'left out'}.", limit)


def _causes(view: DiffView, names: bool) -> list[str]:
    if not view.causes:
        return []
    return ["#### What each changed line does", *(_cause(cause, names) for cause in view.causes)]


def _cause(cause: CauseRow, names: bool) -> str:
    reach = f"{cause.records:,} {'record' if cause.records == 1 else 'records'}"
    how = " (indirectly)" if cause.indirect else ""
    said = "; ".join(filter(None, (reach, letters(cause.money), letters(", ".join(cause.fields)))))
    lines = [f"{code(cause.where)}{how}: {said}"]
    texts = [*([f"- {cause.old_text}"] if cause.old_text else []), *([f"+ {cause.text}"] if cause.text else [])]
    if texts:
        lines.append(block("\n".join(texts), language="diff"))
    if names:
        lines.append(", ".join(code(example) for example in cause.examples))
    return "\n\n".join(lines)


def _moved(words: str, rows: tuple[MovedRow, ...]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {words} | before | now | moved |", "| :-- | --: | --: | --: |"]
    lines += [
        f"| {code(row.code, cell=True)} {letters(row.kind)} | {row.before} | {row.after} | "
        f"{row.moved} {letters(row.currency)} |"
        for row in rows
    ]
    return ["\n".join(lines)]


def _rates(view: DiffView) -> list[str]:
    if not view.rates:
        return []
    lines = ["| field | differ | of | equal |", "| :-- | --: | --: | --: |"]
    lines += [f"| {code(row.field, cell=True)} | {row.differ} | {row.values} | {row.share} |" for row in view.rates]
    return ["\n".join(lines)]


def _totals(table: PairTable) -> str:
    lines = [f"| {code(table.currency, cell=True)} | before | now |", "| :-- | --: | --: |"]
    for row in table.rows:
        strong = "**" if row.kind == "sum" else ""
        indent = "&emsp;" if row.kind == "part" else ""
        lines.append(f"| {indent}{strong}{row.words}{strong} | {row.old_amount} | {row.new_amount} |")
    verdict = "✅ Both add up to the cent." if table.reconciles else "❌ **Does not reconcile.**"
    return "\n".join(lines) + f"\n\n{verdict}"


def _top(view: DiffView, names: bool) -> list[str]:
    records = view.records[:TOP]
    if not records:
        return []
    lines = ["| | record | moved | what | by |", "| :-- | :-- | --: | :-- | :-- |"]
    lines += [_record(record, names) for record in records]
    rest = len(view.records) - len(records)
    more = f"\n\n{rest:,} more records not shown." if rest else ""
    table = "\n".join(lines)
    return [f"<details><summary>{len(records)} records that matter most</summary>\n\n{table}{more}\n\n</details>"]


def _record(record: DiffRecord, names: bool) -> str:
    number = record.source_id[-6:].rjust(7, "…") if record.personal and not names else record.number
    who = f" {code(record.party, cell=True)}" if names and record.party else ""
    charged = [change for change in record.changes if change.charged]
    fields = dict.fromkeys(change.field for change in charged or record.changes)
    what = f"{record.outcomes}: {letters(', '.join(list(fields)[:4]))}" if fields else record.outcomes
    places = dict.fromkeys(cause.where for cause in record.causes)
    by = ", ".join(code(place, cell=True) for place in list(places)[:3]) + (", …" if len(places) > 3 else "")
    money = letters(f"{record.moved} {record.currency}".strip())
    return f"| {record.symbol} {record.word} | {code(number, cell=True)}{who} | {money} | {what} | {by} |"
