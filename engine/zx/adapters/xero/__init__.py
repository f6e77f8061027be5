"""Xero's Accounting API (reference/xero)."""
