"""Keyed digests of field values."""

from __future__ import annotations

import stat
from decimal import Decimal
from pathlib import Path

import pytest

from zx.files.disk import DiskError
from zx.state.digest import FieldDigest, load_key


def test_equal_values_have_equal_digests_under_one_key_only() -> None:
    digest = FieldDigest(b"k" * 32)
    assert digest(Decimal("33.30")) == digest(Decimal("33.3")) != digest("33.3")
    assert digest({"b": 1, "a": [Decimal("1.0")]}) == digest({"a": [Decimal(1)], "b": 1})
    assert len(digest(None)) == 16
    assert FieldDigest(b"l" * 32)("x") != digest("x")


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "digest.key"
    key = load_key(path)
    assert len(key) == 32 and load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("short")
    with pytest.raises(DiskError, match="no key"):
        load_key(path)
