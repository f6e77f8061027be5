"""``decisions.zx`` as ``zx fmt`` and ``zx review`` leave it, read without the parser: a warm run needs none (decision
0009). Whatever is not exactly so is left to the parser and the checker."""

from __future__ import annotations

import re

from zx.check.known import Known
from zx.model.decision import DECISIONS, Answer, Decisions, Verdict

_HEADER = re.compile(r"decisions for ([A-Za-z_][A-Za-z0-9_]*)")
_LINE = re.compile(
    r'  ([A-Za-z_][A-Za-z0-9_]*) "([!#-\[\]-~]+)" '
    r'(?:is "(?P<target>[!#-\[\]-~]+)"|is new(?P<new>)(?: as "(?P<name>[ !#-\[\]-~]+)")?'
    r"|keeps (?P<side>zoho|xero) (?P<field>[A-Za-z_][A-Za-z0-9_]*(?:\[[A-Za-z_][A-Za-z0-9_]*\])?"
    r'(?:\.[A-Za-z_][A-Za-z0-9_]*)*) at "(?P<at>[0-9a-f]+)"|stays out(?P<out>)) because "([ !#-\[\]-~]*)"'
)
_LONGEST = 400
"""Characters of a line, as everywhere in rules."""


def plain_answers(text: str, known: Known) -> Decisions | None:
    """The answers for one sync, or None where only the parser and the checker can tell."""
    sync = ""
    answers: dict[tuple[str, ...], Answer] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line or (line.startswith("#") and line.isprintable()):
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            sync = header[1]
            continue
        found = _LINE.fullmatch(line)
        if found is None or sync not in known.syncs or len(line) > _LONGEST:
            return None
        if sync != known.sync:
            continue
        answer = _answer(found, number)
        fields = None if known.maps is None else known.maps.get(answer.map)
        odd_field = bool(answer.field and fields) and answer.field not in (fields or ())
        if fields is None or odd_field or answer.question in answers:
            return None
        answers[answer.question] = answer
    return Decisions(tuple(answers.values()))


def _answer(found: re.Match[str], number: int) -> Answer:
    map, record, because = found[1], found[2], found[found.re.groups]
    said = {name: found[name] or "" for name in ("target", "name", "side", "field", "at")}
    verdict = Verdict.KEEPS
    if found["target"] is not None:
        verdict = Verdict.SAME
    elif found["new"] is not None:
        verdict = Verdict.NEW
    elif found["out"] is not None:
        verdict = Verdict.OUT
    return Answer(map, record, verdict, because, **said, place=f"{DECISIONS}:{number}")
