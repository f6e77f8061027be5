"""The small world a test runs in: one record, what else exists in both systems, a fixed day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from zx.catalog.fieldtypes import SetOf
from zx.catalog.schema import Catalogue, ListEntry
from zx.check.cells import WRONG, cell_value, percentage_of
from zx.check.reporter import Reporter
from zx.check.scope import World
from zx.compile.program import Program
from zx.model.link import SyncState
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.labels import label_of
from zx.resolve.ruleset import RuleSet
from zx.runtime.values import TargetRef
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.text import normalised

RUN_DATE = "2026-01-01"
"""The day on which a test runs unless it says ``run_date = …`` under ``given``."""

_ROUNDING = {
    "860": ListEntry("860", "Rounding", {"SystemAccount": "ROUNDING", "Name": "Rounding", "TaxType": "BASEXCLUDED"})
}
"""Every Xero organisation keeps an account for rounding (reference/xero 2.5); a test that gives accounts gives its
own."""


class NotGiven(BaseException):
    """The tested rules read a field that is always there in a real record, and the test does not give it.

    Not an Exception: judging a record turns those into problems of the record, and this is one of the test.
    """

    def __init__(self, key: str, row: str) -> None:
        super().__init__(key)
        self.key = key
        self.row = row


class Given(dict[str, Any]):
    """The values of a record or row of a test. Reading one that must be there and was not given raises NotGiven
    unless ``watch.lenient``."""

    __slots__ = ("known", "row", "wanted", "watch")

    def __init__(self, values: Mapping[str, Any], wanted: frozenset[str], known: frozenset[str], row: str) -> None:
        super().__init__(values)
        self.wanted = wanted
        self.known = known
        self.row = row
        self.watch = Watch()

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key, default)
        if found is None and key in self.wanted and key not in self.known:
            if not self.watch.lenient:
                raise NotGiven(key, self.row)
            self.watch.missed = True
        return found


@dataclass(slots=True)
class Watch:
    """``lenient``: what was not given is missing; ``missed`` says whether something was asked for in vain."""

    lenient: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a test says exists beside its record. ``lists`` are organisation lists (``xero.Account``) it gives."""

    records: Mapping[Kind, Sequence[Record]] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, ListEntry]] = field(default_factory=dict)
    run_date: str = RUN_DATE


class _Snapshot:
    """The given records as a snapshot."""

    digest = ""
    read_at: Mapping[str, str] = {}

    def __init__(self, records: Mapping[Kind, Sequence[Record]], own: Record) -> None:
        self._records = {kind: list(found) for kind, found in records.items()}
        self._own = own
        self.zoho = _organisation("zoho.test")
        self.xero = _organisation("xero.test")

    def records(self, kind: Kind) -> Iterable[Record]:
        return self._records.get(kind, ())

    def get(self, kind: Kind, id: str) -> Record | None:
        if (kind, id) == (self._own.kind, self._own.id):
            return self._own
        return next((record for record in self._records.get(kind, ()) if record.id == id), None)


def _organisation(connection: str) -> Organisation:
    return Organisation(connection, "test", "the organisation of the test", "AUD", "UTC", True, 0.0)


class Stage(Judge):
    """Answers what rules ask while a test runs: ``X via MAP`` is X itself, lookups carry what the test gives them."""

    def __init__(
        self,
        catalogue: Catalogue,
        rules: RuleSet,
        timezone: str,
        surroundings: Surroundings,
        record: Record,
        watch: Watch,
    ) -> None:
        self._watch = watch
        self._own_id = record.id
        self._rules = rules
        self._surroundings = surroundings
        self._catalogue = catalogue
        inputs = PlanInputs(
            sync="test",
            zoho="zoho.test",
            xero="xero.test",
            program=Program({}, frozenset(), "", {}, {}),
            catalogue=catalogue,
            snapshot=_Snapshot(surroundings.records, record),  # type: ignore[arg-type]
            state=SyncState("", 0, {}),
            timezone=timezone,
            now=f"{surroundings.run_date}T12:00:00+00:00",
            digest=lambda value: "",
        )
        super().__init__(inputs)
        self.run_date = surroundings.run_date

    def check_complete(self, judged: Judged) -> None:
        """A slice sets what it is asked for; only a record that is said and judged whole can lack something."""
        if self._watch.lenient and not self._watch.missed:
            super().check_complete(judged)

    def via(self, map_name: str, value: Any) -> TargetRef | None:
        rules = self._rules.maps.get(map_name)
        if rules is None or (not isinstance(value, Mapping) and value != self._own_id):
            return None
        source, target = rules.node.source, rules.node.target
        if not isinstance(value, Mapping):
            return self._own_target(map_name, Kind("xero" if target.system == "xero" else "zoho", target.name))
        shape = self._catalogue.shape(source.system, source.name)
        code = value.get(shape.key_field) if shape is not None and shape.key_field else None
        name = str(code if code is not None else value.get("name", value.get("id")))
        kind = Kind("xero" if target.system == "xero" else "zoho", target.name)
        known = self._called(kind, name)
        if known is not None:
            return TargetRef(kind.system, kind.name, known.id, name, map_name, str(value.get("id")), known.values)
        return TargetRef(kind.system, kind.name, None, name, map_name, str(value.get("id")))

    def _own_target(self, map_name: str, kind: Kind) -> TargetRef | None:
        """``id via MAP``, what the record itself is linked to: the one record of that kind that the test gives."""
        given = self._surroundings.records.get(kind, ())
        if len(given) != 1:
            return None
        shape = self._catalogue.shape(kind.system, kind.name)
        name = given[0].id if shape is None else label_of(shape, given[0])
        return TargetRef(kind.system, kind.name, given[0].id, name, map_name, self._own_id, given[0].values)

    def fetch(self, system: str, kind: str, lookup: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = Kind("zoho" if system == "zoho" else "xero", kind)
        known = self._called(wanted, str(lookup.get("name", "")))
        return {**({} if known is None else known.values), **lookup}

    def _called(self, kind: Kind, name: str) -> Record | None:
        """The given record of this name, code or number."""
        shape = self._catalogue.shape(kind.system, kind.name)
        for record in self._surroundings.records.get(kind, ()):
            own = record.values.get(shape.key_field) if shape is not None and shape.key_field else None
            if shape is not None and normalised(name) in (normalised(str(own)), normalised(label_of(shape, record))):
                return record
        return None


def stage_catalogue(catalogue: Catalogue, rates: Mapping[str, ListEntry], surroundings: Surroundings) -> Catalogue:
    """The catalogue as the engine sees it in a test: no list of a real organisation, the rates that the tax tables
    themselves promise (E0409), and what the test gives."""
    lists = {"xero.Account": _ROUNDING, "xero.TaxRate": rates, **surroundings.lists}
    if "xero.TaxRate" in surroundings.lists:
        lists["xero.TaxRate"] = {**rates, **surroundings.lists["xero.TaxRate"]}
    return replace(catalogue, lists=lists)


def promised_rates(catalogue: Catalogue, rules: RuleSet) -> dict[str, ListEntry]:
    """The percentage of each Xero rate, from the tables that lead sets of Zoho taxes to rates."""
    world = World(catalogue, rules, {}, Reporter(), {})
    found: dict[str, ListEntry] = {}
    for table in rules.tables.values():
        if len(table.parameters) != 1 or table.rows is None or table.parameters[0].type.kind != "set":
            continue
        if table.result.remote is None or table.result.remote.name != "TaxRate":
            continue
        for row in table.rows.rows:
            taxes, result = row.cells[0], row.cells[-1]
            if isinstance(taxes, ast.ValuesCell) and isinstance(result, ast.ValuesCell):
                kind = SetOf("zoho", "Tax")
                value = cell_value(world, taxes.values[0], kind, matching=True)
                rate = None if value is WRONG else percentage_of(value)
                if rate is not None:
                    code = result.values[0].text
                    found.setdefault(code, ListEntry(code, code, {"EffectiveRate": rate, "Status": "ACTIVE"}))
    return found
