"""Writes Zoho CRM v8 (reference/zoho 4.4, 4.5): inserts and updates that start no workflow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from zx.adapters.http.client import Client
from zx.adapters.zoho.reader import API, ZohoReader
from zx.adapters.zoho.refusals import said
from zx.model.record import Kind, Record
from zx.ports.remote import Refused, Result, Unknown, Verdict

_IDS_PER_QUERY = 50  # reference/zoho 4.11


class ZohoWriter:
    """One request per call, never repeated. Zoho keeps no idempotency keys: ``key`` is for the journal only."""

    batch = 50

    def __init__(self, client: Client, reader: ZohoReader) -> None:
        self._client = client
        self._reader = reader
        self._seen: dict[str, str] = {}

    def create(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        return self._send("POST", kind, bodies)

    def update(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        for body in bodies:
            assert body.get("id"), "an update names its record"
        # What was read just before is what may be written over: a change since then is refused (reference/zoho 4.5).
        # Of several records the latest stamp counts, since whoever changes any of them now gets a later one.
        seen = [self._seen.pop(str(body["id"]), "") for body in bodies]
        headers = {"If-Unmodified-Since": max(seen)} if all(seen) else {}
        return self._send("PUT", kind, bodies, headers)

    def read(self, kind: Kind, ids: Iterable[str]) -> list[Record]:
        records = self._reader.by_ids(kind, list(ids))
        self._seen |= {record.id: record.version for record in records}
        return records

    def find(self, kind: Kind, field: str, values: Sequence[str]) -> list[Record]:
        """By COQL, which reads the database and not the lagging search index (reference/zoho 4.9, 4.11)."""
        size = _IDS_PER_QUERY
        chunks = [values[start : start + size] for start in range(0, len(values), size)]
        ids = [id for chunk in chunks for id in self._ids(kind, field, chunk)]
        wanted = set(values)
        return [record for record in self.read(kind, dict.fromkeys(ids)) if record.values.get(field) in wanted]

    def _ids(self, kind: Kind, field: str, values: Sequence[str]) -> Iterator[str]:
        texts = ", ".join("'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values)
        query = f"select id from {kind.name} where {field} in ({texts}) limit 0, 200"
        answer = self._client.query(f"{API}/coql", {"select_query": query})
        if answer.status == 204:
            return
        body = answer.json_or_none()
        if not isinstance(body, Mapping) or not isinstance(body.get("data"), list):
            raise Unknown(self._client.connection, f"{self._client.connection} answered a query with no JSON")
        for row in body["data"]:
            yield str(row["id"])

    def _send(
        self, method: str, kind: Kind, bodies: Sequence[Mapping[str, Any]], headers: Mapping[str, str] | None = None
    ) -> list[Result]:
        payload = {"data": list(bodies), "trigger": []}
        answer = self._client.write(method, f"{API}/{kind.name}", payload, headers=headers, accept=(400, 412))
        body = answer.json_or_none()
        elements = body.get("data") if isinstance(body, Mapping) else None
        if not isinstance(elements, list) or len(elements) != len(bodies):
            if answer.status >= 400 and isinstance(body, Mapping):
                raise Refused(self._client.connection, f"{self._client.connection} refused the request: {said(body)}")
            return [Result(Verdict.UNKNOWN, messages=("its answer makes no sense",))] * len(bodies)
        return [_result(element, sent) for element, sent in zip(elements, bodies, strict=True)]


def _result(element: Any, sent: Mapping[str, Any]) -> Result:
    """One element's verdict: every one is looked at, whatever the HTTP status says (reference/zoho 9, 13)."""
    if not isinstance(element, Mapping):
        return Result(Verdict.UNKNOWN, messages=("its answer makes no sense",))
    code = element.get("code")
    details = element.get("details")
    details = details if isinstance(details, Mapping) else {}
    if code == "SUCCESS":
        id = str(details.get("id") or "")
        echoed = bool(id) and ("id" not in sent or str(sent["id"]) == id)
        return Result(Verdict.DONE, id) if echoed else Result(Verdict.UNKNOWN, messages=("no id came back",))
    if code == "DUPLICATE_DATA":
        duplicate = details.get("duplicate_record")
        found = duplicate.get("id") if isinstance(duplicate, Mapping) else details.get("id")
        return Result(Verdict.EXISTS, str(found) if found else None, messages=(said(element),))
    if element.get("status") == "error" and code not in ("INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"):
        return Result(Verdict.REJECTED, messages=(said(element),))
    return Result(Verdict.UNKNOWN, messages=(said(element) or "its answer makes no sense",))
