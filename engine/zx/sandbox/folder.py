"""The data a sandbox starts from: a folder of JSON files, or the packaged demo (design 4).

The files of a folder are only ever read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from zx.sandbox.errors import SandboxDataError
from zx.values.jsontext import loads

COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "zoho": (
        "Invoices",
        "Quotes",
        "Sales_Orders",
        "Accounts",
        "Contacts",
        "Products",
        "taxes",
        "org",
        "currencies",
        "fields",
    ),
    "xero": (
        "Organisation",
        "Accounts",
        "TaxRates",
        "Contacts",
        "Items",
        "Invoices",
        "Quotes",
        "CreditNotes",
        "Payments",
        "Currencies",
    ),
}
# A missing file of these is the packaged demo's; any other missing file is an empty collection (design 4).
_FROM_DEMO: Mapping[str, frozenset[str]] = {
    "zoho": frozenset({"taxes", "org", "currencies"}),
    "xero": frozenset({"Organisation", "Accounts", "TaxRates", "Currencies"}),
}
_ONE = frozenset({"org", "Organisation"})
_WRAPPED = {"taxes": "taxes", "currencies": "currencies", "org": "org", "Organisation": "Organisations"}


@dataclass(frozen=True, slots=True)
class Data:
    """What was read. ``collections``: records by file name without ``.json``; ``fields``: Zoho field metadata by
    module; ``preference``: Zoho's tax preferences; ``digest``: of the folder's files as they were read."""

    collections: Mapping[str, list[dict[str, Any]]]
    fields: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    preference: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def digest_of(folder: Path) -> str:
    """One digest of every JSON file of ``folder``, names included."""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.json")):
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def read_data(system: str, folder: Path | None) -> Data:
    """Reads ``folder``, or the packaged demo for None. Raises SandboxDataError for a file that is no clean JSON of its
    shape."""
    packaged = files("zx.sandbox").joinpath("data", system)
    home: Traversable = packaged if folder is None else folder
    if folder is not None:
        _check_folder(system, folder)
    collections: dict[str, list[dict[str, Any]]] = {}
    fields: Mapping[str, list[dict[str, Any]]] = {}
    preference: Mapping[str, Any] = {}
    for name in COLLECTIONS[system]:
        source = home.joinpath(f"{name}.json")
        if not source.is_file() and name in _FROM_DEMO[system]:
            source = packaged.joinpath(f"{name}.json")
        if not source.is_file():
            collections[name] = []
            continue
        value = _parsed(source)
        if name == "fields":
            fields = _fields(source, value)
            continue
        if name == "taxes" and isinstance(value, dict):
            inner = value.get("org_taxes", value)
            preference = inner.get("preference", {}) if isinstance(inner, dict) else {}
            value = inner
        collections[name] = _records(source, name, value)
    collections.pop("fields", None)
    return Data(collections, fields, preference, "" if folder is None else digest_of(folder))


def _check_folder(system: str, folder: Path) -> None:
    if not folder.is_dir():
        raise SandboxDataError(str(folder), None, "there is no such folder of sandbox data")
    known = {f"{name}.json" for name in COLLECTIONS[system]}
    for path in sorted(folder.glob("*.json")):
        if path.name not in known:
            raise SandboxDataError(
                str(path),
                None,
                f"no collection of {system.capitalize()} has this name; known: {', '.join(sorted(known))}",
            )


def _parsed(source: Traversable) -> Any:
    try:
        return loads(source.read_bytes())
    except UnicodeDecodeError as error:
        raise SandboxDataError(str(source), None, f"not UTF-8 text ({error.reason})") from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or str(error)
        raise SandboxDataError(str(source), line, f"not clean JSON: {reason}") from None
    except RecursionError:
        raise SandboxDataError(str(source), None, "nested too deeply") from None


def _records(source: Traversable, name: str, value: Any) -> list[dict[str, Any]]:
    wrapper = _WRAPPED.get(name)
    if isinstance(value, dict) and wrapper is not None and isinstance(value.get(wrapper), list):
        value = value[wrapper]
    if isinstance(value, dict) and name in _ONE:
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SandboxDataError(str(source), None, "a collection is a JSON array of records")
    if name in _ONE and len(value) != 1:
        raise SandboxDataError(str(source), None, f"exactly one organisation is wanted, found {len(value)}")
    return value


def _fields(source: Traversable, value: Any) -> Mapping[str, list[dict[str, Any]]]:
    if not isinstance(value, dict):
        raise SandboxDataError(str(source), None, "field metadata is a JSON object keyed by module")
    result: dict[str, list[dict[str, Any]]] = {}
    for module, content in value.items():
        fields = content.get("fields") if isinstance(content, dict) else content
        if not isinstance(fields, list) or not all(isinstance(item, dict) and "api_name" in item for item in fields):
            raise SandboxDataError(str(source), None, f"{module}: a list of fields, each with an api_name, is wanted")
        result[module] = fields
    return result
