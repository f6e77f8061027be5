"""The ``where`` language: ``Type=="ACCREC" AND Date>=DateTime(2026,01,31)`` (reference/xero 3.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.sandbox.xero.errors import bad_query

Lookup = Callable[[Mapping[str, Any], str], Any]
"""The value of a (dotted) field of a record; raises KeyError for a field the kind does not have."""
Test = Callable[[Mapping[str, Any]], bool]
_Value = Callable[[Mapping[str, Any]], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)[mMdD]?(?![\w.])|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<mark>==|!=|>=|<=|&&|\|\||[=<>().,!]))"""
)
_METHODS = frozenset({"contains", "startswith", "endswith", "tolower", "toupper"})
_COMPARE = frozenset({"==", "=", "!=", ">", ">=", "<", "<="})


def where_test(text: str, lookup: Lookup) -> Test:
    """The test written in ``text``. Raises Fault (QueryParseException), also while testing."""
    try:
        return _Parser(_tokens(text), lookup).whole()
    except RecursionError:
        raise bad_query("The where clause is nested too deeply") from None


def comparable(value: Any) -> Any:
    """Values as they are compared: text without case and accents, days as instants of midnight."""
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return f"{value}t00:00:00"
        plain = unicodedata.normalize("NFKD", value)
        return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise bad_query(f"Unexpected character at position {place}")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return tokens


@dataclass(slots=True)
class _Parser:
    tokens: list[tuple[str, str]]
    lookup: Lookup
    place: int = 0

    def whole(self) -> Test:
        test = self.either()
        if self.place != len(self.tokens):
            raise bad_query(f"Unexpected '{self.tokens[self.place][1]}'")
        return test

    def either(self) -> Test:
        tests = [self.both()]
        while self.take("or", "||"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.take("and", "&&"):
            tests.append(self.single())
        return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)

    def single(self) -> Test:
        if self.take("!"):
            inner = self.single()
            return lambda record: not inner(record)
        if self.peek() == "(":
            self.take("(")
            test = self.either()
            self.expect(")")
            return test
        left = self.value()
        if self.peek() not in _COMPARE:
            return lambda record: left(record) is True
        operator = self.next()[1]
        right = self.value()
        return lambda record: _compare(operator, left(record), right(record))

    def value(self) -> _Value:
        kind, word = self.next()
        if kind == "text":
            constant = re.sub(r"\\(.)", r"\1", word[1:-1])
            return self.methods(lambda record: constant)
        if kind == "number":
            number = Decimal(word)
            return lambda record: number
        if kind != "word":
            raise bad_query(f"Unexpected '{word}'")
        lower = word.lower()
        if lower in ("true", "false", "null"):
            fixed = {"true": True, "false": False, "null": None}[lower]
            return lambda record: fixed
        if lower in ("guid", "datetime") and self.peek() == "(":
            moment = self.literal(lower)
            return lambda record: moment
        return self.field(word)

    def field(self, word: str) -> _Value:
        path = word
        while self.peek() == "." and not self.method_ahead():
            self.take(".")
            kind, part = self.next()
            if kind != "word":
                raise bad_query(f"Unexpected '{part}'")
            path = f"{path}.{part}"
        lookup = self.lookup
        if path.endswith((".Value", ".HasValue")):
            path = path.rpartition(".")[0]

        def read(record: Mapping[str, Any]) -> Any:
            try:
                return lookup(record, path)
            except KeyError:
                raise bad_query(f"No property or field '{path}' exists in type") from None

        return self.methods(read)

    def methods(self, value: _Value) -> _Value:
        while self.peek() == "." and self.method_ahead():
            self.take(".")
            name = self.next()[1].lower()
            self.expect("(")
            argument: Any = None
            if name not in ("tolower", "toupper"):
                kind, text = self.next()
                if kind != "text":
                    raise bad_query(f"{name} wants a text")
                argument = comparable(text[1:-1])
            self.expect(")")
            value = _method(name, value, argument)
        return value

    def literal(self, name: str) -> str:
        self.expect("(")
        words: list[str] = []
        while self.peek() != ")":
            kind, word = self.next()
            if kind in ("text", "number"):
                words.append(word.strip('"'))
            elif word != ",":
                raise bad_query(f"Unexpected '{word}'")
        self.expect(")")
        if name == "guid":
            return words[0] if words else ""
        numbers = [int(word) for word in words if word.isdigit()]
        if not 3 <= len(numbers) <= 6:
            raise bad_query("DateTime wants a year, a month and a day")
        year, month, day, hour, minute, second = (*numbers, 0, 0, 0)[:6]
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"

    def method_ahead(self) -> bool:
        following = self.tokens[self.place + 1 : self.place + 3]
        return len(following) == 2 and following[0][1].lower() in _METHODS and following[1][1] == "("

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def next(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise bad_query("The where clause ends too early")
        self.place += 1
        return self.tokens[self.place - 1]

    def take(self, *words: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place][0] != "text" and self.peek().lower() in words:
            self.place += 1
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise bad_query(f"'{word}' is missing")


def _method(name: str, value: _Value, argument: Any) -> _Value:
    def apply(record: Mapping[str, Any]) -> Any:
        own = value(record)
        if own is None:
            return None if name in ("tolower", "toupper") else False
        text = str(comparable(str(own)))
        match name:
            case "contains":
                return argument in text
            case "startswith":
                return text.startswith(argument)
            case "endswith":
                return text.endswith(argument)
        return own

    return apply


def _compare(operator: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        same = left is None and right is None
        blank = (left in (None, "")) and (right in (None, ""))
        return same or blank if operator in ("==", "=") else operator == "!=" and not (same or blank)
    left, right = comparable(left), comparable(right)
    if operator in ("==", "="):
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    try:
        match operator:
            case ">":
                return bool(left > right)
            case ">=":
                return bool(left >= right)
            case "<":
                return bool(left < right)
        return bool(left <= right)
    except TypeError:
        raise bad_query("The two sides of a comparison have different types") from None
