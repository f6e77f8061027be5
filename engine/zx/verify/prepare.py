"""From a test as it is written to what is run: a record, its surroundings, and what is expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from typing import Any, Literal, Protocol

from zx.catalog.fieldtypes import Many, Number
from zx.catalog.schema import ListEntry, Shape
from zx.check.cells import WRONG
from zx.check.ir import Member, Root
from zx.check.targets import find_target
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.diagnostics.suggest import nearest
from zx.model.record import Kind, Record
from zx.resolve.ruleset import MapRules
from zx.stdlib.types import expression_type
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.verify.bench import Bench
from zx.verify.cases import Case
from zx.verify.stage import RUN_DATE, Given, Surroundings, Watch
from zx.verify.summed import MEMBER, as_map
from zx.verify.typing import ANY, Slot, Typing, put

DERIVED = {
    ("xero", "Invoice"): ("Total", "SubTotal", "TotalTax"),
    ("xero", "Quote"): ("Total", "SubTotal", "TotalTax"),
    ("xero", "CreditNote"): ("Total", "SubTotal", "TotalTax"),
    ("zoho", "Invoices"): ("Grand_Total", "Sub_Total", "Adjustment"),
    ("zoho", "Quotes"): ("Grand_Total", "Sub_Total", "Adjustment"),
    ("zoho", "Sales_Orders"): ("Grand_Total", "Sub_Total", "Adjustment"),
}
"""What the engine works out for a document, beside the fields that rules set."""
DERIVED_IN_ROWS = (
    *("UnitAmount", "LineAmount", "TaxAmount"),
    *("List_Price", "Discount", "Total", "Total_After_Discount", "Tax", "Net_Total"),
)
"""The same of its lines: what Xero's are made of, then Zoho's."""


class Fixtures(Protocol):
    """Records kept in files of the workspace."""

    def record(self, test: str, path: str, kind: Kind) -> Mapping[str, Any] | str:
        """The values of the record in the file that ``path`` names, seen from the file ``test``; a text says why there
        is none."""

    def document(self, test: str, path: str) -> Any | None:
        """The JSON in that file, None when there is none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that must have ``value`` (None: none at all). ``row`` counts from 0 in ``list``, or is None."""

    name: str
    value: Any
    span: Span
    list: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class WantedRows:
    """All rows of ``list``; ``count`` of them, and of each the columns that were written."""

    list: str
    count: int
    columns: tuple[str, ...]
    span: Span
    rows: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class WantedOutcome:
    """``expect fail "…"``: how the record must be judged, and what the reason must contain."""

    outcome: Literal["fail", "skip", "warn", "cancel"]
    part: str
    span: Span


@dataclass(frozen=True, slots=True)
class WantedDocument:
    """``expect from "FILE"``: everything that is sent; ``content`` is None while there is no such file."""

    path: str
    content: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Expectation:
    fields: tuple[Wanted, ...] = ()
    rows: tuple[WantedRows, ...] = ()
    outcomes: tuple[WantedOutcome, ...] = ()
    document: WantedDocument | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A test that can be run. ``watch`` belongs to the record and its rows; ``members`` are those of a summary."""

    case: Case
    record: Record
    watch: Watch
    surroundings: Surroundings
    expected: Expectation
    members: tuple[Record, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What the ``given`` steps add up to."""

    values: dict[str, Any] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    rows: dict[str, tuple[Shape, list[dict[str, Any]], set[str]]] = field(default_factory=dict)
    records: dict[Kind, list[Record]] = field(default_factory=dict)
    lists: dict[str, dict[str, ListEntry]] = field(default_factory=dict)
    run_date: str = RUN_DATE
    members: list[tuple[dict[str, Any], set[str]]] = field(default_factory=list)


def prepare(case: Case, bench: Bench, fixtures: Fixtures) -> tuple[Prepared | None, tuple[Diagnostic, ...]]:
    """The test ready to run; None when something in it is wrong."""
    summary = bench.rules.summaries.get(case.map)
    rules = bench.rules.maps.get(case.map) if summary is None else as_map(summary)
    if rules is None:
        return None, (_unknown_map(case, bench),) if case.map else ()
    source = bench.catalogue.shape(rules.node.source.system, rules.node.source.name)
    target = bench.catalogue.shape(rules.node.target.system, rules.node.target.name)
    if source is None or target is None:
        return None, ()
    typing = Typing(bench.catalogue, bench.rules, bench.sources)
    kind = Kind("xero" if source.system == "xero" else "zoho", source.name)
    members = None if summary is None else _members_word(summary.node)
    reader = _Reader(typing, case, source, kind, fixtures, members)
    for step in case.given:
        reader.step(step)
    expected = _Expected(typing, rules, target, case.file, fixtures).read(case.expected)
    if typing.diagnostics:
        return None, typing.diagnostics
    record, watch = reader.record()
    draft = reader.draft
    surroundings = Surroundings(draft.records, draft.lists, draft.run_date)
    found = (record,) if summary is None else reader.members(watch) or (record,)
    return Prepared(case, record, watch, surroundings, expected, found), ()


def _members_word(node: ast.Summary) -> str:
    """What stands after ``given`` above the rows that are members: the map, or the kind of record."""
    source = node.source
    return f"{source.system}.{source.name}" if isinstance(source, ast.QName) else source.text


def _unknown_map(case: Case, bench: Bench) -> Diagnostic:
    near = nearest(case.map, [*bench.rules.maps, *bench.rules.summaries])
    return Diagnostic(
        "E0701",
        f"there is no map `{case.map}` to test",
        case.map_span,
        f"did you mean `{near}`?" if near else "no file that this test uses has it",
        fix=f"run {near}" if near else None,
        help=None if near else 'add the `use "…"` of its file at the top',
    )


class _Reader:
    """Reads ``given`` steps."""

    def __init__(
        self, typing: Typing, case: Case, shape: Shape, kind: Kind, fixtures: Fixtures, members: str | None = None
    ) -> None:
        self._typing = typing
        self._members = members
        self._case = case
        self._shape = shape
        self._kind = kind
        self._fixtures = fixtures
        self.draft = _Draft()

    def step(self, step: ast.TestStep) -> None:
        if step.kind == "given":
            for binding in step.bindings:
                self._binding(binding)
        elif step.kind == "given rows" and step.path is not None and step.rows is not None:
            self._rows(step.path, step.rows)
        elif step.kind == "given file" and step.text is not None:
            self._file(step.text)

    def record(self) -> tuple[Record, Watch]:
        """The tested record; reading what must be there and was not given is noticed."""
        draft = self.draft
        watch = Watch()
        values = draft.values
        for name, (shape, rows, known) in draft.rows.items():
            values[name] = [
                _given(row, shape, frozenset(known), watch, f"row {number} of {name}")
                for number, row in enumerate(rows, 1)
            ]
            draft.known.add(name)
        identity = str(values.get(self._shape.id_field or "id", "the record of this test"))
        if self._shape.id_field:
            values.setdefault(self._shape.id_field, identity)
        made = _given(values, self._shape, frozenset(draft.known), watch, "")
        return Record(self._kind, identity, "", made), watch

    def members(self, watch: Watch) -> tuple[Record, ...]:
        """The members of a summary, each with the lines that name it."""
        found = []
        for number, (values, known) in enumerate(self.draft.members, 1):
            whole = dict(values)
            for name, (shape, rows, columns) in self.draft.rows.items():
                own = [row for row in rows if row.get(MEMBER, 1) == number]
                bare = [{key: value for key, value in row.items() if key != MEMBER} for row in own]
                whole[name] = [_given(row, shape, frozenset(columns), watch, f"rows of {name}") for row in bare]
            row = f"member {number}"
            lists = {item.name for item in self._shape.fields.values() if isinstance(item.type, Many)}
            made = _given(whole, self._shape, frozenset(known | lists), watch, row)
            found.append(Record(self._kind, row, "", made))
        return tuple(found)

    def _binding(self, binding: ast.Binding) -> None:
        path = binding.target
        if path.text == "run_date" and path.head not in self._shape.fields:
            self._run_date(binding)
            return
        slot = self._typing.slot(path, self._shape, self._kind)
        if slot is None:
            return
        leaf = self._typing.value(binding.value, slot.type, f"`{path.text}`")
        self.draft.known.add(path.head)
        if leaf is not WRONG:
            put(self.draft.values, slot, leaf)

    def _run_date(self, binding: ast.Binding) -> None:
        value = binding.value
        if isinstance(value, ast.Constant) and value.kind == "date" and isinstance(value.value, str):
            self.draft.run_date = value.value
        else:
            self._typing.report("E0310", "`run_date` is a date", value.span, "the day the test runs on")

    def _rows(self, path: ast.Path, rows: ast.Rows) -> None:
        if path.text == self._members:
            made, known = self._read(rows, self._shape, self._kind)
            self.draft.members += [(values, known) for values in made]
            return
        if path.head in ("zoho", "xero") and len(path.rest) == 1:
            self._records(path, rows)
            return
        slot = self._typing.world.catalogue
        found = self._shape.fields.get(path.text)
        if found is None or not isinstance(found.type, Many):
            lists = [name for name, item in self._shape.fields.items() if isinstance(item.type, Many)]
            near = nearest(path.text, lists)
            label = f"did you mean `{near}`?" if near else f"lists: {', '.join(lists) or 'none'}"
            self._typing.report(
                "E0201", f"{self._shape.full_name} has no rows `{path.text}`", path.span, label, fix=near
            )
            return
        shape = slot.shape(self._shape.system, found.type.shape)
        assert shape is not None
        made, known = self._read(rows, shape, None)
        self.draft.rows[path.text] = (shape, made, known)

    def _records(self, path: ast.Path, rows: ast.Rows) -> None:
        catalogue = self._typing.world.catalogue
        shape = catalogue.shape(path.head, path.rest[0])
        if shape is None:
            kinds = [item.name for item in catalogue.shapes.values() if item.system == path.head]
            near = nearest(path.rest[0], kinds)
            self._typing.report(
                "E0201",
                f"{path.head.capitalize()} has no `{path.rest[0]}`",
                path.span,
                f"did you mean `{path.head}.{near}`?" if near else "not a kind of record",
                fix=f"{path.head}.{near}" if near else None,
            )
            return
        kind = Kind("xero" if path.head == "xero" else "zoho", shape.name)
        made, _ = self._read(rows, shape, kind)
        if catalogue.is_list(kind.system, kind.name):
            entries = self.draft.lists.setdefault(str(kind), {})
            for values in made:
                code = str(values.get(shape.key_field or "", ""))
                entries[code] = ListEntry(code, str(values.get("Name", code)), {"Status": "ACTIVE", **values})
            return
        known = self.draft.records.setdefault(kind, [])
        for values in made:
            identity = str(values.get(shape.id_field or "id", f"{kind} {len(known) + 1}"))
            known.append(Record(kind, identity, "", {(shape.id_field or "id"): identity, **values}))

    def _read(self, rows: ast.Rows, shape: Shape, kind: Kind | None) -> tuple[list[dict[str, Any]], set[str]]:
        """The rows as values, and the fields whose columns were written."""
        columns: list[tuple[str, Slot | None]] = []
        known: set[str] = set()
        for head in rows.header:
            if head.text == MEMBER and self._members is not None:
                node = Member(head.span, Root(head.span, False), MEMBER, "", "", True)
                columns.append((head.text, Slot(node, Number())))
                continue
            path = self._typing.path(head)
            slot = None if path is None else self._typing.slot(path, shape, kind)
            columns.append((head.text, slot))
            known |= {path.head} if path is not None else set()
        made = []
        for row in rows.rows:
            values: dict[str, Any] = {}
            for (name, slot), cell in zip(columns, row.cells, strict=False):
                if slot is None:
                    continue
                leaf = self._typing.cell(cell, slot.type, f"`{name}`")
                if leaf is ANY:
                    self._typing.report("E0301", "`*` stands in `expect` only", cell.span, "a value belongs here")
                elif leaf is not WRONG:
                    put(values, slot, leaf)
            made.append(values)
        return made, known

    def _file(self, text: ast.TextLiteral) -> None:
        values = self._fixtures.record(self._case.file, text.constant or "", self._kind)
        if isinstance(values, str):
            self._typing.report("E0659", values, text.span, "nothing was read")
            return
        self.draft.values.update(values)
        self.draft.known |= set(self._shape.fields)


def _given(values: Mapping[str, Any], shape: Shape, known: frozenset[str], watch: Watch, row: str) -> Given:
    wanted = frozenset(name for name, item in shape.fields.items() if not item.optional)
    made = Given(values, wanted, known, row)
    made.watch = watch
    return made


class _Expected:
    """Reads ``expect`` steps."""

    def __init__(self, typing: Typing, rules: MapRules, target: Shape, file: str, fixtures: Fixtures) -> None:
        self._typing = typing
        self._rules = rules
        self._file = file
        self._fixtures = fixtures
        self._target = target

    def read(self, steps: Sequence[ast.TestStep]) -> Expectation:
        fields: list[Wanted] = []
        rows: list[WantedRows] = []
        outcomes: list[WantedOutcome] = []
        document: WantedDocument | None = None
        for step in steps:
            if step.kind == "expect":
                fields += [made for binding in step.bindings if (made := self._field(binding)) is not None]
            elif step.kind == "expect rows" and step.path is not None and step.rows is not None:
                self._rows(step.path, step.rows, fields, rows)
            elif step.kind == "expect outcome" and step.text is not None:
                outcomes.append(WantedOutcome(step.name, step.text.constant or "", step.span))  # type: ignore[arg-type]
            elif step.kind == "expect file" and step.text is not None:
                path = step.text.constant or ""
                document = WantedDocument(path, self._fixtures.document(self._file, path), step.text.span)
        return Expectation(tuple(fields), tuple(rows), tuple(outcomes), document)

    def _field(self, binding: ast.Binding) -> Wanted | None:
        target = find_target(self._typing.world, binding.target, self._target, keys=True)
        if target is None:
            return None
        if target.parts:
            self._typing.report(
                "E0301", f"`{target.name}` is expected part by part", binding.target.span, f"`{target.name}.City = …`"
            )
            return None
        derived = DERIVED.get((self._target.system, self._target.name), ())
        if target.name not in derived and not self._is_set(target.name, self._rules.items):
            self._never_set(target.name, binding.target.span, [_target(item) for item in self._rules.items])
            return None
        wanted = expression_type(target.shape.system, target.type)
        value = self._typing.value(binding.value, wanted, f"`{target.name}`")
        return None if value is WRONG else Wanted(target.name, value, binding.span)

    def _is_set(self, name: str, items: Sequence[object]) -> bool:
        return any(
            isinstance(item, ast.Assign)
            and (item.target.text == name or name.startswith(f"{item.target.text}.") or name in self._parts(item))
            for item in items
        )

    def _parts(self, item: ast.Assign) -> Collection[str]:
        """The fields that hold the parts of an address, where ``item`` sets one as a whole."""
        field = self._target.fields.get(item.target.text)
        return () if field is None else field.group.values()

    def _never_set(self, name: str, span: Span, others: Sequence[str]) -> None:
        near = nearest(name, [other for other in others if other])
        place = self._rules.node.name.span.place
        self._typing.report(
            "E0703",
            f"no rule sets `{name}`",
            span,
            f"did you mean `{near}`?" if near else f"not by the map `{self._rules.node.name.text}` ({place})",
            fix=near,
        )

    def _rows(self, path: ast.Path, rows: ast.Rows, fields: list[Wanted], made: list[WantedRows]) -> None:
        catalogue = self._typing.world.catalogue
        item = self._target.fields.get(path.text)
        sections = [section for section in self._rules.sections if section.target.text == path.text]
        shape = catalogue.shape(self._target.system, item.type.shape) if item and isinstance(item.type, Many) else None
        if shape is None or not sections:
            near = nearest(path.text, [section.target.text for section in self._rules.sections])
            label = f"did you mean `{near}`?" if near else "no `lines of` or `line` section fills it"
            self._typing.report("E0703", f"no rule makes rows `{path.text}`", path.span, label, fix=near)
            return
        items = [entry for section in sections for entry in section.items]
        columns = []
        for head in rows.header:
            where = self._typing.path(head)
            target = None if where is None else find_target(self._typing.world, where, shape, keys=True)
            if target is not None and target.name not in DERIVED_IN_ROWS and not self._is_set(target.name, items):
                self._never_set(target.name, head.span, [_target(entry) for entry in items])
                target = None
            columns.append(target)
        for number, row in enumerate(rows.rows):
            for target, cell in zip(columns, row.cells, strict=False):
                if target is None:
                    continue
                wanted = expression_type(target.shape.system, target.type)
                value = self._typing.cell(cell, wanted, f"`{target.name}`")
                if value is not WRONG and value is not ANY:
                    fields.append(Wanted(target.name, value, cell.span, path.text, number))
        names = tuple(target.name for target in columns if target is not None)
        spans = tuple(row.span for row in rows.rows)
        made.append(WantedRows(path.text, len(rows.rows), names, rows.span, spans))


def _target(item: object) -> str:
    return item.target.text if isinstance(item, ast.Assign) else ""
