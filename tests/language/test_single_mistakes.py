"""What a bookkeeper sees after one slip in the starter rules: one message, at the right place, with a cure that works.

``mistakes.txt`` holds the slips. Each has the file, the lines as they stand (``-``) and as mistyped (``+``), the code
and file of the one message, the line it must show (``>``) and what stands above its carets (``^``).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.workspace import root_copy

from zx.cli.main import run
from zx.compile import judged as building
from zx.diagnostics.codes import CODES
from zx.syntax.parser import parse

LISTS = {"E0205", "E0409", "W0407"}
"""Codes that need the organisations' own lists: without a pull nobody knows them."""


@dataclass(frozen=True)
class Slip:
    name: str
    file: str
    before: str
    after: str
    code: str
    place: str
    line: str
    marked: str


def slips() -> list[Slip]:
    text = Path(__file__).with_name("mistakes.txt").read_text("utf-8")
    return [_slip(part) for part in re.split(r"(?m)^== ", text)[1:]]


def _slip(part: str) -> Slip:
    name, file, *rest = part.rstrip("\n").split("\n")
    lines: dict[str, list[str]] = {"-": [], "+": [], ">": [], "^": []}
    code = place = ""
    for line in rest:
        if line[:1] in lines and line[1:2] in (" ", ""):
            lines[line[0]].append(re.sub(r"\\u\{(\w+)\}", lambda found: chr(int(found[1], 16)), line[2:]))
        else:
            code, place = line.split(" ")
    before, after = ("".join(f"{line}\n" for line in lines[sign]) for sign in "-+")
    return Slip(name, file, before, after, code, place, lines[">"][0], lines["^"][0])


SLIPS = slips()


class Desk:
    """One workspace whose files are changed and put back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(self, *form: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        code = run(["-C", str(self.folder), "check", *form], {}, out, err)
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return code, out.getvalue(), err.getvalue()

    def found(self) -> tuple[int, list[dict[str, Any]]]:
        code, out, err = self.check("--format", "json")
        assert "internal" not in err, err
        return code, json.loads(out)

    def text(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode()

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_bytes(text.encode())


@pytest.fixture(scope="module", autouse=True)
def quick_parsing() -> Iterator[None]:
    """Files that did not change are read once."""
    known = lru_cache(maxsize=None)(parse)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "parse", lambda text, file: (known(text, file)[0], list(known(text, file)[1])))
        yield


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(root_copy(tmp_path_factory.mktemp("offline")).path)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    place = root_copy(tmp_path_factory.mktemp("pulled"))
    out, err = io.StringIO(), io.StringIO()
    assert run(["-C", str(place.path), "pull"], {}, out, err) == 0, err.getvalue()
    return Desk(place.path)


def mistyped(slip: Slip, desk: Desk) -> str:
    text = desk.text(slip.file)
    assert text.count(slip.before) == 1, f"{slip.file} no longer has:\n{slip.before}"
    return text.replace(slip.before, slip.after)


def judged(desk: Desk, texts: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """What a check says while the files of ``texts`` hold these."""
    before = {file: desk.text(file) for file in texts}
    for file, text in texts.items():
        desk.write(file, text)
    try:
        return desk.found()
    finally:
        for file, text in before.items():
            desk.write(file, text)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_one_slip_makes_one_message_at_its_place_with_a_cure(slip: Slip, pulled: Desk) -> None:
    text = mistyped(slip, pulled)
    exit_code, found = judged(pulled, {slip.file: text})
    assert [(one["code"], one["file"]) for one in found] == [(slip.code, slip.place)]
    one = found[0]
    lines = (text if slip.place == slip.file else pulled.text(slip.place)).split("\n")
    line = lines[one["line"] - 1]
    assert line == slip.line
    assert line[one["column"] - 1 : one["end_column"] - 1] == slip.marked
    assert exit_code == (0 if slip.code.startswith("W") else 3)
    assert slip.code in CODES
    if "fix" in one:
        _assert_mends(slip, text, one, pulled)
    else:
        assert one.get("label") or one.get("help"), "then words must say what to do"


def _assert_mends(slip: Slip, text: str, one: dict[str, Any], desk: Desk) -> None:
    """The fix works as it stands: in place of what is marked, of the line, or as a line below."""
    file, fix = one["file"], one["fix"]
    start = text if file == slip.file else desk.text(file)
    for mended in (_in_place(start, one, fix), _as_line(start, one, fix), _added(start, one, fix)):
        _, found = judged(desk, {slip.file: text, file: mended})
        left = {again["code"] for again in found if again["severity"] == "error"}
        # A contact by another map may be missing: that is the next thing to say, not this one.
        if not left - {"E0303"} and slip.code not in {again["code"] for again in found}:
            return
    raise AssertionError(f"no way of applying {fix!r} works; left: {found}")


def _in_place(text: str, one: dict[str, Any], fix: str) -> str:
    lines = text.split("\n")
    line = lines[one["line"] - 1]
    lines[one["line"] - 1] = line[: one["column"] - 1] + fix + line[one["end_column"] - 1 :]
    return "\n".join(lines)


def _as_line(text: str, one: dict[str, Any], fix: str) -> str:
    lines = text.split("\n")
    line = lines[one["line"] - 1]
    lines[one["line"] - 1] = line[: len(line) - len(line.lstrip())] + fix
    return "\n".join(lines)


def _added(text: str, one: dict[str, Any], fix: str) -> str:
    lines = text.split("\n")
    lines.insert(one["line"], f"  {fix}")
    return "\n".join(lines)


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if slip.code in LISTS], ids=lambda slip: slip.name)
def test_lists_that_were_never_read_are_not_guessed(slip: Slip, offline: Desk) -> None:
    assert judged(offline, {slip.file: mistyped(slip, offline)}) == (0, [])


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if slip.code not in LISTS][::5], ids=lambda slip: slip.name)
def test_everything_else_is_seen_without_a_network(slip: Slip, offline: Desk) -> None:
    _, found = judged(offline, {slip.file: mistyped(slip, offline)})
    assert [one["code"] for one in found] == [slip.code]


def _fives() -> list[tuple[Slip, ...]]:
    """Five slips on different lines of one file, many times, no choice left to chance."""
    chosen: list[tuple[Slip, ...]] = []
    own = [slip for slip in SLIPS if slip.file == slip.place == "rules/invoices.zx"]
    # Below a header that cannot be read nothing is known of the fields.
    own = [slip for slip in own if slip.code != "E0101" and not (slip.line.startswith("map ") and slip.after)]
    for start in range(0, len(own), 4):
        five: list[Slip] = []
        for slip in (*own[start:], *own[:start]):
            touched = {line for other in five for line in other.before.splitlines()}
            if not touched & set(slip.before.splitlines()) and slip.code not in {other.code for other in five}:
                five.append(slip)
            if len(five) == 5:
                break
        chosen.append(tuple(five))
    return chosen


@pytest.mark.parametrize("five", _fives(), ids=lambda five: " + ".join(slip.name for slip in five))
def test_five_slips_in_one_file_make_five_messages(five: tuple[Slip, ...], pulled: Desk) -> None:
    text = pulled.text("rules/invoices.zx")
    for slip in five:
        text = text.replace(slip.before, slip.after)
    _, found = judged(pulled, {"rules/invoices.zx": text})
    lines = text.split("\n")
    shown = {(one["code"], lines[one["line"] - 1]) for one in found if one["file"] == "rules/invoices.zx"}
    assert {(slip.code, slip.line) for slip in five} <= shown
    errors = [one["code"] for one in found if one["severity"] == "error"]
    assert sorted(errors) == sorted(slip.code for slip in five if not slip.code.startswith("W"))
