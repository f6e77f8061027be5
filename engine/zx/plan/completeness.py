"""Is everything there that the target wants of a new record? Lines are judged when they are built."""

from __future__ import annotations

import re

from zx.catalog.fieldtypes import Many
from zx.catalog.schema import Shape
from zx.model.problem import Problem
from zx.plan.judged import Judged
from zx.plan.paths import steps

_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")
"""What Xero takes as an address (reference/xero 2.4)."""


def incomplete(judged: Judged, shape: Shape) -> Problem | None:
    """What is lacking of the new record that ``judged`` wants, or cannot be taken as it is; ``shape``: its target's."""
    return _lacking(judged, shape) or _wrong_address(judged)


def _lacking(judged: Judged, shape: Shape) -> Problem | None:
    stated = {steps(path)[0] for path in judged.evaluated.fields}
    lacking = [
        name
        for name, field in shape.fields.items()
        if field.required and name not in stated and not isinstance(field.type, Many)
    ]
    if not lacking:
        return None
    rule = judged.map.fields.get(lacking[0])
    return Problem(
        "R916",
        "error",
        f"a {shape.noun} needs a value for {' and '.join(lacking)}, and the rules give none",
        judged.map.rule if rule is None else rule.rule,
        help=f"fill in the fields in {judged.map.source.system.capitalize()} that the rule reads, or change the rule",
        cause=f"lacking:{judged.map.name}:{','.join(lacking)}",
    )


def _wrong_address(judged: Judged) -> Problem | None:
    email = judged.evaluated.fields.get("EmailAddress")
    if not isinstance(email, str) or _EMAIL.fullmatch(email):
        return None
    return Problem(
        "R916",
        "error",
        f'Xero takes no e-mail address like "{email}"',
        judged.map.fields["EmailAddress"].rule,
        help="correct the address in Zoho: one address, letters without accents",
        cause=f"email:{judged.record.id}",
    )
