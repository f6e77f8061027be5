"""What the parser could not take, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark.exceptions import UnexpectedToken

from zx.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from lark.exceptions import UnexpectedInput

    from zx.syntax.origin import Origin


def explain(error: UnexpectedInput, origin: Origin) -> Diagnostic:
    """One diagnostic for a parse error."""
    line, column = max(error.line, 1), max(error.column, 1)
    width = 1
    written = ""
    if isinstance(error, UnexpectedToken):
        written = str(error.token).split("\n", 1)[0]
        width = max(1, len(written))
    return Diagnostic("E0100", f"`{written}` does not fit here", origin.at(line, column, line, column + width))
