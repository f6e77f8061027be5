"""Daily summaries told by the commands alone: what is posted, what waits, and what a change makes of a posted day."""

from __future__ import annotations

import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import FREE, Shop, check, invoice, line, shop
from tests.e2e.workspace import ROOT, Place, environment

Lines = set[tuple[str, str, Decimal]]


def day(number: str, *lines: dict[str, Any], date: str = "2026-03-10", **more: Any) -> dict[str, Any]:
    return invoice(number, lines, **{"Invoice_Date": date, **more})


def books(place: Shop) -> dict[str, tuple[str, str, Decimal, Lines]]:
    """Everything that stands in Xero by number: status, currency, total, lines by account and tax."""
    there = place.dump()
    return {
        one.get("InvoiceNumber") or one["CreditNoteNumber"]: (
            one["Status"],
            one["CurrencyCode"],
            one["Total"],
            {(item["AccountCode"], item["TaxType"], item["LineAmount"]) for item in one["LineItems"]},
        )
        for one in (*there["Invoices"], *there["CreditNotes"])
    }


def pushed(place: Shop) -> dict[str, tuple[str, str, Decimal, Lines]]:
    """Pushes; proves that in = out before and that nothing is left to send after. Gives the books."""
    plan = place.preview()
    check(plan)
    report = place.push()
    assert all(one["outcome"] in (None, "done", "adopted") for one in report["actions"]), report["actions"]
    for one in report["actions"]:
        if one.get("members"):
            signs = sum(Decimal(member["amount"]) for member in one["members"])
            assert abs(signs) == Decimal(one["totals"]["target"]), one
    again = place.push()
    assert not [one for one in again["actions"] if one["outcome"]], again["actions"]
    assert again["by_map"]["daily"]["read"] == plan["by_map"]["daily"]["read"]
    return books(place)


def D(text: str) -> Decimal:
    return Decimal(text)


@pytest.fixture
def place(tmp_path: Path) -> Shop:
    """Two closed days, two currencies, two statuses, and a day that is not over."""
    return shop(
        tmp_path,
        day("1001", line("100.00"), line("28.00", tax=FREE)),
        day("1002", line("10.45")),
        day("1003", line("50.00"), Status="Paid"),
        day("1004", line("70.00", tax=()), Currency="USD"),
        day("1005", line("40.00"), date="2026-03-11"),
        day("1006", line("99.00"), date="2026-03-31"),
        settings={"posting": "daily"},
    )


FIRST = {
    # Created at one instant, so within a currency the keys decide: AUTHORISED before DRAFT, day by day.
    "S26031000": ("AUTHORISED", "AUD", D("55.00"), {("200", "OUTPUT", D("50.00"))}),
    "S26031001": (
        "DRAFT",
        "AUD",
        D("149.50"),
        {("200", "OUTPUT", D("110.45")), ("200", "EXEMPTOUTPUT", D("28.00"))},
    ),
    "S26031002": ("DRAFT", "USD", D("70.00"), {("200", "BASEXCLUDED", D("70.00"))}),
    "S26031100": ("DRAFT", "AUD", D("44.00"), {("200", "OUTPUT", D("40.00"))}),
}


def test_each_closed_day_becomes_one_invoice_for_each_currency_and_status(place: Shop) -> None:
    plan = place.preview()
    check(plan)
    assert plan["counts"]["create"] == 5  # the members; what carries them is no record that was read
    assert plan["by_map"]["daily"] | {"read": 6, "create": 5, "skip": 1} == plan["by_map"]["daily"]
    assert plan["by_map"]["invoices"]["skip"] == 6
    waiting = next(one for one in plan["actions"] if one["source"]["label"] == "1006")
    assert waiting["action"] == "skip" and "its day is not over" in waiting["reason"]
    both = next(one for one in plan["actions"] if one["target"]["label"] == "S26031001")
    assert both["members"] == [
        {"id": "61001", "label": "1001", "amount": "138.00"},
        {"id": "61002", "label": "1002", "amount": "11.50"},
    ]
    assert "2 documents, 149.50 AUD: 1001 138.00, 1002 11.50" in both["reason"]
    assert both["payload"]["Reference"] == "2 invoices"
    assert pushed(place) == FIRST
    names = {one["Contact"]["Name"] for one in place.dump()["Invoices"]}
    assert names == {"Online Sale"}
    assert not place.dump()["Items"], "no member's item is made: nothing in the summary asks for it"


def test_the_preview_and_the_report_add_up_members_once(place: Shop) -> None:
    ran = Place(place.path)
    place.desk()
    shown = ran.zx("preview", ZX_NOW=place.now)
    assert "✓ equal" in shown.out and "do not reconcile" not in shown.out, shown.out
    assert "sums up 2 documents, 149.50 AUD: 1001 138.00, 1002 11.50" in shown.out
    sent = ran.zx("push", "--yes", ZX_NOW=place.now)
    assert sent.code == 0 and "do not reconcile" not in sent.out, sent.out


def test_explain_names_the_summary_of_a_record_and_the_records_of_a_summary(place: Shop) -> None:
    ran = Place(place.path)
    place.desk()
    one = ran.zx("explain", "1001", ZX_NOW=place.now)
    assert "daily (rules/summaries.zx:5): create: in S26031001" in one.out
    assert "Sales, account 200, tax OUTPUT" in one.out
    every = ran.zx("explain", "S26031001", ZX_NOW=place.now)
    assert "Zoho invoice 1001" in every.out and "Zoho invoice 1002" in every.out


def test_a_quiet_push_changes_no_byte_of_state(place: Shop) -> None:
    pushed(place)
    before = {path: path.read_bytes() for path in (place.path / "state").rglob("*") if path.is_file()}
    place.push()
    assert before == {path: path.read_bytes() for path in (place.path / "state").rglob("*") if path.is_file()}
    assert not [text for text in before.values() if b"Quayside" in text]


def test_the_day_that_was_open_is_posted_once_it_is_over(place: Shop) -> None:
    pushed(place)
    place.now = "2026-04-01T00:30:00+11:00"
    assert pushed(place) == FIRST | {"S26033100": ("DRAFT", "AUD", D("108.90"), {("200", "OUTPUT", D("99.00"))})}


def test_a_day_ends_in_the_zone_of_the_sync(place: Shop) -> None:
    place.now = "2026-03-31T12:59:00+00:00"  # 23:59 in Sydney
    assert "S26033100" not in pushed(place)
    place.now = "2026-03-31T13:01:00+00:00"
    assert "S26033100" in pushed(place)


def test_a_late_member_goes_into_a_further_summary_of_its_day(place: Shop) -> None:
    pushed(place)
    late = day("1007", {**line("30.00"), "List_Price": D("30.00")})
    del late["id"], late["Invoiced_Items"][0]["id"]
    place.edit("zoho", "Invoices", "new", **late)
    assert pushed(place) == FIRST | {"S26031003": ("DRAFT", "AUD", D("33.00"), {("200", "OUTPUT", D("30.00"))})}


def test_an_edited_member_brings_the_difference(place: Shop) -> None:
    pushed(place)
    place.edit("zoho", "Invoices", "61002", Invoiced_Items=[{"id": "7610020", "List_Price": D("20.45"), "Quantity": 1}])
    assert pushed(place) == FIRST | {"S26031003": ("DRAFT", "AUD", D("11.00"), {("200", "OUTPUT", D("10.00"))})}
    place.edit("zoho", "Invoices", "61002", Invoiced_Items=[{"id": "7610020", "List_Price": D("15.45"), "Quantity": 1}])
    there = pushed(place)
    assert there["S26031004"] == ("DRAFT", "AUD", D("5.50"), {("200", "OUTPUT", D("5.00"))})
    credit = place.dump()["CreditNotes"][0]
    assert (credit["CreditNoteNumber"], credit["Type"]) == ("S26031004", "ACCRECCREDIT")


def test_an_edit_that_moves_no_money_posts_nothing(place: Shop) -> None:
    pushed(place)
    place.edit("zoho", "Invoices", "61002", Subject="Another name", Description="a note")
    assert pushed(place) == FIRST


def test_a_cancelled_member_is_taken_back_by_a_credit_note(place: Shop) -> None:
    pushed(place)
    place.edit("zoho", "Invoices", "61001", Status="Cancelled")
    plan = place.preview()
    assert plan["counts"]["void"] == 1
    credit = ("DRAFT", "AUD", D("138.00"), {("200", "OUTPUT", D("100.00")), ("200", "EXEMPTOUTPUT", D("28.00"))})
    assert pushed(place) == FIRST | {"S26031003": credit}
    again = place.preview()
    assert next(one for one in again["actions"] if one["source"]["label"] == "1001")["action"] == "skip"


def test_a_member_that_is_paid_moves_to_the_authorised_summary(place: Shop) -> None:
    """Status is a key: the member leaves one group and enters the other, the day as a whole stays the same."""
    pushed(place)
    place.edit("zoho", "Invoices", "61002", Status="Paid")
    there = pushed(place)
    assert there["S26031003"] == ("AUTHORISED", "AUD", D("11.50"), {("200", "OUTPUT", D("10.45"))})
    assert there["S26031004"] == ("DRAFT", "AUD", D("11.50"), {("200", "OUTPUT", D("10.45"))})
    assert [one["CreditNoteNumber"] for one in place.dump()["CreditNotes"]] == ["S26031004"]


def test_a_member_put_on_hold_stays_as_it_was_posted(place: Shop) -> None:
    pushed(place)
    place.edit("zoho", "Invoices", "61002", Status="Created")
    plan = place.preview()
    held = next(one for one in plan["actions"] if one["source"]["label"] == "1002")
    assert held["action"] == "skip"
    assert held["reason"] == "held by its Zoho status, still in Xero in the summary S26031001"
    assert "R913" in {one["code"] for one in plan["findings"]}
    assert pushed(place) == FIRST


def test_switching_touches_only_later_documents(tmp_path: Path) -> None:
    """each → daily → each: what was sent one way stays that way, edits included."""
    own = shop(tmp_path, day("1001", line("10.00")), day("1002", line("20.00")), settings={"prefix": "Z-"})
    assert set(own.sent()) == {"Z-1001", "Z-1002"}
    own.set(posting="daily")
    more = day("1003", {**line("30.00"), "List_Price": D("30.00")})
    del more["id"], more["Invoiced_Items"][0]["id"]
    own.edit("zoho", "Invoices", "new", **more)
    there = pushed(own)
    assert set(there) == {"Z-1001", "Z-1002", "S26031000"}
    assert there["S26031000"][2] == D("33.00")
    own.edit("zoho", "Invoices", "61001", Invoiced_Items=[{"id": "7610010", "List_Price": D("11.00"), "Quantity": 1}])
    assert pushed(own)["Z-1001"][2] == D("12.10")
    own.set(posting="each")
    third = next(one for one in own.dump("zoho")["Invoices"] if one["Invoice_Number"] == "1003")
    row = third["Invoiced_Items"][0]["id"]
    own.edit("zoho", "Invoices", third["id"], Invoiced_Items=[{"id": row, "List_Price": D("35.00"), "Quantity": 1}])
    more = day("1004", {**line("40.00"), "List_Price": D("40.00")})
    del more["id"], more["Invoiced_Items"][0]["id"]
    own.edit("zoho", "Invoices", "new", **more)
    there = pushed(own)
    assert set(there) == {"Z-1001", "Z-1002", "S26031000", "S26031001", "Z-1004"}
    assert there["S26031001"][2] == D("5.50")


def test_a_drift_of_tax_is_closed_within_the_limit_of_all_members(tmp_path: Path) -> None:
    """Three lines of 0.05 carry 0.01 tax each (0.005 rounded up); together 0.15 carries 0.02: a cent is missing."""
    own = shop(
        tmp_path,
        *(day(f"100{n}", line("0.05")) for n in range(3)),
        settings={"posting": "daily", "rounding_limit": 0.01},
    )
    total, lines = pushed(own)["S26031000"][2:]
    assert total == D("0.18")
    assert ("200", "OUTPUT", D("0.15")) in lines and ("860", "BASEXCLUDED", D("0.01")) in lines


def test_a_blocked_member_does_not_hold_up_its_day(tmp_path: Path) -> None:
    odd = [{"name": "VAT", "percentage": D("12.5"), "id": "91"}]
    own = shop(tmp_path, day("1001", line("10.00")), day("1002", line("20.00", tax=odd)), settings={"posting": "daily"})
    plan = own.preview()
    check(plan)
    blocked = next(one for one in plan["actions"] if one["source"]["label"] == "1002")
    assert (blocked["map"], blocked["action"]) == ("daily", "block")
    assert plan["counts"]["block"] == 1
    own.push()
    assert {number: one[2] for number, one in books(own).items()} == {"S26031000": D("11.00")}


def test_a_locked_day_blocks_its_summary_and_says_both_names(tmp_path: Path) -> None:
    own = shop(tmp_path, day("1001", line("10.00")), settings={"posting": "daily"})
    own.desk()
    own.push()
    lock = {"PeriodLockDate": "/Date(1774915200000+0000)/"}
    organisation = own.dump()["Organisation"][0]["OrganisationID"]
    own.edit("xero", "Organisation", organisation, **lock)
    own.edit("zoho", "Invoices", "61001", Status="Cancelled")
    plan = own.preview()
    stopped = next(one for one in plan["actions"] if one["target"]["label"] == "S26031001")
    assert stopped["action"] == "block" and "1001" in stopped["reason"]
    assert plan["counts"]["block"] == 1


def test_an_answer_keeps_a_document_out_of_its_day(tmp_path: Path) -> None:
    own = shop(tmp_path, day("1001", line("10.00")), day("1002", line("20.00")), settings={"posting": "daily"})
    own.desk()
    answer = 'decisions for own\n  invoices "61002" stays out because "entered by hand"\n'
    (tmp_path / "decisions.zx").write_text(answer, encoding="utf-8")
    plan = own.preview()
    out = [one for one in plan["actions"] if one["source"]["label"] == "1002"]
    assert [(one["map"], one["action"], one["reason"]) for one in out] == [
        ("invoices", "skip", "stays out: entered by hand")
    ]
    assert {number: one[2] for number, one in pushed(own).items()} == {"S26031000": D("11.00")}


def test_a_voided_summary_is_a_conflict_and_never_made_again(place: Shop) -> None:
    pushed(place)
    posted = next(one for one in place.dump()["Invoices"] if one["InvoiceNumber"] == "S26031100")
    place.edit("xero", "Invoices", posted["InvoiceID"], Status="DELETED")
    plan = place.preview()
    gone = next(one for one in plan["actions"] if one["source"]["label"] == "1005")
    assert gone["action"] == "conflict" and "S26031100" in gone["reason"]
    assert "S26031101" not in books(place)
    place.edit("zoho", "Invoices", "61005", Status="Cancelled")
    assert not [one for one in place.preview()["actions"] if one["source"]["label"] == "1005"]


def test_a_lost_state_finds_its_summaries_again(place: Shop) -> None:
    pushed(place)
    shutil.rmtree(place.path / "state")
    for memory in place.path.rglob("links.sqlite"):
        memory.unlink()
    plan = place.preview()
    assert {one["action"] for one in plan["actions"] if one["target"]["label"] in FIRST} == {"adopt"}
    assert pushed(place) == FIRST


def test_a_state_that_is_older_is_completed_from_memory(place: Shop) -> None:
    pushed(place)
    shutil.rmtree(place.path / "state")
    assert place.preview()["counts"]["adopt"] == 0
    assert pushed(place) == FIRST


@pytest.mark.parametrize("how", ["before", "after"])
@pytest.mark.parametrize("effect", ["PUT /api.xro/2.0/Invoices", "replace state", "fdatasync journal"])
def test_a_push_killed_at_any_point_posts_each_day_once(place: Shop, tmp_path: Path, effect: str, how: str) -> None:
    """What was fixed before the kill is kept: the same numbers, each once, equal to the cent."""
    place.desk()
    log = tmp_path / "effects"
    whole = Path(shutil.copytree(place.path, tmp_path.parent / f"{tmp_path.name}-whole"))
    assert _struck(whole, 0, "before", place.now, STRUCK_LOG=str(log)) == 0
    names = log.read_text(encoding="utf-8").splitlines()
    numbers = [number for number, name in enumerate(names, 1) if name == effect]
    assert numbers, names
    assert _struck(place.path, numbers[len(numbers) // 2], how, place.now) == -9
    assert pushed(place) == FIRST


def _struck(folder: Path, number: int, how: str, now: str, **env: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.struck", str(number), how, "push", "--yes"],
        cwd=folder,
        env=environment(ZX_NOW=now, PYTHONPATH=str(ROOT), **env),
        capture_output=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode


COUNTER = """use "documents.zx"

summary counter: zoho.Invoices -> xero.Invoice per day
  only when Subject starts with "Counter"
  match on InvoiceNumber
  total must be sum(Grand_Total)
  let day = Invoice_Date otherwise date(Created_Time)
  Type = "ACCREC"
  InvoiceNumber = left("C" & format(day, "yymmdd") & sequence(), 255)
  Reference = left(join(", ", Invoice_Number), 255)
  Contact = find xero.Contact by Name = "Counter" or create
  Date = day
  Status = "AUTHORISED"

lines of counter: Invoiced_Items -> LineItems per AccountCode, TaxType
  AccountCode = line_account(Product_Name.Product_Code, Product_Name.Product_Category)
  TaxType = tax_rate(Line_Tax)
  Description = left("Counter, " & count() & " lines", 4000)
  LineAmount = sum(Total_After_Discount)

extend invoices
  only when not (Subject starts with "Counter")
"""


def test_raw_records_are_summed_up_by_what_the_summary_says_of_them(tmp_path: Path) -> None:
    own = shop(
        tmp_path,
        day("1001", line("10.00"), line("5.00", tax=FREE), Subject="Counter 1"),
        day("1002", line("20.00"), Subject="Counter 2"),
        day("1003", line("30.00")),
    )
    own.desk()
    (tmp_path / "rules" / "counter.zx").write_text(COUNTER, encoding="utf-8")
    plan = own.preview()
    check(plan)
    assert plan["counts"]["create"] == 5  # two members, one by itself, its customer and its item
    own.push()
    there = books(own)
    assert there["C26031000"][1:] == (
        "AUD",
        D("38.00"),
        {("200", "OUTPUT", D("30.00")), ("200", "EXEMPTOUTPUT", D("5.00"))},
    )
    assert there["1003"][2] == D("33.00")
    posted = next(one for one in own.dump()["Invoices"] if one["InvoiceNumber"] == "C26031000")
    assert posted["Reference"] == "1001, 1002"
    assert {one["Description"] for one in posted["LineItems"]} == {"Counter, 2 lines", "Counter, 1 lines"}
    assert not [one for one in own.push()["actions"] if one["outcome"]]
