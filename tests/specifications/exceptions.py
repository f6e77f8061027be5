"""Where zx or its sandboxes leave the vendors' documents on purpose: each with its reason and where the fact is from.

``place`` and ``problem`` are patterns in the manner of a shell (``*`` stands for anything). ``make test`` fails for an
exception that nothing needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from tests.specifications.checking import Violation


@dataclass(frozen=True)
class Allowed:
    place: str
    problem: str
    reason: str

    def covers(self, violation: Violation) -> bool:
        return bool(self._place.fullmatch(violation.place) and self._problem.fullmatch(violation.problem))

    @cached_property
    def _place(self) -> re.Pattern[str]:
        return re.compile(translate(self.place))

    @cached_property
    def _problem(self) -> re.Pattern[str]:
        return re.compile(translate(self.problem))


def judged(found: Iterable[Violation], exceptions: Sequence[Allowed]) -> tuple[list[Violation], list[Allowed]]:
    """The violations that nothing excuses, one of a kind, and the exceptions that excused nothing."""
    used: set[int] = set()
    left: dict[tuple[str, str], Violation] = {}
    known: dict[tuple[str, str], bool] = {}
    for violation in found:
        kind = (violation.place, violation.problem)
        if kind not in known:
            covering = {number for number, allowed in enumerate(exceptions) if allowed.covers(violation)}
            used |= covering
            known[kind] = bool(covering)
        if not known[kind]:
            left.setdefault(kind, violation)
    return list(left.values()), [one for number, one in enumerate(exceptions) if number not in used]


_XERO = "/api.xro/2.0"
_ZOHO = "/crm/v8"

EXCEPTIONS: tuple[Allowed, ...] = (
    # ---- Xero -------------------------------------------------------------------------------------------------------
    *(
        Allowed(
            f"xero * {_XERO}/* answer 200 /{name}",
            "unknown member",
            "the document leaves the envelope of every answer out; its own samples show it (reference/xero 2.0)",
        )
        for name in ("Id", "Status", "ProviderName", "DateTimeUTC")
    ),
    Allowed(
        f"xero * {_XERO}/* answer 200 /*/DateString",
        "unknown member",
        "documents tell their dates as text too (reference/xero 2.1, 3.2); the document says so of quotes only",
    ),
    Allowed(
        f"xero * {_XERO}/Invoices* answer 200 /*/DueDateString",
        "unknown member",
        "as DateString (reference/xero 2.1, 3.2)",
    ),
    Allowed(
        f"xero GET {_XERO}/Quotes query /pageSize",
        "unknown parameter",
        "quotes are paged by size like other documents (reference/xero 2.3, 3.5)",
    ),
    Allowed(
        f"xero GET {_XERO}/Quotes answer 200 /pagination",
        "unknown member",
        "where paging was in force the answer says how far it goes (reference/xero 3.5)",
    ),
    Allowed(
        f"xero GET {_XERO}/* header /if-modified-since",
        "pattern *",
        "in practice whole seconds of UTC without an offset (reference/xero 3.3)",
    ),
    Allowed(
        f"xero * {_XERO}/* answer 400 /Elements/*/*",
        "unknown member",
        "an element comes back whole (reference/xero 5.5); the document's Element holds ids and errors only",
    ),
    Allowed(
        f"xero PUT {_XERO}/* answer 400 /*/LineAmountTypes",
        "none of the values described",
        "a refused element is told as it was sent, the refused value too (reference/xero 5.5)",
    ),
    *(
        Allowed(f"xero * {_XERO}/* answer {status}", "this status is not described", f"{why} (reference/xero {where})")
        for status, why, where in (
            (401, "a token that is missing, unknown, expired or too narrow", "1.7"),
            (403, "a tenant that this sign-in does not reach", "1.7"),
            (404, "an id nobody has; the body is no JSON", "5.5"),
            (406, "nobody asked for JSON: the service answers XML then, the sandbox says what is missing", "3.1"),
            (429, "a call beyond a limit; the body is empty", "5.2"),
        )
    ),
    *(
        Allowed(
            f"xero GET /Connections answer 200 /*/{name}",
            "pattern *",
            "seven decimals and no zone (reference/xero 1.5)",
        )
        for name in ("createdDateUtc", "updatedDateUtc")
    ),
    Allowed(
        "xero GET /connections request",
        "no document has this route",
        "the document spells it /Connections, the service itself small (reference/xero 1.1)",
    ),
    Allowed(
        "xero POST /connect/token request",
        "no document has this route",
        "the token endpoint is on a server that no document describes (reference/xero 1.3)",
    ),
    # ---- Zoho -------------------------------------------------------------------------------------------------------
    Allowed(
        "zoho POST /oauth/v2/token request",
        "no document has this route",
        "the accounts server is not described by any document (reference/zoho 1.2)",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/{{module_api_name}}* answer 204",
        "this status is not described",
        "nothing found is 204 without a body (reference/zoho 5.1); the document knows 200 only",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/{{module_api_name}} answer 304",
        "this status is not described",
        "nothing newer than If-Modified-Since is 304 (reference/zoho 4.1); the document knows 200 only",
    ),
    *(
        Allowed(f"zoho * {_ZOHO}/* answer {status}", "this status is not described", f"{why} (reference/zoho {where})")
        for status, why, where in (
            (201, "every record of a batch was added", "4.4"),
            (400, "none was, or the request itself is bad", "5.3"),
            (401, "a token that is missing, unknown or expired", "1.5"),
            (404, "an address nobody has", "5.4"),
            (412, "a record that was changed meanwhile", "4.5"),
            (429, "a call beyond the credits of a day", "6.3"),
        )
    ),
    *(
        Allowed(
            f"zoho * {_ZOHO}/* answer 4*/{name}",
            "none of the values described",
            "the lists of codes and messages are not complete; these are published elsewhere (reference/zoho 5.4)",
        )
        for name in ("code", "message")
    ),
    Allowed(
        f"zoho * {_ZOHO}/{{module_api_name}}* answer 4*/details/*",
        "unknown member",
        "each class of error has its own details (reference/zoho 5.2); the document lists those of a few",
    ),
    Allowed(
        f"zoho * {_ZOHO}/{{module_api_name}} answer 4*/details/maximum_length",
        "not of type string",
        "a number in what is published of answers (reference/zoho 4.4)",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/settings/fields answer 401 /details",
        "api_name is missing",
        "a token that is not known says nothing of fields (reference/zoho 5.4); errors of reads are not described",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/org/currencies answer 40[13]*",
        "*",
        "refused where there is one currency only (reference/zoho 4.14); the document describes no error of a read",
    ),
    Allowed(
        f"zoho * {_ZOHO}/{{module_api_name}}* answer 207",
        "this status is not described",
        "a batch with good and bad records is 207 (reference/zoho 4.4, 4.7); the document knows 200 only",
    ),
    Allowed(
        f"zoho POST {_ZOHO}/{{module_api_name}}/upsert answer 200 /data/*/duplicate_field",
        "not of type string",
        "null for a record that is new (reference/zoho 4.6)",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/{{module_api_name}}/actions/count answer 200 /count",
        "not of type string",
        "a number (reference/zoho 4.10); the official SDK reads one",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/users answer 200 /users/*/email",
        "pattern *",
        "the document's pattern is its own sample address: nine letters, five letters, .com (reference/zoho 4.14)",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/users answer 200 /users/*/time_zone",
        "not of type *",
        "the name of a zone (reference/zoho 4.14); the document has an object without members",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/settings/modules answer 200 /modules/*/generated_type",
        "none of the values described",
        "rows of a subform are a module as well, of the type subform (reference/zoho 2.1, 4.15)",
    ),
    *(
        Allowed(
            f"zoho GET {_ZOHO}/settings/modules answer 200 /modules/*",
            f"{name} is missing",
            "the document marks every member as required, also those of one module read alone (reference/zoho 4.15)",
        )
        for name in ("custom_view", "lookup_field_properties", "related_list_properties")
    ),
    *(
        Allowed(
            f"zoho GET {_ZOHO}/{{module_api_name}} answer 200 /info/{name}",
            "not of type string",
            "null where there is no further page (reference/zoho 5.1)",
        )
        for name in ("next_page_token", "previous_page_token", "page_token_expiry")
    ),
    Allowed(
        f"zoho GET {_ZOHO}/org answer 200 /org/*/type",
        "none of the values described",
        "written small by the service, large in the document (reference/zoho 4.14)",
    ),
    Allowed(
        f"zoho GET {_ZOHO}/org/currencies answer 200 /currencies/*/exchange_rate",
        "pattern *",
        "the document's pattern wants two digits before the point; a base currency is 1.000000000 (reference/zoho 3.6)",
    ),
    *(
        Allowed(
            f"zoho GET {_ZOHO}/settings/fields answer 200 /fields/*",
            f"{name} is missing",
            "the document marks every member as required, also those of a few kinds of field (reference/zoho 4.15)",
        )
        for name in (
            "_update_existing_records",
            "associated_module",
            "association_details",
            "autonumber",
            "common.picklist",
            "convert_mapping",
            "crypt",
            "external",
            "hipaa_compliance",
            "history_tracking",
            "multiuserlookup",
            "refer_from_field",
            "sharing_properties",
            "sub_module",
            "textarea",
            "tooltip",
        )
    ),
    Allowed(
        f"zoho GET {_ZOHO}/settings/fields answer 200 /fields/*/associated_module",
        "api_name is missing",
        "the row module of a subform is named `module`, where the official SDK reads it (reference/zoho 4.15, 8.2)",
    ),
)
