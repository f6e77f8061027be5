"""`zx review`, from what is open to "Ready": answers and rows written where they belong, then sent."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.shop import Shop, invoice, line, person, shop, taxes
from tests.e2e.test_answers import ONE, clashing, contact, original
from zx.cli.main import run
from zx.model.decision import Choice, Question, Verdict
from zx.operations.review import Enough, Left, Written, look, walk
from zx.plan.review import Open, Review

RATES = [
    {"Name": "GST on Income", "TaxType": "OUTPUT", "EffectiveRate": 10.0, "DisplayTaxRate": 10.0, "Status": "ACTIVE",
     "CanApplyToRevenue": True, "TaxComponents": [{"Name": "GST", "Rate": 10.0}]},
    {"Name": "GST Free", "TaxType": "EXEMPTOUTPUT", "EffectiveRate": 0.0, "DisplayTaxRate": 0.0, "Status": "ACTIVE",
     "CanApplyToRevenue": True, "TaxComponents": [{"Name": "Free", "Rate": 0.0}]},
    {"Name": "No tax", "TaxType": "BASEXCLUDED", "EffectiveRate": 0.0, "DisplayTaxRate": 0.0, "Status": "ACTIVE",
     "CanApplyToRevenue": True, "TaxComponents": []},
    {"Name": "VAT", "TaxType": "TAX003", "EffectiveRate": 12.5, "DisplayTaxRate": 12.5, "Status": "ACTIVE",
     "CanApplyToRevenue": True, "TaxComponents": [{"Name": "VAT", "Rate": 12.5}]},
]  # fmt: skip


@dataclass
class Script:
    """A person who chooses as ``pick`` says, takes every suggestion, and agrees."""

    pick: Callable[[Question], Choice | None] = lambda question: question.choices[0]
    values: list[str] = field(default_factory=list)
    agrees: bool = True
    shown: list[str] = field(default_factory=list)
    said: list[Written | Left] = field(default_factory=list)

    def show(self, item: Open, number: int, of: int) -> None:
        self.shown.append(f"{number}/{of} {item.code}")

    def choose(self, question: Question) -> Choice | None:
        return self.pick(question)

    def text(self, prompt: str, suggestion: str) -> str:
        return self.values.pop(0) if self.values else suggestion

    def agree(self, prompt: str) -> bool:
        return self.agrees

    def told(self, done: Written | Left) -> None:
        self.said.append(done)


def reviewed(place: Shop, script: Script) -> Review:
    """Walks, then looks again."""
    desk = place.desk()
    sync = desk.only_sync(None)
    walk(desk, sync, look(desk, sync, offline=False), script)
    return look(desk, sync, offline=True)


def test_a_missing_tax_row_is_pasted_and_all_is_ready(tmp_path: Path) -> None:
    odd = taxes("VAT 12.5%")
    place = shop(
        tmp_path,
        invoice("7", [line("10.00"), line("80.00", tax=odd)]),
        invoice("8", [line("5.00")]),
        xero={"TaxRates": RATES},
        zoho={"taxes": {"org_taxes": {"taxes": [{"name": "GST", "value": 10, "id": "1"}]}}},
    )
    rules = (tmp_path / "rules" / "tax.zx", place.desk())[0]
    before = rules.read_text("utf-8")
    script = Script()
    found = reviewed(place, script)
    assert (script.shown, found.ready, found.items) == (["1/1 R903"], True, ())
    row = "| VAT 12.5%   | TAX003        |\n"
    assert rules.read_text("utf-8").replace(row, "") == before and row in rules.read_text("utf-8")
    made = place.sent()
    assert [one["TaxType"] for one in made["7"]["LineItems"]] == ["OUTPUT", "TAX003"]
    assert place.preview()["verdict"] == "unchanged"


def test_a_row_that_the_rules_do_not_take_leaves_the_file(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("7", [line("10.00")], Status="On Hold"))
    rules = (tmp_path / "rules" / "statuses.zx", place.desk())[0]
    before = rules.read_text("utf-8")
    script = Script(values=["sometimes"])
    assert not reviewed(place, script).ready
    (left,) = script.said
    assert isinstance(left, Left) and left.why == "the rules would not check any more"
    assert [one.code for one in left.diagnostics] == ["E0204"] and rules.read_text("utf-8") == before
    assert reviewed(place, Script(values=["unpaid"])).ready
    assert "| On Hold" in rules.read_text("utf-8")
    assert place.sent().keys() == {"7"}


def test_answers_are_written_with_a_reason_and_a_name(tmp_path: Path) -> None:
    place = original(
        tmp_path,
        person("401", "Ada", "Quill", Email="ada@new.example"),
        person("402", "Tomasz", "Field", Email="t@one.example"),
        person("403", "Tomasz", "Field", Email="t@two.example"),
        xero=[contact(ONE, "Ada Quill", EmailAddress="ada@old.example")],
    )
    given = ["Tomasz Field (North)", "two of them", "new address"]
    assert reviewed(place, Script(values=given)).ready
    assert (tmp_path / "decisions.zx").read_text("utf-8").split("\n")[1:] == [
        "decisions for own",
        '  people "403" is new as "Tomasz Field (North)" because "two of them"',
        f'  people "401" is "{ONE}" because "new address"',
        "",
    ]
    assert place.sent()["9"]["Contact"]["Name"] == "Tomasz Field (North)"
    assert reviewed(place, Script()).items == ()


def test_one_answer_for_all_that_are_alike(tmp_path: Path) -> None:
    place = shop(tmp_path, *(invoice(str(number), [line("10.00")]) for number in (7, 8, 9)))
    for one in place.sent().values():
        place.edit("xero", "Invoices", one["InvoiceID"], Status="DELETED")
    script = Script(values=["the shop closed"])
    assert reviewed(place, script).ready
    assert (tmp_path / "decisions.zx").read_text("utf-8").count('stays out because "the shop closed"') == 3


def test_a_new_answer_takes_the_place_of_one_that_does_not_do(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("7", [line("10.00")]))
    place.edit("xero", "Invoices", place.sent()["7"]["InvoiceID"], Status="DELETED")
    text = 'decisions for own\n  invoices "67" is new because "deleted by mistake"\n'
    (tmp_path / "decisions.zx").write_text(text, "utf-8")
    assert reviewed(place, Script(values=["7-B", "sent again"])).ready
    assert (tmp_path / "decisions.zx").read_text("utf-8") == text.replace(
        'is new because "deleted by mistake"', 'is new as "7-B" because "sent again"'
    )
    assert place.sent().keys() == {"7", "7-B"}


def test_stopping_keeps_what_was_written(tmp_path: Path) -> None:
    place = clashing(tmp_path)

    def enough(question: Question) -> Choice | None:
        raise Enough

    assert not reviewed(place, Script(pick=enough)).ready and not (tmp_path / "decisions.zx").exists()
    assert not reviewed(place, Script(pick=lambda question: None)).ready
    assert reviewed(place, Script(pick=lambda q: next(c for c in q.choices if c.answer.side == "zoho"))).ready
    assert place.sent()["7"]["DueDateString"][:10] == "2026-05-07"


# --- the command ------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def zx(place: Shop, *arguments: str, terminal: bool = False) -> tuple[int, str, str]:
    place.desk()
    out, err = io.StringIO(), Terminal() if terminal else io.StringIO()
    env = {"XDG_STATE_HOME": str(place.path / "home"), "ZX_NOW": place.now, "TERM": "dumb"}
    code = run(["-C", str(place.path), "review", *arguments], env, out, err)
    return code, out.getvalue(), err.getvalue()


def test_without_a_terminal_the_lines_to_paste_are_listed(tmp_path: Path) -> None:
    place = clashing(tmp_path)
    code, out, _ = zx(place)
    assert code == 3
    wanted = [
        "1/1  DueDate changed in Zoho and in Xero since they last agreed: nothing was written",
        "     1 record, 11.00 AUD: 7   R909  rules/invoices.zx:",
        "     one line for each into decisions.zx, below `decisions for own`:",
        "     7: whose DueDate counts?",
        "                   in Zoho       in Xero",
        '          DueDate  "2026-05-07"  "2026-05-14"',
        '       ·  Xero\'s DueDate counts: "2026-05-14"',
        '          invoices "67" keeps xero DueDate at "',
        '       ·  Zoho\'s DueDate counts: "2026-05-07"',
        "1 cause to settle.",
    ]
    lines = iter(out.split("\n"))
    for want in wanted:
        assert any(found.startswith(want) for found in lines), (want, out)
    line = next(one.strip() for one in out.split("\n") if "keeps xero" in one)
    (tmp_path / "decisions.zx").write_text(f"decisions for own\n  {line}\n", "utf-8")
    assert zx(place, "--offline")[:2] == (0, "Ready: nothing waits for a person.\n")


def test_as_json(tmp_path: Path) -> None:
    code, out, _ = zx(clashing(tmp_path), "--format", "json")
    document = json.loads(out)
    assert (code, document["verdict"], document["sync"]) == (3, "open", "own")
    (item,) = document["open"]
    assert (item["file"], item["row"], item["amounts"]) == ("decisions.zx", "", {"AUD": "11.00"})
    (question,) = item["questions"]
    assert question["choices"][0]["sides"] == [{"field": "DueDate", "source": '"2026-05-07"', "target": '"2026-05-14"'}]


def test_on_a_terminal_a_letter_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = clashing(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal("x\nb\nagreed by telephone\n"))
    code, out, err = zx(place, terminal=True)
    assert (code, out) == (0, "Ready: nothing waits for a person.\n")
    assert 'a  Xero\'s DueDate counts: "2026-05-14"' in err and "s  later     q  enough for now" in err
    written = (tmp_path / "decisions.zx").read_text("utf-8")
    assert "keeps zoho DueDate" in written and 'because "agreed by telephone"' in written
    assert Verdict.KEEPS in written


def test_later_and_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = clashing(tmp_path)
    for letter in ("s", "q"):
        monkeypatch.setattr(sys, "stdin", Terminal(f"{letter}\n"))
        code, out, err = zx(place, terminal=True)
        assert (code, out) == (3, "1 cause to settle.\n") and "zx review --list" in err
    assert not (tmp_path / "decisions.zx").exists()
