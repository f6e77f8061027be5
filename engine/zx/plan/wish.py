"""What the rules want a target record to be, and how that reads as payload, comparison, base and list of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from zx.catalog.fieldtypes import Ref
from zx.catalog.schema import Field, Shape
from zx.compile.program import Evaluated, FieldRule, MapProgram, Owner
from zx.model.record import Kind, Record
from zx.plan.action import After, Change
from zx.plan.compare import Compared, comparable, comparable_lines, line_forms, observed_value, stand
from zx.plan.document import BuiltDocument, BuiltLine, DocumentBuilder
from zx.plan.forms import PAYMENT, XERO_LINES, LineForm, goes_by_id, line_form
from zx.plan.inputs import PlanInputs
from zx.plan.judge import Judge
from zx.plan.judged import Judged
from zx.plan.names import marked, marker_field, marker_value
from zx.plan.paths import build_payload
from zx.plan.walks import QUOTE
from zx.plan.zoho_lines import build_zoho
from zx.runtime.values import CLEAR, TargetRef
from zx.values.dataclass import dataclass
from zx.values.jsontext import canonical
from zx.values.money import round_half_up

_RATE_PLACES = 6
"""Decimals of a CurrencyRate (reference/xero 2.1)."""
_ZOHO_MARKERS = ("Subject", "Account_Name", "Email", "Product_Name")
"""Where a new record of Zoho is looked for by its own words, in an organisation without a field for our id. A person
without e-mail address has none: two people may share a name."""
_STAYING = ("ItemCode", "DiscountRate", "DiscountAmount")
"""Fields of a line that Xero keeps when an update leaves them out."""


@dataclass(slots=True)
class Wish:
    """What the rules want a target record to be: header fields, lines, and the rule behind each."""

    fields: dict[str, Any]
    rules: dict[str, FieldRule]
    rows: Mapping[str, tuple[str, ...]]
    lines: tuple[BuiltLine, ...] = ()
    after: list[str] = field(default_factory=list)
    form: LineForm = XERO_LINES

    def rule_of(self, name: str, program: MapProgram) -> str:
        """The place of the rule behind a field, else of the lines, else of the map."""
        rule = self.rules.get(name)
        if rule is None and self.lines:
            rule = next(iter(self.lines[0].rules.values()), None)
        return program.rule if rule is None else rule.rule


class WishMaker:
    def __init__(self, inputs: PlanInputs, judge: Judge) -> None:
        self._inputs = inputs
        self._judge = judge
        items = judge.index(Kind("xero", "Item")).records if inputs.catalogue.shape("xero", "Item") else ()
        by_code = {str(item.values.get("Code")): item.values for item in items}
        self._builder = DocumentBuilder(inputs.catalogue, by_code)
        self._quote_builder = DocumentBuilder(inputs.catalogue, by_code, fills_in_tax=False)
        # Without multi-currency Zoho's records name no currency (reference/zoho 3.6).
        self._one_currency = inputs.catalogue.list("zoho", "Currency") == {}

    # --- what the rules want ----------------------------------------------------------------------------------------

    def make(self, judged: Judged, *, traced: bool) -> tuple[Wish, BuiltDocument | None]:
        """``traced``: with the table rows that decided each field, which costs a second evaluation; asked for only
        where something is going to be written and shown."""
        evaluated = self._judge.trace(judged) if traced else judged.evaluated
        rules = dict(judged.map.fields)
        wish = Wish(dict(evaluated.fields), rules, evaluated.rows, form=line_form(judged.map.target))
        if isinstance(wish.fields.get("CurrencyRate"), Decimal):
            wish.fields["CurrencyRate"] = round_half_up(wish.fields["CurrencyRate"], _RATE_PLACES)
        built = None
        # A map that makes nothing and has no lines sends no money: there is nothing to prove.
        if judged.map.sections or (evaluated.total is not None and not judged.follows):
            built = self._built(judged, evaluated)
            wish.lines = built.lines
            for name, (value, rule) in built.header.items():
                wish.fields[name], wish.rules[name] = value, rule
            references = (value for line in evaluated.lines for value in line.fields.values())
            wish.after += [_maker(value) for value in references if isinstance(value, TargetRef) and value.id is None]
        if judged.map.target.system == "zoho" and self._one_currency:
            for name in ("Currency", "Exchange_Rate"):
                wish.fields.pop(name, None)
                wish.rules.pop(name, None)
        return wish, built

    def _built(self, judged: Judged, evaluated: Evaluated) -> BuiltDocument:
        if judged.map.target.system == "zoho":
            return build_zoho(judged.map, evaluated)
        taxed_on_total = bool(judged.record.values.get("$line_tax"))
        builder = self._quote_builder if judged.map.target == QUOTE else self._builder
        return builder.build(judged.map, evaluated, taxed_on_total=taxed_on_total, stock=self.coming_stock(evaluated))

    def coming_stock(self, evaluated: Evaluated) -> frozenset[str]:
        """Codes of items that this plan makes as tracked stock."""
        references = (line.fields.get("ItemCode") for line in evaluated.lines)
        coming = set()
        for item in references:
            if isinstance(item, TargetRef) and item.id is None and item.map and item.source_id:
                judged = self._judge.asked((item.map, item.source_id))
                if judged is not None and judged.evaluated.fields.get("InventoryAssetAccountCode"):
                    coming.add(str(item.code))
        return frozenset(coming)

    def compare(self, judged: Judged, wish: Wish, target: Record, base: Mapping[str, str]) -> list[Compared]:
        compared = []
        for name, value in wish.fields.items():
            rule = wish.rules.get(name)
            if rule is None or rule.owner is Owner.PEOPLE:
                continue
            desired, observed = comparable(value), observed_value(target.values, name)
            compared.append(stand(name, desired, observed, base.get(name), rule.owner, self._inputs.digest))
        if wish.lines:
            form = wish.form
            wanted = [line.fields for line in wish.lines]
            theirs = target.values.get(form.list, [])
            desired_lines = comparable_lines(wanted, wanted, form)
            observed_lines = comparable_lines(theirs, wanted, form)
            forms = line_forms(theirs, form)
            compared.append(
                stand(
                    form.list,
                    desired_lines,
                    observed_lines,
                    base.get(form.list),
                    Owner.BOTH,
                    self._inputs.digest,
                    forms,
                )
            )
        return compared

    def base(self, wish: Wish) -> dict[str, str]:
        """The agreement after a create: what is sent, and nothing where the rules had nothing to send, so that a
        value that comes later is known to be new."""
        nothing = self._inputs.digest(None)
        base = {name: nothing for name, rule in wish.rules.items() if rule.owner is not Owner.PEOPLE}
        base |= {
            name: self._inputs.digest(comparable(value))
            for name, value in wish.fields.items()
            if name in base and not _pending(value)
        }
        if wish.lines and not _waits(wish):
            wanted = [line.fields for line in wish.lines]
            base[wish.form.list] = self._inputs.digest(comparable_lines(wanted, wanted, wish.form))
        return base

    def base_after(self, wish: Wish) -> dict[str, Any]:
        """Owned fields, and lines, that hold the id of a record that another action makes first: as they will be
        compared, ``After`` in the place of each such id."""
        waiting: dict[str, Any] = {
            name: After(_maker(value))
            for name, value in wish.fields.items()
            if name in wish.rules and wish.rules[name].owner is not Owner.PEOPLE and _pending(value)
        }
        if _waits(wish):
            wanted = [line.fields for line in wish.lines]
            forms = comparable_lines(wanted, wanted, wish.form)
            for line, form in zip(wanted, forms, strict=True):
                form |= {name: After(_maker(line[name])) for name in wish.form.keys if _pending(line.get(name))}
            waiting[wish.form.list] = forms
        return waiting

    # --- payloads ---------------------------------------------------------------------------------------------------

    def payload(self, shape: Shape, wish: Wish, existing: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The element to send; ``existing`` is what stands in the target, for what Xero replaces as a whole."""
        sent = {name: self._sent(value, wish, shape.fields.get(name)) for name, value in wish.fields.items()}
        payload = build_payload(shape, sent, existing)
        if wish.lines and wish.form is XERO_LINES:
            payload[wish.form.list] = [dict(line.fields) for line in wish.lines]
        elif wish.lines:
            payload[wish.form.list] = zoho_rows(wish, existing, self._sent)
        return payload

    def _sent(self, value: Any, wish: Wish, target: Field | None = None) -> Any:
        if value is CLEAR:
            return None if wish.form is not XERO_LINES else ""
        if isinstance(value, Mapping) and value.get("ContactID"):
            return {"ContactID": value["ContactID"]}
        if isinstance(value, str) and target is not None and isinstance(target.type, Ref) and target.embedded:
            return {target.embedded[0]: value}  # an entry of an organisation list, where it stands as an object
        if not isinstance(value, TargetRef):
            return value
        if value.id is None:
            wish.after.append(_maker(value))
        if not goes_by_id(value.kind, value.system):
            return value.code
        id_field = self._judge.shape(Kind("zoho" if value.system == "zoho" else "xero", value.kind)).id_field or "id"
        return {id_field: After(_maker(value)) if value.id is None else value.id}

    def with_line_ids(self, lines: tuple[BuiltLine, ...], target: Record) -> tuple[BuiltLine, ...]:
        """Every line that stands there keeps its id; Xero drops lines that are not sent (reference/xero 2.1). A line
        without item takes no line's place that has one: what is not sent of a known line stays."""
        result = []
        if target.kind.system == "zoho":
            return lines  # its rows find their ids by their place (zoho_rows)
        for line, theirs in zip(lines, _counterparts(lines, target), strict=True):
            there = theirs or {}
            kept = all(name in line.fields for name in _STAYING if there.get(name) is not None)
            line_id = there.get("LineItemID") if kept else None
            result.append(line if line_id is None else replace(line, fields={"LineItemID": line_id, **line.fields}))
        return tuple(result)

    def marker(self, judged: Judged, wish: Wish, shape: Shape) -> tuple[str, str] | None:
        name = marker_field(shape)
        if name is not None:
            made = sum(1 for _ in marked(self._judge.index(judged.map.target), judged.record.id))
            own, stated = marker_value(shape, judged.record.id, made + 1), wish.fields.get(name)
            if not isinstance(stated, str):
                return name, own
            if judged.map.target != PAYMENT:
                return name, stated
            # What a rule says there may stand on many payments.
            wish.fields[name] = f"{stated} {own}"
            return name, wish.fields[name]
        for name in _ZOHO_MARKERS if shape.system == "zoho" else (shape.number_field, shape.key_field, "Reference"):
            value = None if name is None else wish.fields.get(name)
            if name is not None and isinstance(value, str):
                return name, value
        return None

    # --- changes ----------------------------------------------------------------------------------------------------

    def creations(self, judged: Judged, wish: Wish) -> tuple[Change, ...]:
        changes = [self.change(wish, name, None, value, judged) for name, value in wish.fields.items()]
        for index, line in enumerate(wish.lines):
            changes += [self._line_change(wish, index, line, name, None) for name in line.fields]
        return tuple(changes)

    def line_changes(self, wish: Wish, target: Record) -> list[Change]:
        """Lines that are sent by their new position, then those that go, by the position they had."""
        counterparts = _counterparts(wish.lines, target)
        changes: list[Change] = []
        for index, (line, counterpart) in enumerate(zip(wish.lines, counterparts, strict=True)):
            before = counterpart or {}
            for name, value in line.fields.items():
                if comparable(before.get(name)) != comparable(value):
                    changes.append(self._line_change(wish, index, line, name, before.get(name)))
        kept = {id(line) for line in counterparts if line is not None}
        rule = wish.lines[0].rules.get("UnitAmount") or next(iter(wish.lines[0].rules.values()))
        for index, line in enumerate(target.values.get(wish.form.list, [])):
            if id(line) not in kept:
                changes.append(Change(f"{wish.form.list}[{index}]", line.get("Description", "a line"), None, rule.rule))
        return changes

    def change(self, wish: Wish, name: str, before: Any, after: Any, judged: Judged | None = None) -> Change:
        rule = wish.rules.get(name)
        place = rule.rule if rule is not None else (judged.map.rule if judged is not None else "")
        rows = wish.rows.get(name, ())
        shown = self._sent(after, Wish({}, {}, {})) if isinstance(after, TargetRef) else after
        before = _short(before)
        return Change(name, before, shown, place, rows[0] if rows else None, rule.reads if rule is not None else ())

    def _line_change(self, wish: Wish, index: int, line: BuiltLine, name: str, before: Any) -> Change:
        rule = line.rules.get(name) or next(iter(line.rules.values()))
        rows, after = line.rows.get(name, ()), line.fields[name]
        shown = self._sent(after, Wish({}, {}, {})) if isinstance(after, TargetRef) else after
        place = f"{wish.form.list}[{index}].{name}"
        return Change(place, _short(before), shown, rule.rule, rows[0] if rows else None, rule.reads)


def zoho_rows(wish: Wish, existing: Mapping[str, Any] | None, sent: Callable[[Any, Wish], Any]) -> list[dict[str, Any]]:
    """The rows to send to Zoho. Rows without an id are appended and rows that are not named stay, so each line takes
    the row at its place and what is left over is taken away (reference/zoho 4.5)."""
    theirs: Sequence[Mapping[str, Any]] = (existing or {}).get(wish.form.list, ())
    rows = []
    for index, line in enumerate(wish.lines):
        there = theirs[index] if index < len(theirs) else {}
        known = {} if "id" not in there else {"id": there["id"]}
        gone = {name: None for name in ("Description",) if there.get(name) is not None and name not in line.fields}
        rows.append({**known, **gone, **{name: sent(value, wish) for name, value in line.fields.items()}})
    rows += [{"id": row["id"], "_delete": None} for row in theirs[len(wish.lines) :]]
    return rows


def _counterparts(lines: Sequence[BuiltLine], target: Record) -> list[Mapping[str, Any] | None]:
    """For each line the one that stands there already: equal lines first, in their order; between those by position.

    So a line that goes or comes in the middle moves no other's id, and what people added to it (tracking) stays.
    """
    form = line_form(target.kind)
    theirs: Sequence[Mapping[str, Any]] = target.values.get(form.list, [])
    if form is not XERO_LINES:
        return [theirs[index] if index < len(theirs) else None for index in range(len(lines))]
    wanted = [_line_text(line.fields) for line in lines]
    found: list[Mapping[str, Any] | None] = [None] * len(lines)
    matcher = SequenceMatcher(None, wanted, [_line_text(line) for line in theirs], autojunk=False)
    for _, start, end, their_start, their_end in matcher.get_opcodes():
        for index, line in zip(range(start, end), theirs[their_start:their_end], strict=False):
            found[index] = line
    return found


def _line_text(line: Mapping[str, Any]) -> str:
    return canonical([comparable(line.get(name)) for name in XERO_LINES.keys if name not in XERO_LINES.derived])


def _short(value: Any) -> Any:
    """A reference that stands in the target, without what else came with it."""
    known = (
        {key: value[key] for key in ("id", "name", "ContactID", "Name") if key in value}
        if isinstance(value, Mapping)
        else {}
    )
    return known if "id" in known or "ContactID" in known else value


def _pending(value: Any) -> bool:
    """A reference by id to a record that does not exist yet: there is nothing to digest before it does."""
    return isinstance(value, TargetRef) and value.id is None and goes_by_id(value.kind, value.system)


def _waits(wish: Wish) -> bool:
    """Whether a line names a record by an id that another action brings."""
    return any(_pending(value) for line in wish.lines for value in line.fields.values())


def _maker(reference: TargetRef) -> str:
    """The id of the action that makes the record a reference points to."""
    return str(reference.source_id) if reference.map is None else f"{reference.map}:{reference.source_id}"
