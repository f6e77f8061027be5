"""A difference between two rule sets as ready strings and sorted rows; every form renders it and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zx.plan.action import Action, Plan
from zx.plan.charge import Charge, Charged
from zx.plan.difference import Difference, FieldTurn, Moved, RecordTurn
from zx.report.diff.about import DiffAbout, RuleSide
from zx.report.diff.document import diff_document
from zx.report.figures import money_text
from zx.report.reconcile import totals_tables
from zx.report.records import label_names, party
from zx.report.view import Fact, Mood
from zx.report.visible import visible
from zx.report.words import SYSTEMS, WORDS, age_words, counted, field_group, field_words, moment_words, value_words
from zx.values.dataclass import dataclass
from zx.values.money import ZERO

TURNS = (
    ("newly_blocked", "?", "newly blocked"),
    ("no_longer_affected", "−", "no longer affected"),
    ("changed", "~", "changed plan"),
    ("newly_affected", "+", "newly affected"),
    ("newly_valid", "✓", "newly valid"),
)
"""Every way in which a record may differ: key, symbol, words."""


@dataclass(frozen=True, slots=True)
class Count:
    key: str
    symbol: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """One line of the reconciliation of both sides: documents and amounts, blank where a side has no such line."""

    kind: str
    words: str
    old_documents: str
    old_amount: str
    new_documents: str
    new_amount: str


@dataclass(frozen=True, slots=True)
class PairTable:
    currency: str
    rows: tuple[PairRow, ...]
    reconciles: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A changed line of the rules with all that it does. ``place`` is blank for a line that was taken out, ``was`` for
    a new one; ``fields`` are those it changed (``Tax type in 41 lines``), ``money`` by how much totals differ."""

    place: str
    was: str
    text: str
    old_text: str
    indirect: bool
    records: int
    fields: tuple[str, ...]
    money: str
    examples: tuple[str, ...]

    @property
    def where(self) -> str:
        return self.place or f"{self.was} (taken out)"


@dataclass(frozen=True, slots=True)
class RateRow:
    kind: str
    field: str
    differ: str
    values: str
    share: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """Money of one account or tax code in the records that differ, under either rule set."""

    kind: str
    code: str
    currency: str
    before: str
    after: str
    moved: str


@dataclass(frozen=True, slots=True)
class DiffChange:
    """One field. ``rule`` is the changed line that is to blame, else the rule that sets the field; ``was`` that line
    before; ``text`` and ``old_text`` the lines themselves where they changed. ``charged`` says which."""

    group: str
    field: str
    before: str
    after: str
    rule: str
    was: str
    text: str
    old_text: str
    charged: bool
    indirect: bool


@dataclass(frozen=True, slots=True)
class DiffRecord:
    """One record that differs. ``outcomes`` says what both rule sets do with it: ``create → blocked``; ``reasons`` why,
    where one of them says; ``causes`` the lines to blame."""

    key: str
    symbol: str
    word: str
    map: str
    source: str
    source_id: str
    number: str
    party: str
    personal: bool
    currency: str
    before: str
    after: str
    moved: str
    outcomes: str
    reasons: tuple[str, ...]
    causes: tuple[CauseRow, ...]
    changes: tuple[DiffChange, ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """A whole difference. ``document`` is the same as data."""

    sync: str
    mood: Mood
    headline: str
    subline: str
    proof: str
    old: str
    new: str
    data: str
    counts: tuple[Count, ...]
    totals: tuple[PairTable, ...]
    causes: tuple[CauseRow, ...]
    rates: tuple[RateRow, ...]
    accounts: tuple[MovedRow, ...]
    taxes: tuple[MovedRow, ...]
    records: tuple[DiffRecord, ...]
    same: int
    facts: tuple[Fact, ...]
    document: dict[str, object]


def diff_view(found: Difference, old: Plan, new: Plan, charged: Sequence[Charged], about: DiffAbout) -> DiffView:
    """``charged`` has the blame for each of ``found.records``."""
    names = {**label_names(old), **label_names(new)}
    records = tuple(_record(record, blame, names) for record, blame in zip(found.records, charged, strict=True))
    mood, headline, subline = _verdict(found)
    return DiffView(
        sync=visible(about.sync),
        mood=mood,
        headline=headline,
        subline=subline,
        proof=_proof(found),
        old=_side(about.old),
        new=_side(about.new),
        data=_data(about),
        counts=tuple(Count(key, symbol, words, found.counts[key]) for key, symbol, words in TURNS if found.counts[key]),
        totals=_totals(old, new),
        causes=_causes(found.records, charged),
        rates=tuple(
            RateRow(
                rate.kind,
                field_words(rate.field),
                f"{rate.values - rate.same:,}",
                f"{rate.values:,}",
                _share(rate.same, rate.values),
            )
            for rate in found.rates
        ),
        accounts=tuple(_moved_row(item) for item in found.accounts),
        taxes=tuple(_moved_row(item) for item in found.taxes),
        records=records,
        same=found.same,
        facts=_facts(found, about),
        document=diff_document(found, old, new, charged, about),
    )


# --- verdict


def _verdict(found: Difference) -> tuple[Mood, str, str]:
    if not found.differs:
        return "good", "No effect", "Both rule sets do the same with every record of this snapshot."
    number = len(found.records)
    blocked = found.counts["newly_blocked"]
    money = _money_words(found)
    differ = f"{number:,} of {counted(number + found.same, 'record')} {'differs' if number == 1 else 'differ'}"
    if blocked:
        return "attention", f"{counted(blocked, 'record')} newly blocked", f"{differ}; {money}."
    return "quiet", differ, f"{money[:1].upper()}{money[1:]}."


def _money_words(found: Difference) -> str:
    """By how much Xero's totals would differ, and how much would be booked elsewhere."""
    totals: dict[str, Decimal] = {}
    for record in found.records:
        if record.currency:
            totals[record.currency] = totals.get(record.currency, ZERO) + record.moved
    elsewhere: dict[str, Decimal] = {}
    for rows in (found.accounts, found.taxes):
        here: dict[str, Decimal] = {}
        for row in rows:
            here[row.currency] = here.get(row.currency, ZERO) + max(row.moved, ZERO)
        for currency, amount in here.items():
            elsewhere[currency] = max(elsewhere.get(currency, ZERO), amount)
    moves = [f"{signed(amount)} {visible(currency)}" for currency, amount in sorted(totals.items())]
    words = [f"totals move by {' and '.join(moves)}"] if moves else []
    words += [
        f"{money_text(amount)} {visible(currency)} net booked otherwise"
        for currency, amount in sorted(elsewhere.items())
        if amount and not totals.get(currency)
    ]
    return ", ".join(words) or "no money is involved"


def signed(amount: Decimal) -> str:
    """``+120.00``, ``-3.50``, ``0.00``."""
    return f"+{money_text(amount)}" if amount > 0 else money_text(amount)


def _proof(found: Difference) -> str:
    old, new = found.old_effect[:12], found.new_effect[:12]
    if found.differs:
        return f"effect digests differ: {old} before, {new} now"
    return f"proven: both effect digests are {old}"


def _side(side: RuleSide) -> str:
    commit = f" ({side.commit[:10]}{', with edits not committed' if side.dirty else ''})" if side.commit else ""
    return f"{visible(side.name)}{commit}"


def _rules(side: RuleSide, effect: str) -> str:
    return f"{_side(side)}, digest {side.rules}, plan {side.plan}, effect {effect}"


def _data(about: DiffAbout) -> str:
    read = min(about.read_at.values(), default=None)
    pseudonyms = ", names and free text redacted" if about.redacted else ""
    return f"snapshot {about.snapshot[:12]}, {age_words(read, about.generated_at)}{pseudonyms}"


def _facts(found: Difference, about: DiffAbout) -> tuple[Fact, ...]:
    facts = {
        "Made": f"{moment_words(about.generated_at)} by zx {about.version}, without a network",
        "Snapshot": about.snapshot + (", names and free text redacted" if about.redacted else ""),
        "Older rules": _rules(about.old, found.old_effect),
        "Newer rules": _rules(about.new, found.new_effect),
    }
    return tuple(Fact(name, visible(value)) for name, value in facts.items())


# --- tables


def _totals(old: Plan, new: Plan) -> tuple[PairTable, ...]:
    before = {table.currency: table for table in totals_tables(old, None, "Xero")}
    after = {table.currency: table for table in totals_tables(new, None, "Xero")}
    tables = []
    for currency in sorted({*before, *after}):
        left, right = before.get(currency), after.get(currency)
        old_rows = {row.words: row for row in left.rows} if left else {}
        new_rows = {row.words: row for row in right.rows} if right else {}
        words = _merged(list(old_rows), list(new_rows))
        rows = []
        for name in words:
            one, other = old_rows.get(name), new_rows.get(name)
            kind = one.kind if one is not None else other.kind if other is not None else ""
            rows.append(
                PairRow(
                    kind,
                    name,
                    one.documents if one else "",
                    one.amount if one else "",
                    other.documents if other else "",
                    other.amount if other else "",
                )
            )
        faults = [table.sentence for table in (left, right) if table is not None and not table.reconciles]
        tables.append(PairTable(currency, tuple(rows), not faults, " ".join(faults) or "Both add up to the cent."))
    return tuple(tables)


def _merged(old: list[str], new: list[str]) -> list[str]:
    """The rows of both tables in one order: those of the newer, each missing one after the row it followed."""
    merged = list(new)
    for place, name in enumerate(old):
        if name not in merged:
            at = merged.index(old[place - 1]) + 1 if place and old[place - 1] in merged else 0
            merged.insert(at, name)
    return merged


def _share(same: int, values: int) -> str:
    """How many of ``values`` are equal, in percent, never rounded up to all of them."""
    share = Decimal(same) * 100 / Decimal(values)
    return f"{min(share, Decimal('99.9')):.1f} %" if same < values else "100 %"


def _moved_row(item: Moved) -> MovedRow:
    return MovedRow(
        visible(item.kind),
        visible(item.code) or "none",
        visible(item.currency),
        money_text(item.before),
        money_text(item.after),
        signed(item.moved),
    )


# --- causes


@dataclass(slots=True)
class _Sum:
    charge: Charge
    records: dict[str, RecordTurn]
    fields: dict[str, int]


def _causes(records: Sequence[RecordTurn], charged: Sequence[Charged]) -> tuple[CauseRow, ...]:
    """Every line to blame, the one with most money first."""
    sums: dict[tuple[str, str, str], _Sum] = {}
    for record, blame in zip(records, charged, strict=True):
        for charge in blame.record:
            found = sums.setdefault((charge.place, charge.was, charge.how), _Sum(charge, {}, {}))
            found.records[record.action.id] = record
            for item, field_charge in zip(record.fields, blame.fields, strict=True):
                if field_charge == charge:
                    name = field_words(item.field.partition("].")[2] or item.field)
                    found.fields[name] = found.fields.get(name, 0) + 1
    rows = [(_size(found), _cause(found)) for found in sums.values()]
    return tuple(row for _, row in sorted(rows, key=lambda pair: (pair[1].indirect, -pair[0], pair[1].where)))


def _size(found: _Sum) -> Decimal:
    return sum((max(abs(one.before or ZERO), abs(one.after or ZERO)) for one in found.records.values()), ZERO)


def _cause(found: _Sum) -> CauseRow:
    money: dict[str, Decimal] = {}
    for record in found.records.values():
        if record.currency:
            money[record.currency] = money.get(record.currency, ZERO) + record.moved
    ordered = sorted(found.records.values(), key=lambda one: (-abs(one.moved), -abs(one.after or one.before or ZERO)))
    return CauseRow(
        place=visible(found.charge.place),
        was=visible(found.charge.was),
        text=visible(found.charge.text),
        old_text=visible(found.charge.old_text),
        indirect=found.charge.how == "indirect",
        records=len(found.records),
        fields=tuple(f"{name} ({number:,})" for name, number in sorted(found.fields.items(), key=lambda one: -one[1])),
        money=", ".join(f"{signed(amount)} {visible(currency)}" for currency, amount in sorted(money.items())),
        examples=tuple(_label(record.action) for record in ordered[:3]),
    )


def _label(action: Action) -> str:
    return visible(action.target.label or action.source.label)


# --- records


def _record(record: RecordTurn, blame: Charged, names: dict[str, str]) -> DiffRecord:
    symbol, word = next((symbol, word) for key, symbol, word in TURNS if key == record.turn.value)
    action = record.action
    money = record.before is not None or record.after is not None
    return DiffRecord(
        key=record.turn.value,
        symbol=symbol,
        word=word,
        map=visible(action.map),
        source=visible(f"{SYSTEMS[action.source.kind.system]} {action.source.kind.name} {action.source.label}"),
        source_id=visible(action.source.id or ""),
        number=_label(action),
        party=party(action, names) or (party(record.old, names) if record.old is not None else ""),
        personal=action.source.kind.name in ("Accounts", "Contacts", "Contact"),
        currency=visible(record.currency),
        before=money_text(record.before) if record.before is not None else "",
        after=money_text(record.after) if record.after is not None else "",
        moved=signed(record.moved) if money else "",
        outcomes=f"{_outcome(record.old)} → {_outcome(record.new)}",
        reasons=_reasons(record),
        causes=tuple(_cause(_Sum(charge, {action.id: record}, {})) for charge in blame.record),
        changes=tuple(_change(item, charge, names) for item, charge in zip(record.fields, blame.fields, strict=True)),
    )


def _outcome(action: Action | None) -> str:
    if action is None:
        return "not read"
    if not action.in_scope:
        return "out of scope"
    return WORDS.get(action.outcome, action.outcome.value)


def _reasons(record: RecordTurn) -> tuple[str, ...]:
    """Why either rule set stops or leaves it, where they say otherwise."""
    old = record.old.reason if record.old is not None else None
    new = record.new.reason if record.new is not None else None
    if old == new:
        return (visible(new),) if new else ()
    said = [f"before: {visible(old)}"] if old else []
    return (*said, *([f"now: {visible(new)}"] if new else []))


def _change(item: FieldTurn, charge: Charge | None, names: dict[str, str]) -> DiffChange:
    group, words = field_group(item.field)
    change = item.new or item.old
    place = change.row or change.rule if change is not None else ""
    return DiffChange(
        group=group,
        field=words,
        before=value_words(item.before, item.field, names),
        after=value_words(item.after, item.field, names),
        rule=visible(charge.place if charge is not None else place),
        was=visible(charge.was if charge is not None else ""),
        text=visible(charge.text if charge is not None else ""),
        old_text=visible(charge.old_text if charge is not None else ""),
        charged=charge is not None,
        indirect=charge is not None and charge.how == "indirect",
    )
