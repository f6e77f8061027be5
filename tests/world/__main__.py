"""``python -m tests.world``: the fault programme at full size, with its print-out (reliability 1.14).

``SEED=17`` tells one story again, ``SCENARIO=… STOP_AT=81`` ends one push at one effect, ``SEEDS=500`` sets the size.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.world.boundaries import SCENARIOS, effects_of, ends_like_undisturbed
from tests.world.story import MISHAPS, Told, tell
from tests.world.wire import READ_FAULTS, WRITE_FAULTS

SEEDS = 2_000
CLASSES = frozenset({*READ_FAULTS, *WRITE_FAULTS, *MISHAPS, "crash", "skew", "EIO", "ENOSPC"})
"""Every class of fault; one that was never injected fails the programme: absence of evidence is no evidence."""


@dataclass(slots=True)
class Tally:
    stories: int = 0
    lives: int = 0
    writes: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, told: Told) -> None:
        self.stories += 1
        self.lives += told.lives
        self.writes += told.writes
        self.injected += told.injected
        for one in told.wrong:
            self.wrong.append(f"make faults SEED={told.seed}: {one}")


def one_story(seed: int) -> Told:
    with _folder() as folder:
        return tell(seed, folder)


def one_end(which: tuple[str, int]) -> tuple[str, int, list[str]]:
    scenario, stop = which
    with _folder() as folder:
        return scenario, stop, ends_like_undisturbed(scenario, folder / "world", [stop])


def every_end() -> list[tuple[str, int]]:
    with _folder() as folder:
        return [
            (scenario, number + 1)
            for scenario in SCENARIOS
            for number in range(len(effects_of(scenario, folder / "whole")))
        ]


@contextmanager
def _folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(prefix="zx-world-", dir=memory if memory.is_dir() else None))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> int:
    env = os.environ
    if env.get("STOP_AT"):
        _, _, wrong = one_end((env["SCENARIO"], int(env["STOP_AT"])))
        print("\n".join(wrong) or "ends like an undisturbed push")
        return 1 if wrong else 0
    if env.get("SEED"):
        told = one_story(int(env["SEED"]))
        print("\n".join(told.wrong) or f"nothing wrong in {told.lives} lives; {_listed(told.injected)}")
        return 1 if told.wrong else 0
    return programme(int(env.get("SEEDS") or SEEDS))


def programme(seeds: int) -> int:
    began = time.monotonic()
    tally = Tally()
    ends = every_end()
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for told in pool.imap_unordered(one_story, range(seeds), chunksize=5):
            tally.add(told)
            _progress(f"{tally.stories:,} of {seeds:,} stories, {len(tally.wrong)} wrong")
        for done, (scenario, stop, wrong) in enumerate(pool.imap_unordered(one_end, ends, chunksize=5), 1):
            tally.wrong += [f'make faults SCENARIO="{scenario}" STOP_AT={stop}: {one}' for one in wrong]
            _progress(f"{done} of {len(ends)} ends")
    _print(tally, len(ends), time.monotonic() - began)
    return 1 if tally.wrong or CLASSES - tally.injected.keys() else 0


def _print(tally: Tally, ends: int, seconds: float) -> None:
    kinds = Counter(one.split(": ")[1].split(" ")[0] for one in tally.wrong)
    names = ("duplicate", "lost", "overwritten", "diverged", "stuck", "sent")
    print(f"\nfault programme · {tally.stories:,} stories · {seconds:,.0f} s on {os.cpu_count()} cores")
    print(f"lives {tally.lives:,} · writes sent {tally.writes:,} · faults injected {tally.injected.total():,}")
    print(f"  {_listed(tally.injected)}")
    print(f"pushes ended at an effect {ends:,} of {ends:,}, in {len(SCENARIOS)} scenarios")
    print(" · ".join(f"{name} {kinds[name]}" for name in names))
    for one in tally.wrong[:20]:
        print(one)
    if missing := sorted(CLASSES - tally.injected.keys()):
        print(f"never injected: {', '.join(missing)}")


def _listed(injected: Counter[str]) -> str:
    return " · ".join(f"{name} {number:,}" for name, number in sorted(injected.items()))


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
