"""A kept program is used while nothing it depends on has changed, and never when its file is not ours."""

from __future__ import annotations

import hashlib
import hmac
import marshal
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import pytest

from zx.compile.program import Program
from zx.operations import ready as ready_module
from zx.operations import warm
from zx.operations.desk import Desk, open_desk
from zx.operations.errors import Broken
from zx.operations.metadata import Metadata
from zx.operations.ready import ready
from zx.state.digest import load_key
from zx.workspace.environment import Environment

ZX_TOML = """version = 1
[zoho.demo]
api = "http://127.0.0.1:9"
[xero.demo]
sandbox = true
[sync.demo]
zoho = "demo"
xero = "demo"
rules = ["rules/*.zx"]
timezone = "UTC"
[sync.demo.settings]
suffix = "x"
"""
RULES = """setting suffix: text(4) = ""
map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
  FirstName = left(short(Account_Name) otherwise settings.suffix, 255)
table short(Name: text) -> text from "short.csv" key "Name" value "Short"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    (folder / "rules").mkdir(parents=True)
    (folder / "zx.toml").write_text(ZX_TOML, encoding="utf-8")
    (folder / "rules" / "a.zx").write_text(RULES, encoding="utf-8")
    (folder / "rules" / "short.csv").write_text("Name,Short\nQuay,Q\n", encoding="utf-8")
    return folder


def desk(root: Path, home: str = "state") -> Desk:
    environment = Environment(root.parent / home, None, None)
    return open_desk(root, environment, say=lambda text: None, progress=lambda what, done, total: None)


def kept(root: Path, metadata: Metadata | None = None, home: str = "state") -> Program | None:
    one = desk(root, home)
    sources = {f"rules/{name}": (root / "rules" / name).read_text("utf-8") for name in ("a.zx", "short.csv")}
    return warm.kept(one, one.only_sync(None), sources, metadata or Metadata())


def made(root: Path, metadata: Metadata | None = None) -> Program:
    one = desk(root)
    return ready(one, one.only_sync(None), metadata or Metadata())[0]


def file_of(root: Path) -> Path:
    return root / ".zx" / "cache" / "demo.program"


def test_the_second_run_takes_what_the_first_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(root)
    monkeypatch.setattr(ready_module, "keep", lambda *arguments: pytest.fail("it was made again"))
    second = made(root)
    assert (first.digest, first.reads, first.settings, first.sources) == (
        second.digest,
        second.reads,
        second.settings,
        second.sources,
    )
    assert file_of(root).stat().st_mode & 0o777 == 0o600


def test_a_warm_run_loads_neither_parser_nor_checker(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from zx.operations.desk import open_desk\n"
        "from zx.operations.metadata import Metadata; from zx.operations.ready import ready\n"
        "from zx.workspace.environment import Environment\n"
        f"desk = open_desk(Path({str(root)!r}), Environment(Path({str(root.parent / 'state')!r}), None, None), "
        "say=print, progress=lambda *a: None)\n"
        "ready(desk, desk.only_sync(None), Metadata())\n"
        "print(sorted(n for n in sys.modules if n == 'lark' or n.startswith(('zx.check', 'zx.syntax.grammar'))))\n"
    )
    said = [run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert "zx.syntax.grammar" in said[0] and said[1] == "[]\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "rules" / "a.zx").write_text(RULES + "# more\n", encoding="utf-8"),
        lambda root: (root / "rules" / "short.csv").write_text("Name,Short\nQuay,R\n", encoding="utf-8"),
        lambda root: (root / "zx.toml").write_text(ZX_TOML.replace('"x"', '"y"'), encoding="utf-8"),
        lambda root: (root / "zx.toml").write_text(ZX_TOML.replace('"UTC"', '"Asia/Tokyo"'), encoding="utf-8"),
    ],
)
def test_any_change_makes_it_anew(root: Path, change: Callable[[Path], object]) -> None:
    made(root)
    assert kept(root) is not None
    change(root)
    assert kept(root) is None
    made(root)
    assert kept(root) is not None


def test_other_lists_of_the_organisations_make_it_anew_and_the_time_of_reading_does_not(root: Path) -> None:
    made(root)
    assert kept(root, Metadata(read_at={"zoho": "2026-03-31T09:00:00Z"})) is not None
    assert kept(root, Metadata(zoho={"modules": {}})) is None


def test_another_version_of_zx_makes_it_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(root)
    monkeypatch.setattr(warm.zx, "__version__", "9.9")
    assert kept(root) is None


@pytest.mark.parametrize("position", [0, 20, 50, 200, -1])
def test_a_damaged_file_is_ignored(root: Path, position: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made(root)
    data = bytearray(file_of(root).read_bytes())
    data[position] ^= 1
    file_of(root).write_bytes(bytes(data))
    monkeypatch.setattr(marshal, "loads", lambda data: pytest.fail("it was looked into"))
    assert kept(root) is None
    file_of(root).write_bytes(b"")
    assert kept(root) is None


def test_a_file_from_somebody_else_is_never_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(root)
    data = file_of(root).read_bytes()
    monkeypatch.setattr(marshal, "loads", lambda data: pytest.fail("it was looked into"))
    # The same file under another user's key, and one that somebody sealed with a key of their own.
    assert kept(root, home="other") is None
    rest = data[len(b"zx program 1\n") + 32 :]
    forged = b"zx program 1\n" + hmac.digest(b"k" * 32, rest, hashlib.sha256) + rest
    file_of(root).write_bytes(forged)
    assert kept(root) is None
    # A key inside of the workspace plays no part.
    assert not list(root.rglob("*.key"))


def test_a_link_in_its_place_is_not_followed(root: Path) -> None:
    made(root)
    moved = root.parent / "elsewhere.program"
    file_of(root).rename(moved)
    file_of(root).symlink_to(moved)
    assert kept(root) is None


def test_two_embedded_sandboxes_make_no_key_and_use_one_that_is_there(root: Path) -> None:
    embedded = ZX_TOML.replace('api = "http://127.0.0.1:9"', "sandbox = true")
    (root / "zx.toml").write_text(embedded, encoding="utf-8")
    made(root)
    assert not (root.parent / "state").exists() and not file_of(root).exists()
    load_key(root.parent / "state" / "zx" / "programs.key")
    made(root)
    assert kept(root) is not None


def test_rules_with_mistakes_are_not_kept(root: Path) -> None:
    made(root)
    (root / "rules" / "a.zx").write_text(RULES.replace("Account_Name\n", "Acount_Name\n"), encoding="utf-8")
    with pytest.raises(Broken):
        made(root)
    assert kept(root) is None


def test_without_a_place_for_the_key_every_run_compiles(root: Path) -> None:
    (root.parent / "state").write_text("a file where the folder should be", encoding="utf-8")
    assert made(root).maps and made(root).maps
    assert not file_of(root).exists()
