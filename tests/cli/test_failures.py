"""Every class of failure has one exit code, a message and a next step, and no traceback."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path

import pytest

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.cli.failures import tell
from zx.cli.interrupt import Interruption
from zx.files.disk import DiskError
from zx.files.lock import Locked
from zx.operations.errors import NothingKept, StalePlan, Stopped, UsageError
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, Unknown
from zx.ports.state_store import StateDamaged
from zx.state.journal import JournalDamaged
from zx.workspace.clock import BadNow


def face(**env: str) -> Face:
    return Face(Path(), env, io.StringIO(), io.StringIO())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotReached("xero.books", "refused"), Exit.TEMPORARY),
        (Unknown("xero.books", "no answer"), Exit.TEMPORARY),
        (Limited("xero.books", "too many"), Exit.TEMPORARY),
        (NotAllowed("xero.books", "signed out"), Exit.PERMISSION),
        (Refused("xero.books", "bad request"), Exit.FAILED),
        (StateDamaged("state/x.toml:3", "not a link", "git checkout"), Exit.FAILED),
        (JournalDamaged("journal byte 3", "damaged"), Exit.FAILED),
        (DiskError(Path("f"), "full", "not kept", "make room", full=True), Exit.TEMPORARY),
        (DiskError(Path("f"), "broken", "not kept", "check it"), Exit.IO),
        (OSError(5, "Input/output error", "f"), Exit.IO),
        (Locked(Path("lock"), "process 1"), Exit.TEMPORARY),
        (StalePlan("stale", "preview"), Exit.BLOCKED),
        (UsageError("no", "yes"), Exit.USAGE),
        (BadNow("no"), Exit.USAGE),
        (NothingKept("none", "make one"), Exit.FAILED),
        (Stopped("no", "yes"), Exit.FAILED),
        (KeyError("x"), Exit.FAILED),
    ],
)
def test_each_failure_has_its_code_and_no_traceback(error: Exception, code: Exit) -> None:
    here = face()
    assert tell(error, here) == code
    said = here.err.getvalue()  # type: ignore[attr-defined]
    assert said.startswith("zx: ")
    assert "Traceback" not in said
    assert 1 <= len(said.splitlines()) <= 2
    assert here.out.getvalue() == ""  # type: ignore[attr-defined]


def test_an_internal_error_shows_its_place_only_when_asked() -> None:
    here = face(ZX_DEBUG="1")
    try:
        raise KeyError("x")
    except KeyError as error:
        assert tell(error, here) == Exit.FAILED
    assert "Traceback" in here.err.getvalue()  # type: ignore[attr-defined]


def test_text_from_outside_cannot_steer_the_terminal() -> None:
    here = face()
    tell(Refused("xero.books", "bad \x1b]52;c;aGk=\x07 name"), here)
    assert "\x1b" not in here.err.getvalue()  # type: ignore[attr-defined]


def test_before_sending_a_signal_interrupts_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), Interruption(lambda text: None):
        os.kill(os.getpid(), signal.SIGTERM)


def test_while_sending_the_first_signal_only_asks() -> None:
    said: list[str] = []
    before = signal.getsignal(signal.SIGINT)
    with Interruption(said.append) as interruption:
        interruption.finish_first()
        os.kill(os.getpid(), signal.SIGINT)
        assert interruption.asked()
        assert len(said) == 1
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
