"""What stops the reading of one item."""

from __future__ import annotations

from zx.diagnostics.diagnostic import Diagnostic


class Damage(Exception):
    """An item that cannot be read; carries what is to be said about it. Never leaves the room."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
