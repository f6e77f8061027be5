"""The vendors' documents as routes with compiled validators. Nothing of a document is kept in this repository.

What a document describes is closed here: a member it does not name is a violation, a member it calls read-only may not
be sent, ids and Xero's dates must look like such. ``oneOf`` is read as "any of", because the branches overlap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

_METHODS = ("get", "put", "post", "delete", "patch")
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
_XERO_DATE_OUT = r"^/Date\(-?\d+(\+0000)?\)/$"
_XERO_DATE_IN = r"^(/Date\(-?\d+(\+0000)?\)/|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?)$"
# Annotations that no validator needs; ``type`` of a schema without a name is told by its members.
_KEPT = frozenset({"type", "enum", "items", "required", "minimum", "maximum", "minLength", "maxLength", "pattern"})

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    schema: Schema


@dataclass(frozen=True)
class Route:
    """One operation. ``template``: its path below the address; ``answers``: schema by status, None without a body."""

    document: Document
    method: str
    template: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    answers: Mapping[int, Schema | None]
    _validators: dict[int, jsonschema_rs.Validator] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = [
            f"({self._part(part[1:-1])})" if part.startswith("{") else re.escape(part)
            for part in self.template.split("/")
        ]
        return re.compile("/".join(parts))

    def _part(self, name: str) -> str:
        schema = next((item.schema for item in self.parameters if (item.place, item.name) == ("path", name)), {})
        return _UUID.strip("^$") if schema.get("format") == "uuid" else "[^/]+"

    def query(self, name: str) -> Parameter | None:
        return next((item for item in self.parameters if (item.place, item.name) == ("query", name)), None)

    def request_validator(self) -> jsonschema_rs.Validator | None:
        return None if self.body is None else self._validator(0, self.body, sent=True)

    def answer_validator(self, status: int) -> jsonschema_rs.Validator | None:
        schema = self.answers.get(status)
        return None if schema is None else self._validator(status, schema, sent=False)

    def _validator(self, key: int, schema: Schema, *, sent: bool) -> jsonschema_rs.Validator:
        if key not in self._validators:
            self._validators[key] = self.document.shelf.compile(self.document.name, schema, sent=sent)
        return self._validators[key]


@dataclass(frozen=True)
class Document:
    """One OpenAPI document. ``base``: the path of its address."""

    shelf: Shelf
    name: str
    base: str
    content: Mapping[str, Any]

    def routes(self) -> Iterator[Route]:
        for path, item in self.content.get("paths", {}).items():
            shared = item.get("parameters", [])
            for method in _METHODS:
                operation = item.get(method)
                if operation is None:
                    continue
                given = [
                    self.shelf.target(self.name, entry)[1] for entry in (*shared, *operation.get("parameters", []))
                ]
                parameters = tuple(
                    Parameter(entry["name"], entry["in"], bool(entry.get("required")), entry.get("schema") or {})
                    for entry in given
                )
                body = _content(operation.get("requestBody") or {})
                answers = {
                    int(status): _content(self.shelf.target(self.name, answer)[1])
                    for status, answer in operation["responses"].items()
                    if status.isdigit()
                }
                yield Route(self, method.upper(), self.base + path, parameters, body, answers)


class Shelf:
    """All documents of one system; references go from one to another by file name."""

    def __init__(self, system: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self.system = system
        self._contents = documents
        self._converted: dict[bool, dict[str, Schema]] = {True: {}, False: {}}

    @cached_property
    def routes(self) -> list[Route]:
        found = [
            route
            for name, content in self._contents.items()
            for route in Document(self, name, _base(content), content).routes()
        ]
        # The most literal path first: /org/taxes is no record of a module named org.
        return sorted(found, key=lambda route: route.template.count("{"))

    def route(self, method: str, path: str) -> Route | None:
        return next((route for route in self.routes if route.method == method and route.pattern.fullmatch(path)), None)

    def target(self, name: str, item: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """``item``, or what its reference names, with the document it stands in."""
        while "$ref" in item:
            address, _, pointer = str(item["$ref"]).partition("#")
            name = address.rpartition("/")[2] or name
            found: Any = self._contents[name]
            for part in pointer.strip("/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            item = found
        return name, item

    def compile(self, name: str, schema: Schema, *, sent: bool) -> jsonschema_rs.Validator:
        definitions = self._converted[sent]
        root = self._closed(name, schema, definitions, sent=sent)
        return jsonschema_rs.Draft7Validator({**root, "definitions": definitions})

    def _closed(self, name: str, schema: Mapping[str, Any], definitions: dict[str, Schema], *, sent: bool) -> Schema:
        if "$ref" in schema:
            return self._reference(name, schema, definitions, sent=sent)
        closed: Schema = {key: value for key, value in schema.items() if key in _KEPT}
        branches = schema.get("oneOf") or schema.get("anyOf")
        if branches:
            closed["anyOf"] = [self._closed(name, branch, definitions, sent=sent) for branch in branches]
        if "items" in schema:
            closed["items"] = self._closed(name, schema["items"], definitions, sent=sent)
        if "properties" in schema:
            closed.setdefault("type", "object")
            closed["properties"] = {
                key: self._closed(name, value, definitions, sent=sent)
                for key, value in schema["properties"].items()
                if not (sent and value.get("readOnly"))
            }
            closed["additionalProperties"] = bool(schema.get("additionalProperties"))
        pattern = _pattern(schema, sent=sent)
        if pattern is not None:
            closed["pattern"] = pattern
        if schema.get("nullable") and isinstance(closed.get("type"), str):
            closed["type"] = [closed["type"], "null"]
            if "enum" in closed:
                closed["enum"] = [*closed["enum"], None]
        return closed

    def _reference(self, name: str, schema: Mapping[str, Any], definitions: dict[str, Schema], *, sent: bool) -> Schema:
        address, _, pointer = str(schema["$ref"]).partition("#")
        home = address.rpartition("/")[2] or name
        key = f"{home}{pointer}".replace("/", ".").replace("~", "-")
        if key not in definitions:
            definitions[key] = {}
            target_home, target = self.target(name, schema)
            definitions[key] = self._closed(target_home, target, definitions, sent=sent)
        return {"$ref": f"#/definitions/{key}"}


def load(folder: Path) -> dict[str, Shelf]:
    """Both shelves. Raises OSError where a document is missing."""
    xero = {
        name: yaml.load((folder / "xero" / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for name in ("xero_accounting.yaml", "xero-identity.yaml")
    }
    # Of two documents with one route the one on records is meant.
    paths = sorted((folder / "zoho").glob("*.json"), key=lambda path: (path.name != "record.json", path.name))
    zoho = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    if not zoho:
        raise FileNotFoundError(f"{folder / 'zoho'} holds no documents")
    return {"xero": Shelf("xero", xero), "zoho": Shelf("zoho", zoho)}


def value_schema(schema: Schema) -> Schema:
    """The schema of one parameter's value, with its format as a pattern."""
    pattern = _pattern(schema, sent=True)
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    return kept if pattern is None else {**kept, "pattern": pattern}


def _base(content: Mapping[str, Any]) -> str:
    address = (content.get("servers") or [{"url": ""}])[0]["url"]
    return re.sub(r"^https?://[^/]+", "", address).rstrip("/")


def _content(item: Mapping[str, Any]) -> Schema | None:
    media = (item.get("content") or {}).get("application/json")
    return None if media is None else media.get("schema")


def _pattern(schema: Mapping[str, Any], *, sent: bool) -> str | None:
    if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
        return _XERO_DATE_IN if sent else _XERO_DATE_OUT
    if schema.get("format") == "uuid":
        return _UUID
    return _INSTANT if schema.get("format") == "date-time" else None
