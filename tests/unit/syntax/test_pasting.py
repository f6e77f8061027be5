"""Lines put where they belong: nothing else of the file changes."""

from __future__ import annotations

from zx.syntax.pasting import with_answer, with_row

LINE = 'people "1" is "2" because "the same"'


def answered(text: str, sync: str = "au", replaces: int | None = None) -> str:
    made = with_answer(text, "decisions.zx", sync, LINE, replaces)
    assert made is not None
    return made


def test_the_first_answer_makes_the_file() -> None:
    made = answered("")
    assert made.startswith("# Answers given by people") and made.endswith(f"\ndecisions for au\n  {LINE}\n")


def test_an_answer_goes_behind_the_last_one_of_its_sync() -> None:
    au = '# ours\ndecisions for au\n  people "9" stays out because "x"\n'
    text = f'{au}\ndecisions for nz\n  people "8" is new because "y"\n'
    made = answered(text)
    assert made.split("\n")[3] == f"  {LINE}" and made.replace(f"  {LINE}\n", "") == text
    assert answered(text, "nz").endswith(f'"y"\n  {LINE}\n')
    assert answered(text, "uk").endswith(f'"y"\n\ndecisions for uk\n  {LINE}\n')


def test_an_answer_under_a_header_alone() -> None:
    assert answered("# ours\ndecisions for au\n") == f"# ours\ndecisions for au\n  {LINE}\n"
    assert answered("decisions for au\n\n# a note for later\n").startswith(f"decisions for au\n  {LINE}\n")


def test_an_answer_in_place_of_another() -> None:
    text = 'decisions for au\n  people "1" is new because "x"\n  people "3" is new because "y"\n'
    assert answered(text, replaces=2) == f'decisions for au\n  {LINE}\n  people "3" is new because "y"\n'


def test_a_file_that_cannot_be_read_is_not_changed() -> None:
    assert with_answer("decisions for\n", "decisions.zx", "au", LINE) is None


TABLE = """## Taxes.
table rate(Taxes: set of zoho.Tax?) -> xero.TaxRate
| Zoho taxes  | Rate   |
| GST 10%     | OUTPUT |
| *           | fail "no rate" |

setting prefix: text = ""
"""


def test_a_row_goes_above_the_one_that_stopped_the_record() -> None:
    made = with_row(TABLE, "rules/tax.zx", 5, "| VAT 12.5% | TAX003 |")
    assert made is not None
    assert made.split("\n")[4] == "| VAT 12.5%   | TAX003 |"
    assert made.replace("| VAT 12.5%   | TAX003 |\n", "") == TABLE


def test_a_row_of_a_table_without_a_last_resort_goes_to_its_end() -> None:
    text = TABLE.replace('| *           | fail "no rate" |\n', "")
    made = with_row(text, "rules/tax.zx", 2, "| VAT 12.5% | TAX003 |")
    assert made is not None and made.split("\n")[4] == "| VAT 12.5%   | TAX003 |"
    assert with_row(text, "rules/tax.zx", 6, "| a | b |") is None
    assert with_row(text, "rules/tax.zx", 99, "| a | b |") is None


def test_a_row_under_a_pick_keeps_its_indentation() -> None:
    text = """map items: zoho.Products -> xero.Item
  match on Code
  Code = pick Product_Category
    | Category | Code |
    | Tea      | T    |
    | *        | fail "which?" |
"""
    made = with_row(text, "rules/items.zx", 6, "| Ink | I |")
    assert made is not None and made.split("\n")[5] == "    | Ink      | I    |"
