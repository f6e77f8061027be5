"""Running one test: the slice of the map it asks for, judged, built and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Catalogue, ListEntry
from zx.compile.evaluator import BodyCode, MapCode
from zx.compile.program import Evaluated, Scope
from zx.diagnostics.diagnostic import Diagnostic
from zx.model.problem import Problem
from zx.model.record import Kind, Record
from zx.plan.document import BuiltDocument, BuiltLine, DocumentBuilder
from zx.plan.forms import line_form
from zx.plan.judged import Judged
from zx.plan.totals import line_amount, predict
from zx.plan.walks import QUOTE
from zx.plan.zoho_lines import build_zoho, zoho_line
from zx.resolve.ruleset import RuleSet
from zx.runtime.support import code_of, set_key, show
from zx.runtime.values import CLEAR, TargetRef
from zx.values.dataclass import dataclass
from zx.values.money import amount_text
from zx.verify.bench import Ready
from zx.verify.prepare import DERIVED, DERIVED_IN_ROWS, Expectation, Prepared, Wanted, WantedDocument, WantedOutcome
from zx.verify.stage import NotGiven, Stage, stage_catalogue
from zx.verify.summed import group_of

_MONEY = (
    *("LineAmount", "Quantity", "TaxType", "UnitAmount", "DiscountAmount", "TaxAmount"),
    *("Total_After_Discount", "List_Price", "Discount", "Line_Tax", "Product_Name"),
)
"""What a line is built and its document's total predicted from; what an item is matters only where items are given."""
_ITEMS = Kind("xero", "Item")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not as expected. ``place`` is the line of the test, ``rule`` the line that made the value,
    ``rows`` the table rows that decided it."""

    what: str
    expected: str
    actual: str
    place: str
    rule: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How one test went. ``unsaid`` (E0702) stands in for a result when the test does not say enough."""

    prepared: Prepared
    mismatches: tuple[Mismatch, ...]
    unsaid: Diagnostic | None
    seen: frozenset[str]

    @property
    def passed(self) -> bool:
        return not self.mismatches and self.unsaid is None


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of the record: ``outcome`` is ``in``, ``fail``, ``skip`` or ``cancel``, ``reasons`` say why."""

    outcome: str
    reasons: tuple[str, ...]
    rule: str
    warnings: tuple[str, ...]
    fields: Mapping[str, Any]
    lines: tuple[BuiltLine, ...]
    totals: Mapping[str, Decimal]
    hits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    list: str = "LineItems"


class Runner:
    """Runs tests of one file. ``rates`` are the percentages that the unchanged rules promise, ``rules`` those that say
    where ``via`` leads."""

    def __init__(self, catalogue: Catalogue, rules: RuleSet, timezone: str, rates: Mapping[str, ListEntry]) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._timezone = timezone
        self._rates = rates

    def run(self, prepared: Prepared, ready: Ready) -> Result:
        """The test against ``ready``. Nothing is raised for anything a rule or a test says."""
        places: set[str] = set(ready.settled)
        expected = prepared.expected
        try:
            mismatches = list(self._compare(prepared, ready, expected, places))
        except NotGiven as absent:
            return Result(prepared, (), _unsaid(prepared, absent, ready), frozenset(places))
        return Result(prepared, tuple(mismatches), None, frozenset(places))

    def see(self, prepared: Prepared, ready: Ready, places: set[str] | None = None) -> Seen:
        """Everything that becomes of the record; what was not given is missing."""
        return self._judged(prepared, ready, ready.code, True, places if places is not None else set(), lenient=True)

    def document(self, prepared: Prepared, ready: Ready) -> dict[str, Any] | None:
        """What is sent for the record, as JSON: what `expect from` compares. None when it is not sent."""
        seen = self.see(prepared, ready)
        return document_of(seen) if seen.outcome == "in" else None

    def _compare(self, prepared: Prepared, ready: Ready, expected: Expectation, places: set[str]) -> Iterator[Mismatch]:
        stops = [outcome for outcome in expected.outcomes if outcome.outcome != "warn"]
        warnings = [outcome for outcome in expected.outcomes if outcome.outcome == "warn"]
        if stops:
            seen = self._judged(prepared, ready, _guards_only(ready.code), False, places)
            if seen.outcome == "in" or not all(_stopped_as(seen, wanted) for wanted in stops):
                seen = self._judged(prepared, ready, ready.code, True, places, lenient=True)
            yield from (_wrong_outcome(seen, wanted) for wanted in stops if not _stopped_as(seen, wanted))
            return
        code, built = _slice(ready, prepared)
        seen = self._judged(prepared, ready, code, built, places)
        if seen.outcome != "in":
            yield _stopped(seen, prepared)
            return
        yield from _differences(seen, ready, expected)
        if expected.document is not None:
            yield from _document_differences(seen, ready, expected.document)
        if warnings:
            whole = self._judged(prepared, ready, ready.code, True, places, lenient=True)
            for wanted in warnings:
                if not any(wanted.part in said for said in whole.warnings):
                    yield _no_warning(whole, wanted)

    def _judged(
        self,
        prepared: Prepared,
        ready: Ready,
        code: MapCode,
        built: bool,
        places: set[str],
        *,
        lenient: bool = False,
    ) -> Seen:
        prepared.watch.lenient, prepared.watch.missed = lenient, False
        catalogue = stage_catalogue(self._catalogue, self._rates, prepared.surroundings)
        stage = Stage(catalogue, self._rules, self._timezone, prepared.surroundings, prepared.record, prepared.watch)
        program = replace(
            ready.program,
            evaluate=lambda record, context: code.watch(record, context, places),
        )
        record: Record | Evaluated = prepared.record
        if ready.summary is not None and ready.members is not None:
            record = group_of(ready.summary, ready.members, prepared.members, stage, places)
        if isinstance(record, Evaluated):
            out = Judged(program, prepared.record, record, None)
            return _seen(out, record.problems, None, catalogue)
        judged = stage.judge_record(program, record)
        evaluated = judged.evaluated
        document = None
        if (
            built
            and not (lenient and _without_rows(prepared, ready))
            and evaluated.scope in (Scope.IN, Scope.FAIL)
            and (evaluated.lines or evaluated.total is not None)
        ):
            document = _built(catalogue, judged, prepared)
        problems = tuple(
            problem
            for problem in (*judged.blocked, *evaluated.problems, *(document.problems if document else ()))
            if not (problem.code == "R901" and lenient and prepared.watch.missed)
        )
        return _seen(judged, problems, document, catalogue)


def _without_rows(prepared: Prepared, ready: Ready) -> bool:
    """Whether the test gives none of the lists that make lines: then nothing can be said of the document's total."""
    if ready.summary is not None:
        return False
    known: frozenset[str] = getattr(prepared.record.values, "known", frozenset())
    sources = [section.source for section in ready.program.sections if section.source is not None]
    return bool(sources) and not any(source in known for source in sources)


def _built(catalogue: Catalogue, judged: Judged, prepared: Prepared) -> BuiltDocument:
    if judged.map.target.system == "zoho":
        return build_zoho(judged.map, judged.evaluated)
    items = prepared.surroundings.records.get(_ITEMS, ())
    by_code = {str(item.values.get("Code")): item.values for item in items}
    builder = DocumentBuilder(catalogue, by_code, fills_in_tax=judged.map.target != QUOTE)
    # Asked past the watch: the engine reads it of every document, so a test need not say it.
    taxed_on_total = bool(dict.get(judged.record.values, "$line_tax"))  # type: ignore[call-overload]
    return builder.build(judged.map, judged.evaluated, taxed_on_total=taxed_on_total)


def _seen(judged: Judged, problems: Sequence[Problem], document: BuiltDocument | None, catalogue: Catalogue) -> Seen:
    evaluated = judged.evaluated
    errors = tuple(dict.fromkeys(problem for problem in problems if problem.severity == "error"))
    outcome, reasons, rule = "in", (), ""  # type: tuple[str, tuple[str, ...], str]
    create, update = judged.never("create"), judged.never("update")
    if evaluated.scope is Scope.OUT:
        outcome, reasons, rule = "skip", ("out of scope",), evaluated.rule
    elif evaluated.scope in (Scope.SKIP, Scope.CANCEL):
        outcome, reasons, rule = evaluated.scope.value, (evaluated.reason,), evaluated.rule
    elif create is not None and judged.existing is None and not judged.blocked:
        outcome, reasons, rule = "skip", (create.reason,), create.rule
    elif update is not None and judged.existing is not None:
        outcome, reasons, rule = "skip", (update.reason,), update.rule
    elif errors:
        outcome, reasons, rule = "fail", tuple(error.message for error in errors), errors[0].rule
    lines, totals = _lines(judged, document, catalogue)
    said = tuple(problem.message for problem in problems if problem.severity == "warning")
    rows = line_form(judged.map.target).list
    return Seen(outcome, reasons, rule, said, evaluated.fields, lines, totals, evaluated.rows, rows)


def _lines(
    judged: Judged, document: BuiltDocument | None, catalogue: Catalogue
) -> tuple[tuple[BuiltLine, ...], dict[str, Decimal]]:
    """The lines with what Xero works out for them, and the totals; as the rules state them where nothing is built."""
    if document is None:
        stated = [
            BuiltLine(line.fields, judged.map.sections[line.section].fields, line.rows)
            for line in judged.evaluated.lines
        ]
        return tuple(stated), {}
    if judged.map.target.system == "zoho":
        return _zoho_lines(document)
    rates = {
        code: entry.attributes.get("EffectiveRate", Decimal(0))
        for code, entry in (catalogue.list("xero", "TaxRate") or {}).items()
    }
    amounts = str(judged.evaluated.fields.get("LineAmountTypes", "Exclusive"))
    found = predict([line.fields for line in document.lines], amounts, rates)
    made = []
    for line, figures in zip(document.lines, found.lines, strict=True):
        fields = dict(line.fields)
        rules = dict(line.rules)
        if "UnitAmount" in fields:
            quantity = fields.get("Quantity", Decimal(1))
            fields["LineAmount"] = line_amount(quantity, fields["UnitAmount"], fields.get("DiscountAmount", Decimal(0)))
            fields.setdefault("TaxAmount", figures.tax)
            rules.setdefault("LineAmount", rules.get("UnitAmount", next(iter(rules.values()))))
        made.append(BuiltLine(fields, rules, line.rows))
    return tuple(made), {"Total": found.total, "SubTotal": found.subtotal, "TotalTax": found.tax}


def _zoho_lines(document: BuiltDocument) -> tuple[tuple[BuiltLine, ...], dict[str, Decimal]]:
    made = []
    sub_total = Decimal(0)
    for line in document.lines:
        figures = zoho_line(line.fields)
        sub_total += figures.net
        worked_out = {
            "Total": figures.total,
            "Total_After_Discount": figures.after_discount,
            "Tax": figures.tax,
            "Net_Total": figures.net,
        }
        rule = line.rules.get("List_Price", next(iter(line.rules.values())))
        made.append(
            BuiltLine({**line.fields, **worked_out}, {**dict.fromkeys(worked_out, rule), **line.rules}, line.rows)
        )
    totals = {"Sub_Total": sub_total, **{name: value for name, (value, _) in document.header.items()}}
    return tuple(made), totals if document.total is None else {"Grand_Total": document.total, **totals}


# --- the slice --------------------------------------------------------------------------------------------------------


def _guards_only(code: MapCode) -> MapCode:
    body = replace(code.body, fields=())
    return replace(code, body=body, lines=(), rungs=(), total=None, spreads=())


def _slice(ready: Ready, prepared: Prepared) -> tuple[MapCode, bool]:
    """The guards and what the test lists; all that a document's figures depend on when it lists one of those."""
    expected, code = prepared.expected, ready.code
    if expected.document is not None:
        return code, True
    derived = DERIVED.get((ready.program.target.system, ready.program.target.name), ())
    names = {wanted.name for wanted in expected.fields if wanted.row is None}
    columns = {column for rows in expected.rows for column in rows.columns}
    lists = {rows.list for rows in expected.rows}
    built = bool(names & set(derived)) or bool(columns & set(DERIVED_IN_ROWS))
    if built:
        names |= {"LineAmountTypes", "Adjustment"}
        columns |= {*_MONEY, *(("ItemCode",) if prepared.surroundings.records.get(_ITEMS) else ())}
        lists.add(line_form(ready.program.target).list)
    rungs = code.rungs if prepared.surroundings.records.get(ready.program.target) else ()
    names |= {key for rung in rungs for key, own in zip(rung.keys, rung.own, strict=True) if own}
    lines = tuple(
        replace(line, body=_only(line.body, columns))
        if section.target in lists
        else replace(line, source="", body=replace(line.body, fields=(), guards=()))
        for line, section in zip(code.lines, ready.program.sections, strict=True)
    )
    made = replace(
        code,
        body=_only(code.body, names),
        lines=lines,
        rungs=rungs,
        total=code.total if built else None,
        spreads=code.spreads if built else (),
    )
    return made, built


def _only(body: BodyCode, names: set[str]) -> BodyCode:
    return replace(body, fields=tuple(field for field in body.fields if field.name in names))


# --- comparing --------------------------------------------------------------------------------------------------------


def _differences(seen: Seen, ready: Ready, expected: Expectation) -> Iterator[Mismatch]:
    for rows in expected.rows:
        if len(seen.lines) != rows.count:
            for number in range(max(len(seen.lines), rows.count)):
                yield from _row_count(seen, rows.rows, number, rows.span.place, rows.list, rows.columns)
    for wanted in expected.fields:
        if wanted.row is not None and wanted.row < len(seen.lines):
            line = seen.lines[wanted.row]
            actual = line.fields.get(wanted.name)
            if not same_value(wanted.value, actual):
                rule = line.rules.get(wanted.name)
                yield Mismatch(
                    f"{wanted.list} row {wanted.row + 1}: {wanted.name}",
                    shown(wanted.value),
                    shown(actual),
                    wanted.span.place,
                    "" if rule is None else rule.rule,
                    line.rows.get(wanted.name, ()),
                )
        elif wanted.row is None:
            yield from _field(seen, ready, wanted)


def document_of(seen: Seen) -> dict[str, Any]:
    """Everything that is sent, by the paths of the target; lines as rows."""
    made: dict[str, Any] = {name: _plain(value) for name, value in sorted(seen.fields.items())}
    if seen.lines:
        made[seen.list] = [{name: _plain(value) for name, value in sorted(line.fields.items())} for line in seen.lines]
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, TargetRef | Mapping):
        return code_of(value)
    if value is CLEAR:
        return ""
    return show(value) if isinstance(value, list | tuple) else value


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """``("LineItems[0].TaxType", …)`` for every value in a document."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{number}]")
    else:
        yield path, value


def _document_differences(seen: Seen, ready: Ready, wanted: WantedDocument) -> Iterator[Mismatch]:
    if wanted.content is None:
        yield Mismatch("document", wanted.path, "there is no such file yet", wanted.span.place)
        return
    expected, actual = dict(_flat(wanted.content)), dict(_flat(document_of(seen)))
    for path in dict.fromkeys((*expected, *actual)):
        if expected.get(path) != actual.get(path):
            rule = ready.program.fields.get(path)
            place = "" if rule is None else rule.rule
            yield Mismatch(path, shown(expected.get(path)), shown(actual.get(path)), wanted.span.place, place)


def _row_count(
    seen: Seen, spans: Sequence[Any], number: int, place: str, list_name: str, columns: Sequence[str]
) -> Iterator[Mismatch]:
    if number >= len(seen.lines):
        yield Mismatch(f"{list_name} row {number + 1}", "this row", "no such row", spans[number].place)
    elif number >= len(spans):
        line = seen.lines[number]
        text = " | ".join(shown(line.fields.get(column)) for column in columns)
        rule = next(iter(line.rules.values()), None)
        yield Mismatch(
            f"{list_name} row {number + 1}", "no more rows", f"| {text} |", place, "" if rule is None else rule.rule
        )


def _field(seen: Seen, ready: Ready, wanted: Wanted) -> Iterator[Mismatch]:
    actual = seen.totals.get(wanted.name, seen.fields.get(wanted.name))
    if same_value(wanted.value, actual):
        return
    rule = ready.program.fields.get(wanted.name)
    place = rule.rule if rule is not None else ready.typed.total.span.place if ready.typed.total else ""
    rows = seen.hits.get(wanted.name, ())
    yield Mismatch(wanted.name, shown(wanted.value), shown(actual), wanted.span.place, place, rows)


def same_value(expected: Any, actual: Any) -> bool:
    """Whether a value of the rules is the one a test names."""
    actual = None if isinstance(actual, list | tuple) and not actual else actual  # the empty set is missing
    if expected is None or actual is None or expected is CLEAR or actual is CLEAR:
        return expected is actual
    if isinstance(actual, TargetRef | Mapping):
        return code_of(actual) == str(expected)
    if isinstance(actual, list | tuple):
        return bool(set_key(actual) == set_key(expected))
    return bool(expected == actual)


def shown(value: Any) -> str:
    """A value in a difference: as a test would write it, texts with their quotes."""
    if value is None:
        return "missing"
    if value is CLEAR:
        return "clear"
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, str):
        return value if _DATE.fullmatch(value) else f'"{value}"'
    return f'"{show(value)}"' if isinstance(value, TargetRef) else show(value)


def _stopped_as(seen: Seen, wanted: WantedOutcome) -> bool:
    return seen.outcome == wanted.outcome and any(wanted.part in reason for reason in seen.reasons)


def _wrong_outcome(seen: Seen, wanted: WantedOutcome) -> Mismatch:
    return Mismatch("outcome", f'{wanted.outcome} "{wanted.part}"', _outcome(seen), wanted.span.place, seen.rule)


def _stopped(seen: Seen, prepared: Prepared) -> Mismatch:
    return Mismatch("outcome", "to be sent", _outcome(seen), prepared.case.place, seen.rule)


def _no_warning(seen: Seen, wanted: WantedOutcome) -> Mismatch:
    said = "; ".join(f'"{text}"' for text in seen.warnings) or "no warning"
    return Mismatch("warning", f'"{wanted.part}"', said, wanted.span.place)


def _outcome(seen: Seen) -> str:
    if seen.outcome == "in":
        return "sent"
    return f"{seen.outcome} " + "; ".join(f'"{reason}"' for reason in seen.reasons)


# --- what a test leaves unsaid ----------------------------------------------------------------------------------------


def _unsaid(prepared: Prepared, absent: NotGiven, ready: Ready) -> Diagnostic:
    """E0702, with the rule that asked: generated code stands where its rule stands."""
    case = prepared.case
    files = {ready.typed.span.file, *(item.span.file for item in ready.rules.items)}
    place = ""
    trace = absent.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".zx") or file in files:
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    given = next((step for step in case.given if step.kind == "given"), None)
    where = f" in {absent.row}" if absent.row else ""
    return Diagnostic(
        "E0702",
        f"the test does not say what `{absent.key}` is{where}",
        case.span if given is None else given.span,
        f"the rule at {place} reads it" if place else "the tested rules read it",
        help=f"add a column `{absent.key}`" if absent.row else f"add `{absent.key} = …` under `given`",
    )
