"""The tree of a rule file. Frozen nodes; every node has the span of the text it was made from."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from zx.diagnostics.diagnostic import Span
from zx.values.dataclass import dataclass

# --- expressions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Path:
    """``Invoice_Date``, ``settings.prefix``, ``Addresses[POBOX].City``, ``$line_tax``, ``parent.$line_tax``."""

    span: Span
    head: str
    selector: str | None
    rest: tuple[str, ...]

    @property
    def text(self) -> str:
        start = self.head if self.selector is None else f"{self.head}[{self.selector}]"
        return ".".join((start, *self.rest))


@dataclass(frozen=True, slots=True)
class Call:
    """``left(Subject, 255)``, ``xero_tax(Tax)``: a built-in function or a table."""

    span: Span
    name: str
    name_span: Span
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, percentage (kept as written, 10 % is 10 with ``percent``), date, yes/no, ``missing`` or ``clear``."""

    span: Span
    kind: Literal["number", "percent", "date", "bool", "missing", "clear"]
    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class TextLiteral:
    """A text with ``{path}`` pieces: ``parts`` holds texts and paths in order (escapes resolved)."""

    span: Span
    parts: tuple[str | Path, ...]

    @property
    def constant(self) -> str | None:
        """The whole text when nothing is interpolated."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(part for part in self.parts if isinstance(part, str))
        return None


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x``, ``-x``, ``x is missing``, ``x is present``."""

    span: Span
    operator: Literal["not", "-", "is missing", "is present"]
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """Two-sided operators. ``otherwise`` may have a Stop or WarnThen on its right."""

    span: Span
    operator: Literal[
        "otherwise",
        "or",
        "and",
        "is",
        "is not",
        "<",
        "<=",
        ">",
        ">=",
        "starts with",
        "contains",
        "&",
        "+",
        "-",
        "*",
        "/",
    ]
    left: Expr
    right: Expr
    operator_span: Span


@dataclass(frozen=True, slots=True)
class In:
    """``x in (a, b)`` and ``x not in (a, b)``."""

    span: Span
    operand: Expr
    values: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class If:
    span: Span
    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Stop:
    """``fail "…"``, ``skip "…"``, ``cancel "…"`` inside an expression or a result cell."""

    span: Span
    outcome: Literal["fail", "skip", "cancel"]
    message: TextLiteral


@dataclass(frozen=True, slots=True)
class WarnThen:
    """``warn "…" then x``."""

    span: Span
    message: TextLiteral
    then: Expr


@dataclass(frozen=True, slots=True)
class Duration:
    """``14 days``, ``settings.due_days days``; ``unit`` is singular."""

    span: Span
    amount: Expr
    unit: Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Via:
    """``Account_Name via organisations``."""

    span: Span
    operand: Expr
    map: str
    map_span: Span


@dataclass(frozen=True, slots=True)
class Find:
    """``find xero.Contact by Name = X``, with ``or create``."""

    span: Span
    kind: QName
    field: str
    field_span: Span
    value: Expr
    or_create: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """``pick X, Y`` with its rows; formulas of the rows see the record."""

    span: Span
    subjects: tuple[Expr, ...]
    rows: Rows


Expr = Path | Call | Constant | TextLiteral | Unary | Binary | In | If | Stop | WarnThen | Duration | Via | Find | Pick

# --- tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyCell:
    """``*``."""

    span: Span


@dataclass(frozen=True, slots=True)
class MissingCell:
    """``missing`` or, with ``present``, its opposite."""

    span: Span
    present: bool


@dataclass(frozen=True, slots=True)
class CompareCell:
    """``> 10``, ``<= 0``."""

    span: Span
    operator: Literal["<", "<=", ">", ">="]
    value: Expr


@dataclass(frozen=True, slots=True)
class CellValue:
    """One alternative of a value cell as written: its text, whether it was quoted, and, for sets, its members
    (``GST 5% + PST 7%`` has two). The type of the column decides what the text means. ``missing`` among alternatives is
    unquoted text."""

    span: Span
    text: str
    quoted: bool
    members: tuple[CellValue, ...] = ()


@dataclass(frozen=True, slots=True)
class ValuesCell:
    """``a, b``: any of. In a result column it has exactly one value."""

    span: Span
    values: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """``= expression``."""

    span: Span
    formula: Expr


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    """``fail "…"``, ``skip "…"``, ``cancel "…"``, ``warn "…" then x``."""

    span: Span
    outcome: Stop | WarnThen


Cell = AnyCell | MissingCell | CompareCell | ValuesCell | FormulaCell | OutcomeCell


@dataclass(frozen=True, slots=True)
class HeaderCell:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    span: Span
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A header row and the rows below it. Every row has as many cells as the header."""

    span: Span
    header: tuple[HeaderCell, ...]
    rows: tuple[Row, ...]


# --- types ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QName:
    """``zoho.Invoices``."""

    span: Span
    system: str
    name: str


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written. ``kind``: ``text`` (with ``length``), ``one of`` (``values``), ``name`` (``bool``,
    ``number`` …), ``remote`` and
    ``set`` (``remote``). ``optional``: followed by ``?``."""

    span: Span
    kind: Literal["text", "one of", "name", "remote", "set"]
    name: str = ""
    length: int | None = None
    values: tuple[str, ...] = ()
    remote: QName | None = None
    optional: bool = False


# --- items of sections ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assign:
    """``DueDate = Due_Date``; ``owner`` is ``on create``, ``always`` or None. ``override`` in an ``extend``."""

    span: Span
    doc: str
    target: Path
    value: Expr
    owner: Literal["on create", "always"] | None
    override: bool = False


@dataclass(frozen=True, slots=True)
class Let:
    span: Span
    doc: str
    name: str
    name_span: Span
    value: Expr


@dataclass(frozen=True, slots=True)
class Guard:
    """``only when C``; ``skip|fail|cancel|warn when C because "…"``."""

    span: Span
    doc: str
    outcome: Literal["only", "skip", "fail", "cancel", "warn"]
    condition: Expr
    because: TextLiteral | None


@dataclass(frozen=True, slots=True)
class MatchKey:
    span: Span
    target: Path
    value: Expr | None


@dataclass(frozen=True, slots=True)
class Match:
    """``match on A and B = x``: one rung."""

    span: Span
    doc: str
    keys: tuple[MatchKey, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """``never create when C because "…"``."""

    span: Span
    doc: str
    verb: Literal["create", "update", "delete"]
    condition: Expr | None
    because: TextLiteral


@dataclass(frozen=True, slots=True)
class TotalMustBe:
    span: Span
    doc: str
    amount: Expr
    method: Expr | None
    limit: Expr | None
    account: Expr | None


@dataclass(frozen=True, slots=True)
class SpreadItem:
    span: Span
    doc: str
    amount: Expr
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Drop:
    """``drop DiscountAmount`` in an ``extend``."""

    span: Span
    doc: str
    target: Path


Item = Assign | Let | Guard | Match | Policy | TotalMustBe | SpreadItem | Drop

# --- sections ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    span: Span
    doc: str
    path: str
    path_span: Span


@dataclass(frozen=True, slots=True)
class Setting:
    span: Span
    doc: str
    name: Name
    type: TypeName
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Parameter:
    span: Span
    name: str
    type: TypeName


@dataclass(frozen=True, slots=True)
class Csv:
    span: Span
    path: str
    keys: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    span: Span
    doc: str
    name: Name
    parameters: tuple[Parameter, ...]
    result: TypeName
    rows: Rows | None
    csv: Csv | None


@dataclass(frozen=True, slots=True)
class Map:
    """``span`` is that of the header line."""

    span: Span
    doc: str
    name: Name
    source: QName
    target: QName
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LinesOf:
    """``lines of invoices, credit_notes: Invoiced_Items -> LineItems``."""

    span: Span
    doc: str
    maps: tuple[Name, ...]
    source: Path
    target: Path
    per: tuple[Path, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LineSection:
    """``line adjustment of invoices -> LineItems``."""

    span: Span
    doc: str
    name: Name
    maps: tuple[Name, ...]
    target: Path
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    span: Span
    doc: str
    name: Name
    source: QName | Name
    target: QName
    per: tuple[Path, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Extend:
    """``extend A, B`` or, with ``lines``, ``extend lines of A, B``."""

    span: Span
    doc: str
    names: tuple[Name, ...]
    lines: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    span: Span
    target: Path
    value: Expr


@dataclass(frozen=True, slots=True)
class TestStep:
    """``run``, ``with settings``, ``given …``, ``expect …`` of a test; which fields are filled depends on ``kind``."""

    span: Span
    kind: Literal[
        "run", "with", "given", "given rows", "given file", "expect", "expect rows", "expect file", "expect outcome"
    ]
    name: str = ""
    path: Path | None = None
    bindings: tuple[Binding, ...] = ()
    rows: Rows | None = None
    text: TextLiteral | None = None


@dataclass(frozen=True, slots=True)
class TestSection:
    span: Span
    doc: str
    title: str
    steps: tuple[TestStep, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer of ``decisions.zx``. ``verdict``: ``is``, ``is new``, ``keeps``, ``stays out``."""

    span: Span
    map: Name
    record: str
    verdict: Literal["is", "is new", "keeps", "stays out"]
    because: str
    target: str | None = None
    new_name: str | None = None
    side: Literal["zoho", "xero"] | None = None
    field: Path | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    span: Span
    doc: str
    sync: Name
    answers: tuple[Decision, ...]


SectionNode = Use | Setting | Table | Map | LinesOf | LineSection | Summary | Extend | TestSection | Decisions


@dataclass(frozen=True, slots=True)
class Module:
    """One rule file. Sections in the order of the text; a section that could not be read is left out and reported.

    ``lost_words`` and ``lost_lines`` say what was left out: every word in it, and the numbers of its lines.
    """

    file: str
    sections: tuple[SectionNode, ...]
    lost_words: frozenset[str] = frozenset()
    lost_lines: frozenset[int] = frozenset()
