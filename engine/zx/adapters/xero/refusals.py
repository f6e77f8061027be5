"""How Xero words a refusal (reference/xero 1.7, 5.2, 5.5, 5.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zx.adapters.http.exchange import Answer

# Fragments of "there is one already" (reference/xero 5.6, 3.7): whole sentences vary, so none is matched.
_TAKEN = (
    "must be unique",
    "already exists",
    "already assigned",
    "is already in use",
    "please enter a unique name",
)


class XeroRefusals:
    def is_permission(self, answer: Answer) -> bool:
        """A scope is missing: only a person can change that."""
        body = answer.json_or_none()
        detail = str(body.get("Detail", "")) if isinstance(body, Mapping) else ""
        return "AuthorizationUnsuccessful" in detail

    def limit_problem(self, answer: Answer) -> str:
        return answer.headers.get("x-rate-limit-problem", "").lower()

    def message(self, answer: Answer) -> str:
        """Of both error shapes; nothing of a body that is HTML or plain text (reference/xero 5.5)."""
        body = answer.json_or_none()
        if not isinstance(body, Mapping):
            return ""
        elements = body.get("Elements")
        told = [message for element in elements for message in messages(element)] if isinstance(elements, list) else []
        return "; ".join(told) or str(body.get("Message") or body.get("Detail") or "")


def messages(element: Any, key: str = "ValidationErrors") -> Iterator[str]:
    """The messages of an element and of everything inside it, each once."""
    seen: dict[str, None] = {}
    _collect(element, key, seen)
    yield from seen


def _collect(value: Any, key: str, seen: dict[str, None]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == key and isinstance(inner, list):
                for error in inner:
                    text = error.get("Message") if isinstance(error, Mapping) else None
                    if text:
                        seen[str(text)] = None
            else:
                _collect(inner, key, seen)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, key, seen)


def says_taken(said: tuple[str, ...]) -> bool:
    """Whether a refusal means that a record with this number, code or name is there already."""
    return any(fragment in message.lower() for message in said for fragment in _TAKEN)
