"""The task as rules: bench/rules, judged by the same program that the engine's planner uses, money in Decimal.

In: a document as the engine's JSON reader gives it, numbers as Decimal. Out: the document of the task.
"""

import re
from pathlib import Path
from typing import Any

from zx.catalog.load import parse
from zx.compile.build import SyncRules, build
from zx.compile.program import Program, Scope
from zx.diagnostics.diagnostic import Span
from zx.model.record import Kind, Record

BENCH = Path(__file__).resolve().parents[1]
NUMBERS = "exact"
INVOICES = Kind("zoho", "Invoices")
LINE = re.compile(r"line \d+: ")


class World:
    """The task needs nothing beside the document."""

    run_date = "2026-01-01"
    timezone = "UTC"

    def via(self, map_name: str, value: Any) -> Any:
        raise LookupError(map_name)

    find = fetch = via


def program() -> Program:
    catalogue = parse(
        {path.stem: {path.name: path.read_text("utf-8")} for path in sorted((BENCH / "catalogue").glob("*.toml"))}
    )
    sources = {f"rules/{path.name}": path.read_text("utf-8") for path in sorted((BENCH / "rules").iterdir())}
    built = build(sources, catalogue, SyncRules("bench", {}, "UTC", Span("zx.toml", 1, 1, 1, 1)))
    assert built.program is not None, built.diagnostics
    return built.program


IN, OUT = Scope.IN, Scope.OUT
EVALUATE = program().maps["invoices"].evaluate
WORLD = World()


def map_one(invoice: dict[str, Any]) -> dict[str, Any] | None:
    judged = EVALUATE(Record(INVOICES, invoice["id"], "", invoice), WORLD)
    scope = judged.scope
    if scope is not IN:
        if scope is OUT:
            return None
        return {"id": invoice["id"], "error": LINE.sub("", judged.problems[0].message)}
    made = judged.fields
    made["Contact"] = {"Name": made.pop("Contact.Name")}
    if "Reference" not in made:
        made["Reference"] = None
    made["LineItems"] = lines = [line.fields for line in judged.lines]
    for line in lines:
        if "ItemCode" not in line:
            line["ItemCode"] = None
    return made
