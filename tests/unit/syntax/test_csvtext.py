"""CSV text as cells with places."""

from __future__ import annotations

import pytest

from zx.diagnostics.diagnostic import Diagnostic
from zx.syntax.csvtext import CsvText, csv_name, named_csv, read_csv


def cells(text: str) -> list[tuple[int, tuple[str, ...]]]:
    read = read_csv(text, "a.csv")
    assert isinstance(read, CsvText), read
    return [(line.number, line.cells) for line in (read.header, *read.records)]


def test_cells_are_trimmed_and_blank_lines_left_out() -> None:
    assert cells("\ufeffCode , Name\r\n W-1,Widget\r\n,\r\n\r\nW-2,\n") == [
        (1, ("Code", "Name")),
        (2, ("W-1", "Widget")),
        (5, ("W-2", "")),
    ]


def test_quoted_cells_hold_commas_quotes_and_line_ends() -> None:
    text = 'A,B\n"a, b","say ""x"""\n"two\nlines",c\nd,5" pipe\ne,f'
    assert cells(text) == [
        (1, ("A", "B")),
        (2, ("a, b", 'say "x"')),
        (3, ("two\nlines", "c")),
        (5, ("d", '5" pipe')),
        (6, ("e", "f")),
    ]


def test_names_are_composed_so_that_equal_ones_are_equal() -> None:
    assert cells("Cafe\u0301,b")[0][1] == ("Caf\u00e9", "b")


@pytest.mark.parametrize(
    ("column", "written"),
    [(0, "abc"), (1, '"d, e"'), (2, "f"), (3, " ")],
)
def test_a_cell_knows_its_place(column: int, written: str) -> None:
    line = 'abc , "d, e",f, '
    read = read_csv("A,B,C,D\n" + line, "a.csv")
    assert isinstance(read, CsvText)
    span = read.place(read.records[0], column)
    assert (span.line, line[span.column - 1 : span.end_column - 1]) == (2, written if column < 3 else "")


def test_an_open_quote_is_reported_where_it_opens() -> None:
    read = read_csv('A,B\n1,"2\n3,4\n', "a.csv")
    assert isinstance(read, Diagnostic)
    assert (read.code, read.span.line, read.span.column) == ("E0412", 2, 3)


def test_too_many_lines_are_refused() -> None:
    read = read_csv("A,B\n" + "1,2\n" * 100_001, "a.csv")
    assert isinstance(read, Diagnostic)
    assert read.message == "a.csv has more than 100 000 lines" and read.span.line == 100_002
    assert isinstance(read_csv("A,B\n" + "1,2\n" * 100_000, "a.csv"), CsvText)


def test_the_files_that_tables_name_are_found_without_parsing() -> None:
    text = (
        'use "x.zx"\r\ntable a(Code: text) -> text from "t/a.csv" key "A" value "B"\r\n'
        '# table b(Code: text) -> text from "b.csv" key "A" value "B"\r\n'
        'table c(Code: text) -> text from "../../c.csv" key "A" value "B"\r\n'
    )
    assert list(named_csv(text, "rules/r.zx")) == ["rules/t/a.csv"]


@pytest.mark.parametrize("path", ["/etc/a.csv", "../../a.csv", "a.txt", "c:\\a.csv", "c:/a.csv"])
def test_only_csv_files_of_the_workspace_can_be_named(path: str) -> None:
    assert csv_name("rules/r.zx", path) is None
