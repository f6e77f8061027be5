"""What generated code is made of, and where it says it comes from."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from importlib.resources import files

import pytest

from zx.catalog.load import packaged
from zx.check.ir import TableCode
from zx.compile import assemble as assembling
from zx.compile.bound import HELPERS
from zx.compile.build import Build, SettingValue, SyncRules, build
from zx.compile.functions import Workshop
from zx.diagnostics.diagnostic import Span

PLACE = Span("zx.toml", 1, 1, 1, 2)


def starter() -> dict[str, str]:
    folder = files("zx.starter")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".zx"))
    return {f"rules/{name}": (folder / name).read_text("utf-8") for name in names}


def built(sources: dict[str, str]) -> Build:
    settings = {"start_date": SettingValue("2025-08-01", PLACE)}
    return build(sources, packaged(), SyncRules("demo", settings, "Australia/Sydney", PLACE))


@pytest.fixture
def workshops(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Workshop]]:
    """The workshops that builds use, to look at what they made."""
    made: list[Workshop] = []

    class Watched(Workshop):
        def __init__(self, tables: dict[str, TableCode]) -> None:
            super().__init__(tables)
            made.append(self)

    monkeypatch.setattr(assembling, "Workshop", Watched)
    yield made


def test_generated_code_reaches_nothing_but_what_is_bound(workshops: list[Workshop]) -> None:
    assert built(starter()).program is not None
    (workshop,) = workshops
    parts = workshop.parts()
    functions = workshop.compiled(parts)
    assert all(function.__globals__["__builtins__"] == {} for function in functions.values())
    attributes, calls = set(), set()
    for statements in workshop._files.values():
        for statement in statements:
            assert isinstance(statement, ast.FunctionDef)
            for node in ast.walk(statement):
                assert not isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Lambda | ast.Delete)
                if isinstance(node, ast.Attribute):
                    attributes.add(node.attr)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    calls.add(node.func.id)
    assert attributes <= {"get", "let", "hit", "done", "via", "find", "startswith", "append", "quantize"}
    assert calls <= {*HELPERS, *parts.functions, *functions}


def test_functions_carry_the_file_and_lines_of_their_rules(workshops: list[Workshop]) -> None:
    sources = starter()
    assert built(sources).program is not None
    compiled = workshops[0].compiled(workshops[0].parts())
    functions = [made for made in compiled.values() if isinstance(made, types.FunctionType)]
    assert functions
    for function in functions:
        code = function.__code__
        assert code.co_filename in sources
        lines = [line for _, _, line in code.co_lines() if line]
        assert max(lines) <= sources[code.co_filename].count("\n") + 1


def test_the_digest_ignores_comments_and_layout_and_nothing_else() -> None:
    sources = starter()
    program = built(sources).program
    assert program is not None
    commented = {
        **sources,
        "rules/tax.zx": "# a remark\n" + sources["rules/tax.zx"].replace("| OUTPUT     ", "| OUTPUT "),
    }
    same, other = (
        built(commented).program,
        built({**sources, "rules/tax.zx": sources["rules/tax.zx"].replace("GST 10%", "GST 15%")}).program,
    )
    assert same is not None and other is not None
    assert same.digest == program.digest != other.digest


def test_asked_maps_come_before_asking_ones() -> None:
    program = built(starter()).program
    assert program is not None
    order = list(program.maps)
    for name, one in program.maps.items():
        assert all(order.index(asked) < order.index(name) for asked in one.via)
    assert program.maps["invoices"].via == ("organisations", "people", "items")
    assert {str(kind) for kind in program.reads} == {
        "zoho.Invoices",
        "zoho.Accounts",
        "zoho.Contacts",
        "zoho.Products",
        "xero.Invoice",
        "xero.Contact",
        "xero.Item",
        "xero.CreditNote",
        "zoho.Quotes",
        "zoho.Sales_Orders",
    }
