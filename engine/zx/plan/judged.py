"""One source record under one map, and everything that was found out about it before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from zx.compile.program import Evaluated, MapProgram, Never
from zx.model.decision import Answer
from zx.model.link import Link
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.origins import Origin
from zx.values.dataclass import dataclass

Wanted = tuple[str, str]
"""A map's name and the id of a source record."""


@dataclass(slots=True)
class Judged:
    """One source record under one map. ``existing`` is the target record it is, ``linked`` that a link says so.

    ``blocked`` is set when it may not be written and nothing that needs it may be either. ``asks`` are the records
    this one asked for by ``via``; ``makes`` are targets made by ``find … or create``. ``answer`` is what a person said
    of the record as a whole; ``lost`` the link to a target that is gone, where the answer makes another. ``origin``
    says where it came from, when that is the other side: a map that may create leaves it alone, and who asks for it
    gets what it came from. ``marked``: ``existing`` carries zx's own marker for it.
    """

    map: MapProgram
    record: Record
    evaluated: Evaluated
    link: Link | None
    existing: Record | None = None
    blocked: tuple[Problem, ...] = ()
    asks: set[Wanted] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)
    answer: Answer | None = None
    lost: Link | None = None
    origin: Origin | None = None
    marked: bool = False

    @property
    def wanted(self) -> Wanted:
        return self.map.name, self.record.id

    @property
    def follows(self) -> bool:
        """Whether its map makes nothing, so that it may follow the link of the other way (starter rules 2.5)."""
        return any(policy.verb == "create" and not policy.conditional for policy in self.evaluated.never)

    @property
    def partner(self) -> str | None:
        """The id of the record of the target kind that it came from."""
        origin = self.origin
        return origin.id if origin is not None and origin.kind == self.map.target else None

    @property
    def linked(self) -> bool:
        return self.link is not None

    @property
    def agreed(self) -> Mapping[str, str]:
        """What both sides last agreed on, as digests by field."""
        return {} if self.link is None else self.link.base

    @property
    def never_made(self) -> bool:
        """Whether a policy keeps a new record from being made of it."""
        return self.never("create") is not None

    @property
    def shielded(self) -> bool:
        """A record that a ``never`` keeps from being written is judged no further (starter rules 2.5)."""
        return self.never("create" if self.existing is None and not self.linked else "update") is not None

    def never(self, verb: str) -> Never | None:
        """The policy that forbids ``verb`` for this record, if one holds."""
        return next((policy for policy in self.evaluated.never if policy.verb == verb), None)

    def block(self, problem: Problem) -> None:
        self.blocked = (problem,)


@dataclass(frozen=True, slots=True)
class Made:
    """A target record that ``find … or create`` wants: made once, from one field alone."""

    kind: Kind
    field: str
    value: str
    map: MapProgram

    @property
    def action_id(self) -> str:
        return f"find:{self.kind.name}:{self.value}"
