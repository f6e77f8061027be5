"""Search criteria: ``((Status:equals:Approved)and(Subject:starts_with:Job))`` (reference/zoho 4.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.schema import Module, ZohoField
from zx.values.money import decimal_from

Test = Callable[[Mapping[str, Any]], bool]
_MAX_CRITERIA = 15
_TEXT = frozenset({"equals", "not_equal", "starts_with", "in"})
_CHOICE = frozenset({"equals", "not_equal", "in"})
_ORDERED = frozenset(
    {"equals", "not_equal", "greater_equal", "greater_than", "less_equal", "less_than", "between", "in"}
)
_OPERATORS: Mapping[str, frozenset[str]] = {
    "picklist": _CHOICE,
    "autonumber": _CHOICE,
    "lookup": _CHOICE,
    "ownerlookup": _CHOICE,
    "userlookup": _CHOICE,
    "boolean": frozenset({"equals", "not_equal"}),
    "textarea": frozenset({"equals", "not_equal", "starts_with"}),
    **dict.fromkeys(("integer", "bigint", "double", "currency", "percent", "date", "datetime"), _ORDERED),
    **dict.fromkeys(("text", "email", "phone", "website"), _TEXT),
}


@dataclass(slots=True)
class _Criteria:
    text: str
    module: Module
    place: int = 0
    count: int = 0

    def whole(self) -> Test:
        test = self.expression()
        if self.place != len(self.text):
            raise errors.bad_query("text after the end of the criteria")
        return test

    def expression(self) -> Test:
        """One bracket, or several joined by ``and`` / ``or`` from left to right."""
        test = self.bracket()
        while self.place < len(self.text) and self.text[self.place] != ")":
            for word in ("and", "or"):
                if self.text[self.place : self.place + len(word)].lower() == word:
                    self.place += len(word)
                    test = _joined(word, test, self.bracket())
                    break
            else:
                raise errors.bad_query("and, or or a bracket is wanted")
        return test

    def bracket(self) -> Test:
        self.expect("(")
        test = self.expression() if self.text[self.place : self.place + 1] == "(" else self.condition()
        self.expect(")")
        return test

    def condition(self) -> Test:
        self.count += 1
        if self.count > _MAX_CRITERIA:
            raise errors.Refusal("CRITERIA_LIMIT_EXCEEDED", "no of criterium exceed the limit 15", limit=_MAX_CRITERIA)
        name, operator = self.until(":"), self.until(":")
        values = self.values()
        field = self.module.fields.get(name)
        if field is None:
            raise errors.bad_query("the field name given seems to be invalid", api_name=name)
        if operator not in _OPERATORS.get(field.data_type, frozenset()):
            raise errors.bad_query("the operator is not supported for the field", api_name=name, operator=operator)
        return _test(field, operator, values)

    def until(self, mark: str) -> str:
        end = self.text.find(mark, self.place)
        if end < 0:
            raise errors.bad_query(f"{mark} is missing")
        word = self.text[self.place : end]
        self.place = end + 1
        return word

    def values(self) -> list[str]:
        """Comma-separated up to the closing bracket; a backslash takes the next character as it stands."""
        values, current = [], ""
        while self.place < len(self.text) and self.text[self.place] != ")":
            letter = self.text[self.place]
            if letter == "\\" and self.place + 1 < len(self.text):
                self.place += 1
                current += self.text[self.place]
            elif letter == ",":
                values.append(current)
                current = ""
            else:
                current += letter
            self.place += 1
        return [*values, current]

    def expect(self, letter: str) -> None:
        if self.text[self.place : self.place + 1] != letter:
            raise errors.bad_query(f"{letter} is missing")
        self.place += 1


def criteria_test(text: str, module: Module) -> Test:
    """The test written in ``text``. Raises Refusal (INVALID_QUERY)."""
    try:
        return _Criteria(text.strip(), module).whole()
    except RecursionError:
        raise errors.bad_query("nested too deeply") from None


def word_test(module: Module, word: str, kinds: frozenset[str]) -> Test:
    """Whether any field of ``kinds`` contains ``word``."""
    names = [field.name for field in module.fields.values() if field.data_type in kinds]
    wanted = word.casefold()
    return lambda record: any(wanted in str(record.get(name) or "").casefold() for name in names)


def _joined(word: str, left: Test, right: Test) -> Test:
    if word == "and":
        return lambda record: left(record) and right(record)
    return lambda record: left(record) or right(record)


def _test(field: ZohoField, operator: str, texts: list[str]) -> Test:
    if operator == "in" and len(texts) > 100:
        raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=100, api_name=field.name)
    if operator not in ("in", "between") and len(texts) > 1:
        raise errors.bad_query("a comma in a value is escaped with a backslash", api_name=field.name)
    wanted = [comparable(field, text) for text in texts]

    def test(record: Mapping[str, Any]) -> bool:
        value = record.get(field.name)
        if isinstance(value, Mapping):
            value = value.get("id")
        if value is None or value == "":
            return operator == "not_equal" and wanted != [""]
        return holds(operator, comparable(field, value), wanted)

    return test


def holds(operator: str, value: Any, wanted: list[Any]) -> bool:
    """Whether ``value`` stands to ``wanted`` as ``operator`` says; both as ``comparable`` gives them."""
    match operator:
        case "equals" | "in":
            return value in wanted
        case "not_equal":
            return value not in wanted
        case "starts_with":
            return str(value).startswith(str(wanted[0]))
        case "greater_equal":
            return bool(value >= wanted[0])
        case "greater_than":
            return bool(value > wanted[0])
        case "less_equal":
            return bool(value <= wanted[0])
        case "less_than":
            return bool(value < wanted[0])
        case _:
            return len(wanted) == 2 and bool(wanted[0] <= value <= wanted[1])


def comparable(field: ZohoField, value: Any) -> Any:
    """``value`` (of a record, or as it was written in a query) as values of ``field`` are compared. Raises Refusal."""
    kind = field.data_type
    if isinstance(value, bool):
        return value
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if kind == "boolean":
        return text.lower() == "true"
    if kind in ("integer", "bigint", "double", "currency", "percent"):
        number = decimal_from(text)
        if number is None:
            raise _unfit(field, text)
        return number
    try:
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "datetime":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise _unfit(field, text)
            return moment
    except ValueError:
        raise _unfit(field, text) from None
    return text.casefold()


def _unfit(field: ZohoField, text: str) -> errors.Refusal:
    return errors.bad_query(
        "the value does not fit the field", api_name=field.name, value=text, expected_data_type=field.data_type
    )
