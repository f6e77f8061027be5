"""One simulated Zoho organisation: what the store holds beside records, and how it was filled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zx.catalog.schema import Catalogue
from zx.sandbox.folder import Data
from zx.sandbox.store import Store
from zx.sandbox.zoho.checks import Checker
from zx.sandbox.zoho.schema import MODULES, SUBFORMS, Schema, build_schema, inferred
from zx.sandbox.zoho.totals import compute_record
from zx.values.jsontext import dumps, loads

_FIRST_ID = 5_725_767_000_000_100_000
_METADATA_ID = 5_725_767_000_000_000_000
_SCHEMAS: WeakKeyDictionary[Store, tuple[tuple[str, bool], Schema]] = WeakKeyDictionary()
"""The schema of each store as of its last request: it seldom changes, and building it takes longer than an answer."""


class Organisation:
    """Read-only view of the store for the length of one request."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store = store
        self._catalogue = catalogue

    @cached_property
    def org(self) -> dict[str, Any]:
        return dict(self.store.all("org")[0])

    @cached_property
    def taxes(self) -> tuple[dict[str, Any], ...]:
        return tuple(self.store.all("taxes"))

    @cached_property
    def currencies(self) -> tuple[dict[str, Any], ...]:
        return tuple(self.store.all("currencies"))

    @cached_property
    def multi_currency(self) -> bool:
        return bool(self.org.get("mc_status"))

    @cached_property
    def base_currency(self) -> str:
        return str(self.org.get("iso_code") or "AUD")

    @cached_property
    def preference(self) -> dict[str, Any]:
        given: dict[str, Any] = loads(self.store.meta("preference") or "{}")
        return {"auto_populate_tax": False, "modify_tax_rates": False, **given}

    @cached_property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str(self.org.get("time_zone") or "UTC"))
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @cached_property
    def schema(self) -> Schema:
        text = self.store.meta("fields") or "{}"
        known = _SCHEMAS.get(self.store)
        if known is None or known[0] != (text, self.multi_currency):
            schema = build_schema(self._catalogue, loads(text), multi_currency=self.multi_currency, prefix=_METADATA_ID)
            known = _SCHEMAS[self.store] = (text, self.multi_currency), schema
        return known[1]

    @cached_property
    def checker(self) -> Checker:
        active = frozenset(str(entry["iso_code"]) for entry in self.currencies if entry.get("is_active", True))
        return Checker(
            self.store,
            self.taxes,
            bool(self.preference["modify_tax_rates"]),
            (active or frozenset({self.base_currency})) if self.multi_currency else None,
        )

    @cached_property
    def user(self) -> dict[str, str]:
        """The user whose token zx uses."""
        user: dict[str, str] = loads(self.store.meta("user") or "{}")
        return user

    def moment_text(self, moment: datetime) -> str:
        """As Zoho writes instants: the organisation's zone, whole seconds (reference/zoho 7)."""
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def new_id(self) -> str:
        return str(int(self.store.meta("first_id") or _FIRST_ID) + self.store.counter("last_id"))


def load(store: Store, catalogue: Catalogue, data: Data) -> None:
    """Fills the empty ``store``. Records are copied as they are given; only what is missing is added."""
    store.set_meta("preference", dumps(data.preference))
    org = dict(data.collections["org"][0]) if data.collections.get("org") else {}
    org.setdefault("company_name", "Sandbox")
    # The identity is this copy's own, so that two workspaces over the same data never meet (design 3).
    org["id"] = str(_FIRST_ID + secrets.randbelow(10**12))
    org["zgid"] = str(secrets.randbelow(9 * 10**8) + 10**8)
    store.put("org", org["id"], org)
    seen = [int(text) for text in _ids(data.collections) if text.isdigit() and len(text) < 20]
    store.set_meta("first_id", str(max([_FIRST_ID, *seen]) + 1000))
    user_id = str(_FIRST_ID - 73_000)
    store.set_meta("user", dumps({"name": "Accounting Sync", "id": user_id, "email": "sync@crm.example"}))
    base = build_schema(catalogue, {}, multi_currency=bool(org.get("mc_status")), prefix=_METADATA_ID)
    records = {name: data.collections.get(name, []) for name in MODULES}
    store.set_meta("fields", dumps(inferred(base, records, data.fields)))
    organisation = Organisation(store, catalogue)
    whole = {"taxes": _whole_tax, "currencies": _whole_currency}
    for name, completed in whole.items():
        for position, entry in enumerate(data.collections.get(name, []), 1):
            body = {**completed(entry, position, organisation), "id": str(entry.get("id") or organisation.new_id())}
            store.put(name, body["id"], body)
    latest: list[datetime] = []
    for module in MODULES:
        for record in records[module]:
            body = _completed(organisation, module, dict(record))
            for key in ("Created_Time", "Modified_Time"):
                latest.append(datetime.fromisoformat(body[key]))
            store.put(module, body["id"], body)
    if latest:
        store.seen(max(latest))


def _whole_tax(given: Mapping[str, Any], position: int, organisation: Organisation) -> dict[str, Any]:
    return {"display_label": given.get("name"), "sequence_number": position, **given}


def _whole_currency(given: Mapping[str, Any], position: int, organisation: Organisation) -> dict[str, Any]:
    """A currency with every member that its endpoint gives (reference/zoho 4.14)."""
    person = {"name": organisation.user["name"], "id": organisation.user["id"]}
    moment = organisation.moment_text(organisation.store.now())
    made = {"created_by": person, "modified_by": person, "created_time": moment, "modified_time": moment}
    code = given.get("iso_code")
    shape = {"decimal_separator": "Period", "thousand_separator": "Comma", "decimal_places": "2"}
    shown = {"name": code, "symbol": code, "prefix_symbol": True, "is_base": False, "is_active": True}
    return {**shown, "exchange_rate": "1.000000000", "format": shape, **made, **given}


def _completed(organisation: Organisation, module: str, body: dict[str, Any]) -> dict[str, Any]:
    body["id"] = str(body.get("id") or organisation.new_id())
    now = organisation.moment_text(organisation.store.now())
    body.setdefault("Created_Time", body.get("Modified_Time") or now)
    body.setdefault("Modified_Time", body["Created_Time"])
    for key in ("Created_By", "Modified_By"):
        if not body.get(key):
            body[key] = {"name": organisation.user["name"], "id": organisation.user["id"]}
    subform = SUBFORMS.get(module)
    if subform is not None:
        rows = [{**row, "id": str(row.get("id") or organisation.new_id())} for row in body.get(subform) or []]
        if "Grand_Total" not in body:
            compute_record(body, rows)
        body[subform] = rows
    return body


def _ids(collections: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    found: list[str] = []
    for records in collections.values():
        for record in records:
            found.append(str(record.get("id", "")))
            for value in record.values():
                if isinstance(value, list):
                    found.extend(str(row.get("id", "")) for row in value if isinstance(row, dict))
    return found
