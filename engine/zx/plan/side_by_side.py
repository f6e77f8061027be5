"""One record of the target beside what the rules want it to be, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zx.model.record import Record
from zx.plan.compare import Compared, Standing
from zx.plan.document import BuiltDocument
from zx.plan.forms import total_of
from zx.plan.judged import Judged
from zx.plan.wish import Wish
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class SideBySide:
    """``built`` is the document behind ``wish``, None for records without lines or money; ``compared`` says of each
    field on which side it changed."""

    judged: Judged
    target: Record
    wish: Wish
    built: BuiltDocument | None
    compared: Sequence[Compared]

    @property
    def writes(self) -> list[Compared]:
        return [item for item in self.compared if item.standing is Standing.WRITE]

    @property
    def sent(self) -> set[str]:
        """Names of the fields that are written."""
        return {item.field for item in self.writes}

    @property
    def lines(self) -> str:
        """The name of the field that holds the lines."""
        return self.wish.form.list

    @property
    def total(self) -> Decimal | None:
        """The target's total as it stands."""
        total: Decimal | None = total_of(self.target)
        return total

    @property
    def stated_otherwise(self) -> Decimal | None:
        """What the source states as its total, where the target's is another."""
        stated = None if self.built is None else self.built.stated
        return None if stated == self.total else stated

    @property
    def sends_money(self) -> bool:
        """Whether what is written brings the target to the source's total."""
        return self.built is not None and bool({self.lines, *self.built.header} & self.sent)
