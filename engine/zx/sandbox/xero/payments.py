"""Payments and allocations of credit notes, and what they do to documents (reference/xero 2.2, 2.8)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.sandbox.xero import errors
from zx.sandbox.xero.documents import CREDIT_NOTE, INVOICE, DocumentKind, check_lock, settle_status
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import day_in, folded, number_of
from zx.values.money import ZERO, round_half_up


def create(org: Organisation, element: Mapping[str, Any]) -> dict[str, Any]:
    """One payment of an invoice, or one refund of a credit note. Raises Invalid."""
    kind, document = _document(org, element)
    account = _account(org, element.get("Account"))
    day = day_in(element.get("Date")) if element.get("Date") else org.today()
    amount = number_of(element.get("Amount"))
    if day is None:
        raise Invalid(errors.bad_value("Date", element.get("Date")))
    if amount is None or amount <= 0:
        raise Invalid(errors.bad_value("Amount", element.get("Amount")))
    amount = round_half_up(amount)
    if document["Status"] != "AUTHORISED":
        raise Invalid(errors.NOT_AUTHORISED if document["Status"] != "PAID" else errors.OVERPAID)
    if amount > _open(kind, document):
        raise Invalid(errors.OVERPAID)
    check_lock(org, day)
    sales = document["Type"] in (INVOICE.sales_type, CREDIT_NOTE.sales_type)
    types = ("ACCRECPAYMENT", "ACCPAYPAYMENT") if kind is INVOICE else ("ARCREDITPAYMENT", "APCREDITPAYMENT")
    payment: dict[str, Any] = {
        "PaymentID": new_id(),
        "Date": day,
        "Amount": amount,
        "BankAmount": amount,
        "Reference": str(element.get("Reference") or ""),
        "CurrencyRate": number_of(element.get("CurrencyRate")) or document.get("CurrencyRate", 1),
        "PaymentType": types[0 if sales else 1],
        "Status": "AUTHORISED",
        "IsReconciled": bool(element.get("IsReconciled", False)),
        "HasAccount": True,
        "Account": {"AccountID": account["AccountID"], "Code": account.get("Code")},
        "Invoice" if kind is INVOICE else "CreditNote": {kind.id_field: document[kind.id_field]},
        "UpdatedDateUTC": org.stamp(),
    }
    org.store.put("Payments", payment["PaymentID"], payment)
    summary = {key: payment[key] for key in ("PaymentID", "Date", "Amount", "Reference", "CurrencyRate", "HasAccount")}
    _apply(org, kind, document, amount, day, [*(document.get("Payments") or []), summary])
    return payment


def delete(org: Organisation, payment: Mapping[str, Any]) -> dict[str, Any]:
    """A payment is never changed, only taken back. Raises Invalid."""
    if payment.get("Status") == "DELETED":
        raise Invalid("The payment has been deleted already.")
    if payment.get("BatchPaymentID") or payment.get("BatchPayment"):
        raise Invalid("Payments within a batch cannot be deleted.")
    if payment.get("IsReconciled"):
        raise Invalid("A reconciled payment cannot be deleted.")
    check_lock(org, str(payment["Date"]))
    gone = {**payment, "Status": "DELETED", "UpdatedDateUTC": org.stamp()}
    org.store.put("Payments", payment["PaymentID"], gone)
    for kind, field in ((INVOICE, "Invoice"), (CREDIT_NOTE, "CreditNote")):
        document_id = (payment.get(field) or {}).get(kind.id_field)
        document = org.store.get(kind.collection, folded(document_id)) if document_id else None
        if document is not None:
            left = [entry for entry in document.get("Payments") or [] if entry["PaymentID"] != payment["PaymentID"]]
            _apply(org, kind, document, -(number_of(payment["Amount"]) or ZERO), str(payment["Date"]), left)
    return gone


def allocate(org: Organisation, note: Mapping[str, Any], element: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a credit note set against an invoice of the same contact and currency. Raises Invalid."""
    invoice = org.store.get("Invoices", folded((element.get("Invoice") or {}).get("InvoiceID") or ""))
    amount = number_of(element.get("Amount"))
    note = org.store.get("CreditNotes", note["CreditNoteID"]) or note
    if invoice is None or invoice["Status"] != "AUTHORISED" or note["Status"] != "AUTHORISED":
        raise Invalid(errors.NOT_AUTHORISED)
    if invoice["Contact"]["ContactID"] != note["Contact"]["ContactID"]:
        raise Invalid("The credit note and the invoice must have the same contact.")
    if invoice["CurrencyCode"] != note["CurrencyCode"]:
        raise Invalid("The credit note and the invoice must have the same currency.")
    if amount is None or amount <= 0 or amount > min(note["RemainingCredit"], invoice["AmountDue"]):
        raise Invalid(errors.OVERPAID)
    day = max(str(note["Date"]), str(invoice["Date"]))
    allocation = {
        "AllocationID": new_id(),
        "Amount": round_half_up(amount),
        "Date": day,
        "Invoice": {"InvoiceID": invoice["InvoiceID"], "InvoiceNumber": invoice.get("InvoiceNumber")},
    }
    summary = {
        "CreditNoteID": note["CreditNoteID"],
        "CreditNoteNumber": note.get("CreditNoteNumber"),
        "AppliedAmount": round_half_up(amount),
        "Date": day,
    }
    changed = copy.deepcopy(dict(note))
    changed["Allocations"] = [*(note.get("Allocations") or []), allocation]
    _shift(org, CREDIT_NOTE, changed, "AppliedAmount", amount, day)
    credited = copy.deepcopy(dict(invoice))
    credited["CreditNotes"] = [*(invoice.get("CreditNotes") or []), summary]
    _shift(org, INVOICE, credited, "AmountCredited", amount, day)
    return allocation


def deallocate(org: Organisation, note: Mapping[str, Any], allocation_id: str) -> dict[str, Any]:
    """Takes an allocation back; what was set off is open again on both sides. Raises Invalid, LookupError for an
    allocation the credit note does not have."""
    given = next(
        (entry for entry in note.get("Allocations") or [] if folded(entry.get("AllocationID")) == allocation_id), None
    )
    if given is None:
        raise LookupError(allocation_id)
    day, amount = str(given["Date"]), number_of(given["Amount"]) or ZERO
    check_lock(org, day)
    changed = copy.deepcopy(dict(note))
    changed["Allocations"] = [entry for entry in note["Allocations"] if entry is not given]
    _shift(org, CREDIT_NOTE, changed, "AppliedAmount", -amount, day)
    invoice = org.store.get("Invoices", folded((given.get("Invoice") or {}).get("InvoiceID") or ""))
    if invoice is not None:
        credited = copy.deepcopy(dict(invoice))
        credited["CreditNotes"] = _without(invoice.get("CreditNotes") or [], note["CreditNoteID"], amount)
        _shift(org, INVOICE, credited, "AmountCredited", -amount, day)
    return {**given, "IsDeleted": True}


def _without(summaries: list[Any], note_id: str, amount: Decimal) -> list[Any]:
    """``summaries`` without one of this credit note and amount: a note may be set against an invoice in parts."""
    for position, entry in enumerate(summaries):
        if entry.get("CreditNoteID") == note_id and number_of(entry.get("AppliedAmount")) == amount:
            return [*summaries[:position], *summaries[position + 1 :]]
    return summaries


def _document(org: Organisation, element: Mapping[str, Any]) -> tuple[DocumentKind, dict[str, Any]]:
    for kind, field in ((INVOICE, "Invoice"), (CREDIT_NOTE, "CreditNote")):
        given = element.get(field)
        if not isinstance(given, Mapping):
            continue
        document = None
        if given.get(kind.id_field):
            document = org.store.get(kind.collection, folded(given[kind.id_field]))
        elif given.get(kind.number_field):
            found = org.store.find(kind.collection, "number", folded(given[kind.number_field]))
            document = found[0] if found else None
        if document is None:
            raise Invalid(errors.bad_value(field, given.get(kind.id_field) or given.get(kind.number_field)))
        return kind, document
    raise Invalid("A payment must name an Invoice or a CreditNote.")


def _account(org: Organisation, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not (given.get("Code") or given.get("AccountID")):
        raise Invalid("Account must be valid.")
    account = org.account(given.get("Code"), given.get("AccountID"))
    if (
        account is None
        or account.get("Status", "ACTIVE") != "ACTIVE"
        or not (account.get("Type") == "BANK" or account.get("EnablePaymentsToAccount"))
    ):
        raise Invalid("Account must be valid.")
    return account


def _open(kind: DocumentKind, document: Mapping[str, Any]) -> Any:
    return number_of(document["AmountDue" if kind is INVOICE else "RemainingCredit"]) or ZERO


def _apply(
    org: Organisation, kind: DocumentKind, stored: Mapping[str, Any], amount: Any, day: str, payments: list[Any]
) -> None:
    document = copy.deepcopy(dict(stored))
    document["Payments"] = payments
    _shift(org, kind, document, "AmountPaid" if kind is INVOICE else "AppliedAmount", amount, day)


def _shift(org: Organisation, kind: DocumentKind, document: dict[str, Any], field: str, amount: Any, day: str) -> None:
    """Moves ``amount`` from what is open to ``field`` and keeps the document."""
    due = "AmountDue" if kind is INVOICE else "RemainingCredit"
    document[field] = round_half_up((number_of(document.get(field)) or ZERO) + amount)
    document[due] = round_half_up((number_of(document.get(due)) or ZERO) - amount)
    settle_status(kind, document, day)
    document["UpdatedDateUTC"] = org.stamp()
    org.store.put(kind.collection, document[kind.id_field], document)
