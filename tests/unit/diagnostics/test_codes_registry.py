from __future__ import annotations

import re
from pathlib import Path

import zx
from zx.diagnostics.codes import CODES

SOURCE = Path(zx.__file__).parent


def test_every_code_in_the_source_is_explained() -> None:
    used = {
        code
        for path in SOURCE.rglob("*.py")
        for code in re.findall(r"""["']([EW]0\d{3}|R9\d\d)["']""", path.read_text("utf-8"))
    }
    assert used <= set(CODES)


def test_entries_are_whole() -> None:
    for code, info in CODES.items():
        assert info.code == code
        assert re.fullmatch(r"[EW]0[1-8]\d\d|R9\d\d", code)
        assert info.title and not info.title.endswith(".")
        assert info.explanation.endswith((".", "?"))


def test_no_code_stands_twice() -> None:
    text = (SOURCE / "diagnostics" / "codes.py").read_text("utf-8")
    written = re.findall(r'CodeInfo\(\s*"(\w+)"', text)
    assert len(written) == len(set(written)) == len(CODES)
