"""The verdict on everything that was said to a sandbox in a run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.specifications import recording
from tests.specifications.checking import violations
from tests.specifications.documents import load
from tests.specifications.exceptions import EXCEPTIONS, judged

# Tests of these rooms feed a sandbox what no service would hold: they try the simulator, not the services' shapes.
_NOT_JUDGED = ("tests/unit/sandbox/", "tests/unit/operations/")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``faults``: lines for a person; nothing to complain about when there are none."""

    exchanges: int
    faults: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        if not self.faults:
            yield f"{self.exchanges} exchanges with the sandboxes are as the vendors' specifications say"
            return
        yield f"{len(self.faults)} faults in {self.exchanges} exchanges against the vendors' specifications:"
        yield from self.faults


def verdict(specs: Path, recorded: Path, *, whole: bool) -> Verdict:
    """``whole``: everything that needs an exception was run, so that one without use is a fault."""
    try:
        shelves = load(specs)
    except (OSError, ValueError) as error:
        return Verdict(0, (f"the specifications cannot be read: {error}",))
    exchanges = [one for one in recording.read(recorded) if not one.test.startswith(_NOT_JUDGED)]
    found = (violation for exchange in exchanges for violation in violations(exchange, shelves))
    left, unused = judged(found, EXCEPTIONS)
    faults = [
        f"{one.place}: {one.problem}: {one.shown} ({one.test or 'no test'})"
        for one in sorted(left, key=lambda one: (one.place, one.problem))
    ]
    if whole:
        faults += [f"nothing needs the exception {one.place}: {one.problem}" for one in unused]
        if not exchanges:
            faults.append("nothing was recorded")
    return Verdict(len(exchanges), tuple(faults))
