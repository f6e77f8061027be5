"""Two services, a workspace and time, in one process: the real engine runs on them, one life after another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

import zx.files.disk
import zx.files.lock
import zx.operations.pull
from tests.cli.small import small_workspace
from tests.world.clocks import LifeClock, TrueClock
from tests.world.disk import FaultyOs
from tests.world.effects import Crash, Effects
from tests.world.wire import CALM, Weather, Wire
from zx.catalog.schema import Catalogue
from zx.compile.program import Program
from zx.operations.desk import Desk
from zx.operations.metadata import Metadata
from zx.operations.push import Hooks, Pushed, Wishes, push
from zx.operations.ready import ready
from zx.sandbox.app import Sandbox, open_sandbox
from zx.sandbox.transport import SandboxTransport
from zx.workspace.config import load
from zx.workspace.environment import Environment
from zx.workspace.paths import Paths
from zx.workspace.rules import rule_files
from zx.workspace.workspace import Sync

BASES = {"zoho": "http://127.0.0.1:9701", "xero": "http://127.0.0.1:9702"}
START = datetime(2026, 4, 20, 9, tzinfo=UTC)
SETTLE_S = 600.0


@dataclass(frozen=True, slots=True)
class Lived:
    """How one life ended: with a result, an error that a face would tell, or a crash."""

    pushed: Pushed | None
    error: Exception | None
    crashed: str | None
    effects: Effects


class World:
    """``folder`` must be empty. The services live on when zx does not. ``settings``: more TOML for the sync."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.clock = TrueClock(START)
        self.root = folder / "work"
        self.home = folder / "home"
        self.root.mkdir(parents=True)
        small_workspace(self.root)
        data = {system: self.root / "fixtures" / system for system in BASES}
        self.services: dict[str, Sandbox] = {
            "zoho": open_sandbox("zoho", Path(":memory:"), data["zoho"], self.clock),
            "xero": open_sandbox("xero", Path(":memory:"), data["xero"], self.clock),
        }
        config = (self.root / "zx.toml").read_text(encoding="utf-8")
        for system, base in BASES.items():
            config = config.replace(f'sandbox = "fixtures/{system}"', f'api = "{base}"\nsettle = {SETTLE_S:.0f}', 1)
        (self.root / "zx.toml").write_text(config + settings, encoding="utf-8")
        self.unannounced: list[str] = []
        """Writes that left without an intent on the disk (G5)."""

    # One life of zx

    def push(
        self,
        *,
        effects: Effects | None = None,
        weather: Weather = CALM,
        chance: Random | None = None,
        refuse: tuple[str, int] | None = None,
        skew: timedelta = timedelta(0),
        power: bool = False,
    ) -> Lived:
        """``zx push --yes`` of one process. ``power``: when it crashes, so does the machine."""
        effects = effects or Effects()
        chance = chance or Random(0)
        disk = FaultyOs(effects, chance, refuse)
        desk = self._desk(effects, weather, disk, skew, chance.uniform(0, 5000))
        hooks = Hooks(agree=lambda _: True, event=lambda _: None, stop=lambda: False)
        pushed: Pushed | None = None
        error: Exception | None = None
        crashed = None
        with _in_place(disk):
            try:
                pushed = push(desk, desk.only_sync(None), Wishes(), hooks)
            except Crash as crash:
                crashed = str(crash)
            except Exception as told:
                error = told
        disk.let_go()
        if crashed is not None and power:
            disk.lose_power()
        effects.injected.update(disk.refused)
        return Lived(pushed, error, crashed, effects)

    def _desk(self, effects: Effects, weather: Weather, disk: FaultyOs, skew: timedelta, began: float) -> Desk:
        # With its key lost, zx would know no base and ask about every change: another story (reliability 1.9).
        environment = Environment(self.home, state_key="world")
        wires = {
            base: Wire(SandboxTransport(self.services[system]), effects, self.clock, weather, self._watch(disk))
            for system, base in BASES.items()
        }
        return Desk(
            load(self.root),
            Paths(self.root, environment),
            environment,
            LifeClock(self.clock, effects, skew, began),
            lambda _: None,
            lambda *_: None,
            wires,
        )

    def _watch(self, disk: FaultyOs) -> Callable[[requests.PreparedRequest], None]:
        def sees(request: requests.PreparedRequest) -> None:
            key = request.headers.get("Idempotency-Key")
            journals = self.home.glob("zx/*/journal/*.journal")
            if key is None or not any(key.encode() in disk.durable(path) for path in journals):
                self.unannounced.append(f"{request.method} {request.url}")

        return sees

    # What people do

    def edit(self, system: str, collection: str, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        self.clock.pass_time(1)
        return self.services[system].edit(collection, record_id, fields)

    def dump(self, system: str) -> dict[str, list[dict[str, Any]]]:
        return self.services[system].dump()

    def links(self) -> dict[str, str]:
        """Source id → target id of every link that the state on disk holds."""
        found = {}
        for path in (self.root / "state").rglob("links/**/*.toml"):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith('"'):
                    source, _, rest = line.partition(" = ")
                    found[f"{path.parent.name}:{json.loads(source)}"] = rest.split('"')[1]
        return found

    def forget(self, *, journal: bool = False, state: bool = False) -> None:
        """Somebody throws away what zx remembers."""
        if journal:
            shutil.rmtree(self.home, ignore_errors=True)
        if state:
            shutil.rmtree(self.root / "state", ignore_errors=True)

    def keep_state(self, at: Path) -> None:
        shutil.rmtree(at, ignore_errors=True)
        if (self.root / "state").exists():
            shutil.copytree(self.root / "state", at)

    def bring_back_state(self, at: Path) -> None:
        """git puts an older state tree there (F36)."""
        self.forget(state=True)
        if at.exists():
            shutil.copytree(at, self.root / "state")

    def close(self) -> None:
        for service in self.services.values():
            service.close()


@contextmanager
def _in_place(disk: FaultyOs) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zx.files.disk, "os", disk)
        patch.setattr(zx.files.lock, "os", disk)
        patch.setattr(zx.operations.pull, "ready", _compiled_once)
        yield


def _compiled_once(desk: Desk, sync: Sync, metadata: Metadata) -> tuple[Program, Catalogue]:
    """The rules are not what these tests shake, and compiling them a thousand times would take the time they have."""
    sources = rule_files(desk.workspace.root, sync).sources
    settings = {name: str(setting.value) for name, setting in sync.settings.items()}
    said = json.dumps([dict(sources), settings, metadata.zoho, metadata.xero], sort_keys=True, default=str)
    if said not in _programs():
        _programs()[said] = ready(desk, sync, metadata)
    return _programs()[said]


@cache
def _programs() -> dict[str, tuple[Program, Catalogue]]:
    return {}
