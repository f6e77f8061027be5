"""The few helpers that generated code may call."""
