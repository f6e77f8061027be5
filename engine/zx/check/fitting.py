"""Does a value fit where it is put? One place for assignments, arguments, settings and cells."""

from __future__ import annotations

import re

from zx.catalog.fieldtypes import Bool, Date, DateTime, Enum, Money, Number, OneOf, Ref, SetOf, Text
from zx.check.ir import AsCode, Clear, Const, Node
from zx.check.scope import Value, World
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import ExprType, Nothing, Reported, describe

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def fit(world: World, value: Value, wanted: ExprType, place: str) -> Node:
    """The node of ``value`` as ``wanted`` needs it; what does not fit is reported. ``place`` names what is filled."""
    given = value.type
    if isinstance(given, Reported | Nothing) or isinstance(wanted, Reported) or isinstance(value.node, Clear):
        return value.node
    if isinstance(wanted, Text):
        return _text(world, value, wanted, place)
    if isinstance(wanted, Enum | OneOf):
        _choice(world, value, wanted, place)
    elif isinstance(wanted, Ref):
        _reference(world, value, wanted, place)
    elif isinstance(wanted, Date) and isinstance(given, Text | DateTime):
        _convert(world, "E0310", value, wanted, place, "date")
    elif isinstance(wanted, Number | Money) and isinstance(given, Text):
        _convert(world, "E0301", value, wanted, place, "number")
    elif isinstance(wanted, Money) and isinstance(given, Number | Money):
        return value.node
    elif given != wanted and not (given.__class__ is wanted.__class__ and isinstance(wanted, Number | Bool | Date)):
        mismatch(world, value, wanted, place)
    return value.node


def mismatch(world: World, value: Value, wanted: ExprType, place: str, help: str | None = None) -> None:
    world.reporter.error(
        "E0301",
        f"{place} needs {describe(wanted)}, this gives {describe(value.type)}",
        value.span,
        f"{world.text(value.span) or 'this'} is {describe(value.type)}",
        help=help,
    )


def _convert(world: World, code: str, value: Value, wanted: ExprType, place: str, function: str) -> None:
    label, fix = f"use {function}(…)", f"{function}({world.text(value.span)})"
    if value.is_constant and isinstance(value.constant, str):
        written = value.constant
        bare = {"date": _DAY, "number": _DECIMAL}[function].fullmatch(written) is not None
        example = "2026-03-31" if function == "date" else "0.05"
        label = f"{describe(wanted)} is written without quotes: {written if bare else example}"
        fix = written if bare else ""
    world.reporter.error(
        code,
        f"{place} needs {describe(wanted)}, this gives {describe(value.type)}",
        value.span,
        label,
        fix=fix or None,
    )


def _text(world: World, value: Value, wanted: Text, place: str) -> Node:
    given = value.type
    if isinstance(given, Number | Money):
        world.reporter.error(
            "E0309",
            f"{place} needs a text, this gives {describe(given)}",
            value.span,
            "use text(…)",
            fix=f"text({world.text(value.span)})",
        )
        return value.node
    if isinstance(given, Text):
        _length(world, value, given, wanted)
        return value.node
    if isinstance(given, Enum | OneOf):
        return value.node
    if isinstance(given, Ref):
        is_list = world.catalogue.is_list(given.system, given.name)
        return value.node if is_list else AsCode(value.span, value.node, number=False)
    help = f'format({world.text(value.span)}, "yyyy-mm-dd")' if isinstance(given, Date | DateTime) else None
    mismatch(world, value, wanted, place, help)
    return value.node


def _length(world: World, value: Value, given: Text, wanted: Text) -> None:
    if wanted.length is None:
        return
    if isinstance(value.node, Const):
        length: int | None = len(str(value.node.value))
    else:
        length = given.length
    if length is not None and length <= wanted.length:
        return
    size = f"up to {length} characters" if length is not None else "a text without limit"
    written = world.text(value.span)
    is_rows = written.startswith("pick ")
    world.reporter.warning(
        "W0306",
        f"this may be cut: {size} for a field of {wanted.length}",
        value.span,
        f"{wanted.length} characters fit",
        help=f"limit the rows: `left(…, {wanted.length})`" if is_rows else None,
        fix=None if is_rows else f"left({written}, {wanted.length})",
    )


def _choice(world: World, value: Value, wanted: Enum | OneOf, place: str) -> None:
    if value.is_constant and isinstance(value.constant, str):
        check_choice(world, value.constant, wanted, value.span, quoted=True)
        return
    allowed = choices(world, wanted)
    given = value.type
    if given == wanted or allowed is None:
        return
    if isinstance(given, Enum | OneOf):
        offered = choices(world, given)
        extra = [item for item in offered or () if item not in allowed]
        if offered is not None and not extra:
            return
        world.reporter.error(
            "E0301",
            f"{place} needs {describe(wanted)}, and this may give {_listed(extra)}",
            value.span,
            f"values: {', '.join(allowed)}",
            help="lead one to the other by a table",
        )
        return
    mismatch(world, value, wanted, place, "lead the texts to the values by a table")


def choices(world: World, type: Enum | OneOf) -> tuple[str, ...] | None:
    """The values of a closed list; None when any text goes (an open picklist) or nobody knows them."""
    if isinstance(type, OneOf):
        return type.values
    enumeration = world.catalogue.enumeration(type.system, type.name)
    return None if enumeration is None or enumeration.open else enumeration.values


def check_choice(world: World, text: str, wanted: Enum | OneOf, span: Span, *, quoted: bool) -> bool:
    """Whether ``text`` is one of the values of ``wanted``; reports E0204."""
    allowed = choices(world, wanted)
    if allowed is None or text in allowed:
        return True
    near = nearest(text, list(allowed))
    what = f"a {wanted.system.capitalize()} {_words(wanted.name)}" if isinstance(wanted, Enum) else "one of its values"
    world.reporter.error(
        "E0204",
        f'"{text}" is not {what}',
        span,
        f"values: {', '.join(allowed)}",
        fix=None if near is None else f'"{near}"' if quoted else near,
    )
    return False


def _words(name: str) -> str:
    """``InvoiceStatus`` as people say it: ``invoice status``."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words.removesuffix("s") if words.endswith("types") else words


def _listed(values: list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values[:4]) + (" …" if len(values) > 4 else "")


def _reference(world: World, value: Value, wanted: Ref, place: str) -> None:
    given = value.type
    if given == wanted:
        return
    is_list = world.catalogue.is_list(wanted.system, wanted.name)
    if is_list and value.is_constant and isinstance(value.constant, str):
        check_code(world, value.constant, wanted, value.span)
        return
    if isinstance(given, Ref) and isinstance(wanted, Ref):
        mismatch(world, value, wanted, place)
        return
    help = (
        f"lead it to {wanted.system}.{wanted.name} by a table, or write the code in quotes"
        if is_list
        else f"write `X via MAP`, or `find {wanted.system}.{wanted.name} by … = …`"
    )
    mismatch(world, value, wanted, place, help)


_NO_TAX = ("TaxRate", "NONE")
"""Xero's word for a line without tax, which stands in no organisation's list (reference/xero 2.7)."""


def check_code(world: World, code: str, wanted: Ref, span: Span) -> bool:
    """Whether the organisation's list has ``code``; reports E0205. Nothing is checked against a list never read."""
    entries = world.catalogue.list(wanted.system, wanted.name)
    if entries is None or not world.live or code in entries or (wanted.name, code) == _NO_TAX:
        return True
    open_codes = [key for key, entry in entries.items() if entry.attributes.get("Status", "ACTIVE") == "ACTIVE"]
    near = nearest(code, open_codes) or _numerically_near(code, open_codes)
    label = f"nearest: {near} {entries[near].label}" if near else f"codes: {', '.join(sorted(entries)[:8])}"
    when = world.read_at(wanted.system)
    noun = {"Account": "account", "TaxRate": "tax rate", "Currency": "currency"}.get(wanted.name, wanted.name)
    world.reporter.error(
        "E0205",
        f"the {wanted.system.capitalize()} organisation has no {noun} {code}",
        span,
        label,
        note=f"{noun}s were fetched {when}; `zx pull` reads them again" if when else None,
    )
    return False


def _numerically_near(code: str, codes: list[str]) -> str | None:
    """The nearest account number, for codes that are numbers."""
    numbers = [item for item in codes if item.isdigit()]
    return min(numbers, key=lambda item: abs(int(item) - int(code)), default=None) if code.isdigit() else None


def comparable(left: ExprType, right: ExprType) -> bool:
    """Whether ``is`` between the two can ever hold."""
    if isinstance(left, Nothing | Reported) or isinstance(right, Nothing | Reported):
        return True
    return _family(left) == _family(right) or (
        (isinstance(left, Ref) and _family(right) == "text") or (isinstance(right, Ref) and _family(left) == "text")
    )


def _family(type: ExprType) -> object:
    if isinstance(type, Text | Enum | OneOf):
        return "text"
    if isinstance(type, Number | Money):
        return "amount"
    if isinstance(type, Ref | SetOf):
        return (type.__class__, type.system, type.name)
    return type.__class__
