"""`zx check` does not look twice at what it found nothing in, and looks whenever anything is different."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Zx
from zx.operations import rules


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The syncs whose rules were judged."""
    made: list[str] = []
    judge = rules.judge

    def watched(*arguments: object, **named: object) -> object:
        made.append("judged")
        return judge(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(rules, "judge", watched)
    return made


def test_a_clean_check_is_made_once(zx: Zx, home: Path, looked: list[str]) -> None:
    zx("init")
    first, second = zx("check"), zx("check")
    assert (first.code, first.err) == (second.code, second.err) and second.code == 0
    assert len(looked) == 1


def test_any_change_is_looked_at(zx: Zx, home: Path, looked: list[str]) -> None:
    zx("init")
    zx("check")
    path = home / "rules" / "invoices.zx"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("  DueDate =", "  DueDte ="), "utf-8")
    assert zx("check").code == 3 and zx("check").code == 3
    path.write_text(whole, "utf-8")
    assert zx("check").code == 0
    config = home / "zx.toml"
    config.write_text(config.read_text("utf-8") + "\n# a remark\n", "utf-8")
    before = len(looked)
    assert zx("check").code == 0 and len(looked) == before + 1
    assert zx("check", "--format", "plain").code == 0 and len(looked) == before + 2
    assert zx("pull").code == 0 and zx("check").code == 0 and len(looked) >= before + 3
    (home / ".zx" / "cache" / "checked.json").write_text("{", "utf-8")
    before = len(looked)
    assert zx("check").code == 0 and len(looked) == before + 1
