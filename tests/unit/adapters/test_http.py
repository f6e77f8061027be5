"""What becomes of a request: outcome classes, tokens, limits, pinned hosts (reliability 1.3, 1.6, 3.1)."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from urllib3.exceptions import NewConnectionError

import zx
from tests.unit.adapters.wire import DATE, TOKEN, MemoryTokens, Reply, StillClock, Wire, connected, spec
from zx.model.record import Kind
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, RemoteError, Unknown

INVOICE = Kind("xero", "Invoice")
BODY = {"Type": "ACCREC", "InvoiceNumber": "Z-1"}
ORGANISATION = Reply(body={"Organisations": [{"OrganisationID": "o-1", "Name": "Demo", "BaseCurrency": "AUD"}]})
UNREACHED = requests.ConnectionError(NewConnectionError(None, "refused"))  # type: ignore[arg-type]
EXPIRED = Reply(401, {"Title": "Unauthorized", "Status": 401, "Detail": "TokenExpired: token expired"})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (UNREACHED, NotReached),
        (requests.ConnectTimeout("slow"), NotReached),
        (requests.ReadTimeout("slow"), Unknown),
        (requests.ConnectionError(ConnectionResetError()), Unknown),
        (Reply(500, b"<html>oops</html>"), Unknown),
        (Reply(502), Unknown),
        (Reply(503, b"The Xero API is currently offline for maintenance"), Unknown),
        (Reply(307, headers={"Location": "http://elsewhere.localhost/"}), Unknown),
        (Reply(403, {"Detail": "AuthenticationUnsuccessful"}), NotAllowed),
        (Reply(404, b"The resource you're looking for cannot be found"), Refused),
        (Reply(413, b"too large"), Refused),
        (Reply(429, headers={"X-Rate-Limit-Problem": "Minute", "Retry-After": "12"}), Limited),
        (Reply(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": "no"}), Refused),
        (Reply(400, b"not json"), Refused),
    ],
)
def test_a_write_is_sent_once_and_its_end_has_a_class(answer: Any, expected: type[RemoteError]) -> None:
    wire = Wire(answer)
    clock = StillClock()
    with pytest.raises(expected) as caught:
        connected(wire, "xero", clock).writer.create(INVOICE, [BODY], "k")
    assert type(caught.value) is expected
    assert len(wire.sent) == 1
    assert not clock.slept
    assert caught.value.connection == "xero.demo"


def test_a_limit_says_which_and_how_long() -> None:
    wire = Wire(Reply(429, headers={"X-Rate-Limit-Problem": "Minute", "Retry-After": "12"}))
    with pytest.raises(Limited) as caught:
        connected(wire, "xero").writer.create(INVOICE, [BODY], "k")
    assert (caught.value.problem, caught.value.retry_after_s) == ("minute", 12.0)


def test_an_unreached_simulator_is_told_at_once_and_how_to_start_it() -> None:
    wire = Wire(UNREACHED)
    with pytest.raises(NotReached) as caught:
        connected(wire, "xero").reader.organisation()
    assert "zx sandbox serve" in caught.value.advice


def test_a_read_is_asked_again_after_a_fault_and_after_a_limit() -> None:
    limited = Reply(429, headers={"X-Rate-Limit-Problem": "minute", "Retry-After": "30"})
    wire = Wire(Reply(503), limited, requests.ReadTimeout("slow"), ORGANISATION)
    clock = StillClock()
    assert connected(wire, "xero", clock).reader.organisation().name == "Demo"
    assert clock.slept == [1.0, 30.0, 4.0]


def test_a_read_gives_up_on_a_limit_of_a_day() -> None:
    wire = Wire(Reply(429, headers={"X-Rate-Limit-Problem": "day", "Retry-After": "40000"}))
    clock = StillClock()
    with pytest.raises(Limited):
        connected(wire, "xero", clock).reader.organisation()
    assert not clock.slept


def test_a_read_gives_up_in_the_end() -> None:
    wire = Wire(*[Reply(500)] * 9)
    with pytest.raises(Unknown):
        connected(wire, "xero").reader.organisation()
    assert len(wire.sent) == 4


def test_every_request_says_who_and_for_whom() -> None:
    wire = Wire(ORGANISATION)
    connected(wire, "xero").reader.organisation()
    headers = wire.sent[0].headers
    assert headers["User-Agent"] == f"zx/{zx.__version__}"
    assert headers["Authorization"] == "Bearer at-1"
    assert headers["xero-tenant-id"] == "tenant-1"
    assert headers["Accept"] == "application/json"


def test_calls_are_counted_and_the_rest_of_the_day_remembered() -> None:
    wire = Wire(Reply(body=ORGANISATION.body, headers={"X-DayLimit-Remaining": "812"}))
    reader = connected(wire, "xero").reader
    reader.organisation()
    assert reader.calls() == {"made": 1, "left_today": 812}
    assert reader.server_time() == "2026-03-31T04:05:06+00:00", DATE


def test_an_answer_beyond_the_size_cap_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zx.adapters.http.exchange.MAX_BYTES", 1000)
    wire = Wire(Reply(body=b"x" * 2000))
    with pytest.raises(Unknown, match="read no further"):
        connected(wire, "xero").writer.create(INVOICE, [BODY], "k")


class TestTokens:
    def test_an_expired_token_is_renewed_once_and_the_same_request_sent_again(self) -> None:
        fresh = Reply(body={"access_token": "at-2", "expires_in": 1800})
        done = Reply(body={"Invoices": [{"InvoiceID": "i-1", "InvoiceNumber": "Z-1"}]})
        wire = Wire(EXPIRED, done, token=(TOKEN, fresh))
        connected(wire, "xero").writer.create(INVOICE, [BODY], "k")
        assert [sent.headers["Authorization"] for sent in wire.sent] == ["Bearer at-1", "Bearer at-2"]
        assert wire.sent[0].body == wire.sent[1].body

    def test_a_second_refusal_is_for_a_person(self) -> None:
        fresh = Reply(body={"access_token": "at-2", "expires_in": 1800})
        wire = Wire(EXPIRED, EXPIRED, token=(TOKEN, fresh))
        with pytest.raises(NotAllowed) as caught:
            connected(wire, "xero").reader.organisation()
        assert caught.value.advice == "give it a new sign-in; nothing was changed there"
        assert len(wire.sent) == 2

    def test_a_missing_scope_is_not_cured_by_a_new_token(self) -> None:
        wire = Wire(Reply(401, {"Detail": "AuthorizationUnsuccessful"}))
        with pytest.raises(NotAllowed):
            connected(wire, "xero").reader.organisation()
        assert len(wire.tokens_asked) == 1

    def test_a_rotated_token_is_saved_before_it_is_used_and_the_old_one_kept(self) -> None:
        tokens = MemoryTokens()
        rotated = Reply(body={"access_token": "at-1", "expires_in": 1800, "refresh_token": "rt-1"})

        def first_call(_: Any) -> Reply:
            assert tokens.saved[-1]["refresh_token"] == "rt-1"
            assert tokens.saved[-1]["previous_refresh_token"] == "rt-0"
            return ORGANISATION

        wire = Wire(first_call, token=(rotated,))
        connected(wire, "xero", tokens=tokens).reader.organisation()
        assert wire.tokens_asked[0].form() == {
            "grant_type": "refresh_token",
            "refresh_token": "rt-0",
            "client_id": "client",
            "client_secret": "secret",
        }

    def test_the_old_refresh_token_is_tried_once_when_the_new_one_is_refused(self) -> None:
        tokens = MemoryTokens()
        rotated = Reply(body={"access_token": "at-1", "expires_in": 0, "refresh_token": "rt-1"})
        refused = Reply(400, {"error": "invalid_grant"})
        wire = Wire(ORGANISATION, ORGANISATION, token=(rotated, refused, TOKEN))
        connected(wire, "xero", tokens=tokens).reader.organisation()
        connected(wire, "xero", tokens=tokens).reader.organisation()
        assert [asked.form()["refresh_token"] for asked in wire.tokens_asked] == ["rt-0", "rt-1", "rt-0"]

    def test_a_good_token_is_shared_by_the_next_process(self) -> None:
        tokens = MemoryTokens()
        wire = Wire(ORGANISATION, ORGANISATION)
        connected(wire, "xero", tokens=tokens).reader.organisation()
        connected(wire, "xero", tokens=tokens).reader.organisation()
        assert len(wire.tokens_asked) == 1

    def test_a_new_sign_in_forgets_the_tokens_of_the_old_one(self) -> None:
        tokens = MemoryTokens()
        wire = Wire(ORGANISATION, ORGANISATION)
        connected(wire, "xero", tokens=tokens).reader.organisation()
        connected(wire, "xero", tokens=tokens, refresh_token="rt-new").reader.organisation()
        assert wire.tokens_asked[-1].form()["refresh_token"] == "rt-new"

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (Reply(200, {"error": "invalid_code"}), NotAllowed),
            (Reply(200, {"error": "invalid_client"}), NotAllowed),
            (Reply(400, {"error": "Access Denied", "error_description": "too many requests continuously"}), Limited),
            (Reply(200, {"error": "general_error"}), NotReached),
            (Reply(502, b"<html>"), NotReached),
            (requests.ReadTimeout("slow"), NotReached),
        ],
    )
    def test_without_a_token_the_request_was_certainly_not_sent(self, answer: Any, expected: type[RemoteError]) -> None:
        wire = Wire(token=(answer,))
        with pytest.raises(expected):
            connected(wire, "zoho").writer.create(Kind("zoho", "Invoices"), [{"Subject": "x"}], "k")
        assert not wire.sent
        assert len(wire.tokens_asked) == 1

    def test_secrets_do_not_show(self) -> None:
        shown = repr(spec("xero"))
        assert "rt-0" not in shown and "'secret'" not in shown


class TestHosts:
    @pytest.mark.parametrize(
        "changes",
        [
            {"api": "http://10.0.0.1:8702"},
            {"api": "https://api.xero.com"},
            {"identity": "http://xero.example"},
            {"simulated": False},
            {"simulated": False, "api": "https://api.xero.com", "identity": "https://identity.xero.com.example"},
            {"simulated": False, "api": "http://api.xero.com", "identity": "https://identity.xero.com"},
            {"simulated": False, "api": "https://user@api.xero.com", "identity": "https://identity.xero.com"},
        ],
    )
    def test_nothing_is_ever_sent_elsewhere(self, changes: dict[str, Any]) -> None:
        wire = Wire()
        with pytest.raises(NotAllowed):
            connected(wire, "xero", **changes)
        assert not wire.sent and not wire.tokens_asked

    @pytest.mark.parametrize(
        ("system", "changes"),
        [
            ("xero", {"api": "http://127.0.0.1:8702", "identity": "http://[::1]:8702"}),
            ("xero", {"simulated": False, "api": "https://api.xero.com", "identity": "https://identity.xero.com"}),
            (
                "zoho",
                {
                    "simulated": False,
                    "api": "https://www.zohoapis.com.au",
                    "identity": "https://accounts.zoho.com.au",
                },
            ),
            (
                "zoho",
                {"simulated": False, "api": "https://www.zohoapis.ca", "identity": "https://accounts.zohocloud.ca"},
            ),
        ],
    )
    def test_the_vendors_and_this_machine_are_known(self, system: Any, changes: dict[str, Any]) -> None:
        connected(Wire(), system, **changes)

    def test_a_simulator_states_how_late_it_may_be_and_a_service_does_not(self) -> None:
        late = Reply(body=ORGANISATION.body, headers={"X-Zx-Settle": "0.5"})
        assert connected(Wire(late), "xero").reader.organisation().settle_s == 0.5
        real = {"simulated": False, "api": "https://api.xero.com", "identity": "https://identity.xero.com"}
        assert connected(Wire(late), "xero", **real).reader.organisation().settle_s == 600.0
