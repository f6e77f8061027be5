from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

GOOD = """\
version = 1

[zoho.acme]
data_centre = "com.au"
[xero.books]
tenant = "2b1f"

[zoho.demo]
sandbox = true
[xero.demo]
sandbox = "fixtures/xero"

[sync.au]
zoho = "acme"
xero = "books"
rules = ["rules/*.zx"]
timezone = "Australia/Sydney"
every = "1h at :05"

[sync.au.settings]
prefix = "AU-"
start_date = 2026-07-01
rounding_limit = 0.05
due_days = 30
create_items = true

[run]
push = "never"
max_total = "50000.00"
max_changed_share = "20%"
keep = "30 days"
"""


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        (tmp_path / "zx.toml").write_text(text, encoding="utf-8")
        (tmp_path / "fixtures" / "xero").mkdir(parents=True, exist_ok=True)
        return tmp_path

    return make
