"""Files that were cut, emptied, overwritten or removed: a message that names them, the exit code of the table, nothing
touched; and after the cure that the message names, a plain push ends with every document once in Xero."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Zx
from tests.cli.small import SENT, counted, small_workspace
from zx.cli.main import run

PAIR = "state/demo--demo"
Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which everything was sent. Never worked in: copied."""
    root = small_workspace(tmp_path_factory.mktemp("sent"))
    before = Path.cwd()
    os.chdir(root)
    try:
        assert run(["push", "--yes"], {"PATH": os.environ["PATH"]}, io.StringIO(), io.StringIO()) == 0
    finally:
        os.chdir(before)
    return root


@pytest.fixture
def place(sent: Path, home: Path) -> Path:
    shutil.copytree(sent, home, dirs_exist_ok=True)
    return home


def the(root: Path, pattern: str) -> Path:
    """The first file (or folder) that ``pattern`` names."""
    return min(root.glob(pattern))


def cut(pattern: str, keep: int) -> Damage:
    return lambda root: the(root, pattern).write_bytes(the(root, pattern).read_bytes()[:keep])


def put(pattern: str, content: bytes) -> Damage:
    def damage(root: Path) -> None:
        the(root, pattern).write_bytes(content)

    return damage


def flip(pattern: str) -> Damage:
    """One bit in the middle."""

    def damage(root: Path) -> None:
        path = the(root, pattern)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    return damage


def gone(pattern: str) -> Damage:
    def damage(root: Path) -> None:
        path = the(root, pattern)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def folder(pattern: str) -> Damage:
    def damage(root: Path) -> None:
        path = the(root, pattern)
        path.unlink()
        path.mkdir()

    return damage


def link(pattern: str) -> Damage:
    def damage(root: Path) -> None:
        path = the(root, pattern)
        moved = path.rename(root / "elsewhere")
        path.symlink_to(moved)

    return damage


def replace(pattern: str, old: bytes, new: bytes) -> Damage:
    def damage(root: Path) -> None:
        path = the(root, pattern)
        text = re.sub(old, new, path.read_bytes(), count=1)
        assert text != path.read_bytes()
        path.write_bytes(text)

    return damage


def conflict(pattern: str) -> Damage:
    def damage(root: Path) -> None:
        path = the(root, pattern)
        text = path.read_bytes()
        path.write_bytes(b"<<<<<<< HEAD\n" + text + b"=======\n" + text + b">>>>>>> other\n")

    return damage


SHARD = f"{PAIR}/links/Invoices-Invoice/*.toml"
HEAD = f"{PAIR}/zx.toml"
JOURNAL = ".zx/pairs/*/journal/*.journal"
KEY = ".zx/pairs/*/state.key"
CACHE = ".zx/snapshot/*.sqlite"
LAST = ".zx/last/demo/push.last.json"

HARMLESS: dict[str, Damage] = {
    "state gone": gone(PAIR),
    "links gone": gone(f"{PAIR}/links"),
    "one shard gone": gone(SHARD),
    "one shard empty": put(SHARD, b""),
    "shard with CRLF": lambda root: the(root, SHARD).write_bytes(the(root, SHARD).read_bytes().replace(b"\n", b"\r\n")),
    "head with CRLF": lambda root: the(root, HEAD).write_bytes(the(root, HEAD).read_bytes().replace(b"\n", b"\r\n")),
    "journal gone": gone(".zx/pairs/*/journal"),
    "journal empty": put(JOURNAL, b""),
    "journal with a torn end": lambda root: cut(JOURNAL, the(root, JOURNAL).stat().st_size - 9)(root),
    "reserve gone": gone(".zx/pairs/*/journal/reserve"),
    "key gone": gone(KEY),
    "pair gone": gone(".zx/pairs/*"),
    "cache gone": gone(".zx/snapshot"),
    "cache empty": put(CACHE, b""),
    "cache cut": cut(CACHE, 5000),
    "cache no database": put(CACHE, b"hello\n" * 500),
    "last run gone": gone(".zx/last"),
    "last run cut": cut(LAST, 10),
    "last run no text": put(LAST, b"\xff\xfe{"),
    "last run of other content": put(LAST, b'{"at": 5}'),
    "reports gone": gone("reports"),
}
"""What a plain push gets over by itself, without a word or with a note."""


def once(zx: Zx) -> None:
    assert counted(json.loads(zx("sandbox", "dump", "xero.demo").out)) == SENT


def quiet(ran: Ran) -> Ran:
    assert "Traceback" not in ran.err and "internal error" not in ran.err, ran.err
    return ran


def again(zx: Zx) -> None:
    """A push ends with everything once, and the next one finds nothing to do."""
    ran = quiet(zx("push", "--yes"))
    assert ran.code == 0, ran.err
    once(zx)
    assert "Nothing to send" in zx("push", "--yes").err


@pytest.mark.parametrize("damage", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_can_be_made_again_is_made_again(place: Path, zx: Zx, damage: Damage) -> None:
    damage(place)
    for command in ("status", "report"):
        assert quiet(zx(command)).code in (0, 1)
    again(zx)
    assert quiet(zx("status")).code == 0


STOPS: dict[str, tuple[Damage, int, str]] = {
    "shard cut": (cut(SHARD, 150), 1, f"{PAIR}/links/Invoices-Invoice/"),
    "shard binary": (put(SHARD, b"\xff\x00\xfe"), 1, "not UTF-8"),
    "shard in conflict": (conflict(SHARD), 1, "merge conflict"),
    "shard with a link twice": (lambda root: put(SHARD, the(root, SHARD).read_bytes() * 2)(root), 1, "linked twice"),
    "shard a folder": (folder(SHARD), 74, "is no plain file"),
    "shard a link": (link(SHARD), 74, "symbolic link"),
    "links a link": (link(f"{PAIR}/links/Invoices-Invoice"), 1, "symbolic link"),
    "head gone": (gone(HEAD), 1, HEAD),
    "head empty": (put(HEAD, b""), 1, HEAD),
    "head cut": (cut(HEAD, 120), 1, HEAD),
    "head in conflict": (conflict(HEAD), 1, "merge conflict"),
    "head of a later zx": (replace(HEAD, rb"format = 1", b"format = 2"), 1, "update zx"),
    "head of another pair": (replace(HEAD, rb'pair = "[0-9a-f]+"', b'pair = "00"'), 1, f"rm -r {PAIR}"),
    "journal with a changed bit": (flip(JOURNAL), 1, "is damaged"),
    "journal a folder": (folder(JOURNAL), 74, "is no plain file"),
    "key empty": (put(KEY, b""), 74, "state.key"),
    "key of other content": (put(KEY, b"secret\n"), 74, "state.key"),
    "Zoho sandbox cut": (cut(".zx/sandbox/zoho*.sqlite", 9000), 1, "zx sandbox reset zoho.demo"),
    "Xero sandbox no database": (put(".zx/sandbox/xero*.sqlite", b"x" * 9000), 1, "zx sandbox reset xero.demo"),
    "Xero sandbox gone": (gone(".zx/sandbox/xero*.sqlite"), 1, "other organisations"),
    "all of .zx gone": (gone(".zx"), 1, f"rm -r {PAIR}"),
    "state a file": (
        lambda root: (root / PAIR).rename(root / "x") and (root / PAIR).write_text("x"),
        74,
        "move it away",
    ),
}
"""What a person has to look at: exit code and something that the message says."""


@pytest.mark.parametrize(("damage", "code", "words"), STOPS.values(), ids=STOPS.keys())
def test_what_a_person_must_see_stops_and_stays(place: Path, zx: Zx, damage: Damage, code: int, words: str) -> None:
    damage(place)
    before = tree(place / "state")
    ran = quiet(zx("push", "--yes"))
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert words in ran.err
    assert len(ran.err.splitlines()) >= 2, "what happened, and what to do"
    assert tree(place / "state") == before


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


CURES: dict[str, str] = {
    "shard cut": r"move (\S+) away",
    "shard binary": r"move (\S+) away",
    "head gone": r"folder (\S+) away",
    "head empty": r"move (\S+) away",
    "head cut": r"move (\S+) away",
    "head of another pair": r"rm -r (\S+)",
    "all of .zx gone": r"rm -r (\S+)",
    "Xero sandbox gone": r"rm -r (\S+)",
    "journal with a changed bit": r"mv '([^']+)'",
    "key empty": r"zx: (\S+):",
}
"""Where in the message the cure names what is to be moved away or removed."""


@pytest.mark.parametrize(("name", "pattern"), CURES.items())
def test_the_cure_that_the_message_names_works(place: Path, zx: Zx, name: str, pattern: str) -> None:
    STOPS[name][0](place)
    said = zx("push", "--yes").err
    found = re.search(pattern, said)
    assert found is not None, said
    gone(str(Path(found[1]).relative_to(place) if Path(found[1]).is_absolute() else found[1]))(place)
    again(zx)


@pytest.mark.parametrize("system", ["zoho", "xero"])
def test_a_damaged_sandbox_can_be_started_over(place: Path, zx: Zx, system: str) -> None:
    put(f".zx/sandbox/{system}*.sqlite", b"no database at all")(place)
    for command in (("preview",), ("sandbox", "dump", f"{system}.demo"), ("sandbox", "serve")):
        ran = quiet(zx(*command))
        assert (ran.code, ran.out) == (1, "") and f"zx sandbox reset {system}.demo" in ran.err
    assert quiet(zx("sandbox", "reset", f"{system}.demo")).code == 0
    shutil.rmtree(place / PAIR)
    if system == "xero":
        again(zx)
    else:
        assert quiet(zx("push", "--yes")).code == 0
        once(zx)


def test_a_report_that_cannot_be_read_is_no_internal_error(place: Path, zx: Zx) -> None:
    put(".zx/last/demo/push.txt", b"\xff\xfe")(place)
    ran = quiet(zx("report"))
    assert (ran.code, ran.out) == (1, "") and "zx push demo" in ran.err
