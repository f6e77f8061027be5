"""A desk over a small workspace, and remote systems that only count what they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation
from zx.operations.connections import Opened, Pair
from zx.operations.desk import Desk, open_desk
from zx.ports.remote import NotReached, Page, Progress
from zx.workspace.environment import Environment

ZX_TOML = """\
version = 1
[zoho.demo]
sandbox = true
[xero.demo]
sandbox = true
[sync.demo]
zoho = "demo"
xero = "demo"
rules = ["rules/*.zx"]
timezone = "UTC"
"""


@dataclass
class FakeReader:
    """Answers from ``records``; ``asked`` keeps what was asked, ``broken`` names kinds that cannot be reached."""

    name: str
    id: str = "1"
    records: dict[str, list[Record]] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    broken: set[str] = field(default_factory=set)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def organisation(self) -> Organisation:
        return Organisation(self.name, self.id, f"Firm {self.id}", "AUD", "UTC", True, 2.0)

    def metadata(self) -> Mapping[str, Any]:
        return {"of": self.id}

    def server_time(self) -> str:
        return "2026-03-31T09:00:00+00:00"

    def changed(self, kind: Kind, since: str | None, progress: Progress) -> Page:
        self.asked.append((kind.name, since))
        if kind.name in self.broken:
            raise NotReached(self.name, f"{self.name} was not reached")
        return Page(tuple(self.records.get(kind.name, ())), self.deleted)

    def calls(self) -> Mapping[str, int]:
        return {"made": len(self.asked), "left_today": 900}


class NoWriter:
    batch = 50


@dataclass
class World:
    desk: Desk
    zoho: FakeReader
    xero: FakeReader
    heard: list[str]

    @contextmanager
    def opened(self) -> Iterator[Pair]:
        sync = self.desk.only_sync(None)
        writer: Any = NoWriter()
        yield Pair(sync, Opened(sync.zoho, self.zoho, writer), Opened(sync.xero, self.xero, writer))


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "zx.toml").write_text(ZX_TOML, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    heard: list[str] = []
    environment = Environment(tmp_path / "home", now="2026-03-31T09:00:00+00:00")
    desk = open_desk(tmp_path, environment, say=heard.append, progress=lambda what, done, total: None)
    return World(desk, FakeReader("zoho.demo"), FakeReader("xero.demo"), heard)
