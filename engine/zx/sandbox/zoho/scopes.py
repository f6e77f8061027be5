"""What a token's scopes allow (reference/zoho 1.6): ``ZohoCRM.<area>.<operation>``, ALL for every operation."""

from __future__ import annotations

_OPERATIONS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}


def allowed(scope: str, method: str, parts: list[str]) -> bool:
    """Whether ``scope`` (blank separated) covers a call of the path ``parts`` below the base."""
    granted = frozenset(scope.split())
    match parts:
        case ["settings", area, *_]:
            return _has(granted, "settings", "READ") or _has(granted, f"settings.{area}", "READ")
        case ["org", "currencies"]:
            return _has(granted, "settings", "READ") or _has(granted, "settings.currencies", "READ")
        case ["org", *_]:
            return _has(granted, "org", "READ")
        case ["users", *_]:
            return _has(granted, "users", "READ")
        case ["coql"]:
            return _has(granted, "coql", "READ")
        case [module, "upsert"]:
            return _on(granted, module, "CREATE") and _on(granted, module, "UPDATE")
        case [module, "search"]:
            return "ZohoSearch.securesearch.READ" in granted and _on(granted, module, "READ")
        case [module, *_]:
            return _on(granted, module, _OPERATIONS.get(method, "READ"))
    return True


def _on(granted: frozenset[str], module: str, operation: str) -> bool:
    name = module.replace("_", "").lower()
    return _has(granted, "modules", operation) or _has(
        frozenset(part.lower() for part in granted), f"modules.{name}", operation, lower=True
    )


def _has(granted: frozenset[str], area: str, operation: str, *, lower: bool = False) -> bool:
    """ALL implies every operation, WRITE adding and changing."""
    implied = {operation, "ALL", *(("WRITE",) if operation in ("CREATE", "UPDATE") else ())}
    wanted = {f"ZohoCRM.{area}.{one}" for one in implied}
    return not granted.isdisjoint({one.lower() for one in wanted} if lower else wanted)
