"""The judge itself, with a small made-up document: what it must refuse, and what an exception may excuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.specifications.checking import Violation, violations
from tests.specifications.documents import Shelf
from tests.specifications.exceptions import EXCEPTIONS, Allowed, judged
from tests.specifications.recording import Exchange, Recorder, read

ID = "8a1b0000-0000-4000-8000-000000000001"
DOCUMENT: dict[str, Any] = {
    "servers": [{"url": "https://api.books.example/v1"}],
    "paths": {
        "/Bills": {
            "parameters": [{"in": "header", "name": "tenant", "required": True, "schema": {"type": "string"}}],
            "get": {
                "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}}],
                "responses": {"200": {"$ref": "#/components/responses/Bills"}},
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bills"}}}},
                "responses": {
                    "200": {"$ref": "#/components/responses/Bills"},
                    "400": {"description": "refused", "content": {}},
                },
            },
        },
        "/Bills/{BillID}": {
            "get": {
                "parameters": [{"in": "path", "name": "BillID", "schema": {"type": "string", "format": "uuid"}}],
                "responses": {"200": {"$ref": "#/components/responses/Bills"}},
            }
        },
    },
    "components": {
        "responses": {
            "Bills": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bills"}}}},
        },
        "schemas": {
            "Bills": {"type": "object", "properties": {"Bills": {"items": {"$ref": "#/components/schemas/Bill"}}}},
            "Bill": {
                "required": ["Number"],
                "properties": {
                    "BillID": {"type": "string", "format": "uuid"},
                    "Number": {"type": "string", "maxLength": 5},
                    "Day": {"type": "string", "x-is-msdate": True},
                    "Total": {"type": "number", "readOnly": True},
                    "Note": {"type": "string", "nullable": True},
                    "Part": {"oneOf": [{"$ref": "#/components/schemas/Bill"}, {"type": "integer"}]},
                },
            },
        },
    },
}


def seen(**changes: Any) -> Exchange:
    given: dict[str, Any] = {
        "system": "xero",
        "method": "GET",
        "path": "/v1/Bills",
        "query": "",
        "sent": {"user-agent": "zx/1", "tenant": "t"},
        "request": "",
        "status": 200,
        "received": {"content-type": "application/json; charset=utf-8"},
        "answer": '{"Bills": []}',
        "test": "tests/x.py::y",
        **changes,
    }
    for side in ("request", "answer"):
        if isinstance(given[side], dict):
            given[side] = json.dumps({"Bills": [given[side]]})
    return Exchange(**given)


def found(**changes: Any) -> list[str]:
    shelf = Shelf("xero", {"books.yaml": DOCUMENT})
    return [f"{one.place}: {one.problem}" for one in violations(seen(**changes), {"xero": shelf})]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query": "page=2"},
        {"answer": {"Number": "7", "BillID": ID, "Day": "/Date(1772409600000+0000)/", "Total": 1.5, "Note": None}},
        {"answer": {"Number": "7", "Part": {"Number": "8", "Part": 9}}},
        {"method": "POST", "request": {"Number": "7", "Day": "2026-03-02"}},
        {"path": f"/v1/Bills/{ID}", "sent": {"user-agent": "zx/1"}},
        {"status": 0, "answer": "", "received": {}},
        {"sent": {"user-agent": "another/1"}, "path": "/v1/Nothing", "status": 404, "answer": "gone"},
    ],
)
def test_as_documented(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"path": "/v1/Nothing"}, "xero GET /v1/Nothing request: no document has this route"),
        ({"path": "/v1/Bills/7"}, "xero GET /v1/Bills/7 request: no document has this route"),
        ({"query": "size=2"}, "xero GET /v1/Bills query /size: unknown parameter"),
        ({"query": "page=x"}, "xero GET /v1/Bills query /page: not of type integer"),
        ({"sent": {"user-agent": "zx/1"}}, "xero GET /v1/Bills header /tenant: missing"),
        ({"answer": {"Number": "7", "Extra": 1}}, "xero GET /v1/Bills answer 200 /Bills/*/Extra: unknown member"),
        ({"answer": {"Number": 7}}, "xero GET /v1/Bills answer 200 /Bills/*/Number: not of type string"),
        ({"answer": {"Number": "123456"}}, "xero GET /v1/Bills answer 200 /Bills/*/Number: maxLength 5"),
        ({"answer": {"Note": "x"}}, "xero GET /v1/Bills answer 200 /Bills/*: Number is missing"),
        (
            {"answer": {"Number": "7", "Part": {"Number": "8", "Part": {"Number": 9}}}},
            "xero GET /v1/Bills answer 200 /Bills/*/Part/Part/Number: not of type string",
        ),
        ({"answer": ""}, "xero GET /v1/Bills answer 200: no body"),
        ({"status": 500, "answer": ""}, "xero GET /v1/Bills answer 500: this status is not described"),
        ({"received": {"content-type": "text/html"}}, "xero GET /v1/Bills answer 200: content type text/html"),
        (
            {"method": "POST", "request": {"Number": "7", "Total": 1}},
            "xero POST /v1/Bills request /Bills/*/Total: unknown member",
        ),
        ({"method": "POST"}, "xero POST /v1/Bills request: no body"),
        ({"request": {"Number": "7"}}, "xero GET /v1/Bills request: a body where none is described"),
    ],
)
def test_not_as_documented(changes: dict[str, Any], wrong: str) -> None:
    assert found(**changes) == [wrong]


def test_a_date_of_an_answer_must_have_the_services_form() -> None:
    (wrong,) = found(answer={"Number": "7", "Day": "2026-03-02"})
    assert wrong.startswith("xero GET /v1/Bills answer 200 /Bills/*/Day: pattern")


def test_an_exception_excuses_what_it_names_and_nothing_else() -> None:
    one = Violation("xero GET /Bills answer 200 /Bills/*/Extra", "unknown member", "1", "t")
    other = Violation("xero GET /Bills answer 200 /Bills/*/More", "unknown member", "1", "t")
    needed = Allowed("xero * /Bills answer 200 /*/Extra", "unknown member", "why")
    idle = Allowed("xero * /Bills answer 200 /*/Extra", "not of type *", "why")
    assert judged([one, other, other], (needed, idle)) == ([other], [idle])


def test_every_exception_has_its_reason_and_its_source() -> None:
    assert all(re_source(allowed.reason) for allowed in EXCEPTIONS)


def re_source(reason: str) -> bool:
    return "reference/xero" in reason or "reference/zoho" in reason


def test_the_same_exchange_is_kept_once_and_a_torn_file_is_passed_over(tmp_path: Any) -> None:
    recorder, another = Recorder(tmp_path), Recorder(tmp_path)
    first = seen(answer='{"Id":"1","Bills": []}')
    recorder.keep(first)
    another.keep(seen(answer='{"Id":"2","Bills": []}', test="tests/x.py::z"))
    another.keep(seen(answer='{"Id":"2","Bills": [1]}'))
    (tmp_path / "torn.json").write_text('{"system": "xe', encoding="utf-8")
    assert len(read(tmp_path)) == 2
    assert first in read(tmp_path)
