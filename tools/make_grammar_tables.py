"""Writes grammar/tables.json, the tables of the grammar: run it after a change of grammar/zx.lark."""

from __future__ import annotations

import json
from pathlib import Path

from zx.syntax.grammar import tables_document

TARGET = Path(__file__).resolve().parent.parent / "grammar" / "tables.json"


def text() -> str:
    """The tables as they are kept: one line for each part of them, so that a change shows where it is."""
    lines = []
    for key, value in tables_document().items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value)
            lines.append(f"{json.dumps(key)}:[\n{rows}\n]")
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
