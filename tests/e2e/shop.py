"""A shop of one's own: small data folders, settings, and the operations run in-process on the embedded sandboxes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e.workspace import ROOT
from zx.operations import preview as previewing
from zx.operations import push as pushing
from zx.operations.desk import Desk, open_desk
from zx.operations.sandbox import dump, edit
from zx.values.jsontext import dumps, loads
from zx.workspace.environment import Environment

NOW = "2026-03-31T09:00:00+11:00"
Json = dict[str, Any]


def taxes(*names: str) -> list[Json]:
    """``GST 10%`` as Zoho writes a tax of a line."""
    made = []
    for text in names:
        name, _, rate = text.removesuffix("%").rpartition(" ")
        made.append({"name": name, "percentage": Decimal(rate), "id": f"9{len(text)}"})
    return made


GST, FREE = taxes("GST 10%"), taxes("GST Free 0%")


def line(amount: str, quantity: str = "1", tax: Sequence[Json] = GST, **more: Any) -> Json:
    """A line worth ``amount`` before tax, after its own discount; it names product p1 unless ``product`` says else."""
    product = more.pop("product", {"id": "501", "name": "Widget", "Product_Code": "W-1"})
    value = Decimal(amount)
    tax_value = sum((cents(value * one["percentage"] / 100) for one in tax), Decimal(0))
    return {
        "Product_Name": product,
        "Quantity": Decimal(quantity),
        "Total": value + more.get("Discount", 0),
        "Total_After_Discount": value,
        "Line_Tax": list(tax),
        "Tax": tax_value,
        "Net_Total": value + tax_value,
        **more,
    }


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def invoice(number: str, lines: Iterable[Json], **more: Any) -> Json:
    """An approved invoice of account 301; its total is what Zoho would make of its lines, unless given."""
    id = "6" + "".join(sign if sign.isascii() and sign.isdigit() else f"{ord(sign):06}" for sign in number)
    rows = [{"id": f"7{id}{position}", **row} for position, row in enumerate(lines)]
    base = sum((row["Net_Total"] for row in rows), Decimal(0)) - more.get("Discount", 0)
    on_total = sum((cents(base * one["percentage"] / 100) for one in more.get("$line_tax", ())), Decimal(0))
    known = {
        "id": id,
        "Subject": f"Order {number}",
        "Invoice_Number": number,
        "Status": "Approved",
        "Invoice_Date": "2026-03-10",
        "Account_Name": {"id": "301", "name": "Quayside Ceramics"},
        "Currency": "AUD",
        "Invoiced_Items": rows,
        "Grand_Total": base + on_total + more.get("Adjustment", 0),
        "Created_Time": "2026-03-10T09:00:00+11:00",
        "Modified_Time": "2026-03-10T09:00:00+11:00",
    }
    return {**known, **more}


def account(id: str = "301", name: str = "Quayside Ceramics", **more: Any) -> Json:
    return {"id": id, "Account_Name": name, "Modified_Time": "2026-03-01T09:00:00+11:00", **more}


def person(id: str = "401", first: str = "Ada", last: str = "Quill", **more: Any) -> Json:
    return {"id": id, "First_Name": first, "Last_Name": last, "Modified_Time": "2026-03-01T09:00:00+11:00", **more}


def product(id: str = "501", code: str | None = "W-1", name: str = "Widget", **more: Any) -> Json:
    given = {} if code is None else {"Product_Code": code}
    return {"id": id, "Product_Name": name, **given, "Modified_Time": "2026-03-01T09:00:00+11:00", **more}


@dataclass
class Shop:
    """A workspace with data folders. ``zoho`` and ``xero``: records by collection; ``settings``: by name, as TOML
    values. Files are written on first use."""

    path: Path
    zoho: dict[str, Any] = field(default_factory=dict)
    xero: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    timezone: str = "Australia/Sydney"
    now: str = NOW
    edits: list[tuple[str, str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def desk(self) -> Desk:
        if not (self.path / "zx.toml").exists():
            self._write()
        environment = Environment(self.path / "home", now=self.now)
        return open_desk(self.path, environment, say=self.heard.append, progress=lambda what, done, total: None)

    def preview(self) -> Json:
        desk = self.desk()
        document = previewing.preview(desk, desk.only_sync(None), offline=False).report.document
        parsed: Json = loads(dumps(document))
        return parsed

    def push(self) -> Json:
        desk = self.desk()
        hooks = pushing.Hooks(agree=lambda report: True, event=lambda event: None, stop=lambda: False)
        done = pushing.push(desk, desk.only_sync(None), pushing.Wishes(), hooks)
        parsed: Json = loads(dumps(done.report.document))
        return parsed

    def dump(self, system: str = "xero") -> Json:
        parsed: Json = loads(dumps(dump(self.desk(), f"{system}.own")))
        return parsed

    def edit(self, system: str, collection: str, id: str, **fields: Any) -> None:
        edit(self.desk(), f"{system}.own", collection, id, dumps(fields))

    def set(self, **settings: Any) -> None:
        """Changes settings of a workspace that was used already."""
        self.settings |= settings
        self._toml()

    def sent(self) -> dict[str, Json]:
        """Pushes, and proves what design 1 promises of any data: in = out, equal to the cent, nothing on a second
        push. Gives the sales invoices of Xero by number."""
        before = self.preview()
        check(before)
        report = self.push()
        writes = {one["id"] for one in before["actions"] if one["action"] in _WRITES}
        done = {one["id"]: one.get("outcome") for one in report["actions"] if one.get("outcome")}
        assert set(done) == writes, (done, writes)
        assert set(done.values()) <= {"done", "adopted"}, [one for one in report["actions"] if one["problems"]]
        there = self.dump()
        by_id = {one["InvoiceID"]: one for one in there["Invoices"]}
        for one in report["actions"]:
            if one["target"]["kind"] == "Invoice" and one.get("outcome") == "done" and one["action"] == "create":
                total = by_id[one["target"]["id"]]["Total"]
                assert total == Decimal(one["totals"]["source"]), one
        again = self.push()
        assert not [one for one in again["actions"] if one.get("outcome")], again["actions"]
        assert self.dump() == there
        return {str(one["InvoiceNumber"]): one for one in there["Invoices"]}

    def blocked(self, number: str) -> Json:
        """The action of a Zoho invoice, which must be blocked and name a cause, an amount and a cure."""
        action = self.action(number)
        assert action["action"] == "block", action
        assert action["reason"] and action["totals"]["source"]
        assert all(one["message"] and one["help"] and one["rule"] for one in action["problems"]), action["problems"]
        return action

    def action(self, number: str) -> Json:
        plan = self.preview()
        check(plan)
        return find(plan, number)

    def _write(self) -> None:
        shutil.copytree(ROOT / "rules", self.path / "rules")
        for name, old, new in self.edits:
            path = self.path / name
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{name} has no {old!r}"
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        for system, collections in (("zoho", self.zoho), ("xero", self.xero)):
            folder = self.path / "fixtures" / system
            folder.mkdir(parents=True)
            for name, records in collections.items():
                (folder / f"{name}.json").write_text(dumps(records), encoding="utf-8")
        self._toml()

    def _toml(self) -> None:
        known = {"start_date": "2026-03-01", **self.settings}
        lines = [f"{name} = {_toml_value(name, value)}" for name, value in known.items()]
        (self.path / "zx.toml").write_text(
            'version = 1\n[zoho.own]\nsandbox = "fixtures/zoho"\n[xero.own]\nsandbox = "fixtures/xero"\n'
            f'[sync.own]\nzoho = "own"\nxero = "own"\nrules = ["rules/*.zx"]\ntimezone = "{self.timezone}"\n'
            "[sync.own.settings]\n" + "\n".join(lines) + "\n",
            encoding="utf-8",
        )


_WRITES = ("create", "update", "void", "delete", "adopt")


def _toml_value(name: str, value: Any) -> str:
    if name == "start_date":
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def check(plan: Mapping[str, Any]) -> None:
    """What holds of every preview: records in = out, each ready document equal to the cent, the money reconciles."""
    for name, counts in plan["by_map"].items():
        assert counts["read"] == sum(number for key, number in counts.items() if key != "read"), name
    for one in plan["actions"]:
        if one["totals"] and one["action"] in ("create", "update", "adopt"):
            assert one["totals"]["difference"] == "0.00", one
        for change in one["changes"]:
            assert change["rule"].startswith("rules/"), change
    assert all(total["reconciles"] for total in plan["totals"]), plan["totals"]


def find(plan: Mapping[str, Any], number: str) -> Json:
    """The action of the Zoho invoice with this number."""
    found = [one for one in plan["actions"] if one["map"] == "invoices" and one["source"]["label"] == number]
    assert len(found) == 1, [one["source"]["label"] for one in plan["actions"]]
    action: Json = found[0]
    return action


def shop(path: Path, *invoices: Json, **more: Any) -> Shop:
    """One account, one product, and these invoices; ``zoho`` and ``xero`` add or replace collections."""
    zoho = {
        "Invoices": list(invoices),
        "Accounts": [account()],
        "Products": [product()],
        **more.pop("zoho", {}),
    }
    return Shop(path, zoho, more.pop("xero", {}), more.pop("settings", {}), **more)
