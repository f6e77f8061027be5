"""The journal: a fold over frames, torn only at its end, poisoned by the first failed write."""

from __future__ import annotations

import dataclasses
import errno
import stat
from pathlib import Path

import pytest

from zx.files.disk import AppendFile, DiskError, disk_error
from zx.ports.journal import Close, Intent
from zx.state.journal import FileJournal, JournalDamaged

INTENT = Intent(
    op="zx1a",
    entity="Invoices-Invoice",
    operation="create",
    source_id="57",
    target_id=None,
    target_kind="xero.Invoice",
    attempt=1,
    key="zx1k",
    body_digest="b" * 32,
    marker=("InvoiceNumber", "AU-1"),
    enforced=True,
    base={"Date": "0" * 16},
    generation=1,
    run="r",
    plan="p",
)


def intent(op: str, **changes: object) -> Intent:
    return dataclasses.replace(INTENT, op=op, **changes)  # type: ignore[arg-type]


def newest(folder: Path) -> Path:
    return sorted(folder.glob("*.journal"))[-1]


def test_what_was_noted_is_there_at_the_next_start(tmp_path: Path) -> None:
    first = FileJournal(tmp_path / "j")
    first.intend([intent("a"), intent("b", source_id="58", attempt=4)])
    first.close([Close("a", "done", "x1")])
    first.release()
    again = FileJournal(tmp_path / "j")
    assert again.doubts() == [intent("b", source_id="58", attempt=4)]
    assert again.unsaved() == [(intent("a"), Close("a", "done", "x1"))]
    assert again.attempts("Invoices-Invoice", "58") == 4
    assert again.attempts("Invoices-Invoice", "59") == 0
    again.checkpoint(7)
    again.release()
    assert FileJournal(tmp_path / "j", readonly=True).unsaved() == []
    assert stat.S_IMODE(newest(tmp_path / "j").stat().st_mode) == 0o600


def test_an_intent_is_one_frame_and_synced_before_intend_returns(tmp_path: Path) -> None:
    calls: list[str] = []

    class Watched(AppendFile):
        def append(self, data: bytes) -> None:
            calls.append(f"append {len(data.splitlines())}")
            super().append(data)

        def sync(self) -> None:
            super().sync()
            calls.append("sync")

    journal = FileJournal(tmp_path / "j", open_file=Watched)
    journal.intend([intent("a"), intent("b")])
    assert calls == ["append 1", "sync"]


def test_a_torn_end_is_cut_at_any_byte_and_said(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j")
    journal.intend([intent("a")])
    whole = newest(tmp_path / "j").stat().st_size
    journal.close([Close("a", "done", "x1")])
    journal.release()
    data = newest(tmp_path / "j").read_bytes()
    for size in range(whole, len(data)):
        newest(tmp_path / "j").write_bytes(data[:size])
        reading = FileJournal(tmp_path / "j", readonly=True)
        assert [item.op for item in reading.doubts()] == ["a"]
        assert newest(tmp_path / "j").stat().st_size == size, "reading never repairs"
        writing = FileJournal(tmp_path / "j")
        assert (writing.cut is None) == (size == whole)
        assert newest(tmp_path / "j").stat().st_size == whole
        writing.close([Close("a", "adopted", "x1")])
        writing.release()
        assert FileJournal(tmp_path / "j", readonly=True).doubts() == []


def test_zeros_after_a_power_loss_are_a_torn_end(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j")
    journal.intend([intent("a")])
    journal.release()
    with newest(tmp_path / "j").open("ab") as file:
        file.write(b"\0" * 4096)
    again = FileJournal(tmp_path / "j")
    assert again.cut is not None and "4096 bytes" in again.cut
    assert [item.op for item in again.doubts()] == ["a"]


def test_a_bad_frame_before_a_good_one_stops_zx(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j")
    journal.intend([intent("a")])
    journal.intend([intent("b")])
    journal.intend([intent("c")])
    journal.release()
    path = newest(tmp_path / "j")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"AU-1", b"AU-2") + lines[2])
    with pytest.raises(JournalDamaged, match="damaged") as raised:
        FileJournal(tmp_path / "j")
    assert "nothing was sent" in raised.value.advice
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(JournalDamaged, match="before this one is missing"):
        FileJournal(tmp_path / "j")


def test_segments_turn_over_and_finished_ones_go(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", segment_bytes=2000)
    for at in range(30):
        journal.intend([intent(f"op{at}", source_id=str(at))])
        journal.close([Close(f"op{at}", "done", f"x{at}")])
    assert len(list((tmp_path / "j").glob("*.journal"))) > 5
    journal.intend([intent("late", source_id="late")])
    journal.checkpoint(3)
    left = sorted(path.name for path in (tmp_path / "j").glob("*.journal"))
    assert len(left) == 3
    journal.release()
    again = FileJournal(tmp_path / "j", segment_bytes=2000)
    assert [item.op for item in again.doubts()] == ["late"] and again.unsaved() == []


def test_a_segment_with_a_doubt_stays(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", segment_bytes=2000)
    journal.intend([intent("doubt", source_id="0")])
    for at in range(30):
        journal.intend([intent(f"op{at}", source_id=str(at))])
        journal.close([Close(f"op{at}", "rejected")])
    journal.checkpoint(1)
    assert (tmp_path / "j" / "00000001.journal").exists()
    journal.release()
    assert [item.op for item in FileJournal(tmp_path / "j").doubts()] == ["doubt"]


def test_a_missing_segment_stops_zx(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", segment_bytes=500)
    for at in range(4):
        journal.intend([intent(f"op{at}")])
    journal.release()
    (tmp_path / "j" / "00000002.journal").unlink()
    with pytest.raises(JournalDamaged, match="missing"):
        FileJournal(tmp_path / "j")


class Failing(AppendFile):
    failure: OSError | None = None
    where = "append"

    def append(self, data: bytes) -> None:
        if Failing.failure and self.where == "append":
            super().append(data[:10])
            error, Failing.failure = Failing.failure, None
            raise disk_error(self.path, error, "the entry was not written")
        super().append(data)

    def sync(self) -> None:
        if Failing.failure and self.where == "sync":
            error, Failing.failure = Failing.failure, None
            raise disk_error(self.path, error, "the entry may not survive a power loss")
        super().sync()


@pytest.mark.parametrize("where", ["append", "sync"])
def test_a_failed_write_poisons_the_journal_for_this_life(tmp_path: Path, where: str) -> None:
    journal = FileJournal(tmp_path / "j", open_file=Failing)
    journal.intend([intent("a")])
    Failing.where, Failing.failure = where, OSError(errno.EIO, "Input/output error")
    with pytest.raises(DiskError):
        journal.close([Close("a", "done", "x1")])
    for write in (lambda: journal.intend([intent("b")]), lambda: journal.close([Close("a", "done", "x1")])):
        with pytest.raises(DiskError):
            write()
    assert [item.op for item in journal.doubts()] == ["a"]
    journal.release()
    again = FileJournal(tmp_path / "j")
    assert [item.op for item in again.doubts()] == (["a"] if where == "append" else [])


def test_on_a_full_disk_the_outcome_of_what_was_sent_is_still_noted(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", open_file=Failing)
    journal.intend([intent("a")])
    assert (tmp_path / "j" / "reserve").stat().st_size == 1024 * 1024
    Failing.where, Failing.failure = "append", OSError(errno.ENOSPC, "No space left on device")
    journal.close([Close("a", "done", "x1")])
    assert not (tmp_path / "j" / "reserve").exists()
    journal.release()
    again = FileJournal(tmp_path / "j")
    assert again.cut is None and again.doubts() == []
    assert again.unsaved() == [(intent("a"), Close("a", "done", "x1"))]


def test_a_full_disk_takes_no_new_intent(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", open_file=Failing)
    Failing.where, Failing.failure = "append", OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(DiskError) as raised:
        journal.intend([intent("a")])
    assert raised.value.full and journal.doubts() == []


def test_reading_only_writes_nothing(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j", readonly=True)
    assert journal.doubts() == [] and not (tmp_path / "j").exists()
    with pytest.raises(ValueError, match="reading only"):
        journal.close([Close("a", "done")])


def test_one_operation_is_open_once(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "j")
    journal.intend([intent("a")])
    with pytest.raises(ValueError, match="open already"):
        journal.intend([intent("a")])
