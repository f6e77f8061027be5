"""The pages as a browser shows them: the script draws the records, and the filter in the address is obeyed.

Needs a Chromium; where there is none the tests skip, and fail only when ``CI`` is set, which promises one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.unit.report.sample_plan import sample_about, sample_plan, sample_push
from zx.report.html import preview_html, report_html

FILTERS = Path(__file__).parents[1] / "unit" / "report" / "filters.json"
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


@pytest.mark.parametrize(
    "query", ["rule:tax.zx", "amount>=11 amount<=22", "-action:create", '"garden widget"', "field:due"]
)
def test_the_page_filters_as_the_terminal_does(browser: str, tmp_path: Path, query: str) -> None:
    page = tmp_path / "preview.html"
    page.write_text(preview_html(sample_plan(), sample_about()), encoding="utf-8")
    wanted = json.loads(FILTERS.read_text(encoding="utf-8"))[query]
    address = f"{page.as_uri()}#records?q={quote(query)}&theme=dark&keys=off"
    document, console = shown(browser, address, tmp_path / "profile")
    assert console == []
    assert cards(document) == wanted
    assert f"{wanted} of " in document and 'data-theme="dark"' in document


def test_what_is_no_filter_is_said_on_the_page(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "preview.html"
    page.write_text(preview_html(sample_plan(), sample_about()), encoding="utf-8")
    document, _ = shown(browser, f"{page.as_uri()}#records?q=amount%3Elots", tmp_path / "profile")
    assert "compares with no number" in document


WALK = """<script>
const event = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
const press = (key) => document.activeElement.dispatchEvent(event(key));
const where = () => [...document.querySelectorAll("#cards > article")].indexOf(document.activeElement);
const seen = [];
press("j"); seen.push(where());
press("j"); press("j"); seen.push(where());
press("k"); seen.push(where());
const details = document.activeElement.querySelector("details");
const before = details ? details.open : null;
press("x"); seen.push(details === null || details.open !== before);
press("/"); seen.push(document.activeElement.id);
press("j"); seen.push(document.activeElement.id);
document.activeElement.blur();
press("?"); seen.push(document.getElementById("help").open);
document.getElementById("keys").click(); press("j"); seen.push(where());
document.title = JSON.stringify(seen);
</script></body>"""


def test_keys_walk_the_records_and_can_be_switched_off(browser: str, tmp_path: Path) -> None:
    """The page's own policy would refuse this script, so it is taken off a copy."""
    text = preview_html(sample_plan(), sample_about())
    page = tmp_path / "preview.html"
    page.write_text(
        re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", WALK), "utf-8"
    )
    document, console = shown(browser, page.as_uri(), tmp_path / "profile")
    assert console == []
    title = re.search(r"<title>(.*?)</title>", document)
    assert title is not None
    assert json.loads(title[1]) == [0, 2, 1, True, "q", "q", True, -1]
