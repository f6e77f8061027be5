"""Workspaces, settings and addresses that cannot work: one clear cause, the right code, and nothing sent."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Zx
from tests.cli.small import SENT, counted, small_workspace
from zx.apply.results import Recovery
from zx.files.disk import DiskError
from zx.operations import push as operation
from zx.sandbox.zoho.service import ZohoService


@pytest.fixture
def place(home: Path) -> Path:
    return small_workspace(home)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("content", [b"map \xff", b"#" * ((1 << 20) + 1)], ids=["no text", "too long"])
def test_an_unreadable_rule_file_is_the_only_thing_told(place: Path, zx: Zx, content: bytes) -> None:
    """What it declares is missed in every other file; that would bury the cause."""
    (place / "rules" / "invoices.zx").write_bytes(content)
    for command in (("check",), ("preview",), ("push", "--yes")):
        ran = zx(*command)
        assert ran.code == 3
        assert (ran.out + ran.err).count("error[") == 1 and "rules/invoices.zx" in ran.out + ran.err


@pytest.mark.parametrize("pattern", ["rulez/*.zx", "rules/**.zx", "."])
def test_rules_that_are_not_there_are_the_only_thing_told(place: Path, zx: Zx, pattern: str) -> None:
    edit(place / "zx.toml", "rules/*.zx", pattern)
    ran = zx("preview")
    assert (ran.code, ran.out, ran.err.count("error[")) == (3, "", 1) and "zx.toml:13" in ran.err


def test_two_previews_at_one_instant_give_one_plan(place: Path, zx: Zx) -> None:
    now = {"ZX_NOW": "2026-03-31T09:00:00+11:00"}
    first, second = (json.loads(zx("preview", "--format", "json", env=now).out) for _ in range(2))
    for moving in ("calls",):
        assert first.pop(moving).keys() == second.pop(moving).keys()
    assert first == second


def test_an_instant_no_calendar_holds_is_refused(place: Path, zx: Zx) -> None:
    ran = zx("push", "--yes", env={"ZX_NOW": "9999-12-31T23:59:59Z"})
    assert (ran.code, ran.out) == (2, "") and "ZX_NOW" in ran.err


def test_something_else_at_the_port_is_named(place: Path, zx: Zx) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        edit(place / "zx.toml", 'sandbox = "fixtures/xero"', f'api = "http://127.0.0.1:{port}"')
        other.close()
        ran = zx("preview")
    assert (ran.code, ran.out) == (75, "") and str(port) in ran.err and "zx sandbox serve" in ran.err


def test_a_simulator_that_fails_prints_no_traceback(place: Path, zx: Zx, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: ZohoService, request: object) -> None:
        raise KeyError("a mistake of the simulator")

    monkeypatch.setattr(ZohoService, "answer", failing)
    monkeypatch.setattr("zx.adapters.http.client.BACKOFF_S", ())
    ran = zx("preview")
    assert (ran.code, ran.out) == (75, "")
    assert "zoho.demo" in ran.err and "Traceback" not in ran.err


def test_a_report_that_cannot_be_written_does_not_hide_what_was_sent(place: Path, zx: Zx) -> None:
    (place / "reports").write_text("no folder", encoding="utf-8")
    ran = zx("push", "--yes", "--format", "json")
    assert ran.code == 74
    assert {action["outcome"] for action in json.loads(ran.out)["actions"]} == {"done"}
    assert "14 done" in ran.err and "reports" in ran.err
    (place / "reports").unlink()
    assert zx("push", "--yes").code == 0
    assert counted(json.loads(zx("sandbox", "dump", "xero.demo").out)) == SENT


def test_a_disk_that_refuses_the_recovery_stops_the_push(place: Path, zx: Zx, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = DiskError(place / "state", "Read-only file system", "the file was not changed", "check it")
    monkeypatch.setattr(operation, "recover", lambda **_: Recovery(0, (), 0, 0.0, refused))
    ran = zx("push", "--yes")
    assert (ran.code, ran.out) == (74, "") and "Read-only" in ran.err
    assert not json.loads(zx("sandbox", "dump", "xero.demo").out)["Invoices"]


def test_what_was_cut_from_a_torn_journal_is_told(place: Path, zx: Zx) -> None:
    assert zx("push", "--yes").code == 0
    (journal,) = place.glob(".zx/pairs/*/journal/*.journal")
    with journal.open("ab") as file:
        file.write(b"0f3a 12 {")
    assert "were cut" in zx("push", "--yes").err
    assert "were cut" not in zx("push", "--yes").err
