"""One exchange against its route: what is asked, what is sent, what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from tests.specifications.documents import Route, Shelf, value_schema
from tests.specifications.recording import Exchange

# Members of the requests library and of HTTP itself, which no document lists.
_HTTP = frozenset({"user-agent", "accept", "content-type"})


@dataclass(frozen=True, slots=True)
class Violation:
    """``place``: ``xero PUT /Invoices request /Invoices/*/Total``; ``problem``: what is wrong there."""

    place: str
    problem: str
    shown: str
    test: str


def violations(exchange: Exchange, shelves: Mapping[str, Shelf]) -> list[Violation]:
    """Nothing for an exchange that is as documented. Requests are judged where zx itself sent them."""
    return list(_Case(exchange, shelves[exchange.system]).all())


@dataclass(frozen=True, slots=True)
class _Case:
    exchange: Exchange
    shelf: Shelf

    def all(self) -> Iterator[Violation]:
        route = self.shelf.route(self.exchange.method, self.exchange.path)
        if route is None:
            if self.exchange.by_zx:
                yield self._found(self.exchange.path, "request", "", "no document has this route", "")
            return
        if self.exchange.by_zx:
            yield from self._parameters(route)
            yield from self._request(route)
        if self.exchange.status:
            yield from self._answer(route)

    def _parameters(self, route: Route) -> Iterator[Violation]:
        at = route.template
        for name, text in parse_qsl(self.exchange.query, keep_blank_values=True):
            parameter = route.query(name)
            if parameter is None:
                yield self._found(at, "query", f"/{name}", "unknown parameter", text)
                continue
            yield from self._value(at, "query", name, _typed(text, parameter.schema), parameter.schema)
        headers = {item.name.lower(): item for item in route.parameters if item.place == "header"}
        for name, parameter in headers.items():
            if parameter.required and name not in self.exchange.sent:
                yield self._found(at, "header", f"/{name}", "missing", "")
        for name, text in self.exchange.sent.items():
            if name in _HTTP:
                continue
            if name not in headers:
                yield self._found(at, "header", f"/{name}", "unknown header", text)
            else:
                yield from self._value(at, "header", name, text, headers[name].schema)

    def _value(self, at: str, part: str, name: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Violation]:
        for error in jsonschema_rs.Draft7Validator(_value_schema(schema)).iter_errors(value):
            yield self._found(at, part, f"/{name}", _problem(error), value)

    def _request(self, route: Route) -> Iterator[Violation]:
        if not self.exchange.request:
            if route.body is not None:
                yield self._found(route.template, "request", "", "no body", "")
            return
        validator = route.request_validator()
        if validator is None:
            yield self._found(route.template, "request", "", "a body where none is described", self.exchange.request)
        else:
            yield from self._body(route.template, "request", validator, json.loads(self.exchange.request))

    def _answer(self, route: Route) -> Iterator[Violation]:
        status = self.exchange.status
        side = f"answer {status}"
        known = status in route.answers
        if not known:
            yield self._found(route.template, side, "", "this status is not described", self.exchange.answer)
        if not self.exchange.answer:
            if known and route.answers[status] is not None:
                yield self._found(route.template, side, "", "no body", "")
            return
        kind = self.exchange.received.get("content-type", "").partition(";")[0]
        if kind != "application/json":
            if known:
                yield self._found(route.template, side, "", f"content type {kind}", self.exchange.answer)
            return
        body = json.loads(self.exchange.answer)
        # An error whose status is not described has the body of an error that is, where there is one.
        validator = route.answer_validator(status if known else 400)
        if validator is None and not known and self.shelf.system == "zoho":
            validator = route.answer_validator(200)
        if validator is not None:
            yield from self._body(route.template, side, validator, body)
        elif known:
            yield self._found(route.template, side, "", "a body where none is described", self.exchange.answer)
        if self.shelf.system == "xero" and status == 400 and isinstance(body.get("Elements"), list):
            yield from self._elements(route, body["Elements"])

    def _elements(self, route: Route, elements: list[Any]) -> Iterator[Violation]:
        """What was refused comes back as it was sent, with its errors: it must be of the collection's own schema too,
        but for members that are required."""
        array = next(part for part in reversed(route.template.split("/")) if not part.startswith("{"))
        validator = route.answer_validator(200)
        if validator is None:
            return
        for found in self._body(route.template, "answer 400", validator, {array: elements}):
            if not found.problem.endswith("is missing"):
                yield found

    def _body(self, at: str, side: str, validator: jsonschema_rs.Validator, body: Any) -> Iterator[Violation]:
        if validator.is_valid(body):
            return
        for error in validator.iter_errors(body):
            for path, problem, shown in _causes(error, body):
                yield self._found(at, side, path, problem, shown)

    def _found(self, at: str, side: str, path: str, problem: str, shown: Any) -> Violation:
        place = f"{self.exchange.system} {self.exchange.method} {at} {side}{' ' + path if path else ''}"
        return Violation(place, problem, str(shown)[:200], self.exchange.test)


def _causes(error: jsonschema_rs.ValidationError, body: Any) -> Iterator[tuple[str, str, Any]]:
    """An error, taken apart: each unknown member for itself; of several branches the one that came nearest."""
    kind = error.kind
    if kind.name in ("anyOf", "oneOf"):
        nearest = max(kind.context, key=_nearness)
        for inner in nearest:
            yield from _causes(inner, body)
        return
    path = list(error.instance_path)
    shown = _at(body, path)
    if kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield _pointer([*path, name]), "unknown member", shown.get(name) if isinstance(shown, dict) else ""
        return
    yield _pointer(path), _problem(error), shown


def _nearness(errors: list[jsonschema_rs.ValidationError]) -> tuple[int, int]:
    return min((len(error.instance_path) for error in errors), default=99), -len(errors)


def _problem(error: jsonschema_rs.ValidationError) -> str:
    kind = error.kind
    if kind.name == "type":
        return f"not of type {kind.value if isinstance(kind.value, str) else ' or '.join(kind.value)}"
    if kind.name == "required":
        return f"{kind.value} is missing"
    if kind.name == "enum":
        return "none of the values described"
    return f"{kind.name} {kind.value}"


def _at(body: Any, path: list[str | int]) -> Any:
    for part in path:
        body = body[part]
    return body


def _pointer(path: list[str | int]) -> str:
    return "/" + "/".join("*" if isinstance(part, int) else part for part in path)


def _value_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    return value_schema(dict(schema))


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "integer" if text.lstrip("-").isdigit():
            return int(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case "array":
            return text.split(",")
    return text
