"""The packaged catalogue: ``data/<system>/*.toml`` as values. ``data/zoho/shared.toml`` explains the notation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from zx.catalog.fieldtypes import (
    Address,
    Bool,
    Date,
    DateTime,
    Enum,
    Keyed,
    Many,
    Money,
    Nested,
    Number,
    Ref,
    SetOf,
    Text,
    Type,
)
from zx.catalog.schema import ADDRESS_PARTS, Catalogue, Enumeration, Field, Shape

SYSTEMS = ("zoho", "xero")

_WORD = re.compile(r"([a-z-]+)(?:\(([^)]*)\))?(?:\s+|$)")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN: Mapping[str, Type] = {
    "number": Number(),
    "money": Money(),
    "date": Date(),
    "datetime": DateTime(),
    "bool": Bool(),
}
_FLAGS = frozenset({"required", "present", "read-only", "clearable"})


class CatalogueDamaged(ValueError):
    """Package data that does not follow its own notation: a mistake in zx, never of a user."""


@cache
def packaged() -> Catalogue:
    """Both systems as their vendors ship them, without anything an organisation added."""
    texts = {
        system: {
            entry.name: entry.read_text("utf-8") for entry in files("zx.catalog").joinpath("data", system).iterdir()
        }
        for system in SYSTEMS
    }
    return parse(texts)


def parse(texts: Mapping[str, Mapping[str, str]]) -> Catalogue:
    """The catalogue written in ``texts`` (system to file name to TOML). Raises CatalogueDamaged."""
    shapes: dict[str, Shape] = {}
    enumerations: dict[str, Enumeration] = {}
    for system, by_name in texts.items():
        documents = {name: tomllib.loads(text) for name, text in sorted(by_name.items()) if name.endswith(".toml")}
        clearable = any(document.get("clearable", False) for document in documents.values())
        parts = _merged(documents, "part")
        for name, values in _merged(documents, "enum").items():
            enumerations[f"{system}.{name}"] = Enumeration(tuple(values))
        for name, values in _merged(documents, "picklist").items():
            enumerations[f"{system}.{name}"] = Enumeration(tuple(values), open=True)
        for name, body in _merged(documents, "shape").items():
            shapes[f"{system}.{name}"] = _shape(system, name, body, parts, clearable)
    return Catalogue(MappingProxyType(shapes), MappingProxyType(enumerations))


def _merged(documents: Mapping[str, Mapping[str, Any]], table: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, document in documents.items():
        for key, value in document.get(table, {}).items():
            if key in merged:
                raise CatalogueDamaged(f"{name}: {table} {key} is defined twice")
            merged[key] = value
    return merged


def _shape(system: str, name: str, body: Mapping[str, Any], parts: Mapping[str, Any], clearable: bool) -> Shape:
    written: dict[str, str] = {}
    for part in body.get("use", ()):
        written |= parts[part]
    written |= body.get("fields", {})
    fields = {field: _field(system, field, text, clearable) for field, text in written.items()}
    return Shape(
        system=system,
        name=name,
        noun=body["noun"],
        fields=MappingProxyType(fields),
        id_field=body.get("id"),
        key_field=body.get("key"),
        number_field=body.get("number"),
        version_field=body.get("version"),
    )


def _field(system: str, name: str, text: str, clearable: bool) -> Field:
    words = [(match[1], match[2] or "") for match in _WORD.finditer(text)]
    if not words or _WORD.sub("", text):
        raise CatalogueDamaged(f"{system} field {name}: cannot read {text!r}")
    (kind, inside), *rest = words
    flags = {word for word, _ in rest}
    group = inside if kind == "address" else next((part for word, part in rest if word == "parts"), "")
    if unknown := flags - _FLAGS - {"parts"}:
        raise CatalogueDamaged(f"{system} field {name}: no flag {sorted(unknown)}")
    required, read_only = "required" in flags, "read-only" in flags
    return Field(
        name=name,
        type=_type(system, name, kind, inside),
        label=label_of(name),
        required=required,
        optional="present" not in flags,
        read_only=read_only,
        clearable="clearable" in flags or (clearable and not (required or read_only or "present" in flags)),
        embedded=tuple(inside.split()[1:]) if kind == "ref" else (),
        group=dict(zip(ADDRESS_PARTS, group.split(), strict=True)) if group else {},
    )


def _type(system: str, name: str, kind: str, inside: str) -> Type:
    if kind in _PLAIN:
        return _PLAIN[kind]
    arguments = inside.split()
    match kind:
        case "text":
            return Text(int(inside)) if inside else Text()
        case "enum":
            return Enum(system, inside)
        case "ref":
            return Ref(system, arguments[0])
        case "many":
            return Many(inside)
        case "nested":
            return Nested(inside)
        case "keyed":
            return Keyed(arguments[0], arguments[1], tuple(arguments[2:]))
        case "set":
            return SetOf(system, inside)
        case "address":
            return Address()
    raise CatalogueDamaged(f"{system} field {name}: no type {kind!r}")


def label_of(name: str) -> str:
    """The name as words: ``Invoice_Date`` and ``InvoiceDate`` give "Invoice Date"."""
    return " ".join(_CAPITAL.sub(" ", name.removesuffix("__s").replace("_", " ")).split())
