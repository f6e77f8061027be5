"""Texts to nodes: one test for each construct."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zx.diagnostics.diagnostic import Span
from zx.syntax import ast
from zx.syntax.parser import parse


def section(text: str, file: str = "rules/a.zx") -> Any:
    module, diagnostics = parse(text, file)
    assert diagnostics == []
    (made,) = module.sections
    return made


def item(line: str) -> Any:
    (made,) = section(f"map m: zoho.Invoices -> xero.Invoice\n  {line}\n").items
    return made


def value(expression: str) -> Any:
    return item(f"X = {expression}").value


def written(text: str, span: Span) -> str:
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def test_map_with_doc_and_places() -> None:
    text = (
        "# plain\n## First\n##  second\n\nmap invoices: zoho.Invoices -> xero.Invoice  # c\n"
        "  ## Day\n  Date = Day always\n"
    )
    made = section(text)
    assert isinstance(made, ast.Map)
    assert made.doc == "First\n second"
    assert made.span == Span("rules/a.zx", 5, 1, 5, 44)
    assert (made.source.system, made.source.name, made.target.name) == ("zoho", "Invoices", "Invoice")
    (date,) = made.items
    assert isinstance(date, ast.Assign)
    assert (date.doc, date.owner, date.target.text) == ("Day", "always", "Date")
    assert written(text, date.span) == "Date = Day always"
    assert written(text, made.name.span) == "invoices"


def test_guards() -> None:
    assert item("only when a").outcome == "only"
    for outcome in ("skip", "fail", "cancel", "warn"):
        guard = item(f'{outcome} when a is missing because "for {{b}}"')
        assert guard.outcome == outcome
        assert [getattr(part, "text", part) for part in guard.because.parts] == ["for ", "b"]


def test_match_policy_total_spread() -> None:
    match = item("match on Name and Phones[DEFAULT].PhoneNumber = left(B, 3)")
    assert [key.target.text for key in match.keys] == ["Name", "Phones[DEFAULT].PhoneNumber"]
    assert [type(key.value).__name__ for key in match.keys] == ["NoneType", "Call"]
    policy = item('never create when a because "b"')
    assert (policy.verb, policy.condition.head, policy.because.constant) == ("create", "a", "b")
    assert item('never update because "b"').condition is None
    total = item('total must be G otherwise "rounding" up to 0.05 on "860"')
    assert (total.method.constant, total.limit.value, total.account.constant) == ("rounding", Decimal("0.05"), "860")
    assert item("total must be G").method is None
    assert item("spread D when a").condition.head == "a"


def test_extend() -> None:
    made = section("extend lines of a, b\n  override X = 1 on create\n  drop Y.Z\n  let q = 2\n")
    assert (made.lines, [name.text for name in made.names]) == (True, ["a", "b"])
    override, drop, let = made.items
    assert (override.override, override.owner, drop.target.text, let.name) == (True, "on create", "Y.Z", "q")
    assert section("extend a\n").lines is False


def test_lines_line_summary() -> None:
    lines = section("lines of a, b: Rows -> Addresses[POBOX].City per F, G\n")
    assert (lines.source.text, lines.target.text) == ("Rows", "Addresses[POBOX].City")
    assert [path.text for path in lines.per] == ["F", "G"]
    line = section("line fee of a, b -> LineItems\n")
    assert (line.name.text, [name.text for name in line.maps], line.target.text) == ("fee", ["a", "b"], "LineItems")
    summary = section("summary daily: invoices -> xero.Invoice per Date, Status\n")
    assert isinstance(summary.source, ast.Name)
    assert isinstance(section("summary d: zoho.Invoices -> xero.Invoice per Date\n").source, ast.QName)


def test_settings_and_types() -> None:
    made = section('setting prefix: text(4)? = ""\n')
    assert (made.type.kind, made.type.length, made.type.optional, made.default.constant) == ("text", 4, True, "")
    assert section("setting a: one of (x, y)\n").type.values == ("x", "y")
    assert section("setting a: set of zoho.Tax?\n").type.remote.name == "Tax"
    assert section("setting a: xero.Account\n").type.kind == "remote"
    assert section("setting a: text\n").type.length is None


def test_table_with_every_kind_of_cell() -> None:
    text = (
        "table t(A: text, B: money?) -> text\n"
        "| A | B | C |  # the header\n"
        '| x, "y, z" | > -1.5 | = left(A, 1) & "|" |\n'
        '| * | missing | fail "no {A}" |\n'
        '| GST 5% + PST 7%, "A + B" 3% | present | warn "w" then B |\n'
    )
    made = section(text)
    assert [cell.text for cell in made.rows.header] == ["A", "B", "C"]
    first, second, third = (row.cells for row in made.rows.rows)
    assert [(one.text, one.quoted) for one in first[0].values] == [("x", False), ("y, z", True)]
    assert (first[1].operator, first[1].value.operator) == (">", "-")
    assert first[2].formula.operator == "&"
    assert written(text, first[2].formula.operator_span) == "&"
    assert written(text, first[2].formula.left.name_span) == "left"
    assert isinstance(second[0], ast.AnyCell)
    assert (second[1].present, third[1].present) == (False, True)
    assert second[2].outcome.outcome == "fail"
    assert written(text, second[2].outcome.message.parts[1].span) == "A"
    combination, odd = third[0].values
    assert [member.text for member in combination.members] == ["GST 5%", "PST 7%"]
    assert written(text, combination.members[1].span) == "PST 7%"
    assert (odd.text, odd.quoted, odd.members) == ("A + B 3%", True, ())
    assert third[2].outcome.then.head == "B"


def test_table_from_csv() -> None:
    made = section('table a(C: text) -> xero.Account from "a.csv" key "P", "Q" value "V"\n')
    assert (made.rows, made.csv.path, made.csv.keys, made.csv.value) == (None, "a.csv", ("P", "Q"), "V")


def test_pick() -> None:
    text = "map m: a.B -> c.D\n  X = pick A, b(C) on create\n    | A | B | x |\n    | 1 | 2 | 3 |\n  Y = 1\n"
    first, second = section(text).items
    assert (len(first.value.subjects), len(first.value.rows.rows), first.owner) == (2, 1, "on create")
    assert second.target.head == "Y"


def test_expressions() -> None:
    either = value('a otherwise b otherwise fail "c"')
    assert (either.operator, either.right.operator, either.right.right.outcome) == ("otherwise", "otherwise", "fail")
    assert value("a + b - c * 2").left.operator == "+"
    assert value("not a in (1, 2)").operator == "not"
    assert value("a not in (1)").negated
    assert value("a is not missing").operator == "is present"
    assert value("a is not b").operator == "is not"
    assert value("a starts with b").operator == "starts with"
    assert (value("14 days").unit, value("n month").unit) == ("day", "month")
    assert (value("10%").kind, value("10%").value) == ("percent", Decimal(10))
    assert value("2026-03-31").value == "2026-03-31"
    assert [value(word).kind for word in ("yes", "no", "missing", "clear")] == ["bool", "bool", "missing", "clear"]
    assert value("a via m").map == "m"
    found = value("find xero.Contact by Name = X or create")
    assert (found.kind.name, found.field, found.value.head, found.or_create) == ("Contact", "Name", "X", True)
    assert value("f()").arguments == ()
    assert value("parent.$line_tax").rest == ("$line_tax",)
    assert value('if a then b else fail "c"').otherwise.outcome == "fail"


def test_operators_know_their_place_through_brackets_and_lines() -> None:
    text = "map m: a.B -> c.D\n  X = (a)  and (b) # why\n    or c\n"
    either = section(text).items[0].value
    assert written(text, either.operator_span) == "or"
    assert written(text, either.left.operator_span) == "and"
    assert either.left.operator_span.column == 12


def test_texts() -> None:
    made = value(r'"a\"b\\c\nd\u{1F600}{{e} {Addresses[POBOX].City}"')
    assert made.parts[0] == 'a"b\\c\nd\U0001f600{e} '
    assert made.parts[1].text == "Addresses[POBOX].City"
    assert value('"plain"').constant == "plain"
    assert value('"{a}"').constant is None
    assert value('"e\u0301"').constant == "\u00e9"


def test_test_sections() -> None:
    text = (
        'test "t {x}"\n  run invoices\n  with settings a = "b", c = 1\n  given\n    A.B = 1\n'
        '  given Rows\n    | A | B |\n    |   | 2 |\n  given from "f.json"\n  expect\n    C = 2\n'
        '  expect Lines\n    | A |\n    | 1 |\n  expect from "g.json"\n  expect cancel "why"\n'
    )
    made = section(text)
    assert made.title == "t {x}"
    assert [step.kind for step in made.steps] == [
        "run", "with", "given", "given rows", "given file", "expect", "expect rows", "expect file", "expect outcome",
    ]  # fmt: skip
    run, settings, given, rows = made.steps[:4]
    assert (run.name, [one.target.head for one in settings.bindings]) == ("invoices", ["a", "c"])
    assert given.bindings[0].target.text == "A.B"
    assert isinstance(rows.rows.rows[0].cells[0], ast.MissingCell)
    assert written(text, given.span) == "given"
    assert (made.steps[-1].name, made.steps[-1].text.constant) == ("cancel", "why")


def test_decisions() -> None:
    text = (
        'decisions for au\n  people "1" is "2" because "a"\n  people "1" is new because "a"\n'
        '  people "1" is new as "N" because "a"\n  invoices "1" keeps xero Due.Date at "9f" because "a"\n'
        '  invoices "1" stays out because "a"\n'
    )
    made = section(text, "decisions.zx")
    assert [answer.verdict for answer in made.answers] == ["is", "is new", "is new", "keeps", "stays out"]
    assert [answer.new_name for answer in made.answers] == [None, None, "N", None, None]
    keeps = made.answers[3]
    assert (keeps.side, keeps.field.text, keeps.digest, keeps.because) == ("xero", "Due.Date", "9f", "a")


def test_answers_and_rules_stand_in_their_own_files() -> None:
    assert [found.code for found in parse("decisions for au\n", "rules/a.zx")[1]] == ["E0100"]
    assert [found.code for found in parse('use "a.zx"\n', "decisions.zx")[1]] == ["E0100"]


@pytest.mark.parametrize("text", ["", "\n", "# c", "\ufeff", "\r\n\r\n", "## doc only\n"])
def test_nothing_is_fine(text: str) -> None:
    module, diagnostics = parse(text, "rules/a.zx")
    assert (module.sections, diagnostics) == ((), [])


def test_carriage_returns_and_a_mark_at_the_start_are_no_part_of_the_text() -> None:
    text = 'use "a.zx"\nmap m: a.B -> c.D\n  X = 1\n'
    assert parse("\ufeff" + text.replace("\n", "\r\n"), "a.zx") == parse(text, "a.zx")


def test_a_long_chain_is_no_nesting() -> None:
    made = value(" & ".join(["a"] * 60))
    assert made.operator == "&"
