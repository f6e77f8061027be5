"""A real process, a real terminal, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Zx = Callable[..., Any]
MAIN = [sys.executable, "-c", "from zx.cli.main import main; main()"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals are others there")


def invoices(zx: Zx) -> int:
    return len(json.loads(zx("sandbox", "dump", "xero.demo").out)["Invoices"])


def test_a_signal_ends_a_push_after_the_request_under_way(zx: Zx, home: Path) -> None:
    zx("init")
    zx("pull")
    before = invoices(zx)
    process = subprocess.Popen([*MAIN, "push", "--yes"], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None and not any(home.glob(".zx/pairs/*/journal/*.journal")):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode in (130, 3)  # it may have finished before the signal arrived
    if process.returncode == 130:
        assert b"interrupted" in said
    assert b"Traceback" not in said
    assert zx("push", "--yes").code == 3
    assert json.loads(zx("status", "--format", "json").out)[0]["doubts"] == []
    numbers = [one["InvoiceNumber"] for one in json.loads(zx("sandbox", "dump", "xero.demo").out)["Invoices"]]
    assert len(numbers) == len(set(numbers)) > before


def on_terminal(home: Path, answer: bytes | None, *arguments: str) -> tuple[int, str]:
    """Runs zx on a terminal of its own and types ``answer`` when asked (None: Ctrl-C); gives code and screen."""
    import pty

    leader, follower = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "90"}
    process = subprocess.Popen(
        [*MAIN, *arguments], cwd=home, stdin=follower, stdout=follower, stderr=follower, env=env, start_new_session=True
    )
    os.close(follower)
    screen = b""
    typed = False
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the terminal is gone with its last program
            break
        if not part:
            break
        screen += part
        if b"Send this? [y/N]" in screen and not typed:
            if answer is None:
                process.send_signal(signal.SIGINT)
            else:
                os.write(leader, answer)
            typed = True
    os.close(leader)
    return process.wait(timeout=60), screen.decode()


def test_on_a_terminal_push_shows_asks_and_takes_no_for_an_answer(zx: Zx, home: Path) -> None:
    zx("init")
    before = invoices(zx)
    code, screen = on_terminal(home, b"n\n", "push")
    assert code == 1
    assert screen.index("Z-1029") < screen.index("Send this?") < screen.index("Nothing was sent.")
    assert "\x1b[" in screen
    assert invoices(zx) == before


def test_on_a_terminal_push_sends_after_a_yes(zx: Zx, home: Path) -> None:
    zx("init")
    before = invoices(zx)
    code, screen = on_terminal(home, b"y\n", "push")
    assert code == 3
    assert "Report: " in screen
    assert invoices(zx) > before


def test_ctrl_c_at_the_question_sends_nothing(zx: Zx, home: Path) -> None:
    zx("init")
    before = invoices(zx)
    code, _ = on_terminal(home, None, "push")
    assert code == 130
    assert invoices(zx) == before
