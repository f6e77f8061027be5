"""Everything that goes wrong says what happened, what was not done, and what to do next; nothing is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.workspace import ZX, Place, environment, root_copy, served


def client_of(folder: Path, addresses: dict[str, Any]) -> Place:
    """A second workspace that reaches the served sandboxes over HTTP."""
    folder.mkdir()
    place = root_copy(folder)
    zoho, xero = addresses["zoho.demo"]["api"], addresses["xero.demo"]["api"]
    place.edit("zx.toml", "[zoho.demo]\nsandbox = true", f'[zoho.demo]\napi = "{zoho}"')
    place.edit("zx.toml", "[xero.demo]\nsandbox = true", f'[xero.demo]\napi = "{xero}"')
    return place


def test_five_mistakes_five_diagnostics(tmp_path: Path) -> None:
    place = root_copy(tmp_path)
    place.edit("rules/invoices.zx", "DueDate = Due_Date otherwise", "DueDate = Due_Dat otherwise")
    place.edit("rules/invoices.zx", '  Type = "ACCREC"', '  Typ = "ACCREC"')
    place.edit("rules/invoices.zx", "  Quantity = Quantity", "  Quantity = Description")
    place.edit("rules/items.zx", "  Code = Product_Code\n", "")
    place.edit("zx.toml", 'prefix = "Z-"', 'prefix = "SYDNEY-"')
    ran = place.zx("check")
    assert ran.code == 3
    shown = ran.out + ran.err
    for code, where in (
        ("E0201", "rules/invoices.zx"),
        ("E0202", "rules/invoices.zx"),
        ("E0301", "rules/invoices.zx"),
        ("E0501", "rules/items.zx"),
        ("E0601", "zx.toml"),
    ):
        assert f"error[{code}]" in shown and where in shown, shown
    for command in ("preview", "push"):
        refused = place.zx(command, *(["--yes"] if command == "push" else []))
        assert refused.code == 3 and "E0601" in refused.out + refused.err
    assert not any(name.startswith("state/demo") for name in place.state())


def test_a_damaged_state_file_stops_with_its_line_and_stays_as_it_is(tmp_path: Path) -> None:
    place = root_copy(tmp_path)
    assert place.zx("push", "--yes").code == 3
    shard = next(path for path in sorted((place.path / "state").rglob("*.toml")) if "links" in path.parts)
    lines = shard.read_text().splitlines()
    shard.write_text("\n".join([*lines[:-1], lines[-1].replace("x =", "x ?")]) + "\n")
    before, dumped = place.state(), place.dump("xero.demo")
    ran = place.zx("push", "--yes")
    assert ran.code == 1
    assert f"{shard.relative_to(place.path).as_posix()}:{len(lines)}" in ran.err
    assert place.state() == before and place.dump("xero.demo") == dumped


def test_an_unreadable_config_names_its_line(tmp_path: Path) -> None:
    place = root_copy(tmp_path)
    place.edit("zx.toml", 'timezone = "Australia/Sydney"', "timezone = Australia/Sydney")
    ran = place.zx("preview")
    assert ran.code == 2 and "zx.toml:14" in ran.err


def test_a_refused_port_is_temporary_and_says_so(tmp_path: Path) -> None:
    place = root_copy(tmp_path)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    place.edit("zx.toml", "[zoho.demo]\nsandbox = true", f'[zoho.demo]\napi = "http://127.0.0.1:{port}"')
    ran = place.zx("preview")
    assert ran.code == 75 and "zoho.demo" in ran.err and str(port) in ran.err


def test_the_served_sandbox_is_the_same_sandbox(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with served(root_copy(home)) as (_, addresses):
        client = client_of(tmp_path / "client", addresses)
        assert client.preview()["counts"]["create"] > 50


@pytest.mark.parametrize("after", [0, 3, 25, 60])
def test_killed_in_the_middle_of_a_push(tmp_path: Path, after: int) -> None:
    """SIGKILL after so many new invoices or contacts stand in Xero; then a plain push, and everything is there once."""
    home = tmp_path / "home"
    home.mkdir()
    server = root_copy(home)
    with served(server) as (_, addresses):
        client = client_of(tmp_path / "client", addresses)
        wanted = {item["target"]["label"] for item in client.preview()["actions"] if item["action"] == "create"}
        standing = count(server)
        push = subprocess.Popen(
            [ZX, "push", "--yes"],
            cwd=client.path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while push.poll() is None and count(server) < standing + after:
            time.sleep(0.01)
        if push.poll() is None:
            os.kill(push.pid, signal.SIGKILL)
        push.wait()
        assert client.zx("push", "--yes").code == 3
        xero = server.dump("xero.demo")
        names = Counter(contact["Name"] for contact in xero["Contacts"])
        numbers = Counter(invoice["InvoiceNumber"] for invoice in xero["Invoices"])
        codes = Counter(item["Code"] for item in xero["Items"])
        assert max((names + numbers + codes).values()) == 1
        assert wanted <= names.keys() | numbers.keys() | codes.keys()
        again = client.zx("push", "--yes", "--format", "json").document
        assert not [item for item in again["actions"] if item.get("outcome")]


def count(place: Place) -> int:
    dumped = place.dump("xero.demo")
    return len(dumped["Invoices"]) + len(dumped["Contacts"]) + len(dumped["Items"])


def test_a_sandbox_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    server = root_copy(home)
    with served(server) as (process, addresses):
        client = client_of(tmp_path / "client", addresses)
        push = subprocess.Popen(
            [ZX, "push", "--yes"],
            cwd=client.path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        standing = count(server)
        while push.poll() is None and count(server) < standing + 5:
            time.sleep(0.01)
        process.kill()
        _, said = push.communicate(timeout=120)
        assert push.returncode in (3, 75), said
        assert "Traceback" not in said
        dead = client.zx("push", "--yes")
        assert dead.code == 75 and "demo" in dead.err
    zoho, xero = (addresses[name]["api"].rsplit(":", 1)[1] for name in ("zoho.demo", "xero.demo"))
    with served(server, "--zoho-port", zoho, "--xero-port", xero):
        assert client.zx("push", "--yes").code == 3
        numbers = Counter(invoice["InvoiceNumber"] for invoice in server.dump("xero.demo")["Invoices"])
        assert max(numbers.values()) == 1 and len([number for number in numbers if number.startswith("Z-")]) > 50
