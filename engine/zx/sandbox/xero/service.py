"""Routes of the simulated Xero, and what a person may do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from zx.sandbox import tokens
from zx.sandbox.errors import UnknownRecord
from zx.sandbox.folder import Data
from zx.sandbox.store import Store
from zx.sandbox.xero import (
    contacts,
    documents,
    editing,
    errors,
    identity,
    items,
    organisation,
    payments,
    quotes,
    traffic,
)
from zx.sandbox.xero.documents import CREDIT_NOTE, INVOICE
from zx.sandbox.xero.errors import Fault, Invalid
from zx.sandbox.xero.lists import flag, list_records
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.rendering import show
from zx.sandbox.xero.shapes import KINDS, ZERO_ID, Kind, folded, inward, keys, milliseconds, outward
from zx.values.jsontext import dumps, loads

_BASE = "api.xro/2.0"
_WRITABLE = frozenset({"Contacts", "Items", "Invoices", "Quotes", "CreditNotes", "Payments"})
_JSON = "application/json; charset=utf-8"
# The member that marks an element with errors, where the collection has one (reference/xero 3.8).
_FLAGS: Mapping[str, str] = {
    "Invoices": "HasErrors",
    "CreditNotes": "HasErrors",
    "Contacts": "HasValidationErrors",
    "Payments": "HasValidationErrors",
}

Save = Callable[[Mapping[str, Any]], dict[str, Any]]


class XeroService:
    """One organisation. Every public method runs inside a transaction of the store."""

    def __init__(self, store: Store, *, limits: bool, per_day: int | None = None) -> None:
        self._store = store
        self._limits = limits
        self._per_day = traffic.PER_DAY if per_day is None else per_day
        store.keys = keys

    def load(self, data: Data) -> None:
        organisation.load(self._store, data)

    def credentials(self) -> dict[str, str]:
        return identity.credentials(self._store)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        org = Organisation(self._store)
        return {name: [show(org, name, record, dp=4) for record in self._store.all(name)] for name in KINDS}

    def edit(self, collection: str, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        kind = _kind(collection)
        if kind is None:
            raise UnknownRecord(f"Xero has no collection {collection}; there are {editing.collections()}")
        org = Organisation(self._store)
        record = editing.edit(org, kind, record_id, fields)
        return show(Organisation(self._store), kind.name, record, dp=4)

    def answer(self, request: Request) -> Response:
        headers: dict[str, str] = {}
        try:
            response = self._route(request, headers)
        except Fault as fault:
            body = fault.body if isinstance(fault.body, str) else dumps(fault.body)
            response = Response(body, fault.status, content_type=fault.content_type)
        response.headers.update(headers)
        response.headers["Xero-Correlation-Id"] = new_id()
        return response

    def _route(self, request: Request, headers: dict[str, str]) -> Response:
        path = request.path.strip("/")
        lower = path.lower()
        if lower in ("connect/token", "connect/revocation"):
            return self._token(request, lower)
        if lower == "identity/connect/authorize" and request.method == "GET":
            status, said = identity.authorise(self._store, request.args.to_dict())
            if status == 302:
                return Response("", status, headers=[("Location", said)])
            return Response(dumps(said), status, content_type=_JSON)
        token = self._bearer(request)
        if lower == "connections" or lower.startswith("connections/"):
            return self._connections(request, path.partition("/")[2])
        parts = path.split("/")
        if "/".join(parts[:2]).lower() != _BASE:
            raise errors.not_found()
        kind = _kind(parts[2]) if len(parts) > 2 else None
        if kind is None:
            raise errors.not_found()
        self._check_tenant(request)
        if not identity.allowed(token.scope, kind.name, write=request.method != "GET"):
            headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
            raise errors.problem(401, "AuthorizationUnsuccessful", new_id())
        at_once = int(request.environ.get("zx.at_once", 1))
        allowance = traffic.count_call(self._store, enforce=self._limits, per_day=self._per_day, at_once=at_once)
        headers.update(allowance.headers())
        if allowance.problem is not None:
            raise Fault(429, "", "text/plain")
        if "application/json" not in request.headers.get("Accept", "").lower():
            raise errors.not_acceptable()
        return self._idempotent(request, kind, parts[3:])

    def _idempotent(self, request: Request, kind: Kind, rest: list[str]) -> Response:
        """The answer, or the one that was given before under the same key (after the limits, reference/xero 3.9)."""
        client = tokens.client_of(self._store, "")["client_id"]
        key, stored = traffic.replayed(self._store, request, client)
        if stored is not None:
            raise stored
        try:
            status, body = _Call(Organisation(self._store), request, kind).answer(rest)
            content_type = _JSON
        except Fault as fault:
            status, body, content_type = fault.status, fault.body, fault.content_type
        text = "" if body is None else body if isinstance(body, str) else dumps(body)
        if key is not None:
            traffic.keep(self._store, key, request, status, text)
        if status == 204:
            return Response("", 204)
        return Response(text, status, content_type=content_type)

    def _token(self, request: Request, path: str) -> Response:
        if request.method != "POST":
            return Response("", 405)
        form = request.form.to_dict()
        header = request.headers.get("Authorization")
        if path == "connect/token":
            status, answer = identity.token_answer(self._store, form, header)
            return Response(dumps(answer), status, content_type=_JSON)
        status, refusal = identity.revoke(self._store, form, header)
        return Response("" if refusal is None else dumps(refusal), status, content_type=_JSON)

    def _bearer(self, request: Request) -> tokens.Token:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise errors.problem(401, "AuthenticationUnsuccessful", new_id())
        found = tokens.known(self._store, "access", text.strip())
        if found is None:
            raise errors.problem(401, "AuthenticationUnsuccessful", new_id())
        now = self._store.now()
        if found.expires <= now.timestamp():
            raise errors.problem(401, f"TokenExpired: token expired at {now:%m/%d/%Y %H:%M:%S}", new_id())
        return found

    def _connections(self, request: Request, connection: str) -> Response:
        name = str(Organisation(self._store).settings.get("Name"))
        listed = identity.connections(self._store, name)
        if request.method == "GET" and not connection:
            event = request.args.get("authEventId")
            shown = [entry for entry in listed if event in (None, entry["authEventId"])]
            return Response(dumps(shown), 200, content_type=_JSON)
        if request.method == "DELETE" and listed and folded(connection) == listed[0]["id"]:
            self._store.set_meta("disconnected", "1")
            return Response("", 204)
        raise errors.not_found()

    def _check_tenant(self, request: Request) -> None:
        tenant = folded(request.headers.get("xero-tenant-id", ""))
        if self._store.meta("disconnected") or tenant != self._store.meta("tenant"):
            raise errors.problem(403, "AuthenticationUnsuccessful", new_id())


@dataclass(frozen=True, slots=True)
class _Call:
    """One request to one collection."""

    org: Organisation
    request: Request
    kind: Kind

    def answer(self, rest: list[str]) -> tuple[int, Any]:
        """Status and body. Raises Fault."""
        method = self.request.method
        match method, rest:
            case "GET", []:
                shown, pagination = list_records(
                    self.org, self.kind, self.request.args.to_dict(), self.request.headers.get("If-Modified-Since")
                )
                return 200, self._envelope(shown, pagination)
            case "GET", [key]:
                return 200, self._envelope([self._show(self._one(key))])
            case (("PUT" | "POST"), []) if self.kind.name in _WRITABLE:
                return self._write(self._elements(), create_only=method == "PUT")
            case "POST", [key] if self.kind.name in _WRITABLE:
                return self._write_one(key)
            case "DELETE", [key] if self.kind.name == "Items":
                return self._delete_item(key)
            case "PUT", [key, "Allocations"] if self.kind.name == "CreditNotes":
                return self._allocate(key)
            case "DELETE", [key, "Allocations", allocation] if self.kind.name == "CreditNotes":
                return self._deallocate(key, allocation)
        if len(rest) > 1:
            raise errors.not_found()
        raise errors.not_implemented()

    def _one(self, key: str) -> dict[str, Any]:
        """By id, or by the number or code the collection also answers to. Raises Fault (404)."""
        store, kind = self.org.store, self.kind
        found = store.get(kind.name, folded(key)) or store.get(kind.name, key)
        if found is None and kind.name == "Contacts":
            found = next(iter(store.find("Contacts", "number", folded(key))), None)
        if found is None and kind.name == "Items":
            found = self.org.item(key)
        if found is None and kind.name in ("Invoices", "CreditNotes"):
            found = next(iter(store.find(kind.name, "number", folded(key))), None)
        if found is None:
            raise errors.not_found()
        return found

    def _elements(self) -> list[Mapping[str, Any]]:
        """The elements of a body: wrapped in the collection's name or one bare object (reference/xero 2.0)."""
        body = self._body()
        wrapped = next((value for key, value in body.items() if key.lower() == self.kind.array.lower()), None)
        elements = [body] if wrapped is None else wrapped
        if isinstance(elements, Mapping):
            elements = [elements]
        if not isinstance(elements, list) or not all(isinstance(item, Mapping) for item in elements):
            raise errors.bad_body(f"{self.kind.array} must be an array of objects")
        return elements

    def _body(self) -> Mapping[str, Any]:
        try:
            body = loads(self.request.get_data())
        except (ValueError, RecursionError) as error:
            raise errors.bad_body(f"The body is no clean JSON: {error}") from None
        if not isinstance(body, Mapping):
            raise errors.bad_body("The body must be a JSON object")
        return body

    def _write(self, elements: list[Mapping[str, Any]], *, create_only: bool) -> tuple[int, Any]:
        """Every element on its own; what is valid is kept whatever becomes of the rest (reference/xero 3.8)."""
        summarise = "summarizeErrors" not in self._params or flag(self._params, "summarizeErrors")
        save = self._save(create_only=create_only)
        results: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for element in elements:
            try:
                with self.org.store.savepoint():
                    kept = save(element)
            except Invalid as invalid:
                failed.append(self._failed(element, invalid))
                results.append({**failed[-1], "StatusAttributeString": "ERROR"})
            else:
                results.append({**self._show(kept), "StatusAttributeString": "OK"})
        if failed and summarise:
            return 400, errors.validation(failed)
        return 200, self._envelope(results)

    def _write_one(self, key: str) -> tuple[int, Any]:
        """POST to one record: its id in the path wins."""
        stored = self._one(key)
        elements = self._elements()
        element = {**(elements[0] if elements else {}), self.kind.id_field: stored[self.kind.id_field]}
        return self._write([element], create_only=False)

    def _save(self, *, create_only: bool) -> Save:
        org, dp = self.org, self._dp
        match self.kind.name:
            case "Invoices":
                return lambda element: documents.save(org, INVOICE, element, create_only=create_only, dp=dp)
            case "CreditNotes":
                return lambda element: documents.save(org, CREDIT_NOTE, element, create_only=create_only, dp=dp)
            case "Quotes":
                return lambda element: quotes.save(org, element, create_only=create_only)
            case "Contacts":
                return lambda element: contacts.save(org, element, create_only=create_only)
            case "Items":
                return lambda element: items.save(org, element, create_only=create_only, dp=dp)
        return self._pay

    def _pay(self, element: Mapping[str, Any]) -> dict[str, Any]:
        payment_id = element.get("PaymentID")
        if payment_id and payment_id != ZERO_ID:
            stored = self.org.store.get("Payments", folded(payment_id))
            if stored is None or element.get("Status") != "DELETED":
                raise Invalid("A payment can only be deleted, never changed.")
            return payments.delete(self.org, stored)
        return payments.create(self.org, element)

    def _delete_item(self, key: str) -> tuple[int, Any]:
        try:
            items.delete(self.org, self._one(key))
        except Invalid as invalid:
            return 400, errors.validation([self._failed({}, invalid)])
        return 204, None

    def _allocate(self, key: str) -> tuple[int, Any]:
        note = self._one(key)
        body = self._body()
        elements = body.get("Allocations", [body])
        made: list[dict[str, Any]] = []
        try:
            with self.org.store.savepoint():
                for element in elements:
                    made.append(payments.allocate(self.org, note, element))
        except Invalid as invalid:
            failed = {**elements[len(made)], "ValidationErrors": [{"Message": said} for said in invalid.messages]}
            return 400, errors.validation([outward(inward(failed))])
        return 200, self._envelope([outward(entry) for entry in made], array="Allocations")

    def _deallocate(self, key: str, allocation: str) -> tuple[int, Any]:
        """A bare object comes back (reference/xero 2.2)."""
        try:
            return 200, outward(payments.deallocate(self.org, self._one(key), folded(allocation)))
        except LookupError:
            raise errors.not_found() from None
        except Invalid as invalid:
            return 400, errors.validation([self._failed({}, invalid)])

    def _failed(self, element: Mapping[str, Any], invalid: Invalid) -> dict[str, Any]:
        """The element as it was sent, with its errors; one never made carries the zero id (reference/xero 5.5)."""
        echo: dict[str, Any] = outward(inward(element))
        echo.setdefault(self.kind.id_field, ZERO_ID)
        if self.kind.name in _FLAGS:
            echo[_FLAGS[self.kind.name]] = True
        echo["ValidationErrors"] = [{"Message": message} for message in invalid.messages]
        return echo

    def _show(self, record: Mapping[str, Any]) -> dict[str, Any]:
        return show(self.org, self.kind.name, record, dp=self._dp)

    def _envelope(
        self, shown: list[dict[str, Any]], pagination: Mapping[str, int] | None = None, array: str | None = None
    ) -> dict[str, Any]:
        envelope: dict[str, Any] = {
            "Id": new_id(),
            "Status": "OK",
            "ProviderName": "zx",
            "DateTimeUTC": f"/Date({milliseconds(self.org.store.now())})/",
        }
        if pagination is not None:
            envelope["pagination"] = dict(pagination)
        return {**envelope, array or self.kind.array: shown}

    @property
    def _params(self) -> Mapping[str, str]:
        return self.request.args.to_dict()

    @property
    def _dp(self) -> int:
        return 4 if self._params.get("unitdp") == "4" else 2


def _kind(name: str) -> Kind | None:
    """A collection by its name in a path; ``Organisations`` also answers to its plural."""
    wanted = name.lower()
    return next((kind for kind in KINDS.values() if wanted in (kind.name.lower(), kind.array.lower())), None)
