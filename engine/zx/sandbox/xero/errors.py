"""Xero's refusals: messages as published where reference/xero 5.6 has them; those marked *ours* are a guess."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any


class Invalid(Exception):
    """One element does not validate."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


class Fault(Exception):
    """The whole request is answered with this status. ``body``: JSON, or text with its content type."""

    def __init__(self, status: int, body: Any, content_type: str = "application/json; charset=utf-8") -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body
        self.content_type = content_type


def problem(status: int, detail: str, instance: str) -> Fault:
    """401 and 403 (reference/xero 5.5, shape B)."""
    title = "Unauthorized" if status == 401 else "Forbidden"
    body: dict[str, Any] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": instance,
        "Extensions": {},
    }
    return Fault(status, body)


def not_found() -> Fault:
    """404 is no JSON (reference/xero 5.5, shape C)."""
    return Fault(
        404,
        "<html><body>The resource you're looking for cannot be found</body></html>",
        "text/html; charset=utf-8",
    )


def not_acceptable() -> Fault:
    """The real service answers XML; the simulator says what is missing, so that nobody finds out in production."""
    return Fault(406, "Send Accept: application/json; Xero answers XML without it.\n", "text/plain; charset=utf-8")


def not_implemented() -> Fault:
    return Fault(
        501,
        {
            "ErrorNumber": 20,
            "Type": "ApiMethodNotImplementedException",
            "Message": "The Api Method called is not implemented",
        },
    )


def bad_body(reason: str) -> Fault:
    return Fault(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": reason})


def bad_query(reason: str) -> Fault:
    return Fault(400, {"ErrorNumber": 16, "Type": "QueryParseException", "Message": reason})


def bad_key(message: str) -> Fault:
    return Fault(400, {"ErrorNumber": 10, "Type": "ValidationException", "Message": message})


def validation(elements: Sequence[Any]) -> dict[str, Any]:
    return {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": list(elements),
    }


NO_CONTACT = "A Contact must be specified for this type of transaction"
NAMELESS_CONTACT = (
    "The Contact must contain at least 1 of the following elements to identify the contact:"
    " Name, ContactID, ContactNumber"
)
NO_LINES = "One or more line items must be specified"
BAD_CREATE = "Invoice not of valid status for creation"
BAD_CHANGE = "Invoice not of valid status for modification"
SETTLED = "This document cannot be edited as it has a payment or credit note allocated to it."
OVERPAID = "Payment amount exceeds the amount outstanding on this document"
NUMBER_TAKEN = "Invoice # must be unique."
ACCOUNT_NUMBER_TAKEN = "The Account Number already exists. Please enter a different Account Number."
BAD_EMAIL = "Email address must be valid."
EMPTY_NAME = "Contact Name cannot be empty."
ARCHIVED_CONTACT = "The Contact is archived and cannot be used on this document."  # ours
NO_ACCOUNT = "Account code must be specified."  # ours
NO_DUE_DATE = "Due Date cannot be empty."  # ours
NO_DESCRIPTION = "Description cannot be empty."  # ours
NOT_AUTHORISED = "Payments can only be made against Authorised documents"  # ours


def name_taken(name: str) -> str:
    return (
        f"The contact name {name} is already assigned to another contact."
        " The contact name must be unique across all active contacts."
    )


def item_taken(code: str) -> str:
    return f"Price List Item with Code '{code}' already exists"


def item_unknown(code: str) -> str:
    return f"Item code '{code}' is not valid"


def out_of_stock(code: str, on_hand: Decimal) -> str:
    return f"There is not enough stock of item '{code}': {on_hand} on hand."  # ours


def account_unknown(code: str) -> str:
    return f"Account code '{code}' is not a valid code for this document."


def tax_unknown(tax: str) -> str:
    return f"The TaxType code '{tax}' does not exist or cannot be used with this type of transaction."


def tax_unfit(tax: str, account: str) -> str:
    return f"The TaxType code '{tax}' cannot be used with account code '{account}'."


def currency_unknown(code: str) -> str:
    return f"Organisation is not subscribed to currency {code}"


def locked(day: str) -> str:
    return f"The document date cannot be before the period lock date, currently set at {day}"


def year_locked(day: str) -> str:
    return f"The document date cannot be before the end of year lock date, currently set at {day}"


def line_mismatch(sent: Decimal, expected: Decimal) -> str:
    return f"The line total {sent:.2f} does not match the expected line total {expected:.2f}"


def discount_too_big(discount: Decimal) -> str:
    return f"The discount rate '{discount:.2f}' is invalid. Discount must not be greater than the line total."


def bad_value(field: str, value: Any) -> str:
    return f"The value '{value}' of {field} is not valid."  # ours


def too_long(field: str, length: int) -> str:
    return f"The field {field} must be a string with a maximum length of {length}."  # ours
