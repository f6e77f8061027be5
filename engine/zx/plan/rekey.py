"""The digests of links made anew with another key, as far as that is possible without the values behind them.

A digest can be made anew where the value it stands for is known: where it is what stands in the target now. Any other
digest stands for a value of the past. It is left out, so that the field counts as never agreed on and what differs is
kept; where both sides have changed it is replaced by one that nothing has, so that a conflict stays one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import combinations
from typing import Any

from zx.catalog.schema import Catalogue
from zx.model.link import Entity, Link, SyncState
from zx.model.record import Kind, Record
from zx.model.snapshot import Snapshot
from zx.plan.compare import line_forms, observed_value, owned
from zx.plan.forms import line_form

Digest = Callable[[Any], str]
_NOBODYS = "0" * 16


def rekeyed(
    state: SyncState,
    snapshot: Snapshot,
    catalogue: Catalogue,
    digest: Digest,
    fresh: Digest,
    shown: Callable[[Record], Record],
    disputed: Collection[tuple[Entity, str]],
) -> SyncState:
    """``state`` for digests by ``fresh`` in place of ``digest``. ``shown`` is what will be read in place of a record;
    ``disputed`` are the links (entity, source id) in conflict."""
    links: dict[Entity, dict[str, Link]] = {}
    for entity, known in state.links.items():
        kind = _target(entity, catalogue)
        for source, link in known.items():
            target = None if kind is None else snapshot.get(kind, link.target_id)
            base: dict[str, str] = {}
            if target is not None:
                base = _base(link.base, target, shown(target), digest, fresh, (entity, source) in disputed)
            links.setdefault(entity, {})[source] = Link(link.target_id, link.generation, base)
    return SyncState(state.lineage, state.serial, links)


def _target(entity: Entity, catalogue: Catalogue) -> Kind | None:
    if catalogue.shape("xero", entity.target) is not None:
        return Kind("xero", entity.target)
    return Kind("zoho", entity.target) if catalogue.shape("zoho", entity.target) is not None else None


def _base(
    base: Mapping[str, str], target: Record, shown: Record, digest: Digest, fresh: Digest, disputed: bool
) -> dict[str, str]:
    made = {}
    for name, old in base.items():
        for now, later in zip(_forms(target, name), _forms(shown, name), strict=True):
            if digest(now) == old:
                made[name] = fresh(later)
                break
        else:
            if disputed:
                made[name] = _NOBODYS
    return made


def _forms(record: Record, name: str) -> Iterator[Any]:
    """Every form in which the value of a field may have been agreed on."""
    form = line_form(record.kind)
    if name != form.list:
        yield observed_value(record.values, name)
        yield None
        return
    lines = record.values.get(form.list, [])
    yield from line_forms(lines, form)
    # Rules that leave a field to the target agreed on the others only.
    for number in range(len(form.keys), 0, -1):
        for keys in combinations(form.keys, number):
            yield [owned(line, keys) for line in lines]
