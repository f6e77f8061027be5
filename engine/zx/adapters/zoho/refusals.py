"""How Zoho words a refusal (reference/zoho 5.2, 5.4, 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.adapters.http.exchange import Answer


class ZohoRefusals:
    """Error bodies are ``{"code", "details", "message", "status"}``, at the top or inside ``data``."""

    def is_permission(self, answer: Answer) -> bool:
        return code_of(answer) == "OAUTH_SCOPE_MISMATCH"

    def limit_problem(self, answer: Answer) -> str:
        """Credits of 24 hours and calls at once are told apart by the words only (reference/zoho 6.3)."""
        said = self.message(answer).lower()
        if "concurren" in said:
            return "concurrent"
        return "day" if "24 hour" in said or "credit" in said else ""

    def message(self, answer: Answer) -> str:
        body = answer.json_or_none()
        return said(body) if isinstance(body, Mapping) else ""


def code_of(answer: Answer) -> str:
    body = answer.json_or_none()
    return str(body.get("code", "")) if isinstance(body, Mapping) else ""


def said(error: Mapping[str, Any]) -> str:
    """One error object in a line: "required field not found (MANDATORY_NOT_FOUND, Account_Name)"."""
    inner = error.get("data")
    if "code" not in error and isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
        return said(inner[0])
    details = error.get("details")
    where = ""
    if isinstance(details, Mapping):
        named = details.get("json_path") or details.get("api_name") or details.get("param_name") or ""
        where = str(named).removeprefix("$.data")
        where = where[where.index("].") + 2 :] if where.startswith("[") and "]." in where else where
    code, message = str(error.get("code", "")), str(error.get("message", ""))
    marks = ", ".join(part for part in (code, where) if part)
    return f"{message} ({marks})" if message and marks else message or marks
