"""The ``zx`` command: parses arguments, prints, exits. Everything it does lives in ``zx.operations``."""
