"""A hand-made world for the planner: one document map, one contact map, records and links as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal as D
from typing import Any

from zx.catalog.fieldtypes import Text
from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue, ListEntry
from zx.compile.program import (
    Evaluated,
    FieldRule,
    Key,
    Line,
    MapProgram,
    Never,
    Program,
    Scope,
    Section,
    Spread,
    Total,
)
from zx.model.decision import NO_ANSWERS, Decisions
from zx.model.link import Entity, Link, SyncState
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.plan.planner import PlanInputs
from zx.runtime.values import Context, Stop
from zx.values.jsontext import digest

INVOICES, ACCOUNTS = Kind("zoho", "Invoices"), Kind("zoho", "Accounts")
INVOICE, CONTACT, ITEM = Kind("xero", "Invoice"), Kind("xero", "Contact"), Kind("xero", "Item")
INVOICE_ENTITY, CONTACT_ENTITY = Entity.of(INVOICES, INVOICE), Entity.of(ACCOUNTS, CONTACT)

ZOHO = Organisation("zoho.a", "z", "Shop", "AUD", "Australia/Sydney", True, 2)
XERO = Organisation("xero.b", "x", "Books", "AUD", "Australia/Sydney", True, 2)


def catalogue(**organisation: str) -> Catalogue:
    """The packaged catalogue with a small organisation's lists."""
    return replace(
        packaged(),
        lists={
            "xero.Account": {
                "200": ListEntry("200", "Sales", {"Status": "ACTIVE"}),
                "299": ListEntry("299", "Old", {"Status": "ARCHIVED"}),
                "860": ListEntry("860", "Rounding", {"Status": "ACTIVE", "SystemAccount": "ROUNDING"}),
            },
            "xero.TaxRate": {
                "OUTPUT": ListEntry("OUTPUT", "GST", {"EffectiveRate": D(10), "Status": "ACTIVE"}),
                "EXEMPTOUTPUT": ListEntry("EXEMPTOUTPUT", "Free", {"EffectiveRate": D(0), "Status": "ACTIVE"}),
            },
            "xero.Currency": {"AUD": ListEntry("AUD", "Dollar")},
            "xero.Organisation": {"o": ListEntry("o", "Books", organisation)},
        },
    )


@dataclass
class World:
    """Records by kind; ``inputs()`` makes a plan's inputs of them."""

    records: dict[Kind, dict[str, Record]] = field(default_factory=dict)
    links: dict[Entity, dict[str, Link]] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=catalogue)
    contact_never: tuple[Never, ...] = ()
    unasked: Callable[[Record, Context], Evaluated] | None = None
    digest: str = "snap"
    decisions: Decisions = NO_ANSWERS
    zoho: Organisation = ZOHO
    xero: Organisation = XERO
    read_at: dict[str, str] = field(default_factory=dict)

    def add(self, kind: Kind, key: str, **values: Any) -> World:
        self.records.setdefault(kind, {})[key] = Record(kind, key, "2026-01-01T00:00:00+00:00", values)
        return self

    def get(self, kind: Kind, id: str) -> Record | None:
        return self.records.get(kind, {}).get(id)

    def read(self, kind: Kind) -> Iterable[Record]:
        return [record for _, record in sorted(self.records.get(kind, {}).items())]

    def link(self, entity: Entity, source: str, target: str, base: Mapping[str, str] | None = None) -> World:
        self.links.setdefault(entity, {})[source] = Link(target, 1, base or {})
        return self

    def inputs(self) -> PlanInputs:
        return PlanInputs(
            sync="au",
            zoho="zoho.a",
            xero="xero.b",
            program=program(self.contact_never, self.unasked),
            catalogue=self.catalogue,
            snapshot=_Snapshot(self),
            state=SyncState("lineage", 3, self.links),
            timezone="Australia/Sydney",
            now="2026-04-01T00:00:00+00:00",
            digest=lambda value: digest(value)[:16],
            decisions=self.decisions,
        )


@dataclass(frozen=True)
class _Snapshot:
    world: World

    @property
    def digest(self) -> str:
        return self.world.digest

    @property
    def zoho(self) -> Organisation:
        return self.world.zoho

    @property
    def xero(self) -> Organisation:
        return self.world.xero

    @property
    def read_at(self) -> dict[str, str]:
        return self.world.read_at

    def records(self, kind: Kind) -> Iterable[Record]:
        return self.world.read(kind)

    def get(self, kind: Kind, id: str) -> Record | None:
        return self.world.get(kind, id)


def _rule(name: str, place: str) -> FieldRule:
    return FieldRule(name, Text(), place, reads=(name,))


_HEADER = {
    name: _rule(name, f"rules/i.zx:{number}")
    for number, name in enumerate(
        ("Type", "InvoiceNumber", "Contact", "Date", "CurrencyCode", "Reference", "Status"), 10
    )
}
_LINES = {
    name: _rule(name, f"rules/i.zx:{number}")
    for number, name in enumerate(("Description", "Quantity", "LineAmount", "AccountCode", "TaxType"), 30)
}
_SECTION = Section("lines of invoices", "LineItems", "rules/i.zx:29", "Invoiced_Items", _LINES)


def _invoice(record: Record, context: Context) -> Evaluated:
    """A document map as the compiler would make it, driven by the record's own lower-case keys."""
    values = record.values
    if values.get("scope"):
        return Evaluated(Scope(values["scope"]), reason=values.get("reason", ""), rule="rules/i.zx:5")
    fields = {
        "Type": "ACCREC",
        "Date": values.get("Invoice_Date", "2026-03-01"),
        "Status": values.get("status", "DRAFT"),
    }
    fields["InvoiceNumber"] = "Z-" + values["Invoice_Number"]
    fields["CurrencyCode"] = values["Currency"]
    if "Purchase_Order" in values:
        fields["Reference"] = values["Purchase_Order"]
    problems: list[Problem] = []
    try:
        contact = context.via("organisations", values.get("Account_Name"))
        if contact is not None:
            fields["Contact"] = contact
    except Stop as stop:
        problems.append(Problem(stop.code, "error", stop.message, "rules/i.zx:12", stop.help, stop.fix, stop.cause))
    lines = tuple(
        Line(0, index, {"AccountCode": "200", "TaxType": "OUTPUT", **row}) for index, row in enumerate(values["lines"])
    )
    return Evaluated(
        Scope.FAIL if problems else Scope.IN,
        problems=tuple(problems),
        fields=fields,
        lines=lines,
        match=((Key("InvoiceNumber", fields["InvoiceNumber"]),),),
        total=Total(values["Grand_Total"], values.get("method", "rounding"), D("0.05"), None, "rules/d.zx:4"),
        spreads=(Spread(values["Discount"], "rules/d.zx:5"),) if "Discount" in values else (),
    )


def _organisation(never: tuple[Never, ...]) -> Callable[[Record, Context], Evaluated]:
    def evaluate(record: Record, _context: Context) -> Evaluated:
        name = record.values["Account_Name"]
        return Evaluated(Scope.IN, fields={"Name": name}, match=((Key("Name", name),),), never=never)

    return evaluate


def program(
    contact_never: tuple[Never, ...] = (), unasked: Callable[[Record, Context], Evaluated] | None = None
) -> Program:
    organisation = _organisation(contact_never)
    maps = {
        "organisations": MapProgram(
            "organisations", ACCOUNTS, CONTACT, "rules/c.zx:3", {"Name": _rule("Name", "rules/c.zx:4")}, (), True, (),
            organisation, organisation, unasked=unasked,
        ),
        "invoices": MapProgram(
            "invoices", INVOICES, INVOICE, "rules/i.zx:3", _HEADER, (_SECTION,), False, ("organisations",),
            _invoice, _invoice, True,
        ),
    }  # fmt: skip
    return Program(maps, frozenset({INVOICES, ACCOUNTS, INVOICE, CONTACT}), "rules", {}, {})


def shop(count: int = 1) -> World:
    """``count`` invoices of 110.00 to one account that Xero does not know."""
    world = World().add(ACCOUNTS, "1", id="1", Account_Name="Quay")
    for number in range(1, count + 1):
        add_invoice(world, str(100 + number))
    return world


def add_invoice(world: World, number: str, account: str = "1", **values: Any) -> World:
    line = {"Description": "Widget", "Quantity": D(2), "LineAmount": D("100.00")}
    known = {
        "id": number,
        "Invoice_Number": number,
        "Account_Name": {"id": account, "name": "Quay"},
        "Currency": "AUD",
        "Grand_Total": D("110.00"),
        "lines": [line],
    }
    return world.add(INVOICES, number, **{**known, **values})
