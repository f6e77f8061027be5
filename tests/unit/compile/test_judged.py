"""Rules judged without making code know what the program would."""

from __future__ import annotations

from importlib.resources import files

import pytest

from zx.catalog.load import packaged
from zx.compile.build import SettingValue, SyncRules, compiled
from zx.compile.judged import judge
from zx.diagnostics.diagnostic import Span

PLACE = Span("zx.toml", 1, 1, 1, 2)
STARTER = {
    f"rules/{entry.name}": entry.read_text("utf-8")
    for entry in sorted(files("zx.starter").iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".zx") and not entry.name.endswith("_test.zx")
}


def rules(**settings: object) -> SyncRules:
    given = {"start_date": "2025-08-01", **settings}
    return SyncRules("demo", {name: SettingValue(value, PLACE) for name, value in given.items()}, "UTC", PLACE)


@pytest.mark.parametrize(
    "settings",
    [{}, {"quotes": "quote"}, {"quotes": "invoice", "payments": "both"}, {"posting": "summary"}],
    ids=str,
)
def test_what_maps_set_is_known_without_a_program(settings: dict[str, object]) -> None:
    sync = rules(**settings)
    judged = judge(STARTER, packaged(), sync)
    program = compiled(judged, STARTER, packaged(), sync).program
    if program is None:
        assert judged.typed is None and any(found.is_error for found in judged.diagnostics)
    else:
        assert judged.fields() == program.fields()
        assert judged.maps == tuple(program.maps)


def test_the_starter_rules_are_among_them() -> None:
    assert judge(STARTER, packaged(), rules()).typed is not None


def test_rules_with_a_mistake_set_nothing() -> None:
    judged = judge({"rules/a.zx": "map items: zoho.Products -> xero.Item\n  Cod = 1\n"}, packaged(), rules())
    assert judged.typed is None
    assert set().union(*judged.fields().values()) == set()
