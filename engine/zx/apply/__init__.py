"""Carrying out a plan once: intent on disk, one request, outcome on disk, then state (docs/state-format.md)."""
