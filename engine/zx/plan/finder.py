"""``find … or create``: the one record or list entry of the other system that a rule asks for by a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.catalog.schema import Catalogue
from zx.model.record import Kind, Record
from zx.plan.judged import Judged, Made
from zx.plan.labels import label_of, noun_of
from zx.plan.match import Indexes, is_dead
from zx.plan.paths import read_path
from zx.runtime.support import code_of
from zx.runtime.values import Stop, TargetRef
from zx.values.text import normalised


class Finder:
    """``made`` collects, by the id of the action that makes it, what rules ask for and nobody has yet."""

    def __init__(self, catalogue: Catalogue, indexes: Indexes) -> None:
        self._catalogue = catalogue
        self._indexes = indexes
        self.made: dict[str, Made] = {}

    def find(self, asker: Judged | None, system: str, kind: str, field: str, value: Any, or_create: bool) -> Any:
        """As ``Context.find``; ``asker`` is the record being judged."""
        value = code_of(value) if isinstance(value, TargetRef | Mapping) else value
        if value is None:
            return None
        if self._catalogue.is_list(system, kind):
            return self._entry(system, kind, field, str(value))
        wanted = Kind("zoho" if system == "zoho" else "xero", kind)
        hits = self._indexes.index(wanted).hits(field, value)
        living = [record for record in hits if not is_dead(record)]
        if len(living) > 1:
            noun = noun_of(self._catalogue, wanted)
            raise Stop(
                "fail",
                f'{len(living)} {noun}s have {field} "{value}"',
                code="R907",
                help=f"leave one of them active in {system.capitalize()}, or name another in the rules",
                cause=f"find:{wanted}:{field}:{value}",
            )
        if living:
            return self._found(asker, wanted, living[0])
        if not or_create:
            return None
        return self._make(asker, wanted, field, str(value), hits)

    def _entry(self, system: str, kind: str, field: str, value: str) -> str | None:
        """The code of an organisation list's entry."""
        shape = self._catalogue.shape(system, kind)
        entries = self._catalogue.list(system, kind) or {}
        for code, entry in entries.items():
            theirs = code if shape is not None and field == shape.key_field else entry.attributes.get(field)
            if theirs is not None and normalised(str(theirs)) == normalised(value):
                return code
        return None

    def _found(self, asker: Judged | None, kind: Kind, record: Record) -> Any:
        shape = self._indexes.shape(kind)
        if kind.system == "zoho" and (asker is None or asker.map.target.system != "zoho"):
            return {"id": record.id, "name": label_of(shape, record), **record.values}
        code = None if shape.key_field is None else read_path(record.values, shape.key_field)
        # A lookup of Zoho shows a product by its name.
        code = record.values.get("Product_Name", code) if kind.system == "zoho" else code
        return TargetRef(kind.system, kind.name, record.id, code, values=record.values)

    def _make(self, asker: Judged | None, kind: Kind, field: str, value: str, dead: list[Record]) -> TargetRef:
        if dead:
            raise Stop(
                "fail",
                f'the {noun_of(self._catalogue, kind)} with {field} "{value}" is archived',
                code="R907",
                help=f"restore it in {kind.system.capitalize()}, or name another in the settings",
                cause=f"archived:{kind}:{field}:{value}",
            )
        if asker is None:
            raise LookupError("find … or create was asked outside a record")
        made = Made(kind, field, value, asker.map)
        self.made.setdefault(made.action_id, made)
        asker.makes.add(made.action_id)
        return TargetRef(kind.system, kind.name, None, value, None, made.action_id)
