"""Which files the patterns of zx.toml name. Loads next to nothing: a check that is known to be clean needs it."""

from __future__ import annotations

from pathlib import Path

TESTS = "_test.zx"
"""How the names of files with tests of rules end."""


def matching(root: Path, pattern: str) -> dict[str, Path]:
    """The files that ``pattern`` names, by :func:`name_in`. Raises ValueError, IndexError or NotImplementedError where
    it is no pattern."""
    return {name_in(root, path): path for path in root.glob(pattern) if path.is_file()}


def is_program(name: str) -> bool:
    """Whether a file that a pattern names is part of the rules and no test of them."""
    return not name.endswith(TESTS)


def name_in(root: Path, path: Path) -> str:
    """How a file of the workspace is called: ``rules/invoices.zx``."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
