"""What rules read and what they cost, told from the typed rules."""

from __future__ import annotations

from zx.catalog.load import packaged
from zx.check.typed import TypedRules
from zx.compile.build import SyncRules, build
from zx.compile.insight import costs, wanted
from zx.diagnostics.diagnostic import Span

RULES = """map organisations: zoho.Accounts -> xero.Contact
  match on Name
  Name = Account_Name
  FirstName = left(Parent_Account.Account_Number otherwise "none", 255)
  LastName = short(Phone)
"""
TABLE = 'table short(Phone: text?) -> text(9)\n| Phone | Short |\n| *     | =  left(join(" ", "a", Phone), 9) |\n'


def typed(table: str = TABLE) -> TypedRules:
    place = Span("zx.toml", 1, 1, 1, 2)
    made = build({"rules/a.zx": RULES + table}, packaged(), SyncRules("t", {}, "Etc/UTC", place))
    assert made.program is not None and made.typed is not None, made.diagnostics
    assert {item.kind for item in wanted(made.typed, packaged())} == made.program.reads
    return made.typed


def test_every_kind_that_is_read_has_its_reasons() -> None:
    assert [(str(item.kind), item.why) for item in wanted(typed(), packaged())] == [
        (
            "zoho.Accounts",
            (
                ("sent by `organisations`", "rules/a.zx:1"),
                ("for `Parent_Account.Account_Number` in `organisations`", "rules/a.zx:4"),
            ),
        ),
        ("xero.Contact", (("written by `organisations`, and compared with what is there", "rules/a.zx:1"),)),
    ]


def test_a_table_costs_more_with_every_row() -> None:
    (short,) = costs(typed())
    longer = TABLE.replace("| *", "| 1     | one   |\n| 2     | two   |\n| *")
    (long,) = costs(typed(longer))
    assert (short.map, short.place) == ("organisations", "rules/a.zx:1")
    assert long.record == short.record + 2
