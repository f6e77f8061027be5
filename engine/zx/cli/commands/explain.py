"""``zx explain RECORD``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.operations.explain import Explanation, Field, Judgment


@click.command()
@click.argument("record")
@click.option("--sync", help="Which sync, when zx.toml has several.")
@click.option("--offline", is_flag=True, help="Read nothing; use what the last pull read.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read nothing; use the data of this file, which `zx pull --export` wrote.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.pass_obj
def command(face: Face, record: str, sync: str | None, offline: bool, source: Path | None, form: str) -> int:
    """Show one record, field by field: its value, the rule and table row that gave it, and what they read.

    RECORD is an invoice number, a name, a product code or an id, as Zoho shows
    it, or the number it has in Xero.
    """
    from zx.operations.explain import explain, explanation_document

    with face.working() as desk:
        found = explain(desk, desk.only_sync(sync), record, offline=offline, source=source)
    if form == "json":
        face.put(pretty([explanation_document(one) for one in found]))
    else:
        face.put("\n\n".join(_text(one) for one in found))
    return Exit.DONE


def _text(explanation: Explanation) -> str:
    from zx.report.visible import visible

    head = f"{explanation.noun} {explanation.label}  ({explanation.connection} {explanation.record.id})"
    blocks = [visible(head)]
    for judgment in explanation.judgments:
        blocks += _judgment(judgment)
    if not explanation.judgments:
        blocks.append("  no rule asks for it")
    return "\n".join(blocks)


def _judgment(judgment: Judgment) -> list[str]:
    from zx.report.visible import visible
    from zx.values.money import amount_text

    action = judgment.action
    reason = f": {action.reason}" if action.reason else ""
    target = action.target.label or action.target.id or ""
    lines = [
        f"  {judgment.map} ({judgment.rule}): {action.outcome.value}{visible(reason)}",
        f"  as {action.target.connection} {action.target.kind.name} {visible(target)}".rstrip(),
    ]
    if action.totals is not None:
        sent = "nothing" if action.totals.target is None else amount_text(action.totals.target)
        money = f"{amount_text(action.totals.source)} in the source, {sent} as sent"
        lines.append(f"  total {action.totals.currency} {money}")
    for problem in action.problems:
        lines.append(f"    {problem.severity} {problem.code}: {visible(problem.message)}  ({problem.rule})")
        lines += [
            f"      {word}: {visible(text)}"
            for word, text in (*(("add", line) for line in problem.fix.split("\n")), ("help", problem.help))
            if text
        ]
    width = max((len(field.name) for field in judgment.fields), default=0)
    for field in judgment.fields:
        lines += _field(field, width)
    return lines


def _field(field: Field, width: int) -> list[str]:
    from zx.operations.explain import value_text
    from zx.report.visible import visible

    sign = "~" if field.changes else " "
    was = f"  (now {visible(value_text(field.now))})" if field.changes and field.now is not None else ""
    row = f", row {field.row}" if field.row else ""
    lines = [f"  {sign} {field.name:<{width}}  {visible(value_text(field.value))}{was}"]
    reads = "; ".join(f"{path} = {visible(value_text(value))}" for path, value in field.inputs if value is not None)
    lines.append(f"    {'':<{width}}  {field.rule}{row}" + (f"  ← {reads}" if reads else ""))
    return lines
