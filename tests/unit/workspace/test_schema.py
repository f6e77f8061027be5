"""The published schema of zx.toml says of a file what zx itself says of it."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from zx.workspace.config import parsed
from zx.workspace.workspace import ConfigError

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "zx.toml.schema.json").read_text(encoding="utf-8"))
GOOD = (ROOT / "zx.toml").read_text(encoding="utf-8")


def _plain(value: Any) -> Any:
    """As an editor sees TOML: dates are text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, dt.date) else value


def _fits(text: str) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(_plain(tomllib.loads(text)))


def _loads(text: str, root: Path) -> bool:
    try:
        parsed(root, text)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(
    "more",
    [
        "",
        'odd = 1\n[run]\npush = "any"\nkeep = "30 days"\nmax_changed_share = "20%"\n',
        '[run]\npush = "sometimes"\n',
        '[run]\nkeep = "a while"\n',
        "[run]\nmax_total = 5\n",
        "[run]\nno_delete = true\n",
        "[zoho.acme]\nsandbox = 5\n",
        '[zoho.acme]\ndata_centre = "com.au"\n',
        '[zoho.acme]\ndata_centre = "moon"\n',
        '[xero.acme]\ndata_centre = "com"\n',
        '[xero.books]\napi = "http://127.0.0.1:8702"\nsettle = 5\n',
        '[xero.books]\napi = "https://books.example"\n',
        '[xero."no name"]\nsandbox = true\n',
        '[sync.b]\nzoho = "demo"\nxero = "demo"\nrules = ["../x.zx"]\ntimezone = "UTC"\n',
        '[sync.b]\nzoho = "demo"\nxero = "demo"\nrules = ["r/*.zx"]\ntimezone = "UTC"\nevery = "1h at :05"\n',
        '[sync.b]\nzoho = "demo"\nxero = "demo"\nrules = ["r/*.zx"]\ntimezone = "UTC"\nevery = "often"\n',
        '[sync.b]\nzoho = "demo"\nxero = "demo"\ntimezone = "UTC"\n',
    ],
)
def test_the_schema_and_zx_say_the_same(more: str, tmp_path: Path) -> None:
    text = f"{GOOD}\n{more}"
    assert _fits(text) == _loads(text, tmp_path)


def test_a_setting_is_no_list(tmp_path: Path) -> None:
    text = f"{GOOD}\nodd = [1]\n"
    assert not _fits(text) and not _loads(text, tmp_path)
