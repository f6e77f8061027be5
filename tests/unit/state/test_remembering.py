"""The state that git holds beside the memory of this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.state.test_postings import POSTING

from zx.files.disk import DiskError
from zx.model.link import Entity, Link, SyncState
from zx.state.memory import LinkMemory
from zx.state.remembering import RememberingStore
from zx.state.store import TomlStateStore

INVOICES = Entity("Invoices", "Invoice")
OLD, NEW = Link("x1", 1, {"Date": "0123456789abcdef"}), Link("x1", 2, {"Date": "fedcba9876543210"})


class Here:
    """One workspace and one machine; ``said`` is what a person read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []

    def store(self) -> RememberingStore:
        tracked = TomlStateStore(
            self.folder / "state", pair="acme--books", tenants=("org", "tenant"), new_lineage=lambda: "ab12"
        )
        return RememberingStore(tracked, LinkMemory(self.folder / "home" / "links.sqlite"), self.said.append)

    def save(self, **links: Link | None) -> SyncState:
        store = self.store()
        store.load()
        return store.save({(INVOICES, name): link for name, link in links.items()})

    def roll_back(self, to: Path) -> None:
        shutil.rmtree(self.folder / "state")
        if to.exists():
            shutil.copytree(to, self.folder / "state")


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


def test_while_both_go_together_the_tracked_state_is_taken_as_it_is(here: Here) -> None:
    here.save(a=OLD, b=OLD)
    shard = next((here.folder / "state").rglob("links/*/*.toml"))
    shard.unlink()  # somebody takes links out by hand
    assert len(here.store().load().links.get(INVOICES, {})) == 1
    assert here.said == []


@pytest.mark.parametrize("older", ["gone", "before"])
def test_an_older_state_has_what_was_sent_since(here: Here, older: str) -> None:
    here.save(a=OLD)
    shutil.copytree(here.folder / "state", here.folder / "before")
    here.save(a=NEW, b=OLD)
    here.roll_back(here.folder / older)
    store = here.store()
    assert dict(store.load().links[INVOICES]) == {"a": NEW, "b": OLD}
    assert len(here.said) == 1 and "state/ is older than what was sent from here" in here.said[0]
    store.agree()
    alone = TomlStateStore(here.folder / "state", pair="acme--books", tenants=("org", "tenant"), new_lineage=lambda: "")
    assert dict(alone.load().links[INVOICES]) == {"a": NEW, "b": OLD}
    assert here.store().load() and len(here.said) == 1


def test_what_git_brings_is_remembered_and_later_writes_of_others_count(here: Here) -> None:
    here.save(a=OLD)
    other = TomlStateStore(here.folder / "state", pair="acme--books", tenants=("org", "tenant"), new_lineage=lambda: "")
    other.load()
    other.save({(INVOICES, "a"): NEW, (INVOICES, "c"): OLD})  # another machine, by git
    store = here.store()
    assert store.load().links[INVOICES]["a"] == NEW
    store.agree()
    here.roll_back(here.folder / "gone")
    assert dict(here.store().load().links[INVOICES]) == {"a": NEW, "c": OLD}


def test_summaries_are_remembered_too(here: Here) -> None:
    store = here.store()
    store.load()
    store.save({}, [POSTING])
    here.roll_back(here.folder / "gone")
    assert here.store().load().postings == {POSTING.number: POSTING}


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_memory_is_no_memory_and_is_made_anew(here: Here, damage: bytes) -> None:
    here.save(a=OLD)
    (here.folder / "home" / "links.sqlite").write_bytes(damage)
    assert here.store().load().links[INVOICES]["a"] == OLD
    here.save(b=OLD)
    here.roll_back(here.folder / "gone")
    assert dict(here.store().load().links[INVOICES]) == {"a": OLD, "b": OLD}


def test_a_memory_that_is_a_link_is_refused(here: Here) -> None:
    home = here.folder / "home"
    home.mkdir(mode=0o700)
    (home / "links.sqlite").symlink_to(here.folder / "elsewhere")
    with pytest.raises(DiskError, match="symbolic link"):
        here.save(a=OLD)
    assert not (here.folder / "elsewhere").exists()


def test_a_link_taken_out_is_forgotten(here: Here) -> None:
    here.save(a=OLD, b=OLD)
    here.save(a=None)
    here.roll_back(here.folder / "gone")
    assert set(here.store().load().links[INVOICES]) == {"b"}
