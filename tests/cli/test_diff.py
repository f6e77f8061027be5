"""``zx diff``, and snapshots that travel as a file: on the starter workspace with everything pushed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import Zx

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "diff.schema.json"
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@zx.example", "-c", "init.defaultBranch=main")


@dataclass
class Shop:
    """A workspace in git whose invoices are in Xero already, and files of all that was read, with names and without."""

    path: Path
    snapshot: Path
    redacted: Path

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def place(self, name: str, text: str) -> str:
        """Where the line that holds ``text`` stands, as rules are named."""
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        return f"{name}:{next(number for number, line in enumerate(lines, 1) if text in line)}"

    def git(self, *arguments: str) -> None:
        subprocess.run([*GIT, *arguments], cwd=self.path, check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("diff")
    shop = Shop(folder / "shop", folder / "all.json", folder / "redacted.json")
    shop.path.mkdir()
    zx = Path(sys.executable).with_name("zx")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}

    def run(*arguments: str) -> None:
        done = subprocess.run(
            [zx, *arguments], cwd=shop.path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 3), done.stderr

    run("init")
    shop.git("init", "-q")
    shop.git("add", "-A")
    shop.git("commit", "-qm", "starter rules")
    run("push", "--yes", "--format", "csv")
    run("pull", "--export", str(shop.snapshot))
    run("pull", "--export", str(shop.redacted), "--redact")
    return shop


@pytest.fixture
def shop(made: Shop, home: Path) -> Iterator[Shop]:
    """A copy of it in ``home``, where ``zx`` runs."""
    shutil.copytree(made.path, home, dirs_exist_ok=True)
    yield Shop(home, made.snapshot, made.redacted)


def document(zx: Zx, *arguments: str, code: int = 0) -> dict[str, Any]:
    ran = zx("diff", *arguments, "--format", "json")
    assert ran.code == code, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return found


def test_a_refactoring_is_proven_to_have_no_effect(zx: Zx, shop: Shop) -> None:
    shop.git("mv", "rules/tax.zx", "rules/taxes.zx")
    for file in shop.path.glob("rules/*.zx"):
        file.write_text(file.read_text(encoding="utf-8").replace('use "tax.zx"', 'use "taxes.zx"'), encoding="utf-8")
    shop.edit("rules/invoices.zx", "let state = invoice_state(Status)", "let condition = invoice_state(Status)")
    shop.edit("rules/invoices.zx", "state is", "condition is")
    found = document(zx, "HEAD", "--exit-code")
    assert found["effect"] is False and found["records"] == []
    assert found["old"]["effect"] == found["new"]["effect"]
    assert found["old"]["rules"] != found["new"]["rules"]
    text = zx("diff", "HEAD").out
    assert "No effect" in text and found["old"]["effect"][:12] in text


def test_a_change_of_tax_code_is_a_change_though_no_total_moves(zx: Zx, shop: Shop) -> None:
    shop.edit("rules/tax.zx", "| GST Free 0% | EXEMPTOUTPUT  |", "| GST Free 0% | BASEXCLUDED   |")
    row = shop.place("rules/tax.zx", "GST Free 0%")
    found = document(zx, "HEAD", "--exit-code", code=4)
    assert found["counts"]["newly_affected"] == len(found["records"]) == 46
    for record in found["records"]:
        assert record["total"]["moved"] == "0.00"
        assert [charge["rule"] for charge in record["charged"]] == [row]
        assert all(field["charged"]["rule"] == row for field in record["fields"])
    moved = {(row["currency"], row["tax_code"]): row["moved"] for row in found["tax_codes"]}
    assert moved["AUD", "EXEMPTOUTPUT"] == "-19898.24" and moved["AUD", "BASEXCLUDED"] == "19898.24"
    assert found["accounts"] == []
    page = (shop.path / "reports" / "diff.html").read_text(encoding="utf-8")
    assert "<script" not in page and "script-src" not in page and "default-src &#39;none&#39;; style-src" in page
    for said in (page, *(zx("diff", "HEAD", "--format", form).out for form in ("text", "md"))):
        assert row in said and "EXEMPTOUTPUT" in said and "19,898.24" in said


def test_what_is_newly_blocked_is_charged_to_the_row_that_was_taken_out(zx: Zx, shop: Shop) -> None:
    row = shop.place("rules/tax.zx", "| missing ")
    shop.edit("rules/tax.zx", "| missing     | BASEXCLUDED   |\n", "")
    found = document(zx, "HEAD", code=3)
    assert found["counts"]["newly_blocked"] == 6
    for record in found["records"]:
        (charge,) = record["charged"]
        assert charge["rule"] is None and charge["was"] == row and "missing" in charge["old_line"]
    shop.git("add", "-A")
    shop.git("commit", "-qm", "fewer rows")
    back = document(zx, "HEAD", "HEAD~1", "--exit-code", code=4)
    assert back["counts"]["newly_valid"] == 6
    assert {record["charged"][0]["rule"] for record in back["records"]} == {row}


def test_each_difference_has_its_own_line(zx: Zx, shop: Shop) -> None:
    shop.edit("rules/accounts.zx", "| *            | *        | = kind", "| WB-DRIP-10 | * | 260 |\n| * | * | = kind")
    shop.edit("rules/invoices.zx", "DueDate = Due_Date otherwise", "DueDate = Due_Date + 1 days otherwise")
    lines = {
        "DueDate": {shop.place("rules/invoices.zx", "DueDate = Due_Date + 1")},
        "AccountCode": {shop.place("rules/accounts.zx", "WB-DRIP-10")},
    }
    found = document(zx, "HEAD")
    by_field: dict[str, set[str]] = {}
    for record in found["records"]:
        for field in record["fields"]:
            by_field.setdefault(field["field"].rpartition(".")[2], set()).add(field["charged"]["rule"])
    assert by_field == lines
    assert {row["account"]: row["moved"] for row in found["accounts"]} == {"200": "-1405.26", "260": "1405.26"}


def test_a_setting_is_charged_to_its_line_in_zx_toml(zx: Zx, shop: Shop) -> None:
    with (shop.path / "zx.toml").open("a", encoding="utf-8") as file:
        file.write("due_days = 14\n")
    line = len((shop.path / "zx.toml").read_text(encoding="utf-8").splitlines())
    found = document(zx, "HEAD")
    (record,) = found["records"]
    assert record["charged"] == [
        {
            "rule": f"zx.toml:{line}",
            "was": shop.place("rules/settings.zx", "setting due_days"),
            "line": "due_days = 14",
            "old_line": "setting due_days: number = 30",
            "how": "direct",
        }
    ]


def test_what_no_longer_goes_is_charged_to_its_guard(zx: Zx, shop: Shop) -> None:
    shop.edit("rules/invoices.zx", 'skip when state is "hold"', 'skip when state in ("hold", "unpaid")')
    found = document(zx, "HEAD")
    guard = shop.place("rules/invoices.zx", 'skip when state in ("hold"')
    documents = [record for record in found["records"] if record["map"] == "invoices"]
    assert documents and {record["charged"][0]["rule"] for record in documents} == {guard}
    others = [record for record in found["records"] if record["map"] != "invoices"]
    assert {charge["how"] for record in others for charge in record["charged"]} <= {"indirect"}


def test_a_snapshot_file_gives_the_same_preview_and_difference(zx: Zx, shop: Shop) -> None:
    kept = json.loads(zx("preview", "--offline", "--format", "json").out)
    shutil.rmtree(shop.path / ".zx")
    shutil.rmtree(shop.path / "state")
    carried = json.loads(zx("preview", "--from", str(shop.snapshot), "--format", "json").out)
    assert carried["counts"] == kept["counts"] and carried["snapshot"]["digest"] == kept["snapshot"]["digest"]
    assert carried["plan"] == kept["plan"]
    hidden = json.loads(zx("preview", "--from", str(shop.redacted), "--format", "json").out)
    assert hidden["counts"] == kept["counts"] and hidden["totals"] == kept["totals"]
    shop.edit("rules/tax.zx", "| GST Free 0% | EXEMPTOUTPUT  |", "| GST Free 0% | BASEXCLUDED   |")
    whole = document(zx, "HEAD", "--from", str(shop.snapshot))
    redacted = document(zx, "HEAD", "--from", str(shop.redacted))
    assert redacted["snapshot"]["redacted"] is True
    assert whole["counts"] == redacted["counts"] and whole["tax_codes"] == redacted["tax_codes"]
    assert "1019" in zx("explain", "1019", "--from", str(shop.redacted)).out


def test_a_redacted_snapshot_holds_no_name_and_no_address(shop: Shop) -> None:
    whole, redacted = (json.loads(path.read_text(encoding="utf-8")) for path in (shop.snapshot, shop.redacted))
    text = shop.redacted.read_text(encoding="utf-8").casefold()
    secrets = set()
    for _, _, values in whole["zoho"]["records"]["Accounts"]:
        secrets |= {values.get(name, "") for name in ("Account_Name", "Billing_Street", "Billing_City", "Phone")}
    for _, _, values in whole["zoho"]["records"]["Contacts"]:
        secrets |= {values.get(name, "") for name in ("Email", "Last_Name", "Mobile", "Full_Name")}
    secrets = {secret.casefold() for secret in secrets if len(secret) > 4}
    assert len(secrets) > 50
    assert not [secret for secret in secrets if f'"{secret}"' in text]
    numbers = [values["Invoice_Number"] for _, _, values in whole["zoho"]["records"]["Invoices"]]
    assert numbers == [values["Invoice_Number"] for _, _, values in redacted["zoho"]["records"]["Invoices"]]


def test_a_file_can_stand_in_for_a_pull(zx: Zx, shop: Shop) -> None:
    shutil.rmtree(shop.path / ".zx" / "snapshot")
    assert zx("pull", "--from", str(shop.snapshot)).code == 0
    assert json.loads(zx("preview", "--offline", "--format", "json").out)["counts"]["unchanged"] == 112


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("diff", "no-such-branch"), 2, "git knows no revision"),
        (("diff", "--", "--upload-pack=evil"), 2, "git knows no revision"),
        (("diff", "HEAD", "--from", "nowhere.json"), 2, "there is no file nowhere.json"),
        (("preview", "--from", "zx.toml"), 2, "is no snapshot that zx can use"),
        (("pull", "--redact"), 2, "--redact goes with --export"),
        (("pull", "--export", "no/such/folder/x.json"), 2, "no such folder"),
    ],
)
def test_what_cannot_be_done_is_said(zx: Zx, shop: Shop, arguments: tuple[str, ...], code: int, words: str) -> None:
    ran = zx(*arguments)
    assert ran.code == code and words in ran.err and "Traceback" not in ran.err


def test_mistakes_in_a_revision_are_named_with_it(zx: Zx, shop: Shop) -> None:
    shop.edit("rules/tax.zx", "EXEMPTOUTPUT", "NOSUCHRATE")
    shop.git("commit", "-qam", "a mistake")
    ran = zx("diff", "HEAD", "HEAD~1")
    assert ran.code == 3 and "NOSUCHRATE" in ran.err and "nothing was compared (HEAD)" in ran.err


def test_a_cut_snapshot_is_refused(zx: Zx, shop: Shop, tmp_path: Path) -> None:
    text = shop.snapshot.read_text(encoding="utf-8").replace('"1019"', '"1018"')
    (tmp_path / "edited.json").write_text(text, encoding="utf-8")
    ran = zx("preview", "--from", str(tmp_path / "edited.json"))
    assert ran.code == 2 and "edited or cut" in ran.err


def test_no_transport_is_loaded(shop: Shop) -> None:
    """A network effect is impossible: neither the library nor an adapter is there (preview 4.8)."""
    program = """if True:
        import os, sys
        from zx.cli.main import run
        known = {"PATH": os.environ["PATH"], "XDG_STATE_HOME": sys.argv[1]}
        code = run(["diff", "HEAD"], known, sys.stdout, sys.stderr)
        senders = ("requests", "urllib3", "zx.adapters", "zx.sandbox")
        print(code, sorted(name for name in sys.modules if name.startswith(senders)))
    """
    done = subprocess.run(
        [sys.executable, "-c", program, str(shop.path)], cwd=shop.path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout[-500:] + done.stderr[-500:]


def test_the_log_and_the_state_of_another_day_come_from_git(zx: Zx, shop: Shop) -> None:
    links = json.loads(zx("diff", "--state", "HEAD", "--format", "json").out)
    assert {one["turn"] for one in links} == {"added"} and len(links) == 112
    assert json.loads(zx("log", "--format", "json").out) == {"demo": []}
    shop.git("add", "-A")
    shop.git("commit", "-qm", "first push")
    assert "no difference" in zx("diff", "--state", "HEAD").out
    (entry,) = json.loads(zx("log", "--format", "json").out)["demo"]
    assert entry["links"]["added"] == 112 and entry["subject"] == "first push"
    shard = next(shop.path.glob("state/demo--demo/links/Invoices-Invoice/*.toml"))
    lines = shard.read_text(encoding="utf-8").splitlines(keepends=True)
    shard.write_text("".join(lines[:-1]), encoding="utf-8")
    (gone,) = json.loads(zx("diff", "--state", "HEAD", "--format", "json").out)
    assert gone["turn"] == "removed" and gone["source"] in lines[-1] and gone["new"] is None
    assert zx("diff", "--state", "HEAD", "--exit-code").code == 4
    assert "112 added" in zx("log").out and "first push" in zx("log").out
