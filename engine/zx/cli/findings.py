"""What `zx check` shows: mistakes and warnings in every format, what a sync reads, how much work it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zx.cli.face import Face
from zx.cli.output import pretty

if TYPE_CHECKING:
    from zx.diagnostics.diagnostic import Diagnostic
    from zx.operations.rules import Checked


def show(face: Face, form: str, found: Sequence[Diagnostic], results: Sequence[Checked]) -> None:
    """What was ``found``, in one of the formats; nothing where people read and there is nothing."""
    if not found and form not in ("json", "sarif"):
        return
    from zx import __version__
    from zx.diagnostics.outputs import render_github, render_plain, render_sarif
    from zx.diagnostics.render import render_json, render_text

    if form == "json":
        face.put(pretty(render_json(found)))
    elif form == "sarif":
        face.put(pretty(render_sarif(found, __version__)))
    elif form == "github":
        face.put(render_github(found))
    elif form == "plain":
        face.put(render_plain(found))
    else:
        sources = {name: text for one in results for name, text in one.sources.items()}
        face.put(render_text(found, sources, colour=face.colour(face.out)))


def reads(face: Face, one: Checked) -> None:
    """Which records a sync reads, and which rules want them."""
    from zx.compile.insight import wanted

    assert one.typed is not None
    lines = [f"sync {one.sync.name} reads"]
    for item in wanted(one.typed, one.catalogue):
        lines.append(f"  {item.kind.system.capitalize()} {item.kind.name}")
        lines += [f"    {reason}  ({place})" for reason, place in item.why]
    face.put("\n".join(lines))


def cost(face: Face, one: Checked) -> None:
    """How much work one record is at most."""
    from zx.compile.insight import costs

    assert one.typed is not None
    lines = [f"sync {one.sync.name}, steps at most"]
    for item in costs(one.typed):
        rows = "".join(f", {steps} for each row of {name}" for name, steps in item.lines)
        lines.append(f"  {item.map}: {item.record} for each record{rows}  ({item.place})")
    face.put("\n".join(lines))
