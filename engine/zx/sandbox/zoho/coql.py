"""The query language of Zoho, as far as it reads one module (reference/zoho 4.11): no joins, no aggregates.

``select id, Subject from Invoices where (Status in ('Sent') and Due_Date > '2026-01-01') order by id limit 0, 200``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.schema import Module, Schema, ZohoField
from zx.sandbox.zoho.search import comparable, holds

_T = TypeVar("_T")
Test = Callable[[Mapping[str, Any]], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<word>[$A-Za-z_][\w.]*)"""
    r"""|(?P<mark>!=|>=|<=|[=<>(),*]))"""
)
_OPERATORS: Mapping[str, str] = {
    "=": "equals",
    "!=": "not_equal",
    ">": "greater_than",
    ">=": "greater_equal",
    "<": "less_than",
    "<=": "less_equal",
}
_MAX_COLUMNS, _MAX_VALUES, _MAX_CONDITIONS, _MAX_ROWS = 50, 50, 25, 2000
_UNSUPPORTED = frozenset({"subform", "linetax", "textarea", "multiselectpicklist"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. ``order``: fields with True for descending."""

    module: Module
    columns: tuple[str, ...]
    test: Test
    order: tuple[tuple[str, bool], ...]
    offset: int
    limit: int


def parse_query(text: str, schema: Schema) -> Query:
    """Raises Refusal (SYNTAX_ERROR, INVALID_QUERY, INVALID_MODULE, LIMIT_EXCEEDED)."""
    try:
        return _Parser(_tokens(text), schema).query()
    except RecursionError:
        raise _syntax("nested too deeply") from None


def run_query(query: Query, records: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """(the rows of the answer, whether there are more)."""
    found = sorted((record for record in records if query.test(record)), key=lambda record: int(record["id"]))
    for name, descending in reversed(query.order):
        field = query.module.fields[name]
        known = [record for record in found if record.get(name) not in (None, "")]
        blank = [record for record in found if record.get(name) in (None, "")]
        known.sort(key=_key(field), reverse=descending)
        found = [*known, *blank] if descending else [*blank, *known]
    chosen = found[query.offset : query.offset + query.limit]
    rows = [{**{name: record.get(name) for name in query.columns}, "id": record["id"]} for record in chosen]
    return rows, len(found) > query.offset + query.limit


def _key(field: ZohoField) -> Callable[[dict[str, Any]], Any]:
    return lambda record: comparable(field, _plain(record[field.name]))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place, text = 0, text.strip().removesuffix(";").rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _syntax(text[place : place + 20])
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return tokens


def _syntax(near: str) -> errors.Refusal:
    return errors.Refusal("SYNTAX_ERROR", "error occured while parsing the query", near=near)


def _missing(clause: str) -> errors.Refusal:
    return errors.Refusal("SYNTAX_ERROR", "missing clause", clause=clause)


def _plain(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


class _Parser:
    """One query; the module is known once ``from`` was read, so columns are checked after it."""

    def __init__(self, tokens: list[tuple[str, str]], schema: Schema) -> None:
        self._tokens = tokens
        self._place = 0
        self._schema = schema
        self._module: Module | None = None
        self._conditions = 0

    def query(self) -> Query:
        self._keyword("select")
        columns = self._list(self._word)
        self._keyword("from")
        name = self._word()
        module = self._schema.module(name)
        if module is None or module.parent is not None:
            raise errors.bad_module()
        self._module = module
        if len(columns) > _MAX_COLUMNS:
            raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=_MAX_COLUMNS)
        for column in columns:
            self._field(column)
        if not self._take("where"):
            raise _missing("where")
        test = self._conditions_of()
        order = self._order()
        offset, limit = self._limit()
        if self._place != len(self._tokens):
            raise _syntax(self._tokens[self._place][1])
        return Query(module, tuple(columns), test, order, offset, limit)

    def _conditions_of(self) -> Test:
        """At most two conditions side by side: more must be bracketed in pairs."""
        first = self._one()
        joined: Test = first
        if (word := self._taken("and", "or")) is not None:
            second = self._one()
            joined = _both(first, second) if word == "and" else _either(first, second)
            if self._peek() in ("and", "or"):
                raise _syntax(self._tokens[self._place][1])
        return joined

    def _one(self) -> Test:
        if self._take("("):
            test = self._conditions_of()
            self._keyword(")")
            return test
        return self._condition()

    def _condition(self) -> Test:
        self._conditions += 1
        if self._conditions > _MAX_CONDITIONS:
            raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=_MAX_CONDITIONS)
        field = self._field(self._word())
        if self._take("is"):
            negated = self._take("not")
            self._keyword("null")
            return lambda record: (record.get(field.name) in (None, "")) is not negated
        negated = self._take("not")
        if self._take("in"):
            self._keyword("(")
            values = self._list(self._value)
            self._keyword(")")
            if len(values) > _MAX_VALUES:
                raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=_MAX_VALUES)
            return _condition_test(field, "in", values, negated=negated)
        if self._take("between"):
            low = self._value()
            self._keyword("and")
            return _condition_test(field, "between", [low, self._value()], negated=negated)
        if self._take("like"):
            return _like_test(field, self._value(), negated=negated)
        operator = _OPERATORS.get(self._peek())
        if operator is None or negated:
            raise _syntax(self._peek())
        self._place += 1
        return _condition_test(field, operator, [self._value()], negated=False)

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._take("order"):
            return ()
        self._keyword("by")

        def one() -> tuple[str, bool]:
            name = self._field(self._word()).name
            return name, self._taken("asc", "desc") == "desc"

        return tuple(self._list(one))

    def _limit(self) -> tuple[int, int]:
        """``limit n``, ``limit n offset m`` or ``limit m, n``."""
        if not self._take("limit"):
            return 0, 200
        offset, limit = 0, self._number()
        if self._take(","):
            offset, limit = limit, self._number()
        elif self._take("offset"):
            offset = self._number()
        if limit < 1:
            raise errors.Refusal("INVALID_DATA", "limit should be greater than 0")
        if limit > _MAX_ROWS:
            raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=_MAX_ROWS)
        return offset, limit

    def _field(self, name: str) -> ZohoField:
        field = self._module.fields.get(name) if self._module else None
        if field is None:
            raise errors.Refusal("INVALID_QUERY", "column given seems to be invalid", column_name=name)
        if field.data_type in _UNSUPPORTED:
            raise errors.Refusal("INVALID_QUERY", "data type not supported", column_name=name)
        return field

    def _list(self, one: Callable[[], _T]) -> list[_T]:
        items = [one()]
        while self._take(","):
            items.append(one())
        return items

    def _word(self) -> str:
        kind, text = self._next()
        if kind != "word":
            raise _syntax(text)
        return text

    def _value(self) -> str:
        kind, text = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return text
        raise _syntax(text)

    def _number(self) -> int:
        kind, text = self._next()
        if kind != "number" or not text.isdigit():
            raise _syntax(text)
        return int(text)

    def _peek(self) -> str:
        if self._place >= len(self._tokens) or self._tokens[self._place][0] == "text":
            return ""
        return self._tokens[self._place][1].lower()

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise _syntax("the end")
        self._place += 1
        return self._tokens[self._place - 1]

    def _taken(self, *words: str) -> str | None:
        word = self._peek()
        if word not in words:
            return None
        self._place += 1
        return word

    def _take(self, word: str) -> bool:
        return self._taken(word) is not None

    def _keyword(self, word: str) -> None:
        if not self._take(word):
            raise _missing(word) if word.isalpha() else _syntax(self._peek() or "the end")


def _both(left: Test, right: Test) -> Test:
    return lambda record: left(record) and right(record)


def _either(left: Test, right: Test) -> Test:
    return lambda record: left(record) or right(record)


def _condition_test(field: ZohoField, operator: str, texts: list[str], *, negated: bool) -> Test:
    wanted = [comparable(field, text) for text in texts]

    def test(record: Mapping[str, Any]) -> bool:
        value = _plain(record.get(field.name))
        if value in (None, ""):
            return False
        return holds(operator, comparable(field, value), wanted) is not negated

    return test


def _like_test(field: ZohoField, pattern: str, *, negated: bool) -> Test:
    """``x%``, ``%x`` and ``%x%``."""
    form = re.compile(".*".join(re.escape(part) for part in pattern.casefold().split("%")), re.DOTALL)

    def test(record: Mapping[str, Any]) -> bool:
        value = _plain(record.get(field.name))
        return value is not None and (form.fullmatch(str(value).casefold()) is not None) is not negated

    return test
