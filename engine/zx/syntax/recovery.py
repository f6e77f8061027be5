"""Reading on after a mistake: section by section, and in a section without the items that cannot be read.

Lark could go on by itself, but it deletes tokens and can so join two lines. Here the offending item is blanked and its
section read again; lines and columns of everything else stay true.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax import grammar
from zx.syntax.ast import Decisions, SectionNode
from zx.syntax.expressions import branch
from zx.syntax.lalr import Refused
from zx.syntax.layout import ITEM_WORDS, SECTION_WORDS, TEST_WORDS, Group, Kind, Unit, continues, groups, is_step
from zx.syntax.mistakes import allowed, explain, keyword_fix
from zx.syntax.origin import Origin
from zx.syntax.scan import Scanned
from zx.syntax.sections import Sections
from zx.values.dataclass import dataclass

if TYPE_CHECKING:
    from lark.exceptions import UnexpectedInput

# Lines that may be read once more to find further mistakes; about a second of work.
MAX_REREAD = 25_000

# What stands for a header that cannot be read, so that the lines below it are still looked at.
_STAND_INS = {
    "table": 'table x(a: text) -> text from "x" key "a" value "b"',
    "lines of": "lines of x: a -> b",
    "line": "line x of y -> z",
    "summary": "summary x: a -> b.c per d",
    "test": 'test "x"',
    "decisions for": "decisions for x",
}
_ANY_SECTION = "extend x"


@dataclass(slots=True)
class _Attempt:
    """A section on its way through the parser. ``text`` has a line for each of its lines in the file, from ``first``
    (counted from 0) on; ``whole`` is false when another header stands in for its own."""

    group: Group
    header: Unit
    first: int
    text: list[str]
    whole: bool = True
    left_out: set[int] = field(default_factory=set)


class Reader:
    """Reads the sections of one file, each on its own; what is wrong is added to ``diagnostics``."""

    def __init__(self, file: str, scanned: Scanned, most: int) -> None:
        self.diagnostics = scanned.diagnostics
        self._file = file
        self._lines = scanned.lines
        self._damaged = scanned.damaged
        self._most = most
        self._reread = 0

    def read(self) -> list[SectionNode]:
        found: list[SectionNode] = []
        waiting = groups(self._lines)[::-1]
        while waiting and len(self.diagnostics) <= self._most:
            group: Group | None = waiting.pop()
            while group is not None:
                section, group = self._section(group)
                if section is not None and self._belongs(section):
                    found.append(section)
        return found

    def _belongs(self, section: SectionNode) -> bool:
        for_answers = self._file.rsplit("/", 1)[-1] == "decisions.zx"
        if isinstance(section, Decisions) == for_answers:
            return True
        if for_answers:
            message, label = "decisions.zx holds answers only", "rules stand in files of their own"
        else:
            message, label = "answers stand in decisions.zx only", "move this section there"
        self.diagnostics.append(Diagnostic("E0100", message, section.span, label))
        return False

    def _section(self, group: Group) -> tuple[SectionNode | None, Group | None]:
        """The section of ``group`` without its unreadable items, and the lines that turned out to be another one."""
        rest: Group | None = None
        attempt = self._attempt(group)
        while True:
            origin = Origin(self._file, "\n".join((*attempt.text, "")), attempt.first)
            try:
                tree = grammar.parser().parse(origin.text, "file")
            except Refused:
                error = grammar.refusal(origin.text, "file")
                split = self._leave_out(attempt, error, origin)
                if split is not None:
                    # A header nobody knew: what follows it is no longer ours.
                    attempt, rest = split
                self._reread += len(attempt.text)
                if len(self.diagnostics) > self._most or self._reread > MAX_REREAD:
                    return None, None
                continue
            break
        if not tree.children:
            return None, rest
        sections = Sections(origin, self._lines, self.diagnostics)
        made = sections.section(branch(tree.children[0]))
        return (made if attempt.whole else None), rest

    # --- what goes to the parser ---

    def _attempt(self, group: Group) -> _Attempt:
        if group.header is None:
            group = self._headless(group.units)
        header = group.header
        assert header is not None
        last = group.units[-1].last if group.units else header.last
        attempt = _Attempt(group, header, header.first, self._lines[header.first : last])
        if self._is_damaged(header):
            self._stand_in(attempt)
        for index, unit in enumerate(group.units):
            if self._is_damaged(unit) and index not in attempt.left_out:
                self._blank(attempt, index)
        return attempt

    def _is_damaged(self, unit: Unit) -> bool:
        return bool(self._damaged) and any(line in self._damaged for line in range(unit.first, unit.last))

    def _headless(self, units: tuple[Unit, ...]) -> Group:
        """Items above the first section: reported once, at the first of them, which then plays the header."""
        first = units[0]
        meant = ""
        if not self._is_damaged(first):
            fix = keyword_fix(self._lines[first.first], SECTION_WORDS) if first.kind is Kind.ITEM else None
            meant = self._unknown_section(first, fix)
        return self._orphans(first, meant, units[1:])

    def _orphans(self, header: Unit, meant: str, units: tuple[Unit, ...]) -> Group:
        self._damaged.add(header.first)
        return Group(Unit(Kind.SECTION, header.first, header.last, meant), units)

    def _stand_in(self, attempt: _Attempt) -> None:
        """Another header for one that cannot be read; the section is looked at and then left out."""
        attempt.whole = False
        self._clear(attempt, attempt.header)
        has_items = any(index not in attempt.left_out for index in range(len(attempt.group.units)))
        if has_items:
            attempt.text[0] = _STAND_INS.get(attempt.header.word, _ANY_SECTION)
        for index, unit in enumerate(attempt.group.units):
            # Rows right below a lost header have lost their table.
            if unit.kind is not Kind.ROW or attempt.header.word == "table":
                break
            attempt.left_out.add(index)
            self._clear(attempt, unit)

    def _clear(self, attempt: _Attempt, unit: Unit) -> None:
        for line in range(unit.first, unit.last):
            attempt.text[line - attempt.first] = ""

    def _blank(self, attempt: _Attempt, index: int) -> None:
        """Leaves out a unit and what cannot stand without it."""
        units = attempt.group.units
        unit = units[index]
        attempt.left_out.add(index)
        self._clear(attempt, unit)
        above = units[index - 1] if index else attempt.header
        if unit.kind is Kind.ROW and above.kind is Kind.ROW:
            return
        # The rows of a lost line or below a lost header row mean nothing by themselves.
        following = index + 1
        while following < len(units) and units[following].kind is Kind.ROW:
            attempt.left_out.add(following)
            self._clear(attempt, units[following])
            following += 1
        if unit.kind is Kind.ROW:
            if index and attempt.header.word != "test":
                attempt.left_out.add(index - 1)
                self._clear(attempt, units[index - 1])
            elif not index:
                attempt.whole = False
                self._clear(attempt, attempt.header)
                attempt.text[0] = _STAND_INS["table"]
        elif self._has_lost_its_step(attempt, index):
            attempt.text[unit.first - attempt.first] = "given"

    def _has_lost_its_step(self, attempt: _Attempt, index: int) -> bool:
        """Whether the fields below a line were those of a `given` or `expect`; they are still looked at."""
        units = attempt.group.units
        if attempt.header.word != "test" or index + 1 == len(units) or units[index + 1].kind is not Kind.ITEM:
            return False
        return "=" not in self._lines[units[index].first] and not is_step(self._lines[units[index + 1].first])

    # --- what is wrong ---

    def _leave_out(self, attempt: _Attempt, error: UnexpectedInput, origin: Origin) -> tuple[_Attempt, Group] | None:
        """Reports the mistake at ``error`` and takes its unit out of ``attempt``.

        When the unit is the header of a section nobody knows, gives the attempt without it and all below, and these.
        """
        units = attempt.group.units
        index = self._unit_at(attempt, error)
        if index is None:
            if attempt.whole:
                self.diagnostics.append(explain(error, origin))
                self._stand_in(attempt)
            else:
                # Only what stands in is left, and it does not fit what follows: nothing more to be learnt here.
                attempt.text[:] = [""] * len(attempt.text)
            return None
        unit = units[index]
        meant = self._section_meant(attempt, unit)
        if meant is not None:
            rest = self._orphans(unit, meant, units[index + 1 :])
            group = Group(attempt.header, units[:index])
            size = unit.first - attempt.first
            left = _Attempt(group, attempt.header, attempt.first, attempt.text[:size], attempt.whole, attempt.left_out)
            return left, rest
        self.diagnostics.append(self._explained(attempt, unit, error, origin))
        self._blank(attempt, index)
        return None

    def _unit_at(self, attempt: _Attempt, error: UnexpectedInput) -> int | None:
        """Which unit is to blame; None for the header."""
        line = attempt.first + max(error.line, 1) - 1
        units = attempt.group.units
        index = max((at for at, unit in enumerate(units) if unit.first <= line), default=-1)
        token = getattr(error, "token", None)
        if token is not None and allowed(error) == {"ROW"} and token.type not in ("_NL", "$END"):
            # A `pick` without rows shows at the line below it.
            index -= 1
        while index >= 0 and index in attempt.left_out:
            index -= 1
        return index if index >= 0 else None

    def _explained(self, attempt: _Attempt, unit: Unit, error: UnexpectedInput, origin: Origin) -> Diagnostic:
        line = self._lines[unit.first]
        terminals = allowed(error)
        if terminals == {"ROW"}:
            return self._no_rows(unit)
        if unit.kind is Kind.ITEM and continues(line):
            return self._continues_nothing(unit)
        if unit.kind is Kind.ITEM and ("EQUAL" in terminals or attempt.header.word == "test"):
            words = TEST_WORDS if attempt.header.word == "test" else ITEM_WORDS
            fix = keyword_fix(line, words)
            if fix is not None:
                return self._unknown_word(unit, fix, "no line begins with")
        return explain(error, origin)

    def _section_meant(self, attempt: _Attempt, unit: Unit) -> str | None:
        """When ``unit`` is a header with a wrong keyword: the one that was meant, "" when none is near; reports it."""
        line = self._lines[unit.first]
        if unit.kind is not Kind.ITEM or continues(line):
            return self._unknown_section(unit, None) if attempt.header.word in ("use", "setting") else None
        fix = keyword_fix(line, SECTION_WORDS)
        at_edge = not line.startswith((" ", "\t"))
        if attempt.header.word in ("use", "setting") or (at_edge and (fix is not None or "->" in line)):
            return self._unknown_section(unit, fix)
        return None

    def _unknown_section(self, unit: Unit, fix: tuple[str, str, str] | None) -> str:
        if fix is not None:
            self.diagnostics.append(self._unknown_word(unit, fix, "no section begins with"))
            return fix[1]
        span = self._line_span(unit)
        self.diagnostics.append(
            Diagnostic(
                "E0106",
                "this line belongs to no section",
                span,
                "no section begins above it",
                help="a section begins with use, setting, table, map, lines of, line, summary, extend or test",
            )
        )
        return ""

    def _unknown_word(self, unit: Unit, fix: tuple[str, str, str], sentence: str) -> Diagnostic:
        written, meant, mended = fix
        span = self._line_span(unit)
        place = Span(span.file, span.line, span.column, span.line, span.column + len(written))
        return Diagnostic("E0106", f"{sentence} `{written}`", place, f"did you mean `{meant}`?", fix=mended)

    def _no_rows(self, unit: Unit) -> Diagnostic:
        span = self._line_span(unit)
        column = self._lines[unit.first].find("pick") + 1 or span.column
        place = Span(span.file, span.line, column, span.line, column + 4)
        return Diagnostic(
            "E0105", "this `pick` has no rows", place, "a header row and at least one more row belong below"
        )

    def _continues_nothing(self, unit: Unit) -> Diagnostic:
        span = self._line_span(unit)
        word = self._lines[unit.first].split()[0]
        place = Span(span.file, span.line, span.column, span.line, span.column + len(word))
        return Diagnostic(
            "E0100",
            f"a line that begins with `{word}` goes on from the line right above it",
            place,
            "nothing above it can go on",
            help="delete the blank line or comment between the two lines",
        )

    def _line_span(self, unit: Unit) -> Span:
        line = self._lines[unit.first]
        stripped = line.strip(" \t")
        begin = len(line) - len(line.lstrip(" \t")) + 1
        return Span(self._file, unit.first + 1, begin, unit.first + 1, begin + max(1, len(stripped)))
