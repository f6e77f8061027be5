"""Answers in decisions.zx, from the question of a preview to the document in Xero; a second run asks nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import Json, Shop, account, find, invoice, line, person, shop
from zx.cli.main import run
from zx.operations import preview as previewing
from zx.operations.errors import Broken

HEAD = "# Answers given by people, one per line.\ndecisions for own\n"


def answer(place: Shop, *lines: str) -> None:
    """Pastes lines as a preview shows them."""
    path = place.path / "decisions.zx"
    text = path.read_text("utf-8") if path.exists() else HEAD
    path.write_text(text + "".join(f"  {line}\n" for line in lines), "utf-8")


def findings(place: Shop) -> dict[str, Json]:
    return {one["code"]: one for one in place.preview()["findings"]}


def original(tmp_path: Path, *people: Json, xero: list[Json]) -> Shop:
    """One invoice for each of these people, billed as persons."""
    invoices = [
        invoice(str(7 + index), [line("10.00")], Contact_Name={"id": one["id"], "name": "somebody"})
        for index, one in enumerate(people)
    ]
    return shop(
        tmp_path, *invoices, zoho={"Contacts": list(people)}, xero={"Contacts": xero}, settings={"customer": "original"}
    )


def contact(id: str, name: str, **more: Any) -> Json:
    return {
        "ContactID": id,
        "Name": name,
        "ContactStatus": "ACTIVE",
        "UpdatedDateUTC": "/Date(1772000000000+0000)/",
    } | more


ONE = "220ddca8-3144-4085-9a88-2d72c5133734"


def test_a_person_with_another_address_is_asked_about_once(tmp_path: Path) -> None:
    there = contact(ONE, "Ada Quill", EmailAddress="ada@old.example")
    place = original(tmp_path, person(Email="ada@new.example"), xero=[there])
    asked = findings(place)["R907"]
    assert asked["fix"] == f'people "401" is "{ONE}" because "it is the same"'
    assert (asked["documents"], asked["amounts"]) == (1, {"AUD": "11.00"})
    answer(place, asked["fix"])
    made = place.sent()
    assert made["7"]["Contact"]["ContactID"] == ONE
    assert findings(place) == {} and place.preview()["verdict"] == "unchanged"


def test_two_people_of_one_name_become_two_customers(tmp_path: Path) -> None:
    place = original(
        tmp_path,
        person("401", "Tomasz", "Field", Email="t@one.example"),
        person("402", "Tomasz", "Field", Email="t@two.example", Mailing_City="Bristol"),
        xero=[],
    )
    asked = findings(place)["R908"]
    assert asked["fix"] == 'people "402" is new as "Tomasz Field (Bristol)" because "two of one name"'
    answer(place, asked["fix"])
    made = place.sent()
    assert [made[number]["Contact"]["Name"] for number in ("7", "8")] == ["Tomasz Field", "Tomasz Field (Bristol)"]
    assert findings(place) == {}


def test_an_archived_customer_is_made_anew(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("7", [line("10.00")]), invoice("8", [line("20.00")], Status="Created"))
    first = place.sent()["7"]["Contact"]["ContactID"]
    place.edit("xero", "Contacts", first, ContactStatus="ARCHIVED")
    place.edit("zoho", "Invoices", "68", Status="Approved")
    asked = findings(place)["R907"]
    assert asked["fix"].startswith('organisations "301" is new because ')
    answer(place, asked["fix"])
    second = place.sent()["8"]["Contact"]
    assert second["ContactID"] != first and second["Name"] == "Quayside Ceramics"


def clashing(tmp_path: Path) -> Shop:
    """Invoice 7, whose due date was moved on both sides after it was sent."""
    place = shop(tmp_path, invoice("7", [line("10.00")], Due_Date="2026-04-01"))
    sent = place.sent()["7"]
    place.edit("zoho", "Invoices", "67", Due_Date="2026-05-07")
    place.edit("xero", "Invoices", sent["InvoiceID"], DueDate="2026-05-14")
    return place


@pytest.mark.parametrize(("side", "date"), [("xero", "2026-05-14"), ("zoho", "2026-05-07")])
def test_a_due_date_moved_on_both_sides(tmp_path: Path, side: str, date: str) -> None:
    place = clashing(tmp_path)
    asked = findings(place)["R909"]
    assert asked["fix"].startswith('invoices "67" keeps xero DueDate at "')
    answer(place, asked["fix"].replace("keeps xero", f"keeps {side}"))
    assert place.sent()["7"]["DueDateString"][:10] == date
    assert findings(place) == {} and place.preview()["verdict"] == "unchanged"


def test_an_answer_about_other_values_asks_again(tmp_path: Path) -> None:
    place = clashing(tmp_path)
    answer(place, findings(place)["R909"]["fix"], 'invoices "999" stays out because "a slip"')
    place.edit("zoho", "Invoices", "67", Due_Date="2026-06-01")
    plan = place.preview()
    assert find(plan, "7")["action"] == "conflict"
    assert {one["code"] for one in plan["findings"]} == {"R909", "W0802", "W0805"}
    said = checked(place)
    for text in (
        "warning[W0802]: this answer is about values that have changed since\n  --> decisions.zx:3:",
        '^^^^^^^^^^ now "2026-06-01" in Zoho, "2026-05-14" in Xero\n',
        "= help: answer again with `zx review`, or delete the line",
        "warning[W0805]: there is no Zoho invoice 999\n  --> decisions.zx:4:3",
    ):
        assert text in said, said


def checked(place: Shop) -> str:
    out, err = io.StringIO(), io.StringIO()
    env = {"XDG_STATE_HOME": str(place.path / "home"), "ZX_NOW": place.now}
    assert run(["-C", str(place.path), "check"], env, out, err) == 0
    return out.getvalue()


def deleted(tmp_path: Path) -> Shop:
    """Invoice 7, which somebody deleted in Xero after it was sent."""
    place = shop(tmp_path, invoice("7", [line("10.00")]))
    place.edit("xero", "Invoices", place.sent()["7"]["InvoiceID"], Status="DELETED")
    return place


def test_an_invoice_deleted_in_xero_on_purpose(tmp_path: Path) -> None:
    place = deleted(tmp_path)
    asked = findings(place)["R915"]
    assert asked["fix"] == 'invoices "67" stays out because "deleted in Xero on purpose"'
    answer(place, asked["fix"])
    place.sent()
    plan = place.preview()
    assert plan["findings"] == [] and plan["verdict"] == "unchanged"
    assert find(plan, "7")["reason"] == "stays out: deleted in Xero on purpose"


def test_an_invoice_deleted_in_xero_by_mistake(tmp_path: Path) -> None:
    place = deleted(tmp_path)
    answer(place, 'invoices "67" is new because "deleted by mistake"')
    asked = findings(place)["R907"]
    assert 'cannot be called "7"' in asked["message"] and "replaces decisions.zx:3" in asked["help"]
    (place.path / "decisions.zx").write_text(f"{HEAD}  {asked['fix']}\n", "utf-8")
    made = place.sent()
    assert {number: one["Status"] for number, one in made.items()} == {"7": "DELETED", "7-1": "DRAFT"}
    # Deleted once more, it is asked about once more.
    place.edit("xero", "Invoices", made["7-1"]["InvoiceID"], Status="DELETED")
    assert findings(place)["R915"]["fix"].startswith('invoices "67" stays out')


def test_a_plan_dies_with_the_answers_it_was_made_from(tmp_path: Path) -> None:
    place = clashing(tmp_path)
    before = place.preview()["plan"]
    answer(place, findings(place)["R909"]["fix"])
    assert place.preview()["plan"] != before


def test_answers_with_mistakes_stop_everything(tmp_path: Path) -> None:
    place = shop(tmp_path, invoice("7", [line("10.00")]), zoho={"Accounts": [account()]})
    answer(place, 'invoice "67" stays out because "a slip"')
    for _ in range(2):  # as read, and with compiled rules at hand
        with pytest.raises(Broken) as broken:
            place.push()
        (diagnostic,) = broken.value.diagnostics
        assert (diagnostic.code, diagnostic.fix) == ("E0801", "invoices")
    assert place.dump()["Invoices"] == []


def test_one_cause_of_several_records_shows_a_line_for_each(tmp_path: Path) -> None:
    place = shop(tmp_path, *(invoice(str(number), [line("10.00")]) for number in (6, 7, 8, 9)))
    for one in place.sent().values():
        place.edit("xero", "Invoices", one["InvoiceID"], Status="DELETED")
    asked = findings(place)["R915"]
    assert asked["documents"] == 4 and len(asked["fix"].split("\n")) == 4
    desk = place.desk()
    shown = previewing.preview(desk, desk.only_sync(None), offline=True).report
    text = shown.text(width=120, colour=False, unicode=True, height=None)
    assert text.count(' stays out because "deleted in Xero on purpose"\n') == 3 and "… 1 more (zx review)" in text
    answer(place, *asked["fix"].split("\n"))
    assert place.preview()["verdict"] == "unchanged"
