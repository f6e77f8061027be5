"""The story that a newcomer sees first."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Zx = Callable[..., Any]


@pytest.fixture
def told(zx: Zx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = zx("demo", env={"COLUMNS": "80"})
    assert (ran.code, ran.err) == (0, "")
    return str(ran.out)


def test_the_story(told: str, home: Path) -> None:
    questions = re.findall(r"^   - .+", told, re.MULTILINE)
    cures = re.findall(r"^       cure: .+", told, re.MULTILINE)
    assert len(questions) == len(cures) == 7
    for number in ("1013", "1017", "1024", "1027", "1032", "1034", "1038"):
        assert any(re.search(rf"\b{number}:", question) for question in questions), number
    assert "\n         | WET 29% | TAX001 |\n" in told
    assert re.search(r'^         organisations "[0-9]+" is "[0-9a-f-]+" because "it is the same"$', told, re.MULTILINE)
    assert "… " not in told.replace("| … |", "")
    sentences = [line for line in told.splitlines() if "/" not in line and ' because "' not in line]
    assert max(map(len, sentences)) <= 80
    pages = {name: re.search(rf"^   {name} +(/.+)$", told, re.MULTILINE) for name in ("report", "preview")}
    texts = {name: Path(found[1]).read_text(encoding="utf-8") for name, found in pages.items() if found}
    assert "112 changes are ready" in texts["preview"], "the page is that of the step that told of it"
    assert "112 changes done" in texts["report"]
    assert list(home.iterdir()) == []
