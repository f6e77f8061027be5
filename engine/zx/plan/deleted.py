"""Documents that were sent and are no longer in the source (reliability F26)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zx.compile.program import MapProgram
from zx.model.link import Entity
from zx.model.record import Record
from zx.plan.action import Finding
from zx.plan.forms import total_of
from zx.plan.inputs import PlanInputs
from zx.plan.labels import label_of, noun_of
from zx.plan.match import is_dead
from zx.values.money import ZERO


def deleted(inputs: PlanInputs) -> tuple[Finding, ...]:
    """One finding for each map: its documents that stand in the target and whose source record is gone.

    Nothing is undone: absence may also mean that the user who signed in may not see the record any more. Contacts and
    items are not looked at: whoever needs a missing one says so.
    """
    found = []
    seen: set[Entity] = set()
    for program in inputs.program.maps.values():
        entity = Entity.of(program.source, program.target)
        if program.needed or entity in seen:
            continue
        seen.add(entity)
        orphans = list(_orphans(inputs, program, entity))
        if orphans:
            found.append(_finding(inputs, program, orphans))
    return tuple(found)


def _orphans(inputs: PlanInputs, program: MapProgram, entity: Entity) -> Iterator[Record]:
    for source_id, link in sorted(inputs.state.links.get(entity, {}).items()):
        if inputs.snapshot.get(program.source, source_id) is not None:
            continue
        target = inputs.snapshot.get(program.target, link.target_id)
        if target is not None and not is_dead(target):
            yield target


def _finding(inputs: PlanInputs, program: MapProgram, orphans: list[Record]) -> Finding:
    source, target = noun_of(inputs.catalogue, program.source), noun_of(inputs.catalogue, program.target)
    shape = inputs.catalogue.shape(program.target.system, program.target.name)
    labels = [record.id if shape is None else label_of(shape, record) for record in orphans]
    amounts: dict[str, Decimal] = {}
    for record in orphans:
        total = total_of(record)
        if isinstance(total, Decimal):
            currency = str(record.values.get("CurrencyCode", record.values.get("Currency", "")))
            amounts[currency] = amounts.get(currency, ZERO) + total
    one = len(orphans) == 1
    undo = "void" if program.target.system == "xero" else "cancel"
    what = f"a {source} was" if one else f"{len(orphans)} {source}s were"
    names = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more" if len(labels) > 5 else "")
    return Finding(
        "R917",
        "warning",
        f"{what} deleted in {program.source.system.capitalize()}, still in {program.target.system.capitalize()} "
        f"as {names}",
        program.rule,
        len(orphans),
        0,
        dict(sorted(amounts.items())),
        help=f"{undo} the {target} in {program.target.system.capitalize()} by hand, or restore it in "
        f"{program.source.system.capitalize()}: zx undoes nothing because a record is absent",
        examples=tuple(labels[:3]),
    )
