"""Zoho CRM as the simulator plays it (reference/zoho)."""
