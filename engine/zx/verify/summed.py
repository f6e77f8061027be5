"""Tests of summaries: several members in, one document out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zx.check.summaries import COUNT, SEQUENCE
from zx.compile.evaluator import MapCode
from zx.compile.program import Evaluated, MapProgram, Scope, SummaryProgram
from zx.model.record import Record
from zx.plan.groups import EMPTY, Moved, entry_of, rows, share_of
from zx.plan.judge import Judge
from zx.resolve.ruleset import MapRules, SummaryRules
from zx.syntax import ast

MEMBER = "member"
"""The column of a line that says which member it belongs to, from 1."""


def as_map(rules: SummaryRules) -> MapRules:
    """The summary as a map of its members, with its keys as fields that are set: what `expect` may name."""
    node = rules.node
    source = node.source if isinstance(node.source, ast.QName) else node.target
    keys = [*node.per, ast.Path(node.span, "CurrencyCode", None, ())]
    sections = tuple(
        replace(section, items=(*section.items, *(_set(key) for key in section.per))) for section in rules.sections
    )
    made = ast.Map(node.span, node.doc, node.name, source, node.target, ())
    return MapRules(made, (*rules.items, *(_set(key) for key in keys)), sections)


def _set(key: ast.Path) -> ast.Assign:
    return ast.Assign(key.span, "", key, key, None)


def group_of(
    program: SummaryProgram, code: MapCode, members: Sequence[Record], judge: Judge, places: set[str]
) -> Record | Evaluated:
    """The one group that ``members`` make, as its map sees it; else what became of them."""

    def watched(record: Record, context: object) -> Evaluated:
        return code.watch(record, judge, places)

    member: MapProgram = replace(program.member, evaluate=watched)
    if not program.active:
        return Evaluated(Scope.OUT, "out of scope", program.rule)
    looked = [judge.look(member, record).evaluated for record in members]
    inside = [(record, found) for record, found in zip(members, looked, strict=True) if found.scope is Scope.IN]
    stopped = next((found for found in looked if found.scope is not Scope.IN), None)
    failed = next((found for found in looked if found.scope is Scope.FAIL), None)
    if failed is not None or not inside:
        return failed or stopped or Evaluated(Scope.OUT)
    entries = [(record, entry_of(program, found)) for record, found in inside]
    groups = dict.fromkeys(entry.key for _, entry in entries)
    if len(groups) > 1:
        keys = "; ".join(", ".join(text for _, text in key) for key in groups)
        return Evaluated(Scope.SKIP, f"the given members make {len(groups)} summaries: {keys}", program.rule)
    moved = [Moved(record.id, EMPTY, share_of(program, entry), entry) for record, entry in entries]
    keys_of = {name: value for name, value in entries[0][1].keys.items() if value is not None}
    values = {**keys_of, **rows(program, moved), SEQUENCE: "00", "$id": "group"}
    assert COUNT in values
    return Record(program.group.source, "the group of this test", "", values)
