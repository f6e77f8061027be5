from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from zx.diagnostics.diagnostic import Diagnostic
from zx.workspace.config import discover, load
from zx.workspace.workspace import ConfigError, Reach

Make = Callable[[str], Path]


def mistakes(root: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(ConfigError) as caught:
        load(root)
    return caught.value.diagnostics


def only(root: Path) -> Diagnostic:
    found = mistakes(root)
    assert len(found) == 1, found
    return found[0]


def test_a_good_file_is_read_in_full(workspace: Make, good: str) -> None:
    loaded = load(workspace(good))
    assert list(loaded.connections) == ["zoho.acme", "zoho.demo", "xero.books", "xero.demo"]
    assert loaded.connections["zoho.acme"].reach is Reach.SERVICE
    assert loaded.connections["zoho.acme"].data_centre == "com.au"
    assert loaded.connections["zoho.demo"].reach is Reach.EMBEDDED
    assert loaded.connections["zoho.demo"].data is None
    assert loaded.connections["xero.demo"].data == loaded.root / "fixtures" / "xero"
    sync = loaded.syncs["au"]
    assert (sync.pair, sync.timezone, sync.every.period_s, sync.every.minute) == (
        "acme--books",
        "Australia/Sydney",
        3600,
        5,
    )
    assert {name: setting.value for name, setting in sync.settings.items()} == {
        "prefix": "AU-",
        "start_date": "2026-07-01",
        "rounding_limit": Decimal("0.05"),
        "due_days": Decimal(30),
        "create_items": True,
    }
    assert (loaded.run.push, loaded.run.max_total, loaded.run.max_changed_share, loaded.run.keep_days) == (
        "never",
        Decimal("50000.00"),
        Decimal(20),
        30,
    )


def test_a_setting_knows_where_its_value_stands(workspace: Make, good: str) -> None:
    span = load(workspace(good)).syncs["au"].settings["prefix"].span
    assert (span.file, span.line, span.column, span.end_column) == ("zx.toml", 21, 10, 15)


def test_text_that_is_no_toml_names_the_line(workspace: Make, good: str) -> None:
    found = only(workspace(good.replace('tenant = "2b1f"', "tenant = 2b1f")))
    assert (found.code, found.span.line) == ("E0650", 6)


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "zx.toml").write_bytes(b"version = 1\n# caf\xe9\n")
    found = only(tmp_path)
    assert (found.code, found.span.line) == ("E0650", 2)


def test_hostile_nesting_is_refused_quickly(workspace: Make) -> None:
    found = only(workspace("version = 1\nx = " + "[" * 5000 + "\n"))
    assert (found.code, found.span.line) == ("E0650", 2)
    found = only(workspace("version = 1\n" + "a." * 5000 + "b = 1\n"))
    assert found.code == "E0650"


def test_an_unknown_key_comes_with_the_near_one(workspace: Make, good: str) -> None:
    found = only(workspace(good.replace("timezone =", 'timezone = "UTC"\ntimezon =')))
    assert (found.code, found.span.line, found.fix) == ("E0651", 18, "timezone")


@pytest.mark.parametrize(
    "case",
    [
        ("version = 1", "", "E0654", 1),
        ("version = 1", "version = 2", "E0654", 1),
        ("version = 1", "version = true", "E0654", 1),
        ('zoho = "acme"', 'zoho = "akme"', "E0655", 14),
        ('zoho = "acme"\n', "", "E0653", 13),
        ('timezone = "Australia/Sydney"\n', "", "E0653", 13),
        ('"Australia/Sydney"', '"Australia/Sidney"', "E0658", 17),
        ('"Australia/Sydney"', '"../etc/passwd"', "E0658", 17),
        ('"Australia/Sydney"', '""', "E0658", 17),
        ('"1h at :05"', '"sometimes"', "E0652", 18),
        ('"1h at :05"', '"15m at :05"', "E0652", 18),
        ('"fixtures/xero"', '"fixtures/none"', "E0657", 11),
        ('"fixtures/xero"', '"../elsewhere"', "E0657", 11),
        (
            'sandbox = true\n[xero.demo]\nsandbox = "fixtures/xero"',
            'api = "http://10.1.2.3:80"\n[xero.demo]',
            "E0656",
            9,
        ),
        ('sandbox = true\n[xero.demo]\nsandbox = "fixtures/xero"', 'api = "127.0.0.1:80"\n[xero.demo]', "E0652", 9),
        ('rules = ["rules/*.zx"]', 'rules = ["../*.zx"]', "E0652", 16),
        ('rules = ["rules/*.zx"]', 'rules = "rules/*.zx"', "E0652", 16),
        ("prefix =", "prefix = []\nx =", "E0652", 21),
        ('push = "never"', 'push = "sometimes"', "E0652", 28),
        ('keep = "30 days"', 'keep = "a while"', "E0652", 31),
        ('data_centre = "com.au"', 'data_centre = "au"', "E0652", 4),
        ('data_centre = "com.au"', "settle = 5", "E0652", 4),
        ("[zoho.demo]", '[zoho."a--b"]', "E0652", 8),
    ],
)
def test_each_mistake_has_its_code_and_line(workspace: Make, good: str, case: tuple[str, str, str, int]) -> None:
    old, new, code, line = case
    assert old in good
    found = only(workspace(good.replace(old, new)))
    assert (found.code, found.span.line) == (code, line)


def test_all_mistakes_are_told_at_once_in_order(workspace: Make, good: str) -> None:
    text = good.replace('"never"', "3").replace('zoho = "acme"', 'zoho = "other"')
    assert [found.span.line for found in mistakes(workspace(text))] == [14, 28]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8702", "http://localhost:9", "http://[::1]:8702/"])
def test_a_simulator_on_this_machine_is_accepted(workspace: Make, good: str, address: str) -> None:
    text = good.replace('sandbox = "fixtures/xero"', f'api = "{address}"')
    connection = load(workspace(text)).connections["xero.demo"]
    assert (connection.reach, connection.api) == (Reach.SIMULATOR, address.rstrip("/"))


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    found = only(tmp_path)
    assert found.help is not None
    assert "zx init" in found.help


def test_the_root_is_found_from_below(workspace: Make, good: str, tmp_path: Path) -> None:
    root = workspace(good)
    below = root / "rules" / "deep"
    below.mkdir(parents=True)
    assert discover(below) == root.resolve()


def test_a_byte_order_mark_is_read_over(workspace: Make, good: str) -> None:
    root = workspace("\ufeff" + good)
    assert list(load(root).syncs) == ["au"]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")], ids=["folder", "broken link"])
def test_a_zx_toml_that_is_no_file_is_told_of_and_not_passed_over(
    workspace: Make, good: str, make: Callable[[Path], None]
) -> None:
    root = workspace(good)
    inner = root / "inner"
    inner.mkdir()
    make(inner / "zx.toml")
    assert discover(inner) == inner
    assert only(inner).message.endswith("is no file")
