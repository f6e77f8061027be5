"""Reads Xero's Accounting API (reference/xero 2, 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from zx.adapters.http.answers import NOTHING, object_of, rows_of
from zx.adapters.http.client import Client
from zx.adapters.xero import codec
from zx.adapters.xero.resources import API, Resource, resource
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.ports.remote import NotAllowed, Page, Progress, Unknown
from zx.values.dates import instant, instant_text

_PAGE_SIZE = 1000
_IDS_PER_CALL = 40  # reference/xero 3.4: longer addresses are refused
_STATED_SETTLE_S = 2.0
_REAL_SETTLE_S = 600.0


class XeroReader:
    """One Xero organisation, read only."""

    def __init__(self, client: Client, tenant: str | None, *, simulated: bool) -> None:
        self._client = client
        self._tenant = tenant
        self._simulated = simulated
        self._org: Mapping[str, Any] | None = None

    def organisation(self) -> Organisation:
        org = self._read_org()
        return Organisation(
            connection=self._client.connection,
            id=str(org.get("OrganisationID") or self.tenant()),
            name=str(org.get("Name") or ""),
            base_currency=str(org.get("BaseCurrency") or ""),
            timezone=str(org.get("Timezone") or ""),
            simulated=self._simulated,
            settle_s=self._client.settle_s(_STATED_SETTLE_S) if self._simulated else _REAL_SETTLE_S,
        )

    def metadata(self) -> Mapping[str, Any]:
        """``Organisation``, ``Accounts``, ``TaxRates``, ``Currencies``: see ``zx.catalog.live``."""
        return {
            "Organisation": dict(self._read_org()),
            "Accounts": self._settings("Accounts", "Account"),
            "TaxRates": self._settings("TaxRates", "TaxRate"),
            "Currencies": self._settings("Currencies", "Currency"),
        }

    def server_time(self) -> str:
        moment = self._client.server_time()
        if moment is None:
            body = self.body("/Organisation")
            stated = codec.moment(str(body.get("DateTimeUTC", "")))
            moment = self._client.server_time() or (instant_text(stated) if stated is not None else None)
        if moment is None:
            raise Unknown(self._client.connection, f"{self._client.connection} answers without its time (Date header)")
        return moment

    def changed(self, kind: Kind, since: str | None, progress: Progress) -> Page:
        """Xero deletes nothing that zx reads but items, and those without a trace: ``deleted`` is always empty."""
        target = resource(kind)
        records: dict[str, Record] = {}
        for raw, total in self.rows(target, {}, since):
            record = self.decoded(kind, raw)
            records[record.id] = record
            progress(str(kind), len(records), total)
        return Page(tuple(records.values()))

    def calls(self) -> Mapping[str, int]:
        return self._client.calls()

    def by_ids(self, kind: Kind, ids: Sequence[str]) -> list[Record]:
        """The records as they are now, whole; one that is gone is left out."""
        target = resource(kind)
        found: dict[str, Record] = {}
        if target.ids:
            for start in range(0, len(ids), _IDS_PER_CALL):
                chunk = ids[start : start + _IDS_PER_CALL]
                found |= self._by_id(kind, self.rows(target, {target.ids: ",".join(chunk)}, None))
        elif not target.paged:
            found = self._by_id(kind, self.rows(target, {}, None)) if ids else {}
        else:
            for id in ids:
                found |= self._by_id(kind, self._single(target, id))
        return [found[id] for id in ids if id in found]

    def rows(
        self, target: Resource, params: Mapping[str, str], since: str | None
    ) -> Iterator[tuple[Mapping[str, Any], int | None]]:
        """Raw records of a list with the number there will be (None when Xero does not say), page by page.

        Pages, because lists without them come without lines (reference/xero 3.5).
        """
        headers = {} if since is None else {"If-Modified-Since": _whole_second(since)}
        fixed = {**target.always, **({"unitdp": "4"} if target.unitdp else {}), **params}
        if not target.paged:
            for row in self._rows_of(self.body(f"/{target.collection}", fixed, headers), target):
                yield row, None
            return
        number = 0
        while True:
            number += 1
            paging = {"page": str(number), "pageSize": str(_PAGE_SIZE), "order": target.order}
            body = self.body(f"/{target.collection}", {**fixed, **paging}, headers)
            rows = self._rows_of(body, target)
            pagination = body.get("pagination") or {}
            total = int(pagination["itemCount"]) if "itemCount" in pagination else None
            for row in rows:
                yield row, total
            # Without the pagination object only an empty page is the end: Xero may give fewer rows than were asked for.
            if not rows or ("pageCount" in pagination and number >= int(pagination["pageCount"])):
                return

    def decoded(self, kind: Kind, raw: Mapping[str, Any]) -> Record:
        try:
            return codec.record(kind, raw)
        except ValueError as error:
            raise Unknown(self._client.connection, f"{self._client.connection} sent {error}") from error

    def tenant(self) -> str:
        """The organisation to speak of: the one named in zx.toml, else the only one this sign-in reaches."""
        if self._tenant is None:
            answer = self._client.get("/connections")
            listed = answer.json_or_none()
            if not isinstance(listed, list):
                raise Unknown(
                    self._client.connection,
                    f"{self._client.connection} answered /connections with something that is no JSON list",
                    "run the command again in a few minutes",
                )
            reached = [item for item in listed if isinstance(item, dict)]
            tenants = [str(item["tenantId"]) for item in reached if item.get("tenantType") in (None, "ORGANISATION")]
            if len(tenants) != 1:
                raise NotAllowed(
                    self._client.connection,
                    f"{self._client.connection} reaches {len(tenants)} Xero organisations; zx.toml must name one",
                    "name it with `tenant` in zx.toml",
                )
            self._tenant = tenants[0]
        return self._tenant

    def body(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Mapping[str, Any]:
        """The JSON object at ``path``; empty for an unmodified list (304) or a status in ``accept``."""
        signed = {"xero-tenant-id": self.tenant(), **(headers or {})}
        answer = self._client.get(API + path, params, signed, accept)
        if answer.status == 304 or answer.status >= 400:
            return NOTHING
        return object_of(answer, self._client.connection, path)

    def _single(self, target: Resource, id: str) -> Iterator[tuple[Mapping[str, Any], None]]:
        params = {"unitdp": "4"} if target.unitdp else {}
        body = self.body(f"/{target.collection}/{id}", params, accept=(404,))
        for row in self._rows_of(body, target):
            yield row, None

    def _by_id(self, kind: Kind, rows: Iterable[tuple[Mapping[str, Any], int | None]]) -> dict[str, Record]:
        return {record.id: record for record in (self.decoded(kind, raw) for raw, _ in rows)}

    def _rows_of(self, body: Mapping[str, Any], target: Resource) -> list[Mapping[str, Any]]:
        return rows_of(body, target.collection, self._client.connection, f"/{target.collection}")

    def _settings(self, collection: str, shape: str) -> list[dict[str, Any]]:
        rows = self.body(f"/{collection}").get(collection) or ()
        return [codec.values(row, codec.shape_of(Kind("xero", shape))) for row in rows]

    def _read_org(self) -> Mapping[str, Any]:
        if self._org is None:
            rows = self.body("/Organisation").get("Organisations") or ()
            if not rows:
                raise Unknown(self._client.connection, f"{self._client.connection} says nothing about its organisation")
            self._org = codec.values(rows[0], codec.shape_of(Kind("xero", "Organisation")))
        return self._org


def _whole_second(since: str) -> str:
    """``yyyy-mm-ddThh:mm:ss`` UTC, a second early: whether the bound is inside is unverified (reference/xero 3.3)."""
    return (instant(since) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
