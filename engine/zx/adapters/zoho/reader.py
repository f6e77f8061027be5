"""Reads Zoho CRM v8 (reference/zoho 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

from zx.adapters.http.answers import NOTHING, object_of, rows_of
from zx.adapters.http.client import Client
from zx.adapters.zoho import codec
from zx.adapters.zoho.refusals import ZohoRefusals
from zx.catalog.fieldtypes import Address
from zx.catalog.load import packaged
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.ports.remote import Page, Progress, Refused, Unknown
from zx.values.dates import instant, instant_text

API = "/crm/v8"
MODULES = ("Invoices", "Quotes", "Sales_Orders", "Accounts", "Contacts", "Products")

_PER_PAGE = 200
_PAGES_BY_NUMBER = 10  # rows 1 to 2,000; beyond, the page token (reference/zoho 4.1)
_FIELDS_PER_CALL = 50
_STATED_SETTLE_S = 2.0
_REAL_SETTLE_S = 600.0

# Answers of an organisation that has no such module or feature (reference/zoho 5.4).
_ABSENT = frozenset(
    {"INVALID_MODULE", "CURRENCIES_NOT_ENABLED", "FEATURE_NOT_ENABLED", "FEATURE_NOT_SUPPORTED", "NO_PERMISSION"}
)


class ZohoReader:
    """One Zoho organisation, read only. ``workers`` threads read single records; the order stays that of the list."""

    def __init__(self, client: Client, *, simulated: bool, workers: int = 4) -> None:
        self._client = client
        self._simulated = simulated
        self._workers = workers
        self._org: Mapping[str, Any] | None = None
        self._fields: dict[str, list[Mapping[str, Any]]] = {}

    def organisation(self) -> Organisation:
        org = self._read_org()
        return Organisation(
            connection=self._client.connection,
            id=str(org.get("zgid") or org.get("id") or ""),
            name=str(org.get("company_name") or ""),
            base_currency=str(org.get("iso_code") or ""),
            timezone=str(org.get("time_zone") or ""),
            simulated=self._simulated,
            settle_s=self._client.settle_s(_STATED_SETTLE_S) if self._simulated else _REAL_SETTLE_S,
        )

    def metadata(self) -> Mapping[str, Any]:
        """``org``, ``fields`` by module and row module, ``taxes``, ``currencies``: see ``zx.catalog.live``."""
        row_modules = [row for module in MODULES if (row := codec.row_field(Kind("zoho", module))) is not None]
        fields = {module: self._module_fields(module) for module in (*MODULES, *row_modules)}
        taxes = self._body("/org/taxes").get("org_taxes") or {}
        return {
            "org": dict(self._read_org()),
            "fields": fields,
            "taxes": list(taxes.get("taxes") or ()),
            "currencies": list(self._body("/org/currencies", accept=(400, 403)).get("currencies") or ()),
        }

    def server_time(self) -> str:
        moment = self._client.server_time()
        if moment is None:
            self._client.get(f"{API}/org")
            moment = self._client.server_time()
        if moment is None:
            raise Unknown(self._client.connection, f"{self._client.connection} answers without its time (Date header)")
        return moment

    def changed(self, kind: Kind, since: str | None, progress: Progress) -> Page:
        what = str(kind)
        if codec.row_field(kind) is None:
            records = self._flat(kind, since, progress)
        else:
            ids = [str(row["id"]) for row in self._listed(kind, ("Modified_Time",), since)]
            records = self._whole(kind, ids, partial(progress, what))
        unique = {record.id: record for record in records}
        deleted = [id for id in self._deleted(kind, since) if id not in unique]
        return Page(tuple(unique.values()), tuple(dict.fromkeys(deleted)))

    def calls(self) -> Mapping[str, int]:
        return self._client.calls()

    def by_ids(self, kind: Kind, ids: Sequence[str]) -> list[Record]:
        """Whole records by id, in this order; one that is gone is left out."""
        return self._whole(kind, ids, lambda done, total: None)

    def _flat(self, kind: Kind, since: str | None, progress: Progress) -> list[Record]:
        """Records without lines: lists carry them whole, fifty fields at a time."""
        names = self._field_names(kind)
        size = _FIELDS_PER_CALL - 1  # the version rides along, so that parts of different versions are never joined
        chunks = [(*names[start : start + size], "Modified_Time") for start in range(0, len(names), size)]
        merged: dict[str, dict[str, Any]] = {}
        parts: dict[str, int] = {}
        torn: set[str] = set()
        for chunk in chunks:
            for row in self._listed(kind, chunk, since):
                id = str(row["id"])
                whole = merged.setdefault(id, {})
                if whole and whole.get("Modified_Time") != row.get("Modified_Time"):
                    torn.add(id)
                whole.update(row)
                parts[id] = parts.get(id, 0) + 1
                progress(str(kind), len(merged), None)
        torn |= {id for id, count in parts.items() if count != len(chunks)}
        again = {record.id: record for record in self.by_ids(kind, sorted(torn))}
        currency = self._base_currency()
        return [
            again[id] if id in again else codec.record(kind, raw, currency)
            for id, raw in merged.items()
            if id not in torn or id in again
        ]

    def _whole(self, kind: Kind, ids: Sequence[str], report: Callable[[int, int | None], None]) -> list[Record]:
        currency = self._base_currency() if ids else ""
        found: list[Record] = []

        def one(id: str) -> Record | None:
            path = f"/{kind.name}/{id}"
            rows = rows_of(self._body(path), "data", self._client.connection, path)
            return codec.record(kind, rows[0], currency) if rows else None

        with ThreadPoolExecutor(self._workers) as pool:
            each = pool.map(one, ids) if self._workers > 1 else map(one, ids)
            for done, record in enumerate(each, 1):
                if record is not None:
                    found.append(record)
                report(done, len(ids))
        return found

    def _listed(self, kind: Kind, fields: Sequence[str], since: str | None) -> Iterator[Mapping[str, Any]]:
        """The rows of a list, by id: an order that no edit moves while the pages are read (reliability 1.6 F23)."""
        params = {
            "fields": ",".join(fields),
            "per_page": str(_PER_PAGE),
            "sort_by": "id",
            "sort_order": "asc",
        }
        yield from self._pages(f"/{kind.name}", params, since, tokens=True)

    def _deleted(self, kind: Kind, since: str | None) -> Iterator[str]:
        """Ids from the feed of deleted records (reference/zoho 4.8): never inferred from absence."""
        params = {"type": "all", "per_page": str(_PER_PAGE)}
        for row in self._pages(f"/{kind.name}/deleted", params, since, tokens=False):
            yield str(row["id"])

    def _pages(
        self, path: str, params: Mapping[str, str], since: str | None, *, tokens: bool
    ) -> Iterator[Mapping[str, Any]]:
        headers = {} if since is None else {"If-Modified-Since": _just_before(since)}
        position = {"page": "1"}
        while True:
            body = self._body(path, params={**params, **position}, headers=headers)
            yield from rows_of(body, "data", self._client.connection, path)
            info = body.get("info") or {}
            if not info.get("more_records"):
                return
            number = int(position.get("page", _PAGES_BY_NUMBER))
            token = info.get("next_page_token")
            if not tokens or number < _PAGES_BY_NUMBER:
                position = {"page": str(number + 1)}
            elif token:
                position = {"page_token": str(token)}
            else:
                raise Refused(
                    self._client.connection,
                    f"{self._client.connection} has more than {_PER_PAGE * _PAGES_BY_NUMBER} records at {path} "
                    "and gives no token to read on",
                )

    def _field_names(self, kind: Kind) -> list[str]:
        """What to ask for in a list: the packaged fields this organisation has, and its own ones."""
        shape = packaged().shape("zoho", kind.name)
        ours = [
            field.name
            for field in (shape.fields.values() if shape is not None else ())
            if not isinstance(field.type, Address) and not field.name.startswith("$") and field.name != "id"
        ]
        metadata = self._module_fields(kind.name)
        theirs = {str(meta["api_name"]) for meta in metadata if meta.get("data_type") != "subform"}
        own = [str(meta["api_name"]) for meta in metadata if meta.get("custom_field")]
        known = [name for name in ours if name in theirs] if theirs else ours
        names = dict.fromkeys((*known, *(name for name in own if name in theirs)))
        return [name for name in names if name != "Modified_Time"]

    def _module_fields(self, module: str) -> list[Mapping[str, Any]]:
        """The metadata of a module; empty where this organisation has no such module."""
        if module not in self._fields:
            body = self._body("/settings/fields", params={"module": module}, accept=(400,))
            self._fields[module] = list(body.get("fields") or ())
        return self._fields[module]

    def _base_currency(self) -> str:
        return str(self._read_org().get("iso_code") or "")

    def _read_org(self) -> Mapping[str, Any]:
        if self._org is None:
            rows = self._body("/org").get("org") or ()
            if not rows:
                raise Unknown(self._client.connection, f"{self._client.connection} says nothing about its organisation")
            self._org = rows[0]
        return self._org

    def _body(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Mapping[str, Any]:
        """The JSON object at ``path``; empty for "nothing there" (204, 304; reference/zoho 5.1)."""
        answer = self._client.get(API + path, params, headers, accept)
        if answer.status in (204, 304):
            return NOTHING
        body = object_of(answer, self._client.connection, path)
        if answer.status >= 400 and body.get("code") not in _ABSENT:
            raise Refused(
                self._client.connection,
                f"{self._client.connection} refused to read {path}: {ZohoRefusals().message(answer)}",
            )
        return body if answer.status < 400 else NOTHING


def _just_before(since: str) -> str:
    """One second earlier: Zoho gives what changed *after* the instant, in whole seconds (reference/zoho 4.1)."""
    return instant_text((instant(since) - timedelta(seconds=1)).replace(microsecond=0))
