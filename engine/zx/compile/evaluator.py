"""Judging one record with generated functions: fast when all goes well, careful when something has to be explained.

Order, whatever the text's: only, skip, cancel, all fails, warns; then fields, lines, keys, policies, total. The careful
form never lets an exception out: what nobody foresaw becomes R901 of the item it happened in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from zx.compile.bound import SKIPPED
from zx.compile.program import NO_ROWS, Evaluated, Key, Line, Never, Scope, Spread, Total
from zx.model.problem import Problem
from zx.model.record import Record
from zx.runtime.support import UNSET, Tracer, Warnings, show
from zx.runtime.values import Context, Stop
from zx.values.dataclass import dataclass

Code = Callable[..., Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """One path a rule reads. ``expected`` says what stands there (``number``, ``text``, ``yes or no``, …); ``keys``
    lead to it from the record, or from the document with ``parent``; empty where it is in another record."""

    path: str
    expected: str
    keys: tuple[str, ...]
    parent: bool
    maybe: bool


@dataclass(frozen=True, slots=True)
class GuardCode:
    """``judge`` gives the reason when the guard speaks (for ``only``: when the record is out), else None."""

    outcome: str
    place: str
    judge: Code
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class FieldCode:
    name: str
    place: str
    value: Code
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class BodyCode:
    """A section in both forms. ``lets`` are the careful ones; the fast ones are called by the code itself.

    ``fast``: functions that are called in order, each with the fields so far (None at first); it gives them with its
    own, or a number for a guard that spoke.
    """

    lets: tuple[Code, ...]
    fast: tuple[Code, ...]
    guards: tuple[GuardCode, ...]
    fields: tuple[FieldCode, ...]


@dataclass(frozen=True, slots=True)
class LineCode:
    """``name`` is what messages call a line without a row of its own. ``loop`` is the fast form of all of it, where
    there is one."""

    name: str
    source: str | None
    body: BodyCode
    loop: Code | None = None


@dataclass(frozen=True, slots=True)
class NeverCode:
    verb: str
    place: str
    conditional: bool
    fast: Code
    careful: Code

    def fastly(self, arguments: tuple[Any, ...]) -> Never | None:
        reason = self.fast(*arguments)
        return None if reason is None else Never(self.verb, reason, self.place, self.conditional)


@dataclass(frozen=True, slots=True)
class RungCode:
    """``keys`` are the target fields; ``own`` says which take the value of the field, the others come from the code."""

    keys: tuple[str, ...]
    own: tuple[bool, ...]
    fast: Code
    careful: Code

    def keyed(self, fields: Values, arguments: tuple[Any, ...]) -> tuple[Key, ...]:
        """The keys in the fast form."""
        if False not in self.own:
            return tuple([Key(target, fields.get(target)) for target in self.keys])
        return _rung(self, self.fast(*arguments), fields)


@dataclass(frozen=True, slots=True)
class AmountCode:
    """``total must be`` (four values) or ``spread`` (one)."""

    place: str
    fast: Code
    careful: Code

    def spread(self, arguments: tuple[Any, ...]) -> Spread | None:
        amount = self.fast(*arguments)
        return None if amount is None else Spread(amount, self.place)


@dataclass(frozen=True, slots=True)
class MapCode:
    """Everything generated for one map."""

    noun: str
    system: str
    body: BodyCode
    lines: tuple[LineCode, ...]
    nevers: tuple[NeverCode, ...]
    rungs: tuple[RungCode, ...]
    total: AmountCode | None
    spreads: tuple[AmountCode, ...]

    def evaluate(self, record: Record, context: Context) -> Evaluated:
        """One record judged. A stop or anything unforeseen is judged again, carefully."""
        try:
            judged = self._fast(record.values, context)
        except Exception:
            judged = None
        return judged if judged is not None else self.trace(record, context)

    def trace(self, record: Record, context: Context) -> Evaluated:
        """The same with every failure and with the table rows that decided each field."""
        return _Careful(self, record.values, context).run()

    def watch(self, record: Record, context: Context, seen: set[str]) -> Evaluated:
        """The same, with the places of all rules and table rows that were come by put into ``seen``."""
        return _Careful(self, record.values, context, seen).run()

    def _fast(self, values: Values, context: Context) -> Evaluated | None:
        warnings: Warnings = []
        lets: list[Any] = [UNSET] * len(self.body.lets)
        fields: Any = None
        for part in self.body.fast:
            fields = part(values, None, context, warnings, lets, fields)
            if fields.__class__ is int:
                return _out(self.body.guards[fields].place) if fields >= 0 else None
        if fields is None:
            fields = {}
        lines: list[Line] = []
        for index, section in enumerate(self.lines):
            if section.loop is None or section.source is None:
                good = self._fast_lines(index, section, values, context, warnings, lines)
            else:
                good = section.loop(values.get(section.source) or (), values, context, warnings, lines)
            if not good:
                return None
        arguments = (values, None, context, warnings, lets)
        return Evaluated(
            Scope.IN,
            "",
            "",
            _warned(warnings) if warnings else (),
            fields,
            tuple(lines),
            tuple([rung.keyed(fields, arguments) for rung in self.rungs]),
            tuple([never for code in self.nevers if (never := code.fastly(arguments)) is not None])
            if self.nevers
            else (),
            None if self.total is None else _total(self.total.fast(*arguments), self.total.place),
            tuple([spread for code in self.spreads if (spread := code.spread(arguments)) is not None])
            if self.spreads
            else (),
            NO_ROWS,
        )

    def _fast_lines(
        self, index: int, section: LineCode, values: Values, context: Context, warnings: Warnings, lines: list[Line]
    ) -> bool:
        """Adds the lines of a section that has no loop of its own; False when the record must be judged carefully."""
        body = section.body
        own = section.source is None
        rows: Sequence[Values] = (values,) if own else values.get(section.source or "") or ()
        parent = None if own else values
        parts, cells = body.fast, len(body.lets)
        fields: Any
        for position, row in enumerate(rows):
            before = len(warnings)
            lets: list[Any] = [UNSET] * cells
            fields = None
            for part in parts:
                fields = part(row, parent, context, warnings, lets, fields)
                if fields.__class__ is int:
                    break
            if fields.__class__ is int:
                if fields < SKIPPED:
                    return False
                del warnings[before:]
                continue
            lines.append(Line(index, None if own else position, {} if fields is None else fields, NO_ROWS))
            if len(warnings) > before:
                name = _line_name(section, position)
                warnings[before:] = [(f"{name}: {message}", place) for message, place in warnings[before:]]
        return True


def _out(place: str) -> Evaluated:
    return Evaluated(Scope.OUT, "out of scope", place)


def _line_name(section: LineCode, position: int) -> str:
    return f"line {position + 1}" if section.source is not None else f"line “{section.name}”"


def _warned(warnings: Warnings) -> tuple[Problem, ...]:
    unique = dict.fromkeys(warnings)
    return tuple(Problem("R914", "warning", message, place, cause=place) for message, place in unique)


def _total(parts: Sequence[Any], place: str) -> Total:
    amount, method, limit, account = parts
    return Total(amount, method, limit, account, place)


def _rung(rung: RungCode, values: Sequence[Any], fields: Values) -> tuple[Key, ...]:
    return tuple(
        Key(target, fields.get(target) if own else value)
        for target, own, value in zip(rung.keys, rung.own, values, strict=True)
    )


@dataclass(slots=True)
class _Careful:
    """One careful judgement. Failures are collected; a skip or cancel that a rule states outranks them."""

    code: MapCode
    values: Values
    context: Context
    seen: set[str] | None = None
    warnings: Warnings = field(default_factory=list)
    failures: dict[tuple[str, str, str], Problem] = field(default_factory=dict)
    stated: tuple[Scope, str, str] | None = None

    def run(self) -> Evaluated:
        body = self.code.body
        tracer = self._tracer(body, self.values, None)
        arguments = (self.values, None, self.context, self.warnings, tracer)
        out = self._guards(body.guards, arguments, "")
        if out is not None:
            return _out(out.place)
        tracer.taken()
        fields, rows = self._fields(body.fields, arguments, tracer, "")
        lines: list[Line] = []
        if self.stated is None:
            for index, section in enumerate(self.code.lines):
                self._lines(index, section, lines)
        rungs = self._rungs(arguments, fields)
        nevers = self._nevers(arguments)
        total = self._total(arguments)
        spreads = self._spreads(arguments)
        if self.stated is not None:
            scope, reason, place = self.stated
            return Evaluated(scope, reason, place, match=rungs, never=nevers, fields=fields, rows=rows)
        problems = (*self.failures.values(), *_warned(self.warnings))
        first = next(iter(self.failures.values()), None)
        return Evaluated(
            Scope.IN if first is None else Scope.FAIL,
            "" if first is None else first.message,
            "" if first is None else first.rule,
            problems,
            fields,
            tuple(lines),
            rungs,
            nevers,
            total,
            spreads,
            rows,
        )

    def _tracer(
        self, body: BodyCode, values: Values, parent: Values | None, warnings: Warnings | None = None
    ) -> Tracer:
        return Tracer(
            body.lets, (values, parent, self.context, self.warnings if warnings is None else warnings), self.seen
        )

    # --- guards ---------------------------------------------------------------------------------------------------

    def _guards(self, guards: Sequence[GuardCode], arguments: tuple[Any, ...], line: str) -> GuardCode | None:
        """Judges in order; gives the ``only when`` that keeps the record out. A skip or cancel ends the judging."""
        for guard in guards:
            said = self._tried(guard.judge, arguments, guard.place, "a guard", guard.reads, line)
            if self.stated is not None and not line:
                return None
            if said is None or said is _FAILED:
                continue
            if guard.outcome == "only":
                return guard
            if guard.outcome == "warn":
                arguments[3].append((said, guard.place))
            elif guard.outcome == "fail":
                cure = f"correct the record, or change the rule at {guard.place}"
                self._fail(Problem("R902", "error", said, guard.place, cure, cause=guard.place), line)
            elif line and guard.outcome == "skip":
                return guard
            else:
                self.stated = (Scope(guard.outcome), said, guard.place)
                return None
        return None

    # --- fields ---------------------------------------------------------------------------------------------------

    def _fields(
        self, codes: Sequence[FieldCode], arguments: tuple[Any, ...], tracer: Tracer, line: str
    ) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        fields: dict[str, Any] = {}
        rows: dict[str, tuple[str, ...]] = {}
        for code in codes:
            value = self._tried(code.value, arguments, code.place, f"`{code.name}`", code.reads, line)
            hits = tracer.taken()
            if hits:
                rows[code.name] = hits
            if value is not None and value is not _FAILED:
                fields[code.name] = value
        return fields, rows

    def _lines(self, index: int, section: LineCode, lines: list[Line]) -> None:
        own = section.source is None
        rows: Any = (self.values,) if own else self.values.get(section.source or "") or ()
        for position, row in enumerate(rows):
            name = _line_name(section, position)
            warnings: Warnings = []
            parent = None if own else self.values
            tracer = self._tracer(section.body, row, parent, warnings)
            arguments = (row, parent, self.context, warnings, tracer)
            try:
                dropped = self._guards(section.body.guards, arguments, name)
                tracer.taken()
                if dropped is not None or self.stated is not None:
                    continue
                fields, hits = self._fields(section.body.fields, arguments, tracer, name)
            except _DropLine:
                continue
            self.warnings.extend((f"{name}: {message}", place) for message, place in warnings)
            lines.append(Line(index, None if own else position, fields, hits))

    # --- the rest -------------------------------------------------------------------------------------------------

    def _rungs(self, arguments: tuple[Any, ...], fields: Values) -> tuple[tuple[Key, ...], ...]:
        made: list[tuple[Key, ...]] = []
        for rung in self.code.rungs:
            values = self._quietly(rung.careful, arguments)
            made.append(_rung(rung, values if values is not None else (None,) * len(rung.keys), fields))
        return tuple(made)

    def _nevers(self, arguments: tuple[Any, ...]) -> tuple[Never, ...]:
        made: list[Never] = []
        for never in self.code.nevers:
            reason = self._tried(never.careful, arguments, never.place, f"`never {never.verb}`", (), "")
            if isinstance(reason, str):
                made.append(Never(never.verb, reason, never.place, never.conditional))
        return tuple(made)

    def _total(self, arguments: tuple[Any, ...]) -> Total | None:
        code = self.code.total
        if code is None:
            return None
        parts = self._tried(code.careful, arguments, code.place, "`total must be`", (), "")
        return None if parts is _FAILED or parts is None else _total(parts, code.place)

    def _spreads(self, arguments: tuple[Any, ...]) -> tuple[Spread, ...]:
        made: list[Spread] = []
        for code in self.code.spreads:
            amount = self._tried(code.careful, arguments, code.place, "`spread`", (), "")
            if isinstance(amount, Decimal):
                made.append(Spread(amount, code.place))
        return tuple(made)

    # --- failures -------------------------------------------------------------------------------------------------

    def _quietly(self, code: Code, arguments: tuple[Any, ...]) -> Any:
        """A key of a rung: what cannot be worked out matches nothing; the field or guard at fault reports it."""
        try:
            return code(*arguments)
        except Exception:
            return None

    def _tried(
        self, code: Code, arguments: tuple[Any, ...], place: str, what: str, reads: Sequence[Read], line: str
    ) -> Any:
        """The value, or _FAILED when it was noted why there is none."""
        if self.seen is not None:
            self.seen.add(place)
        try:
            return code(*arguments)
        except Stop as stop:
            self._stopped(stop, place, line)
        except Exception as error:
            self._fail(self._unforeseen(error, place, what, reads, arguments), line)
        return _FAILED

    def _stopped(self, stop: Stop, place: str, line: str) -> None:
        rule = stop.rule or place
        if stop.outcome == "fail":
            cause = stop.cause or rule
            self._fail(Problem(stop.code, "error", stop.message, rule, stop.help, stop.fix, cause), line)
        elif line and stop.outcome == "skip":
            raise _DropLine
        elif self.stated is None:
            self.stated = (Scope(stop.outcome), stop.message, rule)

    def _fail(self, problem: Problem, line: str) -> None:
        message = f"{line}: {problem.message}" if line else problem.message
        found = Problem(problem.code, "error", message, problem.rule, problem.help, problem.fix, problem.cause)
        self.failures.setdefault((found.code, found.message, found.cause), found)

    def _unforeseen(
        self, error: Exception, place: str, what: str, reads: Sequence[Read], arguments: tuple[Any, ...]
    ) -> Problem:
        """R901: data that contradicts the catalogue, named by what was read."""
        system = self.code.system.capitalize()
        for read in reads:
            value = _at(arguments[1] if read.parent else arguments[0], read)
            wrong = _contradiction(read, value)
            if wrong is not None:
                return Problem(
                    "R901",
                    "error",
                    f"{system} sent {wrong} for `{read.path}`, {_expected(read)} was expected"
                    + ("" if value is None else f': "{show(value)}"'),
                    place,
                    help=f"has the field changed in {system}? run `zx pull`, then `zx check`",
                    cause=f"R901 {read.path}",
                )
        seen = ", ".join(
            f"{read.path} {show(_at(arguments[1] if read.parent else arguments[0], read))}"
            for read in reads
            if read.keys
        )
        return Problem(
            "R901",
            "error",
            f"{what} could not be worked out ({_plainly(error)})" + (f" from {seen}" if seen else ""),
            place,
            help="correct the values named here, or the rule",
            cause=f"R901 {place}",
        )


class _DropLine(Exception):
    """A ``skip`` inside a line: the line is left out."""


_FAILED = object()


def _at(values: Any, read: Read) -> Any:
    for key in read.keys:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


_KINDS: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "text": (str,),
    "yes or no": (bool,),
    "list": (list, tuple),
    "object": (Mapping, list, tuple),
}


def _contradiction(read: Read, value: Any) -> str | None:
    """What stands there instead of what the catalogue promises, None when it does stand there."""
    if not read.keys or read.expected not in _KINDS:
        return None
    if value is None:
        return None if read.maybe else "nothing"
    if isinstance(value, _KINDS[read.expected]):
        return None
    if isinstance(value, str):
        return "a text"
    if isinstance(value, bool):
        return "yes or no"
    return (
        "a number" if isinstance(value, Decimal | int | float) else "a list" if isinstance(value, list) else "an object"
    )


def _expected(read: Read) -> str:
    words = {"number": "a number", "text": "a text", "yes or no": "yes or no", "list": "a list", "object": "an object"}
    return words[read.expected]


def _plainly(error: Exception) -> str:
    """The kind of mishap in plain words; the exception's own text may quote the code."""
    if isinstance(error, OverflowError | ArithmeticError):
        return "a number is out of range"
    if isinstance(error, ValueError):
        return "a value has another form than expected"
    return "a value is of another kind than expected"
