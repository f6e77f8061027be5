"""Parse trees of sections to nodes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax.ast import (
    Assign,
    Binding,
    Csv,
    Decision,
    Decisions,
    Drop,
    Expr,
    Extend,
    Guard,
    Item,
    Let,
    LineSection,
    LinesOf,
    Map,
    Match,
    MatchKey,
    Name,
    Parameter,
    Path,
    Pick,
    Policy,
    QName,
    Rows,
    SectionNode,
    Setting,
    SpreadItem,
    Summary,
    Table,
    TestSection,
    TestStep,
    TotalMustBe,
    TypeName,
    Use,
)
from zx.syntax.damage import Damage
from zx.syntax.expressions import Branch, Expressions, branch, token
from zx.syntax.rows import read_rows
from zx.syntax.tree import Node, Token, Tree

if TYPE_CHECKING:
    from zx.syntax.origin import Origin

T = TypeVar("T")

MAX_LENGTH_DIGITS = 7

_DOC = re.compile(r"[ \t]*##(?!#)[ ]?(.*)")
_STATEMENTS = frozenset(
    ("assign", "let", "only_when", "stop_when", "warn_when", "match", "policy", "total", "spread", "override", "drop")
)


def doc_above(lines: list[str], line: int) -> str:
    """The ``##`` lines right above ``line`` (counted from 1), blank lines between skipped, joined by line ends."""
    index = line - 2
    while index >= 0 and not lines[index].strip():
        index -= 1
    found: list[str] = []
    while index >= 0 and (match := _DOC.fullmatch(lines[index])):
        found.append(match[1].rstrip())
        index -= 1
    return unicodedata.normalize("NFC", "\n".join(reversed(found)))


class Sections:
    """Makes the nodes of the sections of one file; what is wrong goes to ``diagnostics``, item by item."""

    def __init__(self, origin: Origin, lines: list[str], diagnostics: list[Diagnostic]) -> None:
        self._origin = origin
        self._lines = lines
        self._diagnostics = diagnostics
        self._expressions = Expressions(origin)
        self._sections: dict[str, Callable[[Branch], SectionNode]] = {
            "use": self._use,
            "setting": self._setting,
            "table": self._table,
            "map": self._map,
            "lines": self._lines_of,
            "line": self._line,
            "summary": self._summary,
            "extend": lambda node: self._extend(node, lines=False),
            "extend_lines": lambda node: self._extend(node, lines=True),
            "test": self._test,
            "decisions": self._decisions,
        }
        self._items: dict[str, Callable[[Branch], Item]] = {
            "assign": self._assign,
            "override": lambda node: replace(
                self._assign(branch(node.children[0])), span=self._span(node), override=True
            ),
            "drop": lambda node: Drop(self._span(node), self._doc(node), self._path(node.children[0])),
            "let": self._let,
            "only_when": self._guard,
            "stop_when": self._guard,
            "warn_when": self._guard,
            "match": self._match,
            "policy": self._policy,
            "total": self._total,
            "spread": self._spread,
        }
        self._steps: dict[str, Callable[[Branch], TestStep]] = {
            "t_run": self._run,
            "t_with": lambda node: self._bindings(node, "with"),
            "t_given": lambda node: self._bindings(node, "given"),
            "t_expect": lambda node: self._bindings(node, "expect"),
            "t_given_rows": lambda node: self._given_rows(node, "given rows"),
            "t_expect_rows": lambda node: self._given_rows(node, "expect rows"),
            "t_given_file": lambda node: self._given_file(node, "given file"),
            "t_expect_file": lambda node: self._given_file(node, "expect file"),
            "t_expect_stop": self._expect_outcome,
        }

    def section(self, node: Branch) -> SectionNode | None:
        """The section of ``node``, or None when its header cannot be read (which has then been reported)."""
        try:
            return self._sections[node.data](node)
        except Damage as damage:
            self._diagnostics.append(damage.diagnostic)
            return None

    # --- common pieces ---

    def _span(self, node: Branch) -> Span:
        return self._origin.span(node)

    def _header_span(self, node: Branch) -> Span:
        """The first line of a node without the comment behind it, continuation lines included."""
        below = next((child for child in node.children if _is_below(child)), None)
        if below is None:
            return self._span(node)
        above = [child for child in node.children[: node.children.index(below)] if child is not None]
        span = self._origin.span(node)
        if not above:
            word = self._lines[span.line - 1][span.column - 1 :].split("#", 1)[0].rstrip()
            return Span(span.file, span.line, span.column, span.line, span.column + len(word))
        last = above[-1]
        end = self._origin.span(last)
        return Span(span.file, span.line, span.column, end.end_line, end.end_column)

    def _doc(self, node: Branch) -> str:
        return doc_above(self._lines, self._origin.line(node))

    def _name(self, node: Node) -> Name:
        return Name(self._origin.span(token(node)), str(node))

    def _names(self, node: Node) -> tuple[Name, ...]:
        return tuple(self._name(child) for child in branch(node).children)

    def _path(self, node: Node) -> Path:
        return self._expressions.path(node)

    def _expr(self, node: Node) -> Expr:
        return self._expressions.expression(node)

    def _optional(self, node: Node) -> Expr | None:
        return None if node is None else self._expr(node)

    def _rows(self, nodes: Sequence[Node], *, blank_is_missing: bool = False) -> Rows | None:
        tokens = [token(branch(node).children[0]) for node in nodes]
        if not tokens:
            return None
        return read_rows(tokens, self._origin, self._diagnostics, blank_is_missing=blank_is_missing)

    def _each(self, nodes: Sequence[Node], make: Callable[[Branch], T]) -> tuple[T, ...]:
        """What ``make`` gives for every node; a node with a mistake is reported and left out."""
        made: list[T] = []
        for node in nodes:
            try:
                made.append(make(branch(node)))
            except Damage as damage:
                self._diagnostics.append(damage.diagnostic)
        return tuple(made)

    def _type(self, node: Node) -> TypeName:
        tree = branch(node)
        span, kind = self._span(tree), str(tree.data)
        if kind == "t_optional":
            inner = branch(tree.children[0])
            if inner.data == "t_optional":
                place = Span(span.file, span.line, span.end_column - 1, span.line, span.end_column)
                raise Damage(Diagnostic("E0100", "one `?` says that a value may be missing", place, "one too many"))
            return replace(self._type(inner), span=span, optional=True)
        if kind == "t_text":
            return TypeName(span, "text", length=self._length(tree.children[0]) if tree.children else None)
        if kind == "t_one_of":
            return TypeName(span, "one of", values=tuple(str(child) for child in tree.children))
        if kind == "t_name":
            return TypeName(span, "name", name=str(tree.children[0]))
        return TypeName(span, "set" if kind == "t_set" else "remote", remote=self._expressions.qname(tree.children[0]))

    def _length(self, node: Node) -> int:
        written = str(node)
        if not written.isdigit() or len(written) > MAX_LENGTH_DIGITS or int(written) == 0:
            place = self._origin.span(token(node))
            raise Damage(Diagnostic("E0100", "a text cannot have this length", place, "a whole number from 1 on"))
        return int(written)

    # --- sections ---

    def _use(self, node: Branch) -> Use:
        quoted = token(node.children[0])
        return Use(self._span(node), self._doc(node), self._expressions.plain(quoted), self._origin.span(quoted))

    def _setting(self, node: Branch) -> Setting:
        name, kind, default = node.children
        return Setting(self._span(node), self._doc(node), self._name(name), self._type(kind), self._optional(default))

    def _table(self, node: Branch) -> Table:
        name, *rest = node.children
        above = list(takewhile(lambda child: not _is(child, "row"), rest))
        rows = rest[len(above) :]
        parameters = tuple(self._parameter(branch(child)) for child in above if _is(child, "param"))
        csv = next((self._csv(branch(child)) for child in above if _is(child, "csv")), None)
        result = next(child for child in above if child is not None and not _is(child, "param", "csv"))
        made = Table(
            self._header_span(node),
            self._doc(node),
            self._name(name),
            parameters,
            self._type(result),
            self._rows(rows),
            csv,
        )
        if made.rows is None and csv is None:
            self._diagnostics.append(
                Diagnostic(
                    "E0105",
                    f"table `{made.name.text}` has no rows",
                    made.name.span,
                    "a header row and at least one more row belong below",
                )
            )
        return made

    def _parameter(self, node: Branch) -> Parameter:
        name, kind = node.children
        return Parameter(self._span(node), str(name), self._type(kind))

    def _csv(self, node: Branch) -> Csv:
        path, *keys, value = (self._expressions.plain(token(child)) for child in node.children)
        return Csv(self._span(node), path, tuple(keys), value)

    def _map(self, node: Branch) -> Map:
        name, source, target, *items = node.children
        return Map(
            self._header_span(node),
            self._doc(node),
            self._name(name),
            self._expressions.qname(source),
            self._expressions.qname(target),
            self._each(items, self._item),
        )

    def _lines_of(self, node: Branch) -> LinesOf:
        names, source, target, per, *items = node.children
        return LinesOf(
            self._header_span(node),
            self._doc(node),
            self._names(names),
            self._path(source),
            self._path(target),
            self._per(per),
            self._each(items, self._item),
        )

    def _per(self, node: Node) -> tuple[Path, ...]:
        return () if node is None else tuple(self._path(child) for child in branch(node).children)

    def _line(self, node: Branch) -> LineSection:
        name, maps, target, *items = node.children
        return LineSection(
            self._header_span(node),
            self._doc(node),
            self._name(name),
            self._names(maps),
            self._path(target),
            self._each(items, self._item),
        )

    def _summary(self, node: Branch) -> Summary:
        name, source, target, per, *items = node.children
        made: QName | Name = self._name(source) if isinstance(source, Token) else self._expressions.qname(source)
        return Summary(
            self._header_span(node),
            self._doc(node),
            self._name(name),
            made,
            self._expressions.qname(target),
            self._per(per),
            self._each(items, self._item),
        )

    def _extend(self, node: Branch, *, lines: bool) -> Extend:
        names, *items = node.children
        return Extend(
            self._header_span(node), self._doc(node), self._names(names), lines, self._each(items, self._item)
        )

    # --- items ---

    def _item(self, node: Branch) -> Item:
        return self._items[node.data](node)

    def _assign(self, node: Branch) -> Assign:
        target, value, owner, *rows = node.children
        written = None if owner is None else " ".join(str(owner).split())
        return Assign(
            self._span(node),
            self._doc(node),
            self._path(target),
            self._value(value, rows),
            cast("Literal['on create', 'always'] | None", written),
        )

    def _override(self, node: Branch) -> Assign:
        return replace(self._assign(branch(node.children[0])), span=self._span(node), override=True)

    def _let(self, node: Branch) -> Let:
        name, value, *rows = node.children
        return Let(
            self._span(node), self._doc(node), str(name), self._origin.span(token(name)), self._value(value, rows)
        )

    def _value(self, node: Node, rows: Sequence[Node]) -> Expr:
        tree = branch(node)
        if tree.data != "pick":
            return self._expr(tree)
        made = self._rows(rows)
        assert made is not None, "the grammar wants rows below a pick"
        return Pick(self._span(tree), tuple(self._expr(child) for child in tree.children), made)

    def _guard(self, node: Branch) -> Guard:
        *word, condition, because = node.children if node.data != "only_when" else (*node.children, None)
        outcome = str(word[0]) if word else "only"
        return Guard(
            self._span(node),
            self._doc(node),
            cast("Literal['only', 'skip', 'fail', 'cancel', 'warn']", outcome),
            self._expr(condition),
            None if because is None else self._expressions.text(token(because)),
        )

    def _match(self, node: Branch) -> Match:
        return Match(self._span(node), self._doc(node), tuple(self._key(branch(key)) for key in node.children))

    def _key(self, node: Branch) -> MatchKey:
        target, value = node.children
        return MatchKey(self._span(node), self._path(target), self._optional(value))

    def _policy(self, node: Branch) -> Policy:
        verb, condition, because = node.children
        return Policy(
            self._span(node),
            self._doc(node),
            cast("Literal['create', 'update', 'delete']", str(verb)),
            self._optional(condition),
            self._expressions.text(token(because)),
        )

    def _total(self, node: Branch) -> TotalMustBe:
        amount, method, limit, account = node.children
        return TotalMustBe(
            self._span(node),
            self._doc(node),
            self._expr(amount),
            self._optional(method),
            self._optional(limit),
            self._optional(account),
        )

    def _spread(self, node: Branch) -> SpreadItem:
        amount, condition = node.children
        return SpreadItem(self._span(node), self._doc(node), self._expr(amount), self._optional(condition))

    # --- tests ---

    def _test(self, node: Branch) -> TestSection:
        title, *steps = node.children
        return TestSection(
            self._header_span(node),
            self._doc(node),
            self._expressions.plain(token(title)),
            self._each(steps, lambda step: self._steps[step.data](step)),
        )

    def _run(self, node: Branch) -> TestStep:
        return TestStep(self._span(node), "run", name=str(node.children[0]))

    def _bindings(self, node: Branch, kind: Literal["with", "given", "expect"]) -> TestStep:
        span = self._span(node) if kind == "with" else self._header_span(node)
        return TestStep(span, kind, bindings=self._each(node.children, self._binding))

    def _binding(self, node: Branch) -> Binding:
        target, value = node.children
        if isinstance(target, Token):
            path = Path(self._origin.span(target), str(target), None, ())
        else:
            path = self._path(target)
        return Binding(self._span(node), path, self._expr(value))

    def _given_rows(self, node: Branch, kind: Literal["given rows", "expect rows"]) -> TestStep:
        path, *rows = node.children
        made = self._rows(rows, blank_is_missing=True)
        return TestStep(self._header_span(node), kind, path=self._path(path), rows=made)

    def _given_file(self, node: Branch, kind: Literal["given file", "expect file"]) -> TestStep:
        return TestStep(self._span(node), kind, text=self._expressions.text(token(node.children[0])))

    def _expect_outcome(self, node: Branch) -> TestStep:
        outcome, text = node.children
        made = self._expressions.text(token(text))
        return TestStep(self._span(node), "expect outcome", name=str(outcome), text=made)

    # --- decisions ---

    def _decisions(self, node: Branch) -> Decisions:
        sync, *answers = node.children
        return Decisions(
            self._header_span(node), self._doc(node), self._name(sync), self._each(answers, self._decision)
        )

    def _decision(self, node: Branch) -> Decision:
        name, record, verdict, because = node.children
        made = Decision(
            self._span(node),
            self._name(name),
            self._expressions.plain(token(record)),
            "stays out",
            self._expressions.plain(token(because)),
        )
        kind, parts = str(branch(verdict).data), branch(verdict).children
        if kind == "d_same":
            return replace(made, verdict="is", target=self._expressions.plain(token(parts[0])))
        if kind == "d_new":
            name_given = None if parts[0] is None else self._expressions.plain(token(parts[0]))
            return replace(made, verdict="is new", new_name=name_given)
        if kind == "d_keep":
            side, field, digest = parts
            return replace(
                made,
                verdict="keeps",
                side=cast("Literal['zoho', 'xero']", str(side)),
                field=self._path(field),
                digest=self._expressions.plain(token(digest)),
            )
        return made


def _is(node: Node, *kinds: str) -> bool:
    return isinstance(node, Tree) and node.data in kinds


def _is_below(node: Node) -> bool:
    """Whether a child of a section or step stands on lines of its own."""
    return isinstance(node, Tree) and (
        node.data in _STATEMENTS
        or node.data in ("row", "bindline", "decision")
        or node.data.startswith(("t_run", "t_with", "t_given", "t_expect"))
    )
