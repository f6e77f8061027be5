"""The cache of what was read: exact, consistent, disposable."""

from __future__ import annotations

import sqlite3
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zx.cache.snapshots import NotRead, SnapshotCache
from zx.files.disk import DiskError
from zx.model.record import Kind, Record
from zx.model.snapshot import Organisation

INVOICES = Kind("zoho", "Invoices")
CONTACT = Kind("xero", "Contact")
ZOHO, XERO = "zoho.demo", "xero.demo"


def invoice(id: str, total: str = "10.50", version: str = "2026-03-31T04:05:06+00:00") -> Record:
    values: dict[str, Any] = {
        "id": id,
        "Grand_Total": Decimal(total),
        "Paid": True,
        "Invoiced_Items": [{"Quantity": Decimal("3"), "List_Price": Decimal("0.100000000000000000001")}],
    }
    return Record(INVOICES, id, version, values)


def fill(cache: SnapshotCache) -> None:
    for connection in (ZOHO, XERO):
        cache.set_organisation(Organisation(connection, connection[:4], "Demo", "AUD", "Australia/Sydney", True, 2.0))
        cache.set_read_at(connection, "2026-03-31T04:05:06+00:00")
        cache.set_metadata(connection, {"taxes": [{"percentage": Decimal("10.0")}]})


def opened(tmp_path: Path) -> SnapshotCache:
    return SnapshotCache(tmp_path / "private" / "cache.db")


def test_records_come_back_exactly_and_in_order(tmp_path: Path) -> None:
    with opened(tmp_path) as cache:
        fill(cache)
        cache.apply(ZOHO, INVOICES, [invoice("2"), invoice("10"), invoice("1", "0.10")], [], whole=True)
        snapshot = cache.snapshot(ZOHO, XERO)
        assert list(snapshot.records(INVOICES)) == [invoice("1", "0.10"), invoice("10"), invoice("2")]
        found = snapshot.get(INVOICES, "1")
        assert found is not None and str(found.values["Grand_Total"]) == "0.10"
        assert snapshot.get(INVOICES, "9") is None and list(snapshot.records(CONTACT)) == []
        assert snapshot.zoho == Organisation(ZOHO, "zoho", "Demo", "AUD", "Australia/Sydney", True, 2.0)
        assert snapshot.read_at == {ZOHO: "2026-03-31T04:05:06+00:00", XERO: "2026-03-31T04:05:06+00:00"}
        cache.apply(ZOHO, INVOICES, [], ["1"], whole=False)
        assert snapshot.get(INVOICES, "1") is not None, "a snapshot is frozen"
    assert stat.S_IMODE((tmp_path / "private" / "cache.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700


def test_the_digest_does_not_depend_on_the_steps_of_reading(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as one, opened(tmp_path / "b") as two:
        for cache in (one, two):
            fill(cache)
        one.apply(ZOHO, INVOICES, [invoice("1"), invoice("2")], [], whole=True)
        two.apply(ZOHO, INVOICES, [invoice("3"), invoice("2", "99")], [], whole=True)
        assert one.snapshot(ZOHO, XERO).digest != two.snapshot(ZOHO, XERO).digest
        two.apply(ZOHO, INVOICES, [invoice("2"), invoice("1", "10.5")], ["3"], whole=False)
        two.set_read_at(ZOHO, "2026-04-01T00:00:00+00:00")
        assert one.snapshot(ZOHO, XERO).digest == two.snapshot(ZOHO, XERO).digest
        two.set_metadata(XERO, {"taxes": []})
        assert one.snapshot(ZOHO, XERO).digest != two.snapshot(ZOHO, XERO).digest


def test_a_whole_read_replaces_the_kind(tmp_path: Path) -> None:
    with opened(tmp_path) as cache:
        fill(cache)
        cache.apply(ZOHO, INVOICES, [invoice("1")], [], whole=True)
        cache.apply(XERO, CONTACT, [Record(CONTACT, "c", "1", {"ContactID": "c"})], [], whole=True)
        cache.apply(ZOHO, INVOICES, [invoice("2")], [], whole=True)
        snapshot = cache.snapshot(ZOHO, XERO)
        assert [record.id for record in snapshot.records(INVOICES)] == ["2"]
        assert [record.id for record in snapshot.records(CONTACT)] == ["c"]


def test_a_pull_that_dies_leaves_records_and_cursor_together(tmp_path: Path) -> None:
    with opened(tmp_path) as cache:
        fill(cache)
        cache.apply(ZOHO, INVOICES, [invoice("1")], [], whole=True)
        cache.set_cursor(ZOHO, INVOICES, "t1")
        with pytest.raises(KeyboardInterrupt), cache.transaction():
            cache.apply(ZOHO, INVOICES, [invoice("2")], ["1"], whole=False)
            cache.set_cursor(ZOHO, INVOICES, "t2")
            raise KeyboardInterrupt
        assert cache.cursor(ZOHO, INVOICES) == "t1"
        assert [record.id for record in cache.snapshot(ZOHO, XERO).records(INVOICES)] == ["1"]

        def dying() -> Any:
            yield invoice("3")
            raise ConnectionError

        with pytest.raises(ConnectionError):
            cache.apply(ZOHO, INVOICES, dying(), [], whole=True)
        assert [record.id for record in cache.snapshot(ZOHO, XERO).records(INVOICES)] == ["1"]


@pytest.mark.parametrize("damage", ["text", "format", "tables", "pages"])
def test_an_unusable_file_is_thrown_away_with_a_notice(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "private" / "cache.db"
    with opened(tmp_path) as cache:
        fill(cache)
        cache.apply(ZOHO, INVOICES, [invoice(str(at)) for at in range(500)], [], whole=True)
        assert cache.rebuilt is None
    if damage == "text":
        path.write_text("this is no database at all, and long enough to be one")
    elif damage == "pages":
        data = bytearray(path.read_bytes())
        data[8192:60000] = b"\x55" * (60000 - 8192)
        path.write_bytes(data)
    else:
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 99" if damage == "format" else "DROP TABLE cursor")
        database.commit()
        database.close()
    with opened(tmp_path) as cache:
        assert cache.rebuilt is not None and "made anew" in cache.rebuilt
        with pytest.raises(NotRead, match=r"zoho\.demo has not been read yet"):
            cache.snapshot(ZOHO, XERO)
        fill(cache)
    with opened(tmp_path) as cache:
        assert cache.rebuilt is None and cache.metadata(ZOHO) is not None


def test_forgetting_one_connection(tmp_path: Path) -> None:
    with opened(tmp_path) as cache:
        fill(cache)
        cache.apply(ZOHO, INVOICES, [invoice("1")], [], whole=True)
        cache.forget(XERO)
        assert cache.organisation(XERO) is None and cache.organisation(ZOHO) is not None
        cache.forget()
        assert cache.read_at(ZOHO) is None and cache.metadata(ZOHO) is None


def test_a_cache_that_is_being_written_is_read_and_never_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zx.cache.snapshots._BUSY_S", 0.0)
    with opened(tmp_path) as writer:
        fill(writer)
        with writer.transaction():
            writer.apply(ZOHO, INVOICES, [invoice("1")], [], whole=True)
            with opened(tmp_path) as reader:
                assert reader.rebuilt is None
                assert list(reader.snapshot(ZOHO, XERO).records(INVOICES)) == []
                with pytest.raises(DiskError, match="another zx is writing"):
                    reader.set_read_at(ZOHO, "now")
        assert len(list(writer.snapshot(ZOHO, XERO).records(INVOICES))) == 1
