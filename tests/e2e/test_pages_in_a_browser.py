"""The pages as a browser shows them: the script draws the records, and the filter in the address is obeyed.

Needs a Chromium; where there is none the tests skip, and fail only when ``CI`` is set, which promises one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.report.sample_plan import sample_about, sample_plan, sample_push
from zx.report.html import preview_html, report_html

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-first-run", "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> str:
    for name in NAMES:
        found = shutil.which(name)
        if found and "<html>" in shown(found, "about:blank", tmp_path_factory.mktemp("profile"))[0]:
            return found
    if os.environ.get("CI"):
        pytest.fail("CI promises a Chromium, and none starts")
    pytest.skip("no Chromium on this machine: the pages are not looked at in a browser")


def shown(browser: str, address: str, profile: Path) -> tuple[str, list[str]]:
    """The page's document after its script has run, and what the console said."""
    done = subprocess.run(
        [browser, *QUIET, f"--user-data-dir={profile}", address],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stdout, re.findall(r"CONSOLE.*", done.stderr)


def cards(document: str) -> int:
    drawn = document.partition('<div id="cards">')[2].partition("<nav")[0]
    return drawn.count('<article class="card')


def test_the_records_are_drawn(browser: str, tmp_path: Path) -> None:
    plan = sample_plan()
    for name, text in (
        ("preview", preview_html(plan, sample_about())),
        ("report", report_html(plan, sample_push(plan), sample_about(run="r"))),
    ):
        page = tmp_path / f"{name}.html"
        page.write_text(text, encoding="utf-8")
        document, console = shown(browser, page.as_uri(), tmp_path / "profile")
        assert console == []
        assert cards(document) > 5
        assert "data-key=" in document


def test_the_address_filters(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "preview.html"
    page.write_text(preview_html(sample_plan(), sample_about()), encoding="utf-8")
    document, console = shown(browser, f"{page.as_uri()}#records?q=z-1021&show=block", tmp_path / "profile")
    assert console == []
    assert cards(document) == 1
    assert "1 of " in document
