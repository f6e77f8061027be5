"""What zx remembers of summaries: which record is in which posted document, and what it contributed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from zx.model.link import Entity
from zx.values.dataclass import dataclass

SUMMARY = "Summary"
"""The source of links of posted summaries; their source ids are the numbers of the documents."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a member brings to one line of its group: the lines it belongs to (``section`` counts the ``lines of``
    sections), their ``key``, and what is added up there."""

    section: int
    key: tuple[str, ...]
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Share:
    """What one member contributes to its group. Empty: it is no member (any more)."""

    values: Mapping[str, Decimal] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.values and not self.parts


@dataclass(frozen=True, slots=True)
class Posting:
    """One document of a summary: its number, its group, and the members it speaks of with what each has contributed to
    the group from then on. ``order`` counts postings, so a later one of a group outranks an earlier.

    It stands in state before the document is sent, so its number is never given again; it counts as posted once a link
    says which document of the target it is. ``target`` is ``Invoice`` or ``CreditNote``.
    """

    number: str
    order: int
    sync: str
    summary: str
    source: str
    target: str
    group: Mapping[str, str]
    members: Mapping[str, Share]

    @property
    def entity(self) -> Entity:
        return Entity(SUMMARY, self.target)


def in_order(postings: Iterable[Posting]) -> list[Posting]:
    return sorted(postings, key=lambda posting: (posting.order, posting.number))
