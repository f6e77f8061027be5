"""Modules, fields, organisation, taxes, currencies and users (reference/zoho 4.14, 4.15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.members import whole_field, whole_module, whole_org
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import Module, module_id, module_name


def modules(org: Organisation, name: str | None) -> dict[str, Any]:
    if name is not None:
        module = org.schema.module(name)
        if module is None:
            raise errors.bad_module()
        return {"modules": [whole_module(_module(org, module), org.user)]}
    return {"modules": [whole_module(_module(org, module), org.user) for module in org.schema.modules.values()]}


def fields(org: Organisation, params: Mapping[str, str]) -> dict[str, Any]:
    if "module" not in params:
        raise errors.param_missing("module")
    module = org.schema.module(params["module"])
    if module is None:
        raise errors.bad_module_param("module")
    shown = []
    for field in module.fields.values():
        meta = dict(field.meta)
        target = field.lookup_module
        if target is not None and field.data_type == "lookup":
            found = org.schema.module(target)
            meta["lookup"] = {
                **meta["lookup"],
                "module": {"api_name": target, "id": module_id(found.name) if found else "0"},
            }
        if field.data_type == "subform":
            rows = org.schema.modules[field.name]
            meta["associated_module"] = {"module": rows.name, "id": module_id(rows.name)}
        shown.append(whole_field(meta))
    return {"fields": shown}


def org(org: Organisation) -> dict[str, Any]:
    return {"org": [whole_org(org.org)]}


def taxes(org: Organisation) -> dict[str, Any]:
    return {"org_taxes": {"taxes": list(org.taxes), "preference": org.preference}}


def currencies(org: Organisation) -> dict[str, Any]:
    if not org.multi_currency:
        raise errors.Refusal("CURRENCIES_NOT_ENABLED", "Multi currency is not enabled", 403)
    return {"currencies": list(org.currencies)}


def users(org: Organisation, params: Mapping[str, str]) -> dict[str, Any]:
    """Only the user whose token is used: the sandbox has no other people of its own."""
    name = org.user["name"]
    first, _, last = name.partition(" ")
    user = {
        "id": org.user["id"],
        "full_name": name,
        "first_name": first,
        "last_name": last or first,
        "email": org.user["email"],
        "zuid": org.org["zgid"],
        "role": {"name": "CEO", "id": str(int(org.user["id"]) + 1)},
        "profile": {"name": "Administrator", "id": str(int(org.user["id"]) + 2)},
        "status": "active",
        "confirm": True,
        "time_zone": str(org.zone),
    }
    return {"users": [user], "info": {"per_page": 200, "count": 1, "page": 1, "more_records": False}}


def _module(org: Organisation, module: Module) -> dict[str, Any]:
    label = module.name.replace("_", " ")
    parent = org.schema.modules.get(module.parent or "")
    return {
        "api_name": module.name,
        "module_name": module_name(module.name),
        "singular_label": label.removesuffix("s"),
        "plural_label": label,
        "generated_type": "subform" if parent else "default",
        "api_supported": True,
        "creatable": parent is None,
        "editable": parent is None,
        "deletable": parent is None,
        "viewable": True,
        "visibility": 1,
        "visible": True,
        "status": "visible",
        "id": module_id(module.name),
        "profiles": [],
        "parent_module": {"api_name": parent.name, "id": module_id(parent.name)} if parent else {},
        "modified_time": None,
    }
