"""A preview as one comment of a pull request (preview 4.7).

Text from records can neither link, mention nor draw: it stands in code spans whose fence is longer than any run of
backticks inside (reliability 3.1, S7). Names and free text are off unless asked for: record numbers, places in the
rules and amounts only.
"""

from __future__ import annotations

import re

from zx.report.view import FindingView, RecordView, TotalsTable, View
from zx.report.visible import visible

LIMIT = 60_000
"""Characters. GitHub refuses a comment of more than 65,536."""

TOP = 10


def preview_markdown(view: View, *, names: bool = False, limit: int = LIMIT) -> str:
    """The comment, ending with a line feed, never longer than ``limit`` characters; cut from the bottom."""
    blocks = [f"<!-- zx {view.kind} {_marker(view)} -->", *_verdict(view)]
    blocks += [_totals(table) for table in view.totals]
    blocks += _findings(view, names)
    blocks += _maps(view)
    blocks += _top(view, names)
    return within(blocks, _foot(view, names), limit)


def code(text: str, *, cell: bool = False) -> str:
    """``text`` as a code span that cannot be left: one line, nothing inside is read. In a table's ``cell`` pipes are
    escaped: there, and only there, the escape works inside a code span."""
    flat = visible(text).replace("|", "\\|") if cell else visible(text)
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if not flat.strip() or flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat or ' '}{pad}{fence}"


def block(text: str, *, language: str = "") -> str:
    """``text`` as a code block of its own, to copy from."""
    flat = "\n".join(visible(line) for line in text.split("\n")) if language else visible(text)
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}{language}\n{flat}\n{fence}"


def _marker(view: View) -> str:
    """Finds the comment again: the sync and the connections, in characters that cannot end an HTML comment."""
    parts = [f"sync={view.sync}", *(f"{side.role.lower()}={side.connection}" for side in view.sides)]
    return " ".join(re.sub(r"[^A-Za-z0-9_.=]", "_", part) for part in parts)


def _verdict(view: View) -> list[str]:
    mark = {"good": "✅", "attention": "⚠️", "bad": "❌", "quiet": "✔️"}[view.mood]
    into = view.sides[-1]
    counts = " · ".join(f"{tile.number:,} {tile.words}" for tile in view.tiles)
    mode = "simulated" if into.simulated else "**live organisation**"
    # The second sentence of a push may quote a service, and that may quote a record.
    return [
        f"### {mark} zx {code(view.sync)}: {view.headline}",
        f"{counts}\n\nInto {code(into.connection)} ({mode}), snapshot {into.age}, rules {code(view.rules)}",
    ]


def _totals(table: TotalsTable) -> str:
    lines = [f"| {code(table.currency, cell=True)} | documents | amount |", "| :-- | --: | --: |"]
    for row in table.rows:
        strong = "**" if row.kind == "sum" else ""
        indent = "&emsp;" if row.kind == "part" else ""
        lines.append(f"| {indent}{strong}{row.words}{strong} | {row.documents} | {strong}{row.amount}{strong} |")
    verdict = "✅ Equal to the cent." if table.reconciles else "❌ **Does not reconcile.**"
    return "\n".join(lines) + f"\n\n{verdict}"


def _findings(view: View, names: bool) -> list[str]:
    every = view.gaps + view.notices
    if not every:
        return []
    return ["#### Open", *(_finding(finding, names) for finding in every)]


def _finding(finding: FindingView, names: bool) -> str:
    """A finding with a row to paste is about the rules and shown whole; any other, and what asks who somebody is, may
    name a person. An answer to paste holds ids only, unless it gives a name."""
    ruled = bool(finding.fix) and not finding.answers
    said = f": {code(finding.message)}" if names or ruled else ""
    lines = [f"**{code(finding.code)}** {letters(finding.reach)}{said}"]
    if finding.fix and (names or not finding.answers or ' is new as "' not in finding.fix):
        lines.append(f"Add to {code(finding.into)}:" if finding.into else "Add:")
        lines.append(block(finding.fix))
    elif finding.rule:
        lines.append(f"by {code(finding.rule)}")
    if names and finding.help:
        lines.append(code(finding.help))
    return "\n\n".join(lines)


def _maps(view: View) -> list[str]:
    if not view.maps:
        return []
    head = ["map", "read", *view.map_columns, "to send"]
    lines = [f"| {' | '.join(head)} |", f"| :-- |{' --: |' * (len(head) - 1)}"]
    for row in view.maps:
        numbers = " | ".join(f"{number:,}" if number else "" for number in row.counts)
        lines.append(f"| {code(row.name, cell=True)} | {row.read:,} | {numbers} | {letters(', '.join(row.amounts))} |")
    return ["\n".join(lines)]


def _top(view: View, names: bool) -> list[str]:
    """The biggest documents, and how many are not shown."""
    records = [record for record in view.records if record.key != "skip"][:TOP]
    if not records:
        return []
    lines = ["| | record | amount | rules |", "| :-- | :-- | --: | :-- |"]
    lines += [_record(record, names) for record in records]
    rest = len(view.records) - len(records)
    more = f"\n\n{rest:,} more records not shown." if rest else ""
    table = "\n".join(lines)
    return [f"<details><summary>{len(records)} records that matter most</summary>\n\n{table}{more}\n\n</details>"]


def _record(record: RecordView, names: bool) -> str:
    number = record.source_id[-6:].rjust(7, "…") if record.personal and not names else record.number
    who = f" {code(record.party, cell=True)}" if names and record.party else ""
    places = dict.fromkeys(problem.rule for problem in record.problems if problem.rule)
    places.update(dict.fromkeys(change.rule for change in record.changes if change.rule))
    shown = ", ".join(code(place, cell=True) for place in list(places)[:3]) + (", …" if len(places) > 3 else "")
    money = letters(f"{record.amount} {record.currency}".strip())
    return f"| {record.symbol} {record.word} | {code(number, cell=True)}{who} | {money} | {shown} |"


def letters(text: str) -> str:
    """Amounts and currencies outside a code span. A currency is text from a system too: only letters stay of it."""
    return re.sub(r"[^A-Za-z0-9 .,+()-]", "", text)


def _foot(view: View, names: bool) -> str:
    return f"Plan {code(view.plan[:12])}, names {'shown' if names else 'left out'}."


def within(blocks: list[str], foot: str, limit: int) -> str:
    """Blocks from the top as long as they fit; a block is shown whole or not at all, so no fence stays open."""
    kept: list[str] = []
    room = limit - len(foot) - 80
    for text in blocks:
        if len(text) + 2 > room:
            kept.append("_More was left out: this comment is full. The report has all of it._")
            break
        kept.append(text)
        room -= len(text) + 2
    return "\n\n".join([*kept, foot]) + "\n"
