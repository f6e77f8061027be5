"""How a stored Zoho record is shown, and the pages of a list (reference/zoho 4.1, 4.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import Module, display_name

Params = Mapping[str, str]
_SORTABLE = ("id", "Created_Time", "Modified_Time")
_TOKEN_LIFE = timedelta(hours=24)


def full(org: Organisation, module: Module, record: Mapping[str, Any]) -> dict[str, Any]:
    """``record`` with its rows, every known field present, lookups under the names their records have today."""
    shown: dict[str, Any] = {}
    for name in module.fields:
        shown[name] = [] if name == "$line_tax" else None
    shown.update(_with_names(org, module, record))
    subform = module.subform
    if subform:
        rows_module = org.schema.modules[subform]
        shown[subform] = [_row(org, module, rows_module, record, row) for row in record.get(subform) or []]
        shown["$has_more"] = {subform: False}
    shown.setdefault("Tag", [])
    shown.setdefault("$currency_symbol", org.org.get("currency_symbol") or "$")
    return shown


def thin(org: Organisation, module: Module, record: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """``record`` as a list shows it: the fields asked for and the id, never rows."""
    named = _with_names(org, module, record)
    shown: dict[str, Any] = {}
    for name in names:
        field = module.fields.get(name)
        if name == "$has_more" or (field is None and name not in named):
            continue
        if name == module.subform:
            continue
        shown[name] = named.get(name)
    shown["id"] = record["id"]
    return shown


def without_rows(org: Organisation, module: Module, record: Mapping[str, Any]) -> dict[str, Any]:
    shown = full(org, module, record)
    for name in (module.subform, "$has_more"):
        shown.pop(name or "", None)
    return shown


def field_names(params: Params) -> list[str]:
    """The ``fields`` parameter: required, at most 50."""
    names = [name.strip() for name in params.get("fields", "").split(",") if name.strip()]
    if not names:
        raise errors.param_missing("fields")
    if len(names) > 50:
        raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=50, param_name="fields")
    return names


def page_numbers(params: Params) -> tuple[int, int]:
    """(page, per_page)."""
    per_page = _whole(params, "per_page", 200)
    if not 1 <= per_page <= 200:
        raise errors.bad_param("per_page", maximum_length=200)
    page = _whole(params, "page", 1)
    if page < 1:
        raise errors.bad_param("page")
    return page, per_page


def ordered(module: Module, records: list[dict[str, Any]], params: Params) -> tuple[list[dict[str, Any]], str, str]:
    """Sorted records with the field and the direction used."""
    sort_by, direction = params.get("sort_by", "id"), params.get("sort_order", "desc")
    if sort_by not in _SORTABLE:
        raise errors.bad_param("sort_by", supported_values=list(_SORTABLE))
    if direction not in ("asc", "desc"):
        raise errors.bad_param("sort_order", supported_values=["asc", "desc"])

    def key(record: dict[str, Any]) -> tuple[Any, int]:
        number = int(record["id"]) if str(record["id"]).isdigit() else 0
        return (number if sort_by == "id" else datetime.fromisoformat(record[sort_by]), number)

    return sorted(records, key=key, reverse=direction == "desc"), sort_by, direction


def modified_since(header: str | None, param: str = "If-Modified-Since") -> datetime | None:
    """The instant of a conditional header. Raises Refusal for text without an offset or with milliseconds."""
    if header is None:
        return None
    try:
        moment = datetime.fromisoformat(header)
    except ValueError:
        raise errors.bad_param(param, expected_data_type="datetime") from None
    if moment.tzinfo is None or moment.microsecond:
        raise errors.bad_param(param, expected_data_type="datetime")
    return moment


def list_page(
    org: Organisation, records: list[dict[str, Any]], params: Params, show: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One page of sorted ``records`` with its ``info`` (reference/zoho 4.1, 5.1)."""
    page, per_page = page_numbers(params)
    token = params.get("page_token")
    if token and "page" in params:
        raise errors.Refusal(
            "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing", ambiguity_due_to=[{"param_name": "page_token"}]
        )
    if token:
        start = _token_start(org, token, params)
        page = start // per_page + 1
    else:
        start = (page - 1) * per_page
        if start + per_page > 2000:
            raise errors.Refusal(
                "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                "You can only get the first 2000 records without using page_token param",
                limit=2000,
            )
    if start >= 100_000:
        raise errors.Refusal(
            "PAGINATION_LIMIT_EXCEEDED",
            "You can only get upto 100000 records using page_token param",
            param_name="page_token",
        )
    chosen = records[start : start + per_page]
    more = len(records) > start + per_page
    expiry = org.store.now() + _TOKEN_LIFE
    info = {
        "call": False,
        "per_page": per_page,
        "next_page_token": _token(start + per_page, expiry, params) if more else None,
        "count": len(chosen),
        "page": page,
        "previous_page_token": _token(start - per_page, expiry, params) if start >= per_page else None,
        "page_token_expiry": org.moment_text(expiry) if more else None,
        "email": False,
        "more_records": more,
    }
    return [show(record) for record in chosen], info


def _token(start: int, expiry: datetime, params: Params) -> str:
    return f"{start:x}.{int(expiry.timestamp()):x}.{_bound(params)}"


def _token_start(org: Organisation, token: str, params: Params) -> int:
    start, _, rest = token.partition(".")
    expiry, _, bound = rest.partition(".")
    try:
        position, end = int(start, 16), int(expiry, 16)
    except ValueError:
        raise errors.bad_param("page_token") from None
    if bound != _bound(params):
        raise errors.Refusal("TOKEN_BOUND_DATA_MISMATCH", "token bound data mismatch", param_name="page_token")
    if end < org.store.now().timestamp():
        raise errors.Refusal(
            "EXPIRED_VALUE", "Page token expired", api_name="page_token", json_path="$.query.page_token"
        )
    return position


def _bound(params: Params) -> str:
    """A token serves one list only: every other parameter must stay as it was."""
    text = "&".join(f"{key}={value}" for key, value in sorted(params.items()) if key not in ("page", "page_token"))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _whole(params: Params, name: str, default: int) -> int:
    text = params.get(name)
    if text is None:
        return default
    if not text.isdigit():
        raise errors.bad_param(name, expected_data_type="integer")
    return int(text)


def _row(
    org: Organisation, module: Module, rows_module: Module, record: Mapping[str, Any], row: Mapping[str, Any]
) -> dict[str, Any]:
    shown: dict[str, Any] = dict.fromkeys(rows_module.fields)
    shown.update(_with_names(org, rows_module, row))
    if shown.get("Line_Tax") is None:
        shown["Line_Tax"] = []
    shown["Parent_Id"] = {"name": record.get("Subject"), "id": record["id"]}
    return shown


def _with_names(org: Organisation, module: Module, record: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``record`` whose lookups carry today's names: renaming an account shows in its invoices."""
    shown = {key: value for key, value in record.items() if key != "$deleted_by"}
    for name, value in shown.items():
        field = module.fields.get(name)
        if not isinstance(value, dict) or field is None or field.data_type != "lookup" or "id" not in value:
            continue
        target_module = field.lookup_module
        target = org.store.get(target_module, str(value["id"])) if target_module else None
        if target is None or target_module is None:
            continue
        today = {"name": display_name(target_module, target) or value.get("name")}
        if "Product_Code" in value or (target_module == "Products" and name == "Product_Name"):
            today["Product_Code"] = target.get("Product_Code")
        shown[name] = {**value, **today}
    return shown
