"""Exact values: money, dates and text. Nothing here knows a system, a rule or a file."""
