"""Zoho's refusals: codes, messages and details as published (reference/zoho 5.2, 5.4)."""

from __future__ import annotations

from typing import Any

from zx.sandbox.zoho.schema import module_id


class Refusal(Exception):
    """A refusal of a whole request, or of one item of a batch. ``status`` is the HTTP status of a whole one."""

    def __init__(self, code: str, message: str, status: int = 400, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.details = details

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "details": self.details, "message": self.message, "status": "error"}


def unauthenticated() -> Refusal:
    return Refusal("AUTHENTICATION_FAILURE", "Authentication failed", 401)


def bad_token() -> Refusal:
    return Refusal("INVALID_TOKEN", "invalid oauth token", 401)


def bad_scope() -> Refusal:
    return Refusal("OAUTH_SCOPE_MISMATCH", "Unauthorized", 401)


def bad_module() -> Refusal:
    return Refusal("INVALID_MODULE", "the module name given seems to be invalid", resource_path_index=0)


def bad_module_param(name: str) -> Refusal:
    return Refusal("INVALID_MODULE", "the module name given seems to be invalid", api_name=name)


def bad_url() -> Refusal:
    return Refusal("INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one", 404)


def bad_method() -> Refusal:
    return Refusal("INVALID_REQUEST_METHOD", "The http request method type is not a valid one")


def param_missing(name: str) -> Refusal:
    return Refusal("REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", param_name=name)


def bad_param(name: str, **details: Any) -> Refusal:
    return Refusal("INVALID_DATA", "invalid data", param_name=name, **details)


def bad_data(name: str, path: str, **details: Any) -> Refusal:
    return Refusal("INVALID_DATA", "invalid data", api_name=name, json_path=path, **details)


def bad_id(record_id: str) -> Refusal:
    return Refusal("INVALID_DATA", "the id given seems to be invalid", id=record_id)


def mandatory(name: str, path: str) -> Refusal:
    return Refusal("MANDATORY_NOT_FOUND", "required field not found", api_name=name, json_path=path)


def duplicate(name: str, path: str, module: str, record_id: str) -> Refusal:
    return Refusal(
        "DUPLICATE_DATA",
        "duplicate data",
        api_name=name,
        json_path=path,
        id=record_id,
        duplicate_record={"module": {"api_name": module, "id": module_id(module)}, "id": record_id},
        more_records=False,
    )


def bad_query(reason: str, **details: Any) -> Refusal:
    return Refusal("INVALID_QUERY", "Invalid query formed", reason=reason, **details)


def too_many(message: str) -> Refusal:
    return Refusal("TOO_MANY_REQUESTS", message, 429)
