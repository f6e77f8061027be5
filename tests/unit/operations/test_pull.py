from __future__ import annotations

from typing import Any

import pytest

from zx.catalog.load import packaged
from zx.catalog.schema import Catalogue
from zx.compile.program import Program
from zx.model.record import Kind, Record
from zx.operations import pull as pull_module
from zx.operations.errors import NothingKept
from zx.operations.kept import last_metadata
from zx.operations.metadata import Metadata
from zx.operations.offline import basis, last_snapshot
from zx.operations.pull import pull
from zx.ports.remote import NotReached
from zx.workspace.workspace import Sync

from .conftest import World

KINDS = frozenset(Kind("zoho", name) for name in ("Accounts", "Invoices")) | {Kind("xero", "Invoice")}


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that read three kinds."""

    def ready(desk: Any, sync: Sync, metadata: Metadata) -> tuple[Program, Catalogue]:
        return Program({}, KINDS, "digest", {}, {}), packaged()

    monkeypatch.setattr(pull_module, "ready", ready)


def account(number: str, name: str) -> Record:
    values = {"id": number, "Account_Name": name}
    return Record(Kind("zoho", "Accounts"), number, "2026-03-01T00:00:00+00:00", values)


def test_the_first_pull_is_whole_and_the_next_begins_ten_minutes_early(world: World) -> None:
    world.zoho.records["Accounts"] = [account("1", "Ibis")]
    with world.opened() as pair:
        first = pull(world.desk, pair)
        second = pull(world.desk, pair)
    assert first.reads["zoho.demo"].whole
    assert not second.reads["zoho.demo"].whole
    assert world.zoho.asked == [
        ("Accounts", None),
        ("Invoices", None),
        ("Accounts", "2026-03-31T08:50:00+00:00"),
        ("Invoices", "2026-03-31T08:50:00+00:00"),
    ]
    assert [kind for kind, _ in world.xero.asked] == ["Invoice", "Invoice"]
    assert first.ground.snapshot.digest == second.ground.snapshot.digest


def test_changes_and_deletions_reach_the_next_snapshot(world: World) -> None:
    world.zoho.records["Accounts"] = [account("1", "Ibis"), account("2", "Plover")]
    with world.opened() as pair:
        pull(world.desk, pair)
        world.zoho.records["Accounts"] = [account("1", "Ibis Books")]
        world.zoho.deleted = ("2",)
        snapshot = pull(world.desk, pair).ground.snapshot
    names = [record.values["Account_Name"] for record in snapshot.records(Kind("zoho", "Accounts"))]
    assert names == ["Ibis Books"]


def test_what_was_read_stays_read_when_a_later_kind_fails(world: World) -> None:
    world.zoho.broken = {"Invoices"}
    with world.opened() as pair:
        with pytest.raises(NotReached):
            pull(world.desk, pair)
        assert last_snapshot(world.desk, pair.sync) is None
        world.zoho.broken = set()
        pull(world.desk, pair)
    assert world.zoho.asked[2:] == [("Accounts", "2026-03-31T08:50:00+00:00"), ("Invoices", None)]


def test_another_organisation_is_read_anew_and_said(world: World) -> None:
    world.zoho.records["Accounts"] = [account("1", "Ibis")]
    with world.opened() as pair:
        pull(world.desk, pair)
        world.zoho.id, world.zoho.records = "2", {"Accounts": [account("9", "Heron")]}
        pulled = pull(world.desk, pair)
    assert pulled.reads["zoho.demo"].whole
    assert [record.id for record in pulled.ground.snapshot.records(Kind("zoho", "Accounts"))] == ["9"]
    assert any("another organisation" in line for line in world.heard)


def test_a_cache_that_cannot_be_read_is_made_anew_and_said(world: World) -> None:
    with world.opened() as pair:
        pull(world.desk, pair)
        world.desk.paths.cache(pair.sync).write_bytes(b"not a database")
        assert pull(world.desk, pair).reads["zoho.demo"].whole
    assert any("made anew" in line for line in world.heard)


def test_before_the_first_pull_nothing_is_known_and_no_file_is_made(world: World) -> None:
    sync = world.desk.only_sync(None)
    assert last_snapshot(world.desk, sync) is None
    assert last_metadata(world.desk, sync) == Metadata()
    with pytest.raises(NothingKept, match="nothing was read"):
        basis(world.desk, sync, None)
    assert not world.desk.paths.private.exists()


def test_metadata_of_both_sides_is_kept_for_the_next_check(world: World) -> None:
    with world.opened() as pair:
        pull(world.desk, pair)
    kept = last_metadata(world.desk, world.desk.only_sync(None))
    assert (kept.zoho, kept.xero) == ({"of": "1"}, {"of": "1"})
    assert set(kept.read_at or {}) == {"zoho", "xero"}
