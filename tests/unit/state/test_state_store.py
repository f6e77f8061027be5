"""State on disk: quiet, merged by git, of one pair only."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from zx.model.link import Entity, Link, SyncState
from zx.ports.state_store import OtherPair, StateDamaged
from zx.state.format import shard_name
from zx.state.store import TomlStateStore

INVOICES = Entity("Invoices", "Invoice")
PEOPLE = Entity("Contacts", "Contact")
BASE = {"Name": "0123456789abcdef"}


def store(folder: Path, tenants: tuple[str, str] = ("org", "tenant")) -> TomlStateStore:
    return TomlStateStore(folder / "state", pair="acme--books", tenants=tenants, new_lineage=lambda: "L1")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_there_is_an_empty_state_and_loading_writes_nothing(tmp_path: Path) -> None:
    assert store(tmp_path).load() == SyncState("", 0, {})
    assert tree(tmp_path) == {}
    assert store(tmp_path).save({}) == SyncState("", 0, {})
    assert tree(tmp_path) == {}


def test_links_come_back_and_equal_content_is_quiet(tmp_path: Path) -> None:
    links = {f"57{at}": Link(f"x{at}", at + 1, BASE) for at in range(100)}
    saved = store(tmp_path).save({(INVOICES, source_id): link for source_id, link in links.items()})
    assert saved == store(tmp_path).load() == SyncState("L1", 1, {INVOICES: links})
    before = tree(tmp_path)
    assert len(before) == 17 and "state/acme--books/links/Invoices-Invoice/a.toml" in before
    again = store(tmp_path)
    assert again.save({(INVOICES, "571"): Link("x1", 2, dict(BASE))}).serial == 1
    assert again.save({(INVOICES, "unknown"): None}).serial == 1
    assert tree(tmp_path) == before


def test_a_change_touches_its_shard_and_the_head_only(tmp_path: Path) -> None:
    links = {(INVOICES, f"57{at}"): Link(f"x{at}") for at in range(100)}
    store(tmp_path).save({**links, (PEOPLE, "1"): Link("c1")})
    before = tree(tmp_path)
    saved = store(tmp_path).save({(INVOICES, "571"): Link("x1", 2)})
    after = tree(tmp_path)
    assert saved.serial == 2
    shard = f"state/acme--books/links/Invoices-Invoice/{shard_name('571', 1)}.toml"
    assert {name for name in after if after[name] != before[name]} == {shard, "state/acme--books/zx.toml"}


def test_removing_the_last_link_of_a_shard_removes_the_file(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    assert store(tmp_path).save({(INVOICES, "1"): None}) == SyncState("L1", 2, {})
    assert not list((tmp_path / "state").rglob("links/*/*.toml"))
    assert store(tmp_path).load().links == {}


def test_the_state_of_another_pair_is_refused_with_the_cure(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    before = tree(tmp_path)
    with pytest.raises(OtherPair) as raised:
        store(tmp_path, ("org", "other tenant")).load()
    assert raised.value.place == "state/acme--books/zx.toml"
    assert "rm -r state/acme--books" in raised.value.advice
    assert b"tenant" not in b"".join(before.values())
    assert tree(tmp_path) == before


def test_damage_is_named_with_file_and_line_and_nothing_is_written(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    name = shard_name("1", 1)
    path = tmp_path / "state/acme--books/links/Invoices-Invoice" / f"{name}.toml"
    path.write_text(path.read_text() + "garbage\n")
    before = tree(tmp_path)
    with pytest.raises(StateDamaged) as raised:
        store(tmp_path).save({(INVOICES, "2"): Link("x2")})
    assert raised.value.place == f"state/acme--books/links/Invoices-Invoice/{name}.toml:3"
    assert tree(tmp_path) == before


def test_links_without_their_head_are_damage(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    (tmp_path / "state/acme--books/zx.toml").unlink()
    with pytest.raises(StateDamaged, match="missing"):
        store(tmp_path).load()


def test_finer_shards_are_read_and_kept(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    folder = tmp_path / "state/acme--books/links/Invoices-Invoice"
    (folder / f"{shard_name('1', 1)}.toml").rename(folder / f"{shard_name('1', 2)}.toml")
    fine = store(tmp_path)
    fine.save({(INVOICES, "1"): Link("x1", 2), (INVOICES, "2"): Link("x2")})
    assert sorted(path.stem for path in folder.iterdir()) == sorted({shard_name("1", 2), shard_name("2", 2)})
    assert store(tmp_path).load().links[INVOICES] == {"1": Link("x1", 2), "2": Link("x2")}


def test_one_record_in_two_shards_is_refused(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    folder = tmp_path / "state/acme--books/links/Invoices-Invoice"
    path = folder / f"{shard_name('1', 1)}.toml"
    (folder / "zz.toml").write_bytes(path.read_bytes())
    with pytest.raises(StateDamaged, match="linked twice"):
        store(tmp_path).load()


def test_a_checkout_during_the_work_is_noticed_before_anything_is_written(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    held = store(tmp_path)
    held.load()
    store(tmp_path).save({(INVOICES, "1"): Link("x9", 5)})
    before = tree(tmp_path)
    with pytest.raises(StateDamaged, match="changed on disk"):
        held.save({(INVOICES, "1"): Link("x1", 2)})
    assert tree(tmp_path) == before


def test_a_save_that_stops_at_any_file_leaves_a_readable_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zx.state.store as room

    real = room.atomic_write
    old = {(INVOICES, str(at)): Link(f"x{at}") for at in range(40)}
    new = {(INVOICES, str(at)): Link(f"x{at}", 2, BASE) for at in range(40)}
    for stop_at in range(18):
        folder = tmp_path / str(stop_at)
        store(folder).save(dict(old))
        left = stop_at

        def write(path: Path, data: bytes, mode: int = 0o644) -> None:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            real(path, data, mode)

        monkeypatch.setattr(room, "atomic_write", write)
        with contextlib.suppress(KeyboardInterrupt):
            store(folder).save(dict(new))
        monkeypatch.setattr(room, "atomic_write", real)
        state = store(folder).load()
        assert len(state.links[INVOICES]) == 40
        for source_id, link in state.links[INVOICES].items():
            assert link in (old[(INVOICES, source_id)], new[(INVOICES, source_id)])
        # Serial first: content never changes under an old serial.
        assert state.serial == (2 if stop_at else 1)
        assert store(folder).save(dict(new)).links[INVOICES] == {key[1]: link for key, link in new.items()}


def test_left_over_temporary_files_go_with_the_next_save(tmp_path: Path) -> None:
    store(tmp_path).save({(INVOICES, "1"): Link("x1")})
    leftover = tmp_path / "state/acme--books/.zx.toml.0123456789ab.zx-tmp"
    leftover.write_text("half")
    store(tmp_path).load()
    assert leftover.exists()
    store(tmp_path).save({(INVOICES, "1"): Link("x1", 2)})
    assert not leftover.exists()


def test_new_links_go_to_finer_shards_when_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zx.state.store._LONG_SHARD", 2)
    links = {str(at): Link(f"x{at}") for at in range(30)}
    store(tmp_path).save({(INVOICES, source_id): link for source_id, link in links.items()})
    more = {str(at): Link(f"x{at}") for at in range(30, 60)}
    store(tmp_path).save({(INVOICES, source_id): link for source_id, link in more.items()})
    names = {path.stem for path in (tmp_path / "state").rglob("links/*/*.toml")}
    assert {len(name) for name in names} == {1, 2}
    assert store(tmp_path).load().links[INVOICES] == {**links, **more}
