"""What bookkeepers and engineers get wrong in a rule file of their own: one message for each mistake, where it is.

``faulty.txt`` holds the files: ``|`` lines are the text below ``use "documents.zx"``, ``>`` what is said of it: the
code, the line, what is marked; and below that the sentence. No ``>``: nothing is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.language.test_examples_of_codes import PLACE, STARTER
from tests.language.test_reject import organisations

from zx.compile import judged as building
from zx.compile.build import SettingValue, SyncRules, build
from zx.diagnostics.diagnostic import Diagnostic
from zx.diagnostics.visible import visible_text
from zx.operations.fix import ways
from zx.syntax.parser import parse


@dataclass(frozen=True)
class Faulty:
    name: str
    text: str
    said: tuple[str, ...]


def faulty_files() -> Iterator[Faulty]:
    for part in re.split(r"(?m)^== ", Path(__file__).with_name("faulty.txt").read_text("utf-8"))[1:]:
        name, *lines = part.rstrip("\n").split("\n")
        text = "".join(f"{line[2:]}\n" for line in lines if line.startswith("|"))
        text = re.sub(r"\\(x|u)([0-9a-f]{2,4})", lambda found: chr(int(found[2], 16)), text)
        text = text.replace("\\t", "\t").replace("\\r", "\r")
        said = [line[2:] for line in lines if not line.startswith("|")]
        yield Faulty(
            name, text, tuple(f"{place}: {sentence}" for place, sentence in zip(said[::2], said[1::2], strict=True))
        )


FILES = list(faulty_files())


@pytest.fixture(scope="module", autouse=True)
def quick_parsing() -> Iterator[None]:
    """The starter rules are read once."""
    known = {file: parse(text, file) for file, text in STARTER.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "parse", lambda text, file: known[file] if file in known else parse(text, file))
        yield


def found(text: str) -> list[Diagnostic]:
    settings = {"prefix": SettingValue("Z-", PLACE), "start_date": SettingValue("2025-08-01", PLACE)}
    sync = SyncRules("demo", settings, "Australia/Sydney", PLACE)
    every = build({**STARTER, "rules/local.zx": text}, organisations(), sync).diagnostics
    return [one for one in every if one.code != "W0407" or one.span.file == "rules/local.zx"]


def said_of(one: Diagnostic, text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    line = lines[one.span.line - 1] if one.span.file == "rules/local.zx" else ""
    marked = visible_text(line[one.span.column - 1 : one.span.end_column - 1])
    return f"{one.code} {one.span.line - 1} {marked}".rstrip(" ") + f": {one.message}"


@pytest.mark.parametrize("faulty", FILES, ids=lambda faulty: faulty.name)
def test_one_message_for_each_mistake_at_its_place(faulty: Faulty) -> None:
    text = f'use "documents.zx"\n{faulty.text}'
    made = found(text)
    assert [said_of(one, text) for one in made] == list(faulty.said)
    for one in made:
        assert one.label or one.help or one.fix
        if one.fix and one.is_error and len(made) == 1:
            left = [[again.code for again in found(mended) if again.is_error] for mended in ways(text, one)]
            # What a wrong name hid, or the next quote of the same kind, is said next.
            assert any(set(codes) <= {"E0303", "E0211", "E0107"} for codes in left), left
