"""What the quick commands load: a closed list, so that nobody slows them down without noticing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Zx
from zx.operations.remembered import Seen, Watched, see, still_clean

_HEAVY = frozenset({"click", "dataclasses", "inspect", "lark", "requests", "rich", "sqlite3", "tomllib", "typing"})
"""What takes milliseconds to load."""
_SAY = """
import json, sys
before = set(sys.modules)
sys.argv = ["zx", *sys.argv[1:]]
from zx.cli.entry import main
try:
    main()
finally:
    print(json.dumps(sorted(set(sys.modules) - before)))
"""


def started(*arguments: str, folder: Path, code: int = 0, **env: str) -> tuple[set[str], str]:
    """The modules that a command loads beyond those of bare Python, and what it says on standard error."""
    words = [sys.executable, "-c", _SAY, *arguments]
    environment = {**os.environ, **env}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1])), done.stderr


def of_zx(loaded: set[str]) -> set[str]:
    return {name for name in loaded if name.partition(".")[0] == "zx"}


def test_help_loads_the_frame_and_nothing_else(home: Path) -> None:
    loaded, _ = started("--help", folder=home)
    frame = {"zx.cli", "zx.cli.bar", "zx.cli.entry", "zx.cli.exits", "zx.cli.face", "zx.cli.main"}
    assert of_zx(loaded) - {"zx"} == frame
    assert not loaded & (_HEAVY - {"click", "dataclasses", "inspect", "typing"})


def test_a_check_known_to_be_clean_loads_its_digest_and_nothing_else(zx: Zx, home: Path) -> None:
    zx("init")
    first = zx("check")
    for arguments in (("check",), ("-C", str(home), "check")):
        loaded, said = started(*arguments, folder=home)
        assert said == first.err
        assert of_zx(loaded) - {"zx"} == {
            "zx.cli",
            "zx.cli.entry",
            "zx.grammar",
            "zx.operations",
            "zx.operations.remembered",
            "zx.workspace",
            "zx.workspace.patterns",
        }
        assert not loaded & _HEAVY


@pytest.mark.parametrize(
    ("arguments", "env", "code"),
    [
        (("check", "demo"), {}, 0),
        (("check", "--format", "plain"), {}, 0),
        (("check", "nobody"), {}, 2),
        (("check", "--nothing"), {}, 2),
        (("-C", "nowhere", "check"), {}, 2),
        (("check",), {"ZX_NOW": "soon"}, 2),
    ],
    ids=str,
)
def test_other_questions_are_for_the_command(
    zx: Zx, home: Path, arguments: tuple[str, ...], env: dict[str, str], code: int
) -> None:
    zx("init")
    zx("check")
    loaded, _ = started(*arguments, folder=home, code=code, **env)
    assert "zx.cli.main" in loaded


def _new_rule_file(home: Path) -> None:
    (home / "rules" / "more.zx").write_text("# nothing yet\n", "utf-8")


def _other_rules(home: Path) -> None:
    path = home / "rules" / "items.zx"
    path.write_text("# first\n" + path.read_text("utf-8"), "utf-8")


def _rule_file_gone(home: Path) -> None:
    (home / "rules" / "summaries.zx").unlink()


def _other_settings(home: Path) -> None:
    path = home / "zx.toml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")


def _an_answer(home: Path) -> None:
    (home / "decisions.zx").write_text("decisions for demo\ninvoices 1003 stays out\n", "utf-8")


def _a_pull(home: Path) -> None:
    (home / ".zx" / "snapshot").mkdir(parents=True)
    (home / ".zx" / "snapshot" / "demo--demo.sqlite").touch()


def _rules_outside(home: Path) -> None:
    path = home / "rules" / "items.zx"
    path.rename(home.parent / "elsewhere.zx")
    path.symlink_to(home.parent / "elsewhere.zx")


def _an_odd_note(home: Path) -> None:
    (home / ".zx" / "cache" / "checked.json").write_text('{"asked": null, "where": [[], [7], {}, ""]}', "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        _new_rule_file,
        _other_rules,
        _rule_file_gone,
        _other_settings,
        _an_answer,
        _a_pull,
        _rules_outside,
        _an_odd_note,
    ],
)
def test_whatever_is_different_is_looked_at(zx: Zx, home: Path, change: Callable[[Path], None]) -> None:
    zx("init")
    zx("check")
    assert still_clean(home / "rules", None) is not None
    change(home)
    assert still_clean(home / "rules", None) is None


def test_a_file_beside_the_rules_is_looked_at_when_it_comes_changes_and_goes(tmp_path: Path) -> None:
    watched = Watched(None, ["demo"], ["*.zx"], ["accounts.csv"], [])
    (tmp_path / "a.zx").write_text("# rules\n", "utf-8")

    def seen() -> Seen:
        found = see(tmp_path, "", watched)
        assert found is not None
        return found

    absent = seen()
    table = tmp_path / "accounts.csv"
    table.write_text("Code,Account\n,200\n", "utf-8")
    there = seen()
    table.write_text("Code,Account\n,201\n", "utf-8")
    changed = seen()
    assert (absent.clean, there.clean) == ("2 files, sync demo: no mistakes", "3 files, sync demo: no mistakes")
    assert len({json.dumps(one.note) for one in (absent, there, changed)}) == 3
    table.unlink()
    assert seen().note == absent.note


def test_a_check_makes_no_code_and_asks_no_network(zx: Zx, home: Path) -> None:
    zx("init")
    loaded, said = started("check", folder=home)
    assert "no mistakes" in said
    assert not {name for name in loaded if name.startswith(("zx.plan", "zx.sandbox", "zx.adapters", "zx.apply"))}
    code_making = {"zx.compile.assemble", "zx.compile.build", "zx.compile.emit", "zx.compile.fast"}
    assert not loaded & {*code_making, "lark", "requests", "rich", "zx.compile.functions"}
