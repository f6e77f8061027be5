"""The simulator as a person and as another program use it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from zx.workspace.environment import Environment

Zx = Callable[..., Any]
MAIN = "from zx.cli.main import main; main()"


@pytest.fixture
def served(zx: Zx, home: Path) -> Iterator[dict[str, dict[str, str]]]:
    """What `zx sandbox serve` prints, while it runs."""
    zx("init")
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "sandbox", "serve"],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0


def test_dump_is_json_of_whole_records(zx: Zx) -> None:
    zx("init")
    ran = zx("sandbox", "dump", "zoho.demo")
    assert (ran.code, ran.err) == (0, "")
    content = json.loads(ran.out)
    assert len(content["Invoices"]) > 50
    assert content["Invoices"][0]["Invoiced_Items"]


def test_an_edit_moves_the_modified_time_and_stays(zx: Zx) -> None:
    zx("init")
    before = json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"][0]
    ran = zx("sandbox", "edit", "zoho.demo", "Accounts", before["id"], '{"Phone": "02 5550 0199"}')
    assert ran.code == 0
    assert json.loads(ran.out)["Phone"] == "02 5550 0199"
    after = json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"][0]
    assert after["Phone"] == "02 5550 0199"
    assert after["Modified_Time"] > before["Modified_Time"]


def test_new_makes_a_record_and_reset_takes_it_back(zx: Zx) -> None:
    zx("init")
    number = len(json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"])
    assert zx("sandbox", "edit", "zoho.demo", "Accounts", "new", '{"Account_Name": "Plover Books"}').code == 0
    assert len(json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"]) == number + 1
    assert zx("sandbox", "reset", "zoho.demo").code == 0
    assert len(json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"]) == number


@pytest.mark.parametrize(
    "arguments",
    [
        ("dump", "zoho.nobody"),
        ("edit", "zoho.demo", "Invoices", "404", "{}"),
        ("edit", "zoho.demo", "Nothing", "new", "{}"),
        ("edit", "zoho.demo", "Invoices", "new", "{"),
        ("edit", "zoho.demo", "Invoices", "new", "[]"),
    ],
)
def test_what_is_not_there_is_usage(zx: Zx, arguments: tuple[str, ...]) -> None:
    zx("init")
    ran = zx("sandbox", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("zx: ")


def test_serve_says_where_and_with_what_a_client_signs_in(served: dict[str, dict[str, str]]) -> None:
    assert set(served) == {"zoho.demo", "xero.demo"}
    xero = served["xero.demo"]
    assert set(xero) == {"api", "identity", "client_id", "client_secret", "refresh_token", "tenant"}
    assert set(served["zoho.demo"]) == {"api", "accounts", "client_id", "client_secret", "refresh_token"}
    form = {
        "grant_type": "refresh_token",
        "refresh_token": xero["refresh_token"],
        "client_id": xero["client_id"],
        "client_secret": xero["client_secret"],
    }
    token = requests.post(f"{xero['identity']}/connect/token", data=form, timeout=10).json()["access_token"]
    answer = requests.get(
        f"{xero['api']}/api.xro/2.0/Organisation",
        headers={"Authorization": f"Bearer {token}", "Xero-tenant-id": xero["tenant"], "Accept": "application/json"},
        timeout=10,
    )
    assert answer.json()["Organisations"][0]["BaseCurrency"] == "AUD"


def test_the_simulators_own_sign_in_works_again_and_again(served: dict[str, dict[str, str]]) -> None:
    form = {"grant_type": "refresh_token"} | dict.fromkeys(
        ("refresh_token", "client_id", "client_secret"), "zx-simulator"
    )
    for _ in range(2):
        zoho = requests.post(f"{served['zoho.demo']['api']}/oauth/v2/token", data=form, timeout=10).json()
        xero = requests.post(f"{served['xero.demo']['api']}/connect/token", data=form, timeout=10).json()
        assert zoho["access_token"]
        assert xero["access_token"]
    wrong = {**form, "client_secret": "guess"}
    assert requests.post(f"{served['xero.demo']['api']}/connect/token", data=wrong, timeout=10).status_code == 400


def test_other_workspaces_reach_it_by_its_address(served: dict[str, dict[str, str]], tmp_path: Path) -> None:
    from zx.cli.face import silent
    from zx.operations.connections import open_pair
    from zx.operations.desk import open_desk

    other = tmp_path / "other"
    other.mkdir()
    (other / "zx.toml").write_text(
        f"""version = 1
[zoho.far]
api = "{served["zoho.demo"]["api"]}"
[xero.far]
api = "{served["xero.demo"]["api"]}"
[sync.far]
zoho = "far"
xero = "far"
rules = ["rules/*.zx"]
timezone = "UTC"
""",
        encoding="utf-8",
    )
    desk = open_desk(other, Environment(tmp_path / "home"), say=print, progress=silent)
    with open_pair(desk, desk.only_sync(None)) as pair:
        assert pair.xero.reader.organisation().name == "Wattlebird Coffee Roasters Pty Ltd"
        assert pair.zoho.reader.organisation().simulated
        assert pair.xero.reader.organisation().settle_s < 60


def test_a_port_in_use_is_said_before_anything_is_served(zx: Zx, home: Path, served: dict[str, Any]) -> None:
    port = served["zoho.demo"]["api"].rpartition(":")[2]
    ran = zx("sandbox", "serve", "--zoho-port", port)
    assert (ran.code, ran.out) == (2, "")
    assert port in ran.err


def test_an_edited_data_folder_is_said_until_a_reset(zx: Zx, home: Path) -> None:
    zx("init")
    data = home / "fixtures"
    data.mkdir()
    (data / "Accounts.json").write_text("[]", encoding="utf-8")
    text = (home / "zx.toml").read_text(encoding="utf-8").replace("sandbox = true    #", 'sandbox = "fixtures" #')
    (home / "zx.toml").write_text(text, encoding="utf-8")
    assert json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"] == []
    (data / "Accounts.json").write_text('[{"id": "6120001", "Account_Name": "Plover Books"}]', encoding="utf-8")
    assert json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"] == []
    zx("sandbox", "reset", "zoho.demo")
    names = [one["Account_Name"] for one in json.loads(zx("sandbox", "dump", "zoho.demo").out)["Accounts"]]
    assert names == ["Plover Books"]
