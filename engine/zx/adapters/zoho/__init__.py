"""Zoho CRM v8 (reference/zoho)."""
