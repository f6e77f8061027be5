"""The arithmetic of summaries: what a member contributes, what is posted of it, what a group still lacks. Pure.

A group's next document holds the *difference* between what its members contribute now and what was posted of them:
all of it the first time, a delta afterwards. So every member is in the books exactly once, whatever happens to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Bool, Money, Number, Ref, Type
from zx.compile.program import Evaluated, SummaryProgram
from zx.model.posting import Part, Posting, Share, in_order
from zx.runtime.values import TargetRef
from zx.values.dataclass import dataclass
from zx.values.money import ZERO, plain

EMPTY = Share()
Key = tuple[tuple[str, str], ...]
"""A group: its keys by name, as text, sorted."""


def key_text(value: Any) -> str:
    """A key as it stands in state; a missing one is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, TargetRef):
        return _contact(value) if value.kind == "Contact" else str(value.code or value.id)
    if isinstance(value, Mapping):
        return str(value.get("id", ""))
    return str(value)


def _contact(value: TargetRef) -> str:
    """Ids only: names of people have no place in state."""
    return value.id or f"{value.map}:{value.source_id}"


def key_value(text: str, kind: Type) -> Any:
    """The value of a key that is known from state alone."""
    if text == "":
        return None
    if isinstance(kind, Number | Money):
        return Decimal(text)
    if isinstance(kind, Bool):
        return text == "yes"
    if isinstance(kind, Ref) and kind.name == "Contact":
        return TargetRef(kind.system, kind.name, text)
    if isinstance(kind, Ref) and kind.name == "Item":
        return TargetRef(kind.system, kind.name, None, text)
    return text


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as it is now: its keys, its values and its lines, each with section, key and values."""

    keys: Mapping[str, Any]
    values: Mapping[str, Any]
    lines: tuple[tuple[int, Mapping[str, Any]], ...]

    @property
    def key(self) -> Key:
        return tuple(sorted((name, key_text(value)) for name, value in self.keys.items()))


def entry_of(program: SummaryProgram, evaluated: Evaluated) -> Entry:
    """What the member's map said of a document."""
    keys = {name: evaluated.fields.get(name) for name in program.keys}
    lines = tuple((line.section, line.fields) for line in evaluated.lines)
    return Entry(keys, evaluated.fields, lines)


def share_of(program: SummaryProgram, entry: Entry) -> Share:
    """What the member contributes: everything that is added up, by line key, exact."""
    values = {name: entry.values.get(name) or ZERO for name in program.added if name in program.member.fields}
    sums: dict[tuple[int, tuple[str, ...]], dict[str, Decimal]] = {}
    for section, fields in entry.lines:
        key = (section, line_key(program, section, fields))
        added = sums.setdefault(key, {})
        for name in program.added & program.member.sections[section].fields.keys():
            added[name] = added.get(name, ZERO) + (fields.get(name) or ZERO)
    parts = tuple(Part(section, key, dict(sorted(found.items()))) for (section, key), found in sorted(sums.items()))
    return Share(dict(sorted(values.items())), parts)


def line_key(program: SummaryProgram, section: int, fields: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key_text(fields.get(name)) for name in program.line_keys[section])


@dataclass(slots=True)
class Posted:
    """What the postings of one summary amount to: by group the shares of its members and the documents, by member the
    groups that hold something of it. ``ever``: who was a member once."""

    shares: dict[Key, dict[str, Share]] = field(default_factory=dict)
    documents: dict[Key, list[Posting]] = field(default_factory=dict)
    numbers: dict[tuple[Key, str], str] = field(default_factory=dict)
    groups: dict[str, list[Key]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)

    def share(self, key: Key, member: str) -> Share:
        return self.shares.get(key, {}).get(member, EMPTY)


def posted(postings: Iterable[Posting]) -> Posted:
    found = Posted()
    for posting in in_order(postings):
        key = tuple(sorted(posting.group.items()))
        found.documents.setdefault(key, []).append(posting)
        for member, share in posting.members.items():
            found.shares.setdefault(key, {})[member] = share
            found.numbers[key, member] = posting.number
            found.ever.add(member)
    for key, shares in found.shares.items():
        for member, share in shares.items():
            if not share.empty:
                found.groups.setdefault(member, []).append(key)
    return found


@dataclass(frozen=True, slots=True)
class Moved:
    """A member whose share of a group differs from what was posted of it. ``entry`` is None where it left."""

    member: str
    before: Share
    now: Share
    entry: Entry | None


def rows(program: SummaryProgram, moved: Sequence[Moved]) -> dict[str, Any]:
    """The differences as the group's map sees them: lists of the members' values, lines by key.

    What was posted before stands beside what is there now, with its sign turned: sums come out as differences, and
    names and texts are those of today.
    """
    header = [row for item in moved for row in _header(program, item)]
    made: dict[str, Any] = {"$count": Decimal(len(moved)), "$members": header}
    for section, names in enumerate(program.line_keys):
        types = program.member.sections[section].fields
        groups: dict[tuple[str, ...], dict[str, Any]] = {}
        for item in moved:
            for key, values, row in _lines(program, section, item):
                group = groups.setdefault(key, {"$rows": []})
                for name, text in zip(names, key, strict=True):
                    value = values.get(name) if values is not None else key_value(text, types[name].type)
                    if value is not None:
                        group[name] = value
                group["$rows"].append(row)
        lines = []
        for key in sorted(groups):
            group = groups[key]
            found = group.pop("$rows")
            lines.append({**group, "$count": Decimal(len(found)), "$members": found})
        if lines:
            made[program.member.sections[section].target] = lines
    return made


def _header(program: SummaryProgram, item: Moved) -> list[dict[str, Any]]:
    found = [] if item.entry is None else [_present(item.entry.values)]
    if item.before.values:
        found.append({name: -value for name, value in item.before.values.items()})
    return found


def _lines(
    program: SummaryProgram, section: int, item: Moved
) -> Iterable[tuple[tuple[str, ...], Mapping[str, Any] | None, dict[str, Any]]]:
    for number, fields in item.entry.lines if item.entry is not None else ():
        if number == section:
            yield line_key(program, section, fields), fields, _present(fields)
    for part in item.before.parts:
        if part.section == section:
            yield part.key, None, {name: -value for name, value in part.values.items()}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
