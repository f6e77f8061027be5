"""One record per built-in function: it feeds the checker, the documentation, completion and the tests.

Implementations get values that are present (the generated code sees to missing ones) and return a value or None. A
function that is ``lenient`` gets its missing arguments too and ignores them.
"""

from __future__ import annotations

from collections.abc import Mapping

from zx.stdlib.dates import DATES
from zx.stdlib.lists import LISTS
from zx.stdlib.numbers import NUMBERS
from zx.stdlib.patterns import PATTERNS
from zx.stdlib.signature import Function
from zx.stdlib.texts import TEXTS

FUNCTIONS: Mapping[str, Function] = {
    function.name: function for group in (TEXTS, PATTERNS, NUMBERS, DATES, LISTS) for function in group
}

FROM_EXCEL: Mapping[str, str] = {
    "iferror": "write `X otherwise Y`",
    "ifna": "write `X otherwise Y`",
    "if": "write `if C then A else B`",
    "ifs": "write a table, or `pick`",
    "vlookup": "write a table and call it by its name",
    "xlookup": "write a table and call it by its name",
    "lookup": "write a table and call it by its name",
    "index": "write a table and call it by its name",
    "switch": "write `pick X` with rows below it",
    "concat": 'join texts with `&`, or `join(" ", A, B)`',
    "concatenate": 'join texts with `&`, or `join(" ", A, B)`',
    "textjoin": 'write `join(", ", A, B)`',
    "isblank": "write `X is missing`",
    "and": "write `A and B`",
    "or": "write `A or B`",
    "not": "write `not A`",
    "substitute": "write `replace(X, old, new)`",
    "regexmatch": 'write `matches(X, "pattern")`',
    "regextest": 'write `matches(X, "pattern")`',
    "regexextract": 'write `extract(X, "pattern")`',
    "regexreplace": 'write `replace_all(X, "pattern", "new")`',
    "today": "write `run_date()`",
    "now": "write `run_date()`",
    "eomonth": "write `end_of_month(X)`",
    "edate": "write `X + 1 months`",
    "sumif": "write a `summary`",
    "value": "write `number(X)`",
    "coalesce": "write `X otherwise Y`",
}
"""What people coming from a spreadsheet try, and what stands for it here."""
