"""The whole run: where ``ZX_SPECS`` names the vendors' specifications, all that is said to a sandbox is held to them.

Workers and children write what they hear into one folder; the process that started them judges it at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.specifications import recording

SPECS = "ZX_SPECS"
_CHILDREN = Path(__file__).parent / "specifications" / "in_children"
_COVERING = ("tests", "tests/", "tests/contract", "tests/contract/")
_VERDICT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get(SPECS):
        return
    if not _is_worker(config):
        os.environ[recording.VARIABLE] = tempfile.mkdtemp(prefix="zx-exchanges-")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_CHILDREN), os.environ.get("PYTHONPATH"))))
    recording.install()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not os.environ.get(SPECS) or _is_worker(session.config) or session.config.option.collectonly:
        return
    from tests.specifications.judging import verdict

    folder = Path(os.environ.pop(recording.VARIABLE))
    try:
        said = verdict(Path(os.environ[SPECS]), folder, whole=_is_whole(session.config))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    session.config.stash[_VERDICT] = list(said.lines())
    if said.faults and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line where there is nothing to complain about, and one that says so where nothing was looked at."""
    unset = [f"not held to the vendors' specifications: {SPECS} does not name their folder"]
    for line in config.stash.get(_VERDICT, unset):
        terminalreporter.write_line(line)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _is_whole(config: pytest.Config) -> bool:
    """Whether the tests that need exceptions all run: those of ``tests/contract``, which need every one of them."""
    chosen = config.option.keyword or config.option.markexpr or config.option.deselect
    return not chosen and any(argument in _COVERING for argument in config.args)
