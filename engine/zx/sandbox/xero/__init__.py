"""Xero as the simulator plays it (reference/xero)."""
