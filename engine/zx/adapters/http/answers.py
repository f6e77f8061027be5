"""What both readers ask of an answer before they take it apart: it is a JSON object, and its list is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.adapters.http.exchange import Answer
from zx.ports.remote import Unknown

NOTHING: Mapping[str, Any] = {}
"""Stands for "nothing there" where the status says so: told apart by identity from an answer that says nothing."""
_LATER = "run the command again in a few minutes"


def object_of(answer: Answer, connection: str, path: str) -> Mapping[str, Any]:
    """The JSON object in ``answer``. Raises Unknown for anything else."""
    body = answer.json_or_none()
    if not isinstance(body, Mapping):
        raise Unknown(connection, f"{connection} answered {path} with something that is no JSON object", _LATER)
    return body


def rows_of(body: Mapping[str, Any], member: str, connection: str, path: str) -> list[Mapping[str, Any]]:
    """The records of an answer, none where there is nothing. Raises Unknown for an answer without its list: it is not
    taken for an empty one, or what is there would be made a second time."""
    if body is NOTHING:
        return []
    rows = body.get(member)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unknown(connection, f"{connection} answered {path} without its list of records ({member})", _LATER)
    return rows
