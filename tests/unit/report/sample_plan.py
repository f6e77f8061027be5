"""A plan made by hand that has every outcome, and names that try to get out of every kind of document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zx.model.link import Entity
from zx.model.problem import Problem
from zx.model.record import Kind
from zx.model.snapshot import Organisation
from zx.plan.action import Action, After, Change, CurrencyTotals, Finding, Outcome, Plan, Subject, Totals
from zx.report.about import About, Hint

SCRIPT = "<script>alert('zx')</script>"
FORMULA = "=cmd|' /C calc'!A1"
TITLE = "\x1b]0;owned\x07\x1b[2J Quiet & Sons"
TURNED = "Total \u202e00.001\u202c Ltd"
MARKUP = "| `` @team #1 ![x](http://tracker.example/p.png) <!-- -->"
HOSTILE = (SCRIPT, FORMULA, TITLE, TURNED, MARKUP, "</script><img src=x onerror=alert(1)>", "\u200bAcme\ufeff")

INVOICES, INVOICE = Kind("zoho", "Invoices"), Kind("xero", "Invoice")
ACCOUNTS, CONTACT = Kind("zoho", "Accounts"), Kind("xero", "Contact")
PRODUCTS, ITEM = Kind("zoho", "Products"), Kind("xero", "Item")

OFFICE = "0b6c2d1e-5a4f-4f0e-9a56-1f2b3c4d5e6f"


def _subject(connection: str, kind: Kind, identity: str | None, label: str) -> Subject:
    return Subject(connection, kind, identity, label)


def _action(
    outcome: Outcome,
    rule_map: str,
    kinds: tuple[Kind, Kind],
    number: int,
    source: str,
    target: str = "",
    **more: Any,
) -> Action:
    source_id = f"57257670000012{number:05}"
    known = more.pop("target_id", None)
    return Action(
        id=f"{rule_map}:{source_id}",
        outcome=outcome,
        map=rule_map,
        entity=Entity.of(*kinds),
        source=_subject("zoho.demo", kinds[0], source_id, source),
        target=_subject("xero.demo", kinds[1], known, target or source),
        **more,
    )


def _money(source: str, target: str | None = "same", currency: str = "AUD") -> Totals:
    """``target`` None: nothing will stand there; ``same``: what the source says."""
    amount = None if target is None else Decimal(source if target == "same" else target)
    return Totals(currency, Decimal(source), amount)


def _set(name: str, after: Any, rule: str, *reads: str, before: Any = None, row: str | None = None) -> Change:
    return Change(name, before, after, rule, row, reads)


def _invoice_id(number: int) -> str:
    return f"9d7e{number:04}-1111-4222-8333-444455556666"


def _items_and_contacts() -> list[Action]:
    item = _action(
        Outcome.CREATE, "items", (PRODUCTS, ITEM), 101, "W-1",
        payload={"Code": "W-1", "Name": "Garden widget", "SalesDetails": {"UnitPrice": Decimal("100.0000")}},
        changes=(
            _set("Code", "W-1", "rules/items.zx:12", "Product_Code"),
            _set("Name", "Garden widget", "rules/items.zx:13", "Product_Name"),
            _set("SalesDetails.UnitPrice", Decimal("100.0000"), "rules/items.zx:15", "Unit_Price"),
        ),
    )  # fmt: skip
    contacts = [
        _action(
            Outcome.CREATE, "organisations", (ACCOUNTS, CONTACT), 201 + index, name,
            payload={"Name": name},
            changes=(_set("Name", name, "rules/customers.zx:16", "Account_Name"),),
        )
        for index, name in enumerate(("Northwind Trading", *HOSTILE))
    ]  # fmt: skip
    office = _action(
        Outcome.UNCHANGED, "organisations", (ACCOUNTS, CONTACT), 290, "Harbour Office Supplies", target_id=OFFICE
    )
    unneeded = _action(
        Outcome.SKIP, "organisations", (ACCOUNTS, CONTACT), 291, "Old Customer", reason="not needed", in_scope=False
    )
    return [item, *contacts, office, unneeded]


def _creates(contacts: list[Action]) -> list[Action]:
    """An invoice of two lines for each new contact; the biggest for the first."""
    result = []
    for index, contact in enumerate(contacts):
        net = Decimal("341.23") if index == 0 else Decimal(10 * index)
        total = Decimal("375.35") if index == 0 else Decimal(11 * index)
        number = str(1001 + index)
        line = {
            "Description": "Garden widget", "ItemCode": "W-1", "Quantity": Decimal("2.0000"),
            "UnitAmount": net / 2, "AccountCode": "200", "TaxType": "OUTPUT",
        }  # fmt: skip
        payload: dict[str, Any] = {
            "Type": "ACCREC", "InvoiceNumber": f"Z-{number}", "Contact": {"ContactID": After(contact.id)},
            "Date": "2026-03-31", "DueDate": "2026-04-30", "LineAmountTypes": "Exclusive", "LineItems": [line],
        }  # fmt: skip
        result.append(
            _action(
                Outcome.CREATE, "invoices", (INVOICES, INVOICE), 301 + index, number, f"Z-{number}",
                after=(contact.id, "items:5725767000001200101"),
                payload=payload,
                totals=Totals("AUD", total, total),
                changes=(
                    _set("InvoiceNumber", f"Z-{number}", "rules/invoices.zx:43", "Invoice_Number"),
                    _set("Contact", {"ContactID": After(contact.id)}, "rules/invoices.zx:45", "Account_Name",
                         row="rules/customers.zx:9"),
                    _set("Date", "2026-03-31", "rules/invoices.zx:46", "Invoice_Date"),
                    _set("DueDate", "2026-04-30", "rules/invoices.zx:47", "Due_Date", "Invoice_Date"),
                    _set("LineItems[0].Description", "Garden widget", "rules/invoices.zx:55", "Description"),
                    _set("LineItems[0].Quantity", Decimal("2.0000"), "rules/invoices.zx:57", "Quantity"),
                    _set("LineItems[0].UnitAmount", net / 2, "rules/invoices.zx:58", "Total_After_Discount"),
                    _set("LineItems[0].AccountCode", "200", "rules/invoices.zx:59", "Product_Name",
                         row="rules/accounts.zx:18"),
                    _set("LineItems[0].TaxType", "OUTPUT", "rules/invoices.zx:60", "Line_Tax", row="rules/tax.zx:4"),
                ),
                marker=("InvoiceNumber", f"Z-{number}"),
                enforced=True,
            )
        )  # fmt: skip
    return result


def _tax_problem(tax: str) -> Problem:
    return Problem(
        "R101", "error", f'the Zoho taxes "{tax}" have no Xero tax rate', "rules/tax.zx:9",
        help="add a row above the last one, with the Xero tax rate it should have",
        fix=f"| {tax} | OUTPUT |", cause=f"tax:{tax}",
    )  # fmt: skip


def _exceptions() -> list[Action]:
    blocked = [
        _action(
            Outcome.BLOCK, "invoices", (INVOICES, INVOICE), 401 + index, label, f"Z-{label}",
            totals=_money(amount, None), problems=(_tax_problem("VAT 12.5%"),),
        )
        for index, (label, amount) in enumerate((("1021", "1402.50"), ("1022", "144.00")))
    ]  # fmt: skip
    question = _action(
        Outcome.BLOCK, "people", (Kind("zoho", "Contacts"), CONTACT), 403, "Tomasz Field",
        problems=(
            Problem(
                "R301", "error", 'two Xero contacts are called "Tomasz Field"', "rules/customers.zx:23",
                help="make the names differ; then run zx preview again", cause="contact:403",
            ),
        ),
    )  # fmt: skip
    conflict = _action(
        Outcome.CONFLICT, "invoices", (INVOICES, INVOICE), 404, "1023", "Z-1023",
        target_id=_invoice_id(1023), totals=_money("4410.00"),
        changes=(_set("DueDate", "2026-05-07", "rules/invoices.zx:47", "Due_Date", before="2026-05-14"),),
        problems=(
            Problem(
                "R501", "error", "the due date was changed in Zoho (2026-05-07) and in Xero (2026-05-14)",
                "rules/invoices.zx:47", help="make both sides equal; until then nothing is written", cause="clash:404",
            ),
        ),
    )  # fmt: skip
    return [*blocked, question, conflict]


def _others() -> list[Action]:
    contact = {"ContactID": OFFICE}
    update = _action(
        Outcome.UPDATE, "invoices", (INVOICES, INVOICE), 501, "1031", "Z-1031", target_id=_invoice_id(1031),
        payload={"InvoiceID": _invoice_id(1031), "Contact": contact, "DueDate": "2026-10-28",
                 "LineItems": [{"LineItemID": "1", "UnitAmount": Decimal("520.00"), "TaxAmount": Decimal("52")}]},
        totals=_money("1012.00"),
        changes=(
            _set("DueDate", "2026-10-28", "rules/invoices.zx:47", "Due_Date", before="2026-10-14"),
            _set("LineItems[1].UnitAmount", Decimal("520.00"), "rules/invoices.zx:58", "Total_After_Discount",
                 before=Decimal("400.00")),
            _set("LineItems[1].TaxAmount", Decimal("52"), "rules/invoices.zx:60", "Line_Tax", before=Decimal("40"),
                 row="rules/tax.zx:4"),
            _set("LineItems[2]", None, "rules/invoices.zx:53", "Invoiced_Items",
                 before={"Description": "Freight", "LineAmount": Decimal("20")}),
            _set("Reference", "PO 77", "rules/invoices.zx:44", "Purchase_Order", before=""),
        ),
    )  # fmt: skip
    adopt = _action(
        Outcome.ADOPT, "invoices", (INVOICES, INVOICE), 502, "1032", "Z-1032", target_id=_invoice_id(1032),
        totals=_money("88.00"), reason="found in Xero by its invoice number",
    )  # fmt: skip
    void = _action(
        Outcome.VOID, "invoices", (INVOICES, INVOICE), 503, "1033", "Z-1033", target_id=_invoice_id(1033),
        payload={"InvoiceID": _invoice_id(1033), "Status": "VOIDED"}, totals=_money("66.00", None),
        reason="cancelled in Zoho",
        changes=(_set("Status", "VOIDED", "rules/invoices.zx:36", "Status", before="AUTHORISED"),),
    )  # fmt: skip
    delete = _action(
        Outcome.DELETE, "invoices", (INVOICES, INVOICE), 504, "1034", "Z-1034", target_id=_invoice_id(1034),
        payload={"InvoiceID": _invoice_id(1034), "Status": "DELETED"}, totals=_money("55.00", None),
        reason="cancelled in Zoho",
        changes=(_set("Status", "DELETED", "rules/invoices.zx:36", "Status", before="DRAFT"),),
    )  # fmt: skip
    skips = [
        _action(
            Outcome.SKIP, "invoices", (INVOICES, INVOICE), 505 + index, str(1041 + index), f"Z-{1041 + index}",
            totals=_money("12880.00" if index == 0 else "0.00", None), reason=reason,
        )
        for index, reason in enumerate(("held by its Zoho status", "nothing to pay"))
    ]  # fmt: skip
    out = _action(Outcome.SKIP, "invoices", (INVOICES, INVOICE), 508, "0987", reason="out of scope", in_scope=False)
    same = [
        _action(
            Outcome.UNCHANGED, "invoices", (INVOICES, INVOICE), 511 + index, str(1051 + index), f"Z-{1051 + index}",
            target_id=_invoice_id(1051 + index), totals=_money("250.00"), payload={"Contact": contact},
        )
        for index in range(3)
    ]  # fmt: skip
    euro = _action(
        Outcome.CREATE, "invoices", (INVOICES, INVOICE), 520, "1061", "Z-1061",
        payload={"InvoiceNumber": "Z-1061", "CurrencyCode": "EUR", "Contact": contact},
        totals=_money("1234.5", currency="EUR"),
        changes=(_set("CurrencyCode", "EUR", "rules/invoices.zx:50", "Currency"),),
        problems=(
            Problem("R902", "warning", "due before its own date", "rules/invoices.zx:39", cause="warn:39"),
        ),
    )  # fmt: skip
    return [update, adopt, void, delete, *skips, out, *same, euro]


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "R501", "error", "the due date was changed in Zoho (2026-05-07) and in Xero (2026-05-14)",
            "rules/invoices.zx:47", 1, 0, {"AUD": Decimal("4410")}, examples=("1023",),
            help="make both sides equal; until then nothing is written",
        ),
        Finding(
            "R101", "error", 'the Zoho taxes "VAT 12.5%" have no Xero tax rate', "rules/tax.zx:9", 2, 3,
            {"AUD": Decimal("1546.5")}, fix="| VAT 12.5% | OUTPUT |", examples=("1021", "1022"),
            help="add a row above the last one, with the Xero tax rate it should have",
        ),
        Finding(
            "R301", "error", 'two Xero contacts are called "Tomasz Field"', "rules/customers.zx:23", 1, 0, {},
            help="make the names differ; then run zx preview again", examples=("Tomasz Field",),
        ),
        Finding(
            "R902", "warning", "due before its own date", "rules/invoices.zx:39", 1, 0, {"EUR": Decimal("1234.5")},
            examples=("1061",),
        ),
    )  # fmt: skip


def _totals(actions: list[Action], currency: str) -> CurrencyTotals:
    def total(*outcomes: Outcome) -> Decimal:
        return sum(
            (
                action.totals.source
                for action in actions
                if action.totals and action.totals.currency == currency and action.outcome in outcomes
            ),
            Decimal(0),
        )

    skipped, blocked, conflict = (
        total(Outcome.SKIP, Outcome.VOID, Outcome.DELETE),
        total(Outcome.BLOCK),
        total(Outcome.CONFLICT),
    )
    ready = total(Outcome.CREATE, Outcome.UPDATE, Outcome.ADOPT, Outcome.UNCHANGED)
    return CurrencyTotals(
        currency, skipped + blocked + conflict + ready, skipped, blocked, conflict, ready, reconciles=True
    )


def plan_of(actions: list[Action], findings: tuple[Finding, ...] = (), currencies: tuple[str, ...] = ("AUD",)) -> Plan:
    counts = {str(outcome): sum(action.outcome is outcome for action in actions) for outcome in Outcome}
    by_map: dict[str, dict[str, int]] = {}
    for action in actions:
        row = by_map.setdefault(action.map, {"read": 0, **dict.fromkeys(map(str, Outcome), 0)})
        row["read"] += 1
        row[str(action.outcome)] += 1
    return Plan(
        sync="demo",
        zoho="zoho.demo",
        xero="xero.demo",
        digest="7f3a91c2d4e5f60718293a4b5c6d7e8f",
        rules_digest="11112222333344445555666677778888",
        snapshot_digest="aaaabbbbccccddddeeeeffff00001111",
        read_at={"zoho.demo": "2026-03-31T04:01:06+00:00", "xero.demo": "2026-03-31T04:01:09+00:00"},
        state_serial=12,
        state_lineage="5e1f",
        actions=tuple(actions),
        findings=findings,
        totals=tuple(_totals(actions, currency) for currency in currencies),
        by_map=by_map,
        counts=counts,
    )


def sample_plan() -> Plan:
    first = _items_and_contacts()
    contacts = [action for action in first if action.map == "organisations" and action.outcome is Outcome.CREATE]
    actions = [*first, *_creates(contacts), *_exceptions(), *_others()]
    return plan_of(actions, _findings(), ("AUD", "EUR"))


def quiet_plan() -> Plan:
    """Nothing to do."""
    return plan_of([action for action in sample_plan().actions if action.outcome is Outcome.UNCHANGED])


def ready_plan() -> Plan:
    """Something to do and nothing in its way."""
    good = {Outcome.CREATE, Outcome.UNCHANGED}
    return plan_of(
        [
            action
            for action in sample_plan().actions
            if action.outcome in good and not (action.totals and action.totals.currency == "EUR")
        ]
    )


def _organisation(connection: str, identity: str, name: str) -> Organisation:
    return Organisation(connection, identity, name, "AUD", "Australia/Sydney", simulated=True, settle_s=2.0)


def sample_about(*, run: str | None = None) -> About:
    calls: Mapping[str, Mapping[str, int | None]] = {
        "xero.demo": {"needed": 4, "left_today": 812},
        "zoho.demo": {"needed": 0, "left_today": None},
    }
    return About(
        version="0.1.0",
        zoho=_organisation("zoho.demo", "60001234567", "Bluegum Garden CRM"),
        xero=_organisation("xero.demo", "2b1f6a70-0000-4000-8000-00000000beef", "Bluegum Garden Pty Ltd"),
        generated_at="2026-03-31T04:05:06+00:00",
        revision="8c1f2d0",
        dirty=True,
        rule_files=9,
        calls=calls,
        hints=(
            Hint("See one record in full", "zx explain 1021"),
            Hint("Send exactly this plan", "zx push demo --plan 7f3a91c2d4e5f60718293a4b5c6d7e8f"),
        ),
        run=run,
    )


@dataclass(frozen=True, slots=True)
class SampleResult:
    outcome: str
    target_id: str | None = None
    label: str = ""
    total: Decimal | None = None
    messages: tuple[str, ...] = ()
    mismatch: bool = False


@dataclass(frozen=True, slots=True)
class SamplePush:
    actions: Mapping[str, SampleResult] = field(default_factory=dict)
    stopped: str | None = None
    seconds: float = 3.25
    calls: Mapping[str, int] = field(default_factory=lambda: {"xero.demo": 6})


def sample_push(plan: Plan) -> SamplePush:
    """Every outcome a push can have: most is done, four of the invoices went otherwise."""
    odd = {
        "1003": SampleResult("rejected", messages=("Account code '200' is archived \x1b[31m<b>",)),
        "1004": SampleResult("in_doubt"),
        "1005": SampleResult("conflict", messages=("somebody changed Z-1005 at 04:05:20",)),
        "1006": SampleResult("not_attempted"),
        "1032": SampleResult("adopted", target_id=_invoice_id(1032), total=Decimal("88.00")),
    }
    results: dict[str, SampleResult] = {}
    for index, action in enumerate(plan.actions):
        if action.writes:
            done = SampleResult(
                "done",
                target_id=action.target.id or f"77770000-0000-4000-8000-{index:012}",
                label=action.target.label,
                total=action.totals.target if action.totals else None,
            )
            results[action.id] = odd.get(action.source.label, done)
    return SamplePush(results)
