"""decisions.zx judged, and read without the parser where it stands in the house layout."""

from __future__ import annotations

import pytest

from zx.check.answers import judge_answers
from zx.check.known import Known
from zx.check.plainanswers import plain_answers
from zx.model.decision import DECISIONS, Verdict
from zx.syntax.parser import parse

MAPS = {"people": {"Name", "Phones[DEFAULT].PhoneNumber"}, "invoices": {"DueDate", "LineItems"}, "quotes": set[str]()}
KNOWN = Known(("au", "nz"), "au", MAPS)
TEXT = """# Answers given by people, one per line.
decisions for au
  people "401" is "220ddca8-3144" because "same person, new e-mail address"
  # closed in May
  people "402" is new because "second branch, billed apart"
  people "403" is new as "Tomasz Field (Bristol)" because "two people of one name"

decisions for nz
  nobody "1" stays out because "judged in its own sync"

decisions for au
  invoices "501" keeps xero DueDate at "9f31c2ab" because "agreed by telephone"
  invoices "501" keeps xero DueDate at "9f31c2ac" because "agreed by telephone again"
  people "404" keeps zoho Phones[DEFAULT].PhoneNumber at "1b22e07c" because ""
  quotes "601" keeps zoho Whatever at "1b22e07c" because "the map is switched off"
  invoices "502" stays out because "deleted in Xero on purpose"
"""


def test_both_ways_of_reading_agree() -> None:
    module, found = parse(TEXT, DECISIONS)
    decisions, odd = judge_answers(module, KNOWN)
    assert (found, odd) == ([], ())
    assert plain_answers(TEXT.replace("  # closed in May\n", ""), KNOWN) is not None
    plain = plain_answers(TEXT.replace("  # closed", "# closed"), KNOWN)
    assert plain == decisions
    assert [answer.verdict for answer in decisions.answers].count(Verdict.KEEPS) == 4
    assert parse("decisions for au\n" + "".join(f"  {one.line}\n" for one in decisions.answers), DECISIONS)[1] == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('peoples "1" stays out because "x"', "E0801"),
        ('people "401" stays out because "x"', "E0803"),
        ('invoices "501" keeps zoho DueDate at "9f31c2ab" because "x"', "E0803"),
        ('invoices "501" keeps zoho DueDat at "9f31c2ab" because "x"', "E0804"),
        ('people "Zoë" is new as "Zoë" because "x"', ""),
        ('people "1" is new as "A \\"B\\"" because "x"', ""),
        ('people  "1" stays out because "x"', ""),
        ('people "1" stays because "x"', "E0100"),
        ("<<<<<<< ours", "E0101"),
    ],
)
def test_what_is_odd_is_left_to_the_checker(line: str, code: str) -> None:
    text = f"{TEXT}  {line}\n" if not line.startswith("<") else f"{TEXT}{line}\n"
    assert plain_answers(text, KNOWN) is None
    module, found = parse(text, DECISIONS)
    odd = judge_answers(module, KNOWN)[1]
    assert [one.code for one in (*found, *odd)][:1] == ([code] if code else [])


def test_a_sync_nobody_knows() -> None:
    text = 'decisions for us\n  people "1" stays out because "x"\n'
    assert plain_answers(text, KNOWN) is None
    assert [one.code for one in judge_answers(parse(text, DECISIONS)[0], KNOWN)[1]] == ["E0806"]


def test_quotes_in_names_survive() -> None:
    text = 'decisions for au\n  people "1" is new as "A \\"B\\" \\\\ C" because "x"\n'
    (answer,) = judge_answers(parse(text, DECISIONS)[0], KNOWN)[0].answers
    assert answer.name == 'A "B" \\ C' and f"  {answer.line}\n" in text
