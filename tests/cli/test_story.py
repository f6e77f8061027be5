"""From a new workspace to a second push, as a person types it, on embedded sandboxes with the demo data."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Zx = Callable[..., Any]

OUTCOMES = {"create", "update", "unchanged", "skip", "block", "conflict", "void", "delete", "adopt"}


@pytest.fixture
def made(zx: Zx) -> None:
    """A workspace in the home folder."""
    assert zx("init").code == 0


def dumped(zx: Zx, name: str) -> dict[str, list[dict[str, Any]]]:
    content = json.loads(zx("sandbox", "dump", name).out)
    assert isinstance(content, dict)
    return content


def previewed(zx: Zx, *more: str) -> dict[str, Any]:
    ran = zx("preview", "--format", "json", *more)
    assert ran.code == 3, ran.err
    document = json.loads(ran.out)
    assert isinstance(document, dict)
    return document


@pytest.mark.usefixtures("made")
def test_check_needs_nothing_but_the_files(zx: Zx, home: Path) -> None:
    ran = zx("check")
    assert (ran.code, ran.out) == (0, "")
    assert "no mistakes" in ran.err
    made = [path.name for path in (home / ".zx").rglob("*") if path.is_file()]
    assert made == ["checked.json"], "nothing was read; only that the rules are clean is remembered"


@pytest.mark.usefixtures("made")
def test_pull_says_what_came_and_a_second_one_that_little_did(zx: Zx) -> None:
    ran = zx("pull")
    assert ran.code == 0
    assert re.search(r"zoho\.demo \(.+\): .*72 Invoices.*\(read in full\)", ran.out)
    assert "xero.demo" in ran.out
    again = zx("pull")
    assert again.code == 0
    assert "(what changed)" in again.out


@pytest.mark.usefixtures("made")
def test_preview_accounts_for_every_record_and_writes_nothing_remote(zx: Zx, home: Path) -> None:
    before = dumped(zx, "xero.demo")
    document = previewed(zx)
    assert document["verdict"] == "blocked"
    for counts in document["by_map"].values():
        assert counts["read"] == sum(counts[name] for name in OUTCOMES)
    listed = [action for action in document["actions"] if action["map"] == "invoices"]
    unlisted = document["by_map"]["invoices"]["read"] - len(listed)
    assert 0 <= unlisted <= document["by_map"]["invoices"]["unchanged"] + document["by_map"]["invoices"]["skip"]
    for action in listed:
        if action["action"] == "create":
            assert action["totals"]["difference"] == "0.00"
            assert all(re.fullmatch(r"(rules/\w+\.zx|zx\.toml):\d+", change["rule"]) for change in action["changes"])
    assert document["calls"]["xero.demo"]["needed"] > 0
    assert dumped(zx, "xero.demo") == before
    for name in ("preview.html", "preview.json", "preview.md"):
        path = home / "reports" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads((home / "reports" / "preview.json").read_text(encoding="utf-8")) == document


@pytest.mark.usefixtures("made")
def test_previewing_twice_gives_one_plan_also_offline(zx: Zx) -> None:
    first = previewed(zx)
    assert previewed(zx)["plan"] == first["plan"]
    assert previewed(zx, "--offline")["plan"] == first["plan"]


@pytest.mark.usefixtures("made")
def test_offline_before_the_first_pull_says_what_to_do(zx: Zx) -> None:
    ran = zx("preview", "--offline")
    assert (ran.code, ran.out) == (1, "")
    assert "zx pull" in ran.err


@pytest.mark.usefixtures("made")
def test_a_push_sends_what_the_preview_showed_and_a_second_one_nothing(zx: Zx, home: Path) -> None:
    before = dumped(zx, "xero.demo")
    shown = previewed(zx)
    ran = zx("push", "--yes", "--plan", shown["plan"][:8], "--format", "json")
    assert ran.code == 3, ran.err
    document = json.loads(ran.out)
    assert document["plan"] == shown["plan"]
    sent = [action for action in document["actions"] if action.get("outcome")]
    assert sent
    assert {action["outcome"] for action in sent} <= {"done", "adopted"}
    after = dumped(zx, "xero.demo")
    created = [action for action in sent if action["map"] == "invoices" and action["action"] == "create"]
    assert len(after["Invoices"]) - len(before["Invoices"]) == len(created) > 0
    totals = {str(one["InvoiceID"]): one["Total"] for one in after["Invoices"]}
    for action in created:
        assert f"{totals[action['target']['id']]:.2f}" == action["totals"]["source"]
    assert any((home / "state" / "demo--demo" / "links").rglob("*.toml"))

    again = zx("push", "--yes")
    assert again.code == 3
    assert "Nothing to send" in again.err
    assert dumped(zx, "xero.demo") == after


@pytest.mark.usefixtures("made")
def test_reports_status_and_explain_after_a_push(zx: Zx) -> None:
    assert zx("report").code == 1
    assert zx("push", "--yes").code == 3
    report = zx("report")
    assert report.code == 0
    assert report.out.startswith("zx push demo")
    assert json.loads(zx("report", "--format", "json").out)["run"]
    status = json.loads(zx("status", "--format", "json").out)[0]
    assert status["links"]["Invoices-Invoice"] > 0
    assert status["doubts"] == []
    assert status["push"]["open"] is True
    text = zx("status")
    assert (text.code, text.err) == (0, "")
    assert "demo: zoho.demo" in text.out


@pytest.mark.usefixtures("made")
def test_explain_shows_each_field_with_its_rule_and_inputs(zx: Zx) -> None:
    document = previewed(zx)
    action = next(one for one in document["actions"] if one["map"] == "invoices" and one["action"] == "create")
    label = action["source"]["label"]
    by_number = zx("explain", label, "--format", "json")
    assert by_number.code == 0
    explained = json.loads(by_number.out)
    assert [one["source"]["id"] for one in explained] == [action["source"]["id"]]
    judged = next(one for one in explained[0]["maps"] if one["map"] == "invoices")
    fields = {field["field"]: field for field in judged["fields"]}
    for change in action["changes"]:
        assert fields[change["field"]]["rule"] == change["rule"]
    assert any(value is not None for field in judged["fields"] for value in field["reads"].values())
    assert json.loads(zx("explain", action["source"]["id"], "--offline", "--format", "json").out) == explained
    text = zx("explain", label)
    assert action["changes"][0]["rule"] in text.out
    assert zx("explain", "no such record").code == 2


@pytest.mark.usefixtures("made")
def test_a_plan_that_is_stale_is_refused(zx: Zx) -> None:
    plan = previewed(zx)["plan"]
    account = dumped(zx, "zoho.demo")["Invoices"][-1]
    zx("sandbox", "edit", "zoho.demo", "Invoices", account["id"], '{"Subject": "Changed since"}')
    before = dumped(zx, "xero.demo")
    ran = zx("push", "--yes", "--plan", plan)
    assert (ran.code, ran.out) == (3, "")
    assert "stale" in ran.err
    assert dumped(zx, "xero.demo") == before
    assert zx("push", "--yes", "--plan", "ab").code == 2


@pytest.mark.usefixtures("made")
def test_all_or_nothing_sends_nothing_while_something_is_blocked(zx: Zx) -> None:
    before = dumped(zx, "xero.demo")
    ran = zx("push", "--yes", "--all-or-nothing")
    assert ran.code == 3
    assert "Nothing was sent" in ran.err
    assert dumped(zx, "xero.demo") == before


@pytest.mark.usefixtures("made")
def test_a_limit_sends_a_few_documents_and_the_next_push_the_rest(zx: Zx) -> None:
    before = len(dumped(zx, "xero.demo")["Invoices"])
    zx("push", "--yes", "--limit", "2")
    assert len(dumped(zx, "xero.demo")["Invoices"]) - before <= 2
    assert zx("push", "--yes").code == 3
    again = zx("push", "--yes")
    assert "Nothing to send" in again.err


@pytest.mark.usefixtures("made")
def test_broken_rules_stop_everything_before_anything_is_read(zx: Zx, home: Path) -> None:
    path = home / "rules" / "invoices.zx"
    path.write_text(path.read_text(encoding="utf-8") + "\nnonsense here\n", encoding="utf-8")
    checked = zx("check")
    assert checked.code == 3
    assert "rules/invoices.zx" in checked.out
    found = json.loads(zx("check", "--format", "json").out)
    assert any(one["severity"] == "error" for one in found)
    for command in (("preview",), ("push", "--yes"), ("pull",)):
        ran = zx(*command)
        assert (ran.code, ran.out) == (3, "")
        assert "rules/invoices.zx" in ran.err
    assert dumped(zx, "xero.demo")["Invoices"]
    assert not (home / "reports").exists()


@pytest.mark.usefixtures("made")
def test_a_damaged_state_names_file_line_and_cure(zx: Zx, home: Path) -> None:
    zx("push", "--yes")
    shard = next((home / "state" / "demo--demo" / "links").rglob("*.toml"))
    shard.write_text("x = 1\n" + shard.read_text(encoding="utf-8"), encoding="utf-8")
    before = dumped(zx, "xero.demo")
    ran = zx("push", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert f"{shard.relative_to(home)}:" in ran.err
    assert "git" in ran.err
    assert dumped(zx, "xero.demo") == before


@pytest.mark.usefixtures("made")
def test_a_sandbox_made_anew_is_another_organisation_for_the_state(zx: Zx) -> None:
    zx("push", "--yes")
    zx("sandbox", "reset")
    ran = zx("preview")
    assert (ran.code, ran.out) == (1, "")
    assert "state/demo--demo" in ran.err


@pytest.mark.usefixtures("made")
def test_a_simulator_that_is_gone_is_a_temporary_failure(zx: Zx, home: Path) -> None:
    text = (home / "zx.toml").read_text(encoding="utf-8")
    text = text.replace("[xero.demo]\nsandbox = true", '[xero.demo]\napi = "http://127.0.0.1:9"')
    (home / "zx.toml").write_text(text, encoding="utf-8")
    ran = zx("pull")
    assert (ran.code, ran.out) == (75, "")
    assert "xero.demo" in ran.err


@pytest.mark.usefixtures("made")
def test_nothing_of_an_embedded_pair_lies_outside_the_workspace(zx: Zx, tmp_path: Path) -> None:
    zx("push", "--yes")
    assert not (tmp_path / "xdg").exists()


@pytest.mark.usefixtures("made")
def test_equal_times_give_equal_previews(zx: Zx, home: Path) -> None:
    env = {"ZX_NOW": "2026-03-31T09:00:00+11:00"}
    first = zx("preview", "--format", "json", env=env)
    again = zx("preview", "--offline", "--format", "json", env=env)
    assert json.loads(first.out)["plan"] == json.loads(again.out)["plan"]
    assert json.loads(first.out)["snapshot"]["zoho_at"].startswith("2026-03-30T22:00")


def test_the_demo_tells_the_whole_story(zx: Zx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = zx("demo")
    assert ran.code == 0, ran.err
    steps = re.split(r"(?m)^\d\. ", ran.out)[1:]
    assert [step.split(":")[0].split()[0] for step in steps] == [
        "A",
        "Pull",
        "Check",
        "Preview",
        "Push",
        "Push",
        "Look",
    ]
    assert max(len(step.splitlines()) for step in steps) < 40
    folder = next(tmp_path.glob("zx-demo-*"))
    assert str(folder) in ran.out
    assert (folder / "reports" / "report.html").is_file()
    assert (folder / "reports" / "preview.html").is_file()
    assert (folder / "zx.toml").is_file()
