"""Writes Xero's Accounting API (reference/xero 3.7, 3.8, 3.9): creates by PUT, updates by id, verdicts one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zx.adapters.http.client import Client
from zx.adapters.xero import codec
from zx.adapters.xero.reader import XeroReader
from zx.adapters.xero.refusals import XeroRefusals, messages, says_taken
from zx.adapters.xero.resources import API, Resource, resource
from zx.model.record import Kind, Record
from zx.ports.remote import Refused, Result, Verdict

_VALUES_PER_CALL = 40  # reference/xero 3.4
_OR_CHAIN = 10
_SENSELESS = Result(Verdict.UNKNOWN, messages=("its answer makes no sense",))


class XeroWriter:
    """One request per call, never repeated.

    ``summarizeErrors=false`` makes Xero judge every element by itself; without it valid elements of a refused request
    have been created all the same (reference/xero 3.8).
    """

    batch = 50

    def __init__(self, client: Client, reader: XeroReader) -> None:
        self._client = client
        self._reader = reader

    def create(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        return self._send("PUT", kind, bodies, key)

    def update(self, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        target = resource(kind)
        for body in bodies:
            assert body.get(target.id), "an update names its record: without an id Xero matches by number or name"
        if any("Allocations" in body for body in bodies):
            (body,) = bodies
            return [self._allocate(target, str(body[target.id]), body["Allocations"], key)]
        return self._send("POST", kind, bodies, key)

    def read(self, kind: Kind, ids: Iterable[str]) -> list[Record]:
        return self._reader.by_ids(kind, list(ids))

    def find(self, kind: Kind, field: str, values: Sequence[str]) -> list[Record]:
        target = resource(kind)
        found: dict[str, Record] = {}
        for params in self._queries(target, field, [value for value in dict.fromkeys(values) if value]):
            for raw, _ in self._reader.rows(target, params, None):
                record = self._reader.decoded(kind, raw)
                found[record.id] = record
        wanted = set(values)
        return [record for record in found.values() if record.values.get(field) in wanted]

    def _queries(self, target: Resource, field: str, values: Sequence[str]) -> list[dict[str, str]]:
        """List parameters that bring at least every record whose ``field`` is one of ``values``, dead ones too."""
        if not values:
            return []
        if not target.paged:
            return [{}]
        if not target.where:  # quotes: one number at a time, and parts of numbers match too (reference/xero 2.3)
            return [{field: value} for value in values]
        selector = target.selectors.get(field)
        listed = [value for value in values if selector is not None and "," not in value]
        quoted = [value for value in values if value not in set(listed)]
        chunks = [listed[start : start + _VALUES_PER_CALL] for start in range(0, len(listed), _VALUES_PER_CALL)]
        chains = [quoted[start : start + _OR_CHAIN] for start in range(0, len(quoted), _OR_CHAIN)]
        return [
            *({selector or "": ",".join(chunk)} for chunk in chunks),
            *({"where": " OR ".join(f"{field}=={_literal(value)}" for value in chain)} for chain in chains),
        ]

    def _allocate(self, target: Resource, note: str, allocations: Sequence[Mapping[str, Any]], key: str) -> Result:
        """A credit note set against invoices (reference/xero 2.2). Never twice: Xero takes no more than is due there
        and left of the note."""
        answer = self._client.write(
            "PUT",
            f"{API}/{target.collection}/{note}/Allocations",
            {"Allocations": list(allocations)},
            params={"summarizeErrors": "false"},
            headers=self._headers(key),
            accept=(400,),
        )
        body = answer.json_or_none()
        made = body.get("Allocations") if isinstance(body, Mapping) else None
        said = tuple(messages(body)) if isinstance(body, Mapping) else ()
        if answer.status == 400 or said:
            return Result(Verdict.REJECTED, messages=said or (XeroRefusals().message(answer) or "HTTP 400",))
        if not isinstance(made, list) or len(made) != len(allocations):
            return _SENSELESS
        return Result(Verdict.DONE, note)

    def _headers(self, key: str) -> dict[str, str]:
        """An empty key is an error of its own (reference/xero 3.9)."""
        return {"xero-tenant-id": self._reader.tenant(), **({"Idempotency-Key": key} if key else {})}

    def _send(self, method: str, kind: Kind, bodies: Sequence[Mapping[str, Any]], key: str) -> list[Result]:
        target = resource(kind)
        params = {"summarizeErrors": "false", **({"unitdp": "4"} if target.unitdp else {})}
        answer = self._client.write(
            method,
            f"{API}/{target.collection}",
            {target.collection: list(bodies)},
            params=params,
            headers=self._headers(key),
            accept=(400,),
        )
        body = answer.json_or_none()
        if answer.status == 400:
            elements = body.get("Elements") if isinstance(body, Mapping) else None
            if not isinstance(elements, list) or not elements:
                said = XeroRefusals().message(answer) or "HTTP 400"
                raise Refused(self._client.connection, f"{self._client.connection} refused the request: {said}")
            return self._failed(target, elements, bodies)
        elements = body.get(target.collection) if isinstance(body, Mapping) else None
        if not isinstance(elements, list) or len(elements) != len(bodies):
            return [_SENSELESS] * len(bodies)
        return [self._verdict(kind, target, element, sent) for element, sent in zip(elements, bodies, strict=True)]

    def _verdict(self, kind: Kind, target: Resource, element: Any, sent: Mapping[str, Any]) -> Result:
        """Applied only with an id and our own number or name in the answer (reliability 1.6 F8)."""
        if not isinstance(element, Mapping):
            return _SENSELESS
        said = tuple(messages(element))
        failed = element.get("StatusAttributeString") == "ERROR"
        if failed or said or element.get("HasErrors") is True or element.get("HasValidationErrors") is True:
            return Result(Verdict.EXISTS if says_taken(said) else Verdict.REJECTED, messages=said or _UNSAID)
        try:
            record = codec.record(kind, element)
        except ValueError:
            return Result(Verdict.UNKNOWN, messages=("no id came back",))
        if not _echoed(target, sent, record):
            return Result(Verdict.UNKNOWN, record.id, messages=("what came back is not what was sent",))
        return Result(Verdict.DONE, record.id, record, tuple(messages(element, "Warnings")))

    def _failed(self, target: Resource, elements: list[Any], bodies: Sequence[Mapping[str, Any]]) -> list[Result]:
        """A 400 that names elements: only failing ones are listed, and others may have been applied all the same."""
        results: list[Result] = []
        for position, sent in enumerate(bodies):
            if len(elements) == len(bodies):
                match = elements[position]
            else:
                match = next((element for element in elements if _same(target, element, sent)), None)
            said = tuple(messages(match)) if match is not None else ()
            if match is None:
                results.append(Result(Verdict.UNKNOWN, messages=("Xero refused others of this request",)))
            else:
                results.append(
                    Result(Verdict.EXISTS if says_taken(said) else Verdict.REJECTED, messages=said or _UNSAID)
                )
        return results


_UNSAID = ("Xero gives no reason",)


def _echoed(target: Resource, sent: Mapping[str, Any], record: Record) -> bool:
    """Whether id and natural key of what came back are those that were sent."""
    if sent.get(target.id) and str(sent[target.id]).lower() != record.id.lower():
        return False
    ours = sent.get(target.echo) if target.echo else None
    return not ours or str(record.values.get(target.echo, "")).strip() == str(ours).strip()


def _same(target: Resource, element: Any, sent: Mapping[str, Any]) -> bool:
    if not isinstance(element, Mapping):
        return False
    names = [name for name in (target.id, target.echo) if name and sent.get(name)]
    return any(str(element.get(name, "")).strip() == str(sent[name]).strip() for name in names)


def _literal(value: str) -> str:
    """A text of Xero's filter language (reference/xero 3.4)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
